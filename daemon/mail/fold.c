/* fold.c - text in the form in which words and names are compared.
 *
 * Called by reply_mark.c and original_author.c.
 */
#include "mail/fold.h"

#include <string.h>
#include <glib.h>

#include "mail/whitespace.h"

#define DOTLESS_I 0x131 /* Turkish */

char *fold_text(const char *text, size_t length)
{
	g_autofree char *apart = g_utf8_normalize(text, (gssize)length, G_NORMALIZE_NFKD), *joined = NULL;
	g_autoptr(GString) plain = g_string_new(NULL);

	for (const char *at = apart ? apart : ""; *at; at = g_utf8_next_char(at)) {
		gunichar letter = g_unichar_tolower(g_utf8_get_char(at));

		if (!g_unichar_ismark(letter) && g_unichar_type(letter) != G_UNICODE_FORMAT)
			g_string_append_unichar(plain, letter == DOTLESS_I ? 'i' : letter);
	}
	joined = g_utf8_normalize(plain->str, -1, G_NORMALIZE_NFC);
	return whitespace_fold(joined, strlen(joined));
}
