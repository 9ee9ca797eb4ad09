/* visit.h - one visit of one mailbox: which mails have not been taken, take each, and do with it what the account
 * says. */
#ifndef PATCHMAILD_IMAP_VISIT_H
#define PATCHMAILD_IMAP_VISIT_H

#include <stdbool.h>

#include "imap/duty.h"
#include "imap/look.h"
#include "imap/session.h"
#include "imap/tally.h"
#include "ingest/ingest.h"
#include "settings/imap_account.h"

/* What a visit works with; everything is the caller's. */
struct imap_visitor {
	const struct imap_account *account;
	struct imap_session *session; /* logged in */
	struct ingest *ingest;
	struct imap_duty *duty; /* whose lease is taken */
	struct imap_tally *tally;
	bool report_unopened; /* log mailboxes that the server does not open, or that are of no list */
	const char *server;   /* whose mail it is, and where: "USER at HOST" */
	bool report_deferred; /* log how many mails are left for a later visit */
};

/* Take everything of a mailbox that has not been taken, and leave it open; `place` is what is remembered of it, all
 * zero at first.  0, also if the server does not open it, if a mail is deferred, or if the server does not do with a
 * mail what the account wants: all that is counted as pending.  -EAGAIN if the connection or the database fails, or if
 * no mail can be stored, with a reason in words (the caller frees it): the session may be sound
 * (imap_session_is_sound()); -EINTR if duty calls, without one. */
int imap_visit(const struct imap_visitor *visitor, const struct imap_account_mailbox *mailbox, struct imap_place *place,
               char **ret_reason);

#endif
