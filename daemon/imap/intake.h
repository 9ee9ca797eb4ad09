/* intake.h - mails on their way from a mailbox to the commit, many at a time: asked for, read, given to the pipeline,
 * and after that done with as the account says.
 *
 * Every mail is noted in the database before it is asked for (patchmail.expect_uids), and stays noted until it is
 * taken.  So it makes no difference in what order the server gives mails, or the database takes them, nor where it
 * ends.
 */
#ifndef PATCHMAILD_IMAP_INTAKE_H
#define PATCHMAILD_IMAP_INTAKE_H

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>

#include "database/store.h"
#include "service/duty.h"
#include "imap/session.h"
#include "service/tally.h"
#include "ingest/ingest.h"
#include "settings/imap_account.h"

#define IMAP_INTAKE_DROPPED ((size_t)1024 * 1024) /* bytes of an answer that are read though nobody wants them now */
#define IMAP_INTAKE_MOST 128  /* mails that are asked for at a time: the first time one, and then ever more */
#define IMAP_INTAKE_REFUSED 3 /* mails in a row that are refused: it is not they */
#define IMAP_INTAKE_TROUBLE 2 /* the same, if the server says that the trouble is its own */

/* What a visit works with; everything is the caller's. */
struct imap_visitor {
	const struct imap_account *account;
	struct imap_session *session; /* logged in */
	struct ingest *ingest;
	struct service_duty *duty; /* whose lease is taken */
	struct service_tally *tally;
	bool alone;           /* the account has one mailbox only */
	bool report_unopened; /* log mailboxes that the server does not open, or that are of no list */
	const char *server;   /* whose mail it is, and where: "USER at HOST" */
	bool report_deferred; /* log how many mails are left for a later visit */
};

struct imap_intake {
	const struct imap_visitor *visitor;
	struct store_source source; /* of the mail at work; of none in particular: its mailbox */
	uint32_t next;              /* the UID after the last mail's, 0 if the server does not say */
	uint32_t highest;           /* of the mails that have been taken, or are known to be taken; or 0 */
	bool renewed;               /* the mailbox is read anew: what has an outcome may have had one */
	GQueue flying;              /* UIDs of the mails that the pipeline has, in its order */
	GArray *unsettled;          /* of uint32_t: committed, and something is still to be done with them */
	unsigned portion;           /* how many are asked for next */
	unsigned uneven;            /* how often the server left mails out that were asked for together */
	unsigned refused;           /* mails in a row that the server does not hand over */
	unsigned undone;            /* mails with which the server did not do what the account wants */
};

/* `source` has all but the UID; what it points to stays the caller's, and must stay there. */
void imap_intake_init(struct imap_intake *intake, const struct imap_visitor *visitor, const struct store_source *source,
                      uint32_t next);

/* The connection has failed: what has come whole is taken all the same, if the database works. */
void imap_intake_rescue(struct imap_intake *intake);

/* Give up what is on its way, if anything is: it may be stored or not. */
void imap_intake_release(struct imap_intake *intake);

/* All of these: 0; -EAGAIN if the connection or the database fails, or the server refuses mails for a reason that is
 * not theirs, with a reason in words (the caller frees it); -EINTR if duty calls, without one.  A mail that is gone,
 * withheld or deferred is no failure; one over which the connection fails is withheld, and the next visit begins with
 * others. */

/* Take these mails, in the order of their UIDs. */
int imap_intake_take(struct imap_intake *intake, struct imap_uids mails, char **ret_reason);

/* Take one that the server did not hand over before; 1 if such ones need not be asked for now. */
int imap_intake_take_withheld(struct imap_intake *intake, uint32_t uid, char **ret_reason);

/* These have been taken before; do with them what the account says. */
int imap_intake_settle(struct imap_intake *intake, struct imap_uids mails, char **ret_reason);

/* Wait until everything has its outcome, and do what is to be done then. */
int imap_intake_finish(struct imap_intake *intake, char **ret_reason);

#endif
