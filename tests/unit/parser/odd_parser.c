/* odd_parser.c - the parser program of tests/t/batches.t: that of patchmaild, but what a field X-Odd asks for goes
 * wrong. */
#include <stdlib.h>
#include <string.h>
#include <gmime/gmime.h>

#include "facts/document.h"
#include "parser/worker.h"

static struct trust_settings *trust;

static bool take_settings(const char *text)
{
	return trust_settings_take(trust, text);
}

static bool asks_for(const struct parser_mail *mail, const char *what)
{
	g_autofree char *field = g_strdup_printf("\nX-Odd: %s\n", what);

	return strstr(mail->bytes, field) != NULL;
}

/* The facts with one more key. */
static char *with(char *facts, const char *value)
{
	char *text = g_strdup_printf("%.*s,\"odd\":%s}", (int)strlen(facts) - 1, facts, value);

	g_free(facts);
	return text;
}

static char *facts_of(const struct parser_mail *mail, const char *reason)
{
	char *facts = reason == NULL ? facts_of_mail(mail->bytes, mail->length, trust, mail->list_id)
	                             : facts_of_rejected(mail->bytes, mail->length, reason);

	if (reason != NULL)
		return facts;
	if (asks_for(mail, "death"))
		abort();
	if (asks_for(mail, "system") && system("true") == 0)
		return with(facts, "\"escaped\"");
	if (asks_for(mail, "nul"))
		return with(facts, "\"\\u0000\"");
	if (asks_for(mail, "nonsense"))
		return with(facts, "nonsense");
	if (asks_for(mail, "number"))
		return with(facts, "1e999999");
	if (asks_for(mail, "size")) {
		g_autofree char *filling = g_strnfill(5 * 1024 * 1024, ' ');
		g_autofree char *value = g_strdup_printf("\"%s\"", filling);

		return with(facts, value);
	}
	return facts;
}

int main(int count, char **arguments)
{
	static const struct parser_program program = {.take_settings = take_settings, .parse = facts_of};

	trust = trust_settings_new();
	g_mime_init();
	return parser_worker_run(count, arguments, &program);
}
