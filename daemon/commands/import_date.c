/* import_date.c - reads the dates that an import compares.
 *
 * Used by import.c and import_facts.c.
 */
#include "commands/import_date.h"

#include <string.h>

#include <glib.h>

bool import_date_read(const char *text, int64_t *ret_seconds)
{
	g_autofree char *whole =
		strlen(text) == strlen("2026-02-10") ? g_strdup_printf("%sT00:00:00Z", text) : g_strdup(text);
	g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
	g_autoptr(GDateTime) date = g_date_time_new_from_iso8601(whole, utc);

	if (date == NULL)
		return false;
	*ret_seconds = g_date_time_to_unix(date);
	return true;
}

char *import_date_text(int64_t seconds)
{
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(seconds);

	return date == NULL ? g_strdup("an unknown date") : g_date_time_format(date, "%Y-%m-%d");
}
