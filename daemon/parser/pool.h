/* pool.h - many mails at several workers at once; their facts come back in the order in which they were submitted.
 *
 * Each mail has its own deadline, limits and tries, and each worker is one of process.h: what one mail does to it,
 * others do not see.  How many mails there are at once is the caller's to bound.
 */
#ifndef PATCHMAILD_PARSER_POOL_H
#define PATCHMAILD_PARSER_POOL_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "parser/process.h"
#include "settings/configuration.h"

#define PARSER_POOL_MAX CONFIG_PARSERS_MAX /* workers */
#define PARSER_POOL_DEFAULT 8              /* workers at most if nothing is said: else one a processor */

/* Bytes of facts that wait to be handed out, after which no worker takes a mail up, but for the one whose facts are
 * next. */
#define PARSER_POOL_FACTS (16u * 1024 * 1024)

struct parser_pool;

/* Start the first worker; does not wait for it.  Others start when there are mails for them.  `workers`: how many, 0
 * for the default.  `program`, `trust` and `sandbox` as for parser_process_new(); `seconds`: what a mail has that is
 * submitted without a deadline.  0 or a negative errno. */
int parser_pool_start(const char *program, const char *trust, const char *sandbox, unsigned workers, unsigned seconds,
                      struct parser_pool **ret_pool);

/* The same as a configuration has it, or in words why not (the caller frees that). */
int parser_pool_start_configured(const struct config *config, unsigned seconds, struct parser_pool **ret_pool,
                                 char **ret_reason);

/* Take a mail up; what is in `mail`, and `reason`, stays the caller's and must stay there until its result is handed
 * out.  `deadline`: when it has to be parsed; 0: its time begins when a worker takes it up.  `reason` as for
 * parser_process_begin(). */
void parser_pool_submit(struct parser_pool *pool, const struct parser_mail *mail, const char *reason, int64_t deadline);

/* Go on without waiting; `items` are what parser_pool_wants() gave, after poll(2): only what is ready there, or has had
 * its time, is looked at.  NULL: everything. */
void parser_pool_go_on(struct parser_pool *pool, const struct pollfd *items);

/* The result of the mail that was submitted first of those whose result was not handed out: true if it is there. */
bool parser_pool_next(struct parser_pool *pool, struct parser_result *ret_result);

/* What there is not of the sandbox, in words (the caller frees it): once, when the first worker has said so; else
 * NULL. */
char *parser_pool_shortcomings(struct parser_pool *pool);

/* Mails whose result was not handed out. */
unsigned parser_pool_mails(const struct parser_pool *pool);

/* What to wait for until parser_pool_go_on() can do more, and until when (INT64_MAX: for ever).  How many items. */
unsigned parser_pool_wants(const struct parser_pool *pool, struct pollfd ret_items[PARSER_POOL_MAX],
                           int64_t *ret_deadline);

/* Wait until parser_pool_next() can give the next result; there has to be a mail. */
void parser_pool_wait(struct parser_pool *pool);

/* Wait until no worker has a mail; those that none has yet go on waiting.  For a caller who cannot look after the pool
 * for a while: no mail is blamed for what passes meanwhile. */
void parser_pool_settle(struct parser_pool *pool);

/* Drop all mails, and the workers that have them. */
void parser_pool_forget(struct parser_pool *pool);

/* Nothing more will be submitted: the workers may end while the caller goes on. */
void parser_pool_dismiss(struct parser_pool *pool);

/* End the workers and wait for them; NULL is fine. */
void parser_pool_free(struct parser_pool *pool);

#endif
