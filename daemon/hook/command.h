/* command.h - hands events to a command. */
#ifndef PATCHMAILD_HOOK_COMMAND_H
#define PATCHMAILD_HOOK_COMMAND_H

#include <glib.h>

#include "database/hook.h"
#include "settings/hook_settings.h"

#define HOOK_COMMAND_GRACE 2 /* seconds between SIGTERM and SIGKILL, for one that takes too long */

/* Run it once: a line of JSON an event (struct hook_event) on its standard input, its name in PATCHMAILD_HOOK.  Exit
 * status 0 is that it has dealt with all of them, whether it read them or not.  0 and what became of them (to be
 * released by the caller); -EINTR if we were called away (`call` can be read) before that was known: then it is ended,
 * and so it is after the timeout, with all that it started in its process group. */
int hook_command_run(const struct hook_settings *settings, const GPtrArray *events, int call,
                     struct hook_result *ret_result);

#endif
