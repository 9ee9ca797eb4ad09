/* sieve_line.c - the parts of the sieve that read whole lines.
 *
 * Called by sieve.c.  What goes out is what libetpan's grammar has: atoms, quoted strings, a text in every status.
 */
#include "imap/sieve_line.h"

#include <string.h>

#define BLANKS " \t"
#define CODE_MAX 60u   /* bytes of the name of a response code */
#define TEXT_MAX 1000u /* bytes of a status' text */

size_t sieve_line_word(const char **line, const char **ret_word)
{
	const char *word = *line + strspn(*line, BLANKS);
	size_t length = strcspn(word, BLANKS);

	*ret_word = word;
	*line = word + length;
	return length;
}

bool sieve_line_is(const char *word, size_t length, const char *expected)
{
	return strlen(expected) == length && g_ascii_strncasecmp(word, expected, length) == 0;
}

/* What RFC 3501 section 9 calls an atom, but for square brackets. */
static bool is_atom(const char *word, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (word[i] <= ' ' || word[i] > '~' || strchr("(){%*\"\\[]", word[i]))
			return false;
	}
	return length > 0;
}

/* Statuses ------------------------------------------------------------------------------------------------------- */

/* Where the code ends that begins here: at its bracket, which may stand in quotes before that; NULL: nowhere. */
static const char *end_of_code(const char *code)
{
	bool quoted = false;

	for (; *code; code++) {
		if (*code == '"')
			quoted = !quoted;
		else if (quoted && *code == '\\' && code[1])
			code++;
		else if (!quoted && *code == ']')
			return code;
	}
	return NULL;
}

/* "[UIDNEXT 7] text". */
static void read_code(const char *text, struct sieve_status *status)
{
	const char *end = end_of_code(text + 1), *word, *rest;
	g_autofree char *code = NULL;
	size_t length;

	/* A quotation mark that is alone hides it. */
	if (!end)
		end = strchr(text, ']');
	code = end ? g_strndup(text + 1, (size_t)(end - text - 1)) : g_strdup(text + 1);
	rest = code;
	length = sieve_line_word(&rest, &word);
	if (is_atom(word, length) && length <= CODE_MAX) {
		status->code = g_ascii_strup(word, (gssize)length);
		status->rest = g_strdup(rest + strspn(rest, BLANKS));
	}
	status->text = end ? end + 1 : text;
}

bool sieve_status_read(const char *line, struct sieve_status *ret_status)
{
	static const char *const words[] = {"OK", "NO", "BAD", "PREAUTH", "BYE"};
	const char *word, *rest = line;
	size_t length = sieve_line_word(&rest, &word);

	*ret_status = (struct sieve_status){0};
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		if (sieve_line_is(word, length, words[i]))
			ret_status->word = words[i];
	}
	if (!ret_status->word)
		return false;
	ret_status->text = rest + strspn(rest, BLANKS);
	if (*ret_status->text == '[')
		read_code(ret_status->text, ret_status);
	ret_status->text += strspn(ret_status->text, BLANKS);
	return true;
}

void sieve_status_release(struct sieve_status *status)
{
	g_free(status->code);
	g_free(status->rest);
}

/* Codes that libetpan reads together with what belongs to them; session.c needs none of them here. */
static bool is_special(const char *code)
{
	static const char *const special[] = {"ANNOTATIONS", "APPENDUID",      "BADCHARSET", "CAPABILITY",
	                                      "COPYUID",     "HIGHESTMODSEQ",  "METADATA",   "MODIFIED",
	                                      "NEWNAME",     "PERMANENTFLAGS", "REFERRAL",   "UIDNEXT",
	                                      "UNSEEN",      "UIDVALIDITY",    NULL};

	return g_strv_contains(special, code);
}

/* A text of printable characters; a square bracket in front would begin a code. */
static void write_text(const char *text, const char *instead, GString *out)
{
	size_t begin = out->len;

	text += strspn(text, "[" BLANKS);
	for (const char *c = text; *c && out->len - begin < TEXT_MAX; c++)
		g_string_append_c(out, (unsigned char)*c < ' ' || *c == '\x7f' ? '?' : *c);
	if (out->len == begin)
		g_string_append(out, instead);
}

void sieve_status_write(const char *tag, const struct sieve_status *status, GString *out)
{
	const char *instead = status->code                      ? status->code
	                      : g_str_equal(status->word, "OK") ? "done"
	                                                        : "no reason given";

	g_string_append_printf(out, "%s %s ", tag, status->word);
	if (status->code && !is_special(status->code))
		g_string_append_printf(out, "[%s] ", status->code);
	write_text(status->text, instead, out);
	/* Where it wants us to go (RFC 2221) is for whoever reads the reason. */
	if (status->code && g_str_equal(status->code, "REFERRAL")) {
		g_string_append(out, "; it sends us to ");
		write_text(status->rest, "nowhere", out);
	}
	g_string_append(out, "\r\n");
}

/* CAPABILITY ----------------------------------------------------------------------------------------------------- */

static void add_capability(const char *name, size_t length, GString *out)
{
	/* "AUTH=" names no way. */
	if (is_atom(name, length) && name[length - 1] != '=')
		g_string_append_printf(out, " %.*s", (int)length, name);
}

void sieve_line_capability(const char *names, GString *out)
{
	bool second = false;
	const char *name;
	size_t length;

	g_string_append(out, "* CAPABILITY IMAP4rev1");
	while ((length = sieve_line_word(&names, &name)) > 0) {
		second |= sieve_line_is(name, length, "IMAP4rev2");
		if (!sieve_line_is(name, length, "IMAP4rev1"))
			add_capability(name, length, out);
	}
	g_string_append(out, second ? " IDLE MOVE UIDPLUS SASL-IR\r\n" : "\r\n");
}

/* LIST ----------------------------------------------------------------------------------------------------------- */

/* "(\HasNoChildren \Noselect)": is it one that can be opened?  libetpan stumbles over names that begin as others do. */
static void write_flags(const char **rest, GString *out)
{
	const char *begin = *rest + strspn(*rest, BLANKS), *end = strchr(begin, ')'), *flags, *flag;
	g_autofree char *inner = NULL;
	bool closed = false;
	size_t length;

	if (*begin == '(' && end) {
		flags = inner = g_strndup(begin + 1, (size_t)(end - begin - 1));
		while ((length = sieve_line_word(&flags, &flag)) > 0)
			closed |= sieve_line_is(flag, length, "\\Noselect") ||
			          sieve_line_is(flag, length, "\\NonExistent");
		*rest = end + 1;
	}
	g_string_append(out, closed ? "(\\Noselect) " : "() ");
}

/* A string in quotes, or a word. */
static char *read_string(const char **rest)
{
	g_autoptr(GString) text = g_string_new(NULL);
	const char *c = *rest + strspn(*rest, BLANKS), *word;
	size_t length;

	if (*c != '"') {
		length = sieve_line_word(rest, &word);
		return g_strndup(word, length);
	}
	for (c++; *c && *c != '"'; c++) {
		if (*c == '\\' && c[1])
			c++;
		g_string_append_c(text, *c);
	}
	*rest = c + (*c == '"');
	return g_strdup(text->str);
}

/* What separates the levels of names: a character, or nothing. */
static void write_separator(const char *separator, GString *out)
{
	if (strlen(separator) == 1 && *separator > ' ' && *separator <= '~')
		g_string_append_printf(out, "\"%s%c\" ", strchr("\"\\", *separator) ? "\\" : "", *separator);
	else
		g_string_append(out, "NIL ");
}

bool sieve_line_list(const char *rest, GString *out)
{
	g_autofree char *separator = NULL, *name = NULL;
	size_t begin = out->len;

	g_string_append(out, "* LIST ");
	write_flags(&rest, out);
	separator = read_string(&rest);
	rest += strspn(rest, BLANKS);
	/* A name without quotes may have blanks in it, where a server forgets them. */
	name = *rest == '"' ? read_string(&rest) : g_strdup(rest);
	if (*name) {
		/* An end of line is no part of a name: what stands in its place is none either, and so the name is odd. */
		g_strdelimit(name, "\r\n", '\x01');
		write_separator(separator, out);
		g_string_append_printf(out, "{%zu}\r\n%s\r\n", strlen(name), name);
		return true;
	}
	g_string_truncate(out, begin);
	return false;
}
