/* conninfo.c - finds out which word of a connection string libpq does not take.
 *
 * Used by configuration.c.  libpq's own message repeats the word, and a password that should stand in quotes is in
 * pieces then.
 */
#include "settings/conninfo.h"

#include <string.h>

#include <glib.h>
#include <libpq-fe.h>

#include "base/key_file.h"

/* What stands between the first and the last double quote of a message, or NULL. */
static char *quoted_word(const char *message)
{
	const char *begin = strchr(message, '"'), *end = strrchr(message, '"');

	return begin && end > begin ? g_strndup(begin + 1, (size_t)(end - begin - 1)) : NULL;
}

/* The number of the word of a text that a word begins, from 1; 0: it is not there. */
static unsigned number_of(const char *text, const char *word)
{
	g_auto(GStrv) words = g_strsplit_set(text, " \t", -1);
	unsigned number = 0;

	for (unsigned i = 0; words[i]; i++) {
		number += *words[i] != '\0';
		if (*words[i] && g_str_has_prefix(words[i], word))
			return number;
	}
	return 0;
}

/* The keyword of libpq that is most like a word, or NULL; a copy. */
static char *like_keyword(const char *word)
{
	PQconninfoOption *known = PQconndefaults();
	size_t count = 0;
	char *like;

	while (known && known[count].keyword)
		count++;
	like = g_strdup(key_file_suggest(word, known, count, sizeof(*known)));
	PQconninfoFree(known);
	return like;
}

/* About a word that may be anything: its place alone. */
static char *place_fault(const char *conninfo, const char *word, const char *what)
{
	unsigned number = number_of(conninfo, word);
	g_autofree char *place = number > 0 ? g_strdup_printf("its word %u", number) : g_strdup("one of its words");

	return g_strdup_printf("%s %s (a value with blanks stands in single quotes)", place, what);
}

/* About a word that stands where a keyword should. */
static char *word_fault(const char *conninfo, const char *word)
{
	g_autofree char *like = like_keyword(word);

	return like ? g_strdup_printf("%s is no keyword of libpq: perhaps %s", word, like)
	            : place_fault(conninfo, word, "is no keyword of libpq");
}

static char *explain(const char *conninfo, const char *message)
{
	g_autofree char *word = quoted_word(message);

	if (word && (strstr(message, "invalid connection option") || strstr(message, "invalid URI query parameter")))
		return word_fault(conninfo, word);
	if (strstr(message, "missing \"=\"")) {
		g_autofree char *last = strstr(message, "after \"") ? quoted_word(strstr(message, "after \"")) : NULL;

		return last ? place_fault(conninfo, last, "has no = after it") : NULL;
	}
	if (strstr(message, "unterminated quoted string"))
		return g_strdup("a quote in it is not closed");
	return NULL;
}

char *conninfo_fault(const char *conninfo)
{
	char *message = NULL, *words = NULL;
	PQconninfoOption *options = PQconninfoParse(conninfo, &message);

	if (!options || *conninfo == '\0')
		words = message ? explain(conninfo, message) : NULL;
	if (!options || *conninfo == '\0')
		words = words ? words : g_strdup("that is none");
	PQconninfoFree(options);
	PQfreemem(message);
	return words;
}
