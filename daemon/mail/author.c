/* author.c - reads From, and finds out who it was before a list put its own address there.
 *
 * Called by submission.c and wrapper.c.  Promises: no form of From or of the fields beside it fails but one without any
 * address; GMime reads addresses, and what it cannot read is read here.
 */
#include "mail/author.h"

#include <errno.h>
#include <string.h>
#include <gmime/gmime.h>

#include "mail/address.h"
#include "mail/lexical.h"
#include "mail/original_author.h"

void author_release(struct author *author)
{
	mailbox_release(&author->from);
	mailbox_release(&author->original);
}

/* The @s of a field outside comments and quoted strings; -1 if one of these does not end. */
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

/* Does every program see the same one From field?  Some pass over one with a blank before its colon, and some take a
 * bare CR for the end of a line. */
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

	if (!value || !has_one_from(headers) || count_ats(value) != 1)
		return false;
	list = mailbox_parse(value);
	if (list && internet_address_list_length(list) == 1 && mailbox_read(raw, &mailbox)) {
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
	if (!mailbox_read(from, &author.from)) {
		*ret_reason = g_strdup("From holds no e-mail address");
		return -EBADMSG;
	}
	author.source = original_author_find(headers, &author.from, &author.original, &author.encoded);
	keep_in_ascii(&author.from);
	keep_in_ascii(&author.original);
	*ret_author = author;
	return 0;
}
