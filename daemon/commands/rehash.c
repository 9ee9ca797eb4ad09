/* rehash.c - the command `rehash`.
 *
 * Called by main.  Reads the diffs of the patches that are stored, some megabytes at a time, computes their hashes and
 * git's patch-ids, and hands those that differ to patchmail.set_hashes(): after a release that reads diffs in another
 * way, for patches that were stored before patch-ids were, or where somebody wrote into the tables.  Each portion is a
 * transaction of its own; repeated, it finds what is left.
 */
#include "commands/rehash.h"

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
#include "database/store.h"
#include "patch/patch_hash.h"
#include "patch/patch_id.h"
#include "settings/configuration.h"

const char rehash_help[] =
	"usage: patchmaild [-c FILE] rehash [--project LINKNAME] [--dry-run]\n"
	"\n"
	"Computes the hashes and git's patch-ids of all diffs in the database anew, and writes those that differ\n"
	"or are missing.  Prints those that differ, and how many there were.  Whoever connects needs the rights\n"
	"of patchmail_admin.  Repeat it after an error: what is written is right.\n"
	"\n"
	"  --project LINKNAME  the patches of one project alone\n"
	"  --dry-run           print what differs, and write nothing\n";

/* Bytes of diffs that are asked for at once; a greater one comes alone. */
#define REHASH_PORTION "8388608"

struct rehash {
	struct config config;
	struct store *store;
	const char *project; /* NULL: all */
	bool dry_run;
	char *last; /* the id of the last patch that was looked at */
	uint64_t patches, different, filled;
};

/* Those of one portion of which something is to be written, as the text of SQL arrays. */
struct changes {
	GString *ids, *hashes, *patch_ids;
	uint64_t different, filled;
};

/* A patch as patchmail.diffs_after() gives it. */
struct stored {
	const char *id, *hash, *patch_id, *diff;
	bool known; /* it has a place for its patch-id */
};

/* Ask one statement.  The result, which the caller clears, or NULL: the error is logged. */
static PGresult *ask(struct rehash *rehash, const char *sql, const struct parameter *parameters, int count)
{
	int64_t deadline = deadline_after(rehash->config.timeout);
	g_autofree char *reason = NULL;
	struct answer answer;
	PGresult *result;

	if (store_connect(rehash->store, deadline, &reason) < 0) {
		log_error("%s", reason);
		return NULL;
	}
	connection_ask(store_connection(rehash->store), sql, parameters, count, deadline, &answer);
	if (answer.status != ANSWER_DONE)
		log_error("%s", answer.reason);
	result = g_steal_pointer(&answer.result);
	answer_release(&answer);
	return result;
}

static void append(GString *array, const char *value)
{
	g_string_append_printf(array, "%s%s", array->len > 0 ? "," : "", value != NULL ? value : "NULL");
}

static void compare(struct rehash *rehash, const struct stored *stored, struct changes *changes)
{
	g_autofree char *hash = patch_hash(stored->diff), *id = patch_id(stored->diff);
	bool other_hash = g_strcmp0(hash, stored->hash) != 0;
	bool other_id = stored->known && g_strcmp0(id, stored->patch_id) != 0;

	rehash->patches++;
	if (!other_hash && !other_id)
		return;
	append(changes->ids, stored->id);
	append(changes->hashes, hash);
	append(changes->patch_ids, id);
	if (other_hash)
		printf("patch %s: %s, not %s\n", stored->id, hash, stored->hash != NULL ? stored->hash : "none");
	if (other_id && stored->patch_id != NULL)
		printf("patch %s: patch-id %s, not %s\n", stored->id, id != NULL ? id : "none", stored->patch_id);
	if (other_hash || stored->patch_id != NULL)
		changes->different++;
	else
		changes->filled++;
}

/* 0, or -EAGAIN. */
static int write_changes(struct rehash *rehash, const struct changes *changes)
{
	g_autofree char *ids = g_strdup_printf("{%s}", changes->ids->str);
	g_autofree char *hashes = g_strdup_printf("{%s}", changes->hashes->str);
	g_autofree char *patch_ids = g_strdup_printf("{%s}", changes->patch_ids->str);
	const struct parameter parameters[] = {{.text = ids}, {.text = hashes}, {.text = patch_ids}};
	PGresult *result;

	if (changes->ids->len == 0 || rehash->dry_run)
		return 0;
	result = ask(rehash, "SELECT count(*) FROM patchmail.set_hashes($1::integer[], $2::text[], $3::text[])",
	             parameters, 3);
	if (result == NULL)
		return -EAGAIN;
	PQclear(result);
	return 0;
}

/* The next portion: 1, 0 if there are no more patches, or -EAGAIN. */
static int next_portion(struct rehash *rehash)
{
	static const char sql[] = "SELECT patch_id, hash, git_patch_id, known, diff FROM patchmail.diffs_after($1, "
				  "$2::integer, " REHASH_PORTION ")";
	const struct parameter parameters[] = {{.text = rehash->project}, {.text = rehash->last}};
	g_autoptr(GString) ids = g_string_new(NULL), hashes = g_string_new(NULL), patch_ids = g_string_new(NULL);
	struct changes changes = {.ids = ids, .hashes = hashes, .patch_ids = patch_ids};
	PGresult *result = ask(rehash, sql, parameters, 2);
	int rows, status;

	if (result == NULL)
		return -EAGAIN;
	rows = PQntuples(result);
	for (int row = 0; row < rows; row++)
		compare(rehash,
		        &(struct stored){.id = answer_value(result, row, 0),
		                         .hash = answer_value(result, row, 1),
		                         .patch_id = answer_value(result, row, 2),
		                         .known = *answer_value(result, row, 3) == 't',
		                         .diff = answer_value(result, row, 4)},
		        &changes);
	if (rows > 0) {
		g_free(rehash->last);
		rehash->last = g_strdup(answer_value(result, rows - 1, 0));
	}
	PQclear(result);
	status = write_changes(rehash, &changes);
	if (status == 0) {
		rehash->different += changes.different;
		rehash->filled += changes.filled;
	}
	return status < 0 ? status : rows > 0;
}

static int rehash_all(struct rehash *rehash)
{
	int status;

	rehash->store = store_new(rehash->config.conninfo, rehash->config.connect_timeout);
	rehash->last = g_strdup("0");
	do
		status = next_portion(rehash);
	while (status > 0);
	if (status == 0 || rehash->patches > 0)
		printf("%" PRIu64 " of %" PRIu64 " patches %s another hash\n", rehash->different, rehash->patches,
		       rehash->dry_run ? "should have" : "have got");
	if (rehash->filled > 0)
		printf("%" PRIu64 " patches had no patch-id%s\n", rehash->filled,
		       rehash->dry_run ? "" : ", and have got it");
	g_free(rehash->last);
	store_free(rehash->store);
	return status;
}

int rehash_run(const char *config_path, int count, char **arguments)
{
	struct rehash rehash = {0};
	const struct options_row table[] = {
		{"project", "a linkname", .value = &rehash.project},
		{"dry-run", NULL, .given = &rehash.dry_run},
		{0},
	};
	struct options options = {.help = rehash_help, .table = table, .needs = "takes no arguments"};
	g_autofree char *reason = NULL;
	int status = 0;

	if (!options_read(&options, count, arguments, &reason))
		return options_end(g_steal_pointer(&reason));
	config_init(&rehash.config);
	if (config_path != NULL)
		status = config_load(&rehash.config, config_path, &reason);
	if (status < 0)
		log_error("%s", reason);
	else
		status = rehash_all(&rehash);
	config_release(&rehash.config);
	return status < 0 ? EX_TEMPFAIL : EX_OK;
}
