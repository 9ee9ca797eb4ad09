/* store.h - the database: one connection, and the few statements that there are.
 *
 * Everything is asynchronous to a deadline (deadline.h), needs no session state and no prepared statements (PgBouncer
 * in transaction mode is fine), and trusts an answer only once the server has said that the transaction is over.
 */
#ifndef PATCHMAILD_STORE_H
#define PATCHMAILD_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/outcome.h"
#include "database/connection.h"
#include "database/source.h"

#define STORE_SCHEMA_VERSION 10 /* patchmail.schema_version() that this program was built for */
#define STORE_TRIES 6           /* of one message, where the server says that trying again may help */
#define STORE_BACK_OFF 20000    /* microseconds before the second try, doubled each time, as much again at random */
#define STORE_PATIENCE 4        /* a lock is waited for at most this part of the time that is left */
#define STORE_PATTERNS 3        /* and a pattern of an admin runs for at most this part of it */
#define STORE_OVERDUE_SECONDS 3 /* for telling that a mail took all its time; DELIVER_GRACE is longer */
#define STORE_CALL_MAX (1000u * 1024 * 1024) /* bytes of facts and mail in one call; PostgreSQL takes 1 GiB */

struct store;

/* Connects nothing yet.  `conninfo` NULL: libpq's environment and defaults.  `connect_timeout` in seconds. */
struct store *store_new(const char *conninfo, unsigned connect_timeout);
void store_free(struct store *store);

/* Where `call`, a descriptor, can be read, nothing is waited for longer than DEADLINE_HURRY (deadline.h). */
void store_set_call(struct store *store, int call);

/* Begin to connect; waits for nothing but a moment for the addresses of names. */
void store_start(struct store *store);

/* Connect, and check that the database is one that this program can use.  Does nothing where a connection is there
 * that the server has not closed.  0, or -EAGAIN and a reason in words, one line (the caller frees it). */
int store_connect(struct store *store, int64_t deadline, char **ret_reason);

/* What is wrong with a schema of that version in the database that is connected, and what to do; NULL if it is the one
 * for this program (the caller frees it). */
char *store_version_fault(const struct store *store, int64_t version);

/* Is a connection there, as far as is known? */
bool store_is_connected(const struct store *store);

/* Is a batch in flight (pipeline.h), so that nothing else may be asked? */
bool store_is_busy(const struct store *store);

/* For pipeline.h: the connection; and what a transaction begins with that stores mails, at most STORE_BEFORE
 * statements: it says its isolation if the site's default is another one than patchmail.store() wants, as store_mail()
 * finds out. */
#define STORE_BEFORE 1
struct connection *store_connection(const struct store *store);
unsigned store_before(const struct store *store, struct statement *ret_statements);

/* Store one message in one transaction: SELECT patchmail.store().  Deadlocks, serialization failures, lost
 * connections, locks that somebody holds and rows that somebody deleted meanwhile are tried again.  If the site's
 * default isolation is not the one that store() wants, the transaction says so.  If the call itself took nearly all
 * the time there was, patchmail.overdue() learns of it, in STORE_OVERDUE_SECONDS more: after some times it quarantines
 * the mail.
 *   0          *ret_outcome is set (to be released by the caller); deferred if anything went wrong
 *   -EBADMSG   no database can hold these facts, whatever is done (patchmail.facts_fault() says so, or they are too
 *              much for one call); *ret_outcome is "deferred" with the reason */
int store_mail(struct store *store, const char *facts, const char *raw, size_t length,
               const struct store_source *source, int64_t deadline, struct outcome *ret_outcome);

/* For raw.h.  Does the server say that the same call may work when it is made again?  Wait before that: -ETIMEDOUT if
 * there is no time for it.  What no table can hold of facts, in words, or NULL (the caller frees it). */
bool store_may_try_again(const struct answer *answer);
int store_back_off(unsigned tries, int64_t deadline);
char *store_facts_fault(struct store *store, const char *facts, const struct answer *failed, int64_t deadline);

/* A mail in quarantine that an admin has marked to be tried again. */
struct store_marked {
	int64_t id;
	char *list_id, *position; /* of its source; NULL if that says nothing */
	char *raw;                /* its bytes; NULL if they are more than was asked for */
	size_t length;
};
void store_marked_release(struct store_marked *mail);

/* The next one whose id is greater than `after`, with its bytes if they are at most `most`: SELECT
 * patchmail.next_marked().  1 and the mail (to be released by the caller), 0 if there is none, or -EAGAIN and a
 * reason in words, one line (the caller frees it). */
int store_next_marked(struct store *store, int64_t after, size_t most, int64_t deadline, struct store_marked *ret_mail,
                      char **ret_reason);

/* What policy allows a message, as a JSON array with an object a project: SELECT patchmail.explain().  0 (the caller
 * frees it), or -EAGAIN and a reason in words, one line (likewise). */
int store_explain(struct store *store, const char *facts, const struct store_source *source, int64_t deadline,
                  char **ret_policies, char **ret_reason);

/* What store_mail() would do: SELECT patchmail.foresee(), which changes nothing and waits for no lock.  *ret_outcome as
 * there. */
void store_foresee(struct store *store, const char *facts, const struct store_source *source, int64_t deadline,
                   struct outcome *ret_outcome);

/* Ask for one value, twice if the connection is lost: it must be the same to be asked once more.  $1 is the source
 * as JSON, $2 `text`.  0 and the value as text, NULL for NULL (the caller frees it), or -EAGAIN and a reason in words,
 * one line (likewise). */
int store_ask(struct store *store, const char *sql, const struct store_source *source, const char *text,
              int64_t deadline, char **ret_value, char **ret_reason);

/* Is there a project of the list that the source names?  0, also if it names none; -ENOENT, or -EAGAIN if the database
 * does not say, and a reason in words, one line (the caller frees it). */
int store_check_list(struct store *store, const struct store_source *source, int64_t deadline, char **ret_reason);

/* A message in pieces, in one transaction: store_begin() as store_mail(), but nothing is tried again; while that says
 * "quarantined" store_append() for each further piece of the bytes; then store_commit(), and only then it is there.
 * Each sets an outcome of "deferred" (and rolls back) and returns -EAGAIN if it fails. */
int store_begin(struct store *store, const char *facts, const char *raw, size_t length,
                const struct store_source *source, int64_t deadline, struct outcome *ret_outcome);
int store_append(struct store *store, const char *raw, size_t length, int64_t deadline, struct outcome *outcome);
int store_commit(struct store *store, int64_t deadline, struct outcome *outcome);

/* Roll back what store_begin() began. */
void store_abandon(struct store *store);

#endif
