/* hook.h - what the database gives a hook to deliver, and how it learns what became of it.
 *
 * What is delivered, in which order, when again, and what is dead is decided there: sql/functions/hook.
 */
#ifndef PATCHMAILD_DATABASE_HOOK_H
#define PATCHMAILD_DATABASE_HOOK_H

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>

#include "database/store.h"

#define HOOK_REASON_MAX 200        /* characters of a reason */
#define HOOK_RETRY_AFTER_MAX 86400 /* seconds; the database takes less as well */

/* What became of a delivery. */
enum hook_outcome {
	HOOK_DELIVERED, /* the receiver has it */
	HOOK_FAILED,    /* there was no receiver, or it says that it cannot take it now */
	HOOK_REFUSED,   /* the receiver does not take this one */
};

struct hook_result {
	enum hook_outcome outcome;
	char *reason;         /* in words, one printable line; NULL if it is delivered */
	unsigned retry_after; /* seconds that the receiver asks for, 0: it does not */
};
void hook_result_release(struct hook_result *result);

/* What became of some events, on its way to the database. */
struct hook_settled {
	GArray *positions; /* of int64_t; empty: nothing to tell */
	struct hook_result result;
};
void hook_settled_init(struct hook_settled *settled);
void hook_settled_clear(struct hook_settled *settled);
void hook_settled_release(struct hook_settled *settled);

/* An event to be delivered. */
struct hook_event {
	int64_t position;
	unsigned attempts; /* that were made before */
	char *id;          /* of the event */
	char *document;    /* its JSON */
};

#define HOOK_NOTHING_PENDING INT64_MAX

struct hook_batch {
	GPtrArray *events; /* of struct hook_event */
	int64_t wait; /* microseconds until something is due again; HOOK_NOTHING_PENDING: until something happens */
};
void hook_batch_release(struct hook_batch *batch);

/* Who serves a hook, and how. */
struct hook_server {
	const char *hook;   /* its name */
	const char *holder; /* of holder.h */
	unsigned lease; /* seconds after which it is not this process's any more, unless it calls hook_next() before */
	const char *filter, *base_url, *from;
	int64_t give_up; /* seconds */
};

/* All of these: 0, -EAGAIN, or -EBUSY if another process has the hook; and then a reason in words, one line (the caller
 * frees it).  A connection has to be there; with -EAGAIN there is none after it. */

/* Take the hook, which is made if there is none, for `lease` seconds from now.  A holder that ended on this machine
 * does not count.  -EINVAL: the database does not take what the configuration says. */
int hook_open(struct store *store, const struct hook_server *server, int64_t deadline, char **ret_reason);

/* Tell what became of events, and get those that are to be delivered now, at most so many, in their order. */
int hook_next(struct store *store, const struct hook_server *server, const struct hook_settled *settled, unsigned limit,
              int64_t deadline, struct hook_batch *ret_batch, char **ret_reason);

/* The same at the end: others may take the hook at once. */
int hook_close(struct store *store, const struct hook_server *server, const struct hook_settled *settled,
               int64_t deadline, char **ret_reason);

#endif
