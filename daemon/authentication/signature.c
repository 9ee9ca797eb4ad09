/* signature.c - what a checker copies out of a DKIM-Signature.
 *
 * Called by authentication.c.  Promises: time in proportion to the fields.
 */
#include "authentication/signature.h"

#include <string.h>

static const char *const fields[] = {"DKIM-Signature", "ARC-Message-Signature", "ARC-Seal"};

static bool is_field(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
		if (g_ascii_strcasecmp(name, fields[i]) == 0)
			return true;
	return false;
}

/* The byte at `text`, `=XX` decoded (RFC 6376 section 2.11); *ret_next is what follows. */
static unsigned char next_byte(const char *text, const char *end, const char **ret_next)
{
	if (*text == '=' && end - text > 2 && g_ascii_isxdigit(text[1]) && g_ascii_isxdigit(text[2])) {
		*ret_next = text + 3;
		return (unsigned char)(g_ascii_xdigit_value(text[1]) << 4 | g_ascii_xdigit_value(text[2]));
	}
	*ret_next = text + 1;
	return (unsigned char)*text;
}

/* Is a value, without the folds around it, more than the characters of an address? */
static bool is_text(const char *value, const char *end)
{
	while (value < end && strchr(" \t\n", *value))
		value++;
	while (value < end && strchr(" \t\n", end[-1]))
		end--;
	while (value < end) {
		unsigned char byte = next_byte(value, end, &value);

		if (byte <= ' ' || byte == 127 || strchr("()<>[]:;,\\\"", byte))
			return true;
	}
	return false;
}

/* One `name = value` of a tag list. */
static bool tag_has_text(const char *tag, const char *end)
{
	const char *equals = memchr(tag, '=', (size_t)(end - tag));

	while (tag < end && strchr(" \t\n", *tag))
		tag++;
	return equals && tag < equals && strchr("dsi", g_ascii_tolower(*tag)) &&
	       strspn(tag + 1, " \t\n") == (size_t)(equals - tag - 1) && is_text(equals + 1, end);
}

bool signature_has_text(const struct header_list *headers)
{
	for (unsigned i = 0; i < headers->fields->len; i++) {
		const struct header_field *field = g_ptr_array_index(headers->fields, i);

		if (!is_field(field->name))
			continue;
		for (const char *tag = field->value, *end; *tag; tag = *end ? end + 1 : end) {
			end = strchrnul(tag, ';');
			if (tag_has_text(tag, end))
				return true;
		}
	}
	return false;
}
