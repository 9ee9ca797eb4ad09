/* service.h - serves a hook: takes it, hears of events, delivers them, tells the database what became of them, and
 * begins anew when anything fails. */
#ifndef PATCHMAILD_HOOK_SERVICE_H
#define PATCHMAILD_HOOK_SERVICE_H

#include <stdbool.h>

#include "database/store.h"
#include "hook/receiver.h"
#include "service/end.h"
#include "settings/hook_settings.h"

struct hook_service;

/* Nothing connects yet; from now on SIGTERM, SIGINT and SIGHUP are the service's.  `hook`, its name, stays the
 * caller's.  `once`: deliver what is due, and end. */
struct hook_service *hook_service_new(const char *hook, bool once);

/* Also tells the database what it does not know yet, and gives the hook back. */
void hook_service_free(struct hook_service *service);

/* A descriptor that can be read when a signal has come: for store_set_call() and hook_receiver_new(). */
int hook_service_call(const struct hook_service *service);

/* Serve the hook with these, which stay the caller's until it hands in others or frees the service.  `timeout`: seconds
 * for a statement. */
void hook_service_use(struct hook_service *service, struct store *store, unsigned timeout,
                      const struct hook_settings *settings, struct hook_receiver *receiver);

/* Serve it until one of these ends.  Logs and reports by itself what fails. */
enum service_end hook_service_follow(struct hook_service *service);

#endif
