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
#include "imap/mailboxes.h"
#include "imap/session.h"
#include "imap/visit.h"
#include "service/complaint.h"
#include "service/duty.h"
#include "service/tally.h"

#define BACK_OFF 1         /* seconds before a second try, doubled each time ... */
#define BACK_OFF_MOST 300  /* ... to this, give or take a half */
#define BACK_OFF_ENOUGH 60 /* seconds of a connection after which the next failure is the first one again */
#define BACK_OFF_LOGIN 60  /* if the server did not let us in */
#define BACK_OFF_LOGIN_MOST 3600
#define BACK_OFF_SLOWER 30 /* if the server wants to be asked less */
#define BACK_OFF_SLOWER_MOST 1800
#define BACK_OFF_PERSON 300 /* if somebody has to do something first */
#define BACK_OFF_BUSY 15    /* the most where another process follows the account: its lease is twice as long */

struct imap_service {
	const char *name; /* of the account */
	bool once;
	struct service_duty duty;
	struct ingest *ingest;
	const struct imap_account *account;
	struct imap_session *session; /* NULL: not connected */
	int64_t connected;            /* since when */
	unsigned failures, refusals;  /* in a row: of the connection, of the login */
	unsigned troubles;            /* in a row: of the database or the site, while the server was well */
	unsigned fruitless;           /* rounds in a row for which there seemed to be a reason, and was none */
	struct imap_mailboxes *mailboxes;
	GHashTable *places;        /* of each mailbox that was visited, a struct imap_place by its name */
	int64_t looked;            /* when all of them were last looked at; 0: not since something went wrong */
	bool told;                 /* by IDLE, that something has happened in the mailbox that is open */
	bool woken;                /* the server ended the last wait at once */
	bool polls;                /* the server refuses IDLE */
	struct imap_answer answer; /* what followed from its last refusal, when the session ended */
	struct service_complaint complaint;
	char *server; /* whose mail it is, and where */
	struct service_tally tally;
};

#define FRUITLESS_FEW 3  /* rounds that may bring nothing new before there is a pause */
#define WOKEN_SECONDS 10 /* a wait that ends earlier says more than a server should that has nothing to say */

/* Connected ---------------------------------------------------------------------------------------------------- */

static void forget_connection(void *name, void *place, void *context)
{
	(void)name;
	(void)context;
	imap_place_forget_connection(place);
}

static void disconnect(struct imap_service *service)
{
	if (service->session)
		service->answer = imap_session_answer(service->session);
	g_clear_pointer(&service->session, imap_session_free);
	g_hash_table_foreach(service->places, forget_connection, NULL);
	service->looked = 0;
	service->told = false;
}

/* A server that has trouble says no to a login too, and not because of the secret. */
static bool may_pass(const struct imap_session *session)
{
	enum imap_advice advice = imap_session_answer(session).advice;

	return advice == IMAP_ADVICE_LATER || advice == IMAP_ADVICE_SLOWER;
}

static int log_in(struct imap_service *service, char **ret_reason)
{
	int status = imap_session_log_in(service->session, service->account, service->duty.signals, ret_reason);

	if (status == -ENOKEY)
		return service_duty_calls(&service->duty) ? -EINTR : -EACCES;
	return status == -EACCES && may_pass(service->session) ? -EAGAIN : status;
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
		.trace = account->trace,
	};
	int status = 0;

	if (!service->session || !lease_is_kept(&service->duty.lease))
		status = lease_take(&service->duty.lease, service->ingest->store, service_duty_deadline(&service->duty),
		                    ret_reason);
	if (status == 0 && !service->session) {
		status = imap_session_open(&endpoint, &service->session, ret_reason);
		notify_alive();
		if (status == 0)
			status = log_in(service, ret_reason);
		service->connected = g_get_monotonic_time();
		if (status < 0)
			disconnect(service);
	}
	return status;
}

/* The server refuses IDLE, and works. */
static int poll_from_now_on(struct imap_service *service, char **ret_reason)
{
	log_warning("%s: %s; it is looked at every %u seconds", service->name, *ret_reason,
	            service->account->poll_interval);
	g_clear_pointer(ret_reason, g_free);
	service->polls = true;
	service_duty_pause(&service->duty, service->account->poll_interval);
	return 0;
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
	bool idle = account->idle && !service->polls && imap_session_can_idle(service->session);
	/* IDLE tells of one mailbox, of nothing that is pending, and some servers forget to
	 * (contrib/dovecot/dovecot.conf). */
	int64_t began = g_get_monotonic_time();
	int64_t end = deadline_earlier(deadline_after(account->idle_renew), next_round(service));
	int status;

	service->woken = false;
	service_tally_show(&service->tally,
	                   idle ? "waiting for mail, 0 behind" : "waiting until it is time to look, 0 behind");
	if (!idle) {
		service_duty_pause(&service->duty, account->poll_interval);
		return 0;
	}
	service->told = service->woken = imap_session_has_news(service->session);
	if (service->told)
		return 0;
	status = imap_session_idle(service->session, ret_reason);
	if (status == -EPERM)
		return poll_from_now_on(service, ret_reason);
	if (status == -EPROTO) {
		service->polls = true;
		return -EAGAIN;
	}
	if (status < 0)
		return status;
	while (!service->told && !service_duty_calls(&service->duty) && deadline_left(end) > 0)
		service->told = imap_session_wait(service->session, service->duty.signals,
		                                  service_duty_next(&service->duty, end));
	service->woken = service->told && g_get_monotonic_time() - began < (int64_t)WOKEN_SECONDS * G_USEC_PER_SEC;
	return imap_session_idle_done(service->session, ret_reason);
}

/* Whatever makes the service do the same again without a mail that is new: a server that always has news, a mailbox
 * that is another one each time, mail that is moved in a circle.  It pauses, longer each time. */
static void pause_if_fruitless(struct imap_service *service)
{
	bool fruitless = service->tally.taken == 0 && (service->woken || service->tally.repeated > 0);

	service->fruitless = fruitless ? service->fruitless + 1 : 0;
	if (service->fruitless <= FRUITLESS_FEW)
		return;
	if (service->fruitless == FRUITLESS_FEW + 1)
		log_warning("%s: again and again %s, and no mail is new; from now on it looks ever more seldom",
		            service->name,
		            service->tally.repeated > 0 ? "mail comes that is known" : "the server tells of news");
	service_tally_show(&service->tally, "pausing, since there was nothing new");
	service_duty_pause(&service->duty,
	                   deadline_back_off(service->fruitless - FRUITLESS_FEW, BACK_OFF, BACK_OFF_MOST));
}

/* A connection that lasts, or that brought mail, is no failure, however it ends. */
static void forgive(struct imap_service *service)
{
	int64_t lasted = service->session ? g_get_monotonic_time() - service->connected : 0;

	if (service->tally.taken > 0)
		service->troubles = 0;
	if (service->tally.taken > 0 || lasted > (int64_t)BACK_OFF_ENOUGH * G_USEC_PER_SEC)
		service->failures = 0;
}

static struct imap_place *place_of(struct imap_service *service, const char *mailbox)
{
	struct imap_place *place = g_hash_table_lookup(service->places, mailbox);

	if (!place) {
		place = g_new0(struct imap_place, 1);
		g_hash_table_insert(service->places, g_strdup(mailbox), place);
	}
	return place;
}

/* Visit so many mailboxes.  0, -EAGAIN, -EINTR. */
static int visit(struct imap_service *service, unsigned count, char **ret_reason)
{
	const GPtrArray *mailboxes = imap_mailboxes_all(service->mailboxes);
	const struct imap_visitor visitor = {
		.account = service->account,
		.session = service->session,
		.ingest = service->ingest,
		.duty = &service->duty,
		.tally = &service->tally,
		.report_unopened = service->tally.unopened == 0, /* not in every round */
		.report_deferred = service->once,
		.server = service->server,
		.alone = mailboxes->len == 1,
	};
	int status = 0;

	service->tally.pending = service->tally.unopened = service->tally.absent = 0;
	/* The first one comes last, and stays open for IDLE. */
	for (unsigned i = MIN(count, mailboxes->len); i > 0 && status == 0; i--) {
		const struct imap_account_mailbox *mailbox = g_ptr_array_index(mailboxes, i - 1);

		status = imap_visit(&visitor, mailbox, place_of(service, mailbox->name), ret_reason);
	}
	if (status == 0 && mailboxes->len > 0 && service->tally.unopened == MIN(count, mailboxes->len) &&
	    service->tally.absent < service->tally.unopened) {
		*ret_reason = g_strdup("the server opens no mailbox");
		imap_session_give_up(service->session);
		status = -EAGAIN;
	}
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
	struct service_tally *tally = &service->tally;
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
	service->tally.taken = service->tally.repeated = 0;
	status = connect_all(service, ret_reason);
	if (status == 0) {
		service->refusals = 0;
		service_tally_show(&service->tally, "taking mail");
		status = visit_some(service, ret_reason);
	}
	if (status == 0)
		service->troubles = 0;
	/* Where mail was taken, more may have come meanwhile: look again first. */
	if (status == 0 && !service->once) {
		pause_if_fruitless(service);
		service->woken = false;
		if (service->tally.taken == 0)
			status = wait_for_mail(service, ret_reason);
	}
	return status;
}

/* How long to wait after a failure of the connection or the login. */
static double back_off_from_server(struct imap_service *service, int status, const char *reason)
{
	struct imap_answer answer = service->answer;
	double seconds;

	/* What a server says in its greeting, or when it takes leave, is in no answer to a command. */
	if (answer.advice == IMAP_ADVICE_NONE || answer.advice == IMAP_ADVICE_RECONNECT)
		answer.advice = imap_answer_read(NULL, reason).advice;
	if (answer.advice == IMAP_ADVICE_SLOWER)
		seconds = deadline_back_off(++service->failures, BACK_OFF_SLOWER, BACK_OFF_SLOWER_MOST);
	else if (status == -EACCES)
		seconds = deadline_back_off(++service->refusals,
		                            answer.advice == IMAP_ADVICE_PERSON ? BACK_OFF_PERSON : BACK_OFF_LOGIN,
		                            BACK_OFF_LOGIN_MOST);
	else
		seconds = deadline_back_off(++service->failures, BACK_OFF, BACK_OFF_MOST);
	return MAX(seconds, answer.seconds);
}

/* Something failed.  A session with a server that is well is kept for when the database or the site is well again. */
static void fall_back(struct imap_service *service, int status, const char *reason)
{
	bool sound = status == -EAGAIN && service->session && imap_session_is_sound(service->session);
	double seconds;

	forgive(service);
	if (!sound)
		disconnect(service);
	service_complain(&service->complaint, service->name, reason);
	/* A database that does not answer is not asked more often for that. */
	if (!store_is_connected(service->ingest->store))
		lease_lapse(&service->duty.lease);
	if (status == -EBUSY)
		seconds = deadline_back_off(++service->failures, BACK_OFF, BACK_OFF_BUSY);
	else if (sound)
		seconds = deadline_back_off(++service->troubles, BACK_OFF, BACK_OFF_MOST);
	else
		seconds = back_off_from_server(service, status, reason);
	service->answer = (struct imap_answer){0};
	service_duty_pause(&service->duty, seconds);
}

/* From the start to the end -------------------------------------------------------------------------------------- */

struct imap_service *imap_service_new(const char *account, bool once)
{
	struct imap_service *service = g_new0(struct imap_service, 1);

	service->name = account;
	service->places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	service->once = once;
	service->mailboxes = imap_mailboxes_new();
	service_duty_init(&service->duty, LEASE_ACCOUNT, account);
	return service;
}

void imap_service_free(struct imap_service *service)
{
	if (!service)
		return;
	lease_give_back(&service->duty.lease, service->duty.store);
	disconnect(service);
	service_duty_release(&service->duty);
	imap_mailboxes_free(service->mailboxes);
	service_tally_release(&service->tally);
	g_hash_table_destroy(service->places);
	g_free(service->server);
	service_complaint_release(&service->complaint);
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
	service->polls = false;
	service->fruitless = 0;
	imap_mailboxes_reset(service->mailboxes);
	g_hash_table_remove_all(service->places);
	g_free(service->server);
	service->server = g_strdup_printf("%s at %s", account->user ? account->user : "anybody", account->host);
	service_duty_use(&service->duty, ingest->store, ingest->config.timeout);
}

static enum service_end follow_once(struct imap_service *service)
{
	g_autofree char *reason = NULL;
	int status = follow(service, &reason);

	if (status < 0)
		log_warning("%s: %s", service->name, reason ? reason : "interrupted");
	return status < 0 || service->tally.pending > 0 ? SERVICE_LEFT_SOME : SERVICE_DONE;
}

enum service_end imap_service_follow(struct imap_service *service)
{
	struct service_duty *duty = &service->duty;

	if (service->once)
		return follow_once(service);
	while (!duty->stopping && !duty->reloading) {
		g_autofree char *reason = NULL;
		int status = follow(service, &reason);

		if (status < 0 && status != -EINTR)
			fall_back(service, status, reason);
		service_duty_take_signals(duty);
	}
	if (duty->stopping)
		return SERVICE_STOPPED;
	duty->reloading = false;
	return SERVICE_RELOAD;
}
