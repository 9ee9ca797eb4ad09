/* uncompress.c - uncompresses by zlib and libarchive.
 *
 * Used by archive/stream.  libarchive does not look at the checksums of gzip, so zlib does that one.  Promises that
 * what is damaged is noticed, as far as the format has checksums.
 */
#include "archive/uncompress.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>
#include <glib.h>
#include <zlib.h>

#define PIECE 16384 /* compressed bytes that are read at a time: that many may be unused when a zip bomb is noticed */
#define GZIP_WINDOW (15 + 16) /* inflateInit2(): the largest window, and gzip's header */

struct uncompress {
	ingest_reader *read;
	void *context;
	int failure;    /* of `read` */
	uint64_t given; /* compressed bytes that libarchive has */

	struct archive *archive; /* of libarchive; NULL: gzip */
	z_stream gzip;
	bool in_member; /* of gzip: not at its end */
	bool end_of_file;
	char piece[PIECE];
};

/* gzip ------------------------------------------------------------------------------------------------------- */

/* Have compressed bytes: 1, 0 at the end of the file. */
static int fill(struct uncompress *uncompress)
{
	ssize_t got;

	if (uncompress->gzip.avail_in > 0 || uncompress->end_of_file)
		return uncompress->gzip.avail_in > 0;
	got = uncompress->read(uncompress->context, uncompress->piece, PIECE, INT64_MAX);
	if (got < 0)
		return (int)got;
	uncompress->end_of_file = got == 0;
	uncompress->gzip.next_in = (Bytef *)uncompress->piece;
	uncompress->gzip.avail_in = (uInt)got;
	return got > 0;
}

/* Between two members: another one, or zeros as on tapes, or nothing. */
static int begin_member(struct uncompress *uncompress, char **ret_reason)
{
	int status;

	while ((status = fill(uncompress)) > 0 && *uncompress->gzip.next_in == 0) {
		uncompress->gzip.next_in++;
		uncompress->gzip.avail_in--;
	}
	if (status <= 0)
		return status;
	if (*uncompress->gzip.next_in != 0x1f) {
		*ret_reason = g_strdup("something else follows the gzip data");
		return -EBADMSG;
	}
	uncompress->in_member = true;
	return inflateReset(&uncompress->gzip) == Z_OK ? 1 : -ENOMEM;
}

/* Uncompress what there is into the buffer. */
static int inflate_some(struct uncompress *uncompress, char **ret_reason)
{
	int status = fill(uncompress);

	if (status == 0)
		*ret_reason = g_strdup("breaks off in the middle of gzip data");
	if (status <= 0)
		return status < 0 ? status : -EBADMSG;
	status = inflate(&uncompress->gzip, Z_NO_FLUSH);
	if (status == Z_STREAM_END)
		uncompress->in_member = false;
	else if (status == Z_MEM_ERROR)
		return -ENOMEM;
	else if (status != Z_OK) {
		*ret_reason = g_strdup_printf("its gzip data is damaged: %s",
		                              uncompress->gzip.msg ? uncompress->gzip.msg : "no reason given");
		return -EBADMSG;
	}
	return 1;
}

static ssize_t read_gzip(struct uncompress *uncompress, char *buffer, size_t size, char **ret_reason)
{
	uInt space = (uInt)MIN(size, 1u << 30);

	uncompress->gzip.next_out = (Bytef *)buffer;
	uncompress->gzip.avail_out = space;
	while (uncompress->gzip.avail_out == space) {
		int status = uncompress->in_member ? inflate_some(uncompress, ret_reason)
		                                   : begin_member(uncompress, ret_reason);

		if (status <= 0)
			return status;
	}
	return (ssize_t)(space - uncompress->gzip.avail_out);
}

/* The others ------------------------------------------------------------------------------------------------- */

static la_ssize_t give(struct archive *archive, void *context, const void **ret_bytes)
{
	struct uncompress *uncompress = context;
	ssize_t got = uncompress->read(uncompress->context, uncompress->piece, PIECE, INT64_MAX);

	if (got < 0) {
		uncompress->failure = (int)got;
		archive_set_error(archive, (int)-got, "%s", g_strerror((int)-got));
		return ARCHIVE_FATAL;
	}
	uncompress->given += (uint64_t)got;
	*ret_bytes = uncompress->piece;
	return got;
}

/* In words, what libarchive says. */
static int explain(struct uncompress *uncompress, char **ret_reason)
{
	const char *text = archive_error_string(uncompress->archive);

	if (uncompress->failure < 0)
		return uncompress->failure;
	*ret_reason =
		g_strdup_printf("its compressed data breaks off or is damaged: %s", text ? text : "no reason given");
	return -EBADMSG;
}

static int open_archive(struct uncompress *uncompress, enum kind kind, char **ret_reason)
{
	struct archive *archive = uncompress->archive = archive_read_new();
	struct archive_entry *entry;

	if (archive == NULL)
		return -ENOMEM;
	if (kind == KIND_XZ)
		archive_read_support_filter_xz(archive);
	else if (kind == KIND_ZSTD)
		archive_read_support_filter_zstd(archive);
	else
		archive_read_support_filter_bzip2(archive);
	archive_read_support_format_raw(archive);
	archive_read_support_format_empty(archive);
	switch (archive_read_open(archive, uncompress, NULL, give, NULL)) {
	case ARCHIVE_OK:
		break;
	default:
		return explain(uncompress, ret_reason);
	}
	switch (archive_read_next_header(archive, &entry)) {
	case ARCHIVE_OK:
		return 0;
	case ARCHIVE_EOF:
		uncompress->end_of_file = true;
		return 0;
	default:
		return explain(uncompress, ret_reason);
	}
}

/* libarchive takes what follows the last compressed stream for nothing. */
static int check_end(struct uncompress *uncompress, char **ret_reason)
{
	uncompress->end_of_file = true;
	if ((uint64_t)archive_filter_bytes(uncompress->archive, -1) == uncompress->given)
		return 0;
	*ret_reason = g_strdup("something else follows the compressed data");
	return -EBADMSG;
}

static ssize_t read_archive(struct uncompress *uncompress, char *buffer, size_t size, char **ret_reason)
{
	la_ssize_t got = uncompress->end_of_file ? 0 : archive_read_data(uncompress->archive, buffer, size);

	if (got < 0)
		return explain(uncompress, ret_reason);
	return got > 0 || uncompress->end_of_file ? got : check_end(uncompress, ret_reason);
}

/* Both ------------------------------------------------------------------------------------------------------- */

int uncompress_open(enum kind kind, ingest_reader *read, void *context, struct uncompress **ret_uncompress,
                    char **ret_reason)
{
	struct uncompress *uncompress = g_new(struct uncompress, 1);
	int status;

	memset(uncompress, 0, offsetof(struct uncompress, piece));
	uncompress->read = read;
	uncompress->context = context;
	if (kind == KIND_GZIP) {
		uncompress->in_member = true;
		status = inflateInit2(&uncompress->gzip, GZIP_WINDOW) == Z_OK ? 0 : -ENOMEM;
	} else {
		status = open_archive(uncompress, kind, ret_reason);
	}
	if (status < 0) {
		uncompress_close(uncompress);
		return status;
	}
	*ret_uncompress = uncompress;
	return 0;
}

void uncompress_close(struct uncompress *uncompress)
{
	if (uncompress == NULL)
		return;
	if (uncompress->archive)
		archive_read_free(uncompress->archive);
	else
		inflateEnd(&uncompress->gzip);
	g_free(uncompress);
}

ssize_t uncompress_read(struct uncompress *uncompress, char *buffer, size_t size, char **ret_reason)
{
	return uncompress->archive ? read_archive(uncompress, buffer, size, ret_reason)
	                           : read_gzip(uncompress, buffer, size, ret_reason);
}
