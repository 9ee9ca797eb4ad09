/* explain.c - the command `explain`.
 *
 * Called by main.  Says of one mail what a delivery would make of it: what it is, which fields on its sender were
 * looked at, which are believed and why, what is aligned, the verdict, what policy allows, and what would become of it.
 * Stores nothing.
 */
#include "commands/explain.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include <glib.h>
#include <jansson.h>

#include "base/deadline.h"
#include "base/log.h"
#include "base/options.h"
#include "commands/parse_file.h"
#include "ingest/ingest.h"

const char explain_help[] =
	"usage: patchmaild [-c FILE] explain [--list-id ID] FILE\n"
	"\n"
	"Prints in words what a mail is, who is believed about its sender, the verdict, what policy allows it, and "
	"what\n"
	"would become of it; see patchmaild-authentication(7).  Stores nothing.  `-` is standard input.\n"
	"\n"
	"  --list-id ID  the list that the mail came by; its own List-Ids are not looked at\n";

/* Print a line; what is in it may be from the mail. */
static G_GNUC_PRINTF(1, 2) void say(const char *format, ...)
{
	g_autofree char *text = NULL, *line = NULL;
	va_list arguments;

	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	line = log_escape(text, strlen(text));
	puts(line);
}

/* The text of a key, or NULL. */
static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static bool is_true(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

static void say_mailbox(const char *what, const json_t *mailbox)
{
	const char *name = text_of(mailbox, "name"), *email = text_of(mailbox, "email");

	if (name)
		say("%s: %s <%s>", what, name, email);
	else
		say("%s: %s", what, email);
}

/* A patch or cover letter by its place, what else there is by its kind. */
static void say_kind(const json_t *facts)
{
	const json_t *subject = json_object_get(facts, "subject");
	const json_t *number = json_object_get(subject, "number"), *total = json_object_get(subject, "total");
	json_int_t version = json_integer_value(json_object_get(subject, "version"));
	const char *kind = text_of(facts, "kind");
	g_autoptr(GString) words = g_string_new(strcmp(kind, "cover") == 0 ? "cover letter" : kind);

	if (strcmp(kind, "comment") != 0 && json_is_integer(number) && json_is_integer(total))
		g_string_append_printf(words, " %d/%d", (int)json_integer_value(number),
		                       (int)json_integer_value(total));
	if (strcmp(kind, "comment") != 0 && version > 1)
		g_string_append_printf(words, ", version %d", (int)version);
	if (strcmp(kind, "empty") == 0)
		g_string_assign(words, "neither text nor diff");
	say("Kind: %s", words->str);
}

/* What a domain has to do with the author's. */
static const char *alignment_in_words(const char *alignment)
{
	if (strcmp(alignment, "strict") == 0)
		return "the author's domain";
	return strcmp(alignment, "relaxed") == 0 ? "of one organisation with the author's domain"
	                                         : "not aligned with the author's domain";
}

static void say_result(const json_t *result)
{
	const char *method = text_of(result, "method"), *identity = text_of(result, "identity");
	const char *alignment = text_of(result, "alignment"), *reason = text_of(result, "reason");
	g_autoptr(GString) words = g_string_new(NULL);

	g_string_append_printf(words, "%s=%s", method, text_of(result, "result"));
	if (identity)
		g_string_append_printf(words, " of %s", identity);
	if (reason)
		g_string_append_printf(words, "; does not count: %s", reason);
	else if (strcmp(method, "spf") == 0)
		g_string_append(words, "; says nothing of From");
	else if (alignment)
		g_string_append_printf(words, ", %s", alignment_in_words(alignment));
	say("        %s", words->str);
}

static void say_field(const json_t *field, const json_t *results)
{
	const char *id = text_of(field, "authserv_id");
	json_int_t index = json_integer_value(json_object_get(field, "index"));
	const json_t *result;
	size_t i;

	say("  %3d %s%s%s: %s: %s", (int)index + 1, text_of(field, "name"), id ? " of " : "", id ? id : "",
	    is_true(field, "trusted") ? "believed" : "not believed", text_of(field, "reason"));
	json_array_foreach (results, i, result) {
		if (json_integer_value(json_object_get(result, "index")) == index)
			say_result(result);
	}
}

static void say_fields(const json_t *authentication)
{
	const json_t *fields = json_object_get(authentication, "fields"), *field;
	size_t i;

	if (json_array_size(fields) == 0) {
		say("Fields: no field of the header speaks of authentication");
		return;
	}
	say("Fields, by their number in the header:");
	json_array_foreach (fields, i, field)
		say_field(field, json_object_get(authentication, "results"));
}

/* Which settings are looked for depends on them. */
static void say_lists(const json_t *list_ids, const char *list_id)
{
	const json_t *each;
	size_t i;

	if (list_id)
		say("List: %s, by the option --list-id", list_id);
	else
		json_array_foreach (list_ids, i, each)
			say("List: %s, by %s", text_of(each, "id"), text_of(each, "field"));
}

/* What is known of the author by some settings. */
static void say_authentication(const json_t *authentication, const json_t *original)
{
	say_fields(authentication);
	say("Verdict: %s: %s", text_of(authentication, "verdict"), text_of(authentication, "reason"));
	if (json_is_object(original)) {
		say_mailbox("Author where From is the list's", original);
		say("Verdict on that one: %s: %s", text_of(authentication, "original_verdict"),
		    text_of(authentication, "original_reason"));
	}
}

/* The same by the settings of each list, if they differ. */
static void say_list_verdicts(const json_t *lists, const json_t *original)
{
	const json_t *list, *list_id;
	size_t i, j;

	json_array_foreach (lists, i, list) {
		json_array_foreach (json_object_get(list, "list_ids"), j, list_id)
			say("By the settings of the list %s:", json_string_value(list_id));
		say_authentication(list, original);
	}
}

static void say_facts(const json_t *facts, const char *list_id)
{
	const json_t *authentication = json_object_get(facts, "authentication");
	const json_t *lists = json_object_get(authentication, "lists");
	const json_t *original = json_object_get(facts, "original_author");

	say("Message-ID: %s", text_of(facts, "message_id"));
	say_kind(facts);
	say_lists(json_object_get(facts, "list_ids"), list_id);
	say_mailbox("Author", json_object_get(facts, "author"));
	if (lists)
		say_list_verdicts(lists, original);
	else
		say_authentication(authentication, original);
}

static void say_policy(const json_t *policy)
{
	bool stored = is_true(policy, "may_be_stored");
	const char *otherwise = text_of(policy, "otherwise");

	say("Project %s, by the verdict %s:", text_of(policy, "linkname"), text_of(policy, "verdict"));
	if (!stored) {
		say("  may not be stored: %s",
		    strcmp(otherwise, "refuse") == 0 ? "it is refused" : "it goes to quarantine");
		return;
	}
	say("  may be stored");
	say("  %s set state, delegate and other hints", is_true(policy, "may_use_hints") ? "may" : "may not");
	say("  %s change the name of its author", is_true(policy, "may_rename") ? "may" : "may not");
	say("  %s revise what its author sent before", is_true(policy, "may_revise") ? "may" : "may not");
}

/* What would become of it now. */
static void say_outcome(struct ingest *ingest, const char *facts, const struct store_source *source)
{
	struct outcome outcome = {.kind = OUTCOME_DEFERRED};
	g_autoptr(GString) words = g_string_new("Outcome: ");

	store_foresee(ingest->store, facts, source, deadline_after(ingest->config.timeout), &outcome);
	g_string_append(words, outcome_rule(outcome.kind)->name);
	if (outcome.reason)
		g_string_append_printf(words, ": %s", outcome.reason);
	say("%s", words->str);
	outcome_release(&outcome);
}

static void say_policies(struct ingest *ingest, const char *facts, const struct store_source *source)
{
	g_autofree char *text = NULL, *reason = NULL;
	json_t *policies = NULL;
	const json_t *policy;
	size_t i;

	if (store_explain(ingest->store, facts, source, deadline_after(ingest->config.timeout), &text, &reason) < 0) {
		say("Projects: cannot be asked for: %s", reason);
		return;
	}
	policies = json_loads(text, 0, NULL);
	if (json_array_size(policies) == 0)
		say("Projects: none has its list id");
	json_array_foreach (policies, i, policy)
		say_policy(policy);
	json_decref(policies);
	say_outcome(ingest, facts, source);
}

/* Say everything of a mail with these facts; an exit code. */
static int explain(struct ingest *ingest, const char *text, const struct store_source *source)
{
	json_t *facts = json_loads(text, JSON_ALLOW_NUL, NULL);
	const char *rejected = text_of(facts, "rejected");

	if (rejected) {
		log_error("%s: %s", source->position, rejected);
	} else {
		say_facts(facts, source->list_id);
		say_policies(ingest, text, source);
	}
	json_decref(facts);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		log_error("the output cannot be written");
		return EX_IOERR;
	}
	return rejected ? EX_DATAERR : EX_OK;
}

int explain_run(const char *config_path, int count, char **arguments)
{
	struct store_source source = {.transport = "explain"};
	const struct options_row table[] = {{"list-id", "a list id", .value = &source.list_id}, {0}};
	struct options options = {
		.help = explain_help,
		.table = table,
		.least = 1,
		.most = 1,
		.needs = "needs one file",
	};
	g_autofree char *facts = NULL, *reason = NULL;
	struct ingest ingest;
	int exit_code;

	if (!options_read(&options, count, arguments, &reason))
		return options_end(g_steal_pointer(&reason));
	source.position = options.arguments[0];
	if (ingest_init(&ingest, config_path, &reason) < 0) {
		log_error("%s", reason);
		exit_code = EX_TEMPFAIL;
	} else {
		exit_code = parse_file(ingest.parsers, source.position, source.list_id, &facts);
		if (exit_code == EX_OK)
			exit_code = explain(&ingest, facts, &source);
	}
	ingest_release(&ingest);
	return exit_code;
}
