/* recipients.c - which list the mail to an address is of.
 *
 * Read by lmtp_settings.c; used by lmtp/.
 */
#include "settings/recipients.h"

#include <string.h>

#include "settings/value.h"

struct recipients {
	GHashTable *lists; /* list ids by the address or @domain, in lower case */
	bool reject;       /* what is in none of them */
	const char *delimiters;
};

/* Reading ---------------------------------------------------------------------------------------------------------- */

static bool is_list_id(const char *text)
{
	return !strpbrk(text, " \t<>");
}

static bool take_address(struct recipients *recipients, const struct key_file_key *key, struct key_file_fault *fault)
{
	g_autofree char *name = g_ascii_strdown(key->name, -1), *list_id = NULL;

	if (!strchr(name, '@') || g_str_has_suffix(name, "@"))
		return key_file_blame(fault, key->line,
		                      "%s in [" RECIPIENTS_GROUP
		                      "] is neither an address nor @ and a domain, nor unknown or delimiter",
		                      key->name);
	if (!value_text(&list_id, key->value) || !is_list_id(list_id))
		return value_refuse(fault, RECIPIENTS_GROUP, key, "a list id");
	if (g_hash_table_contains(recipients->lists, name))
		return key_file_blame(fault, key->line,
		                      "%s in [" RECIPIENTS_GROUP "] is there already, but for the case of its letters",
		                      key->name);
	g_hash_table_insert(recipients->lists, g_steal_pointer(&name), g_steal_pointer(&list_id));
	return true;
}

static bool take_key(struct recipients *recipients, const struct key_file_key *key, struct key_file_fault *fault)
{
	static const char *const unknown[] = {"list-id", "reject", NULL}, *const delimiters[] = {"+", "-", "+-", NULL};
	int found;

	if (g_str_equal(key->name, "unknown")) {
		found = value_choice(key->value, unknown);
		recipients->reject = found == 1;
		return found >= 0 || value_refuse(fault, RECIPIENTS_GROUP, key, "list-id or reject");
	}
	if (g_str_equal(key->name, "delimiter")) {
		found = value_choice(key->value, delimiters);
		if (found >= 0)
			recipients->delimiters = delimiters[found];
		return found >= 0 || value_refuse(fault, RECIPIENTS_GROUP, key, "+ or - or +-");
	}
	return take_address(recipients, key, fault);
}

struct recipients *recipients_read(const struct key_file *file, struct key_file_fault *ret_fault)
{
	const struct key_file_group *group = file ? key_file_find(file, RECIPIENTS_GROUP) : NULL;
	struct recipients *recipients = g_new0(struct recipients, 1);
	bool fits = true;

	*ret_fault = (struct key_file_fault){0};
	recipients->lists = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	recipients->delimiters = "+";
	for (unsigned i = 0; group && i < group->keys->len && fits; i++)
		fits = take_key(recipients, g_ptr_array_index(group->keys, i), ret_fault);
	if (fits)
		return recipients;
	recipients_free(recipients);
	return NULL;
}

void recipients_free(struct recipients *recipients)
{
	if (!recipients)
		return;
	g_hash_table_unref(recipients->lists);
	g_free(recipients);
}

/* Finding ---------------------------------------------------------------------------------------------------------- */

/* The list of an address without its extension, if it has one. */
static const char *find_bare(const struct recipients *recipients, const char *address, const char *domain)
{
	size_t bare = strcspn(address, recipients->delimiters);
	g_autofree char *without = NULL;

	/* What begins with it is no extension. */
	if (bare == 0 || address + bare >= domain)
		return NULL;
	without = g_strdup_printf("%.*s%s", (int)bare, address, domain);
	return g_hash_table_lookup(recipients->lists, without);
}

bool recipients_find(const struct recipients *recipients, const char *address, const char **ret_list_id)
{
	g_autofree char *name = g_ascii_strdown(address, -1);
	const char *domain = strrchr(name, '@');
	const char *list_id = g_hash_table_lookup(recipients->lists, name);

	if (!list_id && domain)
		list_id = find_bare(recipients, name, domain);
	if (!list_id && domain)
		list_id = g_hash_table_lookup(recipients->lists, domain);
	*ret_list_id = list_id;
	return list_id || !recipients->reject;
}
