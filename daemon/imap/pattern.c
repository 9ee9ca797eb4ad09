/* pattern.c - names of mailboxes, and the patterns of LIST.
 *
 * Called by list.c and mailboxes.c.  Promises: the time for a match is the product of both lengths at most, whatever
 * the server says.
 */
#include "imap/pattern.h"

#include <string.h>

#include <glib.h>

#define INBOX "INBOX"

static bool is_wildcard(char c)
{
	return c == '*' || c == '%';
}

/* A wildcard may stand for nothing. */
static void skip_wildcards(const char *pattern, bool *reached)
{
	for (size_t i = 0; pattern[i]; i++)
		reached[i + 1] = reached[i + 1] || (reached[i] && is_wildcard(pattern[i]));
}

/* One more character of the name. */
static void advance(const char *pattern, size_t length, char c, char delimiter, bool *reached)
{
	for (size_t i = length; i > 0; i--) {
		char before = pattern[i - 1], here = pattern[i];
		bool moves = reached[i - 1] && !is_wildcard(before) && g_ascii_tolower(before) == g_ascii_tolower(c);

		reached[i] = moves || (reached[i] && (here == '*' || (here == '%' && c != delimiter)));
	}
	reached[0] = reached[0] && (pattern[0] == '*' || (pattern[0] == '%' && c != delimiter));
	skip_wildcards(pattern, reached);
}

bool imap_pattern_matches(const char *pattern, const char *name, char delimiter)
{
	size_t length = strlen(pattern);
	/* Which beginnings of the pattern match what has been seen of the name. */
	g_autofree bool *reached = g_new0(bool, length + 1);

	reached[0] = true;
	skip_wildcards(pattern, reached);
	for (; *name; name++)
		advance(pattern, length, *name, delimiter, reached);
	return reached[length];
}

static bool is_inbox(const char *name)
{
	return g_ascii_strncasecmp(name, INBOX, strlen(INBOX)) == 0;
}

char *imap_pattern_spell(const char *name, const char *like)
{
	if (!is_inbox(name))
		return g_strdup(name);
	return g_strdup_printf("%.*s%s", (int)strlen(INBOX), is_inbox(like) ? like : INBOX, name + strlen(INBOX));
}
