/* service.c - follows an IMAP account.
 *
 * Called by the command `imap`.  One process follows one account: it takes every mail of its mailboxes exactly once,
 * waits for more, and begins anew wherever anything goes wrong.  The cursor in the database moves with the mail, so the
 * process may end at any moment; what is done with a mail in its mailbox is done after the commit, and again if it may not
 * have been.
 */
#include "imap/service.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sysexits.h>
#include <unistd.h>

#include <glib.h>

#include "base/deadline.h"
#include "base/log.h"
#include "base/notify.h"
#include "base/spool.h"
#include "database/cursor.h"
#include "database/lease.h"
#include "imap/session.h"
#include "ingest/ingest.h"
#include "settings/imap_account.h"

#define BACK_OFF 1         /* seconds before a second try, doubled each time ... */
#define BACK_OFF_MOST 300  /* ... to this, give or take a half */
#define BACK_OFF_ENOUGH 60 /* seconds of a connection after which the next failure is the first one again */
#define BACK_OFF_LOGIN 60  /* where the server did not let us in */
#define BACK_OFF_LOGIN_MOST 3600
#define BACK_OFF_BUSY 15    /* the most where another process follows the account: its lease is twice as long */
#define ONE_MAIL_SECONDS 60 /* for the statements that are not the storing of a mail, or its timeout if that is less */

struct service {
	const char *config_path, *name;
	struct lease lease; /* of the account */
	bool once;
	int signals; /* a descriptor */
	bool stopping, reloading;
	struct ingest ingest;
	struct imap_account *account;
	struct imap_session *session; /* NULL: not connected */
	int64_t connected;            /* since when */
	unsigned failures, refusals;  /* in a row: of the connection, of the login */
	uint64_t counts[OUTCOME_KINDS], fetched;
	int64_t told; /* when the state was last told */
	/* Of the last round over all mailboxes: */
	unsigned taken;    /* mails that have an outcome, and had none before */
	unsigned pending;  /* mails and actions that are to be tried again, and mailboxes that did not open */
	unsigned unopened; /* of these, the mailboxes */
};

/* Signals ------------------------------------------------------------------------------------------------------ */

static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void take_signals(struct service *service)
{
	struct signalfd_siginfo info;

	while (read(service->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGHUP)
			service->reloading = true;
		else
			service->stopping = true;
	}
}

static bool interrupted(struct service *service)
{
	notify_alive();
	take_signals(service);
	if (!service->stopping)
		lease_keep(&service->lease, service->ingest.store);
	return service->stopping || service->reloading || service->lease.lost;
}

/* When a statement that is not the storing of a mail has to be answered. */
static int64_t statement_deadline(const struct service *service)
{
	return deadline_after(MIN(ONE_MAIL_SECONDS, service->ingest.config.timeout));
}

/* When to tell systemd again that we are alive, or to ask for the account, or `end` if that is earlier. */
static int64_t next_duty(const struct service *service, int64_t end)
{
	int64_t sign_of_life = g_get_monotonic_time() + notify_interval();

	return deadline_earlier(end, deadline_earlier(sign_of_life, service->lease.renewal));
}

/* Wait so many seconds, or for a signal. */
static void pause_for(struct service *service, double seconds)
{
	int64_t end = g_get_monotonic_time() + (int64_t)(seconds * G_USEC_PER_SEC);

	while (!interrupted(service) && deadline_left(end) > 0)
		deadline_wait(service->signals, POLLIN, next_duty(service, end));
}

/* Telling ------------------------------------------------------------------------------------------------------ */

static void say_state(const struct service *service, const char *what)
{
	notify_status("%s; %" PRIu64 " fetched, %" PRIu64 " stored, %" PRIu64 " waiting, %" PRIu64 " quarantined", what,
	              service->fetched, service->counts[OUTCOME_STORED], service->counts[OUTCOME_WAITING],
	              service->counts[OUTCOME_QUARANTINED]);
}

/* While there is much to take: once a second, with the UIDs that are left. */
static void say_progress(struct service *service, const char *mailbox, uint32_t uid, uint32_t next)
{
	g_autofree char *what = NULL;

	if (g_get_monotonic_time() - service->told < G_USEC_PER_SEC)
		return;
	service->told = g_get_monotonic_time();
	what = g_strdup_printf("taking mail of %s, %" PRIu32 " behind", mailbox, next > uid ? next - uid - 1 : 0);
	say_state(service, what);
}

/* Something did not work; it will be tried again. */
static void complain(const struct service *service, const char *reason)
{
	log_warning("%s: %s", service->name, reason);
	notify_status("%s", reason);
}

/* One mail ----------------------------------------------------------------------------------------------------- */

/* A mailbox that is open, and how far it has been taken. */
struct visit {
	struct service *service;
	const struct imap_account_mailbox *mailbox;
	struct store_source source; /* of the mail at work */
	uint32_t next;              /* the UID behind the last mail, 0 if the server does not say */
	unsigned refused;           /* mails with which the server did not do what the account wants */
};

/* A mail that is being fetched. */
struct intake {
	struct service *service;
	struct spool *spool;
};

static bool into_spool(const char *bytes, size_t length, void *context)
{
	struct intake *intake = context;

	notify_alive();
	lease_keep(&intake->service->lease, intake->service->ingest.store);
	return spool_write(intake->spool, bytes, length);
}

/* Do with a mail that has been taken what the account says.  0; -EAGAIN where the connection broke; others are told, and
 * tried again another time. */
static int do_after(struct visit *visit, uint32_t uid, char **ret_reason)
{
	struct imap_session *session = visit->service->session;
	const struct imap_account *account = visit->service->account;

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
	struct store *store = visit->service->ingest.store;
	g_autofree char *reason = NULL;
	int status = do_after(visit, uid, &reason);

	if (status == -EAGAIN) {
		*ret_reason = g_steal_pointer(&reason);
		return status;
	}
	if (status < 0) {
		visit->service->pending++;
		if (visit->refused++ == 0)
			log_warning("%s %s UID %" PRIu32 ": %s; it will be tried again", visit->service->name,
			            visit->mailbox->name, uid, reason);
		return 0;
	}
	visit->source.uid = uid;
	return cursor_settle(store, &visit->source, statement_deadline(visit->service), ret_reason);
}

/* A mail cannot be stored now.  If nothing can, the round is over; else that is noted, and the others go on. */
static int defer(struct visit *visit, bool withheld, const char *why, char **ret_reason)
{
	g_autofree char *line = log_first_line(why);

	visit->service->pending++;
	visit->source.withheld = withheld;
	return cursor_defer(visit->service->ingest.store, &visit->source, line, statement_deadline(visit->service),
	                    ret_reason);
}

/* What became of the mail at work. */
static void tell(struct visit *visit, const struct outcome *outcome)
{
	struct notify_mail mail = {visit->service->name, visit->mailbox->name, visit->source.uid};

	visit->service->counts[outcome->kind]++;
	if (outcome->kind != OUTCOME_DEFERRED && outcome->kind != OUTCOME_DUPLICATE)
		visit->service->taken++;
	notify_outcome(&mail, outcome);
}

/* Take the mail in a spool.  0 or -EAGAIN. */
static int take(struct visit *visit, struct spool *spool, char **ret_reason)
{
	struct ingest *ingest = &visit->service->ingest;
	struct outcome outcome;
	int status = 0;

	ingest_message(ingest, spool_read, spool, spool_size(spool), &visit->source,
	               deadline_after(ingest->config.timeout), &outcome);
	tell(visit, &outcome);
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

	if (tried_before + 1 == visit->service->account->attempts)
		outcome.reason = g_strdup_printf("%s; from now on it is tried once an hour", reason);
	else
		outcome.reason = g_steal_pointer(&reason);
	tell(visit, &outcome);
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
	return cursor_forget(visit->service->ingest.store, &visit->source, statement_deadline(visit->service),
	                     ret_reason);
}

/* Fetch a mail and take it.  0, also where it is gone or deferred; -EAGAIN; -EINTR. */
static int fetch(struct visit *visit, uint32_t uid, unsigned tried_before, char **ret_reason)
{
	struct service *service = visit->service;
	struct spool *spool = spool_new();
	struct intake intake = {service, spool};
	int status;

	visit->source.uid = uid;
	status = imap_session_fetch(service->session, uid, into_spool, &intake, ret_reason);
	if (status == 0 && !spool_finish(spool)) {
		*ret_reason = g_strdup_printf("the mail could not be kept: %s", g_strerror(errno));
		status = -EIO;
	}
	if (status == 0) {
		service->fetched++;
		say_progress(service, visit->mailbox->name, uid, visit->next);
		status = take(visit, spool, ret_reason);
	} else if (status == -EPERM) {
		status = defer_withheld(visit, tried_before, ret_reason);
	} else if (status == -ENOENT) {
		status = forget(visit, tried_before, ret_reason);
	}
	spool_free(spool);
	if (status == 0 && interrupted(service))
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
	struct service *service = visit->service;
	g_autoptr(GArray) uids = NULL;
	int status = imap_session_search(service->session, first, last, service->account->since, &uids, ret_reason);

	for (unsigned i = 0; status == 0 && i < uids->len; i++)
		status = fetch(visit, g_array_index(uids, uint32_t, i), 0, ret_reason);
	return status;
}

/* The mails behind the cursor.  Of a large mailbox a number of UIDs at a time; of one whose UIDs only are large all at once. */
static int take_new(struct visit *visit, uint64_t first, const struct imap_mailbox *state, char **ret_reason)
{
	uint64_t end = state->uidnext > 0 ? state->uidnext : (uint64_t)UINT32_MAX + 1; /* the server need not say */
	uint64_t window = state->exists > IMAP_SESSION_WINDOW ? IMAP_SESSION_WINDOW : end;
	int status = 0;

	for (; first < end && status == 0; first += window) {
		status = take_window(visit, (uint32_t)first, (uint32_t)MIN(end - 1, first + window - 1), ret_reason);
		if (status == 0 && interrupted(visit->service))
			status = -EINTR;
	}
	return status;
}

/* Take everything of the mailbox that is open.  0, -EAGAIN, -EINTR. */
static int visit_open(struct visit *visit, const struct imap_mailbox *state, char **ret_reason)
{
	struct service *service = visit->service;
	const char *name = visit->mailbox->name;
	struct cursor cursor;
	int status =
		cursor_open(service->ingest.store, &visit->source, statement_deadline(service), &cursor, ret_reason);

	if (status < 0)
		return status;
	if (cursor.renewed)
		log_warning("%s %s: its UIDVALIDITY has changed to %" PRIu32
		            "; it is read anew, known mails are left alone",
		            service->name, name, state->uidvalidity);
	service->pending += cursor.later;
	if (service->once && cursor.later > 0)
		log_warning("%s %s: %u deferred, to be tried again later", service->name, name, cursor.later);
	status = take_leftovers(visit, &cursor, ret_reason);
	if (status == 0)
		status = take_new(visit, (uint64_t)cursor.last_uid + 1, state, ret_reason);
	cursor_release(&cursor);
	if (visit->refused > 1)
		log_warning("%s %s: the same for %u more", service->name, name, visit->refused - 1);
	return status;
}

/* Take everything of a mailbox that has not been taken.  0, also where the server does not open it; -EAGAIN, -EINTR. */
static int visit_mailbox(struct service *service, const struct imap_account_mailbox *mailbox, bool tell_unopened,
                         char **ret_reason)
{
	bool after = service->account->after != IMAP_ACCOUNT_NOTHING;
	struct visit visit = {service, mailbox, {0}, 0, 0};
	g_autofree char *reason = NULL;
	struct imap_mailbox state;
	int status;

	notify_alive();
	status = imap_session_select(service->session, mailbox->name, !after, &state, &reason);
	if (status == -ENOENT) {
		service->pending++;
		service->unopened++;
		if (tell_unopened)
			log_warning("%s %s: %s", service->name, mailbox->name, reason);
		return 0;
	}
	if (status < 0) {
		*ret_reason = g_steal_pointer(&reason);
		return status;
	}
	visit.source = (struct store_source){
		.transport = "imap",
		.list_id = mailbox->list_id,
		.account = service->name,
		.holder = service->lease.holder,
		.mailbox = mailbox->name,
		.uidvalidity = state.uidvalidity,
		.retry = service->account->poll_interval,
		.attempts = service->account->attempts,
		.after = after,
		.removes = service->account->after == IMAP_ACCOUNT_DELETE,
	};
	visit.next = state.uidnext;
	return visit_open(&visit, &state, ret_reason);
}

static int visit_all(struct service *service, char **ret_reason)
{
	bool tell_unopened = service->unopened == 0; /* not in every round */
	int status = 0;

	service->pending = service->unopened = 0;
	/* The first one comes last, and stays open for IDLE. */
	for (unsigned i = service->account->mailboxes->len; i > 0 && status == 0; i--)
		status = visit_mailbox(service, g_ptr_array_index(service->account->mailboxes, i - 1), tell_unopened,
		                       ret_reason);
	return status;
}

/* Connected ---------------------------------------------------------------------------------------------------- */

static void disconnect(struct service *service)
{
	g_clear_pointer(&service->session, imap_session_free);
}

static int log_in(struct service *service, char **ret_reason)
{
	static const enum imap_auth methods[] = {
		[IMAP_ACCOUNT_PLAIN] = IMAP_AUTH_PLAIN,
		[IMAP_ACCOUNT_SCRAM] = IMAP_AUTH_SCRAM,
		[IMAP_ACCOUNT_XOAUTH2] = IMAP_AUTH_XOAUTH2,
	};
	const struct imap_account *account = service->account;
	char *secret = imap_account_secret(account, ret_reason);
	int status;

	if (!secret)
		return -EACCES;
	status = imap_session_login(service->session, methods[account->auth], account->user, secret, ret_reason);
	explicit_bzero(secret, strlen(secret));
	g_free(secret);
	return status;
}

/* To the database, where the account has to be ours alone, and to the server.  0, -EAGAIN, -EACCES, -EBUSY. */
static int connect_all(struct service *service, char **ret_reason)
{
	static const enum imap_tls modes[] = {
		[IMAP_ACCOUNT_IMPLICIT] = IMAP_TLS_IMPLICIT,
		[IMAP_ACCOUNT_STARTTLS] = IMAP_TLS_STARTTLS,
		[IMAP_ACCOUNT_CLEAR] = IMAP_TLS_NONE,
	};
	const struct imap_account *account = service->account;
	const struct imap_endpoint endpoint = {
		.host = account->host,
		.port = account->port,
		.tls = modes[account->tls],
		.ca_file = account->ca_file,
		.silence = account->command_timeout,
		.call = service->signals,
	};
	int status = lease_take(&service->lease, service->ingest.store, statement_deadline(service), ret_reason);

	if (status == 0 && !service->session) {
		status = imap_session_open(&endpoint, &service->session, ret_reason);
		notify_alive();
		if (status == 0)
			status = log_in(service, ret_reason);
		service->connected = g_get_monotonic_time();
	}
	if (status < 0)
		disconnect(service);
	return status;
}

/* Wait for mail.  0, or -EAGAIN. */
static int wait_for_mail(struct service *service, char **ret_reason)
{
	const struct imap_account *account = service->account;
	bool idle = account->idle && imap_session_can_idle(service->session);
	/* IDLE tells of one mailbox, of nothing that is pending, and some servers forget to (contrib/dovecot/dovecot.conf). */
	int64_t end = deadline_after(MIN(account->poll_interval, account->idle_renew));
	bool told = false;
	int status;

	say_state(service, idle ? "waiting for mail, 0 behind" : "waiting until it is time to look, 0 behind");
	if (!idle) {
		pause_for(service, account->poll_interval);
		return 0;
	}
	if (imap_session_has_news(service->session))
		return 0;
	status = imap_session_idle(service->session, ret_reason);
	if (status < 0)
		return status;
	while (!told && !interrupted(service) && deadline_left(end) > 0)
		told = imap_session_wait(service->session, service->signals, next_duty(service, end));
	return imap_session_idle_done(service->session, ret_reason);
}

/* A connection that lasts, or that brought mail, is no failure, however it ends. */
static void forgive(struct service *service)
{
	int64_t lasted = service->session ? g_get_monotonic_time() - service->connected : 0;

	if (service->taken > 0 || lasted > (int64_t)BACK_OFF_ENOUGH * G_USEC_PER_SEC)
		service->failures = 0;
}

/* Take what is there, and wait for more, until something goes wrong.  0, -EAGAIN, -EACCES, -EBUSY, -EINTR. */
static int follow(struct service *service, char **ret_reason)
{
	int status;

	forgive(service);
	service->taken = 0;
	status = connect_all(service, ret_reason);
	if (status == 0) {
		service->refusals = 0;
		say_state(service, "taking mail");
		status = visit_all(service, ret_reason);
	}
	/* Where mail was taken, more may have come meanwhile: look again first. */
	if (status == 0 && !service->once && service->taken == 0)
		status = wait_for_mail(service, ret_reason);
	return status;
}

/* Seconds before the next try: doubled with each failure in a row, and so that many processes do not come at once. */
static double back_off(unsigned failures, double first, double most)
{
	double seconds = first;

	for (unsigned i = 1; i < failures && seconds < most; i++)
		seconds *= 2;
	return MIN(seconds, most) * g_random_double_range(0.5, 1.5);
}

static void fall_back(struct service *service, int status, const char *reason)
{
	double seconds;

	forgive(service);
	disconnect(service);
	complain(service, reason);
	/* A database that does not answer is not asked more often for that. */
	if (!store_is_connected(service->ingest.store))
		lease_lapse(&service->lease);
	if (status == -EACCES)
		seconds = back_off(++service->refusals, BACK_OFF_LOGIN, BACK_OFF_LOGIN_MOST);
	else if (status == -EBUSY)
		seconds = back_off(++service->failures, BACK_OFF, BACK_OFF_BUSY);
	else
		seconds = back_off(++service->failures, BACK_OFF, BACK_OFF_MOST);
	pause_for(service, seconds);
}

/* Starting and ending ------------------------------------------------------------------------------------------- */

static void unload(struct service *service)
{
	disconnect(service);
	ingest_release(&service->ingest);
	g_clear_pointer(&service->account, imap_account_free);
}

/* Read the configuration and get ready.  0, or a negative errno and a reason. */
static int load(struct service *service, char **ret_reason)
{
	int status = ingest_init(&service->ingest, service->config_path, ret_reason);

	if (status == 0) {
		store_set_call(service->ingest.store, service->signals);
		*ret_reason = config_imap_account(&service->ingest.config, service->name, &service->account);
		status = *ret_reason ? -EINVAL : 0;
	}
	return status;
}

/* A configuration that is bad now leaves the one that we have. */
static void reload(struct service *service)
{
	struct service fresh = *service;
	g_autofree char *reason = NULL;

	notify_reloading();
	service->reloading = false;
	fresh.session = NULL;
	fresh.account = NULL;
	if (load(&fresh, &reason) < 0) {
		log_warning("%s: not reloaded: %s", service->name, reason);
		unload(&fresh);
	} else {
		unload(service);
		fresh.reloading = false;
		*service = fresh;
	}
	notify_ready();
}

/* Follow the account to the end; the exit code. */
static int serve(struct service *service)
{
	notify_ready();
	for (;;) {
		g_autofree char *reason = NULL;
		int status = follow(service, &reason);

		if (service->once) {
			if (status < 0)
				log_warning("%s: %s", service->name, reason ? reason : "interrupted");
			return status < 0 || service->pending > 0 ? EX_TEMPFAIL : EX_OK;
		}
		if (status < 0 && status != -EINTR)
			fall_back(service, status, reason);
		take_signals(service);
		if (service->stopping)
			return EX_OK;
		if (service->reloading)
			reload(service);
	}
}

int imap_service_run(const char *config_path, const char *name, bool once)
{
	struct service service = {.config_path = config_path, .name = name, .once = once};
	g_autofree char *reason = NULL;
	int exit_code;

	service.signals = open_signals();
	lease_init(&service.lease, service.name);
	if (load(&service, &reason) < 0) {
		log_error("%s", reason);
		exit_code = EX_CONFIG;
	} else {
		exit_code = serve(&service);
		notify_stopping();
		lease_give_back(&service.lease, service.ingest.store);
	}
	unload(&service);
	lease_release(&service.lease);
	close(service.signals);
	return exit_code;
}
