/* patch_id.c - git's patch-id of a diff.
 *
 * Called by submission.c and rehash.c.  Two diffs that differ only in line numbers, in white space, in the order of
 * their files or in what stands after "@@" have the same patch-id, and so has the commit that was made of one.  The
 * digits are those of `git patch-id --stable` of git 2.39 and later: each file's lines without white space are hashed,
 * and the hashes are added up.  It is git's own reading of a diff, with its oddities, not that of diff.c.
 */
#include "patch/patch_id.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>
#include <nettle/base16.h>
#include <nettle/sha1.h>

#define OBJECT_ID_LENGTH 64   /* digits of the longest name of an object, which is a SHA-256 */
#define NO_NEWLINE_LENGTH 12  /* git takes a longer line that begins with "\ " for "\ No newline at end of file" */
#define WHITE_SPACE " \t\r\n" /* what git calls so */
#define HEADER (-1)           /* of `before`: outside of hunks, where a file's header stands */
#define HEXADECIMAL "0123456789abcdefABCDEF"

struct reader {
	struct sha1_ctx context;
	uint8_t sum[SHA1_DIGEST_SIZE];  /* of the parts so far */
	uint8_t part[SHA1_DIGEST_SIZE]; /* of the files of this part */
	bool begun;                     /* this part has lines that count */
	bool any;                       /* one of the parts had */
	bool binary;                    /* within a binary file */
	int64_t before, after;          /* lines that the hunk still has */
	char *old_object, *new_object;  /* of the last "index" line */
};

/* Adds a number of 20 bytes, the least one first. */
static void add(uint8_t *sum, const uint8_t *digest)
{
	unsigned carry = 0;

	for (size_t i = 0; i < SHA1_DIGEST_SIZE; i++) {
		carry += (unsigned)sum[i] + digest[i];
		sum[i] = (uint8_t)carry;
		carry >>= 8;
	}
}

static void end_file(struct reader *reader)
{
	uint8_t digest[SHA1_DIGEST_SIZE];

	sha1_digest(&reader->context, sizeof(digest), digest); /* which begins anew, too */
	add(reader->part, digest);
}

/* Where git would end one patch-id and begin the next. */
static void end_part(struct reader *reader)
{
	end_file(reader);
	if (reader->begun)
		add(reader->sum, reader->part);
	reader->any = reader->any || reader->begun;
	memset(reader->part, 0, sizeof(reader->part));
	reader->begun = reader->binary = false;
	reader->before = reader->after = HEADER;
}

static void hash_text(struct reader *reader, const char *text, size_t length)
{
	sha1_update(&reader->context, length, (const uint8_t *)text);
}

/* Without its white space. */
static void hash_line(struct reader *reader, const char *line, const char *end)
{
	while (line < end) {
		size_t length = strcspn(line, WHITE_SPACE);

		hash_text(reader, line, length);
		reader->begun = reader->begun || length > 0;
		line += length;
		line += strspn(line, WHITE_SPACE);
	}
}

/* Read "12,7" or "12": *ret_count is 7 or 1.  What follows, or NULL if there are no digits. */
static const char *read_range(const char *at, int64_t *ret_count)
{
	size_t digits = strspn(at, "0123456789");

	*ret_count = 1;
	if (at[digits] == ',') {
		at += digits + 1;
		*ret_count = (int)strtol(at, NULL, 10);
		digits = strspn(at, "0123456789");
	}
	return digits > 0 ? at + digits : NULL;
}

/* A line that begins with "@@ -". */
static void begin_hunk(struct reader *reader, const char *line)
{
	const char *at = read_range(line + strlen("@@ -"), &reader->before);

	if (at && at[0] == ' ' && at[1] == '+')
		read_range(at + 2, &reader->after);
}

/* "index 1234567..89abcde 100644": the names of the old and the new object, of which a binary file's hash is made. */
static void read_index(struct reader *reader, const char *line, const char *end)
{
	const char *dots = g_strstr_len(line, end - line, ".."), *old = line + strlen("index "), *stop;

	if (!dots)
		return;
	stop = memchr(dots, ' ', (size_t)(end - dots));
	g_free(reader->old_object);
	g_free(reader->new_object);
	reader->old_object = g_strndup(old, MIN((size_t)(dots - old), OBJECT_ID_LENGTH));
	dots += strlen("..");
	reader->new_object = g_strndup(dots, MIN((size_t)((stop ? stop : end) - dots), OBJECT_ID_LENGTH));
}

static void begin_binary(struct reader *reader)
{
	reader->binary = true;
	reader->before = 0;
	hash_text(reader, reader->old_object, strlen(reader->old_object));
	hash_text(reader, reader->new_object, strlen(reader->new_object));
	end_file(reader);
}

/* Does git take the line for the beginning of another commit: its name, perhaps after "commit " or "From "? */
static bool begins_commit(const char *line)
{
	if (g_str_has_prefix(line, "commit "))
		line += strlen("commit ");
	else if (g_str_has_prefix(line, "From "))
		line += strlen("From ");
	return strspn(line, HEXADECIMAL) >= PATCH_ID_LENGTH;
}

/* A line of a file's header.  Does it count? */
static bool read_header(struct reader *reader, const char *line, const char *end)
{
	if (g_str_has_prefix(line, "GIT binary patch") || g_str_has_prefix(line, "Binary files")) {
		begin_binary(reader);
		return false;
	}
	if (g_str_has_prefix(line, "index ")) {
		read_index(reader, line, end);
		return false;
	}
	if (g_str_has_prefix(line, "--- ")) {
		reader->before = reader->after = 1;
	} else if (!g_ascii_isalpha(*line)) {
		end_part(reader);
		return false;
	}
	return true;
}

/* A line after a hunk's last one.  Does it count? */
static bool read_after_hunk(struct reader *reader, const char *line)
{
	if (g_str_has_prefix(line, "@@ -")) {
		begin_hunk(reader, line);
		return false;
	}
	if (!g_str_has_prefix(line, "diff ")) {
		end_part(reader);
		return false;
	}
	end_file(reader);
	reader->before = reader->after = HEADER;
	return true;
}

/* Does the line count?  After a binary file git leaves out the line that begins the next one. */
static bool read_line(struct reader *reader, const char *line, const char *end)
{
	bool file = g_str_has_prefix(line, "diff ");

	if (!reader->begun && !file)
		return false;
	if (reader->before == HEADER && !read_header(reader, line, end))
		return false;
	if (reader->binary) {
		reader->binary = !file;
		reader->before = file ? HEADER : reader->before;
		return false;
	}
	if (reader->before == 0 && reader->after == 0 && !read_after_hunk(reader, line))
		return false;
	reader->before -= *line == '-' || *line == ' ';
	reader->after -= *line == '+' || *line == ' ';
	return true;
}

char *patch_id(const char *diff)
{
	struct reader reader = {
		.before = HEADER, .after = HEADER, .old_object = g_strdup(""), .new_object = g_strdup("")};
	char *digits = NULL;

	sha1_init(&reader.context);
	for (const char *line = diff, *end; *line != '\0'; line = *end ? end + 1 : end) {
		end = line + strcspn(line, "\n");
		if (g_str_has_prefix(line, "\\ ") && end - line + (*end == '\n') > NO_NEWLINE_LENGTH)
			continue;
		if (begins_commit(line))
			end_part(&reader);
		else if (read_line(&reader, line, end))
			hash_line(&reader, line, end);
	}
	end_part(&reader);
	if (reader.any) {
		digits = g_malloc(PATCH_ID_LENGTH + 1);
		base16_encode_update(digits, SHA1_DIGEST_SIZE, reader.sum);
		digits[PATCH_ID_LENGTH] = '\0';
	}
	g_free(reader.old_object);
	g_free(reader.new_object);
	return digits;
}
