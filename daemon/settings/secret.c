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

#define LATE "it took longer than " G_STRINGIFY(SECRET_SECONDS) " seconds"
#define TOO_MUCH "it is longer than " G_STRINGIFY(SECRET_MAX) " bytes"
#define CALLED "the service was told to do something else meanwhile"

/* What is read so far. */
struct text {
	char *bytes; /* SECRET_MAX + 1 of them, the rest of which is NUL */
	size_t length;
	bool ended;
};

static void text_wipe(struct text *text)
{
	explicit_bzero(text->bytes, SECRET_MAX + 1);
	g_clear_pointer(&text->bytes, g_free);
}

/* Read what there is.  NULL, or what is wrong. */
static const char *take_piece(struct text *text, int fd)
{
	ssize_t got = read(fd, text->bytes + text->length, SECRET_MAX + 1 - text->length);

	if (got < 0)
		return errno == EINTR || errno == EAGAIN ? NULL : "it cannot be read";
	text->ended = got == 0;
	text->length += (size_t)got;
	return text->length > SECRET_MAX ? TOO_MUCH : NULL;
}

/* Read to the end, or until the process of `process` (a pidfd, -1: there is none) has ended and what it wrote is read.
 * NULL, or what is wrong. */
static const char *read_all(struct text *text, int fd, int process, int call, int64_t deadline)
{
	const char *wrong = NULL;
	bool ended = false;

	while (!wrong && !(ended || (text->ended && process < 0))) {
		struct pollfd items[] = {
			{.fd = text->ended ? -1 : fd, .events = POLLIN},
			{.fd = process, .events = POLLIN},
			{.fd = call, .events = POLLIN},
		};

		if (deadline_poll(items, G_N_ELEMENTS(items), deadline) == -ETIMEDOUT || deadline_left(deadline) == 0)
			return LATE;
		if (items[2].revents)
			return CALLED;
		if (items[0].revents)
			wrong = take_piece(text, fd);
		else
			ended = items[1].revents != 0;
	}
	return wrong;
}

static char *read_file(const char *path, bool private, int call, size_t *ret_length, char **ret_reason)
{
	struct text text = {.bytes = g_malloc0(SECRET_MAX + 2)};
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const char *wrong = NULL;
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0)
		wrong = g_strerror(errno);
	else if (private && (status.st_mode & (S_IROTH | S_IWOTH | S_IWGRP)))
		wrong = "others can read or change it; take that right away (chmod 640)";
	else
		wrong = read_all(&text, fd, -1, call, deadline_after(SECRET_SECONDS));
	if (fd >= 0)
		close(fd);
	if (wrong) {
		*ret_reason = g_strdup_printf("%s: %s", path, wrong);
		text_wipe(&text);
	} else {
		*ret_length = text.length;
	}
	return text.bytes;
}

char *secret_of_file(const char *path, int call, size_t *ret_length, char **ret_reason)
{
	return read_file(path, true, call, ret_length, ret_reason);
}

/* A command that runs. */
struct run {
	pid_t pid;
	int output, process; /* what it prints; a pidfd */
};

/* 0, or a negative errno. */
static int start(const GStrv command, struct run *ret_run)
{
	int ends[2], files[] = {CHILD_NULL, -1, CHILD_SAME}, status;
	struct child child = {command[0], command, environ, files, G_N_ELEMENTS(files), true};

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	files[STDOUT_FILENO] = ends[1];
	status = child_start(&child, &ret_run->pid);
	close(ends[1]);
	if (status == 0) {
		ret_run->process = child_watch(ret_run->pid);
		status = ret_run->process < 0 ? ret_run->process : fcntl(ends[0], F_SETFL, O_NONBLOCK);
		if (ret_run->process < 0)
			child_end_group(ret_run->pid, 0);
	}
	if (status < 0)
		close(ends[0]);
	ret_run->output = ends[0];
	return status;
}

/* What is wrong with how a command ended, in words (the caller frees it), or NULL. */
static char *describe_end(int waited)
{
	if (WIFSIGNALED(waited))
		return g_strdup_printf("it was killed by signal %d", WTERMSIG(waited));
	return WEXITSTATUS(waited) == 0 ? NULL : g_strdup_printf("it failed with exit status %d", WEXITSTATUS(waited));
}

/* Wait for a command, which is gone after that.  NULL, or what is wrong (the caller frees it). */
static char *finish(struct run *run, struct text *text, int call)
{
	const char *wrong = read_all(text, run->output, run->process, call, deadline_after(SECRET_SECONDS));
	int waited;

	close(run->output);
	close(run->process);
	if (wrong) {
		child_end_group(run->pid, 0);
		return g_strdup(wrong);
	}
	waited = child_wait(run->pid, deadline_after(1));
	return describe_end(waited);
}

char *secret_of_command(const GStrv command, int call, size_t *ret_length, char **ret_reason)
{
	struct text text = {.bytes = g_malloc0(SECRET_MAX + 2)};
	struct run run;
	int status = start(command, &run);
	g_autofree char *wrong = status < 0 ? g_strdup(g_strerror(-status)) : finish(&run, &text, call);

	if (wrong) {
		*ret_reason = g_strdup_printf("%s: %s", command[0], wrong);
		text_wipe(&text);
	} else {
		*ret_length = text.length;
	}
	return text.bytes;
}

char *secret_of_credential(const char *name, int call, size_t *ret_length, char **ret_reason)
{
	const char *folder = g_getenv("CREDENTIALS_DIRECTORY");
	g_autofree char *path = folder ? g_build_filename(folder, name, NULL) : NULL;

	if (path)
		return read_file(path, false, call, ret_length, ret_reason);
	*ret_reason = g_strdup_printf("credential %s: the service manager hands over none (LoadCredential=)", name);
	return NULL;
}
