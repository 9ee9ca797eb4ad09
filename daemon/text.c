/* text.c - the text parts of a mail as UTF-8.
 *
 * Called by submission.c.  Promises: attached messages are not walked into; what comes out is valid UTF-8 with
 * LF line ends and no NUL; every part that says text comes out in some form, whatever its charset is; time is
 * linear and no recursion follows the tree.
 */
#include "text.h"

#include <errno.h>
#include <string.h>

#define CHARSET_NAME_LENGTH 64 /* characters; longer names are unknown ones */

/* Names that mail uses and iconv does not know, or knows as something narrower than what is meant. */
static const struct {
	const char *name, *iconv;
} charset_aliases[] = {
	{"ascii", "US-ASCII"},
	{"iso-8859-8-i", "ISO-8859-8"},
	{"ks-c-5601-1987", "CP949"},
	{"latin-1", "ISO-8859-1"},
	{"shift-jis", "SHIFT_JIS"},
	{"windows-874", "CP874"},
	{"x-gbk", "GBK"},
	{"x-sjis", "SHIFT_JIS"},
	{"x-utf-8", "UTF-8"},
	{"x-windows-949", "CP949"},
	{"x-windows-1252", "WINDOWS-1252"},
	{"big5-hkscs", "BIG5-HKSCS"},
};

static void text_part_free(void *data)
{
	struct text_part *part = data;

	g_free(part->text);
	g_free(part);
}

/* The declared charset in lower case, without quotes around and `_` behind it; NULL where that is no name. */
static char *charset_name(const char *declared)
{
	g_autofree char *name = declared ? g_ascii_strdown(declared, -1) : NULL;
	size_t length, start;

	if (!name || strlen(name) > CHARSET_NAME_LENGTH)
		return NULL;
	start = strspn(name, "'\" \t-_");
	for (length = strlen(name); length > start && strchr("'\" \t-_", name[length - 1]);)
		name[--length] = '\0';
	for (size_t i = start; i < length; i++)
		if (!g_ascii_isalnum(name[i]) && !strchr("-_.:+", name[i]))
			return NULL;
	return length > start ? g_strdup(name + start) : NULL;
}

/* iconv knows some names with `-` only and some with `_` only, and some with one of each. */
static GIConv open_charset(const char *name)
{
	g_autofree char *hyphens = g_strdelimit(g_strdup(name), "_", '-');
	g_autofree char *underscores = g_strdelimit(g_strdup(name), "-", '_');
	GIConv converter;

	for (size_t i = 0; i < G_N_ELEMENTS(charset_aliases); i++)
		if (strcmp(hyphens, charset_aliases[i].name) == 0)
			return g_iconv_open("UTF-8", charset_aliases[i].iconv);
	converter = g_iconv_open("UTF-8", name);
	if (converter == (GIConv)-1)
		converter = g_iconv_open("UTF-8", hyphens);
	return converter != (GIConv)-1 ? converter : g_iconv_open("UTF-8", underscores);
}

/* Convert all of `bytes`, or give NULL where a byte does not fit. */
static GByteArray *convert(GIConv converter, const GByteArray *bytes)
{
	GByteArray *out = g_byte_array_sized_new(bytes->len + 16);
	char *in = (char *)bytes->data, chunk[16384];
	size_t in_left = bytes->len, result;

	do {
		char *end = chunk;
		size_t out_left = sizeof(chunk);

		result = g_iconv(converter, in_left ? &in : NULL, &in_left, &end, &out_left);
		if (result == (size_t)-1 && errno != E2BIG) {
			g_byte_array_unref(out);
			return NULL;
		}
		g_byte_array_append(out, (guint8 *)chunk, (guint)(end - chunk));
	} while (result == (size_t)-1);
	return out;
}

static bool is_utf8(const GByteArray *bytes)
{
	const char *text = (const char *)bytes->data;
	size_t left = bytes->len;

	while (left > 0) {
		const char *end;

		if (g_utf8_validate_len(text, left, &end))
			return true;
		if (*end != '\0')
			return false;
		left -= (size_t)(end + 1 - text);
		text = end + 1;
	}
	return true;
}

/* Bytes as UTF-8 if that is what the charset makes of them.  Takes nothing, gives a reference or NULL. */
static GByteArray *decode_as(GByteArray *bytes, const char *charset)
{
	GIConv converter;
	GByteArray *out;

	if (strcmp(charset, "utf-8") == 0 || strcmp(charset, "utf8") == 0 || strcmp(charset, "utf_8") == 0)
		return is_utf8(bytes) ? g_byte_array_ref(bytes) : NULL;
	converter = open_charset(charset);
	if (converter == (GIConv)-1)
		return NULL;
	out = convert(converter, bytes);
	g_iconv_close(converter);
	if (out && !is_utf8(out))
		g_clear_pointer(&out, g_byte_array_unref);
	return out;
}

static bool charset_known(const char *name)
{
	GIConv converter = open_charset(name);

	if (converter == (GIConv)-1)
		return false;
	g_iconv_close(converter);
	return true;
}

/* As declared; else the first of utf-8, windows-1252 and iso-8859-1 that fits, and the last fits always. */
static GByteArray *decode_charset(struct message *message, GByteArray *bytes, const char *declared)
{
	static const char *const guesses[] = {"utf-8", "windows-1252", "iso-8859-1"};
	g_autofree char *name = charset_name(declared);
	GByteArray *out = name ? decode_as(bytes, name) : NULL;

	for (size_t i = 0; !out && i < G_N_ELEMENTS(guesses); i++) {
		out = decode_as(bytes, guesses[i]);
		if (out && name && charset_known(name))
			message_problem(message, "a part is not in the charset %s that it declares; read as %s", name,
			                guesses[i]);
		else if (out && declared)
			message_problem(message, "a part declares an unknown charset; read as %s", guesses[i]);
	}
	return out;
}

/* The text without NUL, and with LF for CRLF. */
static char *clean_lines(const GByteArray *bytes)
{
	char *text = g_malloc(bytes->len + 1), *out = text;

	for (guint i = 0; i < bytes->len; i++) {
		if (bytes->data[i] == '\0' ||
		    (bytes->data[i] == '\r' && i + 1 < bytes->len && bytes->data[i + 1] == '\n'))
			continue;
		*out++ = (char)bytes->data[i];
	}
	*out = '\0';
	return text;
}

static bool is_signature_line(const char *line, const char *end)
{
	return end - line == 3 && memcmp(line, "-- ", 3) == 0;
}

/* Does a line of flowed text go on in the next one?  One of nothing but blanks does not, whatever RFC 3676 says: it is
 * an empty line of a diff's context or of an indented text. */
static bool is_flowed(const char *line, const char *end)
{
	const char *last = end;

	while (last > line && last[-1] == ' ')
		last--;
	return last < end && last > line && !is_signature_line(line, end);
}

/* RFC 3676 section 4: lines that end in a blank go on in the next one of the same quote depth. */
static char *unflow(const char *text, bool delsp)
{
	GString *out = g_string_sized_new(strlen(text));
	size_t open_depth = 0;
	bool open = false;

	while (*text) {
		size_t length = strcspn(text, "\n"), depth = strspn(text, ">");
		const char *line = text + depth, *end = text + length;
		bool stuffed = line < end && *line == ' ', flowed;

		line += stuffed;
		flowed = is_flowed(line, end);
		if (open && (depth != open_depth || is_signature_line(line, end))) {
			g_string_append_c(out, '\n');
			open = false;
		}
		if (!open) {
			g_string_append_len(out, text, (gssize)depth);
			g_string_append(out, depth > 0 && stuffed ? " " : "");
		}
		g_string_append_len(out, line, end - line - (flowed && delsp));
		if (*end && !flowed)
			g_string_append_c(out, '\n');
		open = flowed;
		open_depth = depth;
		text = *end ? end + 1 : end;
	}
	return g_string_free(out, FALSE);
}

static GByteArray *transfer_decode(GMimePart *part)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	GByteArray *bytes = g_byte_array_new();
	GMimeStream *stream = g_mime_stream_mem_new();

	g_mime_stream_mem_set_byte_array(GMIME_STREAM_MEM(stream), bytes);
	if (content)
		g_mime_data_wrapper_write_to_stream(content, stream);
	g_object_unref(stream);
	return bytes;
}

static char *part_text(struct message *message, GMimePart *part, bool plain)
{
	GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(part));
	const char *charset = g_mime_content_type_get_parameter(type, "charset");
	const char *format = g_mime_content_type_get_parameter(type, "format");
	const char *delsp = g_mime_content_type_get_parameter(type, "delsp");
	g_autoptr(GByteArray) bytes = transfer_decode(part);
	g_autoptr(GByteArray) utf8 = decode_charset(message, bytes, charset);
	char *text = clean_lines(utf8), *flowed = text;

	if (plain && format && g_ascii_strcasecmp(format, "flowed") == 0) {
		text = unflow(flowed, delsp && g_ascii_strcasecmp(delsp, "yes") == 0);
		g_free(flowed);
	}
	return text;
}

/* RFC 2045 section 5.2: what says no type and what says nonsense is text/plain.  GMime says octet-stream of the latter. */
static bool is_plain(GMimeObject *part)
{
	const char *raw = g_mime_object_get_header(part, "Content-Type");
	size_t slashes = 0;

	for (const char *c = raw; c && *c && *c != ';'; c++)
		slashes += *c == '/';
	return (raw && slashes != 1) ||
	       g_mime_content_type_is_type(g_mime_object_get_content_type(part), "text", "plain");
}

static bool is_diff_type(GMimeObject *part)
{
	GMimeContentType *type = g_mime_object_get_content_type(part);

	return g_mime_content_type_is_type(type, "text", "x-patch") ||
	       g_mime_content_type_is_type(type, "text", "x-diff");
}

static bool is_diff_file(GMimePart *part)
{
	const char *name = g_mime_part_get_filename(part);
	g_autofree char *lower = name ? g_ascii_strdown(name, -1) : NULL;

	return lower && (g_str_has_suffix(lower, ".patch") || g_str_has_suffix(lower, ".diff"));
}

/* The offset behind the header lines of a file that git format-patch wrote, 0 for any other text. */
static size_t format_patch_header(const char *text)
{
	size_t start = message_mbox_line(text, strlen(text)), body = 0;
	struct header_list headers;
	bool is_mail;

	header_list_init(&headers, text + start, strlen(text) - start, &body);
	is_mail = header_first(&headers, "From") && header_first(&headers, "Subject");
	header_list_release(&headers);
	return is_mail ? start + body : 0;
}

static bool begins_diff(const char *text)
{
	text += strspn(text, " \t\n");
	return g_str_has_prefix(text, "diff ") || g_str_has_prefix(text, "Index: ") || g_str_has_prefix(text, "--- ");
}

static void add_text(GPtrArray *parts, enum text_kind kind, bool plain, char *text)
{
	struct text_part *part = g_new(struct text_part, 1);

	*part = (struct text_part){kind, plain, text};
	g_ptr_array_add(parts, part);
}

static void add_part(struct message *message, GMimePart *part, GPtrArray *parts)
{
	bool plain = is_plain(GMIME_OBJECT(part)), diff_type = is_diff_type(GMIME_OBJECT(part));
	bool diff_file = diff_type || is_diff_file(part);
	size_t header;
	char *text;

	if (!plain && !diff_file)
		return;
	text = part_text(message, part, plain);
	header = diff_file ? format_patch_header(text) : 0;
	if (header > 0) {
		add_text(parts, TEXT_MAIL, plain, g_strdup(text + header));
		g_free(text);
	} else {
		add_text(parts, diff_type || (diff_file && begins_diff(text)) ? TEXT_DIFF : TEXT_PLAIN, plain, text);
	}
}

/* A multipart in which no delimiter was found has no part, but perhaps a text. */
static void add_undelimited(struct message *message, GMimeMultipart *multipart, GPtrArray *parts)
{
	const char *text = g_mime_multipart_get_prologue(multipart);
	g_autoptr(GByteArray) bytes = NULL, utf8 = NULL;

	if (!text || g_mime_multipart_get_count(multipart) > 0)
		return;
	bytes = g_byte_array_append(g_byte_array_new(), (const guint8 *)text, (guint)strlen(text));
	utf8 = decode_charset(message, bytes, NULL);
	message_problem(message, "a multipart without any delimiter was read as one text");
	add_text(parts, TEXT_PLAIN, true, clean_lines(utf8));
}

GPtrArray *text_parts(struct message *message)
{
	GPtrArray *parts = g_ptr_array_new_with_free_func(text_part_free);
	g_autoptr(GPtrArray) stack = g_ptr_array_new();

	if (message->body)
		g_ptr_array_add(stack, message->body);
	while (stack->len > 0) {
		GMimeObject *object = g_ptr_array_remove_index(stack, stack->len - 1);

		if (GMIME_IS_MULTIPART(object)) {
			add_undelimited(message, GMIME_MULTIPART(object), parts);
			for (int i = g_mime_multipart_get_count(GMIME_MULTIPART(object)) - 1; i >= 0; i--)
				g_ptr_array_add(stack, g_mime_multipart_get_part(GMIME_MULTIPART(object), i));
		} else if (GMIME_IS_PART(object)) {
			add_part(message, GMIME_PART(object), parts);
		}
	}
	return parts;
}

static const char *file_name(GMimeObject *part)
{
	const char *name = g_mime_object_get_disposition(part)
	                           ? g_mime_object_get_content_disposition_parameter(part, "filename")
	                           : NULL;

	return name ? name : g_mime_object_get_content_type_parameter(part, "name");
}

/* Does a part look like a patch, whatever was made of it? */
static bool looks_like_patch(GMimeObject *part)
{
	static const char *const types[] = {"patch", "x-patch", "diff", "x-diff", NULL};
	const char *type = g_mime_content_type_get_media_subtype(g_mime_object_get_content_type(part));
	const char *name = file_name(part);
	g_autofree char *lower_type = g_ascii_strdown(type ? type : "", -1);
	g_autofree char *lower = g_ascii_strdown(name ? name : "", -1), *dotted = g_strconcat(lower, ".", NULL);

	return g_strv_contains(types, lower_type) || strstr(dotted, ".patch.") || strstr(dotted, ".diff.");
}

enum text_patch_file text_patch_file(const struct message *message)
{
	g_autoptr(GPtrArray) stack = g_ptr_array_new();
	enum text_patch_file found = TEXT_PATCH_NONE;

	if (message->body)
		g_ptr_array_add(stack, message->body);
	while (stack->len > 0 && found != TEXT_PATCH_UNREAD) {
		GMimeObject *object = g_ptr_array_remove_index(stack, stack->len - 1);

		if (GMIME_IS_MULTIPART(object)) {
			for (int i = g_mime_multipart_get_count(GMIME_MULTIPART(object)) - 1; i >= 0; i--)
				g_ptr_array_add(stack, g_mime_multipart_get_part(GMIME_MULTIPART(object), i));
		} else if (looks_like_patch(object)) {
			bool read = GMIME_IS_PART(object) &&
			            (is_plain(object) || is_diff_type(object) || is_diff_file(GMIME_PART(object)));

			found = read ? TEXT_PATCH_READ : TEXT_PATCH_UNREAD;
		}
	}
	return found;
}
