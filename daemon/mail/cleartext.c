/* cleartext.c - opens text that is signed by OpenPGP in place.
 *
 * Called by text.c.  Promises: no signature is looked at, so nothing here says that one is right.  Time is linear.
 */
#include "mail/cleartext.h"

#include <stdbool.h>
#include <string.h>
#include <glib.h>

static const char begin_mark[] = "-----BEGIN PGP SIGNED MESSAGE-----";
static const char signature_mark[] = "-----BEGIN PGP SIGNATURE-----";
static const char end_mark[] = "-----END PGP SIGNATURE-----";

/* Does a line hold nothing but this mark and white space? */
static bool is_mark(const char *line, const char *mark)
{
	size_t length = strlen(mark);

	if (strncmp(line, mark, length) != 0)
		return false;
	line += length;
	line += strspn(line, " \t\r");
	return *line == '\n' || *line == '\0';
}

static char *next_line(char *line)
{
	char *newline = strchr(line, '\n');

	return newline ? newline + 1 : line + strlen(line);
}

/* The first line at or after `line` that is this mark, or NULL. */
static char *find_mark(char *line, const char *mark)
{
	for (; *line != '\0'; line = next_line(line))
		if (is_mark(line, mark))
			return line;
	return NULL;
}

/* After the mark come fields such as "Hash: SHA256", and an empty line. */
static char *skip_fields(char *line)
{
	while (*line != '\0' && line[strspn(line, " \t\r")] != '\n')
		line = next_line(line);
	return next_line(line);
}

/* Move `length` bytes of text to *out, which stands at or before them. */
static void move(char **out, const char *text, size_t length)
{
	memmove(*out, text, length);
	*out += length;
}

/* Move what was signed, up to its signature. */
static void move_signed(char **out, char *line, const char *signature)
{
	while (line < signature) {
		char *next = next_line(line);
		size_t escape = line[0] == '-' && line[1] == ' ' ? 2 : 0;

		move(out, line + escape, (size_t)(next - line) - escape);
		line = next;
	}
}

void cleartext_open(char *text)
{
	char *out = text, *begin, *signature, *end;

	if (!strstr(text, begin_mark))
		return;
	while ((begin = find_mark(text, begin_mark))) {
		char *body = skip_fields(next_line(begin));

		signature = find_mark(body, signature_mark);
		end = signature ? find_mark(signature, end_mark) : NULL;
		if (!end)
			break;
		move(&out, text, (size_t)(begin - text));
		move_signed(&out, body, signature);
		text = next_line(end);
	}
	move(&out, text, strlen(text));
	*out = '\0';
}
