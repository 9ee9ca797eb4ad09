/* listener.h - sockets that clients connect to: one of our own making, or those that systemd hands over. */
#ifndef PATCHMAILD_LMTP_LISTENER_H
#define PATCHMAILD_LMTP_LISTENER_H

#include <stdbool.h>

#define LMTP_LISTENERS_MAX 8 /* that systemd may hand over */

struct lmtp_listener {
	int fds[LMTP_LISTENERS_MAX];
	unsigned count;
	char *path; /* of our own, which goes at the end; or NULL */
	unsigned long device, inode;
};

/* Take what systemd hands over (sd_listen_fds(3)); else make a Unix socket at `path`, with that mode, in place of one
 * that nobody listens to any more.  0, or a negative errno and a reason in words (the caller frees it). */
int lmtp_listener_open(struct lmtp_listener *listener, const char *path, unsigned mode, char **ret_reason);

/* Stop listening; what was made goes. */
void lmtp_listener_close(struct lmtp_listener *listener);

/* The next client, a descriptor that does not block; -1 if there is none now. */
int lmtp_listener_accept(int fd);

#endif
