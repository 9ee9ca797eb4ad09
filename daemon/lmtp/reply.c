/* reply.c - what a client is told of his mails.
 *
 * Used by connection.c.  What a reply says in words is printable, and ASCII but for `patchmaild deliver`: the reason
 * may be from the mail, or from the database in any language, and not every client knows SMTPUTF8 replies.
 */
#include "lmtp/reply.h"

#include "base/log.h"

char *lmtp_reply_repeat(const char *reply, unsigned recipients)
{
	GString *lines = g_string_new(NULL);

	for (unsigned i = 0; i < recipients; i++)
		g_string_append_printf(lines, "%s\r\n", reply);
	return g_string_free(lines, FALSE);
}

/* What a reason becomes; the caller frees it. */
static char *words_of(const struct outcome *outcome, bool ascii)
{
	const char *name = outcome_rule(outcome->kind)->name;
	char *words = log_first_line(outcome->reason ? outcome->reason : name);

	for (char *letter = words; ascii && *letter; letter++)
		if ((unsigned char)*letter >= 0x80)
			*letter = '?';
	return words;
}

static void append(GString *lines, const struct outcome *outcome, bool ascii)
{
	const struct outcome_rule *rule = outcome_rule(outcome->kind);
	g_autofree char *words = words_of(outcome, ascii);

	g_string_append_printf(lines, "%d %s %.*s\r\n", rule->lmtp_code, rule->status, LMTP_REPLY_MAX - 12, words);
}

char *lmtp_reply_outcomes(const struct lmtp_mail *mail)
{
	GString *lines = g_string_new(NULL);

	for (unsigned i = 0; i < mail->recipients->len; i++)
		append(lines, &mail->outcomes[g_array_index(mail->recipients, unsigned, i)], !mail->private);
	return g_string_free(lines, FALSE);
}
