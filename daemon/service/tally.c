/* tally.c - what has come of an account's or archive's mails so far.
 *
 * Used by the services' loops.
 */
#include "service/tally.h"

#include <inttypes.h>

#include <glib.h>

#include "base/notify.h"

void service_tally_count(struct service_tally *tally, enum outcome_kind kind)
{
	tally->counts[kind]++;
	if (kind == OUTCOME_DUPLICATE)
		tally->repeated++;
	else if (kind != OUTCOME_DEFERRED)
		tally->taken++;
	if (kind != OUTCOME_DEFERRED)
		tally->in_a_row = 0;
}

void service_tally_repeat(struct service_tally *tally, enum outcome_kind kind)
{
	tally->counts[kind]++;
	tally->repeated++;
	tally->in_a_row = 0;
}

void service_tally_release(struct service_tally *tally)
{
	g_clear_pointer(&tally->trouble, g_free);
}

bool service_tally_defer(struct service_tally *tally, const char *reason)
{
	int64_t now = g_get_monotonic_time();
	bool same = g_strcmp0(tally->trouble, reason) == 0;

	tally->in_a_row = same ? tally->in_a_row + 1 : 1;
	if (same && now - tally->told < (int64_t)SERVICE_TALLY_REMIND * G_USEC_PER_SEC)
		return false;
	g_free(tally->trouble);
	tally->trouble = g_strdup(reason);
	tally->told = now;
	return true;
}

bool service_tally_is_stuck(const struct service_tally *tally)
{
	return tally->in_a_row >= SERVICE_TALLY_STUCK;
}

void service_tally_show(const struct service_tally *tally, const char *what)
{
	notify_status("%s; %" PRIu64 " fetched, %" PRIu64 " stored, %" PRIu64 " waiting, %" PRIu64 " quarantined", what,
	              tally->fetched, tally->counts[OUTCOME_STORED], tally->counts[OUTCOME_WAITING],
	              tally->counts[OUTCOME_QUARANTINED]);
}

void service_tally_progress(struct service_tally *tally, const char *place, uint64_t left)
{
	g_autofree char *what = NULL;

	if (g_get_monotonic_time() - tally->shown < G_USEC_PER_SEC)
		return;
	tally->shown = g_get_monotonic_time();
	what = left == SERVICE_TALLY_UNKNOWN ? g_strdup_printf("taking mail of %s", place)
	                                     : g_strdup_printf("taking mail of %s, %" PRIu64 " behind", place, left);
	service_tally_show(tally, what);
}
