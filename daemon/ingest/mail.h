/* mail.h - a message on its way through the pipeline; what owns its bytes. */
#ifndef PATCHMAILD_INGEST_MAIL_H
#define PATCHMAILD_INGEST_MAIL_H

#include <stddef.h>
#include <stdint.h>

#include "base/outcome.h"
#include "database/pipeline.h"
#include "database/source.h"
#include "parser/frame.h"

enum ingest_stage {
	INGEST_PARSING, /* the pool has it */
	INGEST_PARSED,  /* its facts wait for room in a batch */
	INGEST_BATCHED, /* it is in a batch: `stored` says what became of it there */
	INGEST_ALONE,   /* it is to be given to the database alone */
	INGEST_OVER,    /* `outcome` is set */
};

struct ingest_mail {
	char *bytes;
	size_t length;
	struct store_source source; /* its own copy */
	int64_t deadline; /* of all that is done with it; 0: each stage has its time, and waiting takes none of it */

	enum ingest_stage stage;
	char *reason; /* why it is rejected, or NULL */
	char *facts;
	size_t facts_length;
	struct pipeline_mail stored;
	struct outcome outcome;
};

struct ingest_mail *ingest_mail_new(const struct store_source *source, int64_t deadline);
void ingest_mail_free(struct ingest_mail *mail);

/* What the parser needs of its first `length` bytes; it stays the mail's. */
struct parser_mail ingest_mail_parsed(const struct ingest_mail *mail, size_t length);

/* It is over, with this outcome, which becomes the mail's. */
void ingest_mail_end(struct ingest_mail *mail, const struct outcome *outcome);

/* It is deferred; `reason` is copied. */
void ingest_mail_defer(struct ingest_mail *mail, const char *reason);

/* It could not be read: deferred, with the reason for that negative errno. */
void ingest_mail_unread(struct ingest_mail *mail, int status);

#endif
