/* hosts.h - the servers that a connection string of libpq names, an entry for each address, in the order in which libpq
 * tries them. */
#ifndef PATCHMAILD_HOSTS_H
#define PATCHMAILD_HOSTS_H

#include <stdbool.h>
#include <stdint.h>

#include <libpq-fe.h>

struct hosts;

/* What holds if the options of a connection string say nothing: the service file, the environment, libpq's
 * defaults.  The caller frees them with PQconninfoFree(). */
PQconninfoOption *hosts_defaults(const PQconninfoOption *options);

/* The value of an option, NULL if nothing says it; owned by the options. */
const char *hosts_option(const PQconninfoOption *options, const PQconninfoOption *defaults, const char *name);

/* From the options of a connection string.  Begins to look up the names that have no address, and waits for nothing. */
struct hosts *hosts_new(const PQconninfoOption *options, const PQconninfoOption *defaults);
void hosts_free(struct hosts *hosts);

/* Wait until every name is looked up; each has an equal share of the time that is left, and one that is not found is
 * left out.  0, or -EAGAIN and a reason in words (the caller frees it) where nothing is left. */
int hosts_finish(struct hosts *hosts, int call, int64_t deadline, char **ret_reason);

/* Wait until hosts_finish() has nothing to wait for.  False if that takes longer. */
bool hosts_wait(const struct hosts *hosts, int64_t deadline);

unsigned hosts_count(const struct hosts *hosts);

/* Which one a connection that is being made is at; `from` is the one that it was at before. */
unsigned hosts_position(const struct hosts *hosts, unsigned from, const PGconn *handle);

/* Leave one out from now on.  False where none is left then. */
bool hosts_strike(struct hosts *hosts, unsigned position);

/* Is the list another one than that of the connection string?  Then these are the values of libpq's keywords `host`,
 * `hostaddr` and `port` for it; NULL if there is none to be given.  The caller frees them. */
bool hosts_differ(const struct hosts *hosts);
void hosts_values(const struct hosts *hosts, char **ret_host, char **ret_hostaddr, char **ret_port);

#endif
