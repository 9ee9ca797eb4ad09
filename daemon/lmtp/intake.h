/* intake.h - the pipeline in a thread of its own, so that no client waits for another one's mail.
 *
 * The pipeline waits for the database now and then: to connect, and for a mail that has to be stored alone.  Mails
 * go to it and come back; while it has them they are its own.
 */
#ifndef PATCHMAILD_LMTP_INTAKE_H
#define PATCHMAILD_LMTP_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/outcome.h"
#include "base/spool.h"
#include "ingest/ingest.h"

/* A mail for some recipients.  It is stored once for each list. */
struct lmtp_mail {
	uint64_t connection, number; /* whose it is: the intake does not look at them */
	int64_t deadline;            /* of all that is done with it */
	char *sender;
	bool private;        /* `patchmaild deliver` handed it over */
	struct spool *spool; /* its bytes */
	GPtrArray *lists;    /* of list ids, no two the same; NULL: its List-Id says it.  They are its own */
	GArray *recipients;  /* of unsigned: for each recipient its list, by its place there */

	struct outcome *outcomes; /* of each list, once it is back */
	gint given_up; /* nobody waits for it any more (atomic): if it was not begun it comes back deferred */
};
struct lmtp_mail *lmtp_mail_new(void);
void lmtp_mail_free(struct lmtp_mail *mail);

struct lmtp_intake;

/* Start the thread.  The intake uses `ingest`, which stays the caller's, and nobody else may meanwhile.  NULL, and a
 * reason in words (the caller frees it). */
struct lmtp_intake *lmtp_intake_start(struct ingest *ingest, char **ret_reason);

/* Hand a mail over. */
void lmtp_intake_submit(struct lmtp_intake *intake, struct lmtp_mail *mail);

/* A descriptor that can be read when lmtp_intake_take() may have another one, and the next mail that is back, or NULL
 * (the caller frees it).  They may come in another order than they were handed over. */
int lmtp_intake_ready(const struct lmtp_intake *intake);
struct lmtp_mail *lmtp_intake_take(struct lmtp_intake *intake);

/* How many mails it has, back or not, and how many bytes of them are in memory. */
unsigned lmtp_intake_mails(const struct lmtp_intake *intake);
size_t lmtp_intake_bytes(const struct lmtp_intake *intake);

/* From now on the database is not waited for longer than DEADLINE_HURRY. */
void lmtp_intake_hurry(struct lmtp_intake *intake);

/* Wait for the mails that it has, and end the thread; those that are back are freed. */
void lmtp_intake_free(struct lmtp_intake *intake);

#endif
