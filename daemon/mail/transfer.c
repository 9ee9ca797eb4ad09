/* transfer.c - undoes the transfer encoding of a part.
 *
 * Called by text.c.  Promises: what comes out does not depend on the release of GMime, which goes on after the padding
 * of base64 or does not.  So base64 is cut into its blocks here, and GLib decodes each.
 */
#include "mail/transfer.h"

#include <stdbool.h>
#include <string.h>

#define LINE_LENGTH 60 /* letters of a line of base64: 60, 64, 72 and 76 are usual */

/* Does a line, without white space at its ends, hold nothing but letters of base64 and padding? */
static bool is_base64(const char *line, const char *end)
{
	while (line < end && (g_ascii_isalnum(*line) || *line == '+' || *line == '/' || *line == '='))
		line++;
	return line == end;
}

/* How often the letter stands at the start of a text. */
static size_t span_of(const char *text, const char *end, char letter)
{
	const char *at = text;

	while (at < end && *at == letter)
		at++;
	return (size_t)(at - text);
}

/* A run of lines of base64, up to padding or to a line that is not base64. */
struct block {
	GString *letters; /* without padding */
	bool padded;
	size_t length; /* of the run, in bytes of the text */
	/* The line that was looked at last, without white space at its end, and where the next one begins.  One with
	 * much padding has many blocks, and is looked at once. */
	const char *end, *next;
};

/* Look at the line at `line`, if that was not done; false if it has anything but base64. */
static bool look_at_line(const char *line, const char *text_end, struct block *block)
{
	const char *newline;

	if (block->end != NULL && line < block->end)
		return true;
	newline = memchr(line, '\n', (size_t)(text_end - line));
	block->next = newline ? newline + 1 : text_end;
	block->end = newline ? newline : text_end;
	while (block->end > line && (g_ascii_isspace(block->end[-1]) || block->end[-1] == '!'))
		block->end--;
	while (line < block->end && g_ascii_isspace(*line))
		line++;
	if (is_base64(line, block->end))
		return true;
	block->end = NULL;
	return false;
}

/* Read the block at the start of the text; empty lines before it belong to it.  sendmail puts `!` where it breaks a
 * line that is too long. */
static void read_block(const char *text, size_t length, struct block *block)
{
	size_t at = 0;

	g_string_truncate(block->letters, 0);
	block->padded = false;
	while (at < length && !block->padded) {
		const char *line = text + at, *padding;

		if (!look_at_line(line, text + length, block))
			break;
		while (line < block->end && g_ascii_isspace(*line))
			line++;
		if (line == block->end && block->letters->len > 0)
			break;
		padding = memchr(line, '=', (size_t)(block->end - line));
		g_string_append_len(block->letters, line, (padding ? padding : block->end) - line);
		block->padded = padding != NULL;
		at = (size_t)(block->next - text);
		if (padding)
			at = (size_t)(padding - text) + span_of(padding, block->end, '=');
	}
	block->length = at;
}

/* Put the bytes of a block after `out`, also if its padding is missing. */
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

/* Is it a block of base64?  A word of a footer or of a text that was never encoded could be one too, but for its
 * length. */
static bool is_block(const struct block *block)
{
	size_t rest = block->letters->len % 4;

	return block->letters->len > 0 && (block->padded ? rest != 1 : rest == 0);
}

/* Is it one, if the part begins with it?  Then it may be cut off anywhere: at the end of the mail, or where a footer
 * was put, after whole lines. */
static bool is_first_block(const struct block *block, size_t left)
{
	return is_block(block) ||
	       (block->letters->len > 0 && (block->length == left || block->letters->len >= LINE_LENGTH));
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
		if (first ? !is_first_block(&block, left) : !is_block(&block))
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
		                               : "what stands after the base64 of a part is left out");
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
