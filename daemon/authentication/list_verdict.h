/* list_verdict.h - who sent a mail, by the settings of each of its lists. */
#ifndef PATCHMAILD_LIST_VERDICT_H
#define PATCHMAILD_LIST_VERDICT_H

#include <glib.h>

#include "authentication/authentication.h"
#include "authentication/trust.h"
#include "mail/message.h"

#define LIST_VERDICTS_MOST 8 /* different settings of its lists by which one mail is read */

/* What is known of the sender by the settings of some of a mail's lists. */
struct list_verdict {
	GPtrArray *list_ids; /* of char *, each once */
	struct authentication authentication;
};

/* Reach the verdicts on a mail of which only its header says by what lists it came: anybody may write a List-Id, so
 * each list's settings count for that list alone.  `list_ids` is as list_id_read() gives it.  *ret_whole, which the
 * caller releases, is by the settings that all of the lists have; if these differ, by nobody's word.  Gives a GPtrArray
 * of struct list_verdict that the caller unrefs: one for each of the settings if they differ, else none.  Lists with
 * more settings than are read are a problem of the message. */
GPtrArray *list_verdict_read(struct message *message, const struct authentication_author *author,
                             const struct trust_settings *settings, const GPtrArray *list_ids,
                             struct authentication *ret_whole);

#endif
