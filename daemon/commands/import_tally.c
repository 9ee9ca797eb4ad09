/* import_tally.c - counts what became of the mails of an import, and says so in a few lines.
 *
 * Used by import.c.  Promises bounded memory, whatever the reasons say, and that nothing of a mail reaches the terminal
 * unescaped.
 */
#include "commands/import_tally.h"

#include <inttypes.h>
#include <string.h>
#include <sysexits.h>

#include "base/log.h"

static const char other_reasons[] = "other reasons";

void import_tally_release(struct import_tally *tally)
{
	for (unsigned kind = 0; kind < OUTCOME_KINDS; kind++)
		g_clear_pointer(&tally->reasons[kind], g_hash_table_unref);
}

static void count_reason(GHashTable *reasons, const char *reason)
{
	uint64_t *count;

	if (!g_hash_table_contains(reasons, reason) && g_hash_table_size(reasons) >= IMPORT_REASONS)
		reason = other_reasons;
	count = g_hash_table_lookup(reasons, reason);
	if (count == NULL) {
		count = g_new0(uint64_t, 1);
		g_hash_table_insert(reasons, g_strdup(reason), count);
	}
	++*count;
}

void import_tally_count(struct import_tally *tally, const struct outcome *outcome)
{
	GHashTable **reasons = &tally->reasons[outcome->kind];

	tally->counts[outcome->kind]++;
	if (outcome->reason == NULL && outcome_rule(outcome->kind)->kept)
		return;
	if (*reasons == NULL)
		*reasons = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	count_reason(*reasons, outcome->reason != NULL ? outcome->reason : "no reason given");
}

uint64_t import_tally_mails(const struct import_tally *tally)
{
	uint64_t mails = 0;

	for (unsigned kind = 0; kind < OUTCOME_KINDS; kind++)
		mails += tally->counts[kind];
	return mails;
}

/* A reason as a person wants to read it.  The caller frees it. */
static char *reason_text(const char *reason)
{
	static const char no_project[] = "no project has its list id: ";
	g_autofree char *list_id = NULL;

	if (!g_str_has_prefix(reason, no_project))
		return log_first_line(reason);
	list_id = log_first_line(reason + strlen(no_project));
	return g_strdup_printf("no project has list id %s; patchmail.add_project() makes one", list_id);
}

/* The most frequent first; of two as frequent the lesser text; "other reasons" last. */
static gint by_count(gconstpointer one, gconstpointer other, gpointer reasons)
{
	const uint64_t *count = g_hash_table_lookup(reasons, one), *other_count = g_hash_table_lookup(reasons, other);
	bool is_other = strcmp(one, other_reasons) == 0, other_is = strcmp(other, other_reasons) == 0;

	if (is_other != other_is)
		return is_other ? 1 : -1;
	if (*count != *other_count)
		return *count > *other_count ? -1 : 1;
	return strcmp(one, other);
}

/* "  1 ignored: no project has list id x.example.org; patchmail.add_project() makes one" */
static void add_reasons(const struct import_tally *tally, enum outcome_kind kind, GString *lines)
{
	g_autoptr(GList) reasons = NULL;

	if (tally->reasons[kind] == NULL)
		return;
	reasons = g_hash_table_get_keys(tally->reasons[kind]);
	reasons = g_list_sort_with_data(reasons, by_count, tally->reasons[kind]);
	for (const GList *reason = reasons; reason != NULL; reason = reason->next) {
		const uint64_t *count = g_hash_table_lookup(tally->reasons[kind], reason->data);
		g_autofree char *text = reason_text(reason->data);

		g_string_append_printf(lines, "\n  %" PRIu64 " %s: %s", *count, outcome_rule(kind)->name, text);
	}
}

char *import_tally_summary(const struct import_tally *tally, bool dry_run)
{
	g_autofree char *counts = outcome_count_text(tally->counts);
	GString *lines = g_string_new(counts);

	if (dry_run)
		g_string_append(lines, " (a dry run: nothing is stored)");
	for (unsigned i = 1; i <= OUTCOME_KINDS; i++)
		add_reasons(tally, (enum outcome_kind)(i % OUTCOME_KINDS), lines); /* deferred, which is 0, last */
	if (tally->removed > 0)
		g_string_append_printf(lines, "\n  %" PRIu64 " more that the archive has deleted", tally->removed);
	return g_string_free(lines, FALSE);
}

int import_tally_exit_code(const struct import_tally *tally)
{
	uint64_t ignored = tally->counts[OUTCOME_IGNORED];

	if (tally->stopped || tally->counts[OUTCOME_DEFERRED] > 0)
		return EX_TEMPFAIL;
	if (tally->unreadable > 0)
		return EX_NOINPUT;
	if (ignored > tally->left_out && ignored == import_tally_mails(tally))
		return EX_NOUSER;
	return EX_OK;
}
