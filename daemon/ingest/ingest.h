/* ingest.h - the pipeline: bytes of messages in, their outcomes out.
 *
 * A transport submits messages while there is room, and takes their outcomes in the same order, each after its commit.
 * Many are parsed at once, and many stored in one transaction, while one that comes alone is stored alone.
 */
#ifndef PATCHMAILD_INGEST_H
#define PATCHMAILD_INGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/outcome.h"
#include "database/pipeline.h"
#include "database/store.h"
#include "ingest/read.h"
#include "parser/pool.h"
#include "settings/configuration.h"

/* What is in memory at a time: so many mails (a batch in flight, one that is being filled, as many with the parser),
 * and so many bytes of them and their facts; and one mail more, of max_message_size at most. */
#define INGEST_MAILS (3 * PIPELINE_MAILS)
#define INGEST_BYTES (32u * 1024 * 1024)
/* Microseconds that a batch waits, if the database is free, for as many mails as there were when it became so. */
#define INGEST_LINGER 1000

/* Is a mail wanted that says this of itself (patchmaild-facts(5))?  Asked in the order of submission, but not of a mail
 * that could not be parsed, which is. */
typedef bool ingest_wants(void *context, const struct store_source *source, const char *facts, size_t length);

/* Why a mail is ignored that is not. */
extern const char INGEST_UNWANTED[];

struct ingest {
	struct config config;
	struct parser_pool *parsers;
	struct store *store;
	struct pipeline *pipeline;
	bool single;         /* one message and no more: its parser may end as soon as it is parsed */
	bool dry_run;        /* nothing is stored: outcomes are what store_foresee() says */
	ingest_wants *wants; /* NULL: all mail is wanted */
	void *wants_context;
	int call; /* a descriptor: if it can be read somebody calls us away; -1: there is none */

	GQueue mails;   /* of struct ingest_mail: whose outcome was not handed out, in the order of submission */
	GQueue parsing; /* those of them that the pool has, in its order */
	struct ingest_mail *parsed; /* the one whose facts wait for room in a batch, or NULL */
	size_t bytes;               /* of all */
	unsigned expected;          /* mails that the next batch may have ... */
	int64_t linger;             /* ... if they come until then, */
	bool lingering;             /* which is waited for */
};

/* Read the configuration (`config_path` may be NULL), begin to connect, start a parser process.  0, or a
 * negative errno and a reason in words (the caller frees it); ingest_release() is fine, and needed, in both cases. */
int ingest_init(struct ingest *ingest, const char *config_path, char **ret_reason);

/* The two halves of that: read the configuration; begin to connect, and start a parser process. */
int ingest_configure(struct ingest *ingest, const char *config_path, char **ret_reason);
int ingest_start(struct ingest *ingest, char **ret_reason);

/* Log what there is not of the parsers' sandbox: once, after the first of them has parsed a mail. */
void ingest_report_sandbox(struct parser_pool *parsers);

/* Messages whose outcome was not handed out may be stored or not. */
void ingest_release(struct ingest *ingest);

/* May a message be submitted?  If not, an outcome has to be taken first. */
bool ingest_has_room(const struct ingest *ingest);

/* Read one message and take it up.  `size` is the number of its bytes, 0 if that is not known.  With a list id in
 * `source` it is the mail of that list, whatever its header says.  What `source` says is copied.  `deadline`: for
 * everything that is done with it; 0: each of reading, parsing and storing has the configured time, and none of it
 * passes while it waits for others.  A message over max_message_size waits for all those before it, and is quarantined
 * piece by piece, in bounded memory; if one of those is deferred it is too.  Messages of an archive (source.h) are
 * stored in their order, and none after one that is not: after an outcome of "deferred" call ingest_forget(). */
void ingest_submit(struct ingest *ingest, ingest_reader *read, void *context, uint64_t size,
                   const struct store_source *source, int64_t deadline);

/* The outcome of the message that was submitted first of those whose outcome was not handed out: true if it has one;
 * the caller releases it.  Whatever is not "deferred" is committed in the database.  With `wait` true unless there is
 * no message, or somebody calls us away.  Without it, this waits only for the database, where a message has to be
 * stored alone. */
bool ingest_next(struct ingest *ingest, bool wait, struct outcome *ret_outcome);

/* The position in the source of that message; NULL if there is none. */
const char *ingest_position(const struct ingest *ingest);

/* Does ingest_next() give an outcome without sending or storing anything more? */
bool ingest_is_settled(const struct ingest *ingest);

/* Wait for the batch in flight, if there is one, whoever calls us away; not longer than to the deadline. */
void ingest_finish_batch(struct ingest *ingest, int64_t deadline);

/* Wait until the store is free for other statements, until ingest_next() is called again: true; false if somebody calls
 * us away. */
bool ingest_rest(struct ingest *ingest);

/* Drop all messages whose outcome was not handed out, and make the store free.  They may be stored or not. */
void ingest_forget(struct ingest *ingest);

/* Take one message all the way, when there is no other: submit it, and wait for its outcome, which is always set. */
void ingest_message(struct ingest *ingest, ingest_reader *read, void *context, uint64_t size,
                    const struct store_source *source, int64_t deadline, struct outcome *ret_outcome);

#endif
