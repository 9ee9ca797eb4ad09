/* limits.c - refuses a mail that is too large before any parser sees it.
 *
 * Called by message.c first of all.  Promises: one pass over the bytes, no memory but the reason.
 */
#include "mail/limits.h"

#include <stdbool.h>
#include <string.h>
#include <glib.h>

struct line {
	const char *text;
	size_t length; /* without CR and LF */
};

/* Where a pass over a mail stands. */
struct scan {
	bool in_header;      /* of the mail or of a part */
	bool mail_follows;   /* this header says that its body is a mail, so another header comes */
	size_t fields, size; /* of this header */
	size_t all_fields;   /* of all headers together */
	bool has_parameters; /* this field may */
	size_t parameters;   /* of all headers together */
	size_t parts;
	struct line last;
};

/* Take the line at *at and step over it. */
static struct line take_line(const char *bytes, size_t length, size_t *at)
{
	struct line line = {bytes + *at, 0};
	const char *end = memchr(line.text, '\n', length - *at);

	line.length = end ? (size_t)(end - line.text) : length - *at;
	*at += line.length + (end != NULL);
	if (line.length > 0 && line.text[line.length - 1] == '\r')
		line.length--;
	return line;
}

/* A MIME part begins with a delimiter line that a header field or an empty line follows (RFC 2046 section
 * 5.1.1).  Hardly anything else looks so: in a diff the line after a "--" begins with blank, + or -. */
static bool begins_part(struct line delimiter, struct line next)
{
	return delimiter.length > 2 && delimiter.text[0] == '-' && delimiter.text[1] == '-' &&
	       (next.length == 0 || g_ascii_isalpha(next.text[0]));
}

static bool is_field(struct line line)
{
	size_t i = 0;

	while (i < line.length && line.text[i] > ' ' && line.text[i] < 127 && line.text[i] != ':')
		i++;
	while (i < line.length && (line.text[i] == ' ' || line.text[i] == '\t'))
		i++;
	return i > 0 && i < line.length && line.text[i] == ':';
}

static size_t count_semicolons(struct line line)
{
	size_t count = 0;

	for (size_t i = 0; i < line.length; i++)
		count += line.text[i] == ';';
	return count;
}

/* Is it one of the fields that may have parameters? */
static bool is_mime_field(struct line line)
{
	return line.length > 8 && g_ascii_strncasecmp(line.text, "Content-", 8) == 0;
}

/* Does a header line name one of the message/... types? */
static bool names_message_type(struct line line)
{
	for (size_t i = 0; i + 8 <= line.length; i++)
		if (line.text[i + 7] == '/' && g_ascii_strncasecmp(line.text + i, "message", 7) == 0)
			return true;
	return false;
}

static void begin_header(struct scan *scan)
{
	scan->in_header = true;
	scan->mail_follows = false;
	scan->fields = scan->size = 0;
	scan->has_parameters = false;
}

static char *scan_header_line(struct scan *scan, struct line line, bool first)
{
	if (line.length == 0) {
		bool again = scan->mail_follows;

		begin_header(scan);
		scan->in_header = again;
		return NULL;
	}
	scan->size += line.length + 1;
	if (scan->size > LIMITS_HEADER_SIZE)
		return g_strdup_printf("a header is larger than %u bytes", LIMITS_HEADER_SIZE);
	if (line.text[0] != ' ' && line.text[0] != '\t') {
		scan->in_header = first || is_field(line);
		scan->has_parameters = is_mime_field(line);
		scan->all_fields += scan->in_header;
		if (++scan->fields > LIMITS_HEADER_FIELDS)
			return g_strdup_printf("a header has more than %u fields", LIMITS_HEADER_FIELDS);
		if (scan->all_fields > LIMITS_PART_FIELDS + LIMITS_HEADER_FIELDS)
			return g_strdup_printf("the parts have more than %u header fields", LIMITS_PART_FIELDS);
	}
	/* GMime needs 60 bytes of memory for each of a short parameter. */
	scan->parameters += scan->has_parameters ? count_semicolons(line) : 0;
	if (scan->parameters > LIMITS_PARAMETERS)
		return g_strdup_printf("the headers have more than %u parameters", LIMITS_PARAMETERS);
	scan->mail_follows = scan->mail_follows || names_message_type(line);
	return NULL;
}

char *limits_check(const char *bytes, size_t length)
{
	struct scan scan = {.in_header = true};
	char *reason = NULL;

	if (length > LIMITS_MESSAGE_SIZE_MAX)
		return g_strdup_printf("the mail is larger than %u bytes", LIMITS_MESSAGE_SIZE_MAX);
	for (size_t at = 0; at < length && !reason;) {
		bool first = at == 0;
		struct line line = take_line(bytes, length, &at);

		if (begins_part(scan.last, line)) {
			begin_header(&scan);
			if (++scan.parts > LIMITS_MIME_PARTS)
				return g_strdup_printf("the mail has more than %u parts", LIMITS_MIME_PARTS);
		}
		if (scan.in_header)
			reason = scan_header_line(&scan, line, first);
		scan.last = line;
	}
	return reason;
}
