/* command.c - reads command lines.
 *
 * Used by session.c and, for xtext, by client.c.  What it takes is what RFC 5321 section 4.1 allows, and a blank after
 * FROM: and TO:, which many write.
 */
#include "lmtp/command.h"

#include <string.h>

#include <glib.h>

#define BAD_LINE "500 5.5.2 Only printable characters make a command, and CR LF ends it"
#define BAD_ADDRESS "501 5.1.3 That is no address"
#define BAD_SYNTAX "501 5.5.4 That is no argument of this command"
#define BAD_PARAMETER "555 5.5.4 That parameter is not offered"

static const struct {
	const char *name;
	enum lmtp_verb verb;
} verbs[] = {
	{"LHLO", LMTP_LHLO},       {"MAIL", LMTP_MAIL},   {"RCPT", LMTP_RCPT},   {"DATA", LMTP_DATA},
	{"BDAT", LMTP_BDAT},       {"RSET", LMTP_RSET},   {"NOOP", LMTP_NOOP},   {"VRFY", LMTP_VRFY},
	{"HELP", LMTP_HELP},       {"QUIT", LMTP_QUIT},   {"HELO", LMTP_HELO},   {"EHLO", LMTP_HELO},
	{"EXPN", LMTP_ABSENT},     {"AUTH", LMTP_ABSENT}, {"TURN", LMTP_ABSENT}, {"ETRN", LMTP_ABSENT},
	{"STARTTLS", LMTP_ABSENT},
};

/* xtext ------------------------------------------------------------------------------------------------------------ */

char *lmtp_xtext(const char *text)
{
	GString *out = g_string_new(NULL);

	for (; *text; text++) {
		if (*text > ' ' && *text < 0x7f && *text != '+' && *text != '=')
			g_string_append_c(out, *text);
		else
			g_string_append_printf(out, "+%02X", (unsigned char)*text);
	}
	return g_string_free(out, FALSE);
}

char *lmtp_xtext_read(const char *text)
{
	g_autoptr(GString) out = g_string_new(NULL);

	for (; *text; text++) {
		int high = *text == '+' ? g_ascii_xdigit_value(text[1]) : 0;
		int low = *text == '+' && high >= 0 ? g_ascii_xdigit_value(text[2]) : 0;
		char letter = *text == '+' ? (char)(high * 16 + low) : *text;

		if (high < 0 || low < 0 || g_ascii_iscntrl(letter))
			return NULL;
		g_string_append_c(out, letter);
		text += *text == '+' ? 2 : 0;
	}
	return g_utf8_validate(out->str, (gssize)out->len, NULL) ? g_string_free(g_steal_pointer(&out), FALSE) : NULL;
}

/* Paths (RFC 5321 section 4.1.2) ----------------------------------------------------------------------------------- */

/* A letter that a local part may have without quotes, or a domain: whatever is not special. */
static bool is_plain(char letter)
{
	return letter && !g_ascii_iscntrl(letter) && !strchr(" \"(),:;<>@[\\]", letter);
}

static bool take_quoted(const char **here, GString *out)
{
	const char *letter = *here + 1;

	while (*letter && *letter != '"') {
		letter += *letter == '\\' && letter[1];
		g_string_append_c(out, *letter++);
	}
	if (*letter != '"')
		return false;
	*here = letter + 1;
	return true;
}

static bool take_local_part(const char **here, GString *out)
{
	if (**here == '"')
		return take_quoted(here, out);
	while (is_plain(**here))
		g_string_append_c(out, *(*here)++);
	return out->len > 0;
}

/* The domain, or an address literal in brackets. */
static bool take_domain(const char **here, GString *out)
{
	bool literal = **here == '[';
	size_t before = out->len;

	if (literal)
		g_string_append_c(out, *(*here)++);
	while (is_plain(**here) || (literal && **here == ':'))
		g_string_append_c(out, *(*here)++);
	if (literal && **here != ']')
		return false;
	if (literal)
		g_string_append_c(out, *(*here)++);
	return out->len > before;
}

/* Past "@one,@two:", which is obsolete and means nothing (RFC 5321 appendix C). */
static bool skip_route(const char **here)
{
	g_autoptr(GString) ignored = g_string_new(NULL);

	while (**here == '@') {
		++*here;
		if (!take_domain(here, ignored) || (**here != ',' && **here != ':'))
			return false;
		if (*(*here)++ == ':')
			return true;
	}
	return true;
}

/* The path at `here`, and past it; NULL if it is none. */
static char *take_path(const char **here, bool empty)
{
	g_autoptr(GString) out = g_string_new(NULL);

	if (*(*here)++ != '<')
		return NULL;
	if (**here == '>' && empty) {
		++*here;
		return g_strdup("");
	}
	if (!skip_route(here) || !take_local_part(here, out))
		return NULL;
	if (**here == '@') {
		g_string_append_c(out, *(*here)++);
		if (!take_domain(here, out))
			return NULL;
	}
	if (*(*here)++ != '>' || out->len > LMTP_ADDRESS_MAX)
		return NULL;
	return g_string_free(g_steal_pointer(&out), FALSE);
}

/* Parameters ------------------------------------------------------------------------------------------------------- */

/* A number of bytes; what is more than fits is the most that does. */
static bool read_size(const char *text, uint64_t *ret_size)
{
	if (!*text || text[strspn(text, G_CSET_DIGITS)] || strlen(text) > 20)
		return false;
	*ret_size = g_ascii_strtoull(text, NULL, 10);
	return true;
}

static const char *take_body(struct lmtp_command *command, const char *value)
{
	(void)command;
	return value && (g_ascii_strcasecmp(value, "7BIT") == 0 || g_ascii_strcasecmp(value, "8BITMIME") == 0)
	               ? NULL
	               : BAD_SYNTAX;
}

static const char *take_size(struct lmtp_command *command, const char *value)
{
	return value && read_size(value, &command->size) ? NULL : BAD_SYNTAX;
}

static const char *take_utf8(struct lmtp_command *command, const char *value)
{
	command->utf8 = true;
	return value ? BAD_SYNTAX : NULL;
}

static const char *take_private(struct lmtp_command *command, const char *value)
{
	command->private = true;
	g_clear_pointer(&command->list_id, g_free);
	if (value)
		command->list_id = lmtp_xtext_read(value);
	return value && (!command->list_id || !*command->list_id) ? BAD_SYNTAX : NULL;
}

static const struct {
	const char *name;
	const char *(*take)(struct lmtp_command *command, const char *value); /* the reply if it does not fit */
} parameters[] = {
	{"BODY", take_body},
	{"SIZE", take_size},
	{"SMTPUTF8", take_utf8},
	{"XDELIVER", take_private},
};

static const char *take_parameter(struct lmtp_command *command, char *text)
{
	char *value = strchr(text, '=');

	if (value)
		*value++ = '\0';
	for (size_t i = 0; i < G_N_ELEMENTS(parameters); i++)
		if (g_ascii_strcasecmp(text, parameters[i].name) == 0)
			return parameters[i].take(command, value);
	return BAD_PARAMETER;
}

/* Commands --------------------------------------------------------------------------------------------------------- */

/* What follows MAIL FROM: and RCPT TO:. */
static const char *read_path(struct lmtp_command *command, const char *rest, const char *word)
{
	bool mail = command->verb == LMTP_MAIL;
	g_auto(GStrv) words = NULL;
	const char *fault = NULL;

	if (g_ascii_strncasecmp(rest, word, strlen(word)) != 0)
		return BAD_SYNTAX;
	rest += strlen(word);
	rest += strspn(rest, " ");
	command->address = take_path(&rest, mail);
	if (!command->address)
		return BAD_ADDRESS;
	if (*rest && *rest != ' ')
		return BAD_SYNTAX;
	words = g_strsplit(rest, " ", -1);
	for (unsigned i = 0; words[i] && !fault; i++)
		if (*words[i])
			fault = mail ? take_parameter(command, words[i]) : BAD_PARAMETER;
	return fault;
}

static const char *read_chunk(struct lmtp_command *command, const char *rest)
{
	g_auto(GStrv) words = g_strsplit(rest, " ", 3);
	unsigned count = g_strv_length(words);

	command->last = count == 2 && g_ascii_strcasecmp(words[1], "LAST") == 0;
	return count >= 1 && count <= 1u + command->last && read_size(words[0], &command->size) ? NULL : BAD_SYNTAX;
}

static const char *read_rest(struct lmtp_command *command, const char *rest)
{
	switch (command->verb) {
	case LMTP_MAIL:
		return read_path(command, rest, "FROM:");
	case LMTP_RCPT:
		return read_path(command, rest, "TO:");
	case LMTP_BDAT:
		return read_chunk(command, rest);
	case LMTP_LHLO:
	case LMTP_VRFY:
		return *rest ? NULL : BAD_SYNTAX;
	case LMTP_DATA:
	case LMTP_RSET:
	case LMTP_QUIT:
		return *rest ? BAD_SYNTAX : NULL;
	default:
		return NULL;
	}
}

static bool is_clean(const char *line, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (g_ascii_iscntrl(line[i]))
			return false;
	return g_utf8_validate(line, (gssize)length, NULL);
}

static enum lmtp_verb find_verb(const char *line, size_t length)
{
	for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++)
		if (strlen(verbs[i].name) == length && g_ascii_strncasecmp(line, verbs[i].name, length) == 0)
			return verbs[i].verb;
	return LMTP_UNKNOWN;
}

void lmtp_command_read(const char *line, size_t length, struct lmtp_command *ret_command)
{
	g_autofree char *text = g_strndup(line, length);
	size_t verb = strcspn(text, " ");

	*ret_command = (struct lmtp_command){.verb = LMTP_UNKNOWN};
	ret_command->verb = find_verb(text, verb);
	if (!is_clean(line, length)) {
		ret_command->fault = BAD_LINE;
		return;
	}
	g_strchomp(text);
	ret_command->fault = read_rest(ret_command, text[verb] ? text + verb + strspn(text + verb, " ") : "");
}

void lmtp_command_release(struct lmtp_command *command)
{
	g_clear_pointer(&command->address, g_free);
	g_clear_pointer(&command->list_id, g_free);
}
