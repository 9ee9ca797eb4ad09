/* resolve.h - looks up the addresses of a name, to a deadline.  libc's own look-up has none. */
#ifndef PATCHMAILD_RESOLVE_H
#define PATCHMAILD_RESOLVE_H

#include <netdb.h>
#include <stdbool.h>
#include <stdint.h>

struct resolve;

/* Begin to look up `host`; waits for nothing.  `port` may be NULL, `flags` are those of getaddrinfo(3). */
struct resolve *resolve_start(const char *host, const char *port, int flags);

/* Wait until it is done; false if that takes longer. */
bool resolve_wait(const struct resolve *lookup, int64_t deadline);

/* Wait for the addresses, of SOCK_STREAM; to be called once.  0 (the caller frees them with freeaddrinfo()), or
 * -ETIMEDOUT or -ENOENT and a reason in words (the caller frees it).  `call` as in deadline_wait_called(). */
int resolve_finish(struct resolve *lookup, int call, int64_t deadline, struct addrinfo **ret_addresses,
                   char **ret_reason);

/* Is it an address of this machine alone? */
bool resolve_is_loopback(const struct sockaddr *address);

/* Also while it goes on; NULL is fine. */
void resolve_free(struct resolve *lookup);

#endif
