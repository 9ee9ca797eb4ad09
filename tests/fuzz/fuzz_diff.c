/* fuzz_diff.c - diff.c, file_names.c and patch_hash.c on any text.
 *
 * The first byte says how long the pieces are.  A text split in pieces must give what it gives at once, no byte may be
 * lost or made up, and each side must have whole lines.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "patch/diff.h"
#include "patch/file_names.h"
#include "patch/patch_hash.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void split_in_pieces(const char *text, size_t piece, char **ret_comment, size_t *ret_before, char **ret_diff)
{
	struct diff_splitter *splitter = diff_splitter_new();

	for (size_t left = strlen(text); left > 0;) {
		size_t length = MIN(left, piece);

		diff_splitter_push(splitter, text, length);
		text += length;
		left -= length;
	}
	diff_splitter_finish(splitter, ret_comment, ret_before, ret_diff);
}

static void check_diff(const char *diff)
{
	g_autoptr(GPtrArray) names = file_names_of_diff(diff);
	g_autofree char *hash = patch_hash(diff);

	assert(*diff && g_str_has_suffix(diff, "\n"));
	assert(strlen(hash) == PATCH_HASH_LENGTH);
	for (guint i = 0; i < names->len; i++)
		assert(g_utf8_validate(g_ptr_array_index(names, i), -1, NULL) || !g_utf8_validate(diff, -1, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = NULL, *comment = NULL, *diff = NULL, *pieces_comment = NULL, *pieces_diff = NULL;
	size_t before, pieces_before;

	if (size == 0)
		return 0;
	text = g_strndup((const char *)data + 1, size - 1);
	diff_split(text, &comment, &before, &diff);
	split_in_pieces(text, data[0] % 16 + 1, &pieces_comment, &pieces_before, &pieces_diff);
	assert(strcmp(comment, pieces_comment) == 0);
	assert(before == pieces_before && before <= strlen(comment));
	assert(strncmp(comment, text, before) == 0);
	assert(g_strcmp0(diff, pieces_diff) == 0);
	assert(strlen(comment) + (diff ? strlen(diff) : 0) == strlen(text) + 1);
	assert(*comment == '\0' || g_str_has_suffix(comment, "\n"));
	if (diff)
		check_diff(diff);
	return 0;
}
