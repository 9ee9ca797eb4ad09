/* signals.h - the signals of a service: to end, or to read its configuration anew. */
#ifndef PATCHMAILD_SIGNALS_H
#define PATCHMAILD_SIGNALS_H

#include <stdbool.h>

/* From now on SIGTERM, SIGINT and SIGHUP interrupt nothing: a descriptor, the caller's, can be read when one has
 * come. */
int signals_open(void);

/* See which have come: SIGTERM or SIGINT set *stopping, SIGHUP *reloading; nothing clears them. */
void signals_take(int signals, bool *stopping, bool *reloading);

#endif
