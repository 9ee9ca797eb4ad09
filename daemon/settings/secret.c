/* secret.c - reads secrets.
 *
 * Used by imap_account.c and hook_settings.c.  No reason that it gives repeats a part of a secret.
 */
#include "settings/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/deadline.h"

/* Read a descriptor to its end; NULL if it does not end in time or holds too much. */
static char *read_all(int fd, int64_t deadline)
{
	g_autofree char *text = g_malloc0(SECRET_MAX + 1);
	size_t length = 0;

	while (length < SECRET_MAX && deadline_wait(fd, POLLIN, deadline) == 0) {
		ssize_t got = read(fd, text + length, SECRET_MAX - length);

		if (got == 0)
			return g_steal_pointer(&text);
		if (got < 0 && errno != EINTR)
			return NULL;
		length += got > 0 ? (size_t)got : 0;
	}
	explicit_bzero(text, length);
	return NULL;
}

static char *read_file(const char *path, bool private, char **ret_reason)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	char *text = NULL;

	if (fd < 0 || fstat(fd, &status) < 0) {
		*ret_reason = g_strdup_printf("%s: %s", path, g_strerror(errno));
	} else if (private && (status.st_mode & (S_IROTH | S_IWOTH | S_IWGRP))) {
		*ret_reason =
			g_strdup_printf("%s: others can read or change it; take that right away (chmod 640)", path);
	} else {
		text = read_all(fd, deadline_after(SECRET_SECONDS));
		if (!text)
			*ret_reason = g_strdup_printf("%s: it cannot be read, or is too long", path);
	}
	if (fd >= 0)
		close(fd);
	return text;
}

char *secret_of_file(const char *path, char **ret_reason)
{
	return read_file(path, true, ret_reason);
}

/* Start the command; its output comes by *ret_fd. */
static int spawn(const GStrv command, pid_t *ret_pid, int *ret_fd)
{
	int ends[2], files[] = {CHILD_NULL, -1, CHILD_SAME}, status;
	struct child child = {command[0], command, environ, files, G_N_ELEMENTS(files), false};

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	files[STDOUT_FILENO] = ends[1];
	status = child_start(&child, ret_pid);
	close(ends[1]);
	if (status != 0)
		close(ends[0]);
	*ret_fd = ends[0];
	return status;
}

char *secret_of_command(const GStrv command, char **ret_reason)
{
	int64_t deadline = deadline_after(SECRET_SECONDS);
	int fd = -1, waited, status;
	char *text;
	pid_t pid;

	status = spawn(command, &pid, &fd);
	if (status < 0) {
		*ret_reason = g_strdup_printf("%s: %s", command[0], g_strerror(-status));
		return NULL;
	}
	text = read_all(fd, deadline);
	close(fd);
	/* One that has printed all may still take its time. */
	waited = child_wait(pid, text ? deadline : 0);
	if (text && WIFEXITED(waited) && WEXITSTATUS(waited) == 0)
		return text;
	g_free(text);
	*ret_reason = g_strdup_printf("%s: it failed, took too long, or printed too much", command[0]);
	return NULL;
}

char *secret_of_credential(const char *name, char **ret_reason)
{
	const char *folder = g_getenv("CREDENTIALS_DIRECTORY");
	g_autofree char *path = folder ? g_build_filename(folder, name, NULL) : NULL;

	if (path)
		return read_file(path, false, ret_reason);
	*ret_reason = g_strdup_printf("credential %s: the service manager hands over none (LoadCredential=)", name);
	return NULL;
}
