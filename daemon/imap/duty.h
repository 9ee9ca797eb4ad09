/* duty.h - what the service looks after however long something else takes: signals, systemd's watchdog, its lease. */
#ifndef PATCHMAILD_IMAP_DUTY_H
#define PATCHMAILD_IMAP_DUTY_H

#include <stdbool.h>
#include <stdint.h>

#include "database/lease.h"
#include "database/store.h"

/* Seconds for a statement that does not store a mail, or a mail's timeout if that is less. */
#define IMAP_DUTY_STATEMENT 60

struct imap_duty {
	int signals;              /* a descriptor that can be read when a signal has come */
	bool stopping, reloading; /* SIGTERM or SIGINT, SIGHUP has come */
	struct lease lease;       /* of the account */
	struct store *store;      /* through which the lease is kept, and ... */
	unsigned timeout;         /* ... seconds for storing one mail: imap_duty_use() */
};

/* Blocks the signals: from now on they come by the descriptor.  `account` stays the caller's. */
void imap_duty_init(struct imap_duty *duty, const char *account);
void imap_duty_release(struct imap_duty *duty);

/* Use this database, which stays the caller's. */
void imap_duty_use(struct imap_duty *duty, struct store *store, unsigned timeout);

/* Say that we are alive, and keep the lease; takes no signals, so that their descriptor goes on calling. */
void imap_duty_keep(struct imap_duty *duty);

/* See which signals have come. */
void imap_duty_take_signals(struct imap_duty *duty);

/* Look after everything.  True if the caller is to leave off: a signal has come, or another process has the lease. */
bool imap_duty_calls(struct imap_duty *duty);

/* When imap_duty_calls() has to be called again at the latest, or `end` if that is earlier. */
int64_t imap_duty_next(const struct imap_duty *duty, int64_t end);

/* Wait so many seconds, or until duty calls. */
void imap_duty_pause(struct imap_duty *duty, double seconds);

/* The deadline of a statement that does not store a mail. */
int64_t imap_duty_deadline(const struct imap_duty *duty);

#endif
