/* address.c - the form in which an address is kept and compared.
 *
 * Called by author.c.  Promises ASCII, whatever comes in, and that different addresses stay different but for the case
 * of ASCII letters; a domain that only looks like another one's after mapping is not mapped.
 */
#include "mail/address.h"

#include <string.h>
#include <glib.h>

static void append_escaped(GString *text, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)bytes[i];

		if (byte < 0x80)
			g_string_append_c(text, (char)byte);
		else
			g_string_append_printf(text, "%%%02X", byte);
	}
}

/* A text is a U-label if there and back gives the same. */
static void append_label(GString *text, const char *label)
{
	g_autofree char *ascii = g_str_is_ascii(label) ? NULL : g_hostname_to_ascii(label);
	g_autofree char *lower = g_ascii_strdown(label, -1), *unicode = NULL;

	if (ascii && g_str_is_ascii(ascii) && !strchr(ascii, '.'))
		unicode = g_hostname_to_unicode(ascii);
	if (unicode && strcmp(unicode, lower) == 0)
		g_string_append(text, ascii);
	else
		append_escaped(text, label, strlen(label));
}

char *address_in_ascii(const char *email)
{
	const char *at = strrchr(email, '@');
	GString *text = g_string_new(NULL);
	size_t local = at ? (size_t)(at - email) + 1 : strlen(email);
	g_auto(GStrv) labels = at ? g_strsplit(at + 1, ".", -1) : NULL;

	append_escaped(text, email, local);
	for (char **label = labels; label && *label; label++) {
		if (label != labels)
			g_string_append_c(text, '.');
		append_label(text, *label);
	}
	return g_string_free(text, FALSE);
}
