/* utf7.c - mailbox names in modified UTF-7.
 *
 * Called by session.c and list.c.  glibc has the same as a character set of iconv(3) only since 2.36; the tests
 * compare.  Promises: whatever the name holds, what comes out is printable ASCII; time is linear.
 */
#include "imap/utf7.h"

#include <string.h>

#include <glib.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

/* One character in modified UTF-7's alphabet: six bits. */
static void append_six_bits(GString *text, unsigned bits)
{
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

/* The UTF-16 of a run between `&` and `-`. */
static GArray *units_of(const char *run, size_t length)
{
	GArray *units = g_array_new(TRUE, FALSE, sizeof(gunichar2));
	unsigned bits = 0, count = 0;

	for (size_t i = 0; i < length; i++) {
		bits = (bits << 6 | (unsigned)(strchr(alphabet, run[i]) - alphabet)) & 0x3fffff;
		count += 6;
		if (count >= 16) {
			gunichar2 unit = (gunichar2)(bits >> (count - 16));

			count -= 16;
			g_array_append_val(units, unit);
		}
	}
	return units;
}

/* Text after `&`, up to its `-`; NULL if that is no run.  What cannot be is seen when the name is encoded again. */
static const char *append_run(GString *text, const char *run)
{
	size_t length = strspn(run, alphabet);
	g_autoptr(GArray) units = NULL;
	g_autofree char *decoded = NULL;

	if (run[length] != '-')
		return NULL;
	if (length == 0) {
		g_string_append_c(text, '&');
		return run + 1;
	}
	units = units_of(run, length);
	decoded = g_utf16_to_utf8((const gunichar2 *)(void *)units->data, units->len, NULL, NULL, NULL);
	if (!decoded)
		return NULL;
	g_string_append(text, decoded);
	return run + length + 1;
}

char *imap_utf7_decode(const char *wire)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *again = NULL;

	for (const char *next = wire; next && *next;) {
		if (!is_direct(next))
			return NULL;
		if (*next == '&') {
			next = append_run(text, next + 1);
			if (!next)
				return NULL;
		} else {
			g_string_append_c(text, *next++);
		}
	}
	again = imap_utf7_encode(text->str);
	return g_strcmp0(again, wire) == 0 ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

bool imap_utf7_is_line(const char *name)
{
	for (; *name; name = g_utf8_next_char(name)) {
		GUnicodeType type = g_unichar_type(g_utf8_get_char(name));

		if (type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR ||
		    type == G_UNICODE_PARAGRAPH_SEPARATOR)
			return false;
	}
	return true;
}
