/* replies.c - replies in order.
 *
 * Used by session.c.  Promises that no reply overtakes another one.
 */
#include "lmtp/replies.h"

#include <string.h>

struct lmtp_reply {
	GString *lines; /* NULL: it is promised */
	uint64_t mail;
};

static void reply_free(void *item)
{
	struct lmtp_reply *reply = item;

	if (reply->lines)
		g_string_free(reply->lines, TRUE);
	g_free(reply);
}

void lmtp_replies_release(struct lmtp_replies *replies)
{
	g_queue_clear_full(&replies->entries, reply_free);
	replies->held = 0;
}

static void push(struct lmtp_replies *replies, const char *lines, uint64_t mail)
{
	struct lmtp_reply *reply = g_new(struct lmtp_reply, 1);

	*reply = (struct lmtp_reply){lines ? g_string_new(lines) : NULL, mail};
	g_queue_push_tail(&replies->entries, reply);
}

void lmtp_replies_add(struct lmtp_replies *replies, const char *lines)
{
	struct lmtp_reply *last = g_queue_peek_tail(&replies->entries);

	replies->held += strlen(lines);
	if (last && last->lines)
		g_string_append(last->lines, lines);
	else
		push(replies, lines, 0);
}

void lmtp_replies_promise(struct lmtp_replies *replies, uint64_t mail)
{
	push(replies, NULL, mail);
}

void lmtp_replies_keep(struct lmtp_replies *replies, uint64_t mail, const char *lines)
{
	for (GList *item = replies->entries.head; item; item = item->next) {
		struct lmtp_reply *reply = item->data;

		if (!reply->lines && reply->mail == mail) {
			reply->lines = g_string_new(lines);
			replies->held += strlen(lines);
			return;
		}
	}
	g_assert_not_reached();
}

void lmtp_replies_take(struct lmtp_replies *replies, GString *out)
{
	struct lmtp_reply *reply;

	while ((reply = g_queue_peek_head(&replies->entries)) && reply->lines) {
		g_string_append_len(out, reply->lines->str, (gssize)reply->lines->len);
		replies->held -= reply->lines->len;
		reply_free(g_queue_pop_head(&replies->entries));
	}
}
