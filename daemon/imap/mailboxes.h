/* mailboxes.h - the mailboxes of a round: those that the account names, and those that its patterns match. */
#ifndef PATCHMAILD_IMAP_MAILBOXES_H
#define PATCHMAILD_IMAP_MAILBOXES_H

#include <stdbool.h>
#include <glib.h>

#include "imap/session.h"
#include "settings/imap_account.h"

struct imap_mailboxes;

/* No mailbox yet. */
struct imap_mailboxes *imap_mailboxes_new(void);
void imap_mailboxes_free(struct imap_mailboxes *mailboxes);

/* The account may be another one from now on. */
void imap_mailboxes_reset(struct imap_mailboxes *mailboxes);

/* See which mailboxes there are; without patterns the server is not asked.  Reports what patterns bring and do not
 * bring, each thing once.  0, and how many patterns brought nothing; -EAGAIN, and then the mailboxes are those of
 * before. */
int imap_mailboxes_look(struct imap_mailboxes *mailboxes, const struct imap_account *account,
                        struct imap_session *session, unsigned *ret_missing, char **ret_reason);

/* Of struct imap_account_mailbox, each mailbox once; none is a pattern.  In the order of the configuration; of a
 * pattern the highest numbers first, so that the newest one of those that are numbered comes first.  Stays until the
 * next look. */
const GPtrArray *imap_mailboxes_all(const struct imap_mailboxes *mailboxes);

/* Did the last look find one that the look before did not? */
bool imap_mailboxes_grew(const struct imap_mailboxes *mailboxes);

#endif
