/* archive.c - archives of mail, of all formats.
 *
 * Used by the commands that read archives.  Finds out what a path is, and leaves the rest to the reader of that format.
 */
#include "archive/archive.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>

#include "archive/file.h"
#include "archive/folder.h"
#include "archive/public_inbox.h"
#include "archive/stream.h"
#include "archive/tar.h"
#include "archive/visit.h"

enum format { FORMAT_FILE, FORMAT_TAR, FORMAT_FOLDER, FORMAT_PUBLIC_INBOX };

struct mail_archive {
	char *path;
	enum format format;
	bool is_mail;          /* a file that is one mail, whatever it looks like */
	struct stream *stream; /* of what can be read once */
	char *place, *kind;
	uint64_t size;
	struct tar_folders *folders;
	struct public_inbox *inbox;
};

/* Opening ---------------------------------------------------------------------------------------------------- */

static int explain(const struct mail_archive *archive, int failure, const char *why, char **ret_reason)
{
	*ret_reason = g_strdup_printf("%s: %s%s", archive->path,
	                              why ? "" : "cannot be read: ", why ? why : g_strerror(-failure));
	return failure;
}

static char *name_kind(int kind, const char *compression)
{
	const char *what = kind == KIND_MBOX    ? "an mbox"
	                   : kind == KIND_TAR   ? "a tar"
	                   : kind == KIND_EMPTY ? "an empty file"
	                                        : "one mail";

	return compression ? g_strdup_printf("%s (%s)", what, compression) : g_strdup(what);
}

static int survey_tar(struct mail_archive *archive, struct stream *stream, bool regular, char **ret_reason)
{
	struct folder_survey survey;

	if (!regular)
		return explain(archive, -EBADMSG, "is a tar: it is read twice, so it has to be a file", ret_reason);
	archive->format = FORMAT_TAR;
	return tar_survey(stream, archive->path, &survey, &archive->folders, ret_reason);
}

/* What can be read once is kept open, with the bytes that were looked at. */
static int open_stream(struct mail_archive *archive, struct stream *stream, bool regular, bool any, char **ret_reason)
{
	g_autofree char *why = NULL;
	const char *compression;
	int kind = file_kind(stream, &compression, &why), status = 0;

	if (any && (kind == KIND_EMPTY || kind == -EBADMSG) && stream_problem(stream) == NULL) {
		archive->is_mail = true;
		kind = KIND_MAIL;
	}
	if (kind < 0)
		status = explain(archive, kind, why, ret_reason);
	else
		archive->kind = name_kind(kind, compression);
	if (kind == KIND_TAR)
		status = survey_tar(archive, stream, regular, ret_reason);
	if (status < 0 || regular)
		stream_free(stream);
	else
		archive->stream = stream;
	return status;
}

static int open_standard_input(struct mail_archive *archive, bool any, char **ret_reason)
{
	int fd = dup(STDIN_FILENO);

	if (fd < 0)
		return explain(archive, -errno, NULL, ret_reason);
	archive->place = g_strdup("-");
	return open_stream(archive, stream_new(NULL, NULL, fd), false, any, ret_reason);
}

static int open_file(struct mail_archive *archive, const struct stat *status, bool any, char **ret_reason)
{
	struct stream *stream;
	int failure = file_open(archive->path, true, &stream);

	if (failure < 0)
		return explain(archive, failure, NULL, ret_reason);
	archive->size = S_ISREG(status->st_mode) ? (uint64_t)status->st_size : 0;
	return open_stream(archive, stream, S_ISREG(status->st_mode), any, ret_reason);
}

static char *name_folder(const struct folder_survey *survey)
{
	const char *plural = survey->subfolders == 1 ? "" : "s";

	if (survey->is_maildir && survey->subfolders > 0)
		return g_strdup_printf("a Maildir with %u subfolder%s", survey->subfolders, plural);
	if (survey->is_maildir)
		return g_strdup("a Maildir");
	if (survey->maildirs > 0)
		return g_strdup_printf("a folder with %u Maildir%s", survey->maildirs,
		                       survey->maildirs == 1 ? "" : "s");
	return g_strdup(survey->files > 0 ? "a folder of mails" : "an empty folder");
}

static int open_folder(struct mail_archive *archive, char **ret_reason)
{
	struct folder_survey survey;
	int status = public_inbox_open(archive->path, &archive->inbox, ret_reason);

	if (status < 0)
		return status;
	if (status > 0) {
		archive->format = FORMAT_PUBLIC_INBOX;
		archive->kind = public_inbox_kind(archive->inbox);
		return 0;
	}
	archive->format = FORMAT_FOLDER;
	status = folder_survey(archive->path, &survey, ret_reason);
	if (status < 0)
		return status;
	archive->kind = name_folder(&survey);
	archive->size = survey.bytes;
	return 0;
}

static int open_path(struct mail_archive *archive, bool any, char **ret_reason)
{
	struct stat status;
	char *place;

	if (strcmp(archive->path, "-") == 0)
		return open_standard_input(archive, any, ret_reason);
	place = realpath(archive->path, NULL);
	if (place == NULL || stat(archive->path, &status) < 0)
		return explain(archive, -errno, NULL, ret_reason);
	archive->place = g_strdup(place);
	free(place);
	return S_ISDIR(status.st_mode) ? open_folder(archive, ret_reason)
	                               : open_file(archive, &status, any, ret_reason);
}

static int open_archive(const char *path, bool any, struct mail_archive **ret_archive, char **ret_reason)
{
	struct mail_archive *archive = g_new0(struct mail_archive, 1);
	int status;

	archive->path = g_strdup(path);
	status = open_path(archive, any, ret_reason);
	if (status < 0)
		mail_archive_free(archive);
	else
		*ret_archive = archive;
	return status;
}

int mail_archive_open(const char *path, struct mail_archive **ret_archive, char **ret_reason)
{
	return open_archive(path, false, ret_archive, ret_reason);
}

int mail_archive_open_any(const char *path, struct mail_archive **ret_archive, char **ret_reason)
{
	return open_archive(path, true, ret_archive, ret_reason);
}

void mail_archive_free(struct mail_archive *archive)
{
	if (archive == NULL)
		return;
	stream_free(archive->stream);
	tar_folders_free(archive->folders);
	public_inbox_free(archive->inbox);
	g_free(archive->path);
	g_free(archive->place);
	g_free(archive->kind);
	g_free(archive);
}

/* Using ------------------------------------------------------------------------------------------------------ */

const char *mail_archive_kind(const struct mail_archive *archive)
{
	return archive->kind;
}

bool mail_archive_is_public_inbox(const struct mail_archive *archive)
{
	return archive->format == FORMAT_PUBLIC_INBOX;
}

uint64_t mail_archive_size(struct mail_archive *archive)
{
	if (archive->size == 0 && archive->inbox)
		archive->size = public_inbox_size(archive->inbox);
	return archive->size;
}

static void visit_file(struct mail_archive *archive, struct visit *visit)
{
	const struct mail_file file = {
		.path = archive->path,
		.place = archive->place,
		.is_mail = archive->is_mail,
		.follow_link = true,
		.stream = archive->stream,
	};

	if (file_visit(visit, &file) == -ENOENT)
		visit_unreadable(visit, archive->path, g_strdup(g_strerror(ENOENT)));
}

void mail_archive_visit(struct mail_archive *archive, const struct mail_archive_visitor *visitor)
{
	struct visit visit = {.visitor = visitor};

	switch (archive->format) {
	case FORMAT_FILE:
		visit_file(archive, &visit);
		break;
	case FORMAT_TAR:
		tar_visit(archive->path, archive->folders, &visit);
		break;
	case FORMAT_FOLDER:
		folder_visit(archive->path, &visit);
		break;
	case FORMAT_PUBLIC_INBOX:
		public_inbox_visit(archive->inbox, &visit);
		break;
	}
	visit_release(&visit);
}
