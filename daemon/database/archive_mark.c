/* archive_mark.c - how far an archive of mail has been read.
 *
 * Used by whoever reads archives.
 */
#include "database/archive_mark.h"

#include <errno.h>

#include <jansson.h>

#include "database/source.h"

static GHashTable *read_marks(json_t *object)
{
	GHashTable *marks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

	for (void *item = json_object_iter(object); item; item = json_object_iter_next(object, item))
		archive_marks_set(marks, json_object_iter_key(item), json_string_value(json_object_iter_value(item)));
	return marks;
}

int archive_marks(struct store *store, const char *archive_name, int64_t deadline, GHashTable **ret_marks,
                  char **ret_reason)
{
	const struct store_source source = {.transport = "archive", .archive_name = archive_name};
	g_autofree char *answer = NULL;
	json_t *object;
	int status = store_ask(store,
	                       "SELECT coalesce(json_object_agg(m.place, m.mark), '{}')"
	                       "  FROM patchmail.archive_marks($1::jsonb->>'archive_name') m",
	                       &source, NULL, deadline, &answer, ret_reason);

	if (status < 0)
		return status;
	object = answer ? json_loads(answer, 0, NULL) : NULL;
	if (!json_is_object(object)) {
		json_decref(object);
		*ret_reason = g_strdup("the database gave no proper answer");
		return -EAGAIN;
	}
	*ret_marks = read_marks(object);
	json_decref(object);
	return 0;
}

const char *archive_marks_find(GHashTable *marks, const char *place)
{
	g_autofree char *name = source_name(place);

	return g_hash_table_lookup(marks, name);
}

void archive_marks_set(GHashTable *marks, const char *place, const char *mark)
{
	g_hash_table_insert(marks, source_name(place), g_strdup(mark));
}

int archive_mark_move(struct store *store, const struct store_source *source, int64_t deadline, char **ret_reason)
{
	g_autofree char *answer = NULL;

	return store_ask(store, "SELECT patchmail.move_mark($1::jsonb)", source, NULL, deadline, &answer, ret_reason);
}
