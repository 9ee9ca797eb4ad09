/* deletions.c - which mails an archive deleted.
 *
 * Used by the reader of public-inbox's repositories.  Holds one entry for each mail, however often it comes and goes.
 */
#include "archive/deletions.h"

#include <stdlib.h>
#include <string.h>

#include <glib.h>

struct deletion {
	uint8_t key[DELETIONS_KEY];
	uint64_t place;
};

struct deletions {
	struct deletion *items;
	size_t count, space;
	size_t sorted; /* so many at the beginning are in order, with one for each key */
};

#define FIRST_SPACE 1024

struct deletions *deletions_new(void)
{
	return g_new0(struct deletions, 1);
}

void deletions_free(struct deletions *deletions)
{
	if (deletions == NULL)
		return;
	g_free(deletions->items);
	g_free(deletions);
}

/* By key, the last place first. */
static int compare(const void *one, const void *other)
{
	const struct deletion *a = one, *b = other;
	int order = memcmp(a->key, b->key, DELETIONS_KEY);

	return order != 0 ? order : (a->place < b->place) - (a->place > b->place);
}

static void sort(struct deletions *deletions)
{
	size_t kept = 0;

	if (deletions->sorted == deletions->count)
		return;
	qsort(deletions->items, deletions->count, sizeof(*deletions->items), compare);
	for (size_t i = 0; i < deletions->count; i++)
		if (kept == 0 || memcmp(deletions->items[i].key, deletions->items[kept - 1].key, DELETIONS_KEY) != 0)
			deletions->items[kept++] = deletions->items[i];
	deletions->count = deletions->sorted = kept;
}

/* Room for one more.  It is half empty after that, so that sorting costs little for each. */
static bool make_room(struct deletions *deletions)
{
	if (deletions->count < deletions->space)
		return true;
	sort(deletions);
	if (deletions->count > DELETIONS_MAX)
		return false;
	deletions->space = MAX(FIRST_SPACE, 2 * deletions->count);
	deletions->items = g_renew(struct deletion, deletions->items, deletions->space);
	return true;
}

bool deletions_add(struct deletions *deletions, const uint8_t key[DELETIONS_KEY], uint64_t place)
{
	struct deletion *item;

	if (!make_room(deletions))
		return false;
	item = &deletions->items[deletions->count++];
	memcpy(item->key, key, DELETIONS_KEY);
	item->place = place;
	return true;
}

static int compare_key(const void *key, const void *item)
{
	return memcmp(key, ((const struct deletion *)item)->key, DELETIONS_KEY);
}

bool deletions_has(struct deletions *deletions, const uint8_t key[DELETIONS_KEY], uint64_t place)
{
	const struct deletion *found;

	sort(deletions);
	found = deletions->count == 0 ? NULL
	                              : bsearch(key, deletions->items, deletions->count, sizeof(*found), compare_key);
	return found && found->place > place;
}
