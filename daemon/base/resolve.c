/* resolve.c - looks up the addresses of a name.
 *
 * Used by connection.c through hosts.c, and by imap/stream.c.  getaddrinfo() cannot be interrupted, so each look-up has
 * a thread; one that comes too late for anybody is left to itself, and ends with libc's own time limit or the process.
 */
#include "base/resolve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <glib.h>

#include "base/deadline.h"

struct resolve {
	gatomicrefcount users; /* the caller, and the thread */
	char *host, *port;
	int flags;
	int done; /* an eventfd, that can be read when the rest is there */
	int failure;
	struct addrinfo *addresses;
};

static void drop(struct resolve *lookup)
{
	if (!g_atomic_ref_count_dec(&lookup->users))
		return;
	if (lookup->addresses)
		freeaddrinfo(lookup->addresses);
	if (lookup->done >= 0)
		close(lookup->done);
	g_free(lookup->host);
	g_free(lookup->port);
	g_free(lookup);
}

static void *look_up(void *context)
{
	struct resolve *lookup = context;
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = lookup->flags};

	lookup->failure = getaddrinfo(lookup->host, lookup->port, &hints, &lookup->addresses);
	eventfd_write(lookup->done, 1);
	drop(lookup);
	return NULL;
}

static bool start_thread(struct resolve *lookup)
{
	pthread_attr_t attributes;
	pthread_t thread;
	bool started;

	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	g_atomic_ref_count_inc(&lookup->users);
	started = pthread_create(&thread, &attributes, look_up, lookup) == 0;
	pthread_attr_destroy(&attributes);
	if (!started)
		drop(lookup);
	return started;
}

struct resolve *resolve_start(const char *host, const char *port, int flags)
{
	struct resolve *lookup = g_new0(struct resolve, 1);

	g_atomic_ref_count_init(&lookup->users);
	lookup->host = g_strdup(host);
	lookup->port = g_strdup(port);
	lookup->flags = flags;
	lookup->done = eventfd(0, EFD_CLOEXEC);
	if (lookup->done >= 0 && !start_thread(lookup)) {
		lookup->failure = EAI_AGAIN;
		eventfd_write(lookup->done, 1);
	}
	return lookup;
}

bool resolve_wait(const struct resolve *lookup, int64_t deadline)
{
	return lookup->done < 0 || deadline_wait(lookup->done, POLLIN, deadline) == 0;
}

int resolve_finish(struct resolve *lookup, int call, int64_t deadline, struct addrinfo **ret_addresses,
                   char **ret_reason)
{
	int failure = EAI_AGAIN;

	if (lookup->done >= 0 && deadline_wait_called(lookup->done, POLLIN, call, deadline) < 0) {
		*ret_reason = g_strdup_printf("%s: its address was not found in time", lookup->host);
		return -ETIMEDOUT;
	}
	if (lookup->done >= 0)
		failure = lookup->failure;
	if (failure != 0) {
		*ret_reason = g_strdup_printf("%s: %s", lookup->host, gai_strerror(failure));
		return -ENOENT;
	}
	*ret_addresses = g_steal_pointer(&lookup->addresses);
	return 0;
}

void resolve_free(struct resolve *lookup)
{
	if (lookup)
		drop(lookup);
}

bool resolve_is_loopback(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET)
		return (ntohl(((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr) >> 24) == 127;
	return address->sa_family == AF_INET6 &&
	       IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr);
}
