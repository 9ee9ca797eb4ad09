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

/* Count and report what became of the mail at work. */
static void report(struct visit *visit, const struct outcome *outcome)
{
	struct notify_mail mail = {visit->visitor->account->name, visit->mailbox->name, visit->source.uid};

	imap_tally_count(visit->visitor->tally, outcome->kind);
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
	report(visit, &outcome);
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
	report(visit, &outcome);
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
	if (status == 0 && !spool_finish(spool)) {
		*ret_reason = g_strdup_printf("the mail could not be kept: %s", g_strerror(errno));
		status = -EIO;
	}
	if (status == 0)
		status = take_fetched(visit, spool, ret_reason);
	else if (status == -EPERM)
		status = defer_withheld(visit, tried_before, ret_reason);
	else if (status == -ENOENT)
		status = forget(visit, tried_before, ret_reason);
	spool_free(spool);
	if (status == 0 && imap_duty_calls(visitor->duty))
		return -EINTR;
	return status == -EIO ? -EAGAIN : status;
}

/* One mailbox -------------------------------------------------------------------------------------------------- */

/* What was left over last time: mails that were deferred, and what was still to be done with others. */
static int take_leftovers(struct visit *visit, const struct cursor *cursor, char **ret_reason)
{
	int status = 0;

	for (unsigned i = 0; i < cursor->unsettled->len && status == 0; i++)
		status = settle(visit, g_array_index(cursor->unsettled, uint32_t, i), ret_reason);
	for (unsigned i = 0; i < cursor->deferred->len && status == 0; i++) {
		const struct cursor_deferred *deferred = &g_array_index(cursor->deferred, struct cursor_deferred, i);

		status = fetch(visit, deferred->uid, deferred->attempts, ret_reason);
	}
	return status;
}

static int take_window(struct visit *visit, uint32_t first, uint32_t last, char **ret_reason)
{
	const struct imap_visitor *visitor = visit->visitor;
	g_autoptr(GArray) uids = NULL;
	int status = imap_session_search(visitor->session, first, last, visitor->account->since, &uids, ret_reason);

	for (unsigned i = 0; status == 0 && i < uids->len; i++)
		status = fetch(visit, g_array_index(uids, uint32_t, i), 0, ret_reason);
	return status;
}

/* The mails after the cursor.  Of a large mailbox a number of UIDs at a time; of one whose UIDs only are large all at
 * once. */
static int take_new(struct visit *visit, uint64_t first, const struct imap_mailbox *state, char **ret_reason)
{
	uint64_t end = state->uidnext > 0 ? state->uidnext : (uint64_t)UINT32_MAX + 1; /* the server need not say */
	uint64_t window = state->exists > IMAP_SESSION_WINDOW ? IMAP_SESSION_WINDOW : end;
	int status = 0;

	for (; first < end && status == 0; first += window) {
		status = take_window(visit, (uint32_t)first, (uint32_t)MIN(end - 1, first + window - 1), ret_reason);
		if (status == 0 && imap_duty_calls(visit->visitor->duty))
			status = -EINTR;
	}
	return status;
}

/* Where the mailbox stands, by the cursor in the database. */
static int open_cursor(struct visit *visit, struct cursor *ret_cursor, char **ret_reason)
{
	const struct imap_visitor *visitor = visit->visitor;
	const char *account = visitor->account->name, *mailbox = visit->mailbox->name;
	int status = cursor_open(visitor->ingest->store, &visit->source, imap_duty_deadline(visitor->duty), ret_cursor,
	                         ret_reason);

	if (status < 0)
		return status;
	if (ret_cursor->renewed)
		log_warning("%s %s: its UIDVALIDITY has changed to %" PRIu32
		            "; it is read anew, known mails are left alone",
		            account, mailbox, visit->source.uidvalidity);
	visitor->tally->pending += ret_cursor->later;
	if (visitor->report_deferred && ret_cursor->later > 0)
		log_warning("%s %s: %u deferred, to be tried again later", account, mailbox, ret_cursor->later);
	return 0;
}

/* Take everything of the mailbox that is open.  0, -EAGAIN, -EINTR. */
static int visit_open(struct visit *visit, const struct imap_mailbox *state, char **ret_reason)
{
	struct cursor cursor;
	int status = open_cursor(visit, &cursor, ret_reason);

	if (status < 0)
		return status;
	status = take_leftovers(visit, &cursor, ret_reason);
	if (status == 0)
		status = take_new(visit, (uint64_t)cursor.last_uid + 1, state, ret_reason);
	cursor_release(&cursor);
	if (visit->refused > 1)
		log_warning("%s %s: the same for %u more", visit->visitor->account->name, visit->mailbox->name,
		            visit->refused - 1);
	return status;
}

static void note_unopened(const struct imap_visitor *visitor, const struct imap_account_mailbox *mailbox,
                          const char *reason)
{
	visitor->tally->pending++;
	visitor->tally->unopened++;
	if (visitor->report_unopened)
		log_warning("%s %s: %s", visitor->account->name, mailbox->name, reason);
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
		.uidvalidity = uidvalidity,
		.retry = account->poll_interval,
		.attempts = account->attempts,
		.after = account->after != IMAP_ACCOUNT_NOTHING,
		.removes = account->after == IMAP_ACCOUNT_DELETE,
		.told = true,
	};
}

int imap_visit(const struct imap_visitor *visitor, const struct imap_account_mailbox *mailbox, char **ret_reason)
{
	bool read_only = visitor->account->after == IMAP_ACCOUNT_NOTHING;
	struct visit visit = {.visitor = visitor, .mailbox = mailbox};
	g_autofree char *reason = NULL;
	struct imap_mailbox state;
	int status;

	notify_alive();
	status = imap_session_select(visitor->session, mailbox->name, read_only, &state, &reason);
	if (status == -ENOENT) {
		note_unopened(visitor, mailbox, reason);
		return 0;
	}
	if (status < 0) {
		*ret_reason = g_steal_pointer(&reason);
		return status;
	}
	if (state.uidvalidity == 0)
		return 0;
	visit.source = source_of(visitor, mailbox, state.uidvalidity);
	visit.next = state.uidnext;
	return visit_open(&visit, &state, ret_reason);
}
