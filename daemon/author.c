/* author.c - reads From, and finds out who it was before a list put its own address there.
 *
 * Called by submission.c.  Promises: no form of From or of the fields beside it fails but one without any
 * address; GMime reads addresses, and what it cannot read is read here.
 */
#include "author.h"

#include <errno.h>
#include <string.h>
#include <gmime/gmime.h>

#include "address.h"
#include "lexical.h"
#include "whitespace.h"

#define MAILBOX_LENGTH \
	2000 /* bytes of From and of each address elsewhere that GMime is given; its time grows with the square */
#define LIST_LENGTH (64 * 1024) /* bytes of Reply-To and Cc that are looked through */
#define EMAIL_LENGTH 320        /* bytes of an address: 64, an @, and 255 (RFC 5321 section 4.5.3.1) */
#define COLONS_MAX 100          /* in a field of addresses; a group has one, an IPv6 address literal up to eight */

static void mailbox_release(struct mailbox *mailbox)
{
	g_clear_pointer(&mailbox->name, g_free);
	g_clear_pointer(&mailbox->email, g_free);
}

void author_release(struct author *author)
{
	mailbox_release(&author->from);
	mailbox_release(&author->original);
}

/* Does this look like an address: one word with something at both sides of its last @? */
static bool is_address(const char *text)
{
	const char *at = text ? strrchr(text, '@') : NULL;

	if (!at || at == text || at[1] == '\0' || at[1] == '.' || strlen(text) > EMAIL_LENGTH)
		return false;
	if (text[0] == '"' && at[-1] == '"')
		return true;
	return !text[strcspn(text, " \t\n<>,;()")];
}

/* A decoded display name without quotes around it; NULL where nothing is left. */
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
	if (!is_address(email))
		return false;
	ret_mailbox->name = clean_name(name);
	ret_mailbox->email = g_strdup(email);
	return true;
}

/* GMime reads groups within groups by recursion: what has many colons is not given to it, nor what is too long. */
static InternetAddressList *parse_addresses(const char *value)
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

/* The mailbox that GMime reads first.  Where the field has an address in angle brackets, it must be that one: in
 * `a@b via c <list@d>` a@b is part of the name. */
static bool read_with_gmime(const char *value, struct mailbox *ret_mailbox)
{
	InternetAddressList *list = parse_addresses(value);
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

static bool read_mailbox(const char *raw, struct mailbox *ret_mailbox)
{
	g_autofree char *value = header_mend(raw);

	return read_with_gmime(value, ret_mailbox) || read_by_hand(value, ret_mailbox) || read_bare(value, ret_mailbox);
}

char *author_name_before_via(const char *name)
{
	const char *via = name ? g_strrstr(name, " via ") : NULL;
	char *before;
	size_t length;

	if (!via)
		return NULL;
	before = g_strstrip(g_strndup(name, (gsize)(via - name)));
	length = strlen(before);
	if (length >= 2 && before[0] == '\'' && before[length - 1] == '\'') {
		memmove(before, before + 1, length - 2);
		before[length - 2] = '\0';
	}
	if (*before)
		return before;
	g_free(before);
	return NULL;
}

/* The end of the first address of a list: a comma outside of comments and quoted strings, with an @ before it, since the
 * comma in `Lovelace, Ada <ada@example.org>` ends none. */
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

/* The mailbox that one address is, if it has this name, and is not the address that hides it. */
static bool has_name(const char *value, const char *name, const char *hidden_by, struct mailbox *ret_mailbox)
{
	InternetAddressList *list = parse_addresses(value);
	bool found = false;

	for (int i = 0; list && !found && i < internet_address_list_length(list); i++) {
		InternetAddress *address = internet_address_list_get_address(list, i);
		g_autofree char *its_name = clean_name(internet_address_get_name(address));
		const char *email;

		if (!INTERNET_ADDRESS_IS_MAILBOX(address) || g_strcmp0(its_name, name) != 0)
			continue;
		email = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address));
		if (email && g_ascii_strcasecmp(email, hidden_by) != 0)
			found = set_mailbox(its_name, email, ret_mailbox);
	}
	g_clear_object(&list);
	return found;
}

/* The address in an address list that has this name. */
static bool find_by_name(const char *raw, const char *name, const char *hidden_by, struct mailbox *ret_mailbox)
{
	g_autofree char *value = header_mend(raw);
	bool found = false;

	for (const char *each = value, *end; *each && !found; each = *end ? end + 1 : end) {
		g_autofree char *address = NULL;

		end = address_end(each);
		address = g_strndup(each, (gsize)(end - each));
		found = has_name(address, name, hidden_by, ret_mailbox);
	}
	return found;
}

/* The @s of a field outside comments and quoted strings; -1 where one of these does not end. */
static int count_ats(const char *value)
{
	struct lexical text = {value};
	int count = 0;

	while (*text.at) {
		g_free(lexical_quoted_string(&text));
		if (lexical_skip_cfws(&text) < 0 || *text.at == '"')
			return -1;
		count += *text.at == '@';
		if (*text.at)
			text.at++;
	}
	return count;
}

/* Does every program see the same one From field?  Some pass over one with a blank before its colon, and some take a bare
 * CR for the end of a line. */
static bool has_one_from(const struct header_list *headers)
{
	if (!header_first(headers, "From") || header_nth(headers, "From", 1))
		return false;
	for (unsigned i = 0; i < headers->fields->len; i++)
		if (header_hides(g_ptr_array_index(headers->fields, i), "From"))
			return false;
	return true;
}

/* Bytes that are not UTF-8 become characters here by a guess that other programs may not share. */
static bool is_guessed(const char *raw, const char *email)
{
	return !g_str_is_ascii(email) && !g_utf8_validate(raw, -1, NULL);
}

bool author_is_single(const struct header_list *headers)
{
	const char *raw = header_first(headers, "From");
	g_autofree char *value = raw ? header_mend(raw) : NULL;
	struct mailbox mailbox = {NULL, NULL};
	InternetAddressList *list;
	bool single = false;

	if (!has_one_from(headers) || count_ats(value) != 1)
		return false;
	list = parse_addresses(value);
	if (list && internet_address_list_length(list) == 1 && read_mailbox(raw, &mailbox)) {
		InternetAddress *only = internet_address_list_get_address(list, 0);

		/* In `a@b (<c@d>)` what author_read() takes must not be the other one. */
		single = INTERNET_ADDRESS_IS_MAILBOX(only) && !is_guessed(raw, mailbox.email) &&
		         g_strcmp0(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(only)), mailbox.email) ==
		                 0;
	}
	mailbox_release(&mailbox);
	g_clear_object(&list);
	return single;
}

/* The first field of that name that every program reads so. */
static const char *first_plain(const struct header_list *headers, const char *name)
{
	for (unsigned i = 0; i < headers->fields->len; i++) {
		const struct header_field *field = g_ptr_array_index(headers->fields, i);

		if (field->plain && g_ascii_strcasecmp(field->name, name) == 0)
			return field->value;
	}
	return NULL;
}

/* May so much more be looked through? */
static bool take_length(size_t *left, const char *value)
{
	size_t length = strlen(value);

	if (length > *left)
		return false;
	*left -= length;
	return true;
}

static void find_original(const struct header_list *headers, struct author *author)
{
	static const char *const fields[] = {"Reply-To", "Cc"};
	const char *said = first_plain(headers, "X-Original-From");
	g_autofree char *name = author_name_before_via(author->from.name);
	size_t left = LIST_LENGTH;

	if (said && read_mailbox(said, &author->original)) {
		if (!author->original.name)
			author->original.name = g_steal_pointer(&name);
		author->source = "X-Original-From";
		return;
	}
	for (size_t i = 0; name && i < G_N_ELEMENTS(fields); i++) {
		for (unsigned j = 0; j < headers->fields->len; j++) {
			const struct header_field *field = g_ptr_array_index(headers->fields, j);

			if (field->plain && g_ascii_strcasecmp(field->name, fields[i]) == 0 &&
			    take_length(&left, field->value) &&
			    find_by_name(field->value, name, author->from.email, &author->original)) {
				author->source = fields[i];
				return;
			}
		}
	}
}

/* From here on an address is compared and kept. */
static void keep_in_ascii(struct mailbox *mailbox)
{
	char *ascii = mailbox->email ? address_in_ascii(mailbox->email) : NULL;

	g_free(mailbox->email);
	mailbox->email = ascii;
}

int author_read(const struct header_list *headers, struct author *ret_author, char **ret_reason)
{
	const char *from = header_first(headers, "From");
	struct author author = {0};

	if (!from) {
		*ret_reason = g_strdup("the mail has no From field");
		return -EBADMSG;
	}
	if (!read_mailbox(from, &author.from)) {
		*ret_reason = g_strdup("From holds no e-mail address");
		return -EBADMSG;
	}
	find_original(headers, &author);
	keep_in_ascii(&author.from);
	keep_in_ascii(&author.original);
	*ret_author = author;
	return 0;
}
