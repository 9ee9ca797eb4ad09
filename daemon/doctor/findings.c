/* findings.c - keeps what the doctor found, and prints it for people and for programs.
 *
 * Used by every file of doctor/, and printed by the command.
 */
#include "doctor/findings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/log.h"

static const char *const names[] = {"ok", "warning", "failure"};

static void finding_free(void *data)
{
	struct finding *finding = data;

	g_free(finding->subject);
	g_free(finding->words);
	g_free(finding->remedy);
	g_free(finding);
}

void findings_init(struct findings *findings)
{
	findings->all = g_ptr_array_new_with_free_func(finding_free);
}

void findings_release(struct findings *findings)
{
	g_clear_pointer(&findings->all, g_ptr_array_unref);
}

void findings_add(struct findings *findings, enum finding_level level, const char *subject, const char *words,
                  const char *remedy)
{
	struct finding *finding = g_new0(struct finding, 1);

	finding->level = level;
	finding->subject = log_escape(subject, strlen(subject));
	finding->words = log_escape(words, strlen(words));
	finding->remedy = remedy ? log_escape(remedy, strlen(remedy)) : NULL;
	g_ptr_array_add(findings->all, finding);
}

void findings_say(struct findings *findings, enum finding_level level, const char *subject, const char *remedy,
                  const char *format, ...)
{
	g_autofree char *words = NULL;
	va_list arguments;

	va_start(arguments, format);
	words = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	findings_add(findings, level, subject, words, remedy);
}

enum finding_level finding_level_of(const char *name)
{
	for (unsigned level = 0; level < G_N_ELEMENTS(names); level++)
		if (g_strcmp0(names[level], name) == 0)
			return (enum finding_level)level;
	return FINDING_FAILURE;
}

/* The first one of the worst, or NULL. */
static const struct finding *worst_of(const struct findings *findings)
{
	const struct finding *worst = NULL;

	for (unsigned i = 0; i < findings->all->len; i++) {
		const struct finding *finding = g_ptr_array_index(findings->all, i);

		if (!worst || finding->level > worst->level)
			worst = finding;
	}
	return worst;
}

enum finding_level findings_worst(const struct findings *findings)
{
	const struct finding *worst = worst_of(findings);

	return worst ? worst->level : FINDING_OK;
}

static unsigned count_of(const struct findings *findings, enum finding_level level)
{
	unsigned count = 0;

	for (unsigned i = 0; i < findings->all->len; i++)
		count += ((const struct finding *)g_ptr_array_index(findings->all, i))->level == level;
	return count;
}

void findings_print(const struct findings *findings)
{
	const struct finding *worst = worst_of(findings);
	unsigned failures = count_of(findings, FINDING_FAILURE), warnings = count_of(findings, FINDING_WARNING);

	printf("patchmaild %s: %u failure%s, %u warning%s, %u ok", names[findings_worst(findings)], failures,
	       failures == 1 ? "" : "s", warnings, warnings == 1 ? "" : "s", count_of(findings, FINDING_OK));
	if (worst && worst->level != FINDING_OK)
		printf("; %s: %s", worst->subject, worst->words);
	puts("");
	for (unsigned i = 0; i < findings->all->len; i++) {
		const struct finding *finding = g_ptr_array_index(findings->all, i);

		printf("%-7s  %s: %s\n", names[finding->level], finding->subject, finding->words);
		if (finding->remedy)
			printf("         -> %s\n", finding->remedy);
	}
}

void findings_print_json(const struct findings *findings)
{
	json_t *all = json_array(), *document;
	char *text;

	for (unsigned i = 0; i < findings->all->len; i++) {
		const struct finding *finding = g_ptr_array_index(findings->all, i);

		json_array_append_new(all, json_pack("{s:s, s:s, s:s, s:s?}", "level", names[finding->level], "subject",
		                                     finding->subject, "finding", finding->words, "remedy",
		                                     finding->remedy));
	}
	document = json_pack("{s:s, s:o}", "level", names[findings_worst(findings)], "findings", all);
	text = json_dumps(document, JSON_COMPACT);
	puts(text);
	free(text);
	json_decref(document);
}
