/* list_verdict.c - who sent a mail, by the settings of each of its lists.
 *
 * Called by submission.c.  Promises: the settings of a list hold for its mail alone, and the work is limited, however
 * many lists a mail names.
 */
#include "authentication/list_verdict.h"

#include "mail/list_id.h"

static void list_verdict_free(void *data)
{
	struct list_verdict *verdict = data;

	g_ptr_array_unref(verdict->list_ids);
	authentication_release(&verdict->authentication);
	g_free(verdict);
}

/* Settings, and the lists of a mail for which they hold. */
struct lists_of_trust {
	const struct trust *trust;
	GPtrArray *list_ids; /* of char *, borrowed */
};

static void lists_of_trust_free(void *data)
{
	struct lists_of_trust *lists = data;

	g_ptr_array_unref(lists->list_ids);
	g_free(lists);
}

/* Those that have these settings, added if need be; NULL if there are too many already. */
static struct lists_of_trust *find_lists(GPtrArray *all, const struct trust *trust)
{
	struct lists_of_trust *lists;

	for (unsigned i = 0; i < all->len; i++) {
		lists = g_ptr_array_index(all, i);
		if (lists->trust == trust)
			return lists;
	}
	if (all->len == LIST_VERDICTS_MOST)
		return NULL;
	lists = g_new(struct lists_of_trust, 1);
	*lists = (struct lists_of_trust){trust, g_ptr_array_new()};
	g_ptr_array_add(all, lists);
	return lists;
}

/* The lists of a mail by their settings, of struct lists_of_trust; some are left out if there are too many. */
static GPtrArray *sort_lists(struct message *message, const GPtrArray *list_ids, const struct trust_settings *settings)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(lists_of_trust_free);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (unsigned i = 0; i < list_ids->len; i++) {
		const struct list_id *list_id = g_ptr_array_index(list_ids, i);
		struct lists_of_trust *lists;

		if (!g_hash_table_add(seen, list_id->id))
			continue;
		lists = find_lists(all, trust_settings_for(settings, list_id->id));
		if (lists)
			g_ptr_array_add(lists->list_ids, list_id->id);
		else
			message_problem(message, "authentication: the mail names lists of more than %u settings",
			                LIST_VERDICTS_MOST);
	}
	return all;
}

static void add_verdict(const struct message *message, const struct authentication_author *author,
                        const struct lists_of_trust *lists, GPtrArray *verdicts)
{
	struct list_verdict *verdict = g_new0(struct list_verdict, 1);

	verdict->list_ids = g_ptr_array_new_with_free_func(g_free);
	for (unsigned i = 0; i < lists->list_ids->len; i++)
		g_ptr_array_add(verdict->list_ids, g_strdup(g_ptr_array_index(lists->list_ids, i)));
	authentication_read(&message->headers, author, lists->trust, &verdict->authentication);
	g_ptr_array_add(verdicts, verdict);
}

GPtrArray *list_verdict_read(struct message *message, const struct authentication_author *author,
                             const struct trust_settings *settings, const GPtrArray *list_ids,
                             struct authentication *ret_whole)
{
	g_autoptr(GPtrArray) all = sort_lists(message, list_ids, settings);
	const struct lists_of_trust *first = all->len > 0 ? g_ptr_array_index(all, 0) : NULL;
	const struct trust *trust = first ? first->trust : trust_settings_for(settings, NULL);
	GPtrArray *verdicts = g_ptr_array_new_with_free_func(list_verdict_free);

	authentication_read(&message->headers, author, all->len > 1 ? trust_nobody() : trust, ret_whole);
	for (unsigned i = 0; i < all->len && all->len > 1; i++)
		add_verdict(message, author, g_ptr_array_index(all, i), verdicts);
	return verdicts;
}
