/* visit.h - one visit of one mailbox: which mails have not been taken, take each, and do with it what the account
 * says. */
#ifndef PATCHMAILD_IMAP_VISIT_H
#define PATCHMAILD_IMAP_VISIT_H

#include <stdbool.h>

#include "imap/intake.h"
#include "imap/look.h"
#include "settings/imap_account.h"

/* Take everything of a mailbox that has not been taken, and leave it open; `place` is what is remembered of it, all
 * zero at first.  0, also if the server does not open it, if a mail is deferred, or if the server does not do with a
 * mail what the account wants: all that is counted as pending.  -EAGAIN if the connection or the database fails, or if
 * no mail can be stored, with a reason in words (the caller frees it): the session may be sound
 * (imap_session_is_sound()); -EINTR if duty calls, without one. */
int imap_visit(const struct imap_visitor *visitor, const struct imap_account_mailbox *mailbox, struct imap_place *place,
               char **ret_reason);

#endif
