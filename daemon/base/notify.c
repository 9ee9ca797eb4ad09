/* notify.c - what the service reports to systemd and the journal.
 *
 * Used by the services and their commands.
 */
#include "base/notify.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/systemd.h"

/* What the journal knows these by: a mail has an outcome, a delivery to a hook has one; systemd/patchmaild.catalog. */
#define EVENT_OUTCOME "082e6ba14f0144719c394c3279a737b8"
#define EVENT_DELIVERY "c1d0e9a26b7f4f0d9a8e35f6b2c4d713"
#define EVENT_ARCHIVED "6f1d2c7b9be944b0a3d05c8e17f4a962"
#define EVENT_LMTP "5b6f0c9d3f7e4d0c8a1be1c2a9d47f60"

void notify_ready(void)
{
	sd_notify(0, "READY=1");
}

void notify_reloading(void)
{
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIi64, g_get_monotonic_time());
}

void notify_stopping(void)
{
	sd_notify(0, "STOPPING=1");
}

void notify_status(const char *format, ...)
{
	g_autofree char *text = NULL, *line = NULL;
	va_list arguments;

	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	line = log_first_line(text);
	sd_notifyf(0, "STATUS=%s", line);
}

void notify_alive(void)
{
	sd_notify(0, "WATCHDOG=1");
}

int64_t notify_interval(void)
{
	uint64_t wait = 0;

	return sd_watchdog_enabled(0, &wait) > 0 ? (int64_t)(wait / 2) : (int64_t)G_USEC_PER_SEC * 3600;
}

/* syslog's numbers. */
static int priority_of(const struct outcome *outcome)
{
	switch (outcome_rule(outcome->kind)->step) {
	case OUTCOME_STAY:
		return 4;
	case OUTCOME_NEXT_LOGGED:
		return 5;
	default:
		return outcome->kind == OUTCOME_QUARANTINED ? 4 : 6;
	}
}

/* Is stderr the journal, and can we give it fields? */
static bool has_journal(void)
{
	return HAVE_SYSTEMD && g_getenv("JOURNAL_STREAM") != NULL;
}

void notify_outcome(const struct notify_mail *mail, const struct outcome *outcome)
{
	const char *name = outcome_rule(outcome->kind)->name, *reason = outcome->reason ? outcome->reason : "";
	g_autofree char *said = log_first_line(reason), *box = log_escape(mail->mailbox, strlen(mail->mailbox));
	g_autofree char *id = log_first_line(outcome->message_id ? outcome->message_id : "");
	g_autofree char *projects = log_first_line(outcome->projects ? outcome->projects : "");
	int priority = priority_of(outcome);

	if (has_journal())
		sd_journal_send("MESSAGE=%s %s UID %" PRIu32 ": %s%s%s", mail->account, box, mail->uid, name,
		                *said ? ": " : "", said, "MESSAGE_ID=" EVENT_OUTCOME, "PRIORITY=%d", priority,
		                "ACCOUNT=%s", mail->account, "MAILBOX=%s", box, "UID=%" PRIu32, mail->uid,
		                "MAIL_MESSAGE_ID=%s", id, "PROJECT=%s", projects, "OUTCOME=%s", name, "REASON=%s", said,
		                NULL);
	else if (priority < 6)
		log_warning("%s %s UID %" PRIu32 ": %s: %s", mail->account, mail->mailbox, mail->uid, name, reason);
}

void notify_archived(const struct notify_archived *mail, const struct outcome *outcome)
{
	const char *name = outcome_rule(outcome->kind)->name;
	g_autofree char *said = log_first_line(outcome->reason ? outcome->reason : "");
	g_autofree char *position = log_escape(mail->position, strlen(mail->position));
	g_autofree char *id = log_first_line(outcome->message_id ? outcome->message_id : "");
	g_autofree char *projects = log_first_line(outcome->projects ? outcome->projects : "");
	int priority = priority_of(outcome);

	if (has_journal())
		sd_journal_send("MESSAGE=%s %s: %s%s%s", mail->archive, position, name, *said ? ": " : "", said,
		                "MESSAGE_ID=" EVENT_ARCHIVED, "PRIORITY=%d", priority, "ARCHIVE=%s", mail->archive,
		                "POSITION=%s", position, "MAIL_MESSAGE_ID=%s", id, "PROJECT=%s", projects, "OUTCOME=%s",
		                name, "REASON=%s", said, NULL);
	else if (priority < 6)
		log_warning("%s %s: %s: %s", mail->archive, mail->position, name, said);
}

void notify_delivered(const struct notify_delivered *mail, const struct outcome *outcome)
{
	const char *name = outcome_rule(outcome->kind)->name;
	g_autofree char *said = log_first_line(outcome->reason ? outcome->reason : "");
	g_autofree char *sender = log_first_line(mail->sender),
			*list = log_first_line(mail->list_id ? mail->list_id : "");
	g_autofree char *id = log_first_line(outcome->message_id ? outcome->message_id : "");
	g_autofree char *projects = log_first_line(outcome->projects ? outcome->projects : "");
	int priority = priority_of(outcome);

	if (has_journal())
		sd_journal_send("MESSAGE=lmtp from=<%s>%s%s: %s%s%s", sender, *list ? " list=" : "", list, name,
		                *said ? ": " : "", said, "MESSAGE_ID=" EVENT_LMTP, "PRIORITY=%d", priority, "SENDER=%s",
		                sender, "LIST_ID=%s", list, "MAIL_MESSAGE_ID=%s", id, "PROJECT=%s", projects,
		                "OUTCOME=%s", name, "REASON=%s", said, NULL);
	else if (priority < 6)
		log_warning("lmtp from=<%s>%s%s: %s: %s", mail->sender, *list ? " list=" : "", list, name, said);
}

void notify_delivery(const struct notify_event *event, const char *outcome, const char *reason)
{
	g_autofree char *said = log_first_line(reason);

	if (has_journal())
		sd_journal_send("MESSAGE=hook %s event %s: %s: %s", event->hook, event->id, outcome, said,
		                "MESSAGE_ID=" EVENT_DELIVERY, "PRIORITY=4", "HOOK=%s", event->hook, "EVENT=%s",
		                event->id, "POSITION=%" PRId64, event->position, "OUTCOME=%s", outcome, "REASON=%s",
		                said, NULL);
	else
		log_warning("hook %s event %s: %s: %s", event->hook, event->id, outcome, said);
}
