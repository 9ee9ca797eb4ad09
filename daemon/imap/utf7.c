/* utf7.c - mailbox names in modified UTF-7.
 *
 * Called by session.c.  glibc has the same as a character set of iconv(3) only since 2.36; the tests compare.
 * Promises: whatever the name holds, what comes out is printable ASCII; time is linear.
 */
#include "imap/utf7.h"

#include <stdbool.h>

#include <glib.h>

/* One character in modified UTF-7's alphabet: six bits. */
static void append_six_bits(GString *text, unsigned bits)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

	g_string_append_c(text, alphabet[bits & 63]);
}

/* A run of characters that are not printable ASCII, as UTF-16 in base64 without padding. */
static void append_shifted(GString *text, const char *begin, const char *end)
{
	g_autofree gunichar2 *units = g_utf8_to_utf16(begin, end - begin, NULL, NULL, NULL);
	unsigned bits = 0, count = 0;

	g_string_append_c(text, '&');
	for (const gunichar2 *unit = units; *unit; unit++) {
		bits = bits << 16 | *unit;
		for (count += 16; count >= 6; count -= 6)
			append_six_bits(text, bits >> (count - 6));
		bits &= (1U << count) - 1;
	}
	if (count > 0)
		append_six_bits(text, bits << (6 - count));
	g_string_append_c(text, '-');
}

static bool is_direct(const char *c)
{
	return *c >= 0x20 && *c <= 0x7e;
}

char *imap_utf7_encode(const char *name)
{
	g_autoptr(GString) text = g_string_new(NULL);

	if (!g_utf8_validate(name, -1, NULL))
		return NULL;
	for (const char *next = name; *next;) {
		const char *end = next;

		while (*end && !is_direct(end))
			end++;
		if (end > next)
			append_shifted(text, next, end);
		else if (*next == '&')
			g_string_append(text, "&-");
		else
			g_string_append_c(text, *next);
		next = end > next ? end : next + 1;
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}
