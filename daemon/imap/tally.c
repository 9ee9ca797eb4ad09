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
	if (kind != OUTCOME_DEFERRED && kind != OUTCOME_DUPLICATE)
		tally->taken++;
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
