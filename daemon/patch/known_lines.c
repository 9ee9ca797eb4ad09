/* known_lines.c - which lines a text has.
 *
 * Called by content.c: people write the message of a patch into the mail and attach the patch, with its message, too.
 * Nothing is lost by it, whatever the order of the lines is.  Time is linear in all that is read.
 */
#include "patch/known_lines.h"

#include <string.h>

void known_lines_release(struct known_lines *known)
{
	g_clear_pointer(&known->lines, g_hash_table_unref);
}

void known_lines_read(struct known_lines *known, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text + known->read, "\n", -1);

	if (!known->lines)
		known->lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (size_t i = 0; lines[i]; i++)
		g_hash_table_add(known->lines, g_strdup(g_strstrip(lines[i])));
	known->read += strlen(text + known->read);
}

bool known_lines_hold(const struct known_lines *known, const char *message)
{
	g_auto(GStrv) lines = g_strsplit(message, "\n", -1);
	bool cut = false;

	for (size_t i = 0; lines[i]; i++) {
		bool is_stat = cut && *lines[i] == ' ';

		g_strstrip(lines[i]);
		if (strcmp(lines[i], "---") == 0)
			cut = true;
		else if (*lines[i] != '\0' && !is_stat && !g_hash_table_contains(known->lines, lines[i]))
			return false;
	}
	return true;
}
