/* fuzz_pull_request.c - pull_request.c on any text; a URL found must hold what makes it one. */
#include <assert.h>
#include <stdint.h>
#include <string.h>
#include <glib.h>

#include "patch/pull_request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *raw = g_strndup((const char *)data, size);
	g_autofree char *text = g_utf8_make_valid(raw, -1);
	g_autofree char *url = pull_request_find(text);

	if (url) {
		assert(strchr(url, '@') || strstr(url, "://"));
		assert(g_utf8_validate(url, -1, NULL));
		assert(!strpbrk(url, "\r\n\t") && !strstr(url, "  "));
	}
	return 0;
}
