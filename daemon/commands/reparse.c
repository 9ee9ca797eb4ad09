/* reparse.c - the command `reparse`.
 *
 * Called by main.  Has the mails whose bytes are kept, or those of files, parsed again while others are applied, one a
 * transaction, in their order.  Promises bounded memory, and that it may be begun anew wherever it was stopped: what is
 * in line already does not differ any more.
 */
#include "commands/reparse.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include <glib.h>

#include "archive/archive.h"
#include "base/deadline.h"
#include "base/log.h"
#include "base/options.h"
#include "database/raw.h"
#include "database/store.h"
#include "ingest/ingest.h"
#include "mail/limits.h"
#include "parser/pool.h"
#include "settings/configuration.h"

const char reparse_help[] =
	"usage: patchmaild [-c FILE] reparse [--database CONNINFO] [--project P] [--since DATE] [--dry-run]\n"
	"                                    [--list-id ID] [PATH...]\n"
	"\n"
	"Parses stored mail again and applies what is read differently today: of the mails whose bytes the\n"
	"database keeps, or of those in each PATH, which is what `import` takes.\n"
	"Prints a line for each value that differs, and at the end how many mails there were.  What people\n"
	"changed stays.  May be stopped, and repeated.\n"
	"\n"
	"  --database CONNINFO  connect so, and not as the configuration says: as a role that may repair\n"
	"  --project P          only the mail of the project with that linkname\n"
	"  --since DATE         only mail that arrived then or later\n"
	"  --dry-run            only print what would be done\n"
	"  --list-id ID         the list that the mails in PATH came by\n";

/* What is in memory at a time: so many mails, so many bytes of them, and one mail more. */
#define REPARSE_MAILS 100
#define REPARSE_BYTES (32u * 1024 * 1024)

#define REPARSE_SHOWN 200 /* characters of a value */

/* A mail at work. */
struct work {
	char *bytes;
	size_t length;
	char *source; /* of struct raw_mail; NULL: it is from a file */
	char *name;   /* its Message-ID, or the file and where it begins there */
};

struct reparse {
	struct config config;
	struct parser_pool *parsers;
	struct store *store;
	struct raw_choice choice;
	const char *list_id;
	bool dry_run;
	GQueue works; /* of struct work: what the pool has, in its order */
	size_t bytes; /* of all */
	uint64_t mails, changed, left;
	unsigned differences, lefts; /* of the present mail */
	int exit_code;
};

static void work_free(void *data)
{
	struct work *work = data;

	g_free(work->bytes);
	g_free(work->source);
	g_free(work->name);
	g_free(work);
}

/* Reporting -------------------------------------------------------------------------------------------------- */

/* A value as one line that does nothing to a terminal. */
static char *shown(const char *value)
{
	g_autofree char *beginning = NULL;

	if (value == NULL)
		return g_strdup("(none)");
	beginning = g_utf8_substring(value, 0, MIN(REPARSE_SHOWN, g_utf8_strlen(value, -1)));
	return log_escape(beginning, strlen(beginning));
}

static void report(void *context, const struct raw_difference *difference)
{
	struct reparse *reparse = context;
	g_autofree char *msgid = shown(difference->msgid), *after = shown(difference->after), *before = NULL;

	if (strcmp(difference->what, RAW_LEFT_ALONE) == 0) {
		reparse->lefts++;
		printf("%s %s: %s\n", msgid, RAW_LEFT_ALONE, after);
		return;
	}
	before = shown(difference->before);
	reparse->differences++;
	printf("%s %s: %s -> %s\n", msgid, difference->what, before, after);
}

static void leave_alone(struct reparse *reparse, const char *name, const char *why)
{
	const struct raw_difference difference = {.msgid = name, .what = RAW_LEFT_ALONE, .after = why};

	report(reparse, &difference);
}

static void summarize(const struct reparse *reparse)
{
	printf("%" PRIu64 " mail%s: %" PRIu64 " %s, %" PRIu64 " left alone\n", reparse->mails,
	       reparse->mails == 1 ? "" : "s", reparse->changed, reparse->dry_run ? "would change" : "changed",
	       reparse->left);
}

/* Nothing goes on: where it stopped, and why. */
static void stop(struct reparse *reparse, const char *name, int status, const char *reason)
{
	reparse->exit_code = status == -EACCES ? EX_NOPERM : status == -EINVAL ? EX_USAGE : EX_TEMPFAIL;
	if (name != NULL)
		log_error("%s: %s; stopped here, repeat it", name, reason);
	else
		log_error("%s%s", reason,
		          status == -EACCES ? "; --database connects as a role that is granted patchmail_admin" : "");
}

static bool stopped(const void *context)
{
	const struct reparse *reparse = context;

	return reparse->exit_code != EX_OK && reparse->exit_code != EX_NOINPUT;
}

/* One mail --------------------------------------------------------------------------------------------------- */

/* The facts of the mail that the parsers have had longest are there: apply them. */
static void apply(struct reparse *reparse, const struct work *work, const char *facts)
{
	g_autofree char *reason = NULL;
	int status;

	reparse->differences = reparse->lefts = 0;
	/* Nobody looks after the parsers meanwhile. */
	parser_pool_settle(reparse->parsers);
	status = raw_reparse(reparse->store, &reparse->choice, facts, work->source, reparse->dry_run,
	                     deadline_after(reparse->config.timeout), report, reparse, &reason);
	if (status == -EBADMSG)
		leave_alone(reparse, work->name, reason);
	else if (status < 0) {
		stop(reparse, work->name, status, reason);
		return;
	}
	reparse->mails++;
	reparse->changed += reparse->differences > 0;
	reparse->left += reparse->lefts > 0;
}

static void finish_first(struct reparse *reparse)
{
	struct work *work = g_queue_pop_head(&reparse->works);
	struct parser_result result = {0};

	parser_pool_wait(reparse->parsers);
	parser_pool_next(reparse->parsers, &result);
	ingest_report_sandbox(reparse->parsers);
	reparse->bytes -= work->length;
	if (result.facts != NULL)
		apply(reparse, work, result.facts);
	else
		stop(reparse, work->name, -EAGAIN, result.reason);
	g_free(result.facts);
	g_free(result.reason);
	work_free(work);
}

/* Have it parsed; takes `work`.  Finishes others if there are too many. */
static void begin(struct reparse *reparse, struct work *work, const char *list_id)
{
	const char *reason = work->length == 0 ? "empty input" : NULL;

	parser_pool_submit(reparse->parsers, &(struct parser_mail){work->bytes, work->length, list_id}, reason, 0);
	reparse->bytes += work->length;
	g_queue_push_tail(&reparse->works, work);
	while (!stopped(reparse) && !g_queue_is_empty(&reparse->works) &&
	       (reparse->works.length >= REPARSE_MAILS || reparse->bytes >= REPARSE_BYTES))
		finish_first(reparse);
}

static void finish_all(struct reparse *reparse)
{
	while (!stopped(reparse) && !g_queue_is_empty(&reparse->works))
		finish_first(reparse);
}

static void too_large(struct reparse *reparse, const char *name)
{
	g_autofree char *why =
		g_strdup_printf("it is larger than %zu bytes (max_message_size)", reparse->config.max_message_size);

	reparse->mails++;
	reparse->left++;
	leave_alone(reparse, name, why);
}

/* Where mails come from -------------------------------------------------------------------------------------- */

/* The next one that the database keeps, after `*id`: false if there is none. */
static bool take_kept(struct reparse *reparse, int64_t *id)
{
	g_autofree char *reason = NULL;
	struct raw_mail mail = {0};
	int status = raw_next(reparse->store, &reparse->choice, *id, reparse->config.max_message_size,
	                      deadline_after(reparse->config.timeout), &mail, &reason);

	if (status < 0)
		stop(reparse, NULL, status, reason);
	if (status <= 0)
		return false;
	*id = mail.id;
	if (mail.bytes == NULL) {
		too_large(reparse, mail.msgid);
	} else {
		struct work *work = g_new(struct work, 1);

		*work = (struct work){mail.bytes, mail.length, g_strdup(mail.source), g_strdup(mail.msgid)};
		mail.bytes = NULL;
		begin(reparse, work, mail.list_id);
	}
	raw_mail_release(&mail);
	return !stopped(reparse);
}

static void take_mail(void *context, const struct mail_archive_mail *mail)
{
	struct reparse *reparse = context;
	struct work *work;
	size_t most = reparse->config.max_message_size;
	int status;

	if (mail->removed)
		return;
	work = g_new0(struct work, 1);
	status = ingest_read(mail->read, mail->context, most + 1, deadline_after(reparse->config.timeout), &work->bytes,
	                     &work->length);
	work->name = g_strdup(mail->position);
	if (status == 0 && work->length <= most) {
		begin(reparse, work, reparse->list_id);
		return;
	}
	if (status < 0)
		stop(reparse, mail->position, -EAGAIN, g_strerror(-status));
	else
		too_large(reparse, mail->position);
	work_free(work);
}

static void unreadable(void *context, const char *path, const char *reason)
{
	struct reparse *reparse = context;

	log_error("%s: cannot be read: %s", path, reason);
	reparse->exit_code = EX_NOINPUT;
}

static void take_archives(struct reparse *reparse, const GPtrArray *archives)
{
	const struct mail_archive_visitor visitor = {
		.context = reparse, .mail = take_mail, .unreadable = unreadable, .stopped = stopped};

	for (unsigned i = 0; i < archives->len && !stopped(reparse); i++)
		mail_archive_visit(g_ptr_array_index(archives, i), &visitor);
}

static void take_all(struct reparse *reparse, bool kept, const GPtrArray *archives)
{
	/* With files the question is asked as well: whether there is such a project, and one may do this at all. */
	int64_t id = kept ? 0 : INT64_MAX;

	while (take_kept(reparse, &id))
		;
	take_archives(reparse, archives);
	finish_all(reparse);
}

/* See what all paths are, before anything is changed; a file that is not there is no reason to leave the others. */
static void open_archives(struct reparse *reparse, const struct options *options, GPtrArray *archives)
{
	for (int i = 0; i < options->count; i++) {
		g_autofree char *reason = NULL;
		struct mail_archive *archive;
		int status = mail_archive_open(options->arguments[i], &archive, &reason);

		if (status == 0) {
			g_ptr_array_add(archives, archive);
			continue;
		}
		log_error("%s", reason);
		if (reparse->exit_code != EX_DATAERR)
			reparse->exit_code = status == -EBADMSG ? EX_DATAERR : EX_NOINPUT;
	}
}

static void archive_free_one(void *archive)
{
	mail_archive_free(archive);
}

/* Starting --------------------------------------------------------------------------------------------------- */

static int start(struct reparse *reparse, const char *config_path, const char *conninfo, char **ret_reason)
{
	struct config *config = &reparse->config;
	int status = 0;

	config_init(config);
	if (config_path != NULL)
		status = config_load(config, config_path, ret_reason);
	if (status < 0)
		return status;
	if (config->max_message_size == 0)
		config->max_message_size = LIMITS_MESSAGE_SIZE_DEFAULT;
	config->max_message_size = MIN(config->max_message_size, LIMITS_MESSAGE_SIZE_MAX);
	reparse->store = store_new(conninfo != NULL ? conninfo : config->conninfo, config->connect_timeout);
	return parser_pool_start_configured(config, config->timeout, &reparse->parsers, ret_reason);
}

static void release(struct reparse *reparse)
{
	g_clear_pointer(&reparse->parsers, parser_pool_free);
	g_clear_pointer(&reparse->store, store_free);
	g_queue_clear_full(&reparse->works, work_free);
	config_release(&reparse->config);
}

int reparse_run(const char *config_path, int count, char **arguments)
{
	struct reparse reparse = {.exit_code = EX_OK};
	const char *conninfo = NULL;
	const struct options_row table[] = {
		{"database", "a connection string", .value = &conninfo},
		{"project", "a linkname", .value = &reparse.choice.project},
		{"since", "a date", .value = &reparse.choice.since},
		{"list-id", "a list id", .value = &reparse.list_id},
		{"dry-run", NULL, .given = &reparse.dry_run},
		{0},
	};
	struct options options = {.help = reparse_help, .table = table, .most = INT_MAX};
	g_autoptr(GPtrArray) archives = g_ptr_array_new_with_free_func(archive_free_one);
	g_autofree char *reason = NULL;

	if (!options_read(&options, count, arguments, &reason))
		return options_end(g_steal_pointer(&reason));
	open_archives(&reparse, &options, archives);
	if (reparse.exit_code == EX_DATAERR)
		return reparse.exit_code;
	if (start(&reparse, config_path, conninfo, &reason) < 0) {
		log_error("%s", reason);
		reparse.exit_code = EX_TEMPFAIL;
	} else {
		take_all(&reparse, options.count == 0, archives);
		summarize(&reparse);
	}
	release(&reparse);
	return reparse.exit_code;
}
