/* mailbox.c - reads one mailbox, or a list of them, out of a header field.
 *
 * Called by author.c and original_author.c.  Promises: GMime reads addresses, and what it cannot read is read here;
 * time is linear in what a field holds, but for pieces of MAILBOX_LENGTH.
 */
#include "mail/mailbox.h"

#include <string.h>

#include "mail/lexical.h"
#include "mail/whitespace.h"

/* Bytes of From, and of each address elsewhere, that GMime is given: its time grows with the square. */
#define MAILBOX_LENGTH 2000
#define EMAIL_LENGTH 320 /* bytes of an address: 64, an @, and 255 (RFC 5321 section 4.5.3.1) */
#define COLONS_MAX 100   /* in a field of addresses; a group has one, an IPv6 address literal up to eight */

void mailbox_release(struct mailbox *mailbox)
{
	g_clear_pointer(&mailbox->name, g_free);
	g_clear_pointer(&mailbox->email, g_free);
}

void mailbox_free(void *data)
{
	struct mailbox *mailbox = data;

	mailbox_release(mailbox);
	g_free(mailbox);
}

/* Does this look like an address: one word with something at both sides of its last @? */
bool mailbox_is_address(const char *text)
{
	const char *at = text ? strrchr(text, '@') : NULL;

	if (!at || at == text || at[1] == '\0' || at[1] == '.' || strlen(text) > EMAIL_LENGTH)
		return false;
	if (text[0] == '"' && at[-1] == '"')
		return true;
	return !text[strcspn(text, " \t\n<>,;()")];
}

/* A decoded display name without quotes around it; NULL if nothing is left. */
static char *clean_name(const char *raw)
{
	g_autofree char *decoded = raw ? header_decode(raw) : NULL;
	size_t length = decoded ? strlen(decoded) : 0;

	if (length >= 2 && decoded[0] == '"' && decoded[length - 1] == '"') {
		char *name = whitespace_fold(decoded + 1, length - 2);

		g_free(decoded);
		decoded = name;
	}
	return decoded && *decoded ? g_steal_pointer(&decoded) : NULL;
}

static bool set_mailbox(const char *name, const char *email, struct mailbox *ret_mailbox)
{
	if (!mailbox_is_address(email))
		return false;
	ret_mailbox->name = clean_name(name);
	ret_mailbox->email = g_strdup(email);
	return true;
}

/* GMime reads groups within groups by recursion: what has many colons is not given to it, nor what is too long. */
InternetAddressList *mailbox_parse(const char *value)
{
	size_t colons = 0;

	if (strlen(value) > MAILBOX_LENGTH)
		return NULL;
	for (const char *c = strchr(value, ':'); c && colons <= COLONS_MAX; c = strchr(c + 1, ':'))
		colons++;
	return colons <= COLONS_MAX ? internet_address_list_parse(NULL, value) : NULL;
}

/* Does `<EMAIL` stand there? */
static bool is_in_angles(const char *value, const char *email)
{
	size_t length = strlen(email);

	for (const char *open = strchr(value, '<'); open; open = strchr(open + 1, '<'))
		if (strncmp(open + 1, email, length) == 0)
			return true;
	return false;
}

/* The mailbox that GMime reads first.  If the field has an address in angle brackets, it must be that one: in
 * `a@b via c <list@d>` a@b is part of the name. */
static bool read_with_gmime(const char *value, struct mailbox *ret_mailbox)
{
	InternetAddressList *list = mailbox_parse(value);
	bool found = false;

	if (list && internet_address_list_length(list) > 0 &&
	    INTERNET_ADDRESS_IS_MAILBOX(internet_address_list_get_address(list, 0))) {
		InternetAddress *address = internet_address_list_get_address(list, 0);
		const char *email = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address));

		if (email && (!strchr(value, '<') || is_in_angles(value, email)))
			found = set_mailbox(internet_address_get_name(address), email, ret_mailbox);
	}
	g_clear_object(&list);
	return found;
}

/* "a at b" as lists' archives write it becomes "a@b". */
static char *unmask(const char *text)
{
	g_auto(GStrv) halves = g_strsplit(text, " at ", 2);

	if (halves[0] && halves[1] && !strchr(text, '@'))
		return g_strdup_printf("%s@%s", g_strstrip(halves[0]), g_strstrip(halves[1]));
	return g_strstrip(g_strdup(text));
}

/* `name <address>` and `address (name)`, the address masked or not, whatever the name is made of. */
static bool read_by_hand(const char *value, struct mailbox *ret_mailbox)
{
	const char *open = strrchr(value, '<'), *comment = strchr(value, '(');
	g_autofree char *address = NULL, *name = NULL, *raw = NULL;

	if (open) {
		raw = g_strndup(open + 1, strcspn(open + 1, ">"));
		name = g_strndup(value, (gsize)(open - value));
	} else if (comment) {
		raw = g_strndup(value, (gsize)(comment - value));
		name = g_strndup(comment + 1, strcspn(comment + 1, ")"));
	} else {
		raw = g_strdup(value);
	}
	address = unmask(raw);
	return set_mailbox(name, address, ret_mailbox);
}

/* The one word of a text that is an address. */
static bool read_bare(const char *value, struct mailbox *ret_mailbox)
{
	g_auto(GStrv) words = g_strsplit_set(value, " \t\n<>,;()", -1);

	for (char **word = words; *word; word++)
		if (set_mailbox(NULL, *word, ret_mailbox))
			return true;
	return false;
}

/* A field that is encoded words as a whole, its address in them: no RFC allows it, some mail filters make it. */
static bool read_encoded(const char *raw, struct mailbox *ret_mailbox)
{
	g_autofree char *value = header_decode(raw);

	return read_by_hand(value, ret_mailbox) || read_bare(value, ret_mailbox);
}

bool mailbox_read(const char *raw, struct mailbox *ret_mailbox)
{
	g_autofree char *value = header_mend(raw);

	return read_with_gmime(value, ret_mailbox) || read_by_hand(value, ret_mailbox) ||
	       read_bare(value, ret_mailbox) || (strstr(value, "=?") && read_encoded(raw, ret_mailbox));
}

/* The end of the first address of a list: a comma outside of comments and quoted strings, with an @ before it, since
 * the comma in `Lovelace, Ada <ada@example.org>` ends none. */
static const char *address_end(const char *list)
{
	struct lexical text = {list};
	bool at = false;

	while (*text.at && !(at && *text.at == ',')) {
		const char *begin = text.at;

		if (*begin == '"')
			g_free(lexical_quoted_string(&text));
		else if (*begin == '(')
			lexical_skip_comment(&text);
		else
			text.at++;
		if (text.at == begin)
			return begin + strlen(begin);
		at = at || *begin == '@';
	}
	return text.at;
}

/* Add the mailboxes of what should be one address; GMime may find several in it. */
static void add_mailboxes(const char *value, GPtrArray *mailboxes)
{
	InternetAddressList *list = mailbox_parse(value);

	for (int i = 0; list && i < internet_address_list_length(list); i++) {
		InternetAddress *address = internet_address_list_get_address(list, i);
		struct mailbox mailbox;

		if (INTERNET_ADDRESS_IS_MAILBOX(address) &&
		    set_mailbox(internet_address_get_name(address),
		                internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address)), &mailbox))
			g_ptr_array_add(mailboxes, g_memdup2(&mailbox, sizeof(mailbox)));
	}
	g_clear_object(&list);
}

GPtrArray *mailbox_list(const char *raw)
{
	GPtrArray *mailboxes = g_ptr_array_new_with_free_func(mailbox_free);
	g_autofree char *value = header_mend(raw);

	for (const char *each = value, *end; *each; each = *end ? end + 1 : end) {
		g_autofree char *address = NULL;

		end = address_end(each);
		address = g_strndup(each, (gsize)(end - each));
		add_mailboxes(address, mailboxes);
	}
	return mailboxes;
}
