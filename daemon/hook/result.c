/* result.c - what an answer of a receiver means.
 *
 * Used by post.c and command.c.  Pure.  Promises that a reason is one printable line of at most HOOK_REASON_MAX
 * characters, whatever the receiver says.
 */
#include "hook/result.h"

#include <string.h>

#include <glib.h>

#include "base/command.h"
#include "base/log.h"

static enum hook_outcome outcome_of_status(unsigned status)
{
	if (status / 100 == 2)
		return HOOK_DELIVERED;
	if (status < 200 || status >= 500 || status == 408 || status == 425 || status == 429)
		return HOOK_FAILED;
	return HOOK_REFUSED;
}

/* As one printable line that is not too long. */
static char *bounded(const char *reason)
{
	g_autofree char *line = log_first_line(reason);

	return g_utf8_strlen(line, -1) > HOOK_REASON_MAX ? g_utf8_substring(line, 0, HOOK_REASON_MAX)
	                                                 : g_steal_pointer(&line);
}

/* The first line of a body that says something to people; "" if there is none. */
static char *first_words(const char *body)
{
	const char *words = body + strspn(body, " \t\r\n");

	return *words == '<' ? g_strdup("") : g_strndup(words, strcspn(words, "\r\n"));
}

/* What people should know of a status besides. */
static const char *hint(unsigned status)
{
	if (status / 100 == 3)
		return " (redirects are not followed)";
	return status == 410 ? " (the receiver is gone for good)" : "";
}

void hook_result_of_answer(const struct hook_answer *answer, struct hook_result *ret_result)
{
	struct hook_result result = {.outcome = outcome_of_status(answer->status)};
	g_autofree char *words = first_words(answer->body), *reason = NULL;

	if (answer->retry_after > 0 && result.outcome == HOOK_FAILED)
		result.retry_after = (unsigned)MIN(answer->retry_after, HOOK_RETRY_AFTER_MAX);
	if (answer->status == 0)
		reason = g_strdup("the receiver gave no answer");
	else
		reason = g_strdup_printf("HTTP %u%s%s%s%s%s", answer->status, *answer->phrase ? " " : "",
		                         answer->phrase, hint(answer->status), *words ? ": " : "", words);
	if (result.outcome != HOOK_DELIVERED)
		result.reason = bounded(reason);
	*ret_result = result;
}

void hook_result_of_command(int waited, const char *said, struct hook_result *ret_result)
{
	g_autofree char *fault = command_fault(waited, said);

	*ret_result = (struct hook_result){.outcome = HOOK_DELIVERED};
	if (fault)
		hook_result_fail(ret_result, fault);
}

void hook_result_fail(struct hook_result *ret_result, const char *reason)
{
	*ret_result = (struct hook_result){.outcome = HOOK_FAILED, .reason = bounded(reason)};
}
