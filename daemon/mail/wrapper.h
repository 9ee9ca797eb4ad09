/* wrapper.h - a mail that a list put into another one, because of its author's DMARC policy. */
#ifndef PATCHMAILD_WRAPPER_H
#define PATCHMAILD_WRAPPER_H

#include <stdbool.h>

#include "mail/author.h"
#include "mail/header.h"
#include "mail/message.h"

/* The mail within. */
struct wrapper {
	struct header_list headers;
	struct author author;
};

/* If a list wrapped a mail in this one, whose author is `author`: true, the body of the message is that of the mail
 * within from now on, and the caller releases the wrapper.  Else false, and nothing has changed. */
bool wrapper_open(struct message *message, const struct author *author, struct wrapper *ret_wrapper);
void wrapper_release(struct wrapper *wrapper);

#endif
