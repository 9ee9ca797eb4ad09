/* transfer.c - undoes the transfer encoding of a part.
 *
 * Called by text.c.  Promises: what comes out does not depend on the release of GMime, which goes on behind the padding of
 * base64 or does not.  So base64 is cut into its blocks here, and GLib decodes each.
 */
#include "transfer.h"

#include <stdbool.h>
#include <string.h>

/* The letters of base64 in a line without white space at its ends, padding among them; -1 where others stand there. */
static gssize base64_letters(const char *line, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!g_ascii_isalnum(line[i]) && line[i] != '+' && line[i] != '/' && line[i] != '=')
			return -1;
	return (gssize)length;
}

/* A run of lines of base64, up to padding or to a line that is none. */
struct block {
	GString *letters; /* without padding */
	bool padded;
	size_t length; /* of the run, in bytes of the text */
};

/* Read the block at the start of the text; empty lines before it belong to it. */
static void read_block(const char *text, size_t length, struct block *block)
{
	size_t at = 0;

	g_string_truncate(block->letters, 0);
	block->padded = false;
	while (at < length && !block->padded) {
		const char *line = text + at, *newline = memchr(line, '\n', length - at);
		const char *end = newline ? newline : text + length, *padding;

		while (line < end && g_ascii_isspace(*line))
			line++;
		while (end > line && g_ascii_isspace(end[-1]))
			end--;
		if ((line == end && block->letters->len > 0) || base64_letters(line, (size_t)(end - line)) < 0)
			break;
		padding = memchr(line, '=', (size_t)(end - line));
		g_string_append_len(block->letters, line, (padding ? padding : end) - line);
		block->padded = padding != NULL;
		at = newline ? (size_t)(newline + 1 - text) : length;
	}
	block->length = at;
}

/* Put the bytes of a block behind `out`, also where its padding is missing. */
static void decode_block(struct block *block, GByteArray *out)
{
	size_t missing = (4 - block->letters->len % 4) % 4;
	gsize length;

	if (missing < 3)
		g_string_append_len(block->letters, "==", (gssize)missing);
	if (block->letters->len < 4)
		return;
	g_base64_decode_inplace(block->letters->str, &length);
	g_byte_array_append(out, (const guint8 *)block->letters->str, (guint)length);
}

static bool is_blank(const char *text, size_t length)
{
	while (length > 0 && g_ascii_isspace(text[length - 1]))
		length--;
	return length == 0;
}

/* Some lists put a second block behind the first one's padding.  A word of a footer could be one too, but for its length. */
static bool is_further_block(const struct block *block)
{
	size_t rest = block->letters->len % 4;

	return block->letters->len > 0 && (block->padded ? rest > 1 : rest == 0);
}

static GByteArray *decode_base64(struct message *message, GByteArray *encoded)
{
	const char *text = (const char *)encoded->data;
	struct block block = {.letters = g_string_sized_new(encoded->len)};
	GByteArray *out = g_byte_array_sized_new(encoded->len / 4 * 3 + 4);
	size_t left = encoded->len;
	bool first = true;

	while (left > 0) {
		read_block(text, left, &block);
		if (first ? block.letters->len == 0 : !is_further_block(&block))
			break;
		decode_block(&block, out);
		text += block.length;
		left -= block.length;
		first = false;
	}
	if (first)
		g_byte_array_append(out, encoded->data, encoded->len);
	if (!is_blank(text, left))
		message_problem(message, first ? "a part is not in base64, which it declares"
		                               : "what stands behind the base64 of a part is left out");
	g_string_free(block.letters, TRUE);
	return out;
}

GByteArray *transfer_decode(struct message *message, GMimePart *part)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	GByteArray *bytes = g_byte_array_new(), *decoded;
	GMimeStream *stream = g_mime_stream_mem_new();
	bool base64 = content && g_mime_data_wrapper_get_encoding(content) == GMIME_CONTENT_ENCODING_BASE64;

	g_mime_stream_mem_set_byte_array(GMIME_STREAM_MEM(stream), bytes);
	if (base64) {
		g_mime_stream_reset(g_mime_data_wrapper_get_stream(content));
		g_mime_stream_write_to_stream(g_mime_data_wrapper_get_stream(content), stream);
	} else if (content) {
		g_mime_data_wrapper_write_to_stream(content, stream);
	}
	g_object_unref(stream);
	if (!base64)
		return bytes;
	decoded = decode_base64(message, bytes);
	g_byte_array_unref(bytes);
	return decoded;
}
