/* lease.c - that one process alone follows an account or an archive.
 *
 * Used by service/duty.c and the services.  The lease is in the database, in the rows of the account's mailboxes or of
 * the archive, and runs out by itself; what it is for is that two processes do not do the same work.  That no mail is
 * taken twice does not depend on it.
 */
#include "database/lease.h"

#include <errno.h>

#include <glib.h>

#include "base/deadline.h"
#include "base/holder.h"

/* What the kinds are called here and there. */
static const struct {
	const char *words, *lock, *unlock;
} kinds[] = {
	[LEASE_ACCOUNT] = {"the account", "SELECT patchmail.lock_account($1::jsonb)",
                           "SELECT patchmail.unlock_account($1::jsonb)"},
	[LEASE_ARCHIVE] = {"the archive", "SELECT patchmail.lock_archive($1::jsonb)",
                           "SELECT patchmail.unlock_archive($1::jsonb)"},
};

void lease_init(struct lease *lease, enum lease_kind kind, const char *name)
{
	*lease = (struct lease){.kind = kind, .name = name, .holder = holder_name(), .renewal = LEASE_NEVER};
}

void lease_release(struct lease *lease)
{
	g_clear_pointer(&lease->holder, g_free);
}

static struct store_source source_of(const struct lease *lease)
{
	return (struct store_source){
		.transport = lease->kind == LEASE_ACCOUNT ? "imap" : "follow",
		.account = lease->kind == LEASE_ACCOUNT ? lease->name : NULL,
		.archive_name = lease->kind == LEASE_ARCHIVE ? lease->name : NULL,
		.holder = lease->holder,
	};
}

/* Ask for it; who has it goes to *ret_other (the caller frees it), NULL if we do. */
static int lock(const struct lease *lease, struct store *store, const char *gone, int64_t deadline, char **ret_other,
                char **ret_reason)
{
	struct store_source source = source_of(lease);

	source.gone = gone;
	return store_ask(store, kinds[lease->kind].lock, &source, NULL, deadline, ret_other, ret_reason);
}

/* 0, -EBUSY or -EAGAIN. */
static int lock_unless_gone(const struct lease *lease, struct store *store, int64_t deadline, char **ret_reason)
{
	g_autofree char *other = NULL, *gone = NULL, *words = NULL;
	int status = lock(lease, store, NULL, deadline, &other, ret_reason);

	if (status == 0 && other && holder_is_gone(other)) {
		gone = g_steal_pointer(&other);
		status = lock(lease, store, gone, deadline, &other, ret_reason);
	}
	if (status < 0 || !other)
		return status;
	words = holder_in_words(other);
	*ret_reason =
		g_strdup_printf("another process follows %s %s: %s", kinds[lease->kind].words, lease->name, words);
	return -EBUSY;
}

int lease_take(struct lease *lease, struct store *store, int64_t deadline, char **ret_reason)
{
	int status = lock_unless_gone(lease, store, deadline, ret_reason);

	lease->lost = false;
	lease->renewal = status == -EBUSY ? LEASE_NEVER : deadline_after(LEASE_RENEW);
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
	g_autofree char *answer = NULL, *reason = NULL;

	if (lease->renewal != LEASE_NEVER && store_is_connected(store))
		store_ask(store, kinds[lease->kind].unlock, &source, NULL, deadline_after(LEASE_ASIDE), &answer,
		          &reason);
	lease->renewal = LEASE_NEVER;
}
