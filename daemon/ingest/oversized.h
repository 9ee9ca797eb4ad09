/* oversized.h - a message over max_message_size: it goes into quarantine piece by piece, in bounded memory. */
#ifndef PATCHMAILD_INGEST_OVERSIZED_H
#define PATCHMAILD_INGEST_OVERSIZED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "database/store.h"
#include "ingest/mail.h"
#include "ingest/read.h"
#include "parser/pool.h"

/* A message in pieces. */
struct ingest_pieces {
	struct parser_pool *parsers; /* neither has another mail */
	struct store *store;
	size_t limit;             /* max_message_size */
	struct ingest_mail *mail; /* its bytes are what has been read of it; `read` gives the rest */
	ingest_reader *read;
	void *context;
	int64_t deadline;
	bool dry_run; /* only say what would become of it */
};

/* Take the mail to its end; waits for parser and database. */
void ingest_oversized(const struct ingest_pieces *pieces);

#endif
