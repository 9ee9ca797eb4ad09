/* deliver.c - the command `deliver`.
 *
 * Called by main.  Promises: exit code 0, 75 or 77 and nothing else; silent on 0; one line on stderr that begins with
 * the enhanced status code on the others.  Whatever is wrong with the program, its options, its configuration or the
 * database is 75, so that Postfix keeps the mail.
 */
#include "commands/deliver.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include <glib.h>

#include "base/deadline.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/options.h"
#include "ingest/ingest.h"
#include "lmtp/client.h"
#include "settings/lmtp_settings.h"

const char deliver_help[] =
	"usage: patchmaild [-c FILE] deliver [-v] [--list-id ID]\n"
	"\n"
	"Stores one mail that is read from standard input.  Exit status: 0 it is done with (stored, a duplicate,\n"
	"waiting for its parent, ignored or in quarantine), 75 try it again later, 77 refused.  Says nothing on 0, "
	"else\n"
	"one line.\n"
	"\n"
	"  --list-id ID   the list that the mail came by; the mail's own List-Id is not looked at\n"
	"  -v, --verbose  say on 0 what became of it and why; not for a mail server, which may send it on\n";

static int voice = STDERR_FILENO; /* where our one line goes */
static int sound = STDOUT_FILENO; /* where what -v asks for goes */

/* For somebody who types the command to see what it does: no mail server has a terminal. */
static const char waiting[] = "patchmaild: deliver waits for a mail from standard input, here the keyboard, and Ctrl-D "
			      "at its end; for one in a file: patchmaild deliver -v <FILE\n";

/* What libraries print (libpq about a .pgpass file, GLib's warnings) would stand in front of that line, or make a mail
 * that is stored look like one that is not: nobody hears it. */
static void silence_libraries(void)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC),
	    copy = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1),
	    other = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

	if (null >= 0 && copy >= 0 && other >= 0) {
		voice = copy;
		sound = other;
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
	}
	if (null >= 0)
		close(null);
}

/* SIGALRM: something waits that should not, such as a library.  The mail may be stored; then it is a duplicate next
 * time. */
static void give_up(int number)
{
	static const char line[] = "4.3.0 the time limit has passed, and something does not answer\n";
	ssize_t written = write(voice, line, sizeof(line) - 1);

	(void)number;
	(void)written;
	_exit(EX_TEMPFAIL);
}

/* Say what became of the mail, what it is, of which projects, and why. */
static void tell(const struct outcome *outcome)
{
	g_autoptr(GString) words = g_string_new(outcome_rule(outcome->kind)->name);
	g_autofree char *line = NULL;

	g_string_append_printf(words, ": %s %s", outcome->mail_kind ? outcome->mail_kind : "mail",
	                       outcome->message_id ? outcome->message_id : "without a Message-ID");
	if (outcome->projects)
		g_string_append_printf(words, " in %s", outcome->projects);
	if (outcome->quarantine_id)
		g_string_append_printf(words, ", number %" PRIi64 " in quarantine", outcome->quarantine_id);
	if (outcome->reason)
		g_string_append_printf(words, ": %s", outcome->reason);
	line = log_first_line(words->str);
	dprintf(sound, "%s\n", line);
}

/* What to end with. */
static int finish(const struct outcome *outcome, bool verbose)
{
	const struct outcome_rule *rule = outcome_rule(outcome->kind);

	if (verbose && rule->exit_code == EX_OK)
		tell(outcome);
	if (rule->exit_code != EX_OK) {
		g_autofree char *line = log_first_line(outcome->reason != NULL ? outcome->reason : rule->name);

		dprintf(voice, "%s %s\n", rule->status, line);
	}
	return rule->exit_code;
}

/* The mail as it is read twice: what a server was given goes first. */
struct input {
	char *bytes;
	size_t length, read;
	int status; /* a negative errno: it could not be read to the end */
	int fd;
};

static ssize_t read_input(void *context, char *buffer, size_t size, int64_t deadline)
{
	struct input *input = context;
	size_t here = MIN(size, input->length - input->read);

	if (input->status < 0)
		return input->status;
	if (here == 0)
		return ingest_read_file(&input->fd, buffer, size, deadline);
	memcpy(buffer, input->bytes + input->read, here);
	input->read += here;
	return (ssize_t)here;
}

/* Hand the mail to the server that the configuration names.  False if we have to store it, with what was read of it;
 * half of the time is left for that. */
static bool hand_over(const struct ingest *ingest, struct input *input, const struct store_source *source,
                      int64_t deadline, struct outcome *ret_outcome)
{
	g_autofree char *reason = NULL;
	struct lmtp_settings *settings = config_lmtp(&ingest->config, &reason);
	size_t most = ingest->config.max_message_size;
	bool done = false;

	if (settings && settings->socket && access(settings->socket, W_OK) == 0) {
		input->status =
			ingest_read(ingest_read_file, &input->fd, most + 1, deadline, &input->bytes, &input->length);
		if (input->status == 0 && input->length <= most)
			done = lmtp_client_deliver(settings->socket, source->list_id, input->bytes, input->length,
			                           g_get_monotonic_time() + deadline_left(deadline) / 2,
			                           ret_outcome) == 0;
	}
	lmtp_settings_free(settings);
	return done;
}

/* With the configuration that has been read. */
static void store(struct ingest *ingest, const struct store_source *source, int64_t deadline,
                  struct outcome *ret_outcome)
{
	struct input input = {.fd = STDIN_FILENO};
	g_autofree char *reason = NULL;

	/* A server says no more than that it has the mail: whoever wants to be told has it stored here. */
	if (source->told || !hand_over(ingest, &input, source, deadline, ret_outcome)) {
		ingest->single = true;
		if (ingest_start(ingest, &reason) < 0)
			outcome_set(ret_outcome, OUTCOME_DEFERRED, "%s", reason);
		else
			ingest_message(ingest, read_input, &input, 0, source, deadline, ret_outcome);
	}
	g_free(input.bytes);
}

static void deliver(const char *config_path, const struct store_source *source, struct outcome *ret_outcome)
{
	int64_t start = g_get_monotonic_time();
	g_autofree char *reason = NULL;
	struct ingest ingest;

	silence_libraries();
	memory_end_with(EX_TEMPFAIL, voice, "4.3.0 out of memory\n");
	signal(SIGALRM, give_up);
	alarm(CONFIG_TIMEOUT_DEFAULT + DELIVER_GRACE);
	if (ingest_configure(&ingest, config_path, &reason) < 0) {
		outcome_set(ret_outcome, OUTCOME_DEFERRED, "%s", reason);
	} else {
		alarm(ingest.config.timeout + DELIVER_GRACE);
		store(&ingest, source, start + (int64_t)ingest.config.timeout * G_USEC_PER_SEC, ret_outcome);
	}
	ingest_release(&ingest);
}

int deliver_run(const char *config_path, int count, char **arguments)
{
	struct store_source source = {.transport = "deliver"};
	const struct options_row table[] = {
		{"list-id", "a list id", .value = &source.list_id},
		{"verbose", .given = &source.told, .letter = 'v'},
		{0},
	};
	struct options options = {.help = deliver_help, .table = table, .needs = "takes no arguments"};
	struct outcome outcome = {.kind = OUTCOME_DEFERRED};
	g_autofree char *wrong = NULL;
	int exit_code;

	log_set_level(LOG_LEVEL_NONE);
	if (options_read(&options, count, arguments, &wrong)) {
		if (isatty(STDIN_FILENO))
			fputs(waiting, stderr);
		deliver(config_path, &source, &outcome);
	} else if (wrong == NULL) {
		return EX_OK;
	} else {
		outcome_set(&outcome, OUTCOME_DEFERRED, "%s", wrong);
	}
	exit_code = finish(&outcome, source.told);
	outcome_release(&outcome);
	return exit_code;
}
