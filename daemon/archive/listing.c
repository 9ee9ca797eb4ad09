/* listing.c - lists folders.
 *
 * Used by archive/folder.  Reads names only; takes no locks and moves nothing.
 */
#include "archive/listing.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define NAMES_BLOCK 65536

struct listing *listing_new(void)
{
	struct listing *listing = g_new(struct listing, 1);

	listing->entries = g_array_new(FALSE, FALSE, sizeof(struct listing_entry));
	listing->names = g_string_chunk_new(NAMES_BLOCK);
	return listing;
}

void listing_free(struct listing *listing)
{
	if (listing == NULL)
		return;
	g_array_unref(listing->entries);
	g_string_chunk_free(listing->names);
	g_free(listing);
}

static enum listing_type type_of(mode_t mode)
{
	return S_ISREG(mode)   ? LISTING_FILE
	       : S_ISDIR(mode) ? LISTING_FOLDER
	       : S_ISLNK(mode) ? LISTING_LINK
	                       : LISTING_OTHER;
}

/* One that is gone meanwhile is left out. */
static void add(struct listing *listing, int folder, const char *part, const char *name)
{
	g_autofree char *full = part ? g_strconcat(part, "/", name, NULL) : NULL;
	struct listing_entry entry;
	struct stat status;

	if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return;
	entry = (struct listing_entry){
		.name = g_string_chunk_insert(listing->names, full ? full : name),
		.type = type_of(status.st_mode),
		.changed = (int64_t)status.st_ctim.tv_sec * 1000000000 + status.st_ctim.tv_nsec,
		.size = (uint64_t)status.st_size,
	};
	g_array_append_val(listing->entries, entry);
}

int listing_add(struct listing *listing, const char *path, const char *part, bool hidden)
{
	g_autofree char *folder = part ? g_build_filename(path, part, NULL) : g_strdup(path);
	DIR *stream = opendir(folder);
	struct dirent *entry;
	int failure;

	if (stream == NULL)
		return -errno;
	while (errno = 0, (entry = readdir(stream)) != NULL) {
		const char *name = entry->d_name;

		if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && (hidden || name[0] != '.'))
			add(listing, dirfd(stream), part, name);
	}
	failure = -errno;
	closedir(stream);
	return failure;
}

static const char *last_part(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash ? slash + 1 : name;
}

int listing_compare(const char *one, const char *other)
{
	int order = strverscmp(last_part(one), last_part(other));

	return order != 0 ? order : strcmp(one, other);
}

static int compare(gconstpointer one, gconstpointer other)
{
	return listing_compare(((const struct listing_entry *)one)->name, ((const struct listing_entry *)other)->name);
}

void listing_sort(struct listing *listing)
{
	g_array_sort(listing->entries, compare);
}

const struct listing_entry *listing_at(const struct listing *listing, unsigned i)
{
	return &g_array_index(listing->entries, struct listing_entry, i);
}
