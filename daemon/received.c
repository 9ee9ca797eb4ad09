/* received.c - Received fields.
 *
 * Called by authentication.c, which goes by them back to the host that wrote a field.  Promises: of a host whose `by`
 * is in a field that name is given, whatever else a client made the host write there.
 */
#include "received.h"

#include <errno.h>
#include <string.h>

#include "lexical.h"

void received_release(struct received *received)
{
	g_clear_pointer(&received->by, g_ptr_array_unref);
	g_clear_pointer(&received->peer, g_free);
}

static bool is_loopback(const char *address)
{
	return g_str_has_prefix(address, "127.") || g_ascii_strcasecmp(address, "IPv6:::1") == 0;
}

/* `(NAME [ADDRESS])` or `([ADDRESS])` behind the name that the client gave: TCP-info. */
static void read_peer(const char *comment, struct received *received)
{
	const char *open = comment + 1, *bracket = open + strcspn(open, "[()\\");
	const char *end = *bracket == '[' ? bracket + strcspn(bracket, "]()\\") : NULL;
	g_autofree char *address = NULL, *name = NULL;

	if (!end || end[0] != ']' || end[1] != ')')
		return;
	address = g_strndup(bracket + 1, (gsize)(end - bracket - 1));
	name = g_strstrip(g_strndup(open, (gsize)(bracket - open)));
	if (name[strcspn(name, " \t\n")])
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

/* Word by word; those behind `by` and what stands behind `from NAME` are kept. */
static int read_words(struct lexical *text, struct received *received)
{
	bool behind_from = false, behind_by = false;

	if (lexical_skip_cfws(text) < 0)
		return -EBADMSG;
	for (bool first = true; *text->at && *text->at != ';'; first = false) {
		g_autofree char *word = read_word(text);
		const char *behind = text->at + strspn(text->at, " \t\n");

		if (!word || lexical_skip_cfws(text) < 0)
			return -EBADMSG;
		if (behind_from && *behind == '(')
			read_peer(behind, received);
		if (behind_by)
			g_ptr_array_add(received->by, g_strdup(word));
		behind_from = first && g_ascii_strcasecmp(word, "from") == 0;
		behind_by = g_ascii_strcasecmp(word, "by") == 0;
	}
	return 0;
}

int received_parse(const char *value, struct received *ret_received)
{
	struct received received = {.by = g_ptr_array_new_with_free_func(g_free)};
	struct lexical text = {value};

	if (!lexical_is_text(value) || read_words(&text, &received) < 0) {
		received_release(&received);
		return -EBADMSG;
	}
	*ret_received = received;
	return 0;
}
