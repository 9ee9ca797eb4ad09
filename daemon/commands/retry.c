/* retry.c - the command `retry`.
 *
 * Called by main.  Reads the mail in quarantine again that patchmail.retry() or patchmail.release() marked, one after
 * the other, and hands it to the database as what it is.  Whether it is released, and what leaves the quarantine, is
 * said there.
 */
#include "commands/retry.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include <glib.h>

#include "base/deadline.h"
#include "base/log.h"
#include "base/options.h"
#include "ingest/ingest.h"

const char retry_help[] =
	"usage: patchmaild [-c FILE] retry\n"
	"\n"
	"Tries the mails in quarantine again that patchmail.retry() or patchmail.release() marked, and prints\n"
	"how many had which outcome.  What is stored leaves the quarantine.  Stops at a mail that the database\n"
	"cannot take now, and ends with 75.\n";

struct retry {
	struct ingest ingest;
	uint64_t counts[OUTCOME_KINDS];
};

static ssize_t read_marked(void *context, char *buffer, size_t size, int64_t deadline)
{
	struct store_marked *rest = context;
	size_t length = MIN(size, rest->length);

	(void)deadline;
	memcpy(buffer, rest->raw, length);
	rest->raw += length;
	rest->length -= length;
	return (ssize_t)length;
}

static void report(int64_t id, const struct outcome *outcome)
{
	const struct outcome_rule *rule = outcome_rule(outcome->kind);
	const char *reason = outcome->reason != NULL ? outcome->reason : "no reason given";

	if (rule->step == OUTCOME_STAY)
		log_error("%" PRIi64 ": %s: %s; stopped here, repeat it", id, rule->name, reason);
	else if (!rule->kept || outcome->kind == OUTCOME_QUARANTINED)
		log_warning("%" PRIi64 ": %s: %s", id, rule->name, reason);
}

/* 0, or -EAGAIN if it is deferred. */
static int try_again(struct retry *retry, const struct store_marked *mail, int64_t deadline)
{
	struct store_source source = {
		.transport = "retry",
		.list_id = mail->list_id,
		.position = mail->position,
		.quarantine_id = mail->id,
	};
	struct store_marked rest = *mail;
	struct outcome outcome = {.kind = OUTCOME_DEFERRED};
	int status;

	ingest_message(&retry->ingest, read_marked, &rest, mail->length, &source, deadline, &outcome);
	retry->counts[outcome.kind]++;
	report(mail->id, &outcome);
	status = outcome_rule(outcome.kind)->step == OUTCOME_STAY ? -EAGAIN : 0;
	outcome_release(&outcome);
	return status;
}

/* The next one after `*id`: 1, 0 if there is none, or -EAGAIN. */
static int try_next(struct retry *retry, int64_t *id)
{
	int64_t deadline = deadline_after(retry->ingest.config.timeout);
	g_autofree char *reason = NULL;
	struct store_marked mail = {0};
	int status = store_next_marked(retry->ingest.store, *id, retry->ingest.config.max_message_size, deadline, &mail,
	                               &reason);

	if (status < 0)
		log_error("%s", reason);
	if (status <= 0)
		return status;
	*id = mail.id;
	if (mail.raw == NULL)
		log_warning("%" PRIi64 ": it is larger than %zu bytes (max_message_size), and stays as it is", mail.id,
		            retry->ingest.config.max_message_size);
	else
		status = try_again(retry, &mail, deadline);
	store_marked_release(&mail);
	return status < 0 ? status : 1;
}

int retry_run(const char *config_path, int count, char **arguments)
{
	struct options options = {.help = retry_help, .needs = "takes no arguments"};
	struct retry retry = {0};
	g_autofree char *reason = NULL;
	int status;
	int64_t id = 0;

	if (!options_read(&options, count, arguments, &reason))
		return options_end(g_steal_pointer(&reason));
	status = ingest_init(&retry.ingest, config_path, &reason);
	if (status < 0) {
		log_error("%s", reason);
	} else {
		do
			status = try_next(&retry, &id);
		while (status > 0);
		g_autofree char *summary = outcome_count_text(retry.counts);

		puts(summary);
	}
	ingest_release(&retry.ingest);
	return status < 0 ? EX_TEMPFAIL : EX_OK;
}
