/* references.c - the Message-IDs that a header names.
 *
 * Called by submission.c.  Promises: no form of a field fails; what is not in angle brackets is only read if nothing
 * is.
 */
#include "mail/references.h"

#include <string.h>

#include "mail/limits.h"

#define SEPARATORS " <>,;:()\"'" /* between words that may be Message-IDs or addresses */

/* The next <...> of a text, or NULL; *text is moved after it. */
static char *take_message_id(const char **text)
{
	const char *open = strchr(*text, '<'), *close = open ? strchr(open, '>') : NULL;

	if (!close)
		return NULL;
	*text = close + 1;
	return g_strndup(open, (gsize)(close + 1 - open));
}

char *references_own_id(const struct header_list *headers)
{
	const char *raw = header_first(headers, "Message-ID"), *text;
	g_autofree char *value = header_decode(raw ? raw : ""), *id = NULL;

	text = value;
	id = take_message_id(&text);
	if (!id)
		id = g_steal_pointer(&value);
	return *id == '\0' || strcmp(id, "<>") == 0 ? NULL : g_steal_pointer(&id);
}

/* Has this word something at both sides of an @, brackets or not? */
static bool is_id(const char *word)
{
	const char *begin = word + (*word == '<'), *at = strchr(begin, '@');

	return at && at > begin && at[1] != '\0' && at[1] != '>' && *begin != '(';
}

/* Add a <...>; one that has blanks, since it was folded, or another < in it, also as it should be. */
static void add_id(GPtrArray *ids, char *id)
{
	char *begin = strrchr(id, '<');

	if (begin > id || strchr(id, ' ')) {
		g_auto(GStrv) pieces = g_strsplit(begin, " ", -1);

		g_ptr_array_add(ids, g_strjoinv("", pieces));
	}
	g_ptr_array_add(ids, id);
}

/* The ids that stand in a decoded field, in its order. */
static GPtrArray *ids_of(const char *value)
{
	GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) words = NULL;
	const char *text = value;
	char *id;

	while ((id = take_message_id(&text)))
		add_id(ids, id);
	if (ids->len > 0)
		return ids;
	words = g_strsplit_set(value, SEPARATORS, -1);
	for (char **word = words; *word; word++) {
		if (!is_id(*word))
			continue;
		g_ptr_array_add(ids, g_strdup_printf("<%s>", *word));
		g_ptr_array_add(ids, g_strdup(*word));
	}
	return ids;
}

/* Is there anything but ids in a decoded field? */
static bool has_text(const char *value)
{
	bool inside = false;

	for (; *value; value++) {
		if (!inside && !strchr("< ,", *value))
			return true;
		inside = *value == '<' || (inside && *value != '>');
	}
	return false;
}

/* Who writes and who is written to, in lower case. */
static GHashTable *read_addresses(const struct header_list *headers)
{
	static const char *const fields[] = {"From", "To", "Cc", "Reply-To", NULL};
	GHashTable *addresses = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (unsigned i = 0; i < headers->fields->len; i++) {
		const struct header_field *field = g_ptr_array_index(headers->fields, i);
		g_autofree char *value = NULL, *lower = NULL;
		g_auto(GStrv) words = NULL;
		bool found = false;

		for (size_t j = 0; fields[j] && !found; j++)
			found = g_ascii_strcasecmp(field->name, fields[j]) == 0;
		if (!found)
			continue;
		value = header_decode(field->value);
		lower = g_ascii_strdown(value, -1);
		words = g_strsplit_set(lower, SEPARATORS, -1);
		for (char **word = words; *word; word++)
			if (is_id(*word))
				g_hash_table_add(addresses, g_strdup(*word));
	}
	return addresses;
}

/* Is an id one of these addresses? */
static bool names_somebody(const char *id, GHashTable *addresses)
{
	bool brackets = id[0] == '<';
	g_autofree char *lower = g_ascii_strdown(id + brackets, (gssize)strlen(id) - 2 * brackets);

	return g_hash_table_contains(addresses, lower);
}

/* A list of references that grows. */
struct reading {
	GPtrArray *references;
	GHashTable *seen;      /* borrowed from `references` */
	GHashTable *addresses; /* NULL until they are asked for */
};

static void add_reference(struct reading *reading, const char *id)
{
	char *copy;

	if (reading->references->len >= LIMITS_REFERENCES || g_hash_table_contains(reading->seen, id))
		return;
	copy = g_strdup(id);
	g_ptr_array_add(reading->references, copy);
	g_hash_table_add(reading->seen, copy);
}

static void add_in_reply_to(struct reading *reading, const struct header_list *headers, const char *raw)
{
	g_autofree char *value = header_decode(raw);
	g_autoptr(GPtrArray) ids = ids_of(value);
	bool text = ids->len > 0 && has_text(value);

	if (text && !reading->addresses)
		reading->addresses = read_addresses(headers);
	for (unsigned i = 0; i < ids->len; i++) {
		const char *id = g_ptr_array_index(ids, i);

		if ((i == 0 || is_id(id)) && !(text && names_somebody(id, reading->addresses)))
			add_reference(reading, id);
	}
}

static void add_references_field(struct reading *reading, const char *raw)
{
	g_autofree char *value = header_decode(raw);
	g_autoptr(GPtrArray) ids = ids_of(value);

	for (unsigned i = ids->len; i > 0; i--)
		add_reference(reading, g_ptr_array_index(ids, i - 1));
}

GPtrArray *references_read(const struct header_list *headers)
{
	struct reading reading = {
		.references = g_ptr_array_new_with_free_func(g_free),
		.seen = g_hash_table_new(g_str_hash, g_str_equal),
	};

	for (unsigned i = 0; i < headers->fields->len; i++) {
		const struct header_field *field = g_ptr_array_index(headers->fields, i);

		if (g_ascii_strcasecmp(field->name, "In-Reply-To") == 0)
			add_in_reply_to(&reading, headers, field->value);
	}
	for (unsigned i = 0; i < headers->fields->len; i++) {
		const struct header_field *field = g_ptr_array_index(headers->fields, i);

		if (g_ascii_strcasecmp(field->name, "References") == 0)
			add_references_field(&reading, field->value);
	}
	g_hash_table_unref(reading.seen);
	g_clear_pointer(&reading.addresses, g_hash_table_unref);
	return reading.references;
}
