/* programs.c - finds the other programs of patchmaild.
 *
 * Used by main, which runs the IMAP service, and by what starts the parser's workers.
 */
#include "base/programs.h"

#include <unistd.h>

#include <glib.h>

char *programs_find(const char *name, const char *installed)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *folder = self == NULL ? NULL : g_path_get_dirname(self);
	g_autofree char *beside = folder == NULL ? NULL : g_build_filename(folder, name, NULL);

	if (beside != NULL && access(beside, X_OK) == 0)
		return g_steal_pointer(&beside);
	return g_strdup(installed);
}
