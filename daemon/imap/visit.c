/* visit.c - one visit of one mailbox: which of its mails are to be taken, and in what order.
 *
 * Called by service.c; intake.c takes them.  What is known of each mail is in the database, so a visit may end at any
 * moment; what the account wants done with a mail is done after the commit, and again if it is not known to be done.
 */
#include "imap/visit.h"

#include <errno.h>
#include <inttypes.h>
#include <stdint.h>

#include <glib.h>

#include "base/deadline.h"
#include "base/log.h"
#include "base/notify.h"
#include "database/cursor.h"
#include "imap/intake.h"

/* A mailbox that is open, and the mails of it that are on their way. */
struct visit {
	const struct imap_visitor *visitor;
	const struct imap_account_mailbox *mailbox;
	struct store_source source; /* of its mails */
	struct imap_place *place;   /* what is remembered of it */
	uint32_t known;             /* UIDs up to it may have been taken before */
	bool renewed;               /* it is read anew: what has an outcome may have had one */
	unsigned found;             /* mails that had not been taken */
	struct imap_intake intake;
};

/* Leftovers ---------------------------------------------------------------------------------------------------- */

static struct imap_uids uids_of(const GArray *uids)
{
	return (struct imap_uids){(const uint32_t *)uids->data, uids->len};
}

/* Mails that could not be stored.  Of those that failed for one reason the first shows whether it still holds. */
static int take_unstored(struct visit *visit, const struct cursor *cursor, char **ret_reason)
{
	const char *failing = NULL;
	int status = 0;

	for (unsigned i = 0; i < cursor->deferred->len && status == 0; i++) {
		const struct cursor_deferred *deferred = &g_array_index(cursor->deferred, struct cursor_deferred, i);

		if (deferred->alone || deferred->attempts == 0)
			continue;
		if (visit->visitor->tally->in_a_row > 0 && g_strcmp0(deferred->reason, failing) == 0) {
			visit->visitor->tally->pending++;
			continue;
		}
		status = imap_intake_take(&visit->intake, (struct imap_uids){&deferred->uid, 1}, ret_reason);
		if (status == 0)
			status = imap_intake_finish(&visit->intake, ret_reason);
		failing = deferred->reason;
	}
	return status;
}

/* What was left over last time: what was still to be done with mails, those that were on their way, and those that were
 * deferred. */
static int take_leftovers(struct visit *visit, const struct cursor *cursor, char **ret_reason)
{
	g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	int status = imap_intake_settle(&visit->intake, uids_of(cursor->unsettled), ret_reason);

	/* In the order of attempts and UIDs. */
	for (unsigned i = 0; i < cursor->deferred->len; i++) {
		const struct cursor_deferred *deferred = &g_array_index(cursor->deferred, struct cursor_deferred, i);

		if (deferred->attempts == 0)
			g_array_append_val(uids, deferred->uid);
	}
	if (status == 0)
		status = imap_intake_take(&visit->intake, uids_of(uids), ret_reason);
	return status < 0 ? status : take_unstored(visit, cursor, ret_reason);
}

/* Those that the server did not hand over come last: each may cost the connection. */
static int take_withheld(struct visit *visit, const struct cursor *cursor, char **ret_reason)
{
	int status = 0;

	for (unsigned i = 0; i < cursor->deferred->len && status == 0; i++) {
		const struct cursor_deferred *deferred = &g_array_index(cursor->deferred, struct cursor_deferred, i);

		if (deferred->alone)
			status = imap_intake_take_withheld(&visit->intake, deferred->uid, ret_reason);
	}
	return MIN(status, 0);
}

/* One mailbox -------------------------------------------------------------------------------------------------- */

/* Of these UIDs those that have not been taken. */
static int leave_new(struct visit *visit, GArray **uids, char **ret_reason)
{
	const struct imap_visitor *visitor = visit->visitor;
	GArray *fresh = NULL;
	int status;

	if ((*uids)->len == 0 || g_array_index(*uids, uint32_t, 0) > visit->known)
		return 0;
	/* Others are on their way. */
	if (!ingest_rest(visitor->ingest))
		return -EINTR;
	status = cursor_new_uids(visitor->ingest->store, &visit->source, *uids, service_duty_deadline(visitor->duty),
	                         &fresh, ret_reason);
	if (status < 0)
		return status;
	g_array_unref(*uids);
	*uids = fresh;
	return 0;
}

/* `ret_there`: how many mails there are, also those that have been taken. */
static int take_window(struct visit *visit, uint32_t first, uint32_t last, unsigned *ret_there, char **ret_reason)
{
	const struct imap_visitor *visitor = visit->visitor;
	g_autoptr(GArray) uids = NULL;
	int status = imap_session_search(visitor->session, first, last, visitor->account->since, &uids, ret_reason);

	if (status == 0) {
		*ret_there = uids->len;
		status = leave_new(visit, &uids, ret_reason);
	}
	if (status < 0)
		return status;
	visit->found += uids->len;
	return imap_intake_take(&visit->intake, uids_of(uids), ret_reason);
}

/* All mails that have not been taken, wherever they are. */
static int take_all(struct visit *visit, const struct imap_mailbox *state, char **ret_reason)
{
	struct imap_look_windows windows;
	uint32_t first, last;
	int status = 0;

	imap_look_begin(&windows, state->exists);
	while (status == 0 && imap_look_next(&windows, &first, &last)) {
		unsigned there = 0;

		status = take_window(visit, first, last, &there, ret_reason);
		imap_look_note(&windows, there);
		if (status == 0 && service_duty_calls(visit->visitor->duty))
			status = -EINTR;
	}
	return status;
}

/* The mails after the cursor, and those that appeared late before it; all of them if there seem to be more. */
static int take_new(struct visit *visit, const struct cursor *cursor, const struct imap_mailbox *state,
                    char **ret_reason)
{
	struct imap_place *place = visit->place;
	bool all = imap_look_at_all(place, state, cursor);
	unsigned there = 0;
	int status = 0;

	if (!all && cursor->first > 0) {
		status = take_window(visit, cursor->first, UINT32_MAX, &there, ret_reason);
		all = status == 0 && state->exists > place->exists + visit->found;
	}
	if (status == 0 && all) {
		status = take_all(visit, state, ret_reason);
		if (status == 0)
			place->looked = g_get_monotonic_time();
	}
	if (status == 0)
		place->exists = state->exists;
	return status;
}

/* Where the mailbox stands, by the cursor in the database. */
static int ask_cursor(struct visit *visit, struct cursor *ret_cursor, char **ret_reason)
{
	const struct imap_visitor *visitor = visit->visitor;
	int status = cursor_open(visitor->ingest->store, &visit->source, service_duty_deadline(visitor->duty),
	                         ret_cursor, ret_reason);

	if (status == 0)
		visit->source.uidvalidity = ret_cursor->uidvalidity;
	return status;
}

/* The same, where its UIDs begin anew if they have done so. */
static int find_cursor(struct visit *visit, const struct imap_mailbox *state, struct cursor *ret_cursor,
                       char **ret_reason)
{
	const struct imap_visitor *visitor = visit->visitor;
	bool empties = visitor->account->after == IMAP_ACCOUNT_MOVE || visitor->account->after == IMAP_ACCOUNT_DELETE;
	struct cursor cursor;
	int status = ask_cursor(visit, &cursor, ret_reason);

	if (status < 0)
		return status;
	if (imap_look_at_all(visit->place, state, &cursor))
		status = imap_look_restarted(visitor->session, visit->place, state, &cursor, empties, ret_reason);
	if (status == 0 && !cursor.moved) {
		*ret_cursor = cursor;
		return 0;
	}
	cursor_release(&cursor);
	if (status < 0)
		return status;
	visit->source.restarted = status > 0;
	visit->source.same = status == 0;
	status = ask_cursor(visit, ret_cursor, ret_reason);
	visit->source.restarted = visit->source.same = false;
	return status;
}

/* A mailbox that is another one whenever it is opened would be read without end. */
static void note_renewal(struct visit *visit, const char *why)
{
	const struct imap_visitor *visitor = visit->visitor;
	unsigned renewals = ++visit->place->renewals;

	if (renewals > 1)
		visit->place->not_before = deadline_after(
			(unsigned)deadline_back_off(renewals - 1, visitor->account->poll_interval, IMAP_LOOK_ALL));
	if (renewals <= 2)
		log_warning("%s %s: %s; it is read anew, known mails are left alone%s", visitor->account->name,
		            visit->mailbox->name, why,
		            renewals == 2 ? "; if that goes on it will be opened ever more seldom" : "");
}

static int open_cursor(struct visit *visit, const struct imap_mailbox *state, struct cursor *ret_cursor,
                       char **ret_reason)
{
	const struct imap_visitor *visitor = visit->visitor;
	const char *account = visitor->account->name, *mailbox = visit->mailbox->name;
	int status = find_cursor(visit, state, ret_cursor, ret_reason);

	if (status < 0)
		return status;
	visit->renewed = ret_cursor->renewed != NULL;
	visit->known = ret_cursor->last_uid;
	if (visit->renewed)
		note_renewal(visit, ret_cursor->renewed);
	else
		visit->place->renewals = 0;
	visitor->tally->pending += ret_cursor->later;
	if (visitor->report_deferred && ret_cursor->later > 0)
		log_warning("%s %s: %u deferred, to be tried again later", account, mailbox, ret_cursor->later);
	return 0;
}

/* Note by what UIDs that begin anew would be noticed.  If the connection breaks at that, the next command says so. */
static int note_witness(struct visit *visit, const struct cursor *cursor, char **ret_reason)
{
	const struct imap_visitor *visitor = visit->visitor;
	g_autofree char *witness = NULL, *reason = NULL;

	if (visit->intake.highest <= cursor->witness_uid || visit->place->no_witness)
		return 0;
	visit->place->no_witness = true;
	if (imap_session_witness(visitor->session, visit->intake.highest, &witness, &reason) < 0)
		return 0;
	visit->place->no_witness = false;
	if (!witness)
		return 0;
	visit->source.uid = visit->intake.highest;
	return cursor_note_witness(visitor->ingest->store, &visit->source, witness,
	                           service_duty_deadline(visitor->duty), ret_reason);
}

/* Take everything of the mailbox that is open.  0, -EAGAIN, -EINTR. */
static int visit_open(struct visit *visit, const struct imap_mailbox *state, char **ret_reason)
{
	struct cursor cursor;
	int status = open_cursor(visit, state, &cursor, ret_reason);

	if (status < 0)
		return status;
	visit->visitor->tally->in_a_row = 0;
	imap_intake_init(&visit->intake, visit->visitor, &visit->source, state->uidnext);
	visit->intake.renewed = visit->renewed;
	status = take_leftovers(visit, &cursor, ret_reason);
	if (status == 0)
		status = take_new(visit, &cursor, state, ret_reason);
	/* Whatever those do that come last, this is done. */
	if (status == 0)
		status = imap_intake_finish(&visit->intake, ret_reason);
	if (status == 0)
		status = take_withheld(visit, &cursor, ret_reason);
	if (status == 0)
		status = imap_intake_finish(&visit->intake, ret_reason);
	if (status == -EAGAIN)
		imap_intake_rescue(&visit->intake);
	if (status == 0 && visit->visitor->account->after != IMAP_ACCOUNT_MOVE &&
	    visit->visitor->account->after != IMAP_ACCOUNT_DELETE)
		status = note_witness(visit, &cursor, ret_reason);
	imap_intake_release(&visit->intake);
	cursor_release(&cursor);
	return status;
}

/* A mailbox is not visited now; takes the reason. */
static int leave_out(const struct imap_visitor *visitor, const struct imap_account_mailbox *mailbox, char *reason)
{
	visitor->tally->pending++;
	visitor->tally->unopened++;
	if (visitor->report_unopened)
		log_warning("%s %s: %s", visitor->account->name, mailbox->name, reason);
	g_free(reason);
	return 0;
}

/* The server does not open a mailbox: is it about the mailbox, or is the connection of no use?  If it opened it before,
 * or there is no other one, a new connection shows that. */
static int refuse(const struct imap_visitor *visitor, const struct imap_account_mailbox *mailbox,
                  struct imap_place *place, char *reason, char **ret_reason)
{
	enum imap_advice advice = imap_session_answer(visitor->session).advice;
	bool about_mailbox = advice == IMAP_ADVICE_ABSENT || advice == IMAP_ADVICE_DENIED;
	bool about_account = advice == IMAP_ADVICE_RECONNECT || advice == IMAP_ADVICE_REJECTED ||
	                     advice == IMAP_ADVICE_PERSON || advice == IMAP_ADVICE_SLOWER;

	if (about_account || (!about_mailbox && (place->opened || visitor->alone))) {
		place->opened = false;
		imap_session_give_up(visitor->session);
		*ret_reason = reason;
		return -EAGAIN;
	}
	place->opened = false;
	visitor->tally->absent += about_mailbox;
	return leave_out(visitor, mailbox, reason);
}

static struct store_source source_of(const struct imap_visitor *visitor, const struct imap_account_mailbox *mailbox,
                                     uint32_t uidvalidity)
{
	const struct imap_account *account = visitor->account;

	return (struct store_source){
		.transport = "imap",
		.list_id = mailbox->list_id,
		.account = account->name,
		.holder = visitor->duty->lease.holder,
		.mailbox = mailbox->name,
		.server = visitor->server,
		.uidvalidity = uidvalidity,
		.retry = account->poll_interval,
		.attempts = account->attempts,
		.after = account->after != IMAP_ACCOUNT_NOTHING,
		.removes = account->after == IMAP_ACCOUNT_DELETE,
		.told = true,
	};
}

int imap_visit(const struct imap_visitor *visitor, const struct imap_account_mailbox *mailbox, struct imap_place *place,
               char **ret_reason)
{
	bool read_only = visitor->account->after == IMAP_ACCOUNT_NOTHING;
	struct visit visit = {.visitor = visitor, .mailbox = mailbox, .place = place};
	char *reason = NULL;
	struct imap_mailbox state;
	int status;

	notify_alive();
	if (place->not_before > 0 && deadline_left(place->not_before) > 0)
		return 0;
	visit.source = source_of(visitor, mailbox, 0);
	/* Mail of a list that nobody has would be deferred, one by one. */
	status = store_check_list(visitor->ingest->store, &visit.source, service_duty_deadline(visitor->duty), &reason);
	if (status == -ENOENT) {
		visitor->tally->absent++;
		return leave_out(visitor, mailbox, reason);
	}
	if (status == 0)
		status = imap_session_select(visitor->session, mailbox->name, read_only, &state, &reason);
	if (status == -ENOENT)
		return refuse(visitor, mailbox, place, reason, ret_reason);
	if (status < 0) {
		*ret_reason = reason;
		return status;
	}
	place->opened = true;
	/* public-inbox-imapd lets open what only holds other mailboxes, and nothing has to be known of it.  Others just
	 * do not say how many mails there are. */
	if (state.uidvalidity == 0 && state.exists == 0) {
		status = imap_look_for_any(visitor->session, 1, ret_reason);
		if (status <= 0)
			return status;
	}
	visit.source = source_of(visitor, mailbox, state.uidvalidity);
	return visit_open(&visit, &state, ret_reason);
}
