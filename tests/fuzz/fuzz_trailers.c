/* fuzz_trailers.c - trailers.c on any text; what it promises of the results must hold. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "patch/trailers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_dependency(const struct dependency *dependency)
{
	const char *id = dependency->message_id;

	assert((id != NULL) + (dependency->series_id > 0) + (dependency->patch_id > 0) == 1);
	assert(!id || (g_str_has_prefix(id, "<") && g_str_has_suffix(id, ">") && strchr(id, '@')));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autoptr(GPtrArray) dependencies = trailers_depends_on(text), links = trailers_links(text);
	g_autofree char *change_id = trailers_change_id(text), *cut = g_strdup(text);

	for (guint i = 0; i < dependencies->len; i++)
		check_dependency(g_ptr_array_index(dependencies, i));
	assert(links->len <= TRAILERS_LINKS);
	for (guint i = 0; i < links->len; i++) {
		const char *id = g_ptr_array_index(links, i);

		assert(*id == '<' && g_str_has_suffix(id, ">") && strchr(id, '@') && g_utf8_validate(id, -1, NULL));
	}
	assert(!change_id || (*change_id && !strpbrk(change_id, " \n")));
	trailers_cut_footer(cut, 0);
	assert(strlen(cut) <= strlen(text) && strstr(text, cut));
	assert(!strstr(cut, "\n-- \n") && !g_ascii_isspace(*cut) && !g_str_has_suffix(cut, "\n"));
	return 0;
}
