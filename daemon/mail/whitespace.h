/* whitespace.h - white space as Patchwork counts it: every Unicode space and the ASCII separators.
 *
 * Used by the stages that fold or trim text.  All functions take UTF-8; the inline ones need a NUL or any
 * other byte that is no white space after the text.
 */
#ifndef PATCHMAILD_WHITESPACE_H
#define PATCHMAILD_WHITESPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <glib.h>

/* The length in bytes of the white-space character at `text`, 0 if there is none. */
static inline size_t whitespace_length(const char *text)
{
	const unsigned char *byte = (const unsigned char *)text;

	if (byte[0] < 0x80)
		return byte[0] == ' ' || (byte[0] >= 0x09 && byte[0] <= 0x0d) || (byte[0] >= 0x1c && byte[0] <= 0x1f);
	if (byte[0] == 0xc2) /* U+0085, U+00A0 */
		return byte[1] == 0x85 || byte[1] == 0xa0 ? 2 : 0;
	if (byte[0] == 0xe1) /* U+1680 */
		return byte[1] == 0x9a && byte[2] == 0x80 ? 3 : 0;
	if (byte[0] == 0xe2 && byte[1] == 0x80) /* U+2000..U+200A, U+2028, U+2029, U+202F */
		return (byte[2] >= 0x80 && byte[2] <= 0x8a) || byte[2] == 0xa8 || byte[2] == 0xa9 || byte[2] == 0xaf
		               ? 3
		               : 0;
	if (byte[0] == 0xe2) /* U+205F */
		return byte[1] == 0x81 && byte[2] == 0x9f ? 3 : 0;
	if (byte[0] == 0xe3) /* U+3000 */
		return byte[1] == 0x80 && byte[2] == 0x80 ? 3 : 0;
	return 0;
}

/* The first byte at or after `text` that is not in white space. */
static inline const char *whitespace_skip(const char *text)
{
	for (size_t length; (length = whitespace_length(text)) > 0;)
		text += length;
	return text;
}

/* The length that `length` bytes of `text` have without the white space at their end. */
static inline size_t whitespace_trimmed(const char *text, size_t length)
{
	while (length > 0) {
		const char *last = g_utf8_find_prev_char(text, text + length);

		if (!last || whitespace_length(last) != (size_t)(text + length - last))
			break;
		length = (size_t)(last - text);
	}
	return length;
}

/* A copy of `length` bytes of `text` with every run of white space made one blank and none at the ends. */
static inline char *whitespace_fold(const char *text, size_t length)
{
	g_autofree char *copy = g_strndup(text, length);
	GString *folded = g_string_sized_new(length);

	for (const char *next = copy; *next;) {
		const char *word = whitespace_skip(next);

		if (*word && word > next && folded->len > 0)
			g_string_append_c(folded, ' ');
		for (next = word; *next && whitespace_length(next) == 0; next++)
			g_string_append_c(folded, *next);
	}
	return g_string_free(folded, FALSE);
}

#endif
