/* post.h - posts events to a URL. */
#ifndef PATCHMAILD_HOOK_POST_H
#define PATCHMAILD_HOOK_POST_H

#include <glib.h>

#include "database/hook.h"
#include "settings/hook_settings.h"

#define HOOK_ANSWER_MAX 65536 /* bytes of an answer, header and body; its status counts, the rest is not read */
#define HOOK_CONNECT 10       /* seconds for connecting, or the whole timeout if that is less */

struct hook_post;

/* To the URL of these settings, which stay the caller's; `secrets` too.  `call`: a descriptor that can be read when
 * somebody calls us away.  Connects nothing yet. */
struct hook_post *hook_post_new(const struct hook_settings *settings, const GPtrArray *secrets, int call);
void hook_post_free(struct hook_post *post);

/* Post one event, and wait for what the receiver answers.  0 and what became of it (to be released by the caller);
 * -EINTR if we were called away before that was known. */
int hook_post_deliver(struct hook_post *post, const struct hook_event *event, struct hook_result *ret_result);

#endif
