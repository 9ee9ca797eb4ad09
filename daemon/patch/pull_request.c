/* pull_request.c - finds a git request-pull in a text.
 *
 * Called by content.c and submission.c with the prose of a mail.  The form is that of git-request-pull(1), as mailers
 * leave it: the URL and its ref may be wrapped or have blanks after them.  Of several requests the last counts, as in
 * Patchwork.  Time is linear: no byte after an announcement is read for another one.
 */
#include <stdbool.h>
#include <string.h>
#include <glib.h>

#include "mail/whitespace.h"
#include "patch/pull_request.h"

#define BEGINNING "The following changes since commit"
#define ANNOUNCEMENT "are available in the git repository at:"

/* The length of the character at `text` if it is a letter, a digit, "_", or one of `others` (ASCII); else 0. */
static size_t word_length(const char *text, const char *others)
{
	gunichar letter;

	if (*text == '\0')
		return 0;
	if ((unsigned char)*text < 0x80)
		return g_ascii_isalnum(*text) || *text == '_' || strchr(others, *text) ? 1 : 0;
	letter = g_utf8_get_char_validated(text, -1);
	if (letter == (gunichar)-1 || letter == (gunichar)-2 || !g_unichar_isalnum(letter))
		return 0;
	return (size_t)(g_utf8_next_char(text) - text);
}

static const char *skip_word(const char *text, const char *others)
{
	for (size_t length; (length = word_length(text, others)) > 0;)
		text += length;
	return text;
}

/* The end of a URL ("git://host/path", "git@host:path") that begins at `text`, or NULL. */
static const char *skip_url(const char *text)
{
	const char *scheme_end = skip_word(text, "+-"), *rest, *end;

	if (scheme_end == text)
		return NULL;
	if (*scheme_end == '@')
		rest = scheme_end + 1;
	else if (g_str_has_prefix(scheme_end, "://"))
		rest = scheme_end + 3;
	else
		return NULL;
	end = skip_word(rest, "/.@:~-");
	return end > rest ? end : NULL;
}

/* Does the line end at `text`, but for white space? */
static bool line_ends(const char *text)
{
	for (size_t length; (length = whitespace_length(text)) > 0; text += length)
		if (*text == '\n')
			return true;
	return *text == '\0';
}

/* "URL ref" or "URL" at `text`, or NULL.  The ref may stand on the next line if it is alone there. */
static char *read_url_and_ref(const char *text)
{
	const char *url_end = skip_url(text), *gap_end, *ref_end, *newline = NULL;

	if (!url_end)
		return NULL;
	for (gap_end = url_end; *gap_end == '\\' || whitespace_length(gap_end) > 0;) {
		if (*gap_end == '\n')
			newline = gap_end;
		gap_end += *gap_end == '\\' ? 1 : whitespace_length(gap_end);
	}
	ref_end = skip_word(gap_end, "/._-");
	if (line_ends(ref_end))
		return whitespace_fold(text, (size_t)(ref_end - text));
	return newline ? whitespace_fold(text, (size_t)(newline - text)) : NULL;
}

/* What the announcement line at `line` announces, or NULL. */
static char *read_announcement(const char *line)
{
	size_t length = strlen(ANNOUNCEMENT);

	if (g_ascii_strncasecmp(line, ANNOUNCEMENT, length) != 0 || !line_ends(line + length))
		return NULL;
	line = whitespace_skip(line + length);
	return read_url_and_ref(line);
}

char *pull_request_find(const char *text)
{
	bool begun = false;
	char *found = NULL;

	for (const char *line = text; *line;) {
		const char *newline = strchr(line, '\n');

		if (begun && g_ascii_tolower(*line) == 'a') {
			char *url = read_announcement(line);

			if (url) {
				g_free(found);
				found = url;
			}
		}
		begun = begun || g_ascii_strncasecmp(line, BEGINNING, strlen(BEGINNING)) == 0;
		if (!newline)
			break;
		line = newline + 1;
	}
	return found;
}
