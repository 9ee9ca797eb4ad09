/* repositories.c - looks for the git repositories of a public-inbox.
 *
 * Used by archive/public_inbox.  An epoch is a folder N.git, or N if it was cloned with a work tree.
 */
#include "archive/repositories.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "archive/git.h"

static void repository_free(void *data)
{
	struct repository *repository = data;

	g_free(repository->folder);
	g_free(repository->place);
	g_free(repository->tip);
	g_free(repository->shallow);
	g_free(repository);
}

/* Takes the folder. */
static void add(GPtrArray *repositories, char *folder)
{
	struct repository *repository = g_new0(struct repository, 1);
	char *place = realpath(folder, NULL);

	repository->folder = folder;
	repository->place = g_strdup(place ? place : folder);
	repository->shallow = g_strdup("");
	free(place);
	g_ptr_array_add(repositories, repository);
}

static bool is_epoch(const char *name)
{
	size_t digits = strspn(name, "0123456789");

	return digits > 0 && (name[digits] == '\0' || strcmp(name + digits, ".git") == 0);
}

static int compare(gconstpointer one, gconstpointer other)
{
	const struct repository *a = *(struct repository *const *)one, *b = *(struct repository *const *)other;

	return strverscmp(a->folder, b->folder);
}

static int add_epochs(GPtrArray *repositories, const char *folder)
{
	DIR *stream = opendir(folder);
	struct dirent *entry;
	int failure;

	if (stream == NULL)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -errno;
	while (errno = 0, (entry = readdir(stream)) != NULL) {
		g_autofree char *path = g_build_filename(folder, entry->d_name, NULL);
		char *epoch = is_epoch(entry->d_name) ? git_folder(path) : NULL;

		if (epoch)
			add(repositories, epoch);
	}
	failure = -errno;
	closedir(stream);
	g_ptr_array_sort(repositories, compare);
	return failure;
}

int repositories_find(const char *path, GPtrArray **ret_repositories)
{
	g_autoptr(GPtrArray) repositories = g_ptr_array_new_with_free_func(repository_free);
	g_autofree char *epochs = g_build_filename(path, "git", NULL);
	int status = add_epochs(repositories, epochs);

	if (status == 0 && repositories->len == 0) {
		char *folder = git_folder(path);

		if (folder)
			add(repositories, folder);
		else
			status = add_epochs(repositories, path);
	}
	if (status == 0)
		*ret_repositories = g_steal_pointer(&repositories);
	return status;
}

/* HEAD names a branch that is not there: it may be that nothing was committed yet. */
static int look_for_others(const struct repository *repository, char **ret_reason)
{
	static const char *const arguments[] = {"for-each-ref", "--count=1", "--format=%(refname)", NULL};
	g_autofree char *branch = NULL;
	int status = git_ask(repository->folder, arguments, &branch, ret_reason);

	if (status != 0)
		return status < 0 ? status : -EIO;
	if (*branch == '\0')
		return 0;
	*ret_reason = g_strdup_printf("its HEAD names a branch that is not there, but there is %s", branch);
	return -EIO;
}

/* A repository that has a part of the history only: its digest changes if there is more of it. */
static char *look_at_shallow(const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "shallow", NULL), *text = NULL;
	gsize length;

	if (!g_file_get_contents(path, &text, &length, NULL) || length == 0)
		return g_strdup("");
	return g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)text, length);
}

/* 1 if there is none. */
static int look_for_tip(const struct repository *repository, char **ret_tip, char **ret_reason)
{
	static const char *const arguments[] = {"rev-parse", "--verify", "--quiet", "HEAD^{commit}", NULL};

	return git_ask(repository->folder, arguments, ret_tip, ret_reason);
}

int repository_look(struct repository *repository, char **ret_reason)
{
	g_autofree char *tip = NULL, *reason = NULL, *others = NULL;
	int status = look_for_tip(repository, &tip, &reason);

	if (status == 1) {
		status = look_for_others(repository, &others);
		if (status == 0)
			return 0;
		/* The first commit may have come meanwhile. */
		g_clear_pointer(&tip, g_free);
		g_clear_pointer(&reason, g_free);
		if (look_for_tip(repository, &tip, &reason) != 0) {
			*ret_reason = g_steal_pointer(&others);
			return status;
		}
		status = 0;
	}
	if (status == 0 && strlen(tip) > GIT_ID_MAX)
		status = -EIO;
	if (status != 0) {
		*ret_reason = reason ? g_steal_pointer(&reason) : g_strdup("git gives no commit for its HEAD");
		return status < 0 ? status : -EIO;
	}
	g_free(repository->tip);
	repository->tip = g_steal_pointer(&tip);
	g_free(repository->shallow);
	repository->shallow = look_at_shallow(repository->folder);
	return 0;
}

int repository_has(const struct repository *repository, const char *commit, char **ret_reason)
{
	const char *const arguments[] = {"merge-base", "--is-ancestor", commit, repository->tip, NULL};
	g_autofree char *line = NULL, *reason = NULL;
	int status = git_ask(repository->folder, arguments, &line, &reason);

	if (status < 0)
		*ret_reason = g_steal_pointer(&reason);
	/* 1: it is somewhere else; 128: there is no such commit any more. */
	return status < 0 ? status : status == 0;
}

uint64_t repository_count(struct repository *repository)
{
	const char *const arguments[] = {"rev-list", "--count", repository->tip, NULL};
	g_autofree char *line = NULL, *reason = NULL;

	if (repository->tip && git_ask(repository->folder, arguments, &line, &reason) == 0)
		repository->commits = g_ascii_strtoull(line, NULL, 10);
	return repository->commits;
}
