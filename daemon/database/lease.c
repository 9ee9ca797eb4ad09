/* lease.c - that one process alone follows an account.
 *
 * Used by imap/duty.c and imap/service.c.  The lease is in the database, in the rows of the account's mailboxes, and
 * runs out by itself; what it is for is that two processes do not do the same work.  That no mail is taken twice does
 * not depend on it.
 */
#include "database/lease.h"

#include <errno.h>

#include <glib.h>

#include "base/deadline.h"
#include "base/holder.h"
#include "database/cursor.h"

void lease_init(struct lease *lease, const char *account)
{
	*lease = (struct lease){.account = account, .holder = holder_name(), .renewal = LEASE_NEVER};
}

void lease_release(struct lease *lease)
{
	g_clear_pointer(&lease->holder, g_free);
}

static struct store_source source_of(const struct lease *lease)
{
	return (struct store_source){.transport = "imap", .account = lease->account, .holder = lease->holder};
}

int lease_take(struct lease *lease, struct store *store, int64_t deadline, char **ret_reason)
{
	struct store_source source = source_of(lease);
	int status = cursor_lock(store, &source, deadline, ret_reason);

	lease->lost = false;
	lease->renewal = status == -EBUSY ? LEASE_NEVER : deadline_after(CURSOR_RENEW);
	return status;
}

bool lease_is_kept(const struct lease *lease)
{
	return !lease->lost && lease->renewal != LEASE_NEVER && deadline_left(lease->renewal) > 0;
}

void lease_keep(struct lease *lease, struct store *store)
{
	g_autofree char *reason = NULL;

	/* A batch of its mails keeps it too. */
	if (lease->renewal != LEASE_NEVER && deadline_left(lease->renewal) == 0 && !store_is_busy(store))
		lease->lost = lease_take(lease, store, deadline_after(LEASE_ASIDE), &reason) == -EBUSY;
}

void lease_lapse(struct lease *lease)
{
	lease->renewal = LEASE_NEVER;
}

void lease_give_back(struct lease *lease, struct store *store)
{
	struct store_source source = source_of(lease);
	g_autofree char *reason = NULL;

	if (lease->renewal != LEASE_NEVER && store_is_connected(store))
		cursor_unlock(store, &source, deadline_after(LEASE_ASIDE), &reason);
	lease->renewal = LEASE_NEVER;
}
