/* intake.c - takes mails of the mailbox that is open, many at a time.
 *
 * Called by visit.c.  Promises: what the account wants done with a mail is done after its commit; a mail that the
 * server does not hand over, or over which the connection fails, costs the others no more than that connection; the
 * pipeline bounds what is in memory.
 */
#include "imap/intake.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/log.h"
#include "base/notify.h"
#include "base/spool.h"
#include "database/cursor.h"
#include "imap/command.h"
#include "imap/fetch.h"

void imap_intake_init(struct imap_intake *intake, const struct imap_visitor *visitor, const struct store_source *source,
                      uint32_t next)
{
	*intake = (struct imap_intake){
		.visitor = visitor,
		.source = *source,
		.next = next,
		.unsettled = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
		.portion = 1,
	};
}

void imap_intake_release(struct imap_intake *intake)
{
	if (!g_queue_is_empty(&intake->flying))
		ingest_forget(intake->visitor->ingest);
	g_queue_clear(&intake->flying);
	g_clear_pointer(&intake->unsettled, g_array_unref);
}

/* Where it stands in the database -------------------------------------------------------------------------------- */

static struct store *store_of(const struct imap_intake *intake)
{
	return intake->visitor->ingest->store;
}

static int64_t deadline_of(const struct imap_intake *intake)
{
	return service_duty_deadline(intake->visitor->duty);
}

/* Count and report what became of a mail.  What keeps out one mail after the other is said once. */
static void report(struct imap_intake *intake, uint32_t uid, const struct outcome *outcome, bool withheld)
{
	struct notify_mail mail = {intake->visitor->account->name, intake->source.mailbox, uid};
	struct service_tally *tally = intake->visitor->tally;
	bool deferred = outcome_rule(outcome->kind)->step == OUTCOME_STAY;

	/* Read anew, only what is in the database since is known to be new. */
	if (intake->renewed && !deferred && outcome->kind != OUTCOME_STORED && outcome->kind != OUTCOME_WAITING)
		service_tally_repeat(tally, outcome->kind);
	else
		service_tally_count(tally, outcome->kind);
	if (!deferred)
		intake->highest = MAX(intake->highest, uid);
	if (!deferred || withheld || service_tally_defer(tally, outcome->reason))
		notify_outcome(&mail, outcome);
}

/* Note that a mail cannot be taken now.  *ret_attempts may be NULL. */
static int defer(struct imap_intake *intake, uint32_t uid, bool withheld, const char *why, unsigned *ret_attempts,
                 char **ret_reason)
{
	g_autofree char *line = log_first_line(why);
	unsigned attempts = 0;
	int status;

	intake->visitor->tally->pending++;
	if (!ingest_rest(intake->visitor->ingest))
		return -EINTR;
	intake->source.uid = uid;
	intake->source.withheld = withheld;
	status = cursor_defer(store_of(intake), &intake->source, line, deadline_of(intake), &attempts, ret_reason);
	if (ret_attempts)
		*ret_attempts = attempts;
	return status;
}

/* The server does not hand a mail over: that may be the mail's trouble, and may pass.  It is reported the first time,
 * unless the connection failed too, which others report, and the last time in a row. */
static int withhold(struct imap_intake *intake, uint32_t uid, bool failed, const char *why, char **ret_reason)
{
	const unsigned most = intake->visitor->account->attempts;
	struct outcome outcome = {.kind = OUTCOME_DEFERRED};
	unsigned attempts;
	int status = defer(intake, uid, true, why, &attempts, ret_reason);

	if (status < 0 || (attempts != most && (failed || attempts != 1)))
		return status;
	outcome.reason = g_strdup_printf("%s%s", why, attempts == most ? "; from now on it is tried once an hour" : "");
	report(intake, uid, &outcome, true);
	outcome_release(&outcome);
	return 0;
}

/* A mail is gone from its mailbox. */
static int forget(struct imap_intake *intake, uint32_t uid, char **ret_reason)
{
	if (!ingest_rest(intake->visitor->ingest))
		return -EINTR;
	intake->source.uid = uid;
	return cursor_forget(store_of(intake), &intake->source, deadline_of(intake), ret_reason);
}

/* Outcomes ------------------------------------------------------------------------------------------------------- */

static int take_outcome(struct imap_intake *intake, uint32_t uid, const struct outcome *outcome, char **ret_reason)
{
	const struct outcome_rule *rule = outcome_rule(outcome->kind);

	report(intake, uid, outcome, false);
	if (rule->step == OUTCOME_STAY)
		return defer(intake, uid, false, outcome->reason, NULL, ret_reason);
	if (intake->source.after && (rule->kept || !intake->source.removes))
		g_array_append_val(intake->unsettled, uid);
	return 0;
}

/* Take the outcomes that there are; with `wait` until no more than `left` mails have none. */
static int take_outcomes(struct imap_intake *intake, bool wait, unsigned left, char **ret_reason)
{
	int status = 0;

	while (status == 0 && intake->flying.length > left) {
		struct outcome outcome;

		if (!ingest_next(intake->visitor->ingest, wait, &outcome))
			return wait ? -EINTR : 0;
		status =
			take_outcome(intake, GPOINTER_TO_UINT(g_queue_pop_head(&intake->flying)), &outcome, ret_reason);
		outcome_release(&outcome);
		service_duty_keep(intake->visitor->duty);
		if (status == 0 && service_tally_is_stuck(intake->visitor->tally)) {
			*ret_reason = g_strdup_printf("mail cannot be stored: %s", intake->visitor->tally->trouble);
			status = -EAGAIN;
		}
	}
	return status;
}

/* A mail has come whole: the pipeline has it from now on. */
static int submit(struct imap_intake *intake, uint32_t uid, struct spool *spool, char **ret_reason)
{
	struct service_tally *tally = intake->visitor->tally;
	struct ingest *ingest = intake->visitor->ingest;
	int status;

	tally->fetched++;
	service_tally_progress(tally, intake->source.mailbox, intake->next > uid ? intake->next - uid - 1 : 0);
	intake->refused = 0;
	intake->source.uid = uid;
	intake->source.withheld = false;
	ingest_submit(ingest, spool_read, spool, spool_size(spool), &intake->source, 0);
	g_queue_push_tail(&intake->flying, GUINT_TO_POINTER(uid));
	status = take_outcomes(intake, false, 0, ret_reason);
	while (status == 0 && !ingest_has_room(ingest))
		status = take_outcomes(intake, true, intake->flying.length - 1, ret_reason);
	return status;
}

void imap_intake_rescue(struct imap_intake *intake)
{
	g_autofree char *ignored = NULL;

	if (store_is_connected(store_of(intake)) && !service_tally_is_stuck(intake->visitor->tally))
		take_outcomes(intake, true, 0, &ignored);
}

/* What is done with mails after that ------------------------------------------------------------------------------- */

/* 0; -EAGAIN if the connection breaks; any other error is the server's answer. */
static int do_after(const struct imap_intake *intake, struct imap_uids mails, char **ret_reason)
{
	struct imap_session *session = intake->visitor->session;
	const struct imap_account *account = intake->visitor->account;

	switch (account->after) {
	case IMAP_ACCOUNT_SEEN:
		return imap_session_flag(session, mails, "\\Seen", ret_reason);
	case IMAP_ACCOUNT_FLAG:
		return imap_session_flag(session, mails, account->flag, ret_reason);
	case IMAP_ACCOUNT_MOVE:
		return imap_session_move(session, mails, account->folder, ret_reason);
	case IMAP_ACCOUNT_DELETE:
		return imap_session_delete(session, mails, ret_reason);
	default:
		return 0;
	}
}

static void note_undone(struct imap_intake *intake, uint32_t uid, const char *reason)
{
	intake->visitor->tally->pending++;
	if (intake->undone++ == 0)
		log_warning("%s %s UID %" PRIu32 ": %s; it will be tried again", intake->visitor->account->name,
		            intake->source.mailbox, uid, reason);
}

static int note_done(struct imap_intake *intake, struct imap_uids mails, char **ret_reason)
{
	return cursor_settle(store_of(intake), &intake->source, mails.uids, mails.count, deadline_of(intake),
	                     ret_reason);
}

/* Are these there?  *ret_there: those that are in their range, in order. */
static int look_for(const struct imap_intake *intake, struct imap_uids mails, GArray **ret_there, char **ret_reason)
{
	uint32_t first = UINT32_MAX, last = 0;

	for (unsigned i = 0; i < mails.count; i++) {
		first = MIN(first, mails.uids[i]);
		last = MAX(last, mails.uids[i]);
	}
	return imap_session_search(intake->visitor->session, first, last, 0, ret_there, ret_reason);
}

static bool has(const GArray *sorted, uint32_t uid)
{
	return bsearch(&uid, sorted->data, sorted->len, sizeof(uid), imap_session_compare_uids) != NULL;
}

/* The server does not do it: another visit tries again, unless a mail is gone. */
static int leave_undone(struct imap_intake *intake, struct imap_uids mails, const char *reason, char **ret_reason)
{
	g_autoptr(GArray) gone = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	g_autoptr(GArray) there = NULL;
	int status = look_for(intake, mails, &there, ret_reason);

	for (unsigned i = 0; i < mails.count && status == 0; i++) {
		if (has(there, mails.uids[i]))
			note_undone(intake, mails.uids[i], reason);
		else
			g_array_append_val(gone, mails.uids[i]);
	}
	if (status < 0 || gone->len == 0)
		return status;
	return note_done(intake, (struct imap_uids){(const uint32_t *)gone->data, gone->len}, ret_reason);
}

/* Do it, and note that it is done.  0; -EAGAIN; any other error is the server's, whose reason goes into *ret_said. */
static int settle_all(struct imap_intake *intake, struct imap_uids mails, char **ret_said, char **ret_reason)
{
	int status = do_after(intake, mails, ret_said);

	if (status == 0)
		return note_done(intake, mails, ret_reason);
	if (status == -EAGAIN)
		*ret_reason = g_steal_pointer(ret_said);
	return status;
}

static int settle_one(struct imap_intake *intake, uint32_t uid, char **ret_reason)
{
	const struct imap_uids mail = {&uid, 1};
	g_autofree char *said = NULL;
	int status = settle_all(intake, mail, &said, ret_reason);

	return status == 0 || status == -EAGAIN ? status : leave_undone(intake, mail, said, ret_reason);
}

/* What is refused for all together is tried with each. */
static int settle_some(struct imap_intake *intake, struct imap_uids mails, char **ret_reason)
{
	g_autofree char *said = NULL;
	int status = settle_all(intake, mails, &said, ret_reason);

	if (status == 0 || status == -EAGAIN)
		return status;
	if (mails.count == 1 || status == -ENOTSUP)
		return leave_undone(intake, mails, said, ret_reason);
	status = 0;
	for (unsigned i = 0; i < mails.count && status == 0; i++)
		status = settle_one(intake, mails.uids[i], ret_reason);
	return status;
}

int imap_intake_settle(struct imap_intake *intake, struct imap_uids mails, char **ret_reason)
{
	int status = ingest_rest(intake->visitor->ingest) ? 0 : -EINTR;

	while (status == 0 && mails.count > 0) {
		unsigned count = MIN(mails.count, IMAP_INTAKE_MOST);

		status = settle_some(intake, (struct imap_uids){mails.uids, count}, ret_reason);
		mails.uids += count;
		mails.count -= count;
		if (status == 0 && service_duty_calls(intake->visitor->duty))
			status = -EINTR;
	}
	return status;
}

/* With those that are committed by now. */
static int settle_committed(struct imap_intake *intake, char **ret_reason)
{
	g_autoptr(GArray) mails = intake->unsettled;

	intake->unsettled = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	return imap_intake_settle(intake, (struct imap_uids){(const uint32_t *)mails->data, mails->len}, ret_reason);
}

int imap_intake_finish(struct imap_intake *intake, char **ret_reason)
{
	int status = take_outcomes(intake, true, 0, ret_reason);

	if (status == 0)
		status = settle_committed(intake, ret_reason);
	if (intake->undone > 1)
		log_warning("%s %s: the same for %u more", intake->visitor->account->name, intake->source.mailbox,
		            intake->undone - 1);
	intake->undone = 0;
	return status;
}

/* From the server -------------------------------------------------------------------------------------------------- */

/* Mails that have been asked for together. */
struct portion {
	struct imap_intake *intake;
	struct imap_uids mails;
	bool *arrived;       /* a flag for each */
	struct spool *spool; /* of what comes now */
	int status;          /* what went wrong on this side, and why */
	char *reason;
	size_t dropped; /* bytes that came after that */
};

static void portion_init(struct portion *portion, struct imap_intake *intake, struct imap_uids mails)
{
	*portion = (struct portion){intake, mails, g_new0(bool, mails.count), spool_new(), 0, NULL, 0};
}

static void portion_release(struct portion *portion)
{
	g_free(portion->arrived);
	spool_free(portion->spool);
	g_free(portion->reason);
}

/* The first that has not come, or NULL. */
static const uint32_t *first_missing(const struct portion *portion)
{
	for (unsigned i = 0; i < portion->mails.count; i++) {
		if (!portion->arrived[i])
			return &portion->mails.uids[i];
	}
	return NULL;
}

static bool unkept(struct portion *portion)
{
	portion->status = -EIO;
	portion->reason = g_strdup_printf("the mail could not be kept: %s", g_strerror(errno));
	return false;
}

/* Where the database is the trouble, the rest of an answer is read to its end if that is short: then the connection
 * serves again when the database does. */
static bool drop(struct portion *portion, size_t length)
{
	portion->dropped += length;
	return portion->status == -EAGAIN && portion->dropped <= IMAP_INTAKE_DROPPED &&
	       !service_duty_calls(portion->intake->visitor->duty);
}

static bool into_spool(const char *bytes, size_t length, void *context)
{
	struct portion *portion = context;

	if (portion->status != 0)
		return drop(portion, length);
	service_duty_keep(portion->intake->visitor->duty);
	return spool_write(portion->spool, bytes, length) || unkept(portion);
}

/* A whole mail is in the spool.  One that was not asked for, or has come already, is nothing to us. */
static bool take_whole(uint32_t uid, void *context)
{
	struct portion *portion = context;
	const struct imap_uids mails = portion->mails;
	const uint32_t *found = bsearch(&uid, mails.uids, mails.count, sizeof(uid), imap_session_compare_uids);

	if (portion->status != 0)
		return drop(portion, 0);
	if (found && !portion->arrived[found - mails.uids]) {
		if (!spool_finish(portion->spool))
			return unkept(portion);
		portion->arrived[found - mails.uids] = true;
		portion->status = submit(portion->intake, uid, portion->spool, &portion->reason);
	}
	spool_free(portion->spool);
	portion->spool = spool_new();
	if (portion->status == 0 && service_duty_calls(portion->intake->visitor->duty))
		portion->status = -EINTR;
	return portion->status == 0 || drop(portion, 0);
}

/* The connection has failed, over what may be this mail: let the next visit begin with others. */
static int blame(struct imap_intake *intake, uint32_t uid, const char *reason)
{
	g_autofree char *ignored = NULL;
	int status;

	if (service_duty_calls(intake->visitor->duty))
		return -EINTR; /* it was we who did not wait */
	imap_session_give_up(intake->visitor->session);
	status = withhold(intake, uid, true, reason, &ignored);
	return status == -EINTR ? status : -EAGAIN;
}

/* A search may name what is not there, at UIDs that the server says are still to come.  That is not noted: if such a
 * mail comes it is found again. */
static bool is_doubtful(const struct imap_intake *intake, uint32_t uid)
{
	return intake->next > 0 && uid >= intake->next;
}

/* Asked for alone, the server has refused a mail, gives nothing of it, or has it no more. */
static int take_refusal(struct imap_intake *intake, uint32_t uid, int refusal, char **ret_reason)
{
	const bool own = intake->visitor->session->answer.advice != IMAP_ADVICE_NONE;
	g_autofree char *why = g_steal_pointer(ret_reason);
	int status;

	if (is_doubtful(intake, uid))
		return 0;
	if (refusal == -ENOENT)
		return forget(intake, uid, ret_reason);
	status = withhold(intake, uid, false, why, ret_reason);
	if (status < 0 || ++intake->refused < (own ? IMAP_INTAKE_TROUBLE : IMAP_INTAKE_REFUSED))
		return status;
	*ret_reason = g_strdup_printf("%s; that is so for one mail after the other", why);
	return -EBUSY;
}

/* Ask for one mail alone.  As imap_intake_take(), and -EBUSY for what is not that mail's. */
static int take_one(struct imap_intake *intake, uint32_t uid, char **ret_reason)
{
	struct portion portion;
	int status;

	portion_init(&portion, intake, (struct imap_uids){&uid, 1});
	status = imap_fetch(intake->visitor->session, uid, into_spool, &portion, ret_reason);
	if (status == 0 && !spool_finish(portion.spool)) {
		unkept(&portion);
		status = -EIO;
	}
	if (status == -EIO && portion.reason) {
		g_free(*ret_reason);
		*ret_reason = g_steal_pointer(&portion.reason);
	}
	if (status == 0)
		status = submit(intake, uid, portion.spool, ret_reason);
	else if (status == -EPERM || status == -ENOENT)
		status = take_refusal(intake, uid, status, ret_reason);
	else if (status == -EIO || status == -EAGAIN)
		status = blame(intake, uid, *ret_reason);
	portion_release(&portion);
	return status;
}

/* Those that were asked for together and did not come: which are there?  Each of these is asked for alone. */
static int take_missing(const struct portion *portion, char **ret_reason)
{
	struct imap_intake *intake = portion->intake;
	const struct imap_uids mails = portion->mails;
	g_autoptr(GArray) there = NULL;
	int status = look_for(intake, mails, &there, ret_reason);

	for (unsigned i = 0; i < mails.count && status == 0; i++) {
		if (!portion->arrived[i])
			status = has(there, mails.uids[i]) ? take_one(intake, mails.uids[i], ret_reason)
			                                   : forget(intake, mails.uids[i], ret_reason);
	}
	return status;
}

static int take_together(struct imap_intake *intake, struct imap_uids mails, char **ret_reason)
{
	struct portion portion;
	const struct imap_receiver receiver = {into_spool, take_whole, &portion};
	const uint32_t *missing;
	int status;

	portion_init(&portion, intake, mails);
	status = imap_fetch_many(intake->visitor->session, mails, &receiver, ret_reason);
	missing = first_missing(&portion);
	if (portion.status != 0) {
		g_free(*ret_reason);
		*ret_reason = g_steal_pointer(&portion.reason);
		status = portion.status;
	}
	if (status == -EPERM)
		g_clear_pointer(ret_reason, g_free);
	if ((status == 0 || status == -EPERM) && missing) {
		intake->portion = 1;
		intake->uneven++;
		status = take_missing(&portion, ret_reason);
	} else if (portion.status == -EIO || (portion.status == 0 && status == -EAGAIN)) {
		status = missing ? blame(intake, *missing, *ret_reason) : -EAGAIN;
	}
	portion_release(&portion);
	return status == -EPERM ? 0 : status;
}

/* Note these, ask for them, and do meanwhile what is to be done with others. */
static int take_portion(struct imap_intake *intake, struct imap_uids mails, char **ret_reason)
{
	int status = settle_committed(intake, ret_reason);

	if (status == 0 && !is_doubtful(intake, mails.uids[0]))
		status = cursor_expect(store_of(intake), &intake->source, mails.uids, mails.count, deadline_of(intake),
		                       ret_reason);
	if (status == 0)
		status = mails.count == 1 ? take_one(intake, mails.uids[0], ret_reason)
		                          : take_together(intake, mails, ret_reason);
	if (status == 0 && service_duty_calls(intake->visitor->duty))
		status = -EINTR;
	return status;
}

/* How many of these are asked for together. */
static unsigned portion_of(const struct imap_intake *intake, struct imap_uids mails)
{
	unsigned count = 1;

	while (count < mails.count && count < intake->portion && !is_doubtful(intake, mails.uids[count]))
		count++;
	return count;
}

/* If all goes well the next portion is larger.  A server that leaves mails out again and again is asked for single
 * ones. */
static void grow(struct imap_intake *intake)
{
	if (intake->uneven < IMAP_INTAKE_REFUSED)
		intake->portion = MIN(intake->portion * 2, IMAP_INTAKE_MOST);
}

int imap_intake_take(struct imap_intake *intake, struct imap_uids mails, char **ret_reason)
{
	int status = 0;

	while (status == 0 && mails.count > 0) {
		unsigned count = portion_of(intake, mails);

		grow(intake);
		status = take_portion(intake, (struct imap_uids){mails.uids, count}, ret_reason);
		mails.uids += count;
		mails.count -= count;
	}
	if (status != -EBUSY)
		return status;
	imap_session_give_up(intake->visitor->session);
	return -EAGAIN;
}

int imap_intake_take_withheld(struct imap_intake *intake, uint32_t uid, char **ret_reason)
{
	int status;

	intake->next = 0; /* it is known to be there */
	status = take_portion(intake, (struct imap_uids){&uid, 1}, ret_reason);
	/* That is how it goes on with it. */
	if (status == -EAGAIN)
		intake->visitor->tally->taken++;
	if (status != -EBUSY)
		return status;
	if (imap_fetch_is_unwanted(intake->visitor->session)) {
		imap_session_give_up(intake->visitor->session);
		return -EAGAIN;
	}
	g_clear_pointer(ret_reason, g_free);
	return 1;
}
