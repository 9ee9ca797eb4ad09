/* notify.h - what the service reports to systemd and the journal; without them nothing, and plain lines. */
#ifndef PATCHMAILD_NOTIFY_H
#define PATCHMAILD_NOTIFY_H

#include <stdint.h>
#include <glib.h>

#include "base/outcome.h"

void notify_ready(void);
void notify_reloading(void);
void notify_stopping(void);

/* For `systemctl status`. */
void notify_status(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* Say that we are alive; call it more often than every notify_interval(). */
void notify_alive(void);

/* Microseconds that may pass between two signs of life, half of what systemd waits; a long time if nobody waits. */
int64_t notify_interval(void);

/* What became of a mail of an IMAP mailbox: into the journal with fields (patchmaild(8)), or a line on stderr if it is
 * something that an admin should see. */
struct notify_mail {
	const char *account, *mailbox;
	uint32_t uid;
};
void notify_outcome(const struct notify_mail *mail, const struct outcome *outcome);

/* What became of a mail of an archive that is followed: likewise.  What `position` holds is escaped. */
struct notify_archived {
	const char *archive, *position;
};
void notify_archived(const struct notify_archived *mail, const struct outcome *outcome);

/* What became of a mail that came by LMTP: likewise, but for what the client is told he says it himself.  `list_id` is
 * what the recipient says, or NULL; `sender` that of its envelope.  What they hold is escaped. */
struct notify_delivered {
	const char *sender, *list_id;
};
void notify_delivered(const struct notify_delivered *mail, const struct outcome *outcome);

/* What became of an event of a hook, if an admin should see it: likewise.  `outcome` and `reason` are in words; what
 * they hold is escaped. */
struct notify_event {
	const char *hook, *id;
	int64_t position;
};
void notify_delivery(const struct notify_event *event, const char *outcome, const char *reason);

#endif
