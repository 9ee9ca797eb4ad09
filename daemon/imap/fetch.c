/* fetch.c - the bytes of one mail.
 *
 * Called by visit.c.  libetpan hands a body over piece by piece and says afterwards of what mail it was.  Promises: 0
 * only for the whole mail that was asked for, whatever else the server sent; the bytes of an answer stay limited.
 */
#include "imap/fetch.h"

#include <errno.h>

#include <libetpan/libetpan.h>

#include "base/deadline.h"
#include "imap/command.h"

/* What takes the body that is fetched now. */
struct delivery {
	struct imap_session *session;
	imap_sink *sink;
	void *context;
	uint64_t left; /* bytes that it may still have */
	bool taken;    /* something came */
	bool broken;   /* the sink broke off */
};

static bool take_body(int type, struct mailimap_msg_att_body_section *section, const char *bytes, size_t length,
                      void *context)
{
	struct delivery *delivery = context;

	(void)type;
	(void)section;
	/* It goes on to the sink: what is read from now on may be as much as any answer again. */
	if (length <= delivery->left)
		imap_stream_grant(delivery->session->stream, length);
	delivery->left -= MIN(length, delivery->left);
	delivery->taken = true;
	if (!delivery->broken)
		delivery->broken = !delivery->sink(bytes, length, delivery->context);
	return !delivery->broken;
}

/* What a server sent in answer to a fetch. */
struct contents {
	unsigned wanted; /* answers with the whole body of the mail that was asked for */
	unsigned other;  /* with whatever else went to the sink */
};

static bool is_whole(const struct mailimap_msg_att_body_section *body)
{
	return (!body->sec_section || !body->sec_section->sec_spec) && body->sec_origin_octet == 0;
}

/* Flags of this or any other mail may come at any time, with its UID or without (RFC 3501 section 7). */
static void count_answer(const struct mailimap_msg_att *answer, uint32_t uid, struct contents *contents)
{
	unsigned bodies = 0, parts = 0;
	bool named = false;

	for (clistiter *item = clist_begin(answer->att_list); item; item = clist_next(item)) {
		const struct mailimap_msg_att_item *attribute = clist_content(item);
		const struct mailimap_msg_att_static *value = attribute->att_data.att_static;

		if (attribute->att_type != MAILIMAP_MSG_ATT_ITEM_STATIC)
			continue;
		switch (value->att_type) {
		case MAILIMAP_MSG_ATT_UID:
			named = value->att_data.att_uid == uid;
			break;
		case MAILIMAP_MSG_ATT_BODY_SECTION:
			*(is_whole(value->att_data.att_body_section) ? &bodies : &parts) += 1;
			break;
		case MAILIMAP_MSG_ATT_RFC822:
		case MAILIMAP_MSG_ATT_RFC822_HEADER:
		case MAILIMAP_MSG_ATT_RFC822_TEXT:
			parts++;
			break;
		default:
			break;
		}
	}
	if (named && bodies == 1 && parts == 0)
		contents->wanted++;
	else if (bodies + parts > 0)
		contents->other++;
}

/* Nothing came of a mail, for a reason that is in *ret_reason or not.  A server may say "no" also because the mail is
 * gone: does it still know the UID? */
static int nothing_status(struct imap_session *session, uint32_t uid, char **ret_reason)
{
	g_autofree char *said = g_steal_pointer(ret_reason);
	g_autoptr(GArray) uids = NULL;
	int status;

	imap_command_allow(session);
	/* Only now it may say that the mail has gone. */
	status = imap_command_status(session, "NOOP", mailimap_noop(session->imap), -EAGAIN, ret_reason);
	if (status == 0)
		status = imap_session_search(session, uid, uid, 0, &uids, ret_reason);
	if (status != 0)
		return status;
	*ret_reason = said ? g_steal_pointer(&said) : g_strdup("UID FETCH: the server gives nothing of the mail");
	return uids->len > 0 ? -EPERM : -ENOENT;
}

static int contents_status(struct imap_session *session, const clist *answers, uint32_t uid, bool taken,
                           char **ret_reason)
{
	struct contents contents = {0};

	for (clistiter *answer = answers ? clist_begin(answers) : NULL; answer; answer = clist_next(answer))
		count_answer(clist_content(answer), uid, &contents);
	if (!taken)
		return nothing_status(session, uid, ret_reason);
	if (contents.wanted == 1 && contents.other == 0)
		return 0;
	*ret_reason = g_strdup("UID FETCH: the server sent something else than the mail");
	return -EAGAIN;
}

static struct mailimap_fetch_type *whole_mail(void)
{
	return mailimap_fetch_type_new_fetch_att(mailimap_fetch_att_new_body_peek_section(mailimap_section_new(NULL)));
}

int imap_fetch(struct imap_session *session, uint32_t uid, imap_sink *sink, void *context, char **ret_reason)
{
	struct delivery delivery = {session, sink, context, IMAP_FETCH_BODY, false, false};
	struct mailimap_set *set = mailimap_set_new_single(uid);
	struct mailimap_fetch_type *type = whole_mail();
	clist *answers = NULL;
	int error, status;

	imap_stream_allow(session->stream, deadline_after(session->seconds * IMAP_FETCH_TIMES), IMAP_COMMAND_ANSWER);
	mailimap_set_msg_body_handler(session->imap, take_body, &delivery);
	error = mailimap_uid_fetch(session->imap, set, type, &answers);
	mailimap_set_msg_body_handler(session->imap, NULL, NULL);
	mailimap_fetch_type_free(type);
	mailimap_set_free(set);
	if (delivery.broken) {
		*ret_reason = g_strdup("the mail could not be kept");
		return -EIO;
	}
	status = imap_command_status(session, "UID FETCH", error, -EPERM, ret_reason);
	/* After an error libetpan has freed the answers, and left the pointer. */
	if (status == -EPERM)
		return nothing_status(session, uid, ret_reason);
	if (status < 0)
		return status;
	status = contents_status(session, answers, uid, delivery.taken, ret_reason);
	if (answers)
		mailimap_fetch_list_free(answers);
	return status;
}
