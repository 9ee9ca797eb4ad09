/* raw.c - asks for the bytes that are kept, and has what was read in them applied.
 *
 * Used by `reparse`.  Promises that a difference is told only after the commit.
 */
#include "database/raw.h"

#include <errno.h>
#include <string.h>

#include <glib.h>
#include <jansson.h>

#include "base/deadline.h"
#include "database/connection.h"

void raw_mail_release(struct raw_mail *mail)
{
	g_clear_pointer(&mail->source, g_free);
	g_clear_pointer(&mail->list_id, g_free);
	g_clear_pointer(&mail->msgid, g_free);
	g_clear_pointer(&mail->bytes, g_free);
}

/* What a call that failed means. */
static int status_of(const struct answer *answer, char **ret_reason)
{
	bool denied = strcmp(answer->sqlstate, "42501") == 0; /* insufficient_privilege */

	*ret_reason = g_strconcat(answer->reason != NULL ? answer->reason : "the database gave no answer",
	                          denied ? "; it needs the rights of patchmail_admin, patchmail(7)" : "", NULL);
	if (denied)
		return -EACCES;
	if (strcmp(answer->sqlstate, "P0002") == 0 || strncmp(answer->sqlstate, "22", 2) == 0) /* no_data_found */
		return -EINVAL;
	return -EAGAIN;
}

static void read_mail(const PGresult *result, struct raw_mail *mail)
{
	const char *text = answer_value(result, 0, 4);

	mail->id = g_ascii_strtoll(answer_value(result, 0, 0), NULL, 10);
	mail->source = g_strdup(answer_value(result, 0, 1));
	mail->list_id = g_strdup(answer_value(result, 0, 2));
	mail->msgid = g_strdup(answer_value(result, 0, 3));
	if (text != NULL) {
		unsigned char *bytes = PQunescapeBytea((const unsigned char *)text, &mail->length);

		mail->bytes = g_memdup2(bytes, MAX(mail->length, 1));
		PQfreemem(bytes);
	}
}

int raw_next(struct store *store, const struct raw_choice *choice, int64_t after, size_t most, int64_t deadline,
             struct raw_mail *ret_mail, char **ret_reason)
{
	g_autofree char *after_text = g_strdup_printf("%" G_GINT64_FORMAT, (gint64)after);
	g_autofree char *most_text = g_strdup_printf("%zu", most);
	const struct parameter parameters[] = {
		{.text = after_text}, {.text = most_text}, {.text = choice->project}, {.text = choice->since}};
	struct answer answer = {0};
	int status = 0;

	if (store_connect(store, deadline, ret_reason) < 0)
		return -EAGAIN;
	connection_ask(store_connection(store),
	               "SELECT r.id, r.source, r.source->>'list_id', r.source->>'msgid', r.raw "
	               "FROM patchmail.next_raw($1::bigint, $2::bigint, $3::text, $4::timestamptz) r "
	               "WHERE r.id IS NOT NULL",
	               parameters, G_N_ELEMENTS(parameters), deadline, &answer);
	if (answer.status != ANSWER_DONE) {
		status = status_of(&answer, ret_reason);
	} else if (PQntuples(answer.result) == 1) {
		read_mail(answer.result, ret_mail);
		status = 1;
	}
	answer_release(&answer);
	return status;
}

/* What patchmail.reparse() is told of where the bytes come from. */
static char *source_of(const struct raw_choice *choice, const char *source, int64_t patience)
{
	json_t *object = source == NULL ? NULL : json_loads(source, 0, NULL);
	char *text;

	if (object == NULL)
		object = json_object();
	if (choice->project != NULL)
		json_object_set_new(object, "project", json_string(choice->project));
	if (choice->since != NULL)
		json_object_set_new(object, "since", json_string(choice->since));
	json_object_set_new(object, "patience", json_integer(patience));
	text = json_dumps(object, JSON_COMPACT);
	json_decref(object);
	return text;
}

static void tell(const PGresult *result, raw_told *told, void *context)
{
	for (int row = 0; row < PQntuples(result); row++) {
		const struct raw_difference difference = {
			answer_value(result, row, 0),
			answer_value(result, row, 1),
			answer_value(result, row, 2),
			answer_value(result, row, 3),
		};

		told(context, &difference);
	}
}

#define REPARSE                                                                                                    \
	"SELECT r.before->>'msgid', k.key, r.before->>k.key, r.after->>k.key "                                     \
	"FROM patchmail.reparse($1::jsonb, $2::jsonb, $3::boolean) r, LATERAL jsonb_object_keys(r.after) k (key) " \
	"ORDER BY r.project_id, k.key"

int raw_reparse(struct store *store, const struct raw_choice *choice, const char *facts, const char *source,
                bool dry_run, int64_t deadline, raw_told *told, void *context, char **ret_reason)
{
	g_autofree char *source_json = source_of(choice, source, 1 + deadline_left(deadline) / 1000 / STORE_PATIENCE);
	const struct parameter parameters[] = {
		{.text = facts}, {.text = source_json}, {.text = dry_run ? "true" : "false"}};
	struct answer answer = {0};
	int status = 0;

	for (unsigned tries = 0;; tries++) {
		if (store_connect(store, deadline, ret_reason) < 0)
			return -EAGAIN;
		connection_ask(store_connection(store), REPARSE, parameters, G_N_ELEMENTS(parameters), deadline,
		               &answer);
		if (!store_may_try_again(&answer) || tries + 1 == STORE_TRIES || store_back_off(tries, deadline) < 0)
			break;
		answer_release(&answer);
	}
	if (answer.status == ANSWER_DONE) {
		tell(answer.result, told, context);
	} else {
		char *fault = store_facts_fault(store, facts, &answer, deadline);

		status = fault != NULL ? -EBADMSG : status_of(&answer, &fault);
		*ret_reason = fault;
	}
	answer_release(&answer);
	return status;
}
