/* fuzz_trailers.c - trailers.c on any text; what it promises of the results must hold. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "patch/trailers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_message_id(const char *id)
{
	assert(g_str_has_prefix(id, "<") && g_str_has_suffix(id, ">") && strchr(id, '@') && !strchr(id, '\n'));
}

static void check_dependency(const struct dependency *dependency)
{
	const char *git = dependency->git_patch_id;

	assert((dependency->message_id != NULL) + (dependency->series_id > 0) + (dependency->patch_id > 0) +
	               (git != NULL) + (dependency->change_id != NULL) ==
	       1);
	if (dependency->message_id)
		check_message_id(dependency->message_id);
	assert(!git || (strlen(git) == 40 && strspn(git, "0123456789abcdef") == 40));
	assert(!dependency->change_id || (*dependency->change_id && !strpbrk(dependency->change_id, ": \n")));
	assert(dependency->version == 0 || (dependency->change_id && dependency->version > 0));
}

static void check_base_commit(const char *commit)
{
	size_t length = strlen(commit);

	assert(strspn(commit, "0123456789abcdef") == length && length >= 7 && (length <= 40 || length == 64));
}

static void check_supersedes(const char *field, const char *text)
{
	g_autoptr(GPtrArray) superseded = trailers_supersedes(field, text);

	assert(superseded->len <= TRAILERS_SUPERSEDED);
	for (guint i = 0; i < superseded->len; i++)
		check_message_id(g_ptr_array_index(superseded, i));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autoptr(GString) footer = g_string_new(NULL);
	g_autoptr(GPtrArray) links = trailers_links(text);
	g_autofree char *change_id = trailers_change_id(text), *cut = g_strdup(text), *commit = NULL;
	GPtrArray *dependencies;

	trailers_cut_footer(cut, 0, footer);
	dependencies = trailers_depends_on(cut, footer->str);
	assert(dependencies->len <= TRAILERS_DEPENDENCIES);
	for (guint i = 0; i < dependencies->len; i++)
		check_dependency(g_ptr_array_index(dependencies, i));
	assert(links->len <= TRAILERS_LINKS);
	for (guint i = 0; i < links->len; i++) {
		const char *id = g_ptr_array_index(links, i);

		assert(*id == '<' && g_str_has_suffix(id, ">") && strchr(id, '@'));
		assert(g_utf8_validate(id, -1, NULL) || !g_utf8_validate(text, -1, NULL));
	}
	assert(!change_id || (*change_id && !strpbrk(change_id, " \n")));
	g_ptr_array_unref(dependencies);
	commit = trailers_base_commit(cut, footer->str);
	if (commit)
		check_base_commit(commit);
	check_supersedes(text, cut);
	assert(strlen(cut) <= strlen(text) && strstr(text, cut));
	assert(!strstr(cut, "\n-- \n") && !g_ascii_isspace(*cut) && !g_str_has_suffix(cut, "\n"));
	return 0;
}
