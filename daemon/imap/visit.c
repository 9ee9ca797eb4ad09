/* visit.c - one visit of one mailbox.
 *
 * Called by service.c.  The cursor in the database moves with the mail, so a visit may end at any moment; what the
 * account wants done with a mail is done after the commit, and again if it is not known to be done.
 */
#include "imap/visit.h"

#include <errno.h>
#include <inttypes.h>
#include <stdint.h>

#include <glib.h>

#include "base/deadline.h"
#include "base/log.h"
#include "base/notify.h"
#include "base/spool.h"
#include "database/cursor.h"
#include "imap/fetch.h"

/* One mail ----------------------------------------------------------------------------------------------------- */

/* A mailbox that is open, and how far it has been taken. */
struct visit {
	const struct imap_visitor *visitor;
	const struct imap_account_mailbox *mailbox;
	struct store_source source; /* of the mail at work */
	uint32_t next;              /* the UID after the last mail's, 0 if the server does not say */
	struct imap_place *place;   /* what is remembered of it */
	uint32_t known;             /* UIDs up to it may have been taken before */
	bool renewed;               /* it is read anew: what has an outcome may have had one */
	uint32_t witness;           /* the highest UID that was taken in this visit, or is known to be taken; or 0 */
	unsigned found;             /* mails that had not been taken */
	unsigned refused;           /* mails with which the server did not do what the account wants */
};

/* A mail that is being fetched. */
struct intake {
	struct imap_duty *duty;
	struct spool *spool;
};

static bool into_spool(const char *bytes, size_t length, void *context)
{
	struct intake *intake = context;

	imap_duty_keep(intake->duty);
	return spool_write(intake->spool, bytes, length);
}

/* Do with a mail that has been taken what the account says.  0; -EAGAIN if the connection breaks; any other error is
 * the server's answer, and another visit tries again. */
static int do_after(struct visit *visit, uint32_t uid, char **ret_reason)
{
	struct imap_session *session = visit->visitor->session;
	const struct imap_account *account = visit->visitor->account;

	switch (account->after) {
	case IMAP_ACCOUNT_SEEN:
		return imap_session_flag(session, uid, "\\Seen", ret_reason);
	case IMAP_ACCOUNT_FLAG:
		return imap_session_flag(session, uid, account->flag, ret_reason);
	case IMAP_ACCOUNT_MOVE:
		return imap_session_move(session, uid, account->folder, ret_reason);
	case IMAP_ACCOUNT_DELETE:
		return imap_session_delete(session, uid, ret_reason);
	default:
		return 0;
	}
}

/* The same, and note that it is done.  0 or -EAGAIN. */
static int settle(struct visit *visit, uint32_t uid, char **ret_reason)
{
	const struct imap_visitor *visitor = visit->visitor;
	g_autofree char *reason = NULL;
	int status = do_after(visit, uid, &reason);

	if (status == -EAGAIN) {
		*ret_reason = g_steal_pointer(&reason);
		return status;
	}
	if (status < 0) {
		visitor->tally->pending++;
		if (visit->refused++ == 0)
			log_warning("%s %s UID %" PRIu32 ": %s; it will be tried again", visitor->account->name,
			            visit->mailbox->name, uid, reason);
		return 0;
	}
	visit->source.uid = uid;
	return cursor_settle(visitor->ingest->store, &visit->source, imap_duty_deadline(visitor->duty), ret_reason);
}

/* A mail cannot be stored now.  If nothing can, the round is over; else that is noted, and the others go on. */
static int defer(struct visit *visit, bool withheld, const char *why, char **ret_reason)
{
	const struct imap_visitor *visitor = visit->visitor;
	g_autofree char *line = log_first_line(why);

	visitor->tally->pending++;
	visit->source.withheld = withheld;
	return cursor_defer(visitor->ingest->store, &visit->source, line, imap_duty_deadline(visitor->duty),
	                    ret_reason);
}

/* Count and report what became of the mail at work.  What keeps out one mail after the other is said once. */
static void report(struct visit *visit, const struct outcome *outcome, bool withheld)
{
	struct notify_mail mail = {visit->visitor->account->name, visit->mailbox->name, visit->source.uid};
	struct imap_tally *tally = visit->visitor->tally;
	bool deferred = outcome_rule(outcome->kind)->step == OUTCOME_STAY;

	/* Read anew, only what is in the database since is known to be new. */
	if (visit->renewed && !deferred && outcome->kind != OUTCOME_STORED && outcome->kind != OUTCOME_WAITING)
		imap_tally_repeat(tally, outcome->kind);
	else
		imap_tally_count(tally, outcome->kind);
	if (!deferred)
		visit->witness = MAX(visit->witness, visit->source.uid);
	if (!deferred || withheld || imap_tally_defer(tally, outcome->reason))
		notify_outcome(&mail, outcome);
}

/* Take the mail in a spool.  0 or -EAGAIN. */
static int take(struct visit *visit, struct spool *spool, char **ret_reason)
{
	struct ingest *ingest = visit->visitor->ingest;
	struct outcome outcome;
	int status = 0;

	ingest_message(ingest, spool_read, spool, spool_size(spool), &visit->source,
	               deadline_after(ingest->config.timeout), &outcome);
	report(visit, &outcome, false);
	if (outcome_rule(outcome.kind)->step == OUTCOME_STAY)
		status = defer(visit, false, outcome.reason, ret_reason);
	else if (visit->source.after && (outcome_rule(outcome.kind)->kept || !visit->source.removes))
		status = settle(visit, visit->source.uid, ret_reason);
	outcome_release(&outcome);
	return status;
}

/* The server has a mail and does not hand it over: that is this mail's trouble, and may pass. */
static int defer_withheld(struct visit *visit, unsigned tried_before, char **ret_reason)
{
	struct outcome outcome = {.kind = OUTCOME_DEFERRED};
	g_autofree char *reason = g_steal_pointer(ret_reason);
	int status;

	if (tried_before + 1 == visit->visitor->account->attempts)
		outcome.reason = g_strdup_printf("%s; from now on it is tried once an hour", reason);
	else
		outcome.reason = g_steal_pointer(&reason);
	report(visit, &outcome, true);
	status = defer(visit, true, outcome.reason, ret_reason);
	outcome_release(&outcome);
	return status;
}

/* A mail is gone from its mailbox. */
static int forget(struct visit *visit, unsigned tried_before, char **ret_reason)
{
	g_clear_pointer(ret_reason, g_free);
	if (tried_before == 0)
		return 0;
	return cursor_forget(visit->visitor->ingest->store, &visit->source, imap_duty_deadline(visit->visitor->duty),
	                     ret_reason);
}

/* A search may name what is not there, at UIDs that the server says are still to come.  If it is, it is found again. */
static int pass_over(char **ret_reason)
{
	g_clear_pointer(ret_reason, g_free);
	return 0;
}

/* A mail has come whole. */
static int take_fetched(struct visit *visit, struct spool *spool, char **ret_reason)
{
	struct imap_tally *tally = visit->visitor->tally;
	uint32_t uid = visit->source.uid;

	tally->fetched++;
	imap_tally_progress(tally, visit->mailbox->name, visit->next > uid ? visit->next - uid - 1 : 0);
	return take(visit, spool, ret_reason);
}

/* Fetch a mail and take it.  0, also if it is gone or deferred; -EAGAIN; -EINTR. */
static int fetch(struct visit *visit, uint32_t uid, unsigned tried_before, char **ret_reason)
{
	const struct imap_visitor *visitor = visit->visitor;
	struct spool *spool = spool_new();
	struct intake intake = {visitor->duty, spool};
	int status;

	visit->source.uid = uid;
	status = imap_fetch(visitor->session, uid, into_spool, &intake, ret_reason);
	if (status == -EAGAIN || status == -EIO)
		imap_session_give_up(visitor->session);
	if (status == 0 && !spool_finish(spool)) {
		*ret_reason = g_strdup_printf("the mail could not be kept: %s", g_strerror(errno));
		status = -EIO;
	}
	if (status == 0)
		status = take_fetched(visit, spool, ret_reason);
	else if (status == -EPERM && tried_before == 0 && visit->next > 0 && uid >= visit->next)
		status = pass_over(ret_reason);
	else if (status == -EPERM)
		status = defer_withheld(visit, tried_before, ret_reason);
	else if (status == -ENOENT)
		status = forget(visit, tried_before, ret_reason);
	spool_free(spool);
	if (status == 0 && imap_duty_calls(visitor->duty))
		return -EINTR;
	if (status == 0 && imap_tally_is_stuck(visitor->tally)) {
		*ret_reason = g_strdup_printf("mail cannot be stored: %s", visitor->tally->trouble);
		return -EAGAIN;
	}
	return status == -EIO ? -EAGAIN : status;
}

/* One mailbox -------------------------------------------------------------------------------------------------- */

/* What was left over last time: mails that were deferred, and what was still to be done with others.  Of mails that
 * failed for one reason the first shows whether it still holds. */
static int take_leftovers(struct visit *visit, const struct cursor *cursor, char **ret_reason)
{
	const char *failing = NULL;
	int status = 0;

	for (unsigned i = 0; i < cursor->unsettled->len && status == 0; i++)
		status = settle(visit, g_array_index(cursor->unsettled, uint32_t, i), ret_reason);
	for (unsigned i = 0; i < cursor->deferred->len && status == 0; i++) {
		const struct cursor_deferred *deferred = &g_array_index(cursor->deferred, struct cursor_deferred, i);

		if (visit->visitor->tally->in_a_row > 0 && g_strcmp0(deferred->reason, failing) == 0) {
			visit->visitor->tally->pending++;
			continue;
		}
		status = fetch(visit, deferred->uid, deferred->attempts, ret_reason);
		failing = deferred->reason;
	}
	return status;
}

/* Of these UIDs those that have not been taken. */
static int leave_new(struct visit *visit, GArray **uids, char **ret_reason)
{
	const struct imap_visitor *visitor = visit->visitor;
	GArray *fresh = NULL;
	int status;

	if ((*uids)->len == 0 || g_array_index(*uids, uint32_t, 0) > visit->known)
		return 0;
	status = cursor_new_uids(visitor->ingest->store, &visit->source, *uids, imap_duty_deadline(visitor->duty),
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
	for (unsigned i = 0; status == 0 && i < uids->len; i++) {
		visit->found++;
		status = fetch(visit, g_array_index(uids, uint32_t, i), 0, ret_reason);
	}
	return status;
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
		if (status == 0 && imap_duty_calls(visit->visitor->duty))
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
	int status = cursor_open(visitor->ingest->store, &visit->source, imap_duty_deadline(visitor->duty), ret_cursor,
	                         ret_reason);

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

	if (visit->witness <= cursor->witness_uid || visit->place->no_witness)
		return 0;
	visit->place->no_witness = true;
	if (imap_session_witness(visitor->session, visit->witness, &witness, &reason) < 0)
		return 0;
	visit->place->no_witness = false;
	if (!witness)
		return 0;
	visit->source.uid = visit->witness;
	return cursor_note_witness(visitor->ingest->store, &visit->source, witness, imap_duty_deadline(visitor->duty),
	                           ret_reason);
}

/* Take everything of the mailbox that is open.  0, -EAGAIN, -EINTR. */
static int visit_open(struct visit *visit, const struct imap_mailbox *state, char **ret_reason)
{
	struct cursor cursor;
	int status = open_cursor(visit, state, &cursor, ret_reason);

	if (status < 0)
		return status;
	visit->visitor->tally->in_a_row = 0;
	status = take_leftovers(visit, &cursor, ret_reason);
	if (status == 0)
		status = take_new(visit, &cursor, state, ret_reason);
	if (status == 0 && visit->visitor->account->after != IMAP_ACCOUNT_MOVE &&
	    visit->visitor->account->after != IMAP_ACCOUNT_DELETE)
		status = note_witness(visit, &cursor, ret_reason);
	cursor_release(&cursor);
	if (visit->refused > 1)
		log_warning("%s %s: the same for %u more", visit->visitor->account->name, visit->mailbox->name,
		            visit->refused - 1);
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

/* The server does not open a mailbox: is it about the mailbox, or is the connection of no use?  If it opened it before
 * a new connection shows that. */
static int refuse(const struct imap_visitor *visitor, const struct imap_account_mailbox *mailbox,
                  struct imap_place *place, char *reason, char **ret_reason)
{
	enum imap_advice advice = imap_session_answer(visitor->session).advice;
	bool about_mailbox = advice == IMAP_ADVICE_ABSENT || advice == IMAP_ADVICE_DENIED;
	bool about_account = advice == IMAP_ADVICE_RECONNECT || advice == IMAP_ADVICE_REJECTED ||
	                     advice == IMAP_ADVICE_PERSON || advice == IMAP_ADVICE_SLOWER;

	if (about_account || (place->opened && !about_mailbox)) {
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
	status = store_check_list(visitor->ingest->store, &visit.source, imap_duty_deadline(visitor->duty), &reason);
	if (status == -ENOENT)
		return leave_out(visitor, mailbox, reason);
	if (status == 0)
		status = imap_session_select(visitor->session, mailbox->name, read_only, &state, &reason);
	if (status == -ENOENT)
		return refuse(visitor, mailbox, place, reason, ret_reason);
	if (status < 0) {
		*ret_reason = reason;
		return status;
	}
	place->opened = true;
	visit.source = source_of(visitor, mailbox, state.uidvalidity);
	visit.next = state.uidnext;
	return visit_open(&visit, &state, ret_reason);
}
