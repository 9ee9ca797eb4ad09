/* tar_members.c - reads tar by libarchive.
 *
 * Used by archive/tar.  Writes nothing anywhere.  Promises bounded memory and that a sparse member ends in an error
 * before it has filled the database.
 */
#include "archive/tar_members.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>
#include <glib.h>
#include <nettle/sha2.h>

#define PIECE 65536

struct tar {
	struct stream *stream;
	struct archive *archive; /* of libarchive */
	bool opened, in_member;
	int failure;    /* of the stream */
	uint64_t made;  /* bytes of members */
	uint64_t taken; /* bytes of the stream */
	uint64_t members;
	char *problem, *name;
	struct sha256_ctx hash;
	char piece[PIECE];
};

static la_ssize_t give(struct archive *archive, void *context, const void **ret_bytes)
{
	struct tar *tar = context;
	ssize_t got = stream_read(tar->stream, tar->piece, PIECE, INT64_MAX);

	if (got < 0) {
		tar->failure = (int)got;
		archive_set_error(archive, (int)-got, "%s", stream_problem(tar->stream));
		return ARCHIVE_FATAL;
	}
	tar->taken += (uint64_t)got;
	*ret_bytes = tar->piece;
	return got;
}

struct tar *tar_open(struct stream *stream)
{
	struct tar *tar = g_new(struct tar, 1);

	memset(tar, 0, offsetof(struct tar, piece));
	tar->stream = stream;
	tar->archive = archive_read_new();
	archive_read_support_format_tar(tar->archive);
	archive_read_support_format_empty(tar->archive);
	sha256_init(&tar->hash);
	return tar;
}

void tar_close(struct tar *tar)
{
	if (tar == NULL)
		return;
	archive_read_free(tar->archive);
	g_free(tar->problem);
	g_free(tar->name);
	g_free(tar);
}

static int fail(struct tar *tar)
{
	const char *text = archive_error_string(tar->archive);

	g_free(tar->problem);
	if (tar->failure < 0)
		tar->problem = g_strdup(stream_problem(tar->stream));
	else
		tar->problem = g_strdup_printf("the tar breaks off or is damaged: %s", text ? text : "no reason given");
	return tar->failure < 0 ? tar->failure : -EBADMSG;
}

const char *tar_problem(const struct tar *tar)
{
	return tar->problem;
}

static enum tar_type type_of(struct archive_entry *entry)
{
	if (archive_entry_hardlink(entry) || archive_entry_symlink(entry) || archive_entry_filetype(entry) == AE_IFLNK)
		return TAR_LINK;
	return archive_entry_filetype(entry) == AE_IFREG   ? TAR_FILE
	       : archive_entry_filetype(entry) == AE_IFDIR ? TAR_FOLDER
	                                                   : TAR_OTHER;
}

static void set_name(struct tar *tar, struct archive_entry *entry)
{
	const char *name = archive_entry_pathname(entry);
	size_t length;

	if (name == NULL)
		name = archive_entry_pathname_utf8(entry);
	g_free(tar->name);
	if (name == NULL) {
		tar->name = g_strdup_printf("member %" PRIu64, tar->members);
		return;
	}
	while (g_str_has_prefix(name, "./"))
		for (name += 2; *name == '/';)
			name++;
	length = strlen(name);
	while (length > 1 && name[length - 1] == '/')
		length--;
	tar->name = g_strndup(name, length);
}

static int next_header(struct tar *tar, struct archive_entry **ret_entry)
{
	int status = ARCHIVE_OK;

	if (!tar->opened)
		status = archive_read_open(tar->archive, tar, NULL, give, NULL);
	tar->opened = true;
	while (status == ARCHIVE_OK || status == ARCHIVE_RETRY) {
		status = archive_read_next_header(tar->archive, ret_entry);
		if (status == ARCHIVE_OK || status == ARCHIVE_WARN)
			return 1;
	}
	return status == ARCHIVE_EOF ? 0 : fail(tar);
}

int tar_next(struct tar *tar, enum tar_type *ret_type, const char **ret_name, char **ret_reason)
{
	struct archive_entry *entry;
	int status = tar_finish(tar);

	if (status == 0)
		status = next_header(tar, &entry);
	if (status < 0)
		*ret_reason = g_strdup(tar->problem);
	if (status <= 0)
		return status;
	tar->members++;
	tar->in_member = true;
	set_name(tar, entry);
	sha256_update(&tar->hash, strlen(tar->name) + 1, (const uint8_t *)tar->name);
	*ret_type = type_of(entry);
	*ret_name = tar->name;
	return 1;
}

ssize_t tar_read(void *context, char *buffer, size_t size, int64_t deadline)
{
	struct tar *tar = context;
	la_ssize_t got;

	(void)deadline;
	if (!tar->in_member)
		return 0;
	got = archive_read_data(tar->archive, buffer, size);
	if (got < 0)
		return fail(tar);
	tar->in_member = got > 0;
	tar->made += (uint64_t)got;
	sha256_update(&tar->hash, (size_t)got, (const uint8_t *)buffer);
	if (tar->made > STREAM_RATIO_FREE + STREAM_RATIO_MAX * tar->taken) {
		g_free(tar->problem);
		tar->problem = g_strdup_printf("has a sparse member: it becomes more than %d times as large",
		                               STREAM_RATIO_MAX);
		return -EFBIG;
	}
	return got;
}

int tar_finish(struct tar *tar)
{
	char scratch[16384];
	ssize_t got;

	do
		got = tar_read(tar, scratch, sizeof(scratch), INT64_MAX);
	while (got > 0);
	return (int)got;
}

void tar_digest(const struct tar *tar, char ret_digest[TAR_DIGEST + 1])
{
	struct sha256_ctx hash = tar->hash;
	uint8_t digest[SHA256_DIGEST_SIZE];

	sha256_digest(&hash, sizeof(digest), digest);
	for (size_t i = 0; i < sizeof(digest); i++)
		g_snprintf(ret_digest + 2 * i, 3, "%02x", digest[i]);
}
