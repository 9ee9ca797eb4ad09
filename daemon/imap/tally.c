/* tally.c - what has come of an account's mails so far.
 *
 * Used by service.c and visit.c.
 */
#include "imap/tally.h"

#include <inttypes.h>

#include <glib.h>

#include "base/notify.h"

void imap_tally_count(struct imap_tally *tally, enum outcome_kind kind)
{
	tally->counts[kind]++;
	if (kind == OUTCOME_DUPLICATE)
		tally->repeated++;
	else if (kind != OUTCOME_DEFERRED)
		tally->taken++;
	if (kind != OUTCOME_DEFERRED)
		tally->in_a_row = 0;
}

void imap_tally_repeat(struct imap_tally *tally, enum outcome_kind kind)
{
	tally->counts[kind]++;
	tally->repeated++;
	tally->in_a_row = 0;
}

void imap_tally_release(struct imap_tally *tally)
{
	g_clear_pointer(&tally->trouble, g_free);
}

bool imap_tally_defer(struct imap_tally *tally, const char *reason)
{
	int64_t now = g_get_monotonic_time();
	bool same = g_strcmp0(tally->trouble, reason) == 0;

	tally->in_a_row = same ? tally->in_a_row + 1 : 1;
	if (same && now - tally->told < (int64_t)IMAP_TALLY_REMIND * G_USEC_PER_SEC)
		return false;
	g_free(tally->trouble);
	tally->trouble = g_strdup(reason);
	tally->told = now;
	return true;
}

bool imap_tally_is_stuck(const struct imap_tally *tally)
{
	return tally->in_a_row >= IMAP_TALLY_STUCK;
}

void imap_tally_show(const struct imap_tally *tally, const char *what)
{
	notify_status("%s; %" PRIu64 " fetched, %" PRIu64 " stored, %" PRIu64 " waiting, %" PRIu64 " quarantined", what,
	              tally->fetched, tally->counts[OUTCOME_STORED], tally->counts[OUTCOME_WAITING],
	              tally->counts[OUTCOME_QUARANTINED]);
}

void imap_tally_progress(struct imap_tally *tally, const char *mailbox, uint32_t left)
{
	g_autofree char *what = NULL;

	if (g_get_monotonic_time() - tally->shown < G_USEC_PER_SEC)
		return;
	tally->shown = g_get_monotonic_time();
	what = g_strdup_printf("taking mail of %s, %" PRIu32 " behind", mailbox, left);
	imap_tally_show(tally, what);
}
