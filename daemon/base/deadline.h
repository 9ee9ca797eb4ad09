/* deadline.h - an instant by which something has to be done, and waiting that ends there.
 *
 * A deadline is microseconds on the monotonic clock (g_get_monotonic_time()).  It is passed down from the command
 * to everything that waits, so that one message has one deadline, whatever is slow.
 */
#ifndef PATCHMAILD_DEADLINE_H
#define PATCHMAILD_DEADLINE_H

#include <poll.h>
#include <stdint.h>

/* The instant so many seconds from now. */
int64_t deadline_after(unsigned seconds);

/* The earlier of two. */
int64_t deadline_earlier(int64_t one, int64_t other);

/* Microseconds left; 0 once it has passed. */
int64_t deadline_left(int64_t deadline);

/* Wait until `fd` is ready for `events` (poll(2); an error or a hang-up is ready too).  A descriptor that is ready is
 * seen also when the deadline has passed already.  Returns 0, -ETIMEDOUT, or the negative errno of poll(2). */
int deadline_wait(int fd, short events, int64_t deadline);

/* The same for any of several; `revents` says which.  INT64_MAX is no deadline at all. */
int deadline_poll(struct pollfd *items, unsigned count, int64_t deadline);

/* The same as deadline_wait(); but if `call`, a descriptor or -1, can be read, somebody calls us away: then no longer
 * than DEADLINE_HURRY more. */
#define DEADLINE_HURRY 5 /* seconds */
int deadline_wait_called(int fd, short events, int call, int64_t deadline);

/* The same as deadline_wait(); -EINTR if `other`, a descriptor or -1, can be read and `fd` is not ready. */
int deadline_wait_either(int fd, short events, int other, int64_t deadline);

/* Seconds before the next try after so many failures in a row: `first`, doubled each time up to `most`, give or take a
 * half, so that many processes do not come at once. */
double deadline_back_off(unsigned failures, double first, double most);

/* Sleep so many microseconds.  Returns 0, or -ETIMEDOUT at once if the deadline would pass meanwhile. */
int deadline_sleep(int64_t microseconds, int64_t deadline);

#endif
