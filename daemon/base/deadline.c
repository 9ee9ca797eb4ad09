/* deadline.c - deadlines on the monotonic clock.
 *
 * Used by everything that waits: the parser process, the store, the transports.  Interrupted waits go on.
 */
#include "base/deadline.h"

#include <errno.h>
#include <limits.h>

#include <glib.h>

int64_t deadline_after(unsigned seconds)
{
	return g_get_monotonic_time() + (int64_t)seconds * G_USEC_PER_SEC;
}

int64_t deadline_earlier(int64_t one, int64_t other)
{
	return one < other ? one : other;
}

int64_t deadline_left(int64_t deadline)
{
	int64_t left = deadline - g_get_monotonic_time();

	return left > 0 ? left : 0;
}

int deadline_poll(struct pollfd *items, unsigned count, int64_t deadline)
{
	for (;;) {
		int64_t left = deadline_left(deadline);
		int64_t milliseconds = (left + 999) / 1000;
		int ready = poll(items, count, milliseconds > INT_MAX ? INT_MAX : (int)milliseconds);

		if (ready > 0)
			return 0;
		if (ready < 0 && errno != EINTR)
			return -errno;
		if (ready == 0 && left == 0)
			return -ETIMEDOUT;
	}
}

int deadline_wait_either(int fd, short events, int other, int64_t deadline)
{
	struct pollfd items[] = {{.fd = fd, .events = events}, {.fd = other, .events = POLLIN}};
	int status = deadline_poll(items, 2, deadline);

	return status == 0 && !items[0].revents ? -EINTR : status;
}

int deadline_wait(int fd, short events, int64_t deadline)
{
	return deadline_wait_either(fd, events, -1, deadline);
}

int deadline_wait_called(int fd, short events, int call, int64_t deadline)
{
	int status = deadline_wait_either(fd, events, call, deadline);

	if (status != -EINTR)
		return status;
	return deadline_wait(fd, events, deadline_earlier(deadline, deadline_after(DEADLINE_HURRY)));
}

double deadline_back_off(unsigned failures, double first, double most)
{
	double seconds = first;

	for (unsigned i = 1; i < failures && seconds < most; i++)
		seconds *= 2;
	return MIN(seconds, most) * g_random_double_range(0.5, 1.5);
}

int deadline_sleep(int64_t microseconds, int64_t deadline)
{
	if (deadline_left(deadline) <= microseconds)
		return -ETIMEDOUT;
	g_usleep((gulong)microseconds);
	return 0;
}
