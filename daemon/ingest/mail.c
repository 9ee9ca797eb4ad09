/* mail.c - a message on its way.
 *
 * Used by the files of ingest/.  Promises that bytes, facts and strings of a mail are freed once, with it.
 */
#include "ingest/mail.h"

#include <errno.h>

#include <glib.h>

struct ingest_mail *ingest_mail_new(const struct store_source *source, int64_t deadline)
{
	struct ingest_mail *mail = g_new(struct ingest_mail, 1);

	*mail = (struct ingest_mail){.source = source_copy(source), .deadline = deadline};
	return mail;
}

void ingest_mail_free(struct ingest_mail *mail)
{
	if (mail == NULL)
		return;
	source_release(&mail->source);
	outcome_release(&mail->stored.outcome);
	outcome_release(&mail->outcome);
	g_free(mail->bytes);
	g_free(mail->reason);
	g_free(mail->facts);
	g_free(mail);
}

struct parser_mail ingest_mail_parsed(const struct ingest_mail *mail, size_t length)
{
	return (struct parser_mail){mail->bytes, length, mail->source.list_id};
}

void ingest_mail_end(struct ingest_mail *mail, const struct outcome *outcome)
{
	mail->outcome = *outcome;
	mail->stage = INGEST_OVER;
}

void ingest_mail_defer(struct ingest_mail *mail, const char *reason)
{
	outcome_set(&mail->outcome, OUTCOME_DEFERRED, "%s", reason);
	mail->stage = INGEST_OVER;
}

void ingest_mail_unread(struct ingest_mail *mail, int status)
{
	g_autofree char *reason = status == -ETIMEDOUT
	                                  ? g_strdup("the message was not read in time")
	                                  : g_strdup_printf("the message cannot be read: %s", g_strerror(-status));

	ingest_mail_defer(mail, reason);
}
