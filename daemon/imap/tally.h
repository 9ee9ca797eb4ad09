/* tally.h - what has come of an account's mails so far, and how `systemctl status` shows it. */
#ifndef PATCHMAILD_IMAP_TALLY_H
#define PATCHMAILD_IMAP_TALLY_H

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
};

/* A mail has an outcome. */
void imap_tally_count(struct imap_tally *tally, enum outcome_kind kind);

/* Show what the service does, and the numbers. */
void imap_tally_show(const struct imap_tally *tally, const char *what);

/* While there is much to take: show, once a second, how many UIDs of the mailbox are left. */
void imap_tally_progress(struct imap_tally *tally, const char *mailbox, uint32_t left);

#endif
