/* report.h - what the log and systemd hear of a hook: that something is wrong, that it is no longer, and no flood. */
#ifndef PATCHMAILD_HOOK_REPORT_H
#define PATCHMAILD_HOOK_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "database/hook.h"

#define HOOK_REPORT_AGAIN 60 /* seconds before another event that is refused for the same reason gets a line */

struct hook_report {
	const char *hook;
	uint64_t counts[HOOK_REFUSED + 1]; /* of events, by what became of them */
	int64_t failing;                   /* since when deliveries fail, 0: they do not */
	char *refusal;                     /* what the last line about an event that is refused said ... */
	int64_t refused;                   /* ... and when ... */
	unsigned untold;                   /* ... and how many came after it */
};

void hook_report_init(struct hook_report *report, const char *hook);
void hook_report_release(struct hook_report *report);

/* What became of `count` events, the first of which is `event`. */
void hook_report_result(struct hook_report *report, const struct hook_event *event, unsigned count,
                        const struct hook_result *result);

/* For `systemctl status`. */
void hook_report_show(const struct hook_report *report, const char *what);

#endif
