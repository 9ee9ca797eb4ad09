/* value.c - takes the values of keys.
 *
 * Used by imap_account.c and hook_settings.c.
 */
#include "settings/value.h"

#include <string.h>

#include <glib.h>

bool value_text(char **text, const char *value)
{
	g_free(*text);
	*text = g_strdup(value);
	return *value != '\0' && !value[strcspn(value, "\r\n")];
}

bool value_number(unsigned *number, const char *value, unsigned least, unsigned most)
{
	guint64 wide;

	if (!g_ascii_string_to_unsigned(value, 10, least, most, &wide, NULL))
		return false;
	*number = (unsigned)wide;
	return true;
}

int value_choice(const char *value, const char *const names[])
{
	for (int i = 0; names[i]; i++)
		if (g_str_equal(value, names[i]))
			return i;
	return -1;
}
