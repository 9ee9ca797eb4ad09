/* sieve.h - between an IMAP server and libetpan: of what the server says it passes on what the command at work needs,
 * in a form that libetpan reads.
 *
 * libetpan stops at every answer that its grammar does not have, and servers send many: answers that nobody asked for,
 * flags with odd characters, missing texts, numbers and lists in other forms.  The sieve reads RFC 3501 and RFC 9051
 * generously, drops what the command does not need, and says in words what it needs and cannot read.
 *
 * Pure: bytes in, bytes out.  The command is read from what is sent to the server.  The same bytes give the same in any
 * pieces.  Bodies of mails are passed on as they come; all else that it holds has a limit.
 */
#ifndef PATCHMAILD_IMAP_SIEVE_H
#define PATCHMAILD_IMAP_SIEVE_H

#include <stdbool.h>
#include <stddef.h>
#include <glib.h>

#define IMAP_SIEVE_LINE ((size_t)256 * 1024) /* bytes of a line, but for the answers to SEARCH and FETCH */
#define IMAP_SIEVE_SHOWN 1000u               /* bytes of a line that are kept to be shown */

struct imap_sieve;

/* Is told of a line of the server: without the contents of literals and of quoted bodies, cut to IMAP_SIEVE_SHOWN
 * bytes; any bytes may be in it. */
typedef void imap_sieve_watcher(const char *line, size_t length, void *context);

/* At first it expects the greeting. */
struct imap_sieve *imap_sieve_new(void);
void imap_sieve_free(struct imap_sieve *sieve);

void imap_sieve_watch(struct imap_sieve *sieve, imap_sieve_watcher *watcher, void *context);

/* What was sent to the server: after the answer to a command the next one begins with it. */
void imap_sieve_sent(struct imap_sieve *sieve, const char *bytes, size_t size);

/* What came from the server; what libetpan is to read is appended to `out`.  0, or -EBADMSG: it cannot be read, now and
 * from now on. */
int imap_sieve_push(struct imap_sieve *sieve, const char *bytes, size_t size, GString *out);

/* No more comes: the watcher is told of the line that has begun. */
void imap_sieve_end(struct imap_sieve *sieve);

/* The line that could not be read, or the last one, as the watcher gets it, but escaped; the caller frees it. */
char *imap_sieve_quote(const struct imap_sieve *sieve);

/* Has another number of mails been told since the mailbox was opened, but for those that are gone? */
bool imap_sieve_has_news(const struct imap_sieve *sieve);

/* Did more come after the answer to the last command (or after the greeting)? */
bool imap_sieve_has_excess(const struct imap_sieve *sieve);

/* Is the command at work, or was the last one, a login, so that what is sent is secret? */
bool imap_sieve_is_login(const struct imap_sieve *sieve);

/* What the server said with BYE, but for its greeting; NULL: nothing. */
const char *imap_sieve_farewell(const struct imap_sieve *sieve);

#endif
