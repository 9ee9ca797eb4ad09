/* connection.h - one client of LMTP: its descriptors, its session, and the mails that it waits for. */
#ifndef PATCHMAILD_LMTP_CONNECTION_H
#define PATCHMAILD_LMTP_CONNECTION_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "lmtp/intake.h"
#include "lmtp/session.h"
#include "settings/lmtp_settings.h"

#define LMTP_FLYING 100        /* mails of a connection that have no outcome yet, before it is read on */
#define LMTP_HELD (64u * 1024) /* bytes of replies that wait, likewise */
#define LMTP_LINGER 10         /* seconds for a client to take our last words */
#define LMTP_TIME_LIMIT "451 4.3.0 the time limit has passed, and the mail is not known to be stored"

struct lmtp_connection;

/* What a connection knows of its server; it stays the caller's. */
struct lmtp_service {
	const char *host;
	const struct lmtp_settings *settings;
	unsigned timeout; /* seconds for a mail, from when it has come whole */
	struct lmtp_intake *intake;
};

/* Serve this client.  The descriptors may be the same, and are closed in the end if they are above stderr.  `number` is
 * what its mails say of whose they are. */
struct lmtp_connection *lmtp_connection_new(const struct lmtp_service *service, uint64_t number, int in, int out);
void lmtp_connection_free(struct lmtp_connection *connection);

uint64_t lmtp_connection_number(const struct lmtp_connection *connection);

/* What to wait for, two items at most of which a descriptor of -1 is none, and when lmtp_connection_go_on() has to be
 * called at the latest.  Without `read` no further mail is wanted. */
void lmtp_connection_wants(const struct lmtp_connection *connection, bool read, struct pollfd ret_items[2],
                           int64_t *ret_deadline);

/* Read and write what can be without waiting.  False when it is over. */
bool lmtp_connection_go_on(struct lmtp_connection *connection, const struct pollfd items[2]);

/* One of its mails is back, which stays the caller's. */
void lmtp_connection_take(struct lmtp_connection *connection, const struct lmtp_mail *mail);

/* Close it as soon as the replies are there to the mails that have come whole: 421. */
void lmtp_connection_end(struct lmtp_connection *connection, const char *reply);

#endif
