/* fuzz_utf7.c - utf7.c on any bytes: what is UTF-8 becomes printable ASCII that iconv(3) reads back, the rest is
 * refused. */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <glib.h>

#include "imap/utf7.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *name = g_strndup((const char *)data, size), *encoded = imap_utf7_encode(name);
	g_autofree char *decoded = encoded ? g_convert(encoded, -1, "UTF-8", "UTF-7-IMAP", NULL, NULL, NULL) : NULL;
	size_t length = strlen(name);

	assert((encoded != NULL) == (bool)g_utf8_validate(name, -1, NULL));
	if (!encoded)
		return 0;
	for (const char *c = encoded; *c; c++)
		assert(*c >= 0x20 && *c <= 0x7e);
	assert(strlen(encoded) <= 5 * length); /* one control character: &AAk- */
	assert(!decoded || strcmp(decoded, name) == 0);
	return 0;
}
