/* mbox.c - cuts an mbox into messages.
 *
 * Used by archive/file and archive/tar.  Looks at the file through a window, line by line; how long a message or a line
 * is does not matter.
 */
#include "archive/mbox.h"

#include <errno.h>
#include <string.h>

#include <glib.h>
#include <nettle/sha2.h>

#define WINDOW 65536

static const char from_[] = "From ";
#define FROM_LENGTH (sizeof(from_) - 1)
#define LOOK_AHEAD (MAX(MBOX_QUOTE_MAX, MBOX_FROM_MAX) + 8) /* what shows which kind a line is */

#define END_LOOK (MBOX_FROM_MAX + 16) /* what shows whether a message ends */

/* What is known of Content-Length in this file. */
enum lengths { LENGTHS_UNKNOWN, LENGTHS_COUNT, LENGTHS_DO_NOT };

struct mbox {
	ingest_reader *read;
	void *context;
	bool end_of_file; /* read to its end; the window may still hold some of it */
	bool started;     /* mbox_next() has been called */
	bool plain;       /* no mbox: one message */
	bool in_message;  /* the message at work is not at its end */
	bool line_start;  /* the window begins with the start of a line of it */
	bool quoted;      /* its lines lose a ">" */
	bool counted;     /* it ends after `left` bytes */
	enum lengths lengths;
	uint64_t left;
	uint64_t message, message_end; /* the last message: its offset, and where it ended */
	uint64_t offset;               /* of the window in the file */
	size_t begin, end;             /* what is unread of the window */
	uint64_t hashed;               /* offset: what is before it is in the hash */
	struct sha256_ctx hash;
	size_t size;
	char *window;
};

struct mbox *mbox_new(ingest_reader *read, void *context)
{
	struct mbox *mbox = g_new0(struct mbox, 1);

	mbox->read = read;
	mbox->context = context;
	mbox->size = WINDOW;
	mbox->window = g_malloc(WINDOW);
	sha256_init(&mbox->hash);
	return mbox;
}

void mbox_free(struct mbox *mbox)
{
	if (mbox == NULL)
		return;
	g_free(mbox->window);
	g_free(mbox);
}

static uint64_t position(const struct mbox *mbox)
{
	return mbox->offset + mbox->begin;
}

/* Hash what is before this offset, which is in the window. */
static void hash_to(struct mbox *mbox, uint64_t offset)
{
	if (offset <= mbox->hashed)
		return;
	sha256_update(&mbox->hash, offset - mbox->hashed,
	              (const uint8_t *)mbox->window + (mbox->hashed - mbox->offset));
	mbox->hashed = offset;
}

/* Drop what is read of the window. */
static void compact(struct mbox *mbox)
{
	hash_to(mbox, position(mbox));
	memmove(mbox->window, mbox->window + mbox->begin, mbox->end - mbox->begin);
	mbox->offset += mbox->begin;
	mbox->end -= mbox->begin;
	mbox->begin = 0;
}

/* Have `length` bytes in the window if the file has them.  The number that is there, or a negative errno. */
static ssize_t look_ahead(struct mbox *mbox, size_t length)
{
	if (length > mbox->size) {
		mbox->size = length;
		mbox->window = g_realloc(mbox->window, length);
	}
	while (mbox->end - mbox->begin < length && !mbox->end_of_file) {
		ssize_t got;

		if (mbox->begin > 0)
			compact(mbox);
		got = mbox->read(mbox->context, mbox->window + mbox->end, mbox->size - mbox->end, INT64_MAX);
		if (got < 0)
			return got;
		mbox->end_of_file = got == 0;
		mbox->end += (size_t)got;
	}
	return (ssize_t)(mbox->end - mbox->begin);
}

/* Does "From " stand there? */
static bool from_at(const struct mbox *mbox, size_t distance)
{
	return mbox->end - mbox->begin >= distance + FROM_LENGTH &&
	       memcmp(mbox->window + mbox->begin + distance, from_, FROM_LENGTH) == 0;
}

/* Do these characters stand for digits where the pattern has 9, and for themselves elsewhere? */
static bool fits(const char *text, const char *pattern)
{
	for (; *pattern != '\0'; text++, pattern++)
		if (*pattern == '9' ? !g_ascii_isdigit(*text) : *text != *pattern)
			return false;
	return true;
}

/* Is there a year in the words of [`text`, `end`)?  A zone may stand before or after it. */
static bool has_year(const char *text, const char *end)
{
	while (text < end) {
		size_t digits = 0;

		while (text < end && *text == ' ')
			text++;
		while (text + digits < end && g_ascii_isdigit(text[digits]))
			digits++;
		if (digits == 4 && (text + 4 == end || text[4] == ' '))
			return true;
		while (text < end && *text != ' ')
			text++;
	}
	return false;
}

/* As git mailsplit wants it, it ends in a date: a time of day, after that a year. */
bool mbox_is_separator(const char *line, size_t length)
{
	const char *end, *colon;

	if (length < FROM_LENGTH || memcmp(line, from_, FROM_LENGTH) != 0)
		return false;
	length = MIN(length, MBOX_FROM_MAX);
	end = memchr(line, '\n', length);
	if (!end && length == MBOX_FROM_MAX)
		return false;
	end = end ? end : line + length;
	while (end > line && (end[-1] == '\r' || end[-1] == ' '))
		end--;
	colon = g_strrstr_len(line, end - line, ":");
	return colon && colon - line > (ssize_t)FROM_LENGTH + 4 && end - colon > 3 && fits(colon - 2, "99:99") &&
	       g_ascii_isdigit(colon[-4]) && has_year(colon + 3, end);
}

static bool separator_at(const struct mbox *mbox, size_t distance)
{
	return mbox_is_separator(mbox->window + mbox->begin + distance, mbox->end - mbox->begin - distance);
}

/* Length of the empty line at this distance, 0 if there is none. */
static size_t empty_line(const struct mbox *mbox, size_t distance)
{
	const char *line = mbox->window + mbox->begin + distance;
	size_t length = mbox->end - mbox->begin - distance;

	if (length >= 1 && line[0] == '\n')
		return 1;
	return length >= 2 && line[0] == '\r' && line[1] == '\n' ? 2 : 0;
}

/* At the start of a line: does the message end here, before an empty line of that length? */
static bool ends_here(const struct mbox *mbox, size_t *ret_separator)
{
	size_t separator = empty_line(mbox, 0);

	if (mbox->begin < mbox->end && separator == 0)
		return false;
	if (mbox->end - mbox->begin > separator && !separator_at(mbox, separator))
		return false;
	*ret_separator = separator;
	return true;
}

static void end_message(struct mbox *mbox)
{
	mbox->in_message = false;
	mbox->message_end = position(mbox);
	hash_to(mbox, mbox->message_end);
}

/* At the start of a line: take one ">" off if it quotes a "From ". */
static void unquote(struct mbox *mbox)
{
	const char *line = mbox->window + mbox->begin;
	size_t most = MIN(mbox->end - mbox->begin, MBOX_QUOTE_MAX), quotes = 0;

	while (quotes < most && line[quotes] == '>')
		quotes++;
	if (quotes > 0 && from_at(mbox, quotes))
		mbox->begin++;
}

/* Copy out of the window, at most to the end of the line. */
static size_t copy_line(struct mbox *mbox, char *buffer, size_t size)
{
	const char *line = mbox->window + mbox->begin;
	size_t length = MIN(size, mbox->end - mbox->begin);
	const char *newline = memchr(line, '\n', length);

	if (newline != NULL)
		length = (size_t)(newline - line) + 1;
	memcpy(buffer, line, length);
	mbox->begin += length;
	mbox->line_start = newline != NULL;
	return length;
}

/* Content-Length --------------------------------------------------------------------------------------------- */

/* How many bytes the header at the start of the window has, and what its Content-Length says of the body: true if it
 * has one that may be followed. */
static bool find_length(const struct mbox *mbox, size_t *ret_header, size_t *ret_body)
{
	static const char name[] = "content-length:";
	const char *line = mbox->window + mbox->begin;
	const char *end = line + MIN(mbox->end - mbox->begin, MBOX_HEADER_MAX), *newline;
	uint64_t body = UINT64_MAX;

	for (; (newline = memchr(line, '\n', (size_t)(end - line))) != NULL; line = newline + 1) {
		if (*line == '\n' || (*line == '\r' && line[1] == '\n')) {
			*ret_header = (size_t)(newline + 1 - (mbox->window + mbox->begin));
			*ret_body = (size_t)body;
			return body <= MBOX_LENGTH_MAX;
		}
		if ((size_t)(newline - line) > strlen(name) && g_ascii_strncasecmp(line, name, strlen(name)) == 0)
			body = g_ascii_strtoull(line + strlen(name), NULL, 10);
	}
	return false;
}

/* At this distance, the start of a line: does the file end, or the next message begin, after two empty lines at
 * most? */
static bool message_ends_at(const struct mbox *mbox, size_t distance)
{
	if (distance > 0 && mbox->window[mbox->begin + distance - 1] != '\n')
		return false;
	for (unsigned lines = 0; lines <= 2; lines++) {
		size_t empty = empty_line(mbox, distance);

		if (distance == mbox->end - mbox->begin || separator_at(mbox, distance))
			return true;
		if (empty == 0)
			return false;
		distance += empty;
	}
	return false;
}

/* Does a line of the body begin with "From "? */
static bool has_from_line(const struct mbox *mbox, size_t from, size_t to)
{
	const char *line = mbox->window + mbox->begin + from, *end = mbox->window + mbox->begin + to;

	while (line != NULL && line < end) {
		if ((size_t)(end - line) >= FROM_LENGTH && memcmp(line, from_, FROM_LENGTH) == 0)
			return true;
		line = memchr(line, '\n', (size_t)(end - line));
		line = line ? line + 1 : NULL;
	}
	return false;
}

/* At the start of a message: how does it end?  0 or a negative errno. */
static int begin_message(struct mbox *mbox)
{
	size_t header = 0, body = 0;
	ssize_t there;

	mbox->quoted = !mbox->plain;
	mbox->counted = false;
	mbox->in_message = mbox->line_start = true;
	if (mbox->plain || mbox->lengths == LENGTHS_DO_NOT)
		return 0;
	there = look_ahead(mbox, MBOX_HEADER_MAX);
	if (there >= 0 && find_length(mbox, &header, &body)) {
		there = look_ahead(mbox, header + body + END_LOOK);
		mbox->counted = there >= (ssize_t)(header + body) && message_ends_at(mbox, header + body);
	}
	if (there < 0)
		return (int)there;
	if (mbox->counted) {
		mbox->left = header + body;
		mbox->quoted = !has_from_line(mbox, header, header + body);
	}
	if (mbox->lengths == LENGTHS_UNKNOWN)
		mbox->lengths = mbox->counted ? LENGTHS_COUNT : LENGTHS_DO_NOT;
	return 0;
}

/* After a counted message: take off the empty lines before the next one. */
static int end_counted(struct mbox *mbox)
{
	ssize_t there = look_ahead(mbox, END_LOOK);
	size_t empty;

	if (there < 0)
		return (int)there;
	end_message(mbox);
	while ((empty = empty_line(mbox, 0)) > 0)
		mbox->begin += empty;
	return 0;
}

/* Messages --------------------------------------------------------------------------------------------------- */

/* The rest of a message that ends after so many bytes. */
static ssize_t read_counted(struct mbox *mbox, char *buffer, size_t size)
{
	ssize_t there;
	size_t before;

	if (mbox->left == 0)
		return end_counted(mbox);
	there = look_ahead(mbox, MIN(mbox->line_start ? LOOK_AHEAD : 1, mbox->left));
	if (there <= 0)
		return there < 0 ? there : -EIO;
	before = mbox->begin;
	if (mbox->line_start && mbox->quoted)
		unquote(mbox);
	mbox->left -= mbox->begin - before;
	size = copy_line(mbox, buffer, MIN(size, mbox->left));
	mbox->left -= size;
	return (ssize_t)size;
}

/* A line of one that ends before the next "From ". */
static ssize_t read_line(struct mbox *mbox, char *buffer, size_t size)
{
	ssize_t there = look_ahead(mbox, mbox->line_start ? LOOK_AHEAD : 1);

	size_t separator = 0;

	if (there < 0)
		return there;
	if (there == 0 || (mbox->line_start && !mbox->plain && ends_here(mbox, &separator))) {
		end_message(mbox);
		mbox->begin += separator;
		return 0;
	}
	if (mbox->line_start && mbox->quoted)
		unquote(mbox);
	return (ssize_t)copy_line(mbox, buffer, size);
}

ssize_t mbox_read(void *context, char *buffer, size_t size, int64_t deadline)
{
	struct mbox *mbox = context;
	size_t done = 0;

	(void)deadline;
	while (mbox->in_message && done < size) {
		ssize_t got = mbox->counted ? read_counted(mbox, buffer + done, size - done)
		                            : read_line(mbox, buffer + done, size - done);

		if (got < 0)
			return got;
		done += (size_t)got;
	}
	return (ssize_t)done;
}

/* Read on and forget it. */
static int skip_message(struct mbox *mbox)
{
	char scratch[4096];
	ssize_t got;

	do
		got = mbox_read(mbox, scratch, sizeof(scratch), INT64_MAX);
	while (got > 0);
	return (int)got;
}

/* Take the "From " line off. */
static int skip_line(struct mbox *mbox)
{
	char scratch[256];

	mbox->line_start = false;
	while (!mbox->line_start) {
		ssize_t there = look_ahead(mbox, 1);

		if (there <= 0)
			return (int)there;
		copy_line(mbox, scratch, sizeof(scratch));
	}
	return 0;
}

int mbox_next(struct mbox *mbox, uint64_t *ret_offset)
{
	int status = skip_message(mbox);
	ssize_t there = status < 0 ? status : look_ahead(mbox, FROM_LENGTH);
	uint64_t offset = position(mbox);

	if (there <= 0)
		return (int)there;
	if (!mbox->started)
		mbox->plain = !from_at(mbox, 0);
	mbox->started = true;
	if (!mbox->plain)
		status = skip_line(mbox);
	if (status == 0)
		status = begin_message(mbox);
	if (status < 0)
		return status;
	mbox->message = offset;
	*ret_offset = offset;
	return 1;
}

/* Places ----------------------------------------------------------------------------------------------------- */

void mbox_place(struct mbox *mbox, struct mbox_place *ret_place)
{
	struct sha256_ctx hash;

	hash_to(mbox, mbox->message_end);
	hash = mbox->hash;
	*ret_place = (struct mbox_place){
		.begin = mbox->message, .end = mbox->message_end, .lengths = mbox->lengths == LENGTHS_COUNT};
	sha256_digest(&hash, MBOX_DIGEST, ret_place->digest);
}

/* Take what is before this offset: 1, 0 if the file ends before it, or a negative errno. */
static int take_to(struct mbox *mbox, uint64_t offset)
{
	while (position(mbox) < offset) {
		ssize_t there = look_ahead(mbox, 1);

		if (there <= 0)
			return (int)there;
		mbox->begin += (size_t)MIN((uint64_t)there, offset - position(mbox));
	}
	return 1;
}

/* After the message: the end of the file, or another one after empty lines. */
static int look_after(struct mbox *mbox)
{
	ssize_t there = look_ahead(mbox, END_LOOK);

	if (there < 0)
		return (int)there;
	if (!message_ends_at(mbox, 0))
		return MBOX_GREW;
	for (size_t empty; (empty = empty_line(mbox, 0)) > 0;)
		mbox->begin += empty;
	return MBOX_FITS;
}

int mbox_go_to(struct mbox *mbox, const struct mbox_place *place)
{
	int status = take_to(mbox, place->end);
	struct sha256_ctx hash;
	uint8_t digest[MBOX_DIGEST];

	if (status <= 0)
		return status < 0 ? status : MBOX_OTHER;
	hash_to(mbox, place->end);
	hash = mbox->hash;
	sha256_digest(&hash, MBOX_DIGEST, digest);
	if (memcmp(digest, place->digest, MBOX_DIGEST) != 0)
		return MBOX_OTHER;
	mbox->started = true;
	mbox->lengths = place->lengths ? LENGTHS_COUNT : LENGTHS_DO_NOT;
	return look_after(mbox);
}

int mbox_skip(struct mbox *mbox, uint64_t begin, bool lengths)
{
	int status = take_to(mbox, begin);

	mbox->started = true;
	mbox->lengths = lengths ? LENGTHS_COUNT : LENGTHS_DO_NOT;
	return MIN(status, 0);
}
