/* lexical.c - the lexical tokens of structured header fields.
 *
 * Called by the grammars of authentication results, ARC, Received and Received-SPF.  Promises: each step takes time in
 * proportion to what it goes over, and no recursion.
 */
#include "mail/lexical.h"

#include <errno.h>
#include <string.h>

#define NUMBER_DIGITS 9
#define DOMAIN_LENGTH 253 /* bytes (RFC 1035 section 2.3.4) */
#define LABEL_LENGTH 63   /* of an ASCII label */

bool lexical_is_text(const char *value)
{
	for (const char *byte = value; *byte; byte++) {
		if (g_ascii_iscntrl(*byte) && *byte != '\t' && *byte != '\n')
			return false;
		if (*byte == '\n' && byte[1] != ' ' && byte[1] != '\t')
			return false;
	}
	return g_utf8_validate(value, -1, NULL);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* The end of the comment that begins here, NULL if it has none. */
static const char *skip_comment(const char *at)
{
	size_t depth = 0;

	do {
		if (*at == '(')
			depth++;
		else if (*at == ')')
			depth--;
		else if (*at == '\\' && at[1])
			at++;
		else if (*at == '\0')
			return NULL;
		at++;
	} while (depth > 0);
	return at;
}

bool lexical_skip_comment(struct lexical *text)
{
	const char *end = *text->at == '(' ? skip_comment(text->at) : NULL;

	if (!end)
		return false;
	text->at = end;
	return true;
}

int lexical_skip_cfws(struct lexical *text)
{
	const char *begin = text->at;

	while (is_blank(*text->at) || *text->at == '(') {
		if (*text->at == '(') {
			const char *end = skip_comment(text->at);

			if (!end)
				return -EBADMSG;
			text->at = end;
		} else {
			text->at++;
		}
	}
	return text->at > begin;
}

bool lexical_skip_char(struct lexical *text, char wanted)
{
	if (*text->at != wanted)
		return false;
	text->at++;
	return true;
}

char *lexical_quoted_string(struct lexical *text)
{
	g_autoptr(GString) content = NULL;
	const char *at = text->at;

	if (*at != '"')
		return NULL;
	content = g_string_new(NULL);
	for (at++; *at && *at != '"'; at++) {
		if (*at == '\\' && at[1])
			at++;
		if (*at != '\n')
			g_string_append_c(content, *at);
	}
	if (*at != '"')
		return NULL;
	text->at = at + 1;
	return g_string_free(g_steal_pointer(&content), FALSE);
}

static bool is_atom_char(char c)
{
	return g_ascii_isalnum(c) || (c & 0x80) || (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

char *lexical_dot_atoms(struct lexical *text)
{
	const char *begin = text->at;

	while (is_atom_char(*text->at) || *text->at == '.')
		text->at++;
	return text->at > begin ? g_strndup(begin, (gsize)(text->at - begin)) : NULL;
}

char *lexical_keyword(struct lexical *text)
{
	const char *begin = text->at, *end = begin;

	while (g_ascii_isalnum(*end) || *end == '-')
		end++;
	if (end == begin || end[-1] == '-')
		return NULL;
	text->at = end;
	return g_strndup(begin, (gsize)(end - begin));
}

int lexical_number(struct lexical *text)
{
	const char *at = text->at;
	int number = 0;

	while (g_ascii_isdigit(*at) && at - text->at < NUMBER_DIGITS)
		number = 10 * number + (*at++ - '0');
	if (at == text->at || g_ascii_isdigit(*at))
		return -1;
	text->at = at;
	return number;
}

bool lexical_is_token(const char *run)
{
	return *run && !run[strcspn(run, "/=?")];
}

bool lexical_is_dot_atom(const char *run)
{
	size_t length = strlen(run);

	return length > 0 && run[0] != '.' && run[length - 1] != '.' && !strstr(run, "..");
}

/* One label of a domain: no hyphen at its ends; a U-label has no limit of its own in UTF-8. */
static bool is_label(const char *label, size_t length)
{
	bool ascii = true;

	if (length == 0 || label[0] == '-' || label[length - 1] == '-')
		return false;
	for (size_t i = 0; i < length; i++) {
		ascii = ascii && !(label[i] & 0x80);
		if (!g_ascii_isalnum(label[i]) && label[i] != '-' && !(label[i] & 0x80))
			return false;
	}
	return !ascii || length <= LABEL_LENGTH;
}

bool lexical_is_domain(const char *run)
{
	size_t labels = 0;

	if (strlen(run) > DOMAIN_LENGTH)
		return false;
	for (;;) {
		size_t length = strcspn(run, ".");

		if (!is_label(run, length))
			return false;
		labels++;
		if (run[length] == '\0')
			return labels >= 2;
		run += length + 1;
	}
}
