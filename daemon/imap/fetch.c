/* fetch.c - the bytes of mails.
 *
 * Called by intake.c.  libetpan hands a body over piece by piece and says afterwards of what mail it was.  Promises:
 * only whole mails are taken for mails, whatever else the server sends; the bytes of each, and its time, stay limited.
 */
#include "imap/fetch.h"

#include <errno.h>

#include <libetpan/libetpan.h>

#include "base/deadline.h"
#include "imap/command.h"

/* What takes the body that is fetched now. */
struct delivery {
	struct imap_session *session;
	struct imap_receiver receiver;
	uint64_t left; /* bytes that it may still have */
	bool taken;    /* something came */
	bool broken;   /* the receiver broke off */
};

/* A mail may take as long, and its answer have so many bytes besides the body. */
static void begin_mail(struct delivery *delivery)
{
	imap_stream_allow(delivery->session->stream, deadline_after(delivery->session->seconds * IMAP_FETCH_TIMES),
	                  IMAP_COMMAND_ANSWER);
	delivery->left = IMAP_FETCH_BODY;
	delivery->taken = false;
}

static bool take_body(int type, struct mailimap_msg_att_body_section *section, const char *bytes, size_t length,
                      void *context)
{
	struct delivery *delivery = context;
	const struct imap_receiver *receiver = &delivery->receiver;

	(void)type;
	(void)section;
	/* It goes on to the sink: what is read from now on may be as much as any answer again. */
	if (length <= delivery->left)
		imap_stream_grant(delivery->session->stream, length);
	delivery->left -= MIN(length, delivery->left);
	delivery->taken = true;
	if (!delivery->broken)
		delivery->broken = !receiver->sink(bytes, length, receiver->context);
	return !delivery->broken;
}

static bool is_whole(const struct mailimap_msg_att_body_section *body)
{
	return (!body->sec_section || !body->sec_section->sec_spec) && body->sec_origin_octet == 0;
}

/* The UID of the mail of which an answer has the whole body, once, and nothing else that went to the sink; else 0.
 * *ret_bodies: does it have such a thing at all?  Flags of any mail may come at any time, with its UID or without
 * (RFC 3501 section 7). */
static uint32_t whole_mail_of(const struct mailimap_msg_att *answer, bool *ret_bodies)
{
	unsigned bodies = 0, parts = 0;
	uint32_t uid = 0;

	for (clistiter *item = clist_begin(answer->att_list); item; item = clist_next(item)) {
		const struct mailimap_msg_att_item *attribute = clist_content(item);
		const struct mailimap_msg_att_static *value = attribute->att_data.att_static;

		if (attribute->att_type != MAILIMAP_MSG_ATT_ITEM_STATIC)
			continue;
		switch (value->att_type) {
		case MAILIMAP_MSG_ATT_UID:
			uid = value->att_data.att_uid;
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
	*ret_bodies = bodies + parts > 0;
	return bodies == 1 && parts == 0 ? uid : 0;
}

/* An answer has been read, and its body gone to the sink. */
static void take_answer(struct mailimap_msg_att *answer, void *context)
{
	struct delivery *delivery = context;
	bool bodies;
	uint32_t uid = whole_mail_of(answer, &bodies);

	if (!delivery->taken || !bodies)
		return;
	if (!delivery->broken)
		delivery->broken = !delivery->receiver.complete(uid, delivery->receiver.context);
	begin_mail(delivery);
}

/* Without one libetpan (1.9) calls no handler of answers. */
static void ignore_progress(size_t current, size_t most, void *context)
{
	(void)current;
	(void)most;
	(void)context;
}

bool imap_fetch_is_unwanted(const struct imap_session *session)
{
	switch (session->answer.advice) {
	case IMAP_ADVICE_SLOWER:
	case IMAP_ADVICE_PERSON:
	case IMAP_ADVICE_RECONNECT:
		return true;
	default:
		return false;
	}
}

int imap_fetch_many(struct imap_session *session, struct imap_uids mails, const struct imap_receiver *receiver,
                    char **ret_reason)
{
	struct delivery delivery = {.session = session, .receiver = *receiver};
	struct mailimap_fetch_type *type =
		mailimap_fetch_type_new_fetch_att(mailimap_fetch_att_new_body_peek_section(mailimap_section_new(NULL)));
	struct mailimap_set *set = imap_command_set(mails);
	clist *answers = NULL;
	int error, status;

	session->answer = (struct imap_answer){0};
	begin_mail(&delivery);
	mailimap_set_msg_body_handler(session->imap, take_body, &delivery);
	mailimap_set_msg_att_handler(session->imap, take_answer, &delivery);
	mailimap_set_progress_callback(session->imap, NULL, ignore_progress, NULL);
	error = mailimap_uid_fetch(session->imap, set, type, &answers);
	mailimap_set_progress_callback(session->imap, NULL, NULL, NULL);
	mailimap_set_msg_att_handler(session->imap, NULL, NULL);
	mailimap_set_msg_body_handler(session->imap, NULL, NULL);
	mailimap_fetch_type_free(type);
	mailimap_set_free(set);
	/* After an error libetpan has freed the answers, and left the pointer. */
	if (error == MAILIMAP_NO_ERROR && answers)
		mailimap_fetch_list_free(answers);
	if (delivery.broken) {
		imap_session_give_up(session); /* the answer goes on */
		*ret_reason = g_strdup("the mail could not be kept");
		return -EIO;
	}
	status = imap_command_status(session, "UID FETCH", error, -EPERM, ret_reason);
	return status == -EPERM && imap_fetch_is_unwanted(session) ? -EBUSY : status;
}

/* One mail ----------------------------------------------------------------------------------------------------- */

/* What came when one mail was asked for. */
struct single {
	uint32_t uid;
	imap_sink *sink;
	void *context;
	unsigned wanted, other; /* that mail, and whatever else went to the sink */
};

static bool take_piece(const char *bytes, size_t length, void *context)
{
	const struct single *single = context;

	return single->sink(bytes, length, single->context);
}

static bool count_answer(uint32_t uid, void *context)
{
	struct single *single = context;

	*(uid == single->uid ? &single->wanted : &single->other) += 1;
	return true;
}

/* Nothing came of a mail, for a reason that is in *ret_reason or not.  A server may say "no" also because the mail is
 * gone: does it still know the UID? */
static int nothing_status(struct imap_session *session, uint32_t uid, char **ret_reason)
{
	const struct imap_answer answer = session->answer;
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
	session->answer = answer;
	*ret_reason = said ? g_steal_pointer(&said) : g_strdup("UID FETCH: the server gives nothing of the mail");
	return uids->len > 0 ? -EPERM : -ENOENT;
}

int imap_fetch(struct imap_session *session, uint32_t uid, imap_sink *sink, void *context, char **ret_reason)
{
	struct single single = {uid, sink, context, 0, 0};
	const struct imap_receiver receiver = {take_piece, count_answer, &single};
	int status;

	status = imap_fetch_many(session, (struct imap_uids){&uid, 1}, &receiver, ret_reason);
	if (status == -EPERM || (status == 0 && single.wanted + single.other == 0))
		return nothing_status(session, uid, ret_reason);
	if (status < 0 || (single.wanted == 1 && single.other == 0))
		return status;
	imap_session_give_up(session);
	*ret_reason = g_strdup("UID FETCH: the server sent something else than the mail");
	return -EAGAIN;
}
