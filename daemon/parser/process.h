/* process.h - the process in which mail is parsed: start it, feed it one mail, collect the facts.
 *
 * Hostile mail never meets a process that knows a password or holds a connection: the parser is a program of its own,
 * patchmaild-parser, which gets one end of a socket and nothing else.  One that a mail has killed is started anew.
 * Starting it takes as long as connecting to the database, and both go on side by side.
 */
#ifndef PATCHMAILD_PARSER_PROCESS_H
#define PATCHMAILD_PARSER_PROCESS_H

#include <stddef.h>
#include <stdint.h>

#include "parser/frame.h"

#define PARSER_PROCESS_SECONDS 25 /* for one try at one mail, and not over 2/5 of the time that is left */
#define PARSER_PROCESS_REPLY_BASE (8u * 1024 * 1024) /* bytes that the facts of any mail may have ... */
#define PARSER_PROCESS_REPLY_FACTOR 32u /* ... and for each byte of the mail; never over LIMITS_FACTS_SIZE */
#define PARSER_PROCESS_TRIES 2          /* workers that one mail may kill before it is given up */

#define PARSER_PROCESS_PATIENCE 1 /* seconds that a dismissed worker has to end */

struct parser_process;

/* Start the first worker; does not wait for it.  `program` is the file to run; NULL is patchmaild-parser, beside the
 * running program or where it is installed.  `trust` is the text of trust_settings_text(), or NULL; each worker gets it with
 * its first mail.  0 or a negative errno. */
int parser_process_start(const char *program, const char *trust, struct parser_process **ret_parser);

/* Give the worker a mail and let it work; returns when the bytes are with it.  They stay the caller's and must stay
 * there until parser_process_collect(), which also tells of everything that went wrong here.  `reason` NULL: parse it;
 * else only say what a rejected mail's facts say. */
void parser_process_feed(struct parser_process *parser, const struct parser_mail *mail, const char *reason,
                         int64_t deadline);

/* Wait for the facts of the mail that was fed.  A worker that ends or hangs is replaced and the mail tried again.
 *   0          *ret_facts is one line of valid UTF-8 without NUL (the caller frees it)
 *   -EBADMSG   the mail is to blame: it killed PARSER_PROCESS_TRIES workers by itself
 *   -EAGAIN    the surroundings are: the deadline passed, a worker was killed from outside, no process could start
 * In the last two *ret_reason says what happened (the caller frees it), and the next mail may be fed. */
int parser_process_collect(struct parser_process *parser, int64_t deadline, char **ret_facts, char **ret_reason);

/* The facts of a mail that is rejected for `reason`, from the worker too; where it cannot tell, they are without
 * Message-ID and subject.  Never NULL; the caller frees them. */
char *parser_process_reject(struct parser_process *parser, const struct parser_mail *mail, const char *reason,
                            int64_t deadline);

/* Do not collect what was fed: its worker is ended. */
void parser_process_forget(struct parser_process *parser);

/* Nothing more will be fed: the worker may end while the caller goes on. */
void parser_process_dismiss(struct parser_process *parser);

/* End the worker and wait for it; NULL is fine. */
void parser_process_free(struct parser_process *parser);

#endif
