/* service.c - follows an archive.
 *
 * Called by the command `follow`.  Whoever brings commits into the repositories, the command of the configuration or
 * somebody else: they are noticed (watch.h) and read at once, and looked for at every interval besides.  The process
 * may end at any moment: what visit.c promises holds.
 */
#include "follow/service.h"

#include <errno.h>
#include <stdint.h>

#include <glib.h>

#include "archive/public_inbox.h"
#include "base/deadline.h"
#include "base/log.h"
#include "base/notify.h"
#include "follow/fetch.h"
#include "follow/visit.h"
#include "follow/watch.h"
#include "service/complaint.h"
#include "service/duty.h"
#include "service/tally.h"

#define BACK_OFF 1        /* seconds before a second try, doubled each time ... */
#define BACK_OFF_MOST 300 /* ... to this, give or take a half */
#define BACK_OFF_BUSY 15  /* the most where another process follows the archive: its lease is twice as long */

struct follow_service {
	const char *name; /* of the archive */
	bool once;
	struct service_duty duty;
	struct ingest *ingest;
	const struct archive_settings *settings;
	struct follow_fetch fetch;
	struct follow_watch *watch;
	struct public_inbox *inbox;        /* NULL: it was not there, or not readable, when it was last looked for */
	int64_t look;                      /* when the archive is to be looked at again, whatever is heard of it */
	unsigned failures;                 /* in a row: of the database, or of the archive as a whole */
	struct service_complaint trouble;  /* with them */
	struct service_complaint fetching; /* with the command */
	struct service_complaint watching;
	GHashTable *complaints; /* of repositories, for visit.h */
	struct service_tally tally;
};

/* The command ------------------------------------------------------------------------------------------------------ */

/* Start it if it is due, and see what has become of it.  True if a run has ended. */
static bool fetch(struct follow_service *service)
{
	g_autofree char *reason = NULL;
	int status = follow_fetch_go_on(&service->fetch, &reason);

	if (status > 0)
		service_complaint_release(&service->fetching);
	else if (status < 0)
		service_complain(&service->fetching, service->name, reason);
	return status != 0;
}

/* Run it to its end.  0, -EINTR, or -EAGAIN if it fails, which is logged. */
static int fetch_once(struct follow_service *service)
{
	struct pollfd items[FOLLOW_FETCH_ITEMS + 1];
	bool ended = !service->settings->command;

	while (!ended) {
		if (service_duty_calls(&service->duty))
			return -EINTR;
		ended = fetch(service);
		if (ended)
			break;
		int64_t end = follow_fetch_wants(&service->fetch, items);

		items[FOLLOW_FETCH_ITEMS] = (struct pollfd){.fd = service->duty.signals, .events = POLLIN};
		deadline_poll(items, FOLLOW_FETCH_ITEMS + 1, service_duty_next(&service->duty, end));
	}
	return service->fetch.failures > 0 ? -EAGAIN : 0;
}

/* Reading ---------------------------------------------------------------------------------------------------------- */

/* Where what happens is not heard of, the interval remains. */
static void look_after_watch(struct follow_service *service)
{
	int status = follow_watch_look(service->watch, service->settings->path);
	g_autofree char *reason = NULL;

	follow_watch_take(service->watch);
	if (status == 0)
		return;
	reason = g_strdup_printf("new commits are not noticed at once, but every %u seconds: %s",
	                         service->settings->interval, g_strerror(-status));
	service_complain(&service->watching, service->name, reason);
}

/* 0, or -EAGAIN and a reason. */
static int open_archive(struct follow_service *service, char **ret_reason)
{
	int status;

	if (service->inbox)
		return 0;
	status = public_inbox_open(service->settings->path, &service->inbox, ret_reason);
	if (status > 0)
		return 0;
	if (status == 0)
		*ret_reason = g_strdup_printf("%s: there is no public-inbox repository", service->settings->path);
	return -EAGAIN;
}

static int read_archive(struct follow_service *service, char **ret_reason)
{
	const struct follow_visitor visitor = {
		.settings = service->settings,
		.ingest = service->ingest,
		.duty = &service->duty,
		.tally = &service->tally,
		.complaints = service->complaints,
	};
	int status;

	/* First, so that nothing is missed that comes meanwhile. */
	look_after_watch(service);
	service->look = deadline_after(service->settings->interval);
	status = open_archive(service, ret_reason);
	return status == 0 ? follow_visit(&visitor, service->inbox, ret_reason) : status;
}

/* Waiting ---------------------------------------------------------------------------------------------------------- */

/* Wait for one of these things: true if the archive is to be read then. */
static bool wait_once(struct follow_service *service)
{
	struct pollfd items[FOLLOW_FETCH_ITEMS + 2];
	int64_t end = deadline_earlier(service->look, follow_fetch_wants(&service->fetch, items));

	items[FOLLOW_FETCH_ITEMS] = (struct pollfd){.fd = service->duty.signals, .events = POLLIN};
	items[FOLLOW_FETCH_ITEMS + 1] =
		(struct pollfd){.fd = follow_watch_descriptor(service->watch), .events = POLLIN};
	deadline_poll(items, G_N_ELEMENTS(items), service_duty_next(&service->duty, end));
	return follow_watch_take(service->watch) || fetch(service) || deadline_left(service->look) == 0;
}

static void wait_for_mail(struct follow_service *service)
{
	service_tally_show(&service->tally, "waiting for mail");
	while (!service_duty_calls(&service->duty) && !wait_once(service))
		;
}

/* Wait so many seconds, or until duty calls; the command goes on. */
static void pause_for(struct follow_service *service, double seconds)
{
	int64_t end = g_get_monotonic_time() + (int64_t)(seconds * G_USEC_PER_SEC);

	while (!service_duty_calls(&service->duty) && deadline_left(end) > 0) {
		struct pollfd items[FOLLOW_FETCH_ITEMS + 1];
		int64_t next = deadline_earlier(end, follow_fetch_wants(&service->fetch, items));

		items[FOLLOW_FETCH_ITEMS] = (struct pollfd){.fd = service->duty.signals, .events = POLLIN};
		deadline_poll(items, G_N_ELEMENTS(items), service_duty_next(&service->duty, next));
		fetch(service);
	}
}

/* Following -------------------------------------------------------------------------------------------------------- */

/* Take what there is.  0, -EAGAIN, -EBUSY, -EINTR. */
static int follow(struct follow_service *service, char **ret_reason)
{
	int status = 0;

	service->tally.taken = service->tally.repeated = 0;
	if (!lease_is_kept(&service->duty.lease))
		status = lease_take(&service->duty.lease, service->ingest->store, service_duty_deadline(&service->duty),
		                    ret_reason);
	if (status == 0 && service->once)
		status = fetch_once(service) == -EINTR ? -EINTR : 0;
	else if (status == 0)
		fetch(service);
	if (status == 0)
		status = read_archive(service, ret_reason);
	return status;
}

/* Something failed. */
static void fall_back(struct follow_service *service, int status, const char *reason)
{
	if (reason)
		service_complain(&service->trouble, service->name, reason);
	else
		notify_status("mail cannot be stored: %s", service->tally.trouble);
	/* A database that does not answer is not asked more often for that. */
	if (!store_is_connected(service->ingest->store))
		lease_lapse(&service->duty.lease);
	if (service->tally.taken > 0)
		service->failures = 0;
	pause_for(service,
	          deadline_back_off(++service->failures, BACK_OFF, status == -EBUSY ? BACK_OFF_BUSY : BACK_OFF_MOST));
}

static enum service_end follow_once(struct follow_service *service)
{
	g_autofree char *reason = NULL;
	int status = follow(service, &reason);

	if (status == -EINTR || reason)
		log_warning("%s: %s", service->name, reason ? reason : "interrupted");
	return status < 0 || service->tally.pending > 0 || service->fetch.failures > 0 ? SERVICE_LEFT_SOME
	                                                                               : SERVICE_DONE;
}

enum service_end follow_service_follow(struct follow_service *service)
{
	struct service_duty *duty = &service->duty;

	if (service->once)
		return follow_once(service);
	while (!duty->stopping && !duty->reloading) {
		g_autofree char *reason = NULL;
		int status = follow(service, &reason);

		if (status == 0) {
			service->failures = 0;
			wait_for_mail(service);
		} else if (status != -EINTR) {
			fall_back(service, status, reason);
		}
		service_duty_take_signals(duty);
	}
	if (duty->stopping)
		return SERVICE_STOPPED;
	duty->reloading = false;
	return SERVICE_RELOAD;
}

/* From the start to the end ---------------------------------------------------------------------------------------- */

static void complaint_free(void *complaint)
{
	service_complaint_release(complaint);
	g_free(complaint);
}

struct follow_service *follow_service_new(const char *archive, bool once)
{
	struct follow_service *service = g_new0(struct follow_service, 1);

	service->name = archive;
	service->once = once;
	service->watch = follow_watch_new();
	service->complaints = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, complaint_free);
	service_duty_init(&service->duty, LEASE_ARCHIVE, archive);
	return service;
}

void follow_service_free(struct follow_service *service)
{
	if (!service)
		return;
	follow_fetch_release(&service->fetch);
	lease_give_back(&service->duty.lease, service->duty.store);
	service_duty_release(&service->duty);
	service_tally_release(&service->tally);
	service_complaint_release(&service->trouble);
	service_complaint_release(&service->fetching);
	service_complaint_release(&service->watching);
	follow_watch_free(service->watch);
	public_inbox_free(service->inbox);
	g_hash_table_destroy(service->complaints);
	g_free(service);
}

int follow_service_call(const struct follow_service *service)
{
	return service->duty.signals;
}

void follow_service_use(struct follow_service *service, struct ingest *ingest, const struct archive_settings *settings)
{
	follow_fetch_release(&service->fetch);
	follow_fetch_init(&service->fetch, settings);
	follow_watch_free(service->watch);
	service->watch = follow_watch_new();
	g_clear_pointer(&service->inbox, public_inbox_free);
	service->ingest = ingest;
	service->settings = settings;
	service->failures = 0;
	service_duty_use(&service->duty, ingest->store, ingest->config.timeout);
}
