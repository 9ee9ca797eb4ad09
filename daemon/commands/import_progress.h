/* import_progress.h - how far an import is: a bar on a terminal, else a line now and then. */
#ifndef PATCHMAILD_IMPORT_PROGRESS_H
#define PATCHMAILD_IMPORT_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/outcome.h"

#define IMPORT_PROGRESS_BAR 200000     /* microseconds between two states of the bar */
#define IMPORT_PROGRESS_LINE 60        /* seconds between two lines */
#define IMPORT_PROGRESS_SETTLED 500000 /* microseconds after which a rate and the time left mean something */

/* Where an import stands. */
struct import_progress {
	const uint64_t *counts; /* of its mails, by outcome: OUTCOME_KINDS of them */
	uint64_t size, done;    /* how much there is, and how much of it is over; size 0: nobody knows */
	uint64_t first;         /* how much was over when it began: this time it goes on */
	int64_t elapsed;        /* microseconds since then */
};

/* "41 %  8,600 mails  2,150/s  0:06 left  8,590 stored, 10 ignored", in ASCII (the caller frees it). */
char *import_progress_text(const struct import_progress *progress);

/* That with a bar in front, at most `columns` wide: "[####------] 41 %  ..." (the caller frees it). */
char *import_progress_bar(const struct import_progress *progress, unsigned columns);

/* What shows it. */
struct import_meter {
	bool on_terminal;
	bool drawn;           /* there is a bar on the line of the cursor */
	int64_t began, shown; /* on the monotonic clock */
	uint64_t before;      /* size of the archives that are over */
	uint64_t size, first; /* as above, of all archives; first: what was passed over to the first mail */
	bool moving;          /* the first mail has come */
	uint64_t done;        /* of all archives */
};

/* stderr decides what is shown; `size` of all archives. */
void import_meter_init(struct import_meter *meter, uint64_t size);

/* The next mail begins at `done`. */
void import_meter_move(struct import_meter *meter, uint64_t done);

/* Show it if it is time. */
void import_meter_show(struct import_meter *meter, const uint64_t counts[OUTCOME_KINDS]);

/* Before anything else is printed: have the line free. */
void import_meter_clear(struct import_meter *meter);

#endif
