/* receiver.h - who gets the events of a hook: a URL or a command. */
#ifndef PATCHMAILD_HOOK_RECEIVER_H
#define PATCHMAILD_HOOK_RECEIVER_H

#include <glib.h>

#include "database/hook.h"
#include "settings/hook_settings.h"

struct hook_receiver;

/* As these settings say, which stay the caller's; reads the secrets.  `call`: a descriptor that can be read when
 * somebody calls us away.  NULL, and a reason in words, one line (the caller frees it). */
struct hook_receiver *hook_receiver_new(const struct hook_settings *settings, int call, char **ret_reason);
void hook_receiver_free(struct hook_receiver *receiver);

/* How many events a delivery may have. */
unsigned hook_receiver_most(const struct hook_receiver *receiver);

/* Deliver the first of these events (struct hook_event), or all of them if a delivery may have so many.  How many the
 * result is about, which the caller releases; -EINTR if we were called away before it was known. */
int hook_receiver_deliver(struct hook_receiver *receiver, const GPtrArray *events, struct hook_result *ret_result);

#endif
