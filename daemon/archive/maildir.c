/* maildir.c - lists the mails of a Maildir or a folder.
 *
 * Used by import.  Reads names only; takes no locks and moves nothing.
 */
#include "archive/maildir.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static bool has_folder(const char *path, const char *name)
{
	g_autofree char *folder = g_build_filename(path, name, NULL);
	struct stat status;

	return stat(folder, &status) == 0 && S_ISDIR(status.st_mode);
}

bool maildir_is(const char *path)
{
	return has_folder(path, "new") && has_folder(path, "cur");
}

static bool is_file(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* Add the files of one folder. */
static int add_files(GPtrArray *paths, const char *folder)
{
	DIR *stream = opendir(folder);
	struct dirent *entry;
	int failure;

	if (stream == NULL)
		return -errno;
	while (errno = 0, (entry = readdir(stream)) != NULL) {
		char *path;

		if (entry->d_name[0] == '.')
			continue;
		path = g_build_filename(folder, entry->d_name, NULL);
		if (is_file(path))
			g_ptr_array_add(paths, path);
		else
			g_free(path);
	}
	failure = -errno;
	closedir(stream);
	return failure;
}

/* By the last component; a Maildir has two folders of one order. */
static int compare(gconstpointer one, gconstpointer other)
{
	const char *one_path = *(char *const *)one, *other_path = *(char *const *)other;
	g_autofree char *one_name = g_path_get_basename(one_path), *other_name = g_path_get_basename(other_path);
	int order = strverscmp(one_name, other_name);

	return order != 0 ? order : strcmp(one_path, other_path);
}

static int list(const char *const *folders, GPtrArray **ret_paths)
{
	g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);

	for (; *folders != NULL; folders++) {
		int status = add_files(paths, *folders);

		if (status < 0)
			return status;
	}
	g_ptr_array_sort(paths, compare);
	*ret_paths = g_steal_pointer(&paths);
	return 0;
}

int maildir_list(const char *path, GPtrArray **ret_paths)
{
	g_autofree char *new_folder = g_build_filename(path, "new", NULL);
	g_autofree char *cur_folder = g_build_filename(path, "cur", NULL);
	const char *const folders[] = {new_folder, cur_folder, NULL};

	return list(folders, ret_paths);
}

int maildir_list_folder(const char *path, GPtrArray **ret_paths)
{
	const char *const folders[] = {path, NULL};

	return list(folders, ret_paths);
}
