/* import.c - the command `import`.
 *
 * Called by main.  Sees what all its paths are before it stores anything; then reads mails while others are parsed and
 * stored, and takes their outcomes in order.  Stops at the first mail that is deferred, or at a signal, and says where.
 * How far it was is in the database, with the mails: repeated, it goes on there.
 */
#include "commands/import.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include <glib.h>
#include <jansson.h>

#include "base/deadline.h"
#include "base/log.h"
#include "base/options.h"
#include "commands/import_date.h"
#include "commands/import_foresight.h"
#include "commands/import_progress.h"
#include "commands/import_source.h"
#include "commands/import_stop.h"
#include "commands/import_tally.h"
#include "ingest/ingest.h"

const char import_help[] =
	"usage: patchmaild [-c FILE] import [--list-id ID] [--since DATE] [--history] [--again] [--dry-run] PATH...\n"
	"\n"
	"Stores the mails in each PATH: an mbox, a Maildir, a folder of mails or mboxes, a tar of any of these,\n"
	"a public-inbox repository; compressed too; `-` is an mbox on standard input.  Says what each is before\n"
	"it begins, and at the end how many mails had which outcome, and why.  Repeated, it goes on where it was.\n"
	"\n"
	"  --list-id ID  the list that the mails came by; their own List-Ids are not looked at\n"
	"  --since DATE  only mail that is dated then or later: 2026-02-10, or 2026-02-10T12:00:00Z\n"
	"  --history     the mails are of the past: nobody is told of them, their events have their dates\n"
	"  --again       from the beginning, wherever it was\n"
	"  --dry-run     only say what would become of the mails\n";

#define OLD_DAYS 30 /* mail that is older is hardly what receivers of events wait for */
#define DAY 86400

struct import {
	struct ingest ingest;
	const char *list_id, *since_text;
	bool history, again, dry_run;
	int64_t since;                      /* seconds since 1970 */
	bool warned;                        /* that mail is old */
	GPtrArray *sources;                 /* of struct import_source */
	struct import_source *source;       /* the one at work */
	struct import_foresight *foresight; /* of a dry run */
	struct import_tally tally;
	struct import_meter meter;
};

static bool stopped(const void *context)
{
	const struct import *import = context;

	return import->tally.stopped || import_stop_signal() != 0;
}

/* A mail ----------------------------------------------------------------------------------------------------------- */

static void warn_of_age(struct import *import, const char *position, int64_t date)
{
	g_autofree char *day = import_date_text(date);

	import->warned = true;
	import_meter_clear(&import->meter);
	log_warning("%s: this mail is of %s; hooks, CI and whoever reads events are told of it as of new mail: "
	            "import --history tells nobody",
	            position, day);
}

/* An ingest_wants: what its facts say of its date, and for a dry run who it is. */
static bool wants(void *context, const struct store_source *source, const char *text, size_t length)
{
	struct import *import = context;
	bool warns = !import->history && !import->warned;
	json_t *facts = warns || import->since_text != NULL || import->foresight != NULL
	                        ? json_loadb(text, length, 0, NULL)
	                        : NULL;
	const char *dated = json_string_value(json_object_get(facts, "date"));
	int64_t date = INT64_MAX;
	bool wanted;

	if (dated != NULL)
		import_date_read(dated, &date);
	wanted = import->since_text == NULL || date >= import->since;
	if (wanted && warns && date < (int64_t)time(NULL) - OLD_DAYS * DAY)
		warn_of_age(import, source->position, date);
	if (wanted && import->foresight != NULL && facts != NULL)
		import_foresight_note(import->foresight, source->position, facts);
	json_decref(facts);
	return wanted;
}

static void report(struct import *import, const struct outcome *outcome, const char *position)
{
	const char *reason = outcome->reason != NULL ? outcome->reason : "no reason given";
	const char *name = outcome_rule(outcome->kind)->name;

	if (outcome->kind != OUTCOME_DEFERRED && outcome->kind != OUTCOME_QUARANTINED &&
	    outcome_rule(outcome->kind)->step != OUTCOME_NEXT_LOGGED)
		return;
	import_meter_clear(&import->meter);
	if (outcome->kind == OUTCOME_DEFERRED)
		log_error("%s: %s: %s; stopped here, repeat the import", position, name, reason);
	else
		log_warning("%s: %s: %s", position, name, reason);
}

/* The outcome of the first mail that has none yet. */
static void take_outcome(struct import *import, struct outcome *outcome, const char *position)
{
	if (outcome->kind == OUTCOME_DEFERRED && import_stop_signal() != 0)
		return; /* we are called away, and it takes too long */
	if (import->foresight != NULL)
		import_foresight_judge(import->foresight, position, outcome);
	if (outcome->kind == OUTCOME_IGNORED && g_strcmp0(outcome->reason, INGEST_UNWANTED) == 0) {
		outcome_set(outcome, OUTCOME_IGNORED, "it is older than %s", import->since_text);
		import->tally.left_out++;
	}
	import_tally_count(&import->tally, outcome);
	report(import, outcome, position);
	import_meter_show(&import->meter, import->tally.counts);
	if (outcome_rule(outcome->kind)->step == OUTCOME_STAY)
		import->tally.stopped = true;
}

/* Take the outcomes that there are; with `wait` at least one, if there is a mail without one. */
static void take_outcomes(struct import *import, bool wait)
{
	while (!stopped(import) && ingest_position(&import->ingest) != NULL) {
		g_autofree char *position = g_strdup(ingest_position(&import->ingest));
		struct outcome outcome;

		if (!ingest_next(&import->ingest, wait, &outcome))
			return;
		take_outcome(import, &outcome, position);
		outcome_release(&outcome);
		wait = false;
	}
}

/* An archive ------------------------------------------------------------------------------------------------------- */

static void import_mail(void *context, const struct mail_archive_mail *mail)
{
	struct import *import = context;
	struct store_source source = {
		.transport = "import",
		.list_id = import->list_id,
		.position = mail->position,
		.history = import->history,
	};

	import_meter_move(&import->meter, mail->done);
	if (mail->removed) {
		import->tally.removed += !mail->passed;
		return;
	}
	if (mail->mark != NULL && !import->dry_run) {
		source.archive_name = import->source->name;
		source.place = mail->place;
		source.mark = mail->mark;
	}
	ingest_submit(&import->ingest, mail->read, mail->context, 0, &source, 0);
	take_outcomes(import, !ingest_has_room(&import->ingest));
}

static const char *find_mark(void *context, const char *place)
{
	const struct import *import = context;

	return import_source_mark(import->source, place);
}

static void unreadable(void *context, const char *path, const char *reason)
{
	struct import *import = context;

	import_meter_clear(&import->meter);
	log_error("%s: cannot be read: %s", path, reason);
	import->tally.unreadable++;
}

static void read_anew(void *context, const char *place, const char *reason)
{
	struct import *import = context;

	import_meter_clear(&import->meter);
	log_warning("%s: %s; it is read from its beginning", place, reason);
}

static void import_archives(struct import *import)
{
	const struct mail_archive_visitor visitor = {import, find_mark, import_mail, unreadable, read_anew, stopped};

	for (guint i = 0; i < import->sources->len && !stopped(import); i++) {
		import->source = g_ptr_array_index(import->sources, i);
		mail_archive_visit(import->source->archive, &visitor);
		import->meter.before += import->source->size;
	}
}

/* The end ---------------------------------------------------------------------------------------------------------- */

/* A signal came: take what the batch in flight brings, and no more.  It does not wait long for a database that does not
 * answer. */
static void break_off(struct import *import)
{
	g_autofree char *where = NULL;
	struct outcome outcome;

	ingest_finish_batch(&import->ingest, deadline_after(DEADLINE_HURRY));
	while (!import->tally.stopped && ingest_is_settled(&import->ingest)) {
		g_autofree char *position = g_strdup(ingest_position(&import->ingest));

		ingest_next(&import->ingest, false, &outcome);
		take_outcome(import, &outcome, position);
		outcome_release(&outcome);
	}
	if (ingest_position(&import->ingest) != NULL)
		where = g_strdup_printf(" at %s", ingest_position(&import->ingest));
	import->tally.stopped = true;
	import_meter_clear(&import->meter);
	log_error("stopped by a signal%s; repeat the import: it goes on there", where != NULL ? where : "");
}

/* There are no more mails, or no more are wanted. */
static void finish(struct import *import)
{
	g_autofree char *summary = NULL;

	while (!stopped(import) && ingest_position(&import->ingest) != NULL)
		take_outcomes(import, true);
	if (import_stop_signal() != 0)
		break_off(import);
	ingest_forget(&import->ingest);
	import_meter_clear(&import->meter);
	summary = import_tally_summary(&import->tally, import->dry_run);
	puts(summary);
}

/* The beginning ---------------------------------------------------------------------------------------------------- */

static void free_source(void *source)
{
	import_source_free(source);
}

/* See what the paths are.  False if one of them is no archive. */
static bool open_sources(struct import *import, const struct options *options)
{
	bool good = true;

	for (int i = 0; i < options->count; i++) {
		struct import_source *source;
		g_autofree char *reason = NULL;
		int status = import_source_open(options->arguments[i], &source, &reason);

		if (status == 0) {
			g_ptr_array_add(import->sources, source);
			continue;
		}
		log_error("%s", reason);
		good = good && status != -EBADMSG;
		import->tally.unreadable++;
	}
	return good;
}

/* Say what the paths are, and find where to go on.  0, or -EAGAIN and a reason in words. */
static int resume_sources(struct import *import, char **ret_reason)
{
	const struct store_source asking = {.transport = "import"};
	int64_t deadline = deadline_after(import->ingest.config.timeout);
	g_autofree char *projects = NULL;
	uint64_t size = 0;
	int status = store_ask(import->ingest.store, "SELECT patchmail.projects_digest() WHERE $1::jsonb IS NOT NULL",
	                       &asking, NULL, deadline, &projects, ret_reason);

	for (guint i = 0; status == 0 && i < import->sources->len; i++) {
		struct import_source *source = g_ptr_array_index(import->sources, i);
		g_autofree char *path = log_escape(source->path, strlen(source->path));

		status = import_source_resume(source, import->ingest.store, import->list_id, import->since_text,
		                              projects, import->again, deadline, ret_reason);
		if (status < 0)
			break;
		printf("%s: %s%s\n", path, mail_archive_kind(source->archive),
		       import_source_goes_on(source) ? "; goes on where it was" : "");
		fflush(stdout);
		source->size = mail_archive_size(source->archive);
		size += source->size;
	}
	import_meter_init(&import->meter, size);
	return status;
}

/* Get ready.  0, or what the command ends with, and the reason is logged: a list that nobody has is a mistake, before
 * anything is stored. */
static int begin(struct import *import, const char *config_path)
{
	const struct store_source source = {.transport = "import", .list_id = import->list_id};
	g_autofree char *reason = NULL;
	int call = import_stop_init(), status = ingest_init(&import->ingest, config_path, &reason);

	import->ingest.call = call;
	import->ingest.dry_run = import->dry_run;
	import->ingest.wants = wants;
	import->ingest.wants_context = import;
	if (status == 0) {
		store_set_call(import->ingest.store, call);
		status = store_check_list(import->ingest.store, &source, deadline_after(import->ingest.config.timeout),
		                          &reason);
	}
	if (status == 0)
		status = resume_sources(import, &reason);
	if (status == 0)
		return EX_OK;
	log_error("%s", reason);
	return EX_TEMPFAIL;
}

static int run(struct import *import, const char *config_path, const struct options *options)
{
	int status;

	if (!open_sources(import, options))
		return EX_DATAERR;
	if (import->dry_run)
		import->foresight = import_foresight_new();
	status = begin(import, config_path);
	if (status == EX_OK) {
		import_archives(import);
		finish(import);
		status = import_tally_exit_code(&import->tally);
	}
	ingest_release(&import->ingest);
	import_foresight_free(import->foresight);
	fflush(stdout);
	import_stop_end();
	return status;
}

int import_run(const char *config_path, int count, char **arguments)
{
	struct import import = {0};
	const struct options_row table[] = {
		{"list-id", "a list id", .value = &import.list_id},
		{"since", "a date", .value = &import.since_text},
		{"history", .given = &import.history},
		{"again", .given = &import.again},
		{"dry-run", .given = &import.dry_run},
		{0},
	};
	struct options options = {
		.help = import_help,
		.table = table,
		.least = 1,
		.most = INT_MAX,
		.needs = "needs a path: an mbox, a Maildir, a folder, a tar, a repository",
	};
	g_autoptr(GPtrArray) sources = g_ptr_array_new_with_free_func(free_source);
	g_autofree char *reason = NULL;
	int status;

	if (!options_read(&options, count, arguments, &reason))
		return options_end(g_steal_pointer(&reason));
	if (import.since_text != NULL && !import_date_read(import.since_text, &import.since))
		return options_end(g_strdup_printf("import --since: no date: %s", import.since_text));
	import.sources = sources;
	status = run(&import, config_path, &options);
	import_tally_release(&import.tally);
	return status;
}
