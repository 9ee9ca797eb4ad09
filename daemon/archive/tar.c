/* tar.c - gives the mails in a tar.
 *
 * Used by archive/archive.  The survey reads all members and learns which folders are Maildirs; a visit reads them
 * again.
 */
#include "archive/tar.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "archive/file.h"
#include "archive/mark.h"
#include "archive/tar_members.h"

/* Maildirs --------------------------------------------------------------------------------------------------- */

#define HAS_NEW 1u
#define HAS_CUR 2u
#define FOLDERS_MAX 100000u

struct tar_folders {
	GHashTable *maildirs; /* a path: what it has of HAS_... */
};

void tar_folders_free(struct tar_folders *folders)
{
	if (folders == NULL)
		return;
	g_hash_table_unref(folders->maildirs);
	g_free(folders);
}

/* Does this folder, or one that it is in, hold new or cur? */
static void note_folder(struct tar_folders *folders, const char *path)
{
	g_autofree char *name = g_path_get_basename(path), *parent = g_path_get_dirname(path);
	unsigned part = strcmp(name, "new") == 0 ? HAS_NEW : strcmp(name, "cur") == 0 ? HAS_CUR : 0;
	unsigned known;

	if (part == 0 || g_hash_table_size(folders->maildirs) >= FOLDERS_MAX)
		return;
	known = GPOINTER_TO_UINT(g_hash_table_lookup(folders->maildirs, parent));
	if ((known | part) != known)
		g_hash_table_insert(folders->maildirs, g_steal_pointer(&parent), GUINT_TO_POINTER(known | part));
}

static bool is_maildir(const struct tar_folders *folders, const char *path)
{
	return GPOINTER_TO_UINT(g_hash_table_lookup(folders->maildirs, path)) == (HAS_NEW | HAS_CUR);
}

/* Where a member stands. */
enum standing { ELSEWHERE, MAIL_OF_MAILDIR, LEFT_OUT };

static enum standing standing_of(const struct tar_folders *folders, const char *name)
{
	g_autofree char *base = g_path_get_basename(name), *folder = g_path_get_dirname(name);
	g_autofree char *part = g_path_get_basename(folder);
	bool mails = strcmp(part, "new") == 0 || strcmp(part, "cur") == 0;

	if (base[0] == '.')
		return LEFT_OUT;
	for (bool first = true;; first = false) {
		g_autofree char *parent = NULL;

		if (is_maildir(folders, folder))
			return LEFT_OUT;
		parent = g_path_get_dirname(folder);
		if (first && mails && is_maildir(folders, parent))
			return MAIL_OF_MAILDIR;
		if (strcmp(parent, folder) == 0)
			return folder_is_deleted(base) ? LEFT_OUT : ELSEWHERE;
		g_free(folder);
		folder = g_steal_pointer(&parent);
	}
}

/* The survey ------------------------------------------------------------------------------------------------- */

/* A member that looks like no mail. */
struct other {
	char *name, *why;
};

static void other_free(void *data)
{
	struct other *other = data;

	g_free(other->name);
	g_free(other->why);
	g_free(other);
}

static void add_other(GPtrArray *others, const char *name, char *why)
{
	struct other *other = g_new(struct other, 1);

	*other = (struct other){g_strdup(name), why};
	g_ptr_array_add(others, other);
}

/* What is a file of it?  0, with the reason if it is no mail; or a negative errno if the tar cannot be read. */
static int survey_file(struct tar *tar, char **ret_why)
{
	struct stream *stream = stream_new(tar_read, tar, -1);
	const char *compression;
	int kind = file_kind(stream, &compression, ret_why);

	stream_free(stream);
	if (kind == KIND_TAR)
		*ret_why = g_strdup("is a tar in a tar; unpack it");
	return tar_problem(tar) ? -EBADMSG : 0;
}

static int survey_member(struct tar *tar, enum tar_type type, const char *name, struct tar_folders *folders,
                         struct folder_survey *survey, GPtrArray *others)
{
	g_autofree char *folder = g_path_get_dirname(name);
	char *why = NULL;
	int status = 0;

	if (type == TAR_FOLDER) {
		note_folder(folders, name);
	} else if (type == TAR_FILE) {
		note_folder(folders, folder);
		survey->files++;
		status = survey_file(tar, &why);
	} else if (type == TAR_OTHER) {
		why = g_strdup("is a device or a pipe");
	}
	if (why && others->len < TAR_OTHERS_MAX)
		add_other(others, name, why);
	else
		g_free(why);
	return status;
}

static int survey_members(struct tar *tar, struct tar_folders *folders, struct folder_survey *survey, GPtrArray *others,
                          char **ret_reason)
{
	enum tar_type type;
	const char *name;
	int status;

	while ((status = tar_next(tar, &type, &name, ret_reason)) > 0) {
		status = survey_member(tar, type, name, folders, survey, others);
		if (status < 0) {
			*ret_reason = g_strdup(tar_problem(tar));
			return status;
		}
		if (others->len == TAR_OTHERS_MAX)
			break;
	}
	return MIN(status, 0);
}

/* Which of those that look like no mail are in no Maildir? */
static void judge(const struct tar_folders *folders, const GPtrArray *others, const char *path,
                  struct folder_survey *survey)
{
	for (unsigned i = 0; i < others->len; i++) {
		const struct other *other = g_ptr_array_index(others, i);
		g_autofree char *full = g_strdup_printf("%s:%s", path, other->name);

		if (standing_of(folders, other->name) == ELSEWHERE || others->len == TAR_OTHERS_MAX)
			folder_survey_wrong(survey, full, other->why);
	}
}

static void count_maildirs(const struct tar_folders *folders, struct folder_survey *survey)
{
	GHashTableIter iter;
	gpointer path;

	g_hash_table_iter_init(&iter, folders->maildirs);
	while (g_hash_table_iter_next(&iter, &path, NULL))
		survey->maildirs += is_maildir(folders, path);
}

int tar_survey(struct stream *stream, const char *path, struct folder_survey *ret_survey,
               struct tar_folders **ret_folders, char **ret_reason)
{
	struct tar_folders *folders = g_new(struct tar_folders, 1);
	g_autoptr(GPtrArray) others = g_ptr_array_new_with_free_func(other_free);
	struct tar *tar = tar_open(stream);
	char *reason = NULL;
	int status;

	folders->maildirs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	*ret_survey = (struct folder_survey){0};
	status = survey_members(tar, folders, ret_survey, others, &reason);
	tar_close(tar);
	if (status < 0) {
		*ret_reason = g_strdup_printf("%s: %s", path, reason);
	} else {
		judge(folders, others, path, ret_survey);
		count_maildirs(folders, ret_survey);
		if (ret_survey->wrong > 0) {
			status = -EBADMSG;
			*ret_reason = folder_survey_reason(ret_survey);
		}
	}
	g_free(reason);
	folder_survey_release(ret_survey);
	if (status < 0)
		tar_folders_free(folders);
	else
		*ret_folders = folders;
	return status;
}

/* The visit -------------------------------------------------------------------------------------------------- */

/* How far a tar is given: so many members whole, with that digest, and in the next one, an mbox, up to a place. */
struct tar_mark {
	uint64_t members;
	char digest[TAR_DIGEST + 1];
	const char *place; /* NULL: at the beginning of the member */
};

/* A tar at work. */
struct work {
	struct visit *visit;
	const char *path;
	const struct tar_folders *folders;
	struct stream *stream;
	struct tar *tar;
	char *place;
	struct tar_mark mark; /* where the present member begins */
	char *name;           /* of the member: "TAR:NAME" */
};

static char *write_mark(const struct tar_mark *mark)
{
	return g_strdup_printf("%" PRIu64 " %s%s%s", mark->members, mark->digest, mark->place ? " " : "",
	                       mark->place ? mark->place : "");
}

static bool read_mark(const char *text, struct tar_mark *ret_mark)
{
	if (!mark_read_number(&text, &ret_mark->members) || strspn(text, "0123456789abcdef") != TAR_DIGEST)
		return false;
	g_strlcpy(ret_mark->digest, text, sizeof(ret_mark->digest));
	text += TAR_DIGEST;
	ret_mark->place = *text == ' ' ? text + 1 : NULL;
	return *text == '\0' || *text == ' ';
}

static char *make_mark(const void *context, struct mbox *mbox)
{
	const struct work *work = context;
	struct tar_mark mark = work->mark;
	struct mbox_place place;
	g_autofree char *text = NULL;

	mbox_place(mbox, &place);
	mark.place = text = file_write_place(&place);
	return write_mark(&mark);
}

/* A member is one mail: its mark is where the next one begins. */
static int give_mail(struct work *work, struct mail_file *file, struct stream *stream)
{
	struct tar_mark after = {.members = work->mark.members + 1};
	struct mail_archive_mail mail = {
		.position = file->path, .place = file->place, .done = stream_taken(work->stream)};
	g_autofree char *mark = NULL;
	size_t length = 0;
	int status = visit_gather(work->visit, stream_read, stream, &length);

	if (status == 1) {
		status = tar_finish(work->tar);
		tar_digest(work->tar, after.digest);
		mail.mark = mark = write_mark(&after);
		if (status == 0)
			visit_give(work->visit, length, NULL, NULL, &mail);
	} else if (status == 0) {
		visit_give(work->visit, length, stream_read, stream, &mail);
	}
	return status;
}

/* `begin`: the place in it that the last visit came to, or NULL. */
static int give_mbox(struct work *work, struct mail_file *file, struct stream *stream, const char *begin)
{
	struct mbox *mbox = mbox_new(stream_read, stream);
	struct mbox_place place;
	int status = MBOX_FITS;

	if (begin)
		status = file_read_place(begin, &place) ? mbox_go_to(mbox, &place) : MBOX_OTHER;
	if (status > MBOX_FITS)
		status = -ESTALE;
	if (status == 0)
		status = file_give_mbox(work->visit, file, mbox, work->stream, make_mark, work);
	mbox_free(mbox);
	return status;
}

static int give_file(struct work *work, enum standing standing, const char *begin, char **ret_reason)
{
	struct stream *stream = stream_new(tar_read, work->tar, -1);
	struct mail_file file = {.path = work->name, .place = work->place};
	const char *compression;
	int kind = file_kind(stream, &compression, ret_reason), status;

	if (standing == MAIL_OF_MAILDIR && stream_problem(stream) == NULL) {
		g_clear_pointer(ret_reason, g_free);
		status = give_mail(work, &file, stream);
	} else if (kind == KIND_MBOX) {
		status = give_mbox(work, &file, stream, begin);
	} else if (kind == KIND_MAIL) {
		status = give_mail(work, &file, stream);
	} else {
		status = MIN(kind, 0);
	}
	if (status < 0 && *ret_reason == NULL && stream_problem(stream))
		*ret_reason = g_strdup(stream_problem(stream));
	stream_free(stream);
	return status;
}

/* What a member has is given; if only it cannot be read, the others are. */
static int give_member(struct work *work, enum tar_type type, const char *name, const char *begin)
{
	enum standing standing = standing_of(work->folders, name);
	char *reason = NULL;
	int status = 0;

	g_free(work->name);
	work->name = g_strdup_printf("%s:%s", work->path, name);
	if (type == TAR_FILE && standing != LEFT_OUT)
		status = give_file(work, standing, begin, &reason);
	if (status < 0 && status != -ESTALE && tar_problem(work->tar) == NULL) {
		visit_unreadable(work->visit, work->name,
		                 reason ? g_steal_pointer(&reason) : g_strdup(g_strerror(-status)));
		status = 0;
	}
	g_free(reason);
	return status;
}

/* Go through the members, those before `mark` without looking at them.  -ESTALE: the mark does not fit. */
static int give_members(struct work *work, const struct tar_mark *mark, char **ret_reason)
{
	enum tar_type type = TAR_FILE;
	const char *name = NULL;
	int status = 0;

	work->mark = (struct tar_mark){0};
	for (;;) {
		const char *begin = NULL;

		status = tar_finish(work->tar);
		tar_digest(work->tar, work->mark.digest);
		if (status == 0 && mark && work->mark.members == mark->members) {
			if (strcmp(work->mark.digest, mark->digest) != 0)
				return -ESTALE;
			begin = mark->place;
		}
		if (status == 0)
			status = visit_stopped(work->visit) ? 0 : tar_next(work->tar, &type, &name, ret_reason);
		if (status > 0 && !(mark && work->mark.members < mark->members)) {
			status = give_member(work, type, name, begin);
			status = status < 0 ? status : 1;
		}
		if (status <= 0)
			break;
		work->mark.members++;
	}
	/* A tar that has fewer members now. */
	if (status == 0 && mark && work->mark.members < mark->members && !visit_stopped(work->visit))
		return -ESTALE;
	return status;
}

static int open_tar(struct work *work)
{
	const char *compression;
	int status = file_open(work->path, true, &work->stream);

	if (status < 0)
		return status;
	status = stream_kind(work->stream, &compression);
	work->tar = tar_open(work->stream);
	return MIN(status, 0);
}

static void close_tar(struct work *work)
{
	g_clear_pointer(&work->tar, tar_close);
	g_clear_pointer(&work->stream, stream_free);
}

static int visit_from(struct work *work, const struct tar_mark *mark)
{
	char *reason = NULL;
	int status = open_tar(work);

	if (status == 0)
		status = give_members(work, mark, &reason);
	if (status < 0 && reason == NULL && work->tar && tar_problem(work->tar))
		reason = g_strdup(tar_problem(work->tar));
	if (status < 0 && reason == NULL && work->stream && stream_problem(work->stream))
		reason = g_strdup(stream_problem(work->stream));
	/* A mark that does not fit is no failure of the tar. */
	if (status == -ESTALE && mark && reason == NULL) {
		close_tar(work);
		return status;
	}
	if (status < 0)
		visit_unreadable(work->visit, work->path, reason ? reason : g_strdup(g_strerror(-status)));
	close_tar(work);
	return 0;
}

void tar_visit(const char *path, const struct tar_folders *folders, struct visit *visit)
{
	struct work work = {.visit = visit, .path = path, .folders = folders, .place = realpath(path, NULL)};
	g_autofree char *text = NULL;
	struct tar_mark mark;
	bool marked;

	if (work.place == NULL) {
		visit_unreadable(visit, path, g_strdup(g_strerror(errno)));
		return;
	}
	text = g_strdup(visit_mark(visit, work.place));
	marked = text && read_mark(text, &mark);
	if (text && (!marked || visit_from(&work, &mark) == -ESTALE)) {
		visit_anew(visit, work.place, "it is another file, or what was read of it has changed");
		marked = false;
	}
	if (!marked)
		visit_from(&work, NULL);
	g_free(work.name);
	free(work.place);
}
