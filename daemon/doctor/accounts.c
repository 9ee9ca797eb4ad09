/* accounts.c - looks at the IMAP accounts.
 *
 * Used by the command doctor.
 */
#include "doctor/accounts.h"

#include <stdbool.h>

#include "doctor/settings.h"
#include "imap/session.h"

#define PATIENCE 20 /* seconds that a server may be silent while somebody waits for the doctor */

/* An account that is looked at. */
struct look {
	struct findings *findings;
	const struct imap_account *account;
	char *subject, *place; /* of its findings, and where it is configured */
};

/* Open each mailbox that is named; how many there are, or -1 after a finding. */
static int look_at_mailboxes(const struct look *look, struct imap_session *session)
{
	const struct imap_account *account = look->account;
	int found = 0;

	for (unsigned i = 0; i < account->mailboxes->len; i++) {
		const struct imap_account_mailbox *mailbox = g_ptr_array_index(account->mailboxes, i);
		g_autofree char *reason = NULL;
		struct imap_mailbox state;

		if (mailbox->pattern)
			continue;
		if (imap_session_select(session, mailbox->name, true, &state, &reason) < 0) {
			findings_say(look->findings, FINDING_FAILURE, look->subject, look->place,
			             "the mailbox %s cannot be opened: %s", mailbox->name, reason);
			return -1;
		}
		found++;
	}
	return found;
}

static void look_at_session(const struct look *look, struct imap_session *session)
{
	g_autofree char *reason = NULL;
	int status = imap_session_log_in(session, look->account, -1, &reason), mailboxes;

	if (status < 0) {
		findings_say(look->findings, FINDING_FAILURE, look->subject, look->place, "no login at %s: %s",
		             look->account->host, reason);
		return;
	}
	mailboxes = look_at_mailboxes(look, session);
	if (mailboxes >= 0)
		findings_say(look->findings, FINDING_OK, look->subject, NULL,
		             "%s lets us in, %d of its mailboxes are there", look->account->host, mailboxes);
}

static void look_at_account(const struct look *look)
{
	const struct imap_account *account = look->account;
	const struct imap_endpoint endpoint = {
		.host = account->host,
		.port = account->port,
		.tls = account->tls,
		.ca_file = account->ca_file,
		.silence = MIN(account->command_timeout, PATIENCE),
		.call = -1,
	};
	struct imap_session *session = NULL;
	g_autofree char *reason = NULL;

	if (imap_session_open(&endpoint, &session, &reason) < 0) {
		findings_say(look->findings, FINDING_FAILURE, look->subject, look->place, "no connection to %s: %s",
		             account->host, reason);
		return;
	}
	look_at_session(look, session);
	imap_session_free(session);
}

void doctor_look_at_accounts(struct findings *findings, const struct config *config)
{
	g_autoptr(GPtrArray) names = doctor_groups(config, "imap");

	for (unsigned i = 0; i < names->len; i++) {
		const char *name = g_ptr_array_index(names, i);
		g_autofree char *reason = NULL;
		struct imap_account *account = config_imap_account(config, name, &reason);
		struct look look = {findings, account, g_strdup_printf("account %s", name),
		                    doctor_place(config, "imap", name)};

		if (account)
			look_at_account(&look);
		else
			findings_add(findings, FINDING_FAILURE, look.subject, reason, look.place);
		imap_account_free(account);
		g_free(look.subject);
		g_free(look.place);
	}
}
