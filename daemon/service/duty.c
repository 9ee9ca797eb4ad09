/* duty.c - what the service looks after however long something else takes.
 *
 * Used by the services' loops.  Promises: nothing here waits longer than it says, and no signal is lost.
 */
#include "service/duty.h"

#include <unistd.h>

#include <glib.h>

#include "base/deadline.h"
#include "base/notify.h"
#include "base/signals.h"

void service_duty_init(struct service_duty *duty, enum lease_kind kind, const char *name)
{
	*duty = (struct service_duty){.signals = signals_open()};
	lease_init(&duty->lease, kind, name);
}

void service_duty_release(struct service_duty *duty)
{
	lease_release(&duty->lease);
	close(duty->signals);
}

void service_duty_use(struct service_duty *duty, struct store *store, unsigned timeout)
{
	duty->store = store;
	duty->timeout = timeout;
}

void service_duty_keep(struct service_duty *duty)
{
	notify_alive();
	lease_keep(&duty->lease, duty->store);
}

void service_duty_take_signals(struct service_duty *duty)
{
	signals_take(duty->signals, &duty->stopping, &duty->reloading);
}

bool service_duty_calls(struct service_duty *duty)
{
	notify_alive();
	service_duty_take_signals(duty);
	if (!duty->stopping)
		lease_keep(&duty->lease, duty->store);
	return duty->stopping || duty->reloading || duty->lease.lost;
}

int64_t service_duty_next(const struct service_duty *duty, int64_t end)
{
	int64_t sign_of_life = g_get_monotonic_time() + notify_interval();

	return deadline_earlier(end, deadline_earlier(sign_of_life, duty->lease.renewal));
}

void service_duty_pause(struct service_duty *duty, double seconds)
{
	int64_t end = g_get_monotonic_time() + (int64_t)(seconds * G_USEC_PER_SEC);

	while (!service_duty_calls(duty) && deadline_left(end) > 0)
		deadline_wait(duty->signals, POLLIN, service_duty_next(duty, end));
}

int64_t service_duty_deadline(const struct service_duty *duty)
{
	return deadline_after(MIN(SERVICE_DUTY_STATEMENT, duty->timeout));
}
