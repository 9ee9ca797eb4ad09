/* header.c - cuts the header block of a mail into fields, and decodes a field's value.
 *
 * Called by message.c for the mail itself and by every stage that reads a field.  Promises: order, folding,
 * repeats and odd bytes of the block are kept; linear time; no input fails.
 */
#include "mail/header.h"

#include <stdbool.h>
#include <string.h>
#include <gmime/gmime.h>

#include "mail/whitespace.h"

/* Bytes in one unknown-8bit word, so that it stays under 75 characters (RFC 2047 section 2). */
#define ENCODED_WORD_BYTES 19

static void field_free(void *data)
{
	struct header_field *field = data;

	g_free(field->name);
	g_free(field->value);
	g_free(field);
}

/* The length of the field name that a line begins with, or 0.  Blanks may stand before the colon (RFC 5322
 * section 4.5.8); *ret_value is the offset after the colon. */
static size_t field_name(const char *line, size_t length, size_t *ret_value)
{
	size_t name = 0, colon;

	while (name < length && line[name] > ' ' && line[name] < 127 && line[name] != ':')
		name++;
	for (colon = name; colon < length && (line[colon] == ' ' || line[colon] == '\t');)
		colon++;
	if (name == 0 || colon == length || line[colon] != ':')
		return 0;
	*ret_value = colon + 1;
	return name;
}

/* Append a line to a value, without NUL and without CR at its end. */
static void append_line(GString *value, const char *line, size_t length)
{
	while (length > 0 && (line[length - 1] == '\r' || line[length - 1] == '\0'))
		length--;
	while (length > 0) {
		const char *nul = memchr(line, '\0', length);
		size_t run = nul ? (size_t)(nul - line) : length;

		g_string_append_len(value, line, (gssize)run);
		length -= nul ? run + 1 : run;
		line += nul ? run + 1 : run;
	}
}

/* A field whose lines are being read. */
struct reading {
	char *name; /* NULL: none */
	bool plain;
	GString *value;
};

static void finish_field(struct header_list *list, struct reading *reading)
{
	struct header_field *field;

	if (!reading->name)
		return;
	field = g_new(struct header_field, 1);
	field->name = g_steal_pointer(&reading->name);
	field->plain = reading->plain;
	field->value = g_strndup(reading->value->str, reading->value->len);
	g_ptr_array_add(list->fields, field);
}

static void continue_field(const char *line, size_t length, struct reading *reading)
{
	reading->plain = reading->plain && !memchr(line, '\0', length);
	append_line(reading->value, line, length);
}

static void start_field(const char *line, size_t name_length, size_t value_at, size_t length, struct reading *reading)
{
	reading->name = g_strndup(line, name_length);
	reading->plain = line[name_length] == ':';
	g_string_truncate(reading->value, 0);
	while (value_at < length && (line[value_at] == ' ' || line[value_at] == '\t'))
		value_at++;
	continue_field(line + value_at, length - value_at, reading);
}

void header_list_init(struct header_list *list, const char *bytes, size_t length, size_t *ret_body)
{
	g_autoptr(GString) value = g_string_new(NULL);
	struct reading reading = {NULL, true, value};
	size_t at = 0;

	list->fields = g_ptr_array_new_with_free_func(field_free);
	while (at < length) {
		const char *line = bytes + at, *end = memchr(line, '\n', length - at);
		size_t line_length = end ? (size_t)(end - line) : length - at, name_length, value_at = 0;
		size_t next = at + line_length + (end != NULL);

		if (line_length == 0 || (line_length == 1 && line[0] == '\r')) {
			at = next;
			break;
		}
		if (reading.name && (line[0] == ' ' || line[0] == '\t')) {
			g_string_append_c(value, '\n');
			continue_field(line, line_length, &reading);
		} else if ((name_length = field_name(line, line_length, &value_at)) > 0) {
			finish_field(list, &reading);
			start_field(line, name_length, value_at, line_length, &reading);
		} else {
			break;
		}
		at = next;
	}
	finish_field(list, &reading);
	*ret_body = at;
}

void header_list_release(struct header_list *list)
{
	g_clear_pointer(&list->fields, g_ptr_array_unref);
}

const struct header_field *header_nth(const struct header_list *list, const char *name, unsigned n)
{
	for (unsigned i = 0; i < list->fields->len; i++) {
		const struct header_field *field = g_ptr_array_index(list->fields, i);

		if (g_ascii_strcasecmp(field->name, name) == 0 && n-- == 0)
			return field;
	}
	return NULL;
}

const char *header_first(const struct header_list *list, const char *name)
{
	const struct header_field *field = header_nth(list, name, 0);

	return field ? field->value : NULL;
}

bool header_hides(const struct header_field *field, const char *name)
{
	size_t length = strlen(name);

	if (!field->plain && g_ascii_strcasecmp(field->name, name) == 0)
		return true;
	for (const char *cr = field->value; (cr = strchr(cr, '\r')); cr++) {
		const char *line = cr + 1;

		if (g_ascii_strncasecmp(line, name, length) == 0 && line[length + strspn(line + length, " \t")] == ':')
			return true;
	}
	return false;
}

/* The length of the run of bytes at `text` that are not UTF-8. */
static size_t foreign_run(const char *text, size_t length)
{
	size_t run = 1;

	while (run < length && (text[run] & 0x80) &&
	       g_utf8_get_char_validated(text + run, (gssize)(length - run)) > 0x10ffff)
		run++;
	return run;
}

static void append_windows_1252(GString *out, const char *bytes, size_t length, GIConv converter)
{
	for (size_t i = 0; i < length; i++) {
		char *in = (char *)bytes + i, character[8], *end = character;
		size_t in_left = 1, out_left = sizeof(character);

		/* Five bytes have no character in windows-1252; they are read as ISO 8859-1. */
		if (g_iconv(converter, &in, &in_left, &end, &out_left) == 0)
			g_string_append_len(out, character, end - character);
		else
			g_string_append_unichar(out, (unsigned char)bytes[i]);
	}
}

/* What is UTF-8 is kept, other bytes are read as windows-1252. */
static char *to_utf8(const char *raw)
{
	size_t left = strlen(raw);
	GString *out;
	GIConv converter;

	if (g_utf8_validate(raw, (gssize)left, NULL))
		return g_strdup(raw);
	out = g_string_sized_new(left + 16);
	converter = g_iconv_open("UTF-8", "WINDOWS-1252");
	while (left > 0) {
		const char *end;
		size_t run;

		g_utf8_validate(raw, (gssize)left, &end);
		g_string_append_len(out, raw, end - raw);
		left -= (size_t)(end - raw);
		raw = end;
		if (left == 0)
			break;
		run = foreign_run(raw, left);
		append_windows_1252(out, raw, run, converter);
		raw += run;
		left -= run;
	}
	g_iconv_close(converter);
	return g_string_free(out, FALSE);
}

/* A text on its way through the mending of its RFC 2047 words. */
struct words {
	GString *out;      /* what is decoded, if decoding is asked for */
	GString *segment;  /* what GMime is to decode yet */
	GByteArray *bytes; /* of a run of B-encoded words that is not in `segment` yet */
	char *charset;     /* of that run; NULL outside of one */
};

/* One RFC 2047 word, within the text that it stands in. */
struct word {
	const char *text, *end;
	size_t charset_length;
	const char *base64; /* NULL in a Q-encoded word */
	size_t base64_length;
};

/* Read the word at `text`, which begins with "=?". */
static bool read_word(const char *text, struct word *ret_word)
{
	const char *encoding = text + 2 + strcspn(text + 2, "? \t\n"), *content, *end;

	if (encoding[0] != '?' || encoding == text + 2 || !encoding[1] || !strchr("bBqQ", encoding[1]) ||
	    encoding[2] != '?')
		return false;
	content = encoding + 3;
	end = content + strcspn(content, "?\n");
	if (end[0] != '?' || end[1] != '=')
		return false;
	*ret_word = (struct word){text, end + 2, (size_t)(encoding - text - 2), NULL, 0};
	if (g_ascii_tolower(encoding[1]) == 'b') {
		ret_word->base64 = content;
		ret_word->base64_length = (size_t)(end - content);
	}
	return true;
}

/* The bytes of a Base64 text, its padding there or not; NULL if it is not Base64. */
static guchar *decode_base64(const char *text, size_t length, size_t *ret_length)
{
	size_t digits = 0, padding;
	g_autofree char *padded = NULL;

	while (digits < length && (g_ascii_isalnum(text[digits]) || text[digits] == '+' || text[digits] == '/'))
		digits++;
	padding = length - digits;
	if (strspn(text + digits, "=") < padding || digits % 4 == 1)
		return NULL;
	padded = g_strdup_printf("%.*s%s", (int)digits, text, digits % 4 == 2 ? "==" : digits % 4 == 3 ? "=" : "");
	return g_base64_decode(padded, ret_length);
}

static GMimeParserOptions *decode_options(void)
{
	static GMimeParserOptions *options;

	if (g_once_init_enter(&options)) {
		const char *charsets[] = {"utf-8", "windows-1252", "iso-8859-1", NULL};
		GMimeParserOptions *made = g_mime_parser_options_new();

		g_mime_parser_options_set_fallback_charsets(made, charsets);
		g_once_init_leave(&options, made);
	}
	return options;
}

static void decode_segment(struct words *words)
{
	g_autofree char *decoded = g_mime_utils_header_decode_text(decode_options(), words->segment->str);

	g_string_append(words->out, decoded ? decoded : words->segment->str);
	g_string_truncate(words->segment, 0);
}

static void finish_run(struct words *words)
{
	g_autofree char *base64 = NULL;

	if (!words->charset)
		return;
	base64 = g_base64_encode(words->bytes->data, words->bytes->len);
	g_string_append_printf(words->segment, "=?%s?b?%s?=", words->charset, base64);
	g_byte_array_set_size(words->bytes, 0);
	g_clear_pointer(&words->charset, g_free);
}

/* Take a B-encoded word that stands after `gap` bytes of other text.  False if it is not Base64. */
static bool add_base64_word(struct words *words, const struct word *word, size_t gap)
{
	const char *before = word->text - gap, *charset = word->text + 2;
	size_t length;
	g_autofree guchar *bytes = decode_base64(word->base64, word->base64_length, &length);

	if (!bytes)
		return false;
	if (!words->charset || strspn(before, " \t\n") < gap || strlen(words->charset) != word->charset_length ||
	    g_ascii_strncasecmp(words->charset, charset, word->charset_length) != 0) {
		finish_run(words);
		g_string_append_len(words->segment, before, (gssize)gap);
		words->charset = g_strndup(charset, word->charset_length);
	}
	g_byte_array_append(words->bytes, bytes, (guint)length);
	return true;
}

/* Mend the RFC 2047 words of a text, and decode them if that is asked for.  GMime loses a B-encoded word that lacks
 * its padding, or that follows one of the same charset with padding: neighbours are made one word with all its
 * padding.  It also loses a word that is not Base64: that is kept from it. */
static char *mend_words(const char *text, bool decode)
{
	struct words words = {g_string_new(NULL), g_string_new(NULL), g_byte_array_new(), NULL};
	const char *rest = text;

	while ((text = strstr(text, "=?"))) {
		struct word word;

		if (!read_word(text, &word)) {
			text += 2;
			continue;
		}
		if (!word.base64 || !add_base64_word(&words, &word, (size_t)(text - rest))) {
			finish_run(&words);
			g_string_append_len(words.segment, rest, text - rest);
			if (word.base64 && decode)
				decode_segment(&words);
			g_string_append_len(word.base64 && decode ? words.out : words.segment, text, word.end - text);
		}
		rest = text = word.end;
	}
	finish_run(&words);
	g_string_append(words.segment, rest);
	if (decode)
		decode_segment(&words);
	else
		g_string_append_len(words.out, words.segment->str, (gssize)words.segment->len);
	g_string_free(words.segment, TRUE);
	g_byte_array_unref(words.bytes);
	return g_string_free(words.out, FALSE);
}

char *header_mend(const char *raw)
{
	g_autofree char *text = to_utf8(raw);

	return mend_words(text, false);
}

char *header_decode(const char *raw)
{
	g_autofree char *text = to_utf8(raw), *decoded = mend_words(text, true);
	g_autofree char *valid = g_utf8_make_valid(decoded, -1);

	return whitespace_fold(valid, strlen(valid));
}

char *header_decode_first(const struct header_list *list, const char *name)
{
	const char *raw = header_first(list, name);

	return raw ? header_decode(raw) : NULL;
}

/* RFC 1428 section 3: bytes of an unknown character set, as encoded words. */
static void append_unknown_8bit(GString *out, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (i % ENCODED_WORD_BYTES == 0)
			g_string_append(out, i == 0 ? "=?unknown-8bit?q?" : "?= =?unknown-8bit?q?");
		g_string_append_printf(out, "=%02X", (unsigned char)bytes[i]);
	}
	g_string_append(out, "?=");
}

static void append_value(GString *out, const char *value)
{
	size_t left = strlen(value);

	while (left > 0) {
		const char *end;
		size_t run;

		g_utf8_validate(value, (gssize)left, &end);
		g_string_append_len(out, value, end - value);
		left -= (size_t)(end - value);
		value = end;
		if (left == 0)
			break;
		run = foreign_run(value, left);
		append_unknown_8bit(out, value, run);
		value += run;
		left -= run;
	}
}

char *header_list_text(const struct header_list *list)
{
	GString *out = g_string_new(NULL);

	for (unsigned i = 0; i < list->fields->len; i++) {
		const struct header_field *field = g_ptr_array_index(list->fields, i);

		if (i > 0)
			g_string_append_c(out, '\n');
		g_string_append_printf(out, "%s: ", field->name);
		append_value(out, field->value);
	}
	return g_string_free(out, FALSE);
}
