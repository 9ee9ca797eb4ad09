/* service.c - serves a hook.
 *
 * Called by the command `notify`.  Promises: an event is told to be delivered only after the receiver took it; what was
 * delivered and could not be told, because the database was away, is told before anything else; so an event comes twice
 * only if the process was killed, or the receiver took it and did not say so.
 */
#include "hook/service.h"

#include <errno.h>
#include <unistd.h>

#include <glib.h>

#include "base/deadline.h"
#include "base/holder.h"
#include "base/log.h"
#include "base/notify.h"
#include "base/signals.h"
#include "hook/report.h"

#define BACK_OFF 1       /* seconds before a second try of the database, doubled each time ... */
#define BACK_OFF_MOST 60 /* ... to this, give or take a half */
#define BACK_OFF_BUSY 15 /* the most where another process serves the hook */
#define STATEMENT 60     /* seconds for a statement, or the configured time if that is less */
#define LAST_STATEMENT 5 /* for the one at the end */
#define ROUND 1          /* seconds of deliveries, then the database is told of them */
#define ROUND_FIRST 8    /* events that a first round gets, where each is delivered by itself ... */
#define ROUND_MOST 100   /* ... and the most */
#define LEASE 30         /* seconds that the lease is longer than a delivery may take */
#define FAILING 1        /* seconds between two looks, while deliveries fail and more events come */
#define SECONDS_PER_DAY 86400

struct hook_service {
	bool once;
	int signals;
	bool stopping, reloading;
	char *holder;
	struct hook_server server;
	struct store *store;
	unsigned timeout, poll;
	struct hook_receiver *receiver;
	bool listening;    /* over the connection that there is */
	bool open, served; /* the hook is ours; it was before */
	/* What the database is to be told: first the one, then the other. */
	struct hook_settled delivered, other;
	unsigned round;    /* how many events the next round gets */
	unsigned careful;  /* so many events are delivered one by one: a delivery of several failed */
	unsigned failures; /* of the database, in a row */
	bool left_some;
	struct hook_report report;
};

/* The database ----------------------------------------------------------------------------------------------------- */

static int64_t statement_deadline(const struct hook_service *service)
{
	return deadline_after(MIN(STATEMENT, service->timeout));
}

/* Hear of events, if this connection can: a standby cannot. */
static void listen_for_events(struct hook_service *service)
{
	struct answer answer = {0};

	connection_ask(store_connection(service->store), "LISTEN patchmail", NULL, 0, statement_deadline(service),
	               &answer);
	service->listening = true;
	answer_release(&answer);
}

/* What is still to be told. */
static struct hook_settled *untold(struct hook_service *service)
{
	return service->delivered.positions->len > 0 ? &service->delivered : &service->other;
}

/* Tell what is to be told, if anything, and get what comes next.  As hook_next(). */
static int next(struct hook_service *service, unsigned limit, int64_t deadline, struct hook_batch *ret_batch,
                char **ret_reason)
{
	struct hook_settled *told = untold(service);
	int status = hook_next(service->store, &service->server, told, limit, deadline, ret_batch, ret_reason);

	/* What it does not take now it never will. */
	if (status != -EAGAIN)
		hook_settled_clear(told);
	if (status == -EBUSY) {
		hook_settled_clear(&service->other);
		service->open = false;
	}
	return status;
}

/* If there is more than one thing to tell, tell the first.  As hook_next(). */
static int tell_first(struct hook_service *service, int64_t deadline, char **ret_reason)
{
	struct hook_batch ignored = {0};
	int status;

	if (service->delivered.positions->len == 0 || service->other.positions->len == 0)
		return 0;
	status = next(service, 1, deadline, &ignored, ret_reason);
	hook_batch_release(&ignored);
	return status;
}

/* Tell all, and get what comes next. */
static int tell_and_get(struct hook_service *service, struct hook_batch *ret_batch, char **ret_reason)
{
	unsigned limit = service->careful > 0 ? 1 : service->round;
	int status = tell_first(service, statement_deadline(service), ret_reason);

	if (status < 0)
		return status;
	return next(service, limit, statement_deadline(service), ret_batch, ret_reason);
}

/* The hook is to be opened: first tell what is to be told, since that is about what was given before. */
static int open_hook(struct hook_service *service, char **ret_reason)
{
	int status = 0;

	while (service->served && untold(service)->positions->len > 0 && (status == 0 || status == -EINVAL)) {
		struct hook_batch ignored = {0};
		g_autofree char *reason = NULL;

		status = next(service, 1, statement_deadline(service), &ignored, &reason);
		hook_batch_release(&ignored);
		if (status == -EAGAIN)
			*ret_reason = g_steal_pointer(&reason);
	}
	if (status != -EAGAIN)
		status = hook_open(service->store, &service->server, statement_deadline(service), ret_reason);
	service->open = status == 0;
	service->served = service->served || service->open;
	return status;
}

/* 0, -EAGAIN, -EBUSY, -EINVAL. */
static int connect_all(struct hook_service *service, char **ret_reason)
{
	if (!store_is_connected(service->store)) {
		service->listening = false;
		if (store_connect(service->store, statement_deadline(service), ret_reason) < 0)
			return -EAGAIN;
	}
	if (!service->listening)
		listen_for_events(service);
	if (!store_is_connected(service->store)) {
		*ret_reason = g_strdup("the database closed the connection");
		return -EAGAIN;
	}
	notify_alive();
	return service->open ? 0 : open_hook(service, ret_reason);
}

/* Delivering ------------------------------------------------------------------------------------------------------- */

/* Is there a signal to obey? */
static bool is_called(struct hook_service *service)
{
	signals_take(service->signals, &service->stopping, &service->reloading);
	return service->stopping || service->reloading;
}

static void note_positions(struct hook_settled *settled, const GPtrArray *events, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		const struct hook_event *event = g_ptr_array_index(events, i);

		g_array_append_val(settled->positions, event->position);
	}
}

/* What became of the first `count` of these.  True to go on with the next ones. */
static bool take_result(struct hook_service *service, const GPtrArray *events, unsigned count,
                        struct hook_result *result)
{
	bool alone = count == 1, delivered = result->outcome == HOOK_DELIVERED;

	if (delivered || alone)
		hook_report_result(&service->report, g_ptr_array_index(events, 0), count, result);
	if (delivered) {
		note_positions(&service->delivered, events, count);
	} else if (alone) {
		note_positions(&service->other, events, count);
		service->other.result = *result;
		*result = (struct hook_result){0};
		service->left_some = true;
	} else {
		/* It may be because of one of them: nothing is told of this, and each is delivered by itself. */
		service->careful = count;
		return false;
	}
	service->careful -= MIN(service->careful, count);
	return delivered;
}

/* The next round is as large as it can be done in the time for one. */
static void measure(struct hook_service *service, unsigned done, unsigned given)
{
	unsigned most = hook_receiver_most(service->receiver);

	if (most > 1)
		service->round = most;
	else
		service->round = done < given ? MAX(done, 1) : MIN(service->round * 2, ROUND_MOST);
}

static void deliver(struct hook_service *service, struct hook_batch *batch)
{
	GPtrArray *events = batch->events;
	unsigned given = events->len;
	int64_t end = deadline_after(ROUND);
	bool goes_on = true;

	hook_report_show(&service->report, service->report.failing ? "trying again" : "delivering");
	while (goes_on && events->len > 0 && !is_called(service)) {
		struct hook_result result = {0};
		int count = hook_receiver_deliver(service->receiver, events, &result);

		goes_on = count > 0 && take_result(service, events, (unsigned)count, &result) && deadline_left(end) > 0;
		hook_result_release(&result);
		if (count > 0)
			g_ptr_array_remove_range(events, 0, (unsigned)count);
	}
	measure(service, given - events->len, given);
}

/* Waiting ---------------------------------------------------------------------------------------------------------- */

/* Wait until then, for a signal, or if `heard` for an event.  0, or -EAGAIN if the database is gone. */
static int wait_until(struct hook_service *service, int64_t end, bool heard, char **ret_reason)
{
	struct connection *connection = store_connection(service->store);
	int status = 0;

	while (status == 0 && !is_called(service) && deadline_left(end) > 0) {
		struct pollfd items[] = {
			{.fd = service->signals, .events = POLLIN},
			heard ? connection_wants(connection) : (struct pollfd){.fd = -1},
		};

		deadline_poll(items, G_N_ELEMENTS(items),
		              deadline_earlier(end, g_get_monotonic_time() + notify_interval()));
		notify_alive();
		if (items[1].revents)
			status = connection_has_heard(connection);
	}
	if (status == -EPIPE) {
		*ret_reason = g_strdup("the database closed the connection");
		return -EAGAIN;
	}
	return 0;
}

/* There is nothing to deliver for so many microseconds. */
static int wait_for_events(struct hook_service *service, int64_t wait, char **ret_reason)
{
	int64_t now = g_get_monotonic_time(), rest;
	int64_t end = deadline_after(MIN(service->poll, service->server.lease / 3));
	int status;

	if (wait != HOOK_NOTHING_PENDING)
		end = deadline_earlier(end, now + wait);
	hook_report_show(&service->report, service->report.failing ? "the receiver is away" : "waiting for events");
	status = wait_until(service, end, true, ret_reason);
	rest = now + (int64_t)FAILING * G_USEC_PER_SEC;
	if (status == 0 && service->report.failing && deadline_left(end) > 0)
		status = wait_until(service, deadline_earlier(end, rest), false, ret_reason);
	return status;
}

/* Take what comes, deliver it, tell.  0 (with *ret_idle: nothing was due), -EAGAIN, -EBUSY, -EINVAL. */
static int go_round(struct hook_service *service, bool *ret_idle, int64_t *ret_wait, char **ret_reason)
{
	struct hook_batch batch = {0};
	int status = connect_all(service, ret_reason);

	/* What is heard up to here is seen by what follows. */
	if (status == 0 && connection_has_heard(store_connection(service->store)) < 0) {
		*ret_reason = g_strdup("the database closed the connection");
		status = -EAGAIN;
	}
	if (status == 0)
		status = tell_and_get(service, &batch, ret_reason);
	if (status < 0)
		return status;
	service->failures = 0;
	*ret_idle = !batch.events || batch.events->len == 0;
	*ret_wait = batch.wait;
	if (!*ret_idle)
		deliver(service, &batch);
	hook_batch_release(&batch);
	return 0;
}

static void fall_back(struct hook_service *service, int status, const char *reason)
{
	double most = status == -EBUSY ? BACK_OFF_BUSY : BACK_OFF_MOST;
	double seconds = deadline_back_off(++service->failures, BACK_OFF, most);
	g_autofree char *ignored = NULL;

	log_warning("hook %s: %s", service->server.hook, reason);
	notify_status("%s", reason);
	wait_until(service, g_get_monotonic_time() + (int64_t)(seconds * G_USEC_PER_SEC), false, &ignored);
}

/* From the start to the end ---------------------------------------------------------------------------------------- */

struct hook_service *hook_service_new(const char *hook, bool once)
{
	struct hook_service *service = g_new0(struct hook_service, 1);

	service->once = once;
	service->signals = signals_open();
	service->holder = holder_name();
	service->server.hook = hook;
	service->server.holder = service->holder;
	hook_settled_init(&service->delivered);
	hook_settled_init(&service->other);
	hook_report_init(&service->report, hook);
	return service;
}

/* Tell what is to be told, and give the hook back. */
static void leave(struct hook_service *service)
{
	int64_t deadline = deadline_after(LAST_STATEMENT);
	g_autofree char *reason = NULL;
	int status;

	if (!service->open || !service->store || !store_is_connected(service->store))
		return;
	status = tell_first(service, deadline, &reason);
	if (status == 0)
		status = hook_close(service->store, &service->server, untold(service), deadline, &reason);
	if (status < 0)
		log_warning("hook %s: %s", service->server.hook, reason);
}

void hook_service_free(struct hook_service *service)
{
	if (!service)
		return;
	leave(service);
	hook_settled_release(&service->delivered);
	hook_settled_release(&service->other);
	hook_report_release(&service->report);
	close(service->signals);
	g_free(service->holder);
	g_free(service);
}

int hook_service_call(const struct hook_service *service)
{
	return service->signals;
}

void hook_service_use(struct hook_service *service, struct store *store, unsigned timeout,
                      const struct hook_settings *settings, struct hook_receiver *receiver)
{
	unsigned most = hook_receiver_most(receiver);

	service->store = store;
	service->timeout = timeout;
	service->poll = settings->poll;
	service->receiver = receiver;
	service->server.lease = settings->timeout + LEASE;
	service->server.filter = settings->filter;
	service->server.base_url = settings->base_url;
	service->server.from = settings->from;
	service->server.give_up = (int64_t)settings->give_up * SECONDS_PER_DAY;
	service->round = most > 1 ? most : ROUND_FIRST;
	service->careful = 0;
	service->open = service->listening = false;
}

static enum service_end follow_once(struct hook_service *service)
{
	int64_t wait = HOOK_NOTHING_PENDING;
	g_autofree char *reason = NULL;
	bool idle = false;
	int status = 0;

	while (status == 0 && !is_called(service) && !(idle && wait > 0))
		status = go_round(service, &idle, &wait, &reason);
	if (status < 0)
		log_warning("hook %s: %s", service->server.hook, reason);
	if (status == -EINVAL)
		return SERVICE_WRONG;
	return status < 0 || !idle || service->left_some || wait != HOOK_NOTHING_PENDING ? SERVICE_LEFT_SOME
	                                                                                 : SERVICE_DONE;
}

enum service_end hook_service_follow(struct hook_service *service)
{
	if (service->once)
		return follow_once(service);
	while (!is_called(service)) {
		int64_t wait = HOOK_NOTHING_PENDING;
		g_autofree char *reason = NULL;
		bool idle = false, served = service->served;
		int status = go_round(service, &idle, &wait, &reason);

		if (status == 0 && idle)
			status = wait_for_events(service, wait, &reason);
		/* After a reload there are events to be delivered, so it waits for a better one. */
		if (status == -EINVAL && !served) {
			log_error("hook %s: %s", service->server.hook, reason);
			return SERVICE_WRONG;
		}
		if (status < 0)
			fall_back(service, status, reason);
	}
	if (service->stopping)
		return SERVICE_STOPPED;
	service->reloading = false;
	return SERVICE_RELOAD;
}
