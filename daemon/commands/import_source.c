/* import_source.c - what import is to read, and from where.
 *
 * Used by import.c.
 */
#include "commands/import_source.h"

#include <stdlib.h>
#include <string.h>

#include "database/archive_mark.h"

int import_source_open(const char *path, struct import_source **ret_source, char **ret_reason)
{
	struct mail_archive *archive;
	int status = mail_archive_open(path, &archive, ret_reason);

	if (status < 0)
		return status;
	*ret_source = g_new0(struct import_source, 1);
	(*ret_source)->path = path;
	(*ret_source)->archive = archive;
	return 0;
}

void import_source_free(struct import_source *source)
{
	if (source == NULL)
		return;
	mail_archive_free(source->archive);
	g_free(source->name);
	g_clear_pointer(&source->marks, g_hash_table_destroy);
	g_free(source);
}

/* "import host:/var/lib/mail/list.mbox, list list.example.org, projects 0a1b2c3d4e5f" (the caller frees it). */
static char *name_of(const char *path, const char *list_id, const char *since, const char *projects)
{
	char *absolute = realpath(path, NULL);
	GString *name = g_string_new("import ");

	g_string_append_printf(name, "%s:%s", g_get_host_name(), absolute != NULL ? absolute : path);
	if (list_id != NULL)
		g_string_append_printf(name, ", list %s", list_id);
	if (since != NULL)
		g_string_append_printf(name, ", since %s", since);
	g_string_append_printf(name, ", projects %s", projects);
	free(absolute);
	return g_string_free(name, FALSE);
}

int import_source_resume(struct import_source *source, struct store *store, const char *list_id, const char *since,
                         const char *projects, bool again, int64_t deadline, char **ret_reason)
{
	source->name = name_of(source->path, list_id, since, projects);
	return again ? 0 : archive_marks(store, source->name, deadline, &source->marks, ret_reason);
}

bool import_source_goes_on(const struct import_source *source)
{
	return source->marks != NULL && g_hash_table_size(source->marks) > 0;
}

const char *import_source_mark(const struct import_source *source, const char *place)
{
	return source->marks == NULL ? NULL : archive_marks_find(source->marks, place);
}
