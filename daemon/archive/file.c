/* file.c - gives the mails of a file.
 *
 * Used by archive/archive and archive/folder; archive/tar gives its members so too.  Promises that a mark is gone on
 * with only if everything before it is as it was.
 */
#include "archive/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>

#include "archive/mark.h"

/* Marks ------------------------------------------------------------------------------------------------------ */

char *file_write_place(const struct mbox_place *place)
{
	GString *text = g_string_new(NULL);

	g_string_printf(text, "%" PRIu64 " %" PRIu64 " %d ", place->begin, place->end, place->lengths);
	for (size_t i = 0; i < MBOX_DIGEST; i++)
		g_string_append_printf(text, "%02x", place->digest[i]);
	return g_string_free(text, FALSE);
}

bool file_read_place(const char *text, struct mbox_place *ret_place)
{
	uint64_t lengths;

	if (!mark_read_number(&text, &ret_place->begin) || !mark_read_number(&text, &ret_place->end) ||
	    !mark_read_number(&text, &lengths))
		return false;
	if (strlen(text) != 2 * (size_t)MBOX_DIGEST || strspn(text, "0123456789abcdef") != strlen(text))
		return false;
	for (size_t i = 0; i < MBOX_DIGEST; i++)
		ret_place->digest[i] =
			(uint8_t)(g_ascii_xdigit_value(text[2 * i]) << 4 | g_ascii_xdigit_value(text[2 * i + 1]));
	ret_place->lengths = lengths != 0;
	return true;
}

/* Streams ---------------------------------------------------------------------------------------------------- */

int file_open(const char *path, bool follow_link, struct stream **ret_stream)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | (follow_link ? 0 : O_NOFOLLOW | O_NONBLOCK));

	if (fd < 0)
		return -errno;
	/* A pipe that is named is fine. */
	if (fstat(fd, &status) < 0 || S_ISDIR(status.st_mode) || (!follow_link && !S_ISREG(status.st_mode))) {
		close(fd);
		return -EBADMSG;
	}
	*ret_stream = stream_new(NULL, NULL, fd);
	return 0;
}

static char *problem(const struct stream *stream, int failure)
{
	const char *text = stream_problem(stream);

	return g_strdup(text ? text : g_strerror(-failure));
}

int file_kind(struct stream *stream, const char **ret_compression, char **ret_reason)
{
	int kind = stream_kind(stream, ret_compression);
	const char *bytes;
	ssize_t length;

	if (kind < 0) {
		*ret_reason = problem(stream, kind);
	} else if (kind_compression((enum kind)kind)) {
		*ret_reason = g_strdup("is compressed twice; uncompress it");
		kind = -EBADMSG;
	} else if (kind == KIND_OTHER) {
		length = stream_look(stream, &bytes);
		*ret_reason = g_strdup(kind_other(bytes, (size_t)MAX(length, 0)));
		kind = -EBADMSG;
	}
	return kind;
}

/* Mails ------------------------------------------------------------------------------------------------------ */

int file_give_mail(struct visit *visit, const struct mail_file *file, struct stream *stream)
{
	struct mail_archive_mail mail = {
		.position = file->path,
		.place = file->mail_place ? file->mail_place : file->place,
		.mark = file->mail_mark,
		.done = file->done,
	};
	size_t length = 0;
	int status = visit_gather(visit, stream_read, stream, &length);

	if (status >= 0)
		visit_give(visit, length, status == 1 ? NULL : stream_read, stream, &mail);
	return MIN(status, 0);
}

static int give_message(struct visit *visit, const struct mail_file *file, struct mbox *mbox, uint64_t offset,
                        uint64_t taken, file_mark *make_mark, const void *mark_context)
{
	g_autofree char *position = g_strdup_printf("%s:%" PRIu64, file->path, offset), *mark = NULL;
	struct mail_archive_mail mail = {.position = position, .place = file->place, .done = file->done + taken};
	size_t length = 0;
	int status = visit_gather(visit, mbox_read, mbox, &length);

	if (status < 0)
		return status;
	if (status == 1 && make_mark)
		mail.mark = mark = make_mark(mark_context, mbox);
	visit_give(visit, length, status == 1 ? NULL : mbox_read, mbox, &mail);
	return 0;
}

int file_give_mbox(struct visit *visit, const struct mail_file *file, struct mbox *mbox, const struct stream *stream,
                   file_mark *make_mark, const void *mark_context)
{
	uint64_t offset, taken = stream_taken(stream);
	int status = 0;

	while (!visit_stopped(visit) && (status = mbox_next(mbox, &offset)) > 0) {
		status = give_message(visit, file, mbox, offset, taken, make_mark, mark_context);
		if (status < 0)
			break;
		taken = stream_taken(stream);
	}
	return MIN(status, 0);
}

/* Files ------------------------------------------------------------------------------------------------------ */

/* A file at work; it is opened anew to begin at another place. */
struct work {
	struct visit *visit;
	const struct mail_file *file;
	struct stream *stream;
	struct mbox *mbox;
	bool regular;
};

static void close_work(struct work *work)
{
	g_clear_pointer(&work->mbox, mbox_free);
	g_clear_pointer(&work->stream, stream_free);
}

static char *make_mark(const void *context, struct mbox *mbox)
{
	const struct work *work = context;
	struct mbox_place place;

	if (!work->regular)
		return NULL;
	mbox_place(mbox, &place);
	return file_write_place(&place);
}

static int reopen(struct work *work)
{
	const char *compression;
	int status;

	close_work(work);
	status = file_open(work->file->path, work->file->follow_link, &work->stream);
	if (status < 0)
		return status;
	status = stream_kind(work->stream, &compression);
	if (status >= 0)
		work->mbox = mbox_new(stream_read, work->stream);
	return MIN(status, 0);
}

/* Go to where the last visit left off. */
static int find_begin(struct work *work)
{
	const char *mark = work->regular ? visit_mark(work->visit, work->file->place) : NULL;
	struct mbox_place place;
	int fit = MBOX_OTHER, status;

	if (mark == NULL)
		return 0;
	if (file_read_place(mark, &place))
		fit = mbox_go_to(work->mbox, &place);
	if (fit < 0 || fit == MBOX_FITS)
		return fit;
	if (fit == MBOX_OTHER)
		visit_anew(work->visit, work->file->place, "it is another file, or what was read of it has changed");
	status = reopen(work);
	return status == 0 && fit == MBOX_GREW ? mbox_skip(work->mbox, place.begin, place.lengths) : status;
}

static int give_mbox(struct work *work)
{
	int status;

	work->mbox = mbox_new(stream_read, work->stream);
	status = find_begin(work);
	return status < 0 ? status : file_give_mbox(work->visit, work->file, work->mbox, work->stream, make_mark, work);
}

static int give(struct work *work, char **ret_reason)
{
	const char *compression;
	int kind = file_kind(work->stream, &compression, ret_reason);

	/* Where only mails are, anything may be one. */
	if (work->file->is_mail && (kind >= 0 || (kind == -EBADMSG && stream_problem(work->stream) == NULL))) {
		g_clear_pointer(ret_reason, g_free);
		return file_give_mail(work->visit, work->file, work->stream);
	}
	switch (kind) {
	case KIND_EMPTY:
		return 0;
	case KIND_MBOX:
		return give_mbox(work);
	case KIND_MAIL:
		return file_give_mail(work->visit, work->file, work->stream);
	case KIND_TAR:
		*ret_reason = g_strdup("is a tar now");
		return -EBADMSG;
	default:
		return kind;
	}
}

static bool is_regular(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

int file_visit(struct visit *visit, const struct mail_file *file)
{
	struct work work = {.visit = visit, .file = file, .stream = file->stream};
	char *reason = NULL;
	int status = 0;

	if (file->stream == NULL) {
		work.regular = is_regular(file->path);
		status = file_open(file->path, file->follow_link, &work.stream);
	}
	if (status == -ENOENT)
		return status;
	if (status == 0)
		status = give(&work, &reason);
	if (status < 0 && reason == NULL)
		reason = work.stream ? problem(work.stream, status) : g_strdup(g_strerror(-status));
	if (status < 0)
		visit_unreadable(visit, file->path, reason);
	if (file->stream)
		work.stream = NULL;
	close_work(&work);
	return 0;
}
