/* session.h - a conversation with an IMAP server (RFC 3501): log in, look at a mailbox, flag, move, wait; fetch.h
 * fetches.
 *
 * Decides nothing: what to fetch and what to do with it is for visit.c.  Every command has a deadline and a number of
 * bytes that its answer may have; after a failure of the connection the session is of no more use.
 */
#ifndef PATCHMAILD_IMAP_SESSION_H
#define PATCHMAILD_IMAP_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <glib.h>

#include "imap/answer.h"
#include "imap/stream.h"
#include "imap/uids.h"
#include "settings/imap_account.h"

#define IMAP_SESSION_WINDOW 10000  /* UIDs that are asked for in one search, if there are as many mails */
#define IMAP_SESSION_MOST 1000000u /* mails in a mailbox, for as many of which an answer may have room */

/* What a server says of a mailbox; 0 if it does not.  None of it can be relied on. */
struct imap_mailbox {
	uint32_t uidvalidity, uidnext, exists;
};

struct imap_session;

/* Connect, read the greeting, STARTTLS if that is asked for.  None of these and no command may take longer than the
 * server may be silent.  0, or -EAGAIN and a reason in words, one line (the caller frees it), as for every function
 * below. */
int imap_session_open(const struct imap_endpoint *endpoint, struct imap_session **ret_session, char **ret_reason);
void imap_session_free(struct imap_session *session);

/* What follows from what the server said to the last command, if it refused that. */
struct imap_answer imap_session_answer(const struct imap_session *session);

/* May it be used for another command, as far as the last one shows? */
bool imap_session_is_sound(const struct imap_session *session);

/* It is not: a new one may do better. */
void imap_session_give_up(struct imap_session *session);

/* Log in as an account says, with its secret, for which nothing is waited once `call` can be read.  0; -ENOKEY if that
 * cannot be had; -EACCES if the server does not let us in; -EAGAIN. */
int imap_session_log_in(struct imap_session *session, const struct imap_account *account, int call, char **ret_reason);

/* Open a mailbox, whose name is in UTF-8; EXAMINE with `read_only`.  0; -ENOENT if the server does not open it;
 * -EAGAIN. */
int imap_session_select(struct imap_session *session, const char *name, bool read_only,
                        struct imap_mailbox *ret_mailbox, char **ret_reason);

/* The UIDs from `first` to `last` (UINT32_MAX: all after it) that are there, in order (of uint32_t).  `since` (seconds
 * since 1970, 0: any) is the least INTERNALDATE, by the day. */
int imap_session_search(struct imap_session *session, uint32_t first, uint32_t last, int64_t since, GArray **ret_uids,
                        char **ret_reason);

/* By what a mail is known: the same text for the same mail, another one for another.  0, with NULL if the server does
 * not give it or the mail is gone (the caller frees it); -EAGAIN. */
int imap_session_witness(struct imap_session *session, uint32_t uid, char **ret_witness, char **ret_reason);

/* The order of two UIDs (uint32_t), as qsort(3) wants it. */
int imap_session_compare_uids(const void *a, const void *b);

/* Set a flag such as "\\Seen" or a keyword.  0; -EPERM if the server refuses, and nothing is known of any of the mails;
 * -EAGAIN. */
int imap_session_flag(struct imap_session *session, struct imap_uids mails, const char *flag, char **ret_reason);

/* Move mails to another mailbox: MOVE (RFC 6851), else COPY and UID EXPUNGE (RFC 4315), one by one.  0; -ENOTSUP if the
 * server can do neither; -EPERM if it refuses, as above; -EAGAIN. */
int imap_session_move(struct imap_session *session, struct imap_uids mails, const char *name, char **ret_reason);

/* Delete these mails and no others: \Deleted and UID EXPUNGE.  As imap_session_move(). */
int imap_session_delete(struct imap_session *session, struct imap_uids mails, char **ret_reason);

/* Has the server told of another number of mails since the mailbox was opened, but for those that are gone? */
bool imap_session_has_news(const struct imap_session *session);

/* Is a mailbox open, and has the server IDLE? */
bool imap_session_can_idle(const struct imap_session *session);

/* Ask the server to tell when something happens in the mailbox (IDLE, RFC 2177).  0; -EPERM if the server
 * refuses; -EPROTO if its answer cannot be read, which ends the session; -EAGAIN. */
int imap_session_idle(struct imap_session *session, char **ret_reason);

/* Wait until it tells of another number of mails, ends IDLE or fails: true.  False where `fd` can be read or the
 * deadline passes. */
bool imap_session_wait(struct imap_session *session, int fd, int64_t deadline);

/* That is enough.  0, or -EAGAIN. */
int imap_session_idle_done(struct imap_session *session, char **ret_reason);

#endif
