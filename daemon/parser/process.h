/* process.h - one process in which mail is parsed: give it a mail, look after it, have the facts.  pool.h has several.
 *
 * Hostile mail never meets a process that knows a password or holds a connection: the parser is a program of its own,
 * patchmaild-parser, which gets one end of a socket and nothing else.  One that a mail has killed is started anew.
 * No function here waits, but for parser_process_free().
 */
#ifndef PATCHMAILD_PARSER_PROCESS_H
#define PATCHMAILD_PARSER_PROCESS_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parser/frame.h"

#define PARSER_PROCESS_SECONDS 25 /* for one try at one mail, and not over 2/5 of the time that is left */
#define PARSER_PROCESS_REPLY_BASE (8u * 1024 * 1024) /* bytes that the facts of any mail may have ... */
#define PARSER_PROCESS_REPLY_FACTOR 32u /* ... and for each byte of the mail; never over LIMITS_FACTS_SIZE */
#define PARSER_PROCESS_TRIES 2          /* workers that one mail may kill before it is given up */

#define PARSER_PROCESS_PATIENCE 1 /* seconds that a dismissed worker has to end */

struct parser_process;

/* What came of a mail; whoever has it frees both texts.  `status`
 *   0          `facts` is one line of valid UTF-8 without NUL, in which one JSON object begins and ends
 *   -EBADMSG   the mail is to blame: it killed PARSER_PROCESS_TRIES workers by itself, as `reason` says; `facts` are
 *              those of a mail that is rejected for it
 *   -EAGAIN    the surroundings are: the deadline passed, a worker was killed from outside, no process could start or
 *              be set up, as `reason` says; there are no facts */
struct parser_result {
	int status;
	char *facts;
	size_t length; /* of the facts */
	char *reason;
};

/* No process yet.  `program` is the file to run; NULL is patchmaild-parser, beside the running program or where it is
 * installed.  `trust` is the text of trust_settings_text(), or NULL; each process gets it with its first mail.
 * `sandbox` is one of the words CONFIG_SANDBOX_... . */
struct parser_process *parser_process_new(const char *program, const char *trust, const char *sandbox);

/* Start the process, so that it gets ready while the caller goes on.  0 or a negative errno.  parser_process_begin()
 * does it if there is none. */
int parser_process_start(struct parser_process *parser);

/* Begin with a mail; there must be none at work.  Its bytes, list id and `reason` stay the caller's and must stay there
 * until it is done.  `reason` NULL: parse it; else only say what a rejected mail's facts say. */
void parser_process_begin(struct parser_process *parser, const struct parser_mail *mail, const char *reason,
                          int64_t deadline);

/* Go on with the mail at work.  A process that ends or hangs is replaced and the mail tried again.  True and the result
 * when it is done; then the next one may begin.  A mail that is rejected has facts in any case: if the worker cannot
 * tell, they are without Message-ID and subject. */
bool parser_process_go_on(struct parser_process *parser, struct parser_result *ret_result);

/* What to wait for until parser_process_go_on() can do more, and until when. */
void parser_process_wants(const struct parser_process *parser, struct pollfd *ret_item, int64_t *ret_deadline);

/* What the sandboxes of its processes lacked so far, of enum sandbox_lack. */
unsigned parser_process_lacks(const struct parser_process *parser);

/* That in words; the caller frees it. */
char *parser_process_lacks_text(unsigned lacks);

/* Drop the mail at work, if there is one, with its process. */
void parser_process_forget(struct parser_process *parser);

/* Nothing more will be parsed: the process may end while the caller goes on. */
void parser_process_dismiss(struct parser_process *parser);

/* End the process and wait for it; NULL is fine. */
void parser_process_free(struct parser_process *parser);

#endif
