/* list_id.c - the lists that a mail names.
 *
 * Called by submission.c.  Promises: no form of a field fails; what is no list id is left out.
 */
#include "mail/list_id.h"

#include <string.h>

static void list_id_free(void *data)
{
	struct list_id *list_id = data;

	g_free(list_id->id);
	g_free(list_id);
}

/* The part in <...>, or the whole value if it is one word. */
static char *list_id_of(const char *raw)
{
	g_autofree char *value = header_decode(raw);
	const char *open = strrchr(value, '<'), *close = open ? strchr(open, '>') : NULL;

	if (close && close > open + 1)
		return g_strndup(open + 1, (gsize)(close - open - 1));
	return *value && !strchr(value, ' ') && !open ? g_strdup(value) : NULL;
}

GPtrArray *list_id_read(const struct header_list *headers)
{
	static const char *const fields[] = {"List-Id", "X-Mailing-List", "X-List"};
	GPtrArray *list_ids = g_ptr_array_new_with_free_func(list_id_free);

	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
		for (unsigned j = 0; j < headers->fields->len; j++) {
			const struct header_field *field = g_ptr_array_index(headers->fields, j);
			struct list_id *list_id;
			char *id;

			if (g_ascii_strcasecmp(field->name, fields[i]) != 0 || !(id = list_id_of(field->value)))
				continue;
			list_id = g_new(struct list_id, 1);
			*list_id = (struct list_id){fields[i], id};
			g_ptr_array_add(list_ids, list_id);
		}
	}
	return list_ids;
}
