/* pipeline.h - many mails in one call, and more than one call in flight: SELECT patchmail.store_many().
 *
 * A batch is one transaction.  It decides nothing that store_mail() would not, it is only faster: what is out of the ordinary,
 * and all mails of a batch that fails as a whole, have to be given to store_mail() one by one.  Uses the connection of a store
 * that is connected; nothing else may ask it anything while batches are in flight.
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
#define PIPELINE_BYTES (4u * 1024 * 1024) /* of facts in a batch */
#define PIPELINE_BATCHES 2                /* in flight: the server has the next one when it is done with one */

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

/* `seconds`: how long a batch may take, from when those before it are answered. */
struct pipeline *pipeline_new(struct store *store, unsigned seconds);
void pipeline_free(struct pipeline *pipeline);

/* Add a mail to the batch that is being filled, if there is room; facts below PIPELINE_BYTES have room in an empty one.  `mail` stays the caller's, and there until it is not pending
 * any more; the rest is copied.  `facts` are one JSON object, as parser_result has them. */
bool pipeline_add(struct pipeline *pipeline, struct pipeline_mail *mail, const char *facts, size_t length,
                  const struct store_source *source);

/* Mails in the batch that is being filled; and does it have as many as it may have? */
unsigned pipeline_filled(const struct pipeline *pipeline);
bool pipeline_is_full(const struct pipeline *pipeline);

/* Send it; there have to be mails in it, and fewer than PIPELINE_BATCHES in flight. */
void pipeline_send(struct pipeline *pipeline);

/* Send none: its mails are to be given alone. */
void pipeline_dissolve(struct pipeline *pipeline);

/* Batches in flight. */
unsigned pipeline_in_flight(const struct pipeline *pipeline);

/* Take the answers that have come, and give up what has had its time; does not wait for any. */
void pipeline_go_on(struct pipeline *pipeline);

/* What to wait for until pipeline_go_on() can do more, and until when; there has to be a batch in flight. */
struct pollfd pipeline_wants(const struct pipeline *pipeline, int64_t *ret_deadline);

#endif
