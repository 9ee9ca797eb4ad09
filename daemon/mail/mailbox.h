/* mailbox.h - a display name and an address (RFC 5322 section 3.4), in every form that is seen. */
#ifndef PATCHMAILD_MAILBOX_H
#define PATCHMAILD_MAILBOX_H

#include <stdbool.h>
#include <gmime/gmime.h>

#include "mail/header.h"

struct mailbox {
	char *name;  /* decoded display name, NULL without one */
	char *email; /* addr-spec, see address_in_ascii(); NULL in an unset mailbox */
};

/* Read the first mailbox of a raw value: `"Name" <a@b>`, `a at b (Name)`, `a@b (Name)`, a bare address; the value may
 * be one encoded word as a whole.  False if there is no address; the caller releases it. */
bool mailbox_read(const char *raw, struct mailbox *ret_mailbox);
void mailbox_release(struct mailbox *mailbox); /* its contents */
void mailbox_free(void *data);                 /* itself, for containers */

/* All mailboxes of an address list (Reply-To, Cc), those in groups left out: a GPtrArray of struct mailbox that the
 * caller unrefs. */
GPtrArray *mailbox_list(const char *raw);

/* Does a text look like an address: one word with something at both sides of its last @? */
bool mailbox_is_address(const char *text);

/* What GMime reads of a mended value (header_mend); NULL if it is too long or has too many colons for it. */
InternetAddressList *mailbox_parse(const char *value);

#endif
