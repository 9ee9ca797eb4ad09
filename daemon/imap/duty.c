/* duty.c - what the service looks after however long something else takes.
 *
 * Used by service.c and visit.c.  Promises: nothing here waits longer than it says, and no signal is lost.
 */
#include "imap/duty.h"

#include <unistd.h>

#include <glib.h>

#include "base/deadline.h"
#include "base/notify.h"
#include "base/signals.h"

void imap_duty_init(struct imap_duty *duty, const char *account)
{
	*duty = (struct imap_duty){.signals = signals_open()};
	lease_init(&duty->lease, account);
}

void imap_duty_release(struct imap_duty *duty)
{
	lease_release(&duty->lease);
	close(duty->signals);
}

void imap_duty_use(struct imap_duty *duty, struct store *store, unsigned timeout)
{
	duty->store = store;
	duty->timeout = timeout;
}

void imap_duty_keep(struct imap_duty *duty)
{
	notify_alive();
	lease_keep(&duty->lease, duty->store);
}

void imap_duty_take_signals(struct imap_duty *duty)
{
	signals_take(duty->signals, &duty->stopping, &duty->reloading);
}

bool imap_duty_calls(struct imap_duty *duty)
{
	notify_alive();
	imap_duty_take_signals(duty);
	if (!duty->stopping)
		lease_keep(&duty->lease, duty->store);
	return duty->stopping || duty->reloading || duty->lease.lost;
}

int64_t imap_duty_next(const struct imap_duty *duty, int64_t end)
{
	int64_t sign_of_life = g_get_monotonic_time() + notify_interval();

	return deadline_earlier(end, deadline_earlier(sign_of_life, duty->lease.renewal));
}

void imap_duty_pause(struct imap_duty *duty, double seconds)
{
	int64_t end = g_get_monotonic_time() + (int64_t)(seconds * G_USEC_PER_SEC);

	while (!imap_duty_calls(duty) && deadline_left(end) > 0)
		deadline_wait(duty->signals, POLLIN, imap_duty_next(duty, end));
}

int64_t imap_duty_deadline(const struct imap_duty *duty)
{
	return deadline_after(MIN(IMAP_DUTY_STATEMENT, duty->timeout));
}
