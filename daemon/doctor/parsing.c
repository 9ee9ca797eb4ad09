/* parsing.c - looks at the parser.
 *
 * Used by the command doctor.  The mail has what a parser loads something for: a character set of its own, base64, a
 * patch.
 */
#include "doctor/parsing.h"

#include <stdbool.h>
#include <string.h>

#include <jansson.h>

#include "base/programs.h"
#include "parser/pool.h"

/* "Ünicode" in ISO-8859-2, which no parser reads without a table. */
static const char mail[] = "From: =?iso-8859-2?q?=DCnicode?= <doctor@example.org>\n"
			   "Message-ID: <doctor@example.org>\n"
			   "Subject: [PATCH 1/2] a change\n"
			   "Content-Type: text/plain; charset=iso-8859-2\n"
			   "Content-Transfer-Encoding: quoted-printable\n"
			   "\n"
			   "=DCnicode\n"
			   "---\n"
			   "--- a/file\n"
			   "+++ b/file\n"
			   "@@ -1 +1 @@\n"
			   "-old\n"
			   "+new\n";

/* Did it read what is there? */
static bool is_right(const char *text)
{
	json_t *facts = json_loads(text, 0, NULL);
	const char *kind = json_string_value(json_object_get(facts, "kind"));
	const char *content = json_string_value(json_object_get(facts, "content"));
	const char *name = json_string_value(json_object_get(json_object_get(facts, "author"), "name"));
	bool right = g_strcmp0(kind, "patch") == 0 && content && g_str_has_prefix(content, "\u00dcnicode") &&
	             g_strcmp0(name, "\u00dcnicode") == 0;

	json_decref(facts);
	return right;
}

static const char remedy[] = "install the program anew; what the parser needs of the C library are the tables of "
			     "character sets (on Debian in libc6, else in a package such as glibc-gconv-extra)";

static void try_mail(struct findings *findings, struct parser_pool *pool, const char *program)
{
	const struct parser_mail given = {mail, strlen(mail), NULL};
	struct parser_result result = {0};

	parser_pool_submit(pool, &given, NULL, 0);
	parser_pool_wait(pool);
	parser_pool_next(pool, &result);
	if (!result.facts || result.reason)
		findings_say(findings, FINDING_FAILURE, "parser", remedy, "%s: %s", program,
		             result.reason ? result.reason : "it gave no facts");
	else if (!is_right(result.facts))
		findings_say(findings, FINDING_FAILURE, "parser", remedy,
		             "%s reads a mail in ISO-8859-2 wrongly: a table of character sets is missing", program);
	else
		findings_say(findings, FINDING_OK, "parser", NULL, "%s starts, and reads a mail", program);
	g_free(result.facts);
	g_free(result.reason);
}

static void judge_sandbox(struct findings *findings, struct parser_pool *pool, const struct config *config)
{
	g_autofree char *lacks = parser_pool_shortcomings(pool);

	if (strcmp(config->sandbox, CONFIG_SANDBOX_OFF) == 0)
		findings_add(findings, FINDING_WARNING, "sandbox", "it is off",
		             "leave out sandbox in [patchmaild]; patchmaild-security(7), Processes");
	else if (lacks)
		findings_add(findings, FINDING_WARNING, "sandbox", lacks, "patchmaild-security(7), Processes");
	else
		findings_add(findings, FINDING_OK, "sandbox", "it is whole", NULL);
}

void doctor_look_at_parser(struct findings *findings, const struct config *config)
{
	g_autofree char *program = programs_find("patchmaild-parser", PARSER_PROGRAM), *reason = NULL;
	struct parser_pool *pool = NULL;

	if (parser_pool_start_configured(config, config->timeout, &pool, &reason) < 0) {
		findings_add(findings, FINDING_FAILURE, "parser", reason, remedy);
		return;
	}
	try_mail(findings, pool, program);
	judge_sandbox(findings, pool, config);
	parser_pool_free(pool);
}
