/* mbox.c - cuts an mbox file into messages.
 *
 * Used by import.  Looks at the file through a window, line by line; how long a message or a line is does not matter.
 */
#include "archive/mbox.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

#define WINDOW 65536

static const char from_[] = "From ";
#define FROM_LENGTH (sizeof(from_) - 1)
#define LOOK_AHEAD (MAX(MBOX_QUOTE_MAX, MBOX_FROM_MAX) + 8) /* what shows which kind a line is */

struct mbox {
	int fd;
	bool end_of_file;  /* read to its end; the window may still hold some of it */
	bool started;      /* mbox_next() has been called */
	bool plain;        /* no mbox: one message */
	bool in_message;   /* the message at work is not at its end */
	bool line_start;   /* the window begins with the start of a line of it */
	uint64_t offset;   /* of the window in the file */
	size_t begin, end; /* what is unread of the window */
	char window[WINDOW];
};

struct mbox *mbox_new(int fd)
{
	struct mbox *mbox = g_new(struct mbox, 1);

	memset(mbox, 0, offsetof(struct mbox, window));
	mbox->fd = fd;
	return mbox;
}

void mbox_free(struct mbox *mbox)
{
	g_free(mbox);
}

/* Have `length` bytes in the window if the file has them.  The number that is there, or a negative errno. */
static ssize_t look_ahead(struct mbox *mbox, size_t length)
{
	while (mbox->end - mbox->begin < length && !mbox->end_of_file) {
		ssize_t got;

		if (mbox->begin > 0) {
			memmove(mbox->window, mbox->window + mbox->begin, mbox->end - mbox->begin);
			mbox->offset += mbox->begin;
			mbox->end -= mbox->begin;
			mbox->begin = 0;
		}
		got = read(mbox->fd, mbox->window + mbox->end, WINDOW - mbox->end);
		if (got < 0 && errno != EINTR)
			return -errno;
		if (got == 0)
			mbox->end_of_file = true;
		if (got > 0)
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

/* Does a line "From " stand there that ends in a date, as git mailsplit wants it: a time of day, after that a year? */
static bool separator_at(const struct mbox *mbox, size_t distance)
{
	const char *line = mbox->window + mbox->begin + distance, *end, *colon;
	size_t length;

	if (!from_at(mbox, distance))
		return false;
	length = MIN(mbox->end - mbox->begin - distance, MBOX_FROM_MAX);
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

/* Length of the empty line at the start of the window, 0 if it is none. */
static size_t empty_line(const struct mbox *mbox)
{
	const char *line = mbox->window + mbox->begin;
	size_t length = mbox->end - mbox->begin;

	if (length >= 1 && line[0] == '\n')
		return 1;
	return length >= 2 && line[0] == '\r' && line[1] == '\n' ? 2 : 0;
}

/* At the start of a line: does the message end here?  Takes the empty line in between off. */
static bool ends_here(struct mbox *mbox)
{
	size_t separator = empty_line(mbox);

	if (mbox->begin == mbox->end)
		return true;
	if (separator == 0)
		return false;
	if (mbox->end - mbox->begin > separator && !separator_at(mbox, separator))
		return false;
	mbox->begin += separator;
	return true;
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

ssize_t mbox_read(struct mbox *mbox, char *buffer, size_t size)
{
	size_t done = 0;

	while (mbox->in_message && done < size) {
		ssize_t there = look_ahead(mbox, mbox->line_start ? LOOK_AHEAD : 1);

		if (there < 0)
			return there;
		if (there == 0 || (mbox->line_start && !mbox->plain && ends_here(mbox))) {
			mbox->in_message = false;
			break;
		}
		if (mbox->line_start && !mbox->plain)
			unquote(mbox);
		done += copy_line(mbox, buffer + done, size - done);
	}
	return (ssize_t)done;
}

/* Read on and forget it. */
static int skip_message(struct mbox *mbox)
{
	char scratch[4096];
	ssize_t got;

	do
		got = mbox_read(mbox, scratch, sizeof(scratch));
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
	uint64_t offset = mbox->offset + mbox->begin;

	if (there <= 0)
		return (int)there;
	if (!mbox->started)
		mbox->plain = !from_at(mbox, 0);
	mbox->started = true;
	if (!mbox->plain) {
		status = skip_line(mbox);
		if (status < 0)
			return status;
	}
	mbox->in_message = true;
	mbox->line_start = true;
	*ret_offset = offset;
	return 1;
}
