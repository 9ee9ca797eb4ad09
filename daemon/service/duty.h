/* duty.h - what a service looks after however long something else takes: signals, systemd's watchdog, its lease. */
#ifndef PATCHMAILD_SERVICE_DUTY_H
#define PATCHMAILD_SERVICE_DUTY_H

#include <stdbool.h>
#include <stdint.h>

#include "database/lease.h"
#include "database/store.h"

/* Seconds for a statement that does not store a mail, or a mail's timeout if that is less. */
#define SERVICE_DUTY_STATEMENT 60

struct service_duty {
	int signals;              /* a descriptor that can be read when a signal has come */
	bool stopping, reloading; /* SIGTERM or SIGINT, SIGHUP has come */
	struct lease lease;       /* of the account or archive */
	struct store *store;      /* through which the lease is kept, and ... */
	unsigned timeout;         /* ... seconds for storing one mail: service_duty_use() */
};

/* Blocks the signals: from now on they come by the descriptor.  `name`, of what is followed, stays
 * the caller's. */
void service_duty_init(struct service_duty *duty, enum lease_kind kind, const char *name);
void service_duty_release(struct service_duty *duty);

/* Use this database, which stays the caller's. */
void service_duty_use(struct service_duty *duty, struct store *store, unsigned timeout);

/* Say that we are alive, and keep the lease; takes no signals, so that their descriptor goes on calling. */
void service_duty_keep(struct service_duty *duty);

/* See which signals have come. */
void service_duty_take_signals(struct service_duty *duty);

/* Look after everything.  True if the caller is to leave off: a signal has come, or another process has the lease. */
bool service_duty_calls(struct service_duty *duty);

/* When service_duty_calls() has to be called again at the latest, or `end` if that is earlier. */
int64_t service_duty_next(const struct service_duty *duty, int64_t end);

/* Wait so many seconds, or until duty calls. */
void service_duty_pause(struct service_duty *duty, double seconds);

/* The deadline of a statement that does not store a mail. */
int64_t service_duty_deadline(const struct service_duty *duty);

#endif
