/* mark.c - reads what marks are made of.
 *
 * Used by the readers of files, folders and tars.  A mark comes from the database: it may be of another version.
 */
#include "archive/mark.h"

#include <errno.h>

#include <glib.h>

bool mark_read_number(const char **text, uint64_t *ret_number)
{
	char *end;

	if (!g_ascii_isdigit(**text))
		return false;
	errno = 0;
	*ret_number = g_ascii_strtoull(*text, &end, 10);
	*text = end + 1;
	return errno == 0 && *end == ' ';
}
