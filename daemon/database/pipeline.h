/* pipeline.h - many mails in one call, and the next batch is filled while one is in flight: SELECT
 * patchmail.store_many().
 *
 * No more than one is in flight: PgBouncer (1.18, in transaction mode) gives the server to somebody else when it is
 * ready, also when it has half of the next request already.
 *
 * A batch is one transaction.  It decides nothing that store_mail() would not, it is only faster: what is out of the
 * ordinary, and all mails of a batch that fails as a whole, have to be given to store_mail() one by one.  Uses the
 * connection of a store that is connected; nothing else may ask it anything while a batch is in flight.
 */
#ifndef PATCHMAILD_PIPELINE_H
#define PATCHMAILD_PIPELINE_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/outcome.h"
#include "database/store.h"

#define PIPELINE_MAILS 200                /* in a batch */
#define PIPELINE_BYTES (4u * 1024 * 1024) /* of facts in a batch, and of mails that are kept */

/* What became of a mail in a batch. */
enum pipeline_state {
	PIPELINE_PENDING, /* nothing is known yet */
	PIPELINE_DONE,    /* `outcome` is what the database says, and committed */
	PIPELINE_ALONE,   /* nothing of it is there: it has to be given to store_mail() */
};
struct pipeline_mail {
	enum pipeline_state state;
	struct outcome outcome; /* whoever has the mail releases it */
};

struct pipeline;

/* `seconds`: how long a batch may take. */
struct pipeline *pipeline_new(struct store *store, unsigned seconds);
void pipeline_free(struct pipeline *pipeline);

/* A mail as it is given to the database.  `facts` are one JSON object, as parser_result has them; `raw` is NULL unless
 * its bytes are kept when it is stored. */
struct pipeline_contents {
	const char *facts, *raw;
	size_t facts_length, raw_length;
	const struct store_source *source;
};

/* Has it room in an empty batch?  Otherwise it has to be given alone. */
bool pipeline_takes(const struct pipeline_contents *contents);

/* Add a mail to the batch that is being filled, if there is room.  `mail` stays the caller's, and there until it is not
 * pending any more; its contents are copied. */
bool pipeline_add(struct pipeline *pipeline, struct pipeline_mail *mail, const struct pipeline_contents *contents);

/* Mails in the batch that is being filled. */
unsigned pipeline_filled(const struct pipeline *pipeline);

/* Send it; there have to be mails in it, and none in flight. */
void pipeline_send(struct pipeline *pipeline);

/* Do not send it: the caller gives its mails alone. */
void pipeline_dissolve(struct pipeline *pipeline);

/* Is one in flight? */
bool pipeline_is_in_flight(const struct pipeline *pipeline);

/* Take the answer if it has come, or give the batch up if it has had its time; does not wait for it. */
void pipeline_go_on(struct pipeline *pipeline);

/* Know nothing of its mails any more.  A batch in flight may be stored or not: it has PIPELINE_LAST seconds for its
 * answer, or the connection is closed. */
#define PIPELINE_LAST 1
void pipeline_forget(struct pipeline *pipeline);

/* What to wait for until pipeline_go_on() can do more, and until when; there has to be a batch in flight. */
struct pollfd pipeline_wants(const struct pipeline *pipeline, int64_t *ret_deadline);

#endif
