/* service.c - follows an IMAP account.
 *
 * Called by the command `imap`.  Takes every mail of the account's mailboxes exactly once, waits for more, and begins
 * anew when anything goes wrong, after a while that grows.  The process may end at any moment: what visit.c promises
 * holds.
 */
#include "imap/service.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>

#include <glib.h>

#include "base/deadline.h"
#include "base/log.h"
#include "base/notify.h"
#include "imap/duty.h"
#include "imap/mailboxes.h"
#include "imap/session.h"
#include "imap/tally.h"
#include "imap/visit.h"

#define BACK_OFF 1         /* seconds before a second try, doubled each time ... */
#define BACK_OFF_MOST 300  /* ... to this, give or take a half */
#define BACK_OFF_ENOUGH 60 /* seconds of a connection after which the next failure is the first one again */
#define BACK_OFF_LOGIN 60  /* if the server did not let us in */
#define BACK_OFF_LOGIN_MOST 3600
#define BACK_OFF_BUSY 15 /* the most where another process follows the account: its lease is twice as long */

struct imap_service {
	const char *name; /* of the account */
	bool once;
	struct imap_duty duty;
	struct ingest *ingest;
	const struct imap_account *account;
	struct imap_session *session; /* NULL: not connected */
	int64_t connected;            /* since when */
	unsigned failures, refusals;  /* in a row: of the connection, of the login */
	struct imap_mailboxes *mailboxes;
	int64_t looked; /* when all of them were last looked at; 0: not since something went wrong */
	bool told;      /* by IDLE, that something has happened in the mailbox that is open */
	struct imap_tally tally;
};

/* Connected ---------------------------------------------------------------------------------------------------- */

static void disconnect(struct imap_service *service)
{
	g_clear_pointer(&service->session, imap_session_free);
	service->looked = 0;
	service->told = false;
}

static int log_in(struct imap_service *service, char **ret_reason)
{
	const struct imap_account *account = service->account;
	char *secret = imap_account_secret(account, ret_reason);
	int status;

	if (!secret)
		return -EACCES;
	status = imap_session_login(service->session, account->auth, account->user, secret, ret_reason);
	explicit_bzero(secret, strlen(secret));
	g_free(secret);
	return status;
}

/* To the database, where the account has to be ours alone, and to the server.  0, -EAGAIN, -EACCES, -EBUSY. */
static int connect_all(struct imap_service *service, char **ret_reason)
{
	const struct imap_account *account = service->account;
	const struct imap_endpoint endpoint = {
		.host = account->host,
		.port = account->port,
		.tls = account->tls,
		.ca_file = account->ca_file,
		.silence = account->command_timeout,
		.call = service->duty.signals,
	};
	int status = lease_take(&service->duty.lease, service->ingest->store, imap_duty_deadline(&service->duty),
	                        ret_reason);

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

/* When all mailboxes are to be looked at again. */
static int64_t next_round(const struct imap_service *service)
{
	return service->looked + (int64_t)service->account->poll_interval * G_USEC_PER_SEC;
}

/* Wait for mail.  0, or -EAGAIN. */
static int wait_for_mail(struct imap_service *service, char **ret_reason)
{
	const struct imap_account *account = service->account;
	bool idle = account->idle && imap_session_can_idle(service->session);
	/* IDLE tells of one mailbox, of nothing that is pending, and some servers forget to
	 * (contrib/dovecot/dovecot.conf). */
	int64_t end = deadline_earlier(deadline_after(account->idle_renew), next_round(service));
	int status;

	imap_tally_show(&service->tally,
	                idle ? "waiting for mail, 0 behind" : "waiting until it is time to look, 0 behind");
	if (!idle) {
		imap_duty_pause(&service->duty, account->poll_interval);
		return 0;
	}
	service->told = imap_session_has_news(service->session);
	if (service->told)
		return 0;
	status = imap_session_idle(service->session, ret_reason);
	if (status < 0)
		return status;
	while (!service->told && !imap_duty_calls(&service->duty) && deadline_left(end) > 0)
		service->told =
			imap_session_wait(service->session, service->duty.signals, imap_duty_next(&service->duty, end));
	return imap_session_idle_done(service->session, ret_reason);
}

/* A connection that lasts, or that brought mail, is no failure, however it ends. */
static void forgive(struct imap_service *service)
{
	int64_t lasted = service->session ? g_get_monotonic_time() - service->connected : 0;

	if (service->tally.taken > 0 || lasted > (int64_t)BACK_OFF_ENOUGH * G_USEC_PER_SEC)
		service->failures = 0;
}

/* Visit so many mailboxes.  0, -EAGAIN, -EINTR. */
static int visit(struct imap_service *service, unsigned count, char **ret_reason)
{
	const struct imap_visitor visitor = {
		.account = service->account,
		.session = service->session,
		.ingest = service->ingest,
		.duty = &service->duty,
		.tally = &service->tally,
		.report_unopened = service->tally.unopened == 0, /* not in every round */
		.report_deferred = service->once,
	};
	const GPtrArray *mailboxes = imap_mailboxes_all(service->mailboxes);
	int status = 0;

	service->tally.pending = service->tally.unopened = 0;
	/* The first one comes last, and stays open for IDLE. */
	for (unsigned i = MIN(count, mailboxes->len); i > 0 && status == 0; i--)
		status = imap_visit(&visitor, g_ptr_array_index(mailboxes, i - 1), ret_reason);
	return status;
}

/* See which mailboxes there are, and visit them.  If new ones have come after that, visit all once more: only when it
 * has opened a full mailbox public-inbox-imapd lists the next one. */
static int visit_all(struct imap_service *service, char **ret_reason)
{
	unsigned missing = 0;
	int status = imap_mailboxes_look(service->mailboxes, service->account, service->session, &missing, ret_reason);

	if (status == 0)
		status = visit(service, UINT_MAX, ret_reason);
	if (status == 0)
		status = imap_mailboxes_look(service->mailboxes, service->account, service->session, &missing,
		                             ret_reason);
	if (status == 0 && imap_mailboxes_grew(service->mailboxes))
		status = visit(service, UINT_MAX, ret_reason);
	service->tally.pending += missing;
	return status;
}

/* What IDLE told of is in the mailbox that is open; the others, which may be hundreds, wait until they are due.  0,
 * -EAGAIN, -EINTR. */
static int visit_some(struct imap_service *service, char **ret_reason)
{
	struct imap_tally *tally = &service->tally;
	int status;

	if (service->told && deadline_left(next_round(service)) > 0) {
		unsigned pending = tally->pending, unopened = tally->unopened;

		status = visit(service, 1, ret_reason);
		tally->pending = pending;
		tally->unopened = unopened;
		service->told = tally->taken > 0;
		return status;
	}
	service->told = false;
	status = visit_all(service, ret_reason);
	if (status == 0)
		service->looked = g_get_monotonic_time();
	return status;
}

/* Take what is there, and wait for more, until something goes wrong.  0, -EAGAIN, -EACCES, -EBUSY, -EINTR. */
static int follow(struct imap_service *service, char **ret_reason)
{
	int status;

	forgive(service);
	service->tally.taken = 0;
	status = connect_all(service, ret_reason);
	if (status == 0) {
		service->refusals = 0;
		imap_tally_show(&service->tally, "taking mail");
		status = visit_some(service, ret_reason);
	}
	/* Where mail was taken, more may have come meanwhile: look again first. */
	if (status == 0 && !service->once && service->tally.taken == 0)
		status = wait_for_mail(service, ret_reason);
	return status;
}

static void fall_back(struct imap_service *service, int status, const char *reason)
{
	double seconds;

	forgive(service);
	disconnect(service);
	log_warning("%s: %s", service->name, reason);
	notify_status("%s", reason);
	/* A database that does not answer is not asked more often for that. */
	if (!store_is_connected(service->ingest->store))
		lease_lapse(&service->duty.lease);
	if (status == -EACCES)
		seconds = deadline_back_off(++service->refusals, BACK_OFF_LOGIN, BACK_OFF_LOGIN_MOST);
	else if (status == -EBUSY)
		seconds = deadline_back_off(++service->failures, BACK_OFF, BACK_OFF_BUSY);
	else
		seconds = deadline_back_off(++service->failures, BACK_OFF, BACK_OFF_MOST);
	imap_duty_pause(&service->duty, seconds);
}

/* From the start to the end -------------------------------------------------------------------------------------- */

struct imap_service *imap_service_new(const char *account, bool once)
{
	struct imap_service *service = g_new0(struct imap_service, 1);

	service->name = account;
	service->once = once;
	service->mailboxes = imap_mailboxes_new();
	imap_duty_init(&service->duty, account);
	return service;
}

void imap_service_free(struct imap_service *service)
{
	if (!service)
		return;
	lease_give_back(&service->duty.lease, service->duty.store);
	disconnect(service);
	imap_duty_release(&service->duty);
	imap_mailboxes_free(service->mailboxes);
	g_free(service);
}

int imap_service_call(const struct imap_service *service)
{
	return service->duty.signals;
}

void imap_service_use(struct imap_service *service, struct ingest *ingest, const struct imap_account *account)
{
	disconnect(service);
	service->ingest = ingest;
	service->account = account;
	imap_mailboxes_reset(service->mailboxes);
	imap_duty_use(&service->duty, ingest->store, ingest->config.timeout);
}

static enum imap_service_end follow_once(struct imap_service *service)
{
	g_autofree char *reason = NULL;
	int status = follow(service, &reason);

	if (status < 0)
		log_warning("%s: %s", service->name, reason ? reason : "interrupted");
	return status < 0 || service->tally.pending > 0 ? IMAP_SERVICE_LEFT_SOME : IMAP_SERVICE_DONE;
}

enum imap_service_end imap_service_follow(struct imap_service *service)
{
	struct imap_duty *duty = &service->duty;

	if (service->once)
		return follow_once(service);
	while (!duty->stopping && !duty->reloading) {
		g_autofree char *reason = NULL;
		int status = follow(service, &reason);

		if (status < 0 && status != -EINTR)
			fall_back(service, status, reason);
		imap_duty_take_signals(duty);
	}
	if (duty->stopping)
		return IMAP_SERVICE_STOPPED;
	duty->reloading = false;
	return IMAP_SERVICE_RELOAD;
}
