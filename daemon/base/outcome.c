/* outcome.c - the one table of outcomes.
 *
 * Used by every transport and by the store.  Postfix's pipe(8) bounces on every exit code but 0 and 75, and
 * lmtp(8) on 5xx replies, so whatever is not a decision about the message itself ends as "deferred".
 */
#include "base/outcome.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <sysexits.h>

static const struct outcome_rule rules[OUTCOME_KINDS] = {
	[OUTCOME_DEFERRED] = {"deferred", EX_TEMPFAIL, 451, "4.3.0", OUTCOME_STAY, false},
	[OUTCOME_STORED] = {"stored", EX_OK, 250, "2.0.0", OUTCOME_NEXT, true},
	[OUTCOME_DUPLICATE] = {"duplicate", EX_OK, 250, "2.0.0", OUTCOME_NEXT, true},
	[OUTCOME_WAITING] = {"waiting", EX_OK, 250, "2.0.0", OUTCOME_NEXT, true},
	[OUTCOME_IGNORED] = {"ignored", EX_OK, 250, "2.0.0", OUTCOME_NEXT, false},
	[OUTCOME_QUARANTINED] = {"quarantined", EX_OK, 250, "2.0.0", OUTCOME_NEXT, true},
	[OUTCOME_REFUSED] = {"refused", EX_NOPERM, 550, "5.7.1", OUTCOME_NEXT_LOGGED, false},
};

const struct outcome_rule *outcome_rule(enum outcome_kind kind)
{
	g_assert((unsigned)kind < OUTCOME_KINDS);
	return &rules[kind];
}

int outcome_of_name(const char *name, enum outcome_kind *ret_kind)
{
	for (unsigned kind = 0; name != NULL && kind < OUTCOME_KINDS; kind++) {
		if (strcmp(rules[kind].name, name) == 0) {
			*ret_kind = (enum outcome_kind)kind;
			return 0;
		}
	}
	return -EINVAL;
}

void outcome_set(struct outcome *outcome, enum outcome_kind kind, const char *format, ...)
{
	char *reason = NULL;

	if (format != NULL) {
		va_list arguments;

		va_start(arguments, format);
		reason = g_strdup_vprintf(format, arguments);
		va_end(arguments);
	}
	g_free(outcome->reason);
	outcome->reason = reason;
	outcome->kind = kind;
	outcome->quarantine_id = 0;
}

char *outcome_count_text(const uint64_t counts[OUTCOME_KINDS])
{
	g_autoptr(GString) outcomes = g_string_new(NULL);
	uint64_t total = 0;

	for (unsigned i = 1; i <= OUTCOME_KINDS; i++) {
		unsigned kind = i % OUTCOME_KINDS; /* deferred, which is 0, last */

		if (counts[kind] == 0)
			continue;
		g_string_append_printf(outcomes, "%s %" PRIu64 " %s", total == 0 ? ":" : ",", counts[kind],
		                       rules[kind].name);
		total += counts[kind];
	}
	return g_strdup_printf("%" PRIu64 " mail%s%s", total, total == 1 ? "" : "s", outcomes->str);
}

void outcome_release(struct outcome *outcome)
{
	g_clear_pointer(&outcome->reason, g_free);
	g_clear_pointer(&outcome->message_id, g_free);
	g_clear_pointer(&outcome->projects, g_free);
	g_clear_pointer(&outcome->mail_kind, g_free);
}
