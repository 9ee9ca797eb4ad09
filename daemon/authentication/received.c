/* received.c - Received fields.
 *
 * Called by authentication.c, which goes by them back to the host that wrote a field.  Promises: of a host whose `by`
 * is in a field that name is given, whatever else a client made the host write there.
 */
#include "authentication/received.h"

#include <errno.h>
#include <string.h>

#include "mail/lexical.h"

void received_release(struct received *received)
{
	g_clear_pointer(&received->by, g_ptr_array_unref);
	g_clear_pointer(&received->peer, g_free);
}

static bool is_loopback(const char *address)
{
	return g_str_has_prefix(address, "127.") || g_ascii_strcasecmp(address, "IPv6:::1") == 0;
}

/* Is it a name that a host finds for an address?  Some write a word there instead, and what the client calls itself
 * after it: `(HELO [127.0.0.1])`, `(helo=[127.0.0.1])`. */
static bool is_host(const char *name)
{
	return lexical_is_domain(name) || g_ascii_strcasecmp(name, "localhost") == 0 ||
	       g_ascii_strcasecmp(name, "unknown") == 0;
}

/* `(NAME [ADDRESS])` or `([ADDRESS])` after the name that the client gave: TCP-info. */
static void read_peer(const char *comment, struct received *received)
{
	const char *open = comment + 1, *bracket = open + strcspn(open, "[()\\");
	const char *end = *bracket == '[' ? bracket + strcspn(bracket, "]()\\") : NULL;
	g_autofree char *address = NULL, *name = NULL;

	if (!end || end[0] != ']' || end[1] != ')')
		return;
	address = g_strndup(bracket + 1, (gsize)(end - bracket - 1));
	name = g_strstrip(g_strndup(open, (gsize)(bracket - open)));
	if (*name && !is_host(name))
		return;
	received->from_itself = is_loopback(address);
	if (*name)
		received->peer = g_steal_pointer(&name);
}

/* One word: what stands between blanks, comments, quoted strings and the `;`. */
static char *read_word(struct lexical *text)
{
	const char *begin = text->at;

	if (*text->at == '"')
		return lexical_quoted_string(text);
	text->at += strcspn(text->at, " \t\n(\";");
	return text->at > begin ? g_strndup(begin, (gsize)(text->at - begin)) : NULL;
}

/* Is there one address in brackets, and no more?  Beside a second one it may be the client that wrote the first. */
static bool has_one_address(const char *text)
{
	const char *bracket = strchr(text, '[');

	return bracket && !strchr(bracket + 1, '[');
}

/* Word by word, for what stands after `from NAME`.  NAME is the client's: a parenthesis or a quote that it begins with,
 * or a parenthesis without a blank before it, may take the host's words into it and leave others, so then nothing is
 * taken. */
static int read_words(struct lexical *text, struct received *received)
{
	bool behind_from = false;

	if (lexical_skip_cfws(text) < 0)
		return -EBADMSG;
	for (bool first = true; *text->at && *text->at != ';'; first = false) {
		bool quoted = *text->at == '"';
		g_autofree char *word = read_word(text);
		size_t blank = strspn(text->at, " \t\n");
		const char *behind = text->at + blank;

		if (!word || lexical_skip_cfws(text) < 0)
			return -EBADMSG;
		if (behind_from && !quoted && blank > 0 && *behind == '(' && has_one_address(behind))
			read_peer(behind, received);
		behind_from = first && !quoted && g_ascii_strcasecmp(word, "from") == 0 && text->at == behind;
	}
	return 0;
}

/* The words after each `by`, and those of a comment between, wherever it is: a client that calls itself `x(` or `x;`
 * must not hide that of the host. */
static void read_by(const char *at, GPtrArray *by)
{
	bool behind_by = false;
	int depth = 0;

	while (*at) {
		size_t length = strcspn(at, " \t\n()\";<>");

		if (length == 0) {
			depth += (*at == '(') - (*at == ')');
			at++;
			continue;
		}
		if (behind_by)
			g_ptr_array_add(by, g_strndup(at, length));
		if (length == 2 && g_ascii_strncasecmp(at, "by", 2) == 0) {
			behind_by = true;
			depth = 0;
		} else if (depth <= 0) {
			behind_by = false;
		}
		at += length;
	}
}

int received_parse(const char *value, struct received *ret_received)
{
	struct received received = {.by = g_ptr_array_new_with_free_func(g_free)};
	struct lexical text = {value};

	if (!lexical_is_text(value) || read_words(&text, &received) < 0) {
		received_release(&received);
		return -EBADMSG;
	}
	read_by(value, received.by);
	*ret_received = received;
	return 0;
}
