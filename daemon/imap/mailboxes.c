/* mailboxes.c - the mailboxes of a round.
 *
 * Called by service.c.  A mailbox that the account names is followed whether the server lists it or not, with the list
 * of its own, also if a pattern matches it.
 */
#include "imap/mailboxes.h"

#include <errno.h>

#include "base/log.h"
#include "imap/list.h"
#include "imap/pattern.h"

#define TOLD 5u /* mailboxes whose coming or going is reported by name */

struct imap_mailboxes {
	GPtrArray *all;   /* of struct imap_account_mailbox */
	GHashTable *keys; /* of these, what imap_pattern_spell() makes of the names */
	GHashTable *told; /* what was last said of a pattern, by the pattern */
	bool looked, grew;
};

/* A look that is going on. */
struct look {
	const struct imap_account *account;
	struct imap_session *session;
	struct imap_mailboxes *mailboxes;
	GPtrArray *all;
	GHashTable *keys;
	GHashTable *named; /* keys of those that the account names, before or after a pattern that matches them */
	unsigned missing;
};

static GPtrArray *new_all(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)imap_account_mailbox_free);
}

static GHashTable *new_keys(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

struct imap_mailboxes *imap_mailboxes_new(void)
{
	struct imap_mailboxes *mailboxes = g_new0(struct imap_mailboxes, 1);

	mailboxes->all = new_all();
	mailboxes->keys = new_keys();
	mailboxes->told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return mailboxes;
}

void imap_mailboxes_free(struct imap_mailboxes *mailboxes)
{
	if (!mailboxes)
		return;
	g_ptr_array_unref(mailboxes->all);
	g_hash_table_unref(mailboxes->keys);
	g_hash_table_unref(mailboxes->told);
	g_free(mailboxes);
}

void imap_mailboxes_reset(struct imap_mailboxes *mailboxes)
{
	g_ptr_array_set_size(mailboxes->all, 0);
	g_hash_table_remove_all(mailboxes->keys);
	g_hash_table_remove_all(mailboxes->told);
	mailboxes->looked = mailboxes->grew = false;
}

const GPtrArray *imap_mailboxes_all(const struct imap_mailboxes *mailboxes)
{
	return mailboxes->all;
}

bool imap_mailboxes_grew(const struct imap_mailboxes *mailboxes)
{
	return mailboxes->grew;
}

/* Reports -------------------------------------------------------------------------------------------------------- */

/* Report something about a pattern, unless that is what was last said of it.  Takes `what`; NULL: all is well. */
static void tell(const struct look *look, const char *pattern, char *what)
{
	const char *before = g_hash_table_lookup(look->mailboxes->told, pattern);

	if (what && g_strcmp0(before, what) != 0)
		log_warning("%s %s: %s", look->account->name, pattern, what);
	if (what)
		g_hash_table_insert(look->mailboxes->told, g_strdup(pattern), what);
	else
		g_hash_table_remove(look->mailboxes->told, pattern);
}

static char *describe(const struct imap_listing *listing)
{
	if (listing->names->len == 0 && listing->odd == 0)
		return g_strdup("matches no mailbox");
	if (listing->over > 0)
		return g_strdup_printf("matches %u mailboxes; %u are followed", listing->names->len + listing->over,
		                       listing->names->len);
	if (listing->odd > 0)
		return g_strdup_printf("%u names of mailboxes are left out: too long, no text in UTF-8, or not such",
		                       listing->odd);
	return NULL;
}

/* Report the mailboxes that one look has and the other has not; how many there are. */
static unsigned tell_of_new(const struct imap_account *account, const GPtrArray *all, GHashTable *others,
                            const char *what)
{
	unsigned count = 0;

	for (unsigned i = 0; i < all->len; i++) {
		const struct imap_account_mailbox *mailbox = g_ptr_array_index(all, i);
		g_autofree char *key = imap_pattern_spell(mailbox->name, "");

		if (!g_hash_table_contains(others, key) && count++ < TOLD)
			log_warning("%s %s: %s", account->name, mailbox->name, what);
	}
	if (count > TOLD)
		log_warning("%s: %u more: %s", account->name, count - TOLD, what);
	return count;
}

/* Looking -------------------------------------------------------------------------------------------------------- */

static void add(struct look *look, const char *name, const char *list_id)
{
	char *key = imap_pattern_spell(name, "");

	if (g_hash_table_add(look->keys, key))
		g_ptr_array_add(look->all, imap_account_mailbox_new(name, list_id));
}

/* What a pattern does not add: mailboxes that have keys of their own, and the one that mail is moved to, where it would
 * be found again. */
static void note_named(struct look *look)
{
	if (look->account->after == IMAP_ACCOUNT_MOVE)
		g_hash_table_add(look->named, imap_pattern_spell(look->account->folder, ""));
	for (unsigned i = 0; i < look->account->mailboxes->len; i++) {
		const struct imap_account_mailbox *mailbox = g_ptr_array_index(look->account->mailboxes, i);

		if (!mailbox->pattern)
			g_hash_table_add(look->named, imap_pattern_spell(mailbox->name, ""));
	}
}

/* The mailboxes that a pattern matches.  0, or -EAGAIN. */
static int add_matches(struct look *look, const struct imap_account_mailbox *pattern, char **ret_reason)
{
	g_autofree char *reason = NULL;
	struct imap_listing listing = {0};
	int status = imap_list(look->session, pattern->name, &listing, &reason);

	if (status == -EAGAIN) {
		*ret_reason = g_steal_pointer(&reason);
		return status;
	}
	if (status < 0) {
		tell(look, pattern->name, g_steal_pointer(&reason));
		look->missing++;
		return 0;
	}
	tell(look, pattern->name, describe(&listing));
	look->missing += listing.names->len == 0;
	for (unsigned i = 0; i < listing.names->len; i++) {
		const char *name = g_ptr_array_index(listing.names, i);
		g_autofree char *key = imap_pattern_spell(name, "");

		if (!g_hash_table_contains(look->named, key))
			add(look, name, pattern->list_id);
	}
	imap_listing_release(&listing);
	return 0;
}

/* The look is over: its mailboxes are those that there are. */
static void take_over(struct look *look)
{
	struct imap_mailboxes *mailboxes = look->mailboxes;

	mailboxes->grew = false;
	if (mailboxes->looked) {
		tell_of_new(look->account, mailboxes->all, look->keys, "this mailbox is gone");
		mailboxes->grew = tell_of_new(look->account, look->all, mailboxes->keys, "followed from now on") > 0;
	}
	mailboxes->looked = true;
	g_ptr_array_unref(mailboxes->all);
	g_hash_table_unref(mailboxes->keys);
	mailboxes->all = g_steal_pointer(&look->all);
	mailboxes->keys = g_steal_pointer(&look->keys);
}

int imap_mailboxes_look(struct imap_mailboxes *mailboxes, const struct imap_account *account,
                        struct imap_session *session, unsigned *ret_missing, char **ret_reason)
{
	struct look look = {account, session, mailboxes, new_all(), new_keys(), new_keys(), 0};
	int status = 0;

	note_named(&look);
	for (unsigned i = 0; i < account->mailboxes->len && status == 0; i++) {
		const struct imap_account_mailbox *mailbox = g_ptr_array_index(account->mailboxes, i);

		if (mailbox->pattern)
			status = add_matches(&look, mailbox, ret_reason);
		else
			add(&look, mailbox->name, mailbox->list_id);
	}
	if (status == 0) {
		take_over(&look);
		*ret_missing = look.missing;
	}
	g_clear_pointer(&look.all, g_ptr_array_unref);
	g_clear_pointer(&look.keys, g_hash_table_unref);
	g_hash_table_unref(look.named);
	return status;
}
