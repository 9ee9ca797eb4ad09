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

#include "base/log.h"
#include "base/notify.h"
#include "database/cursor.h"
#include "imap/intake.h"

/* A mailbox that is open, and the mails of it that are on their way. */
struct visit {
	const struct imap_visitor *visitor;
	const struct imap_account_mailbox *mailbox;
	struct store_source source; /* of its mails */
	struct imap_intake intake;
};

/* Leftovers ---------------------------------------------------------------------------------------------------- */

static struct imap_uids uids_of(const GArray *uids)
{
	return (struct imap_uids){(const uint32_t *)uids->data, uids->len};
}

/* What was left over last time: what was still to be done with mails, and those that were deferred, or on their way. */
static int take_leftovers(struct visit *visit, const struct cursor *cursor, char **ret_reason)
{
	g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	int status = imap_intake_settle(&visit->intake, uids_of(cursor->unsettled), ret_reason);

	for (unsigned i = 0; i < cursor->deferred->len; i++) {
		const struct cursor_deferred *deferred = &g_array_index(cursor->deferred, struct cursor_deferred, i);

		if (!deferred->alone)
			g_array_append_val(uids, deferred->uid);
	}
	g_array_sort(uids, imap_session_compare_uids);
	return status < 0 ? status : imap_intake_take(&visit->intake, uids_of(uids), ret_reason);
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

static int take_window(struct visit *visit, uint32_t first, uint32_t last, char **ret_reason)
{
	const struct imap_visitor *visitor = visit->visitor;
	g_autoptr(GArray) uids = NULL;
	int status = imap_session_search(visitor->session, first, last, visitor->account->since, &uids, ret_reason);

	return status < 0 ? status : imap_intake_take(&visit->intake, uids_of(uids), ret_reason);
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
	imap_intake_init(&visit->intake, visit->visitor, &visit->source, state->uidnext);
	status = take_leftovers(visit, &cursor, ret_reason);
	if (status == 0)
		status = take_new(visit, (uint64_t)cursor.last_uid + 1, state, ret_reason);
	/* Whatever those do that come last, this is done. */
	if (status == 0)
		status = imap_intake_finish(&visit->intake, ret_reason);
	if (status == 0)
		status = take_withheld(visit, &cursor, ret_reason);
	if (status == 0)
		status = imap_intake_finish(&visit->intake, ret_reason);
	if (status == -EAGAIN)
		imap_intake_rescue(&visit->intake);
	imap_intake_release(&visit->intake);
	cursor_release(&cursor);
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
	visit.source = source_of(visitor, mailbox, state.uidvalidity);
	return visit_open(&visit, &state, ret_reason);
}
