/* accounts.h - looks at the IMAP accounts: can we log in, and are the mailboxes there? */
#ifndef PATCHMAILD_DOCTOR_ACCOUNTS_H
#define PATCHMAILD_DOCTOR_ACCOUNTS_H

#include "doctor/findings.h"
#include "settings/configuration.h"

/* Log in to each account of the configuration, and look at its mailboxes without changing anything (EXAMINE).  The
 * account is not taken from whoever follows it. */
void doctor_look_at_accounts(struct findings *findings, const struct config *config);

#endif
