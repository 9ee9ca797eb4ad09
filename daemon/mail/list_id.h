/* list_id.h - the lists that a mail names (RFC 2919, and fields from before it). */
#ifndef PATCHMAILD_LIST_ID_H
#define PATCHMAILD_LIST_ID_H

#include <glib.h>

#include "mail/header.h"

struct list_id {
	const char *field; /* "List-Id", "X-Mailing-List", "X-List" */
	char *id;
};

/* Each in its order: those of List-Id, then of X-Mailing-List, then of X-List; what stands in a field's last <...>,
 * else its value if that is one word.  A GPtrArray of struct list_id that the caller unrefs. */
GPtrArray *list_id_read(const struct header_list *headers);

#endif
