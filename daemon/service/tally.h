/* tally.h - what has come of an account's or archive's mails so far, and how `systemctl status` shows it. */
#ifndef PATCHMAILD_SERVICE_TALLY_H
#define PATCHMAILD_SERVICE_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/outcome.h"

struct service_tally {
	/* Since the service began: */
	uint64_t counts[OUTCOME_KINDS], fetched;
	int64_t shown; /* when the progress was last shown */
	/* Of the last round over all mailboxes, or over the archive: */
	unsigned taken;    /* mails that have an outcome, and had none before */
	unsigned pending;  /* mails and actions that are to be tried again, and places that did not open */
	unsigned unopened; /* of these, the mailboxes */
	unsigned absent;   /* of these, those of which the server says that they are not there, or not for us */
	unsigned repeated; /* mails that have an outcome, and had one before */
	/* Why mails were deferred that the server did hand over: */
	char *trouble;     /* the last reason, or NULL; owned */
	int64_t told;      /* when it was reported */
	unsigned in_a_row; /* mails in this visit that it kept out, with none between that was taken */
};

/* After so many mails in a row that cannot be stored for the same reason, that is no fault of theirs. */
#define SERVICE_TALLY_STUCK 3
#define SERVICE_TALLY_REMIND 3600 /* seconds after which the same trouble is reported again */

void service_tally_release(struct service_tally *tally);

/* A mail has an outcome. */
void service_tally_count(struct service_tally *tally, enum outcome_kind kind);

/* The same, where it may have had one before. */
void service_tally_repeat(struct service_tally *tally, enum outcome_kind kind);

/* A mail that came whole is deferred for this reason.  True if that is to be reported: nothing else was the reason
 * before. */
bool service_tally_defer(struct service_tally *tally, const char *reason);

/* Can no mail be stored at the moment, for a reason that is the site's? */
bool service_tally_is_stuck(const struct service_tally *tally);

/* Show what the service does, and the numbers. */
void service_tally_show(const struct service_tally *tally, const char *what);

/* While there is much to take: show, once a second, how many mails of a place are left, if that is known. */
#define SERVICE_TALLY_UNKNOWN UINT64_MAX
void service_tally_progress(struct service_tally *tally, const char *place, uint64_t left);

#endif
