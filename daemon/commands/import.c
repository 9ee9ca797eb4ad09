/* import.c - the command `import`.
 *
 * Called by main.  Reads mails while others are parsed and stored, and takes their outcomes in order.  Stops at the
 * first one that is deferred and says where; since known mails are duplicates, the whole import can then simply be
 * repeated.
 */
#include "commands/import.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include <glib.h>

#include "archive/path.h"
#include "base/deadline.h"
#include "base/log.h"
#include "base/options.h"
#include "ingest/ingest.h"

const char import_help[] =
	"usage: patchmaild [-c FILE] import [--list-id ID] PATH...\n"
	"\n"
	"Stores the mails in each PATH: an mbox file, a Maildir (new and cur), or a folder with one mail a file.\n"
	"Prints at the end how many mails had which outcome, and why any were ignored.  Stops at a mail that\n"
	"the database cannot take now, says where, and ends with 75; repeat the import then: mails that are\n"
	"known already are left alone.\n"
	"\n"
	"  --list-id ID  the list that the mails came by; their own List-Ids are not looked at\n";

struct import {
	struct ingest ingest;
	const char *list_id;
	uint64_t counts[OUTCOME_KINDS];
	GHashTable *ignored; /* how many mails for which reason: at most IMPORT_REASONS, and "other reasons" */
	int exit_code;
};
#define IMPORT_REASONS 20

/* What stop() says: one line is written while it may read the other. */
static char lines[2][PATH_MAX + 64] = {"patchmaild: stopped by a signal before the first mail; repeat the import\n"};
static char *volatile last_words = lines[0];

static void set_place(const char *position)
{
	g_autofree char *text = log_escape(position, strlen(position));
	char *line = last_words == lines[0] ? lines[1] : lines[0];

	g_snprintf(line, sizeof(lines[0]) - 1, "patchmaild: stopped by a signal at %s; repeat the import", text);
	strcat(line, "\n");
	last_words = line;
}

/* SIGTERM, SIGINT: the mails from this place on may be stored or not; repeated, the import finds out.  It does not wait
 * for a database that does not answer. */
static void stop(int number)
{
	ssize_t written = write(STDERR_FILENO, last_words, strlen(last_words));

	(void)written;
	signal(number, SIG_DFL);
	raise(number);
}

static bool stopped(const void *context)
{
	const struct import *import = context;

	return import->exit_code == EX_TEMPFAIL;
}

static void report(const struct outcome *outcome, const char *position)
{
	const char *reason = outcome->reason != NULL ? outcome->reason : "no reason given";
	const char *name = outcome_rule(outcome->kind)->name;

	if (outcome->kind == OUTCOME_DEFERRED)
		log_error("%s: %s: %s; stopped here, repeat the import", position, name, reason);
	else if (outcome->kind == OUTCOME_QUARANTINED || outcome_rule(outcome->kind)->step == OUTCOME_NEXT_LOGGED)
		log_warning("%s: %s: %s", position, name, reason);
}

/* Of an ignored mail nothing is left but this. */
static void count_ignored(struct import *import, const char *reason)
{
	uint64_t *count;

	if (!g_hash_table_contains(import->ignored, reason) && g_hash_table_size(import->ignored) >= IMPORT_REASONS)
		reason = "other reasons";
	count = g_hash_table_lookup(import->ignored, reason);
	if (count == NULL) {
		count = g_new0(uint64_t, 1);
		g_hash_table_insert(import->ignored, g_strdup(reason), count);
	}
	++*count;
}

/* The outcome of the first mail that has none yet. */
static void take_outcome(struct import *import, const struct outcome *outcome, const char *position)
{
	import->counts[outcome->kind]++;
	if (outcome->kind == OUTCOME_IGNORED)
		count_ignored(import, outcome->reason != NULL ? outcome->reason : "no reason given");
	report(outcome, position);
	if (outcome_rule(outcome->kind)->step == OUTCOME_STAY)
		import->exit_code = EX_TEMPFAIL;
}

/* Take the outcomes that there are; with `wait` at least one, if there is a mail without one. */
static void take_outcomes(struct import *import, bool wait)
{
	while (!stopped(import) && ingest_position(&import->ingest) != NULL) {
		g_autofree char *position = g_strdup(ingest_position(&import->ingest));
		struct outcome outcome;

		set_place(position);
		if (!ingest_next(&import->ingest, wait, &outcome))
			return;
		take_outcome(import, &outcome, position);
		outcome_release(&outcome);
		wait = false;
	}
}

static void import_message(void *context, ingest_reader *read, void *read_context, const char *position)
{
	struct import *import = context;
	struct store_source source = {.transport = "import", .list_id = import->list_id, .position = position};

	if (ingest_position(&import->ingest) == NULL)
		set_place(position);
	ingest_submit(&import->ingest, read, read_context, 0, &source, 0);
	take_outcomes(import, !ingest_has_room(&import->ingest));
}

/* There are no more mails. */
static void finish(struct import *import)
{
	while (!stopped(import) && ingest_position(&import->ingest) != NULL)
		take_outcomes(import, true);
}

static void unreadable(void *context, const char *path, int failure)
{
	struct import *import = context;

	log_error("%s: cannot be read: %s", path, g_strerror(-failure));
	import->exit_code = EX_NOINPUT;
}

/* "  1 ignored: no project has its list id: x.example.org", the most frequent reason first */
static void summarize_ignored(const struct import *import)
{
	g_autoptr(GList) reasons = g_hash_table_get_keys(import->ignored);

	while (reasons != NULL) {
		const char *most = NULL;
		uint64_t count = 0;

		for (GList *reason = reasons; reason != NULL; reason = reason->next) {
			uint64_t mails = *(const uint64_t *)g_hash_table_lookup(import->ignored, reason->data);

			if (most == NULL || mails > count || (mails == count && strcmp(reason->data, most) < 0)) {
				most = reason->data;
				count = mails;
			}
		}
		g_autofree char *line = log_first_line(most);

		printf("  %" PRIu64 " ignored: %s\n", count, line);
		reasons = g_list_remove(reasons, most);
	}
}

static void summarize(const struct import *import)
{
	g_autofree char *line = outcome_count_text(import->counts);

	puts(line);
	summarize_ignored(import);
}

/* Get ready.  False, and the reason is logged: a list that nobody has is a mistake, before anything is stored. */
static bool begin(struct import *import, const char *config_path)
{
	const struct store_source source = {.transport = "import", .list_id = import->list_id};
	g_autofree char *reason = NULL;
	int status = ingest_init(&import->ingest, config_path, &reason);

	if (status == 0)
		status = store_check_list(import->ingest.store, &source, deadline_after(import->ingest.config.timeout),
		                          &reason);
	if (status < 0)
		log_error("%s", reason);
	return status == 0;
}

int import_run(const char *config_path, int count, char **arguments)
{
	struct import import = {.exit_code = EX_OK};
	const struct path_visitor visitor = {&import, import_message, unreadable, stopped};
	const struct options_row table[] = {{"list-id", "a list id", .value = &import.list_id}, {0}};
	struct options options = {
		.help = import_help,
		.table = table,
		.least = 1,
		.most = INT_MAX,
		.needs = "needs a path: an mbox, a Maildir or a folder",
	};
	g_autoptr(GHashTable) ignored = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autofree char *reason = NULL;

	if (!options_read(&options, count, arguments, &reason))
		return options_end(g_steal_pointer(&reason));
	import.ignored = ignored;
	signal(SIGTERM, stop);
	signal(SIGINT, stop);
	if (!begin(&import, config_path)) {
		import.exit_code = EX_TEMPFAIL;
	} else {
		for (int i = 0; i < options.count && !stopped(&import); i++)
			path_visit(options.arguments[i], &visitor);
		finish(&import);
		summarize(&import);
	}
	ingest_release(&import.ingest);
	return import.exit_code;
}
