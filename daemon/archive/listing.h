/* listing.h - the names in a folder, in their order. */
#ifndef PATCHMAILD_LISTING_H
#define PATCHMAILD_LISTING_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

enum listing_type { LISTING_FILE, LISTING_FOLDER, LISTING_LINK, LISTING_OTHER };

struct listing_entry {
	const char *name; /* in the folder; in a Maildir's listing with "new/" or "cur/" */
	enum listing_type type;
	int64_t changed; /* nanoseconds: when the file was last written, renamed or put there (st_ctim) */
	uint64_t size;
};

struct listing {
	GArray *entries; /* of struct listing_entry */
	GStringChunk *names;
};

struct listing *listing_new(void);
void listing_free(struct listing *listing);

/* Add what is in `path`/`part` (NULL: in `path`), but for names that begin with a dot, unless `hidden`.  0 or a
 * negative errno. */
int listing_add(struct listing *listing, const char *path, const char *part, bool hidden);

/* By name, numbers as numbers, without the folder of a Maildir: then the time of delivery comes first. */
void listing_sort(struct listing *listing);
int listing_compare(const char *one, const char *other);

const struct listing_entry *listing_at(const struct listing *listing, unsigned i);

#endif
