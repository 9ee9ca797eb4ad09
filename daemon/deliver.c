/* deliver.c - the command `deliver`.
 *
 * Called by main.  Promises: exit code 0, 75 or 77 and nothing else; silent on 0; one line on stderr that begins with
 * the enhanced status code on the others.  Whatever is wrong with the program, its options, its configuration or the
 * database is 75, so that Postfix keeps the mail.
 */
#include "deliver.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include <glib.h>

#include "ingest.h"
#include "log.h"

const char deliver_help[] =
	"usage: patchmaild [-c FILE] deliver [--list-id ID]\n"
	"\n"
	"Stores one mail that is read from standard input.  Exit status: 0 it is done with (stored, a duplicate,\n"
	"waiting for its parent, ignored or in quarantine), 75 try it again later, 77 refused.  Says nothing on 0, "
	"else\n"
	"one line.\n"
	"\n"
	"  --list-id ID  the list that the mail came by; the mail's own List-Id is not looked at\n";

/* What to end with. */
static int finish(const struct outcome *outcome)
{
	const struct outcome_rule *rule = outcome_rule(outcome->kind);

	if (rule->exit_code != EX_OK) {
		g_autofree char *line = log_first_line(outcome->reason != NULL ? outcome->reason : rule->name);

		fprintf(stderr, "%s %s\n", rule->status, line);
	}
	return rule->exit_code;
}

/* Read the options.  True to go on; else *ret_outcome says what is wrong, or is "stored" after the help. */
static bool read_options(int count, char **arguments, struct store_source *source, struct outcome *ret_outcome)
{
	static const struct option options[] = {
		{"list-id", required_argument, NULL, 'l'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int option;

	opterr = 0;
	optind = 0;
	while ((option = getopt_long(count, arguments, "+h", options, NULL)) != -1) {
		switch (option) {
		case 'l':
			source->list_id = optarg;
			break;
		case 'h':
			fputs(deliver_help, stdout);
			ret_outcome->kind = OUTCOME_STORED;
			return false;
		default:
			outcome_set(ret_outcome, OUTCOME_DEFERRED, "bad option of deliver: %s", arguments[optind - 1]);
			return false;
		}
	}
	if (optind == count)
		return true;
	outcome_set(ret_outcome, OUTCOME_DEFERRED, "deliver takes no arguments: %s", arguments[optind]);
	return false;
}

static void deliver(const char *config_path, const struct store_source *source, struct outcome *ret_outcome)
{
	int64_t start = g_get_monotonic_time();
	g_autofree char *reason = NULL;
	struct ingest ingest;
	int input = STDIN_FILENO;

	alarm(CONFIG_TIMEOUT_DEFAULT + DELIVER_GRACE);
	if (ingest_init(&ingest, config_path, source->list_id, &reason) < 0) {
		outcome_set(ret_outcome, OUTCOME_DEFERRED, "%s", reason);
	} else {
		int64_t deadline = start + (int64_t)ingest.config.timeout * G_USEC_PER_SEC;

		alarm(ingest.config.timeout + DELIVER_GRACE);
		ingest.single = true;
		ingest_message(&ingest, ingest_read_file, &input, 0, source, deadline, ret_outcome);
	}
	ingest_release(&ingest);
}

int deliver_run(const char *config_path, int count, char **arguments)
{
	struct store_source source = {.transport = "deliver"};
	struct outcome outcome = {.kind = OUTCOME_DEFERRED};
	int exit_code;

	log_set_level(LOG_LEVEL_NONE);
	if (read_options(count, arguments, &source, &outcome))
		deliver(config_path, &source, &outcome);
	exit_code = finish(&outcome);
	outcome_release(&outcome);
	return exit_code;
}
