/* fetch.h - the command that brings more mail into an archive: run now and then, beside everything else. */
#ifndef PATCHMAILD_FOLLOW_FETCH_H
#define PATCHMAILD_FOLLOW_FETCH_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/command.h"
#include "settings/archive_settings.h"

#define FOLLOW_FETCH_GRACE 5      /* seconds between SIGTERM and SIGKILL, for one that takes too long */
#define FOLLOW_FETCH_ITEMS 2      /* what follow_fetch_wants() gives */
#define FOLLOW_BACK_OFF 1         /* seconds before the next run after one that failed, doubled each time ... */
#define FOLLOW_BACK_OFF_MOST 3600 /* ... to this, give or take a half; or the interval, if that is longer */

struct follow_fetch {
	const struct archive_settings *settings; /* the caller's */
	struct command command;
	bool runs;
	int64_t limit;     /* when it has had its time */
	int64_t next;      /* when it is to run again; INT64_MAX: never, there is no command */
	unsigned failures; /* in a row */
};

/* Nothing runs yet; the first run is due at once. */
void follow_fetch_init(struct follow_fetch *fetch, const struct archive_settings *settings);

/* End it if it runs, with all that it started in its process group. */
void follow_fetch_release(struct follow_fetch *fetch);

/* Start it if it is due, listen to it, end it if it has had its time; waits for nothing but the end of one that is
 * ended.  0; 1 if a run has ended well; or -ECHILD if one has failed or could not be started, and a reason in words
 * (the caller frees it). */
int follow_fetch_go_on(struct follow_fetch *fetch, char **ret_reason);

/* What to wait for until follow_fetch_go_on() has something to do, and until when. */
int64_t follow_fetch_wants(const struct follow_fetch *fetch, struct pollfd items[FOLLOW_FETCH_ITEMS]);

#endif
