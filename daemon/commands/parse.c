/* parse.c - the command `parse`.
 *
 * Called by main.  One line of JSON for each mail, through the same parser processes as every delivery, in the order of
 * the mails.
 */
#include "commands/parse.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <sysexits.h>

#include <glib.h>

#include "archive/archive.h"
#include "base/deadline.h"
#include "base/log.h"
#include "base/options.h"
#include "commands/parse_file.h"
#include "mail/limits.h"
#include "ingest/ingest.h"
#include "parser/pool.h"
#include "settings/configuration.h"

const char parse_help[] =
	"usage: patchmaild [-c FILE] parse PATH...\n"
	"\n"
	"Prints what each mail in each PATH says, as one line of JSON a mail; see patchmaild-facts(5).  A PATH is\n"
	"what `import` takes; a file that is nothing else is one mail.  `-` is standard input.  Uses no database,\n"
	"and of the configuration only who is believed about senders.\n";

/* What is in memory at a time: so many mails, so many bytes of them, and one mail more. */
#define PARSE_MAILS 200
#define PARSE_BYTES (32u * 1024 * 1024)

struct parse {
	struct parser_pool *parsers;
	GQueue mails; /* of struct mail: what the pool has, in its order */
	size_t bytes; /* of all */
	int exit_code;
};

/* A mail at work. */
struct mail {
	char *position;
	char *bytes;
	size_t length;
};

static void mail_free(struct mail *mail)
{
	g_free(mail->position);
	g_free(mail->bytes);
	g_free(mail);
}

/* Print the facts of the mail that was begun with first. */
static void print_first(struct parse *parse)
{
	struct mail *mail = g_queue_pop_head(&parse->mails);
	struct parser_result result = {0};

	parser_pool_wait(parse->parsers);
	parser_pool_next(parse->parsers, &result);
	ingest_report_sandbox(parse->parsers);
	if (result.facts != NULL) {
		puts(result.facts);
	} else {
		log_error("%s: %s", mail->position, result.reason);
		parse->exit_code = EX_TEMPFAIL;
	}
	g_free(result.facts);
	g_free(result.reason);
	parse->bytes -= mail->length;
	mail_free(mail);
}

static void fail(struct parse *parse, const char *path, const char *reason)
{
	log_error("%s: cannot be read: %s", path, reason);
	parse->exit_code = EX_NOINPUT;
}

/* Read a mail and give it to the parsers; others are printed if there are too many. */
static void take_mail(void *context, const struct mail_archive_mail *source)
{
	struct parse *parse = context;
	struct mail *mail;
	int status;

	if (source->removed)
		return;
	mail = g_new0(struct mail, 1);
	mail->position = g_strdup(source->position);
	status = ingest_read(source->read, source->context, LIMITS_MESSAGE_SIZE_MAX + 1,
	                     deadline_after(CONFIG_TIMEOUT_DEFAULT), &mail->bytes, &mail->length);
	if (status < 0) {
		fail(parse, source->position, g_strerror(-status));
		mail_free(mail);
		return;
	}
	parser_pool_submit(parse->parsers, &(struct parser_mail){mail->bytes, mail->length, NULL},
	                   parse_refusal(mail->length), 0);
	parse->bytes += mail->length;
	g_queue_push_tail(&parse->mails, mail);
	parser_pool_go_on(parse->parsers, NULL);
	while (parse->mails.length >= PARSE_MAILS || parse->bytes >= PARSE_BYTES)
		print_first(parse);
}

static void unreadable(void *context, const char *path, const char *reason)
{
	fail(context, path, reason);
}

static bool stopped(const void *context)
{
	(void)context;
	return ferror(stdout) != 0;
}

static void parse_path(struct parse *parse, const char *path)
{
	const struct mail_archive_visitor visitor = {
		.context = parse, .mail = take_mail, .unreadable = unreadable, .stopped = stopped};
	g_autofree char *reason = NULL;
	struct mail_archive *archive;
	int status = mail_archive_open_any(path, &archive, &reason);

	if (status < 0) {
		log_error("%s", reason);
		parse->exit_code = status == -EBADMSG ? EX_DATAERR : EX_NOINPUT;
		return;
	}
	mail_archive_visit(archive, &visitor);
	mail_archive_free(archive);
}

/* Start the parsers under the configuration; 0, or an exit code. */
static int start_parsers(const char *config_path, struct parser_pool **ret_parsers)
{
	g_autofree char *reason = NULL;
	struct config config;
	int status = 0;

	config_init(&config);
	if (config_path != NULL)
		status = config_load(&config, config_path, &reason);
	if (status == 0)
		status = parser_pool_start_configured(&config, CONFIG_TIMEOUT_DEFAULT, ret_parsers, &reason);
	if (status < 0)
		log_error("%s", reason);
	config_release(&config);
	return status < 0 ? EX_TEMPFAIL : EX_OK;
}

int parse_run(const char *config_path, int count, char **arguments)
{
	struct options options = {.help = parse_help, .least = 1, .most = INT_MAX, .needs = "needs a path"};
	struct parse parse = {.mails = G_QUEUE_INIT};
	char *reason = NULL;

	if (!options_read(&options, count, arguments, &reason))
		return options_end(reason);
	parse.exit_code = start_parsers(config_path, &parse.parsers);
	if (parse.exit_code != EX_OK)
		return parse.exit_code;
	for (int i = 0; i < options.count && !stopped(NULL); i++)
		parse_path(&parse, options.arguments[i]);
	while (!g_queue_is_empty(&parse.mails))
		print_first(&parse);
	parser_pool_free(parse.parsers);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		log_error("the output cannot be written");
		return EX_IOERR;
	}
	return parse.exit_code;
}
