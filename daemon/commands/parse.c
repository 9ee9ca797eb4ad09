/* parse.c - the command `parse`.
 *
 * Called by main.  One mail a file, one line of JSON a mail, through the same parser process as every delivery.
 */
#include "commands/parse.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include <glib.h>

#include "base/deadline.h"
#include "base/log.h"
#include "base/options.h"
#include "ingest/ingest.h"
#include "mail/limits.h"
#include "parser/process.h"
#include "settings/configuration.h"

const char parse_help[] = "usage: patchmaild [-c FILE] parse FILE...\n"
			  "\n"
			  "Prints what each mail says, as one line of JSON a file; see patchmaild-facts(5).  Uses no "
			  "database, and of the\n"
			  "configuration only who is believed about senders.  `-` is standard input.\n";

static int read_mail(const char *path, int64_t deadline, char **ret_bytes, size_t *ret_length)
{
	bool standard_input = g_str_equal(path, "-");
	int fd = standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	int status;

	if (fd < 0)
		return -errno;
	status = ingest_read(ingest_read_file, &fd, LIMITS_MESSAGE_SIZE_MAX + 1, deadline, ret_bytes, ret_length);
	if (!standard_input)
		close(fd);
	return status;
}

/* The facts of a mail, allocated; NULL and a reason where the parser process failed. */
static char *facts_of(struct parser_process *parser, const struct parser_mail *mail, int64_t deadline,
                      char **ret_reason)
{
	g_autofree char *reason = NULL;
	char *facts = NULL;
	int status = -EBADMSG;

	if (mail->length == 0) {
		reason = g_strdup("empty input");
	} else if (mail->length > LIMITS_MESSAGE_SIZE_MAX) {
		reason = g_strdup("the message is larger than any that may be configured");
	} else {
		parser_process_feed(parser, mail, NULL, deadline);
		status = parser_process_collect(parser, deadline, &facts, &reason);
	}
	if (status == -EBADMSG)
		return parser_process_reject(parser, mail, reason, deadline);
	if (status < 0)
		*ret_reason = g_steal_pointer(&reason);
	return facts;
}

int parse_file(struct parser_process *parser, const char *path, const char *list_id, char **ret_facts)
{
	int64_t deadline = deadline_after(CONFIG_TIMEOUT_DEFAULT);
	g_autofree char *bytes = NULL, *reason = NULL;
	struct parser_mail mail = {.list_id = list_id};
	char *facts;
	int status = read_mail(path, deadline, &bytes, &mail.length);

	if (status < 0) {
		log_error("%s: cannot be read: %s", path, g_strerror(-status));
		return EX_NOINPUT;
	}
	mail.bytes = bytes;
	facts = facts_of(parser, &mail, deadline, &reason);
	if (facts == NULL) {
		log_error("%s: %s", path, reason);
		return EX_TEMPFAIL;
	}
	*ret_facts = facts;
	return EX_OK;
}

/* Start the parser under the configuration; 0, or an exit code. */
static int start_parser(const char *config_path, struct parser_process **ret_parser)
{
	g_autofree char *reason = NULL, *trust = NULL;
	struct config config;
	int status = 0;

	config_init(&config);
	if (config_path != NULL)
		status = config_load(&config, config_path, &reason);
	if (status < 0) {
		log_error("%s", reason);
	} else {
		trust = trust_settings_text(config.trust);
		status = parser_process_start(NULL, trust, ret_parser);
		if (status < 0)
			log_error("the parser process cannot be started: %s", g_strerror(-status));
	}
	config_release(&config);
	return status < 0 ? EX_TEMPFAIL : EX_OK;
}

int parse_run(const char *config_path, int count, char **arguments)
{
	struct options options = {.help = parse_help, .least = 1, .most = INT_MAX, .needs = "needs a file"};
	struct parser_process *parser;
	int exit_code = EX_OK, status;
	char *reason = NULL;

	if (!options_read(&options, count, arguments, &reason))
		return options_end(reason);
	status = start_parser(config_path, &parser);
	if (status != EX_OK)
		return status;
	for (int i = 0; i < options.count; i++) {
		g_autofree char *facts = NULL;

		status = parse_file(parser, options.arguments[i], NULL, &facts);
		if (status == EX_OK)
			puts(facts);
		else
			exit_code = status;
	}
	parser_process_free(parser);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		log_error("the output cannot be written");
		return EX_IOERR;
	}
	return exit_code;
}
