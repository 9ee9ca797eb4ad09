/* command.h - what session.c and fetch.c share: a session from within, and how a command begins and ends. */
#ifndef PATCHMAILD_IMAP_COMMAND_H
#define PATCHMAILD_IMAP_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>
#include <libetpan/libetpan.h>

#include "imap/answer.h"
#include "imap/stream.h"
#include "imap/uids.h"

#define IMAP_COMMAND_ANSWER (1024u * 1024) /* bytes of an answer, but for the bodies of mails */

struct imap_session {
	mailimap *imap;
	struct imap_stream *stream;
	unsigned seconds;          /* for a command */
	struct imap_answer answer; /* what follows from the last "no" of the server */
	bool spent;                /* the connection is of no more use */
	/* Of mailboxes that the server does not name in modified UTF-7, from the name in UTF-8 to the server's. */
	GHashTable *spellings;
};

/* The next command may take as long as one may, and its answer have so many bytes. */
void imap_command_allow(struct imap_session *session);

/* What a command came to, in words, one line; the caller frees it.  `error` is libetpan's. */
char *imap_command_describe(const struct imap_session *session, const char *command, int error);

/* 0, `refused` if a server that works says no, or -EAGAIN; and then a reason in words, one line (the caller frees
 * it), and what follows from it in session->answer. */
int imap_command_status(struct imap_session *session, const char *command, int error, int refused, char **ret_reason);

/* The same UIDs for libetpan, neighbours as a range; freed with mailimap_set_free(). */
struct mailimap_set *imap_command_set(struct imap_uids mails);

/* libetpan does not quote: can this text, put into a command, not end it? */
bool imap_command_is_safe(const char *text);

#endif
