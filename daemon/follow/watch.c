/* watch.c - notices that there are new commits in the repositories of an archive.
 *
 * Used by service.c.  git writes the objects of a commit first, and then renames a file to refs/heads/NAME or
 * packed-refs.  A folder is watched before what is in it is looked at, so each step of making a repository is either
 * seen, or happens before it is looked for.  Where inotify does not see what others write (network file systems), or
 * there is none left, the interval remains.
 */
#include "follow/watch.h"

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <glib.h>

#define DEPTH 3 /* an archive, git/, an epoch */
#define CHANGES (IN_CREATE | IN_MOVED_TO | IN_CLOSE_WRITE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK)

struct follow_watch {
	int descriptor;    /* of inotify, or -1 */
	int status;        /* why a part cannot be watched, a negative errno */
	GHashTable *kinds; /* of each watch's number: how the names in its folder are taken */
};

struct follow_watch *follow_watch_new(void)
{
	struct follow_watch *watch = g_new0(struct follow_watch, 1);

	watch->descriptor = -1;
	watch->kinds = g_hash_table_new(NULL, NULL);
	return watch;
}

void follow_watch_free(struct follow_watch *watch)
{
	if (!watch)
		return;
	if (watch->descriptor >= 0)
		close(watch->descriptor);
	g_hash_table_destroy(watch->kinds);
	g_free(watch);
}

/* Names ------------------------------------------------------------------------------------------------------------ */

enum kind {
	KIND_FOLDER = 1, /* one with repositories, or a repository */
	KIND_REFERENCES, /* a folder of references */
};

/* May a folder of this name have, or be, a repository?  Those of epochs are NUMBER.git, and their folder is git. */
static bool is_repository_name(const char *name)
{
	return g_str_has_suffix(name, ".git") || g_str_equal(name, "git") ||
	       (*name && strspn(name, G_CSET_DIGITS) == strlen(name));
}

/* Does a change of this name tell of something new? */
static bool is_news(enum kind kind, const char *name)
{
	static const char *const others[] = {"HEAD", "packed-refs", "refs", "reftable"};

	if (kind == KIND_REFERENCES)
		return !g_str_has_suffix(name, ".lock");
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
		if (g_str_equal(name, others[i]))
			return true;
	return is_repository_name(name);
}

/* Looking ---------------------------------------------------------------------------------------------------------- */

/* False if there is no such folder, or it cannot be watched. */
static bool add(struct follow_watch *watch, const char *path, enum kind kind)
{
	int number = inotify_add_watch(watch->descriptor, path, CHANGES);

	if (number >= 0)
		g_hash_table_insert(watch->kinds, GINT_TO_POINTER(number), GINT_TO_POINTER(kind));
	else if (errno != ENOENT && errno != ENOTDIR)
		watch->status = -errno;
	return number >= 0;
}

static void add_in(struct follow_watch *watch, const char *path, const char *name)
{
	g_autofree char *folder = g_build_filename(path, name, NULL);

	add(watch, folder, KIND_REFERENCES);
}

/* The folders in one that may have repositories, or be one, are looked at later. */
static void put_aside(GQueue *folders, const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		if (is_repository_name(entry->d_name))
			g_queue_push_tail(folders, g_build_filename(path, entry->d_name, NULL));
	if (folder)
		closedir(folder);
}

/* Look at those that are put aside, and put aside what is in them unless they are the last. */
static void look(struct follow_watch *watch, GQueue *folders, bool last)
{
	for (unsigned left = folders->length; left > 0; left--) {
		g_autofree char *path = g_queue_pop_head(folders);

		if (!add(watch, path, KIND_FOLDER))
			continue;
		add_in(watch, path, "refs");
		add_in(watch, path, "refs/heads");
		add_in(watch, path, "reftable");
		if (!last)
			put_aside(folders, path);
	}
}

int follow_watch_look(struct follow_watch *watch, const char *path)
{
	GQueue folders = G_QUEUE_INIT;

	if (watch->descriptor < 0)
		watch->descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (watch->descriptor < 0)
		return -errno;
	watch->status = 0;
	g_queue_push_tail(&folders, g_strdup(path));
	for (unsigned depth = 1; depth <= DEPTH; depth++)
		look(watch, &folders, depth == DEPTH);
	return watch->status;
}

int follow_watch_descriptor(const struct follow_watch *watch)
{
	return watch->descriptor;
}

/* Events ----------------------------------------------------------------------------------------------------------- */

static bool take(struct follow_watch *watch, const struct inotify_event *event)
{
	void *key = GINT_TO_POINTER(event->wd);
	enum kind kind = (enum kind)GPOINTER_TO_INT(g_hash_table_lookup(watch->kinds, key));

	if (event->mask & IN_IGNORED)
		g_hash_table_remove(watch->kinds, key);
	if (event->mask & (IN_Q_OVERFLOW | IN_DELETE_SELF | IN_MOVE_SELF))
		return true;
	return kind && event->len > 0 && is_news(kind, event->name);
}

bool follow_watch_take(struct follow_watch *watch)
{
	_Alignas(struct inotify_event) char bytes[16384];
	bool news = false;
	ssize_t got;

	while (watch->descriptor >= 0 && (got = read(watch->descriptor, bytes, sizeof(bytes))) > 0) {
		const struct inotify_event *event;

		for (ssize_t at = 0; at < got; at += (ssize_t)(sizeof(*event) + event->len)) {
			event = (const struct inotify_event *)(const void *)(bytes + at);
			news |= take(watch, event);
		}
	}
	return news;
}
