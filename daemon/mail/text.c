/* text.c - the text parts of a mail as UTF-8.
 *
 * Called by content.c, and by submission.c for what looks like a patch.  Promises: attached messages are not walked
 * into; what comes out is valid UTF-8 with LF line ends and no NUL; every part that says text comes out in some form,
 * whatever its charset is; time is linear and no recursion follows the tree.
 */
#include "mail/text.h"

#include <string.h>

#include "mail/charset.h"
#include "mail/cleartext.h"
#include "mail/transfer.h"

/* The parts of a mail while they are read. */
struct reading {
	struct message *message;
	text_keeps_cr *keeps_cr;
	GPtrArray *parts;
};

static void text_part_free(void *data)
{
	struct text_part *part = data;

	g_free(part->text);
	g_free(part);
}

/* The lines of a text, of which NUL is no part. */
static char *copy_lines(const GByteArray *bytes, bool keep_cr)
{
	char *text = g_malloc(bytes->len + 1), *out = text;

	for (guint i = 0; i < bytes->len; i++) {
		if (bytes->data[i] == '\0' ||
		    (!keep_cr && bytes->data[i] == '\r' && i + 1 < bytes->len && bytes->data[i + 1] == '\n'))
			continue;
		*out++ = (char)bytes->data[i];
	}
	*out = '\0';
	return text;
}

/* The text without NUL, and with LF for CRLF unless CR is part of its lines. */
static char *clean_lines(const GByteArray *bytes, text_keeps_cr *keeps_cr)
{
	bool has_cr = bytes->len > 0 && memchr(bytes->data, '\r', bytes->len);
	char *text;

	if (bytes->len > 0 && !has_cr && !memchr(bytes->data, '\0', bytes->len))
		return g_strndup((const char *)bytes->data, bytes->len);
	text = copy_lines(bytes, has_cr);
	if (!has_cr || (keeps_cr && keeps_cr(text)))
		return text;
	g_free(text);
	return copy_lines(bytes, false);
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

static char *part_text(const struct reading *reading, GMimePart *part, bool plain)
{
	GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(part));
	const char *charset = g_mime_content_type_get_parameter(type, "charset");
	const char *format = g_mime_content_type_get_parameter(type, "format");
	const char *delsp = g_mime_content_type_get_parameter(type, "delsp");
	g_autoptr(GByteArray) bytes = transfer_decode(reading->message, part);
	g_autoptr(GByteArray) utf8 = charset_decode(reading->message, bytes, charset);
	char *text = clean_lines(utf8, reading->keeps_cr), *flowed = text;

	if (plain && format && g_ascii_strcasecmp(format, "flowed") == 0) {
		text = unflow(flowed, delsp && g_ascii_strcasecmp(delsp, "yes") == 0);
		g_free(flowed);
	}
	cleartext_open(text);
	return text;
}

/* RFC 2045 section 5.2: what says no type and what says nonsense is text/plain.  GMime says octet-stream of the
 * latter. */
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

/* Does its name say that the attached file is a patch?  Some mail programs attach only what is called .txt. */
static bool is_diff_file(GMimePart *part)
{
	static const char *const endings[] = {".patch", ".diff", ".patch.txt", ".diff.txt"};
	const char *name = g_mime_part_get_filename(part);
	g_autofree char *lower = name ? g_ascii_strdown(name, -1) : NULL;

	for (size_t i = 0; lower && i < G_N_ELEMENTS(endings); i++)
		if (g_str_has_suffix(lower, endings[i]))
			return true;
	return false;
}

/* Is the part an attached file, whatever its name is? */
static bool is_attached(GMimePart *part)
{
	return g_mime_part_get_filename(part) || g_mime_part_is_attachment(part);
}

/* The line that git format-patch puts on top: "From ", a hash, and always the same date. */
static bool has_format_patch_line(const char *text)
{
	size_t digits = g_str_has_prefix(text, "From ") ? strspn(text + 5, "0123456789abcdef") : 0;

	return digits >= 40 && g_str_has_prefix(text + 5 + digits, " Mon Sep 17 00:00:00 2001\n");
}

/* The offset after the header lines of a file that git format-patch wrote, 0 for any other text. */
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

static void add_part(const struct reading *reading, GMimePart *part)
{
	bool plain = is_plain(GMIME_OBJECT(part)), diff_type = is_diff_type(GMIME_OBJECT(part));
	bool diff_file = diff_type || is_diff_file(part);
	size_t header;
	char *text;

	if (!plain && !diff_file)
		return;
	text = part_text(reading, part, plain);
	header = diff_file || (is_attached(part) && has_format_patch_line(text)) ? format_patch_header(text) : 0;
	if (header > 0) {
		add_text(reading->parts, TEXT_MAIL, plain, g_strdup(text + header));
		g_free(text);
	} else {
		add_text(reading->parts, diff_type || (diff_file && begins_diff(text)) ? TEXT_DIFF : TEXT_PLAIN, plain,
		         text);
	}
}

/* A multipart in which no delimiter was found has no part, but perhaps a text. */
static void add_undelimited(const struct reading *reading, GMimeMultipart *multipart)
{
	const char *text = g_mime_multipart_get_prologue(multipart);
	g_autoptr(GByteArray) bytes = NULL, utf8 = NULL;

	if (!text || g_mime_multipart_get_count(multipart) > 0)
		return;
	bytes = g_byte_array_append(g_byte_array_new(), (const guint8 *)text, (guint)strlen(text));
	utf8 = charset_decode(reading->message, bytes, NULL);
	message_problem(reading->message, "a multipart without any delimiter was read as one text");
	add_text(reading->parts, TEXT_PLAIN, true, clean_lines(utf8, reading->keeps_cr));
}

GPtrArray *text_parts(struct message *message, text_keeps_cr *keeps_cr)
{
	const struct reading reading = {message, keeps_cr, g_ptr_array_new_with_free_func(text_part_free)};
	g_autoptr(GPtrArray) stack = g_ptr_array_new();

	if (message->body)
		g_ptr_array_add(stack, message->body);
	while (stack->len > 0) {
		GMimeObject *object = g_ptr_array_remove_index(stack, stack->len - 1);

		if (GMIME_IS_MULTIPART(object)) {
			add_undelimited(&reading, GMIME_MULTIPART(object));
			for (int i = g_mime_multipart_get_count(GMIME_MULTIPART(object)) - 1; i >= 0; i--)
				g_ptr_array_add(stack, g_mime_multipart_get_part(GMIME_MULTIPART(object), i));
		} else if (GMIME_IS_PART(object)) {
			add_part(&reading, GMIME_PART(object));
		}
	}
	return reading.parts;
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
