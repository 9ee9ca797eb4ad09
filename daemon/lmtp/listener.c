/* listener.c - sockets that clients connect to.
 *
 * Used by commands/lmtp.c and server.c.  Promises that a socket of ours never takes the place of one that somebody
 * listens to, or of anything else, and that it has its mode before a client can see it.
 */
#include "lmtp/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <glib.h>

#include "base/systemd.h"

static int new_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

/* The address of a path, which fits. */
static struct sockaddr_un address_of(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
	return address;
}

/* May a socket of ours take this place?  0 or a negative errno. */
static int check_place(const char *path)
{
	const struct sockaddr_un address = address_of(path);
	struct stat there;
	int fd, status;

	if (lstat(path, &there) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(there.st_mode))
		return -EEXIST;
	fd = new_socket();
	if (fd < 0)
		return -errno;
	status = connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0 && errno == ECONNREFUSED
	                 ? 0
	                 : -EADDRINUSE;
	close(fd);
	return status;
}

/* Listen at another name, and move it to where it belongs. */
static int bind_at(struct lmtp_listener *listener, int fd, const char *path, unsigned mode)
{
	g_autofree char *fresh = g_strdup_printf("%s.%d", path, (int)getpid());
	const struct sockaddr_un address = address_of(fresh);
	mode_t before = umask(0777);
	struct stat made;
	int status = 0;

	if (strlen(fresh) >= sizeof(address.sun_path))
		status = -ENAMETOOLONG;
	else if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
		status = -errno;
	umask(before);
	if (status < 0)
		return status;
	if (listen(fd, SOMAXCONN) < 0 || chmod(fresh, mode) < 0 || lstat(fresh, &made) < 0 || rename(fresh, path) < 0) {
		status = -errno;
		unlink(fresh);
		return status;
	}
	listener->path = g_strdup(path);
	listener->device = made.st_dev;
	listener->inode = made.st_ino;
	return 0;
}

static int make(struct lmtp_listener *listener, const char *path, unsigned mode)
{
	int status = check_place(path), fd = status == 0 ? new_socket() : -1;

	if (status < 0)
		return status;
	if (fd < 0)
		return -errno;
	status = bind_at(listener, fd, path, mode);
	if (status < 0) {
		close(fd);
		return status;
	}
	listener->fds[listener->count++] = fd;
	return 0;
}

/* What systemd hands over: how many, or a negative errno. */
static int take_over(struct lmtp_listener *listener)
{
	int count = sd_listen_fds(1);

	if (count > LMTP_LISTENERS_MAX)
		return -E2BIG;
	for (int i = 0; i < count; i++) {
		int fd = SD_LISTEN_FDS_START + i;

		if (sd_is_socket(fd, AF_UNSPEC, SOCK_STREAM, 1) <= 0)
			return -ENOTSOCK;
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
		listener->fds[listener->count++] = fd;
	}
	return count;
}

int lmtp_listener_open(struct lmtp_listener *listener, const char *path, unsigned mode, char **ret_reason)
{
	int status;

	*listener = (struct lmtp_listener){0};
	status = take_over(listener);
	if (status == 0)
		status = make(listener, path, mode);
	if (status >= 0)
		return 0;
	*ret_reason = status == -EADDRINUSE ? g_strdup_printf("%s: somebody listens there already", path)
	              : status == -EEXIST   ? g_strdup_printf("%s: there is something that is no socket", path)
	                                  : g_strdup_printf("%s: cannot be listened to: %s", path, g_strerror(-status));
	lmtp_listener_close(listener);
	return status;
}

void lmtp_listener_close(struct lmtp_listener *listener)
{
	struct stat there;

	for (unsigned i = 0; i < listener->count; i++)
		close(listener->fds[i]);
	listener->count = 0;
	if (listener->path && lstat(listener->path, &there) == 0 && there.st_dev == listener->device &&
	    there.st_ino == listener->inode)
		unlink(listener->path);
	g_clear_pointer(&listener->path, g_free);
}

int lmtp_listener_accept(int fd)
{
	return accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
}
