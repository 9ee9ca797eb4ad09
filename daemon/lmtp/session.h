/* session.h - the server's side of LMTP: bytes in, replies and events out.  Pure: no sockets, no files, no clock.
 *
 * RFC 2033, with RFC 5321 for what that leaves to it, and PIPELINING (RFC 2920), 8BITMIME (RFC 6152), SMTPUTF8 (RFC
 * 6531), ENHANCEDSTATUSCODES (RFC 2034), SIZE (RFC 1870), CHUNKING (RFC 3030).  What the client sends may come in
 * pieces of any size: what is made of it is the same.
 */
#ifndef PATCHMAILD_LMTP_SESSION_H
#define PATCHMAILD_LMTP_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#define LMTP_LINE_MAX 4096 /* bytes of a command line with its CR LF; RFC 5321 and the extensions ask for 600 */
#define LMTP_ERRORS_MAX 20 /* wrong commands in a row, after which the connection is closed */

struct lmtp_limits {
	const char *host;    /* what the server calls itself */
	uint64_t size;       /* bytes of a mail */
	unsigned recipients; /* of a mail */
	bool private;        /* whoever has the other end may say what `patchmaild deliver` says (client.h) */
};

enum lmtp_event_kind {
	LMTP_MORE,      /* nothing: all bytes are taken */
	LMTP_BEGIN,     /* a mail is begun */
	LMTP_RECIPIENT, /* lmtp_session_accept() or lmtp_session_refuse() has to be called before anything else */
	LMTP_CONTENT,   /* bytes of the mail, as they were before the client stuffed dots */
	LMTP_COMPLETE,  /* the mail has come whole: lmtp_session_settle() has to be called some time */
	LMTP_RESET,     /* there will be no more of the mail: nothing is to be done with it */
	LMTP_CLOSE,     /* nothing more is read; the connection ends after the last reply */
};

struct lmtp_event {
	enum lmtp_event_kind kind;
	const char *bytes; /* CONTENT: they are there until the next call */
	size_t length;
	const char *address; /* BEGIN, RECIPIENT: as in command.h; there until the next call */
	bool private;        /* BEGIN: `patchmaild deliver` hands it over: its bytes are as they are to be kept */
	const char *list_id; /* BEGIN: what that says of the list, or NULL; there until the next call */
	uint64_t mail;       /* COMPLETE: its number, from 1 on */
	unsigned recipients; /* COMPLETE: that were accepted: so many replies are due */
};

struct lmtp_session;

/* The greeting is its first reply.  `limits` is copied. */
struct lmtp_session *lmtp_session_new(const struct lmtp_limits *limits);
void lmtp_session_free(struct lmtp_session *session);

/* Take bytes up to the next event.  How many were taken; with LMTP_MORE and LMTP_CLOSE all. */
size_t lmtp_session_push(struct lmtp_session *session, const char *bytes, size_t length, struct lmtp_event *ret_event);

/* What becomes of the recipient of the last event. */
void lmtp_session_accept(struct lmtp_session *session);
void lmtp_session_refuse(struct lmtp_session *session);

/* The replies to a mail that has come whole: lines, each with its CR LF, one for each recipient. */
void lmtp_session_settle(struct lmtp_session *session, uint64_t mail, const char *lines);

/* The server closes the connection, for this reason (a reply 421 without CR LF): it follows the replies that are due.
 * Whatever mail has not come whole is forgotten. */
void lmtp_session_end(struct lmtp_session *session, const char *reply);

/* Move the replies that are due now to the end of `out`. */
void lmtp_session_replies(struct lmtp_session *session, GString *out);

/* Bytes of replies that wait for that to a mail. */
size_t lmtp_session_held(const struct lmtp_session *session);

/* A number that grows with all that gets on: a command that is whole, a byte of a mail. */
uint64_t lmtp_session_progress(const struct lmtp_session *session);

#endif
