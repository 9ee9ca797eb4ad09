/* wrapper.c - a mail that a list put into another one.
 *
 * Called by submission.c.  Promises: only a list wraps, and only a mail of the author that the outer one names, or of
 * its own Message-ID; a mail that somebody forwards stays an attachment.
 */
#include "mail/wrapper.h"

#include <string.h>

#include "mail/original_author.h"

/* Is an address among those of a field? */
static bool field_names(const struct header_list *headers, const char *name, const char *email)
{
	g_autofree char *value = header_decode_first(headers, name), *lower = value ? g_ascii_strdown(value, -1) : NULL;
	g_autofree char *wanted = g_ascii_strdown(email, -1);

	return lower && strstr(lower, wanted) != NULL;
}

/* Did a list put this mail around another one because of the sender's DMARC policy?  Then both have one
 * Message-ID, or From is `X via list` and the inner one is from X. */
static bool is_list_wrapper(const struct header_list *outer, const struct author *author,
                            const struct header_list *inner, const struct author *inner_author)
{
	g_autofree char *id = header_decode_first(outer, "Message-ID"),
			*inner_id = header_decode_first(inner, "Message-ID");
	g_autofree char *name = original_author_name(author->from.name);

	if (!header_first(outer, "List-Id"))
		return false;
	if (id && *id && g_strcmp0(id, inner_id) == 0)
		return true;
	return name && (g_strcmp0(name, inner_author->from.name) == 0 ||
	                field_names(outer, "Reply-To", inner_author->from.email) ||
	                field_names(outer, "Cc", inner_author->from.email));
}

bool wrapper_open(struct message *message, const struct author *author, struct wrapper *ret_wrapper)
{
	GMimeMessage *wrapped = message_wrapped(message);
	struct wrapper wrapper = {0};
	g_autofree char *reason = NULL;

	if (!wrapped)
		return false;
	message_wrapped_headers(wrapped, &wrapper.headers);
	if (author_read(&wrapper.headers, &wrapper.author, &reason) < 0 ||
	    !is_list_wrapper(&message->headers, author, &wrapper.headers, &wrapper.author)) {
		wrapper_release(&wrapper);
		return false;
	}
	message->body = g_mime_message_get_mime_part(wrapped);
	*ret_wrapper = wrapper;
	return true;
}

void wrapper_release(struct wrapper *wrapper)
{
	author_release(&wrapper->author);
	header_list_release(&wrapper->headers);
}
