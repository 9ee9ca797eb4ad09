/* key_lines.c - looks at a key file line by line.
 *
 * Used by settings/configuration.c.  GLib merges groups that are there twice, takes the last of two keys, and knows no
 * numbers of lines.  GLib decides what kind of line one is, so that both read a file alike.
 */
#include "settings/key_lines.h"

#include <glib.h>

enum kind { NOTHING, GROUP, KEY, NO_KEY_FILE };

static GKeyFile *read_alone(const char *text)
{
	g_autoptr(GKeyFile) file = g_key_file_new();

	return g_key_file_load_from_data(file, text, (gsize)-1, G_KEY_FILE_NONE, NULL) ? g_steal_pointer(&file) : NULL;
}

/* What a line is, and the name in it (the caller frees it). */
static enum kind kind_of(const char *line, char **ret_name)
{
	g_autofree char *in_group = g_strconcat("[group]\n", line, NULL);
	g_autoptr(GKeyFile) alone = read_alone(line);
	g_autoptr(GKeyFile) below = alone ? NULL : read_alone(in_group);
	g_auto(GStrv) groups = alone ? g_key_file_get_groups(alone, NULL) : NULL;
	g_auto(GStrv) keys = below ? g_key_file_get_keys(below, "group", NULL, NULL) : NULL;

	if (groups && !groups[0])
		return NOTHING;
	/* Of a key in another language than ours GLib leaves nothing. */
	if (!groups && (!keys || !keys[0]))
		return NO_KEY_FILE;
	*ret_name = g_strdup(groups ? groups[0] : keys[0]);
	return groups ? GROUP : KEY;
}

/* Note where a group or key is.  NULL, or what is wrong. */
static char *note(GHashTable *lines, key_lines_knows *knows, const char *group, const char *key, unsigned line)
{
	g_autofree char *name = key ? g_strdup_printf("%s in [%s]", key, group) : g_strdup_printf("[%s]", group);
	unsigned before = GPOINTER_TO_UINT(g_hash_table_lookup(lines, name));

	if (!knows(group, key))
		return g_strdup_printf("unknown %s %s", key ? "key" : "group", name);
	if (before > 0)
		return g_strdup_printf("%s stands at line %u already", name, before);
	g_hash_table_insert(lines, g_steal_pointer(&name), GUINT_TO_POINTER(line));
	return NULL;
}

char *key_lines_check(const char *text, key_lines_knows *knows, unsigned *ret_line)
{
	g_autoptr(GHashTable) lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_auto(GStrv) list = g_strsplit(text, "\n", -1);
	g_autofree char *group = NULL;
	char *wrong = NULL;

	for (unsigned i = 0; list[i] && !wrong; i++) {
		g_autofree char *name = NULL;
		enum kind kind = kind_of(g_strchomp(list[i]), &name);

		*ret_line = i + 1;
		if (kind == GROUP) {
			g_free(group);
			group = g_steal_pointer(&name);
			wrong = note(lines, knows, group, NULL, i + 1);
		} else if (kind == KEY) {
			wrong = group ? note(lines, knows, group, name, i + 1)
			              : g_strdup("a key before the first [group]");
		} else if (kind == NO_KEY_FILE) {
			wrong = g_strdup("neither [group] nor key=value nor # comment, in UTF-8");
		}
	}
	return wrong;
}
