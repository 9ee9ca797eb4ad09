/* import_foresight.c - remembers the mails of a dry run.
 *
 * Used by import.c.  Of a Message-ID it keeps a hash alone, so an archive of millions fits; two of them that have the
 * same one would be one in so many millions of archives.
 */
#include "commands/import_foresight.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* A mail that was parsed, and has no outcome yet. */
struct noted {
	char *position;
	gpointer id;
	GPtrArray *references; /* hashes */
};

struct import_foresight {
	GQueue noted;      /* of struct noted */
	GHashTable *known; /* hashes of the mails that would be there */
};

static void noted_free(void *item)
{
	struct noted *noted = item;

	g_free(noted->position);
	g_ptr_array_unref(noted->references);
	g_free(noted);
}

struct import_foresight *import_foresight_new(void)
{
	struct import_foresight *foresight = g_new0(struct import_foresight, 1);

	foresight->known = g_hash_table_new(g_direct_hash, g_direct_equal);
	return foresight;
}

void import_foresight_free(struct import_foresight *foresight)
{
	if (foresight == NULL)
		return;
	g_queue_clear_full(&foresight->noted, noted_free);
	g_hash_table_unref(foresight->known);
	g_free(foresight);
}

/* FNV-1a, in as many bits as a pointer has. */
static gpointer hash_of(const char *text)
{
	uint64_t hash = 14695981039346656037u;

	for (; *text != '\0'; text++)
		hash = (hash ^ (unsigned char)*text) * 1099511628211u;
	return (gpointer)(uintptr_t)(hash ^ hash >> 32);
}

void import_foresight_note(struct import_foresight *foresight, const char *position, const json_t *facts)
{
	const char *id = json_string_value(json_object_get(facts, "message_id"));
	struct noted *noted = g_new(struct noted, 1);
	const json_t *reference;
	size_t i;

	*noted = (struct noted){g_strdup(position), hash_of(id != NULL ? id : ""), g_ptr_array_new()};
	json_array_foreach (json_object_get(facts, "references"), i, reference) {
		if (json_is_string(reference))
			g_ptr_array_add(noted->references, hash_of(json_string_value(reference)));
	}
	g_queue_push_tail(&foresight->noted, noted);
}

static bool answers_known(const struct import_foresight *foresight, const struct noted *noted)
{
	for (guint i = 0; i < noted->references->len; i++) {
		if (g_hash_table_contains(foresight->known, g_ptr_array_index(noted->references, i)))
			return true;
	}
	return false;
}

void import_foresight_judge(struct import_foresight *foresight, const char *position, struct outcome *outcome)
{
	struct noted *noted = g_queue_peek_head(&foresight->noted);

	if (noted == NULL || strcmp(noted->position, position) != 0)
		return;
	g_queue_pop_head(&foresight->noted);
	if (outcome->kind == OUTCOME_STORED || outcome->kind == OUTCOME_WAITING) {
		if (!g_hash_table_add(foresight->known, noted->id))
			outcome_set(outcome, OUTCOME_DUPLICATE, "it comes a second time");
		else if (outcome->kind == OUTCOME_WAITING && answers_known(foresight, noted))
			outcome_set(outcome, OUTCOME_STORED, NULL);
	}
	noted_free(noted);
}
