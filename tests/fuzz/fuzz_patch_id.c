/* fuzz_patch_id.c - patch_id.c on any text; what it promises must hold. */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <glib.h>

#include "patch/patch_id.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size), *id = patch_id(text);
	bool diff = g_str_has_prefix(text, "diff ") || strstr(text, "\ndiff ");

	assert((id != NULL) == diff);
	assert(!id || (strlen(id) == PATCH_ID_LENGTH && strspn(id, "0123456789abcdef") == PATCH_ID_LENGTH));
	return 0;
}
