/* report.c - what the log and systemd hear of a hook.
 *
 * Used by service.c.  Promises a line when deliveries begin to fail and one when they work again, and one for an event
 * that is refused, but not for each where all are.
 */
#include "hook/report.h"

#include <inttypes.h>

#include <glib.h>

#include "base/deadline.h"
#include "base/notify.h"

void hook_report_init(struct hook_report *report, const char *hook)
{
	*report = (struct hook_report){.hook = hook};
}

void hook_report_release(struct hook_report *report)
{
	g_clear_pointer(&report->refusal, g_free);
}

static void say(const struct hook_report *report, const struct hook_event *event, const char *outcome,
                const char *reason)
{
	const struct notify_event told = {report->hook, event->id, event->position};

	notify_delivery(&told, outcome, reason);
}

static void note_delivered(struct hook_report *report, const struct hook_event *event)
{
	g_autofree char *after = NULL;

	if (!report->failing)
		return;
	after = g_strdup_printf("after %" PRId64 " seconds",
	                        (g_get_monotonic_time() - report->failing) / G_USEC_PER_SEC);
	report->failing = 0;
	say(report, event, "delivered again", after);
}

static void note_failed(struct hook_report *report, const struct hook_event *event, const char *reason)
{
	if (report->failing)
		return;
	report->failing = g_get_monotonic_time();
	say(report, event, "failed", reason);
}

static void note_refused(struct hook_report *report, const struct hook_event *event, const char *reason)
{
	g_autofree char *more = NULL;

	if (g_strcmp0(report->refusal, reason) == 0 &&
	    g_get_monotonic_time() - report->refused < (int64_t)HOOK_REPORT_AGAIN * G_USEC_PER_SEC) {
		report->untold++;
		return;
	}
	more = report->untold > 0 ? g_strdup_printf("%s (%u others were refused before it)", reason, report->untold)
	                          : g_strdup(reason);
	say(report, event, "refused", more);
	g_free(report->refusal);
	report->refusal = g_strdup(reason);
	report->refused = g_get_monotonic_time();
	report->untold = 0;
}

void hook_report_result(struct hook_report *report, const struct hook_event *event, unsigned count,
                        const struct hook_result *result)
{
	report->counts[result->outcome] += count;
	switch (result->outcome) {
	case HOOK_DELIVERED:
		note_delivered(report, event);
		break;
	case HOOK_FAILED:
		note_failed(report, event, result->reason);
		break;
	case HOOK_REFUSED:
		/* Somebody is there. */
		note_delivered(report, event);
		note_refused(report, event, result->reason);
		break;
	}
}

void hook_report_show(const struct hook_report *report, const char *what)
{
	notify_status("%s; %" PRIu64 " delivered, %" PRIu64 " refused, %" PRIu64 " times failed", what,
	              report->counts[HOOK_DELIVERED], report->counts[HOOK_REFUSED], report->counts[HOOK_FAILED]);
}
