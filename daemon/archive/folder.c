/* folder.c - walks folders of mails.
 *
 * Used by archive/archive.  Promises that a file that comes after a visit is given in the next one, wherever its name
 * stands among the others.
 */
#include "archive/folder.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "archive/file.h"
#include "archive/git.h"
#include "archive/listing.h"
#include "archive/mark.h"

/* What both passes do ---------------------------------------------------------------------------------------- */

/* A walk through folders: the survey, or the visit. */
struct walk {
	char *root; /* without links; links may lead to what is in it */
	/* What is done with the files of a folder, which are sorted. */
	void (*files)(struct walk *walk, const char *path, const struct listing *listing, bool is_maildir);
	void (*wrong)(struct walk *walk, const char *path, char *why); /* takes `why` */
	struct folder_survey *survey;
	struct visit *visit;
	uint64_t done;
};

static bool has_folder(const char *path, const char *name)
{
	g_autofree char *folder = g_build_filename(path, name, NULL);
	struct stat status;

	return lstat(folder, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool is_maildir(const char *path)
{
	return has_folder(path, "new") && has_folder(path, "cur");
}

static bool is_maildir_part(const char *name)
{
	return strcmp(name, "new") == 0 || strcmp(name, "cur") == 0 || strcmp(name, "tmp") == 0;
}

bool folder_is_deleted(const char *name)
{
	return (name[0] == ',' || name[0] == '#') && name[1] != '\0' &&
	       strspn(name + 1, "0123456789") == strlen(name + 1);
}

#define CANNOT_READ "cannot be read: "

static void cannot_read(struct walk *walk, const char *path, int failure)
{
	walk->wrong(walk, path, g_strdup_printf(CANNOT_READ "%s", g_strerror(-failure)));
}

/* A link is a mistake unless it leads to what is read in its own place. */
static void look_at_link(struct walk *walk, const char *path)
{
	char *target = realpath(path, NULL);
	size_t length = strlen(walk->root);

	if (target == NULL)
		walk->wrong(walk, path, g_strdup("is a link that leads nowhere"));
	else if (strncmp(target, walk->root, length) != 0 || (target[length] != '/' && target[length] != '\0'))
		walk->wrong(walk, path, g_strdup("is a link out of the folder; name what it leads to"));
	free(target);
}

static void walk_folder(struct walk *walk, const char *path, bool in_maildir, unsigned depth);

/* The folders of a folder.  In a Maildir, and below, mails are only in Maildirs. */
/* NOLINTNEXTLINE(misc-no-recursion): FOLDER_DEPTH_MAX bounds it */
static void walk_folders(struct walk *walk, const char *path, const struct listing *listing, bool in_maildir,
                         unsigned depth)
{
	for (unsigned i = 0; i < listing->entries->len; i++) {
		const struct listing_entry *entry = listing_at(listing, i);
		g_autofree char *inner = g_build_filename(path, entry->name, NULL);

		if (entry->type != LISTING_FOLDER || (in_maildir && is_maildir_part(entry->name)) ||
		    (entry->name[0] == '.' && !is_maildir(inner)))
			continue;
		walk_folder(walk, inner, in_maildir, depth + 1);
	}
}

static void walk_maildir(struct walk *walk, const char *path)
{
	struct listing *mails = listing_new();
	int status = listing_add(mails, path, "new", false);

	if (status == 0)
		status = listing_add(mails, path, "cur", false);
	listing_sort(mails);
	if (status < 0)
		cannot_read(walk, path, status);
	else
		walk->files(walk, path, mails, true);
	listing_free(mails);
}

/* NOLINTNEXTLINE(misc-no-recursion): as above */
static void walk_folder(struct walk *walk, const char *path, bool in_maildir, unsigned depth)
{
	struct listing *listing = listing_new();
	g_autofree char *repository = git_folder(path);
	bool maildir = is_maildir(path);
	int status = listing_add(listing, path, NULL, true);

	listing_sort(listing);
	if (status < 0)
		cannot_read(walk, path, status);
	else if (depth > FOLDER_DEPTH_MAX)
		walk->wrong(walk, path, g_strdup("is too deep in other folders"));
	else if (repository && !in_maildir)
		walk->wrong(walk, path, g_strdup("is a git repository; name it if it is a public-inbox"));
	else if (maildir)
		walk_maildir(walk, path);
	else if (!in_maildir)
		walk->files(walk, path, listing, false);
	if (status == 0 && depth <= FOLDER_DEPTH_MAX && !(repository && !in_maildir))
		walk_folders(walk, path, listing, in_maildir || maildir, depth);
	listing_free(listing);
}

static void walk_all(struct walk *walk, const char *path)
{
	walk->root = realpath(path, NULL);
	if (walk->root == NULL)
		cannot_read(walk, path, -errno);
	else
		walk_folder(walk, path, false, 0);
	free(walk->root);
}

/* Is it a file whose name says nothing against mails? */
static bool is_file(const struct listing_entry *entry, bool maildir)
{
	return entry->type == LISTING_FILE && (maildir || (entry->name[0] != '.' && !folder_is_deleted(entry->name)));
}

/* The file of an entry is to be read: true.  What is none and should not be there is reported. */
static bool is_wanted(struct walk *walk, const char *path, const struct listing_entry *entry, bool maildir)
{
	if (entry->type == LISTING_FILE)
		return is_file(entry, maildir);
	if (maildir || entry->name[0] == '.' || entry->type == LISTING_FOLDER)
		return false;
	if (entry->type == LISTING_LINK)
		look_at_link(walk, path);
	else
		walk->wrong(walk, path, g_strdup("is no file"));
	return false;
}

/* The survey ------------------------------------------------------------------------------------------------- */

#define NAMED_MAX 3 /* files that are named */

void folder_survey_wrong(struct folder_survey *survey, const char *path, const char *why)
{
	if (survey->names == NULL)
		survey->names = g_string_new(NULL);
	if (survey->wrong++ < NAMED_MAX)
		g_string_append_printf(survey->names, "%s%s %s", survey->wrong > 1 ? "; " : "", path, why);
}

char *folder_survey_reason(const struct folder_survey *survey)
{
	if (survey->wrong <= NAMED_MAX)
		return g_strdup(survey->names->str);
	return g_strdup_printf("%s; and %u more like these", survey->names->str, survey->wrong - NAMED_MAX);
}

void folder_survey_release(struct folder_survey *survey)
{
	if (survey->names)
		g_string_free(survey->names, TRUE);
	survey->names = NULL;
}

static void survey_wrong(struct walk *walk, const char *path, char *why)
{
	folder_survey_wrong(walk->survey, path, why);
	g_free(why);
}

static void survey_file(struct walk *walk, const char *path)
{
	struct stream *stream = NULL;
	const char *compression;
	char *reason = NULL;
	int status = file_open(path, false, &stream);

	if (status == 0) {
		status = file_kind(stream, &compression, &reason);
		stream_free(stream);
	}
	if (status == KIND_TAR)
		survey_wrong(walk, path, g_strdup("is a tar; name it by itself"));
	else if (status < 0 && status != -ENOENT)
		survey_wrong(walk, path, reason ? reason : g_strdup(g_strerror(-status)));
}

static void survey_files(struct walk *walk, const char *path, const struct listing *listing, bool maildir)
{
	if (maildir && walk->survey->maildirs++ > 0)
		walk->survey->subfolders++;
	for (unsigned i = 0; i < listing->entries->len; i++) {
		const struct listing_entry *entry = listing_at(listing, i);
		g_autofree char *file = g_build_filename(path, entry->name, NULL);

		if (!is_wanted(walk, file, entry, maildir))
			continue;
		walk->survey->files++;
		walk->survey->bytes += entry->size;
		if (!maildir)
			survey_file(walk, file);
	}
}

int folder_survey(const char *path, struct folder_survey *ret_survey, char **ret_reason)
{
	struct walk walk = {.files = survey_files, .wrong = survey_wrong, .survey = ret_survey};

	*ret_survey = (struct folder_survey){.is_maildir = is_maildir(path)};
	walk_all(&walk, path);
	if (ret_survey->wrong == 0)
		return 0;
	*ret_reason = folder_survey_reason(ret_survey);
	folder_survey_release(ret_survey);
	return -EBADMSG;
}

/* Marks ------------------------------------------------------------------------------------------------------ */

/* How far the mails of a folder are given.  Files that change or come later have a later time, wherever their names
 * stand. */
struct folder_mark {
	int64_t newest;   /* st_ctim of the newest one that is given */
	uint64_t older;   /* given ones that are older than that */
	uint64_t same;    /* given ones that are not */
	const char *name; /* of the last one; NULL: there is no mark */
};

/* A name may have any bytes, and a mark is UTF-8. */
static char *write_mark(const struct folder_mark *mark)
{
	g_autofree char *name = g_uri_escape_string(mark->name, "/", FALSE);

	return g_strdup_printf("%" PRId64 " %" PRIu64 " %" PRIu64 " %s", mark->newest, mark->older, mark->same, name);
}

/* `ret_name` keeps the name (the caller frees it). */
static bool read_mark(const char *text, struct folder_mark *ret_mark, char **ret_name)
{
	uint64_t newest;

	if (!mark_read_number(&text, &newest) || !mark_read_number(&text, &ret_mark->older) ||
	    !mark_read_number(&text, &ret_mark->same) || newest > INT64_MAX || *text == '\0')
		return false;
	ret_mark->newest = (int64_t)newest;
	ret_mark->name = *ret_name = g_uri_unescape_string(text, NULL);
	return *ret_name != NULL;
}

/* One more is given. */
static void advance(struct folder_mark *mark, const struct listing_entry *entry)
{
	if (entry->changed > mark->newest) {
		mark->older += mark->same;
		mark->same = 0;
		mark->newest = entry->changed;
	}
	mark->older += entry->changed < mark->newest;
	mark->same += entry->changed == mark->newest;
	if (mark->name == NULL || listing_compare(entry->name, mark->name) > 0)
		mark->name = entry->name;
}

/* Was it given?  With `count`, those that are were counted as many as now: the same ones. */
static bool is_given(const struct folder_mark *mark, const struct listing_entry *entry, bool count)
{
	return mark->name && listing_compare(entry->name, mark->name) <= 0 &&
	       (entry->changed < mark->newest || (count && entry->changed == mark->newest));
}

/* Does the mark fit: are there no more older files than were given?  There are if the clock was set back.  Counts them
 * anew; *ret_same: those that are as new as the newest are the ones that were given. */
static bool mark_fits(struct folder_mark *mark, const struct listing *listing, bool maildir, bool *ret_same)
{
	uint64_t older = 0, same = 0, known = mark->older;

	for (unsigned i = 0; i < listing->entries->len; i++) {
		const struct listing_entry *entry = listing_at(listing, i);

		if (!is_file(entry, maildir))
			continue;
		older += is_given(mark, entry, false);
		same += is_given(mark, entry, true);
	}
	*ret_same = same - older == mark->same;
	mark->older = older;
	mark->same = *ret_same ? mark->same : 0;
	return older <= known;
}

/* The visit -------------------------------------------------------------------------------------------------- */

/* Whoever is told says himself that it cannot be read. */
static void visit_wrong(struct walk *walk, const char *path, char *why)
{
	size_t skipped = g_str_has_prefix(why, CANNOT_READ) ? strlen(CANNOT_READ) : 0;

	visit_unreadable(walk->visit, path, g_strdup(why + skipped));
	g_free(why);
}

/* The files of one folder. */
struct files {
	struct walk *walk;
	const char *path;
	char *place;
	bool maildir;
	struct folder_mark mark;
	GHashTable *missing; /* names that were listed and are gone: in a Maildir they may have another one now */
};

/* The part of a name that stays the same when its flags change. */
static char *unique_part(const char *name)
{
	const char *slash = strrchr(name, '/');

	name = slash ? slash + 1 : name;
	return g_strndup(name, strcspn(name, ":"));
}

static void visit_file(struct files *files, const struct listing_entry *entry, const struct folder_mark *after)
{
	g_autofree char *path = g_build_filename(files->path, entry->name, NULL);
	g_autofree char *place = g_build_filename(files->place, entry->name, NULL);
	g_autofree char *mark = write_mark(after);
	const struct mail_file file = {
		.path = path,
		.place = place,
		.done = files->walk->done,
		.is_mail = files->maildir,
		.mail_place = files->place,
		.mail_mark = mark,
	};

	if (file_visit(files->walk->visit, &file) == -ENOENT)
		g_hash_table_add(files->missing, unique_part(entry->name));
}

static void visit_listed(struct files *files, const struct listing *listing, bool same)
{
	const struct folder_mark given = files->mark;

	for (unsigned i = 0; i < listing->entries->len && !visit_stopped(files->walk->visit); i++) {
		const struct listing_entry *entry = listing_at(listing, i);
		g_autofree char *path = g_build_filename(files->path, entry->name, NULL);

		if (!is_wanted(files->walk, path, entry, files->maildir))
			continue;
		if (!is_given(&given, entry, same)) {
			advance(&files->mark, entry);
			visit_file(files, entry, &files->mark);
		}
		files->walk->done += entry->size;
	}
}

/* Mails of a Maildir that were moved while it was read. */
static void visit_moved(struct files *files)
{
	struct listing *listing = listing_new();

	if (listing_add(listing, files->path, "cur", false) == 0)
		for (unsigned i = 0; i < listing->entries->len && !visit_stopped(files->walk->visit); i++) {
			const struct listing_entry *entry = listing_at(listing, i);
			g_autofree char *name = unique_part(entry->name);

			if (entry->type == LISTING_FILE && g_hash_table_remove(files->missing, name))
				visit_file(files, entry, &files->mark);
		}
	listing_free(listing);
}

static void visit_files(struct walk *walk, const char *path, const struct listing *listing, bool maildir)
{
	char *place = realpath(path, NULL);
	struct files files = {.walk = walk, .path = path, .place = place ? place : (char *)path, .maildir = maildir};
	g_autofree char *text = g_strdup(visit_mark(walk->visit, files.place)), *name = NULL;
	bool same = false;

	if (text && (!read_mark(text, &files.mark, &name) || !mark_fits(&files.mark, listing, maildir, &same))) {
		visit_anew(walk->visit, files.place, "files came into it that are older than what was read of it");
		files.mark = (struct folder_mark){0};
	}
	files.missing = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	visit_listed(&files, listing, same);
	if (maildir && g_hash_table_size(files.missing) > 0)
		visit_moved(&files);
	g_hash_table_unref(files.missing);
	free(place);
}

void folder_visit(const char *path, struct visit *visit)
{
	struct walk walk = {.files = visit_files, .wrong = visit_wrong, .visit = visit};

	walk_all(&walk, path);
}
