/* message.c - takes one mail apart into header fields and a MIME tree.
 *
 * Called by submission.c.  Promises: the limits of limits.h are checked before and after GMime's work, and the
 * MIME tree begins exactly where header.c ends the header: GMime is given the body under those few fields that
 * say how it is made, not the mail.
 */
#include "mail/message.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "mail/limits.h"

/* The fields that say how a body is made (RFC 2045, RFC 2183). */
static const char *const mime_fields[] = {"Content-Type", "Content-Transfer-Encoding", "Content-Disposition"};

size_t message_mbox_line(const char *bytes, size_t length)
{
	size_t quote = length > 0 && bytes[0] == '>';
	const char *end;

	if (length - quote < 5 || memcmp(bytes + quote, "From ", 5) != 0)
		return 0;
	end = memchr(bytes, '\n', length);
	return end ? (size_t)(end - bytes) + 1 : length;
}

void message_problem(struct message *message, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	if (message->problems->len >= LIMITS_PROBLEMS ||
	    g_ptr_array_find_with_equal_func(message->problems, text, g_str_equal, NULL))
		return;
	g_ptr_array_add(message->problems, g_steal_pointer(&text));
}

static void append_without_nul(GByteArray *out, const char *bytes, size_t length)
{
	while (length > 0) {
		const char *nul = memchr(bytes, '\0', length);
		size_t run = nul ? (size_t)(nul - bytes) : length;

		g_byte_array_append(out, (const guint8 *)bytes, (guint)run);
		length -= nul ? run + 1 : run;
		bytes += nul ? run + 1 : run;
	}
}

/* The mail as GMime is given it. */
static GByteArray *rebuild(const struct header_list *headers, const char *body, size_t length)
{
	GByteArray *out = g_byte_array_sized_new((guint)length + 1024);

	for (size_t i = 0; i < G_N_ELEMENTS(mime_fields); i++) {
		const char *value = header_first(headers, mime_fields[i]);
		g_autofree char *field = value ? g_strdup_printf("%s: %s\n", mime_fields[i], value) : NULL;

		if (field)
			g_byte_array_append(out, (const guint8 *)field, (guint)strlen(field));
	}
	g_byte_array_append(out, (const guint8 *)"MIME-Version: 1.0\n\n", 19);
	append_without_nul(out, body, length);
	return out;
}

/* Of an attached mail GMime reads every address at once: 70 bytes of memory for each byte of such a field, and time
 * that grows with its square.  Nothing here asks for them, so its messages keep their fields as any other part does. */
static void keep_addresses_unread(void)
{
	static gsize done;

	if (g_once_init_enter(&done)) {
		GMimeObjectClass *class = g_type_class_ref(GMIME_TYPE_MESSAGE);
		const GMimeObjectClass *of_parts = g_type_class_peek_parent(class);

		class->header_added = of_parts->header_added;
		g_once_init_leave(&done, 1);
	}
}

static GMimeMessage *parse_mime(const struct header_list *headers, const char *body, size_t length)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(rebuild(headers, body, length));
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *mime;

	keep_addresses_unread();
	mime = g_mime_parser_construct_message(parser, NULL);
	g_object_unref(parser);
	g_object_unref(stream);
	return mime;
}

struct place {
	GMimeObject *object;
	unsigned depth;
};

static void push_children(GArray *stack, struct place place)
{
	struct place child = {NULL, place.depth + 1};

	if (GMIME_IS_MULTIPART(place.object)) {
		GMimeMultipart *multipart = GMIME_MULTIPART(place.object);

		for (int i = 0; i < g_mime_multipart_get_count(multipart); i++) {
			child.object = g_mime_multipart_get_part(multipart, i);
			g_array_append_val(stack, child);
		}
	} else if (GMIME_IS_MESSAGE_PART(place.object)) {
		GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(place.object));

		child.object = inner ? g_mime_message_get_mime_part(inner) : NULL;
		if (child.object)
			g_array_append_val(stack, child);
	}
}

/* NULL, or why the tree is over a limit. */
static char *check_tree(GMimeObject *root)
{
	g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(struct place));
	struct place place = {root, 1};
	size_t parts = 0;

	if (root)
		g_array_append_val(stack, place);
	while (stack->len > 0) {
		place = g_array_index(stack, struct place, stack->len - 1);
		g_array_set_size(stack, stack->len - 1);
		if (++parts > LIMITS_MIME_PARTS)
			return g_strdup_printf("the mail has more than %u parts", LIMITS_MIME_PARTS);
		if (place.depth > LIMITS_MIME_DEPTH)
			return g_strdup_printf("the parts of the mail are nested deeper than %u levels",
			                       LIMITS_MIME_DEPTH);
		push_children(stack, place);
	}
	return NULL;
}

int message_parse(const char *bytes, size_t length, struct message **ret_message, char **ret_reason)
{
	size_t start = message_mbox_line(bytes, length), body = 0;
	char *reason = limits_check(bytes, length);
	struct message *message;

	if (reason) {
		*ret_reason = reason;
		return -EBADMSG;
	}
	message = g_new0(struct message, 1);
	message->size = length;
	message->problems = g_ptr_array_new_with_free_func(g_free);
	header_list_init(&message->headers, bytes + start, length - start, &body);
	if (message->headers.fields->len == 0) {
		reason = g_strdup("the mail does not begin with a header field");
	} else {
		message->mime = parse_mime(&message->headers, bytes + start + body, length - start - body);
		message->body = message->mime ? g_mime_message_get_mime_part(message->mime) : NULL;
		reason = check_tree(message->body);
	}
	if (reason) {
		message_free(message);
		*ret_reason = reason;
		return -EBADMSG;
	}
	*ret_message = message;
	return 0;
}

void message_free(struct message *message)
{
	if (!message)
		return;
	header_list_release(&message->headers);
	g_clear_object(&message->mime);
	g_ptr_array_unref(message->problems);
	g_free(message);
}

GMimeMessage *message_wrapped(const struct message *message)
{
	GMimeMessage *wrapped = NULL;
	GMimeMultipart *multipart;

	if (!GMIME_IS_MULTIPART(message->body))
		return NULL;
	multipart = GMIME_MULTIPART(message->body);
	for (int i = 0; i < g_mime_multipart_get_count(multipart); i++) {
		GMimeObject *part = g_mime_multipart_get_part(multipart, i);

		if (GMIME_IS_MESSAGE_PART(part) && !wrapped)
			wrapped = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
		else if (!g_mime_content_type_is_type(g_mime_object_get_content_type(part), "text", "plain"))
			return NULL;
	}
	return wrapped;
}

void message_wrapped_headers(GMimeMessage *wrapped, struct header_list *ret_headers)
{
	GMimeHeaderList *list = g_mime_object_get_header_list(GMIME_OBJECT(wrapped));
	g_autoptr(GString) block = g_string_new(NULL);
	size_t body;

	for (int i = 0; i < g_mime_header_list_get_count(list); i++) {
		GMimeHeader *header = g_mime_header_list_get_header_at(list, i);
		const char *value = g_mime_header_get_raw_value(header);

		if (!value)
			continue;
		g_string_append_printf(block, "%s:%s", g_mime_header_get_name(header), value);
		if (!g_str_has_suffix(value, "\n"))
			g_string_append_c(block, '\n');
	}
	header_list_init(ret_headers, block->str, block->len, &body);
}
