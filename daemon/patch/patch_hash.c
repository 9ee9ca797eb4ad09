/* patch_hash.c - Patchwork's hash of a diff.
 *
 * Called by content.c and submission.c.  Two diffs that differ only in line numbers, in the top directory of file
 * names, in prose or in line ends have the same hash.  The digits are those of Patchwork for every diff it can hold.
 */
#include <string.h>
#include <glib.h>

#include "mail/checksum.h"
#include "mail/whitespace.h"
#include "patch/patch_hash.h"

#define MARK_LENGTH (sizeof("--- ") - 1)

/* Read "-12,7" or "+12,7": the mark, a line number, and a line count that may be missing.  *ret_count is where the
 * digits of the count begin, "1" if there are none.  Returns what follows, or NULL. */
static const char *read_range(const char *at, char mark, const char **ret_count)
{
	const char *count = "1";

	if (*at++ != mark || !g_ascii_isdigit(*at))
		return NULL;
	while (g_ascii_isdigit(*at))
		at++;
	if (at[0] == ',' && g_ascii_isdigit(at[1])) {
		count = ++at;
		while (g_ascii_isdigit(*at))
			at++;
	}
	*ret_count = count;
	return at;
}

/* The digits at `count` as a number is printed: without zeros in front. */
static void append_count(GString *line, const char *count)
{
	while (count[0] == '0' && g_ascii_isdigit(count[1]))
		count++;
	for (; g_ascii_isdigit(*count); count++)
		g_string_append_c(line, *count);
}

/* "@@ -12,7 +12,9 @@ where" becomes "@@ -7 +9 @@". */
static bool normalise_hunk(const char *text, GString *line)
{
	const char *old, *new;

	if (!g_str_has_prefix(text, "@@ "))
		return false;
	text = read_range(text + 3, '-', &old);
	if (!text || *text != ' ')
		return false;
	text = read_range(text + 1, '+', &new);
	if (!text || !g_str_has_prefix(text, " @@"))
		return false;
	g_string_assign(line, "@@ -");
	append_count(line, old);
	g_string_append(line, " +");
	append_count(line, new);
	g_string_append(line, " @@");
	return true;
}

/* "--- linux.orig/Makefile 2026-01-01" becomes "--- a/Makefile", "+++" likewise with "b/". */
static bool normalise_file(const char *text, GString *line)
{
	bool old = g_str_has_prefix(text, "--- ");
	const char *name = text + MARK_LENGTH, *end, *slash;

	if ((!old && !g_str_has_prefix(text, "+++ ")) || *name == '\0' || whitespace_length(name) > 0)
		return false;
	for (end = name; *end && whitespace_length(end) == 0;)
		end++;
	slash = memchr(name, '/', (size_t)(end - name));
	g_string_assign(line, old ? "--- a/" : "+++ b/");
	if (slash)
		g_string_append_len(line, slash + 1, end - slash - 1);
	return true;
}

/* What of a line counts, in `line`; false if nothing does. */
static bool normalise_line(const char *text, GString *line)
{
	if (normalise_file(text, line) || normalise_hunk(text, line))
		return true;
	if (*text != '-' && *text != '+' && *text != ' ')
		return false;
	g_string_assign(line, text);
	return true;
}

/* A copy without carriage returns and without white space at the ends. */
static char *trimmed_copy(const char *diff)
{
	GString *copy = g_string_sized_new(strlen(diff));
	const char *start;

	while (*diff) {
		size_t length = strcspn(diff, "\r");

		g_string_append_len(copy, diff, (gssize)length);
		diff += length + (diff[length] == '\r');
	}
	start = whitespace_skip(copy->str);
	g_string_erase(copy, 0, start - copy->str);
	g_string_truncate(copy, whitespace_trimmed(copy->str, copy->len));
	return g_string_free(copy, FALSE);
}

char *patch_hash(const char *diff)
{
	g_autofree char *text = trimmed_copy(diff);
	g_autoptr(GString) line = g_string_new(NULL), all = g_string_sized_new(strlen(text));

	for (char *next = text; next;) {
		char *start = next;

		next = strchr(start, '\n');
		if (next)
			*next++ = '\0';
		if (!normalise_line(start, line))
			continue;
		g_string_append_len(all, line->str, (gssize)line->len);
		g_string_append_c(all, '\n');
	}
	return checksum_sha1(all->str, all->len);
}
