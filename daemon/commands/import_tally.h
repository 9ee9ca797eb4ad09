/* import_tally.h - what became of the mails of an import: the numbers, the reasons, the exit code. */
#ifndef PATCHMAILD_IMPORT_TALLY_H
#define PATCHMAILD_IMPORT_TALLY_H

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>

#include "base/outcome.h"

#define IMPORT_REASONS 20 /* different ones of an outcome that are kept apart: mail invents list ids */

struct import_tally {
	uint64_t counts[OUTCOME_KINDS];
	GHashTable *reasons[OUTCOME_KINDS]; /* how many mails for which reason, and "other reasons"; NULL: none yet */
	uint64_t left_out;                  /* of the ignored mails: because the caller asked for that */
	uint64_t removed;                   /* mails of which the archive only says that it deleted them */
	uint64_t unreadable;                /* parts of archives */
	bool stopped;                       /* not all of it was looked at */
};

/* Of zeroes; import_tally_release() frees what is in it. */
void import_tally_release(struct import_tally *tally);

/* A mail has an outcome.  Its reason is kept if it is one of few. */
void import_tally_count(struct import_tally *tally, const struct outcome *outcome);

/* Mails that have an outcome. */
uint64_t import_tally_mails(const struct import_tally *tally);

/* Lines for people, the last without a newline: the counts, and of each outcome its reasons, the most frequent first
 * (the caller frees it).  `dry_run`: nothing of it has happened. */
char *import_tally_summary(const struct import_tally *tally, bool dry_run);

/* What import ends with: 75 if it stopped, or a mail is deferred; 66 if something could not be read; 67 if all mails
 * were ignored, and not because the caller asked for that; else 0. */
int import_tally_exit_code(const struct import_tally *tally);

#endif
