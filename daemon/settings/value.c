/* value.c - takes the values of keys.
 *
 * Used by the files of settings/ that read groups.
 */
#include "settings/value.h"

#include <stdint.h>
#include <string.h>

#include <glib.h>

static bool is_quote(char letter)
{
	return letter == '"' || letter == '\'';
}

/* A text without the quotes around it; NULL if it is empty, or has quotes of which nobody knows what they are for. */
static char *unquote(const char *value)
{
	size_t length = strlen(value);

	if (length >= 2 && is_quote(value[0]) && strchr(value + 1, value[0]) == value + length - 1)
		return length > 2 ? g_strndup(value + 1, length - 2) : NULL;
	return length > 0 && !is_quote(value[0]) && !is_quote(value[length - 1]) ? g_strdup(value) : NULL;
}

bool value_text(char **text, const char *value)
{
	g_free(*text);
	*text = unquote(value);
	return *text && !strstr(*text, "\\\\");
}

bool value_command(char ***command, const char *value)
{
	g_clear_pointer(command, g_strfreev);
	return g_shell_parse_argv(value, NULL, command, NULL) && g_path_is_absolute((*command)[0]);
}

bool value_number(unsigned *number, const char *value, unsigned least, unsigned most)
{
	guint64 wide;

	if (!g_ascii_string_to_unsigned(value, 10, least, most, &wide, NULL))
		return false;
	*number = (unsigned)wide;
	return true;
}

bool value_size(size_t *size, const char *value)
{
	static const char units[] = "KMG";
	g_autofree char *digits = g_strdup(value);
	size_t length = strlen(digits);
	const char *unit = length > 1 ? strchr(units, g_ascii_toupper(digits[length - 1])) : NULL;
	unsigned shift = 0;
	guint64 number;

	if (unit != NULL) {
		shift = 10 * (unsigned)(unit - units + 1);
		digits[length - 1] = '\0';
	}
	if (!g_ascii_string_to_unsigned(digits, 10, 1, SIZE_MAX >> shift, &number, NULL))
		return false;
	*size = (size_t)number << shift;
	return true;
}

int value_choice(const char *value, const char *const names[])
{
	for (int i = 0; names[i]; i++)
		if (g_str_equal(value, names[i]))
			return i;
	return -1;
}

/* What somebody may have thought of who wrote this value; an empty text if nobody knows. */
static const char *cause_of(const char *value)
{
	size_t length = strlen(value), digits = strspn(value, G_CSET_DIGITS);

	if (length > 0 && (is_quote(value[0]) || is_quote(value[length - 1])))
		return " (quotes stand around all of a text, or it has none)";
	if (strstr(value, "\\\\"))
		return " (a backslash stands for itself, and is written once)";
	if (digits > 0 && g_ascii_isalpha(value[digits + strspn(value + digits, " \t")]))
		return " (without a unit)";
	return "";
}

bool value_refuse(struct key_file_fault *fault, const char *group, const struct key_file_key *key, const char *form)
{
	return key_file_blame(fault, key->line, "%s in [%s] has to be %s%s", key->name, group, form,
	                      cause_of(key->value));
}

bool value_unknown(struct key_file_fault *fault, const char *group, const struct key_file_key *key, const void *table,
                   size_t count, size_t size)
{
	const char *like = key_file_suggest(key->name, table, count, size);

	return like ? key_file_blame(fault, key->line, "unknown key %s in [%s]: perhaps %s", key->name, group, like)
	            : key_file_blame(fault, key->line, "unknown key %s in [%s]", key->name, group);
}
