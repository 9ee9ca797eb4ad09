/* tally.h - what has come of an account's mails so far, and how `systemctl status` shows it. */
#ifndef PATCHMAILD_IMAP_TALLY_H
#define PATCHMAILD_IMAP_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/outcome.h"

struct imap_tally {
	/* Since the service began: */
	uint64_t counts[OUTCOME_KINDS], fetched;
	int64_t shown; /* when the progress was last shown */
	/* Of the last round over all mailboxes: */
	unsigned taken;    /* mails that have an outcome, and had none before */
	unsigned pending;  /* mails and actions that are to be tried again, and mailboxes that did not open */
	unsigned unopened; /* of these, the mailboxes */
	unsigned absent;   /* of these, those of which the server says that they are not there, or not for us */
	unsigned repeated; /* mails that have an outcome, and had one before */
	/* Why mails were deferred that the server did hand over: */
	char *trouble;     /* the last reason, or NULL; owned */
	int64_t told;      /* when it was reported */
	unsigned in_a_row; /* mails in this visit that it kept out, with none between that was taken */
};

/* After so many mails in a row that cannot be stored for the same reason, that is no fault of theirs. */
#define IMAP_TALLY_STUCK 3
#define IMAP_TALLY_REMIND 3600 /* seconds after which the same trouble is reported again */

void imap_tally_release(struct imap_tally *tally);

/* A mail has an outcome. */
void imap_tally_count(struct imap_tally *tally, enum outcome_kind kind);

/* The same, where it may have had one before. */
void imap_tally_repeat(struct imap_tally *tally, enum outcome_kind kind);

/* A mail that came whole is deferred for this reason.  True if that is to be reported: nothing else was the reason
 * before. */
bool imap_tally_defer(struct imap_tally *tally, const char *reason);

/* Can no mail be stored at the moment, for a reason that is the site's? */
bool imap_tally_is_stuck(const struct imap_tally *tally);

/* Show what the service does, and the numbers. */
void imap_tally_show(const struct imap_tally *tally, const char *what);

/* While there is much to take: show, once a second, how many UIDs of the mailbox are left. */
void imap_tally_progress(struct imap_tally *tally, const char *mailbox, uint32_t left);

#endif
