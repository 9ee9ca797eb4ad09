/* store.c - the statements: what is asked of the database, what its answers mean, and what is tried again.
 *
 * Used by the pipeline.  Promises that "stored" and its like are said only after the commit, and that every failure
 * is an outcome with one line of reason.  The connection underneath is connection.c.
 */
#include "database/store.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>
#include <libpq-fe.h>

#include "base/deadline.h"
#include "base/log.h"
#include "database/connection.h"
#include "database/remedy.h"

struct store {
	struct connection *connection;
	int64_t quarantine_id; /* of the message in pieces */
	bool says_isolation;   /* the site's default is another one than patchmail.store() wants */
	bool is_slow;          /* the message takes its time, and no pattern is to blame */
};

struct store *store_new(const char *conninfo, unsigned connect_timeout)
{
	struct store *store = g_new0(struct store, 1);

	store->connection = connection_new(conninfo, connect_timeout);
	return store;
}

void store_free(struct store *store)
{
	if (store == NULL)
		return;
	connection_free(store->connection);
	g_free(store);
}

/* Connecting ------------------------------------------------------------------------------------------------- */

static bool has_state(const struct answer *answer, const char *state)
{
	return strcmp(answer->sqlstate, state) == 0;
}

#define INSUFFICIENT_PRIVILEGE "42501"

/* The reason of an answer that is an error, and what to do if the role lacks a right on what we call; one that a
 * function of ours lacks, or a trigger, is another thing. */
static char *reason_of(const struct store *store, const struct answer *answer)
{
	g_autofree char *remedy = NULL;

	if (answer->status == ANSWER_ERROR && has_state(answer, INSUFFICIENT_PRIVILEGE) && !answer->inside)
		remedy = remedy_of_rights("add_deliverer", connection_role(store->connection),
		                          connection_database(store->connection));
	return g_strconcat(answer->reason, remedy, NULL);
}

/* What is wrong with the schema, or NULL. */
static char *check_version(const struct store *store, const struct answer *answer)
{
	const char *version;

	/* invalid_schema_name, undefined_function */
	if (has_state(answer, "3F000") || has_state(answer, "42883"))
		return remedy_of_no_schema(connection_database(store->connection));
	if (answer->status != ANSWER_DONE)
		return reason_of(store, answer);
	version = PQntuples(answer->result) == 1 ? PQgetvalue(answer->result, 0, 0) : "";
	return store_version_fault(store, g_ascii_strtoll(version, NULL, 10));
}

char *store_version_fault(const struct store *store, int64_t version)
{
	const char *database = connection_database(store->connection);
	g_autofree char *install = remedy_install(database);
	g_autofree char *update = g_strdup_printf("as its owner, with the files of this program: %s", install);

	if (version == STORE_SCHEMA_VERSION)
		return NULL;
	return g_strdup_printf(
		"the schema in the database %s is version %" G_GINT64_FORMAT ", this program needs version %d: %s",
		database, (gint64)version, STORE_SCHEMA_VERSION,
		version > STORE_SCHEMA_VERSION ? "install the program of that version, and restart it" : update);
}

void store_set_call(struct store *store, int call)
{
	connection_set_call(store->connection, call);
}

void store_start(struct store *store)
{
	connection_start(store->connection);
}

struct connection *store_connection(const struct store *store)
{
	return store->connection;
}

unsigned store_before(const struct store *store, struct statement *ret_statements)
{
	if (!store->says_isolation)
		return 0;
	ret_statements[0] = (struct statement){.sql = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED"};
	return 1;
}

bool store_is_connected(const struct store *store)
{
	return connection_is_up(store->connection);
}

bool store_is_busy(const struct store *store)
{
	return connection_is_busy(store->connection);
}

int store_connect(struct store *store, int64_t deadline, char **ret_reason)
{
	struct answer answer = {0};
	char *wrong;

	if (connection_is_alive(store->connection))
		return 0;
	if (connection_open(store->connection, deadline, ret_reason) < 0)
		return -EAGAIN;
	connection_ask(store->connection, "SELECT patchmail.schema_version()", NULL, 0, deadline, &answer);
	wrong = check_version(store, &answer);
	answer_release(&answer);
	if (wrong == NULL)
		return 0;
	connection_close(store->connection);
	*ret_reason = wrong;
	return -EAGAIN;
}

/* One call --------------------------------------------------------------------------------------------------- */

#define STORE "SELECT outcome, reason, quarantine_id FROM patchmail.store($1::jsonb, $2::bytea, $3::jsonb)"
/* And for the journal what mail it was. */
#define STORE_AND_TELL                                                                                         \
	"SELECT outcome, reason, quarantine_id, $1::jsonb->>'message_id', patchmail.project_names($1::jsonb, " \
	"$3::jsonb), $1::jsonb->>'kind' "                                                                      \
	"FROM patchmail.store($1::jsonb, $2::bytea, $3::jsonb)"

/* patchmail.store() in one transaction. */
static void ask_store(struct store *store, const char *facts, const char *raw, size_t length, const char *source,
                      bool told, int64_t deadline, struct answer *ret_answer)
{
	const struct parameter parameters[] = {
		{.text = facts},
		{.bytes = raw, .length = length},
		{.text = source},
	};
	/* No rows, which would be taken for the answer. */
	g_autofree char *limit =
		g_strdup_printf("DO $$BEGIN IF current_setting('statement_timeout') = '0' THEN "
	                        "PERFORM set_config('statement_timeout', '%" G_GINT64_FORMAT "', true); END IF; END$$",
	                        (gint64)(1 + deadline_left(deadline) / 1000 / STORE_PATTERNS));
	struct statement statements[STORE_BEFORE + 2];
	unsigned count = store_before(store, statements);

	/* What is stopped then is a pattern that runs away, and the database goes on without it. */
	if (!store->is_slow)
		statements[count++] = (struct statement){.sql = limit};
	statements[count++] = (struct statement){told ? STORE_AND_TELL : STORE, parameters, G_N_ELEMENTS(parameters)};
	connection_ask_all(store->connection, statements, count, deadline, ret_answer);
}

/* What patchmail.store() answered. */
static void read_outcome(const PGresult *result, struct outcome *outcome)
{
	const char *name, *reason, *id;
	enum outcome_kind kind;

	if (PQntuples(result) != 1 || PQnfields(result) < 3) {
		outcome_set(outcome, OUTCOME_DEFERRED, "patchmail.store() gave %d rows", PQntuples(result));
		return;
	}
	name = answer_value(result, 0, 0);
	reason = answer_value(result, 0, 1);
	id = answer_value(result, 0, 2);
	if (outcome_of_name(name, &kind) < 0) {
		outcome_set(outcome, OUTCOME_DEFERRED, "patchmail.store() gave an unknown outcome: %s",
		            name == NULL ? "NULL" : name);
		return;
	}
	outcome_set(outcome, kind, reason == NULL ? NULL : "%s", reason);
	if (id != NULL)
		outcome->quarantine_id = g_ascii_strtoll(id, NULL, 10);
	if (PQnfields(result) == 6) {
		outcome->message_id = g_strdup(answer_value(result, 0, 3));
		outcome->projects = g_strdup(answer_value(result, 0, 4));
		outcome->mail_kind = g_strdup(answer_value(result, 0, 5));
	}
}

#define LOCK_NOT_AVAILABLE "55P03"
#define QUERY_CANCELED "57014" /* also by the role's statement_timeout */
#define FOREIGN_KEY_VIOLATION "23503"
#define CHARACTER_NOT_IN_REPERTOIRE "22021"
#define INVALID_TRANSACTION_STATE "25000"

/* While it commits, a foreign key is violated by what somebody deleted at that moment. */
bool store_may_try_again(const struct answer *answer)
{
	return answer->status == ANSWER_LOST || has_state(answer, "40001") || /* serialization_failure */
	       has_state(answer, "40P01") ||                                  /* deadlock_detected */
	       has_state(answer, LOCK_NOT_AVAILABLE) || has_state(answer, FOREIGN_KEY_VIOLATION);
}

/* Data exception and program limit exceeded: the facts may be such that they never get into the function that decides
 * on them, or the fault is the site's.  The database says which: why it cannot hold them, or NULL. */
char *store_facts_fault(struct store *store, const char *facts, const struct answer *failed, int64_t deadline)
{
	const struct parameter parameter = {.text = facts};
	g_autofree char *ignored = NULL;
	struct answer answer = {0};
	char *fault = NULL;

	if (strncmp(failed->sqlstate, "22", 2) != 0 && strncmp(failed->sqlstate, "54", 2) != 0)
		return NULL;
	if (store_connect(store, deadline, &ignored) < 0)
		return NULL;
	connection_ask(store->connection, "SELECT patchmail.facts_fault($1::text)", &parameter, 1, deadline, &answer);
	if (answer.status == ANSWER_DONE && PQntuples(answer.result) == 1)
		fault = g_strdup(answer_value(answer.result, 0, 0));
	else if (has_state(&answer, CHARACTER_NOT_IN_REPERTOIRE))
		fault = g_strdup(answer.reason); /* no text at all */
	answer_release(&answer);
	return fault;
}

/* 0 and the outcome, or -EBADMSG and deferred, where no database can hold these facts. */
static int outcome_of_answer(struct store *store, const char *facts, const struct answer *answer, int64_t deadline,
                             struct outcome *outcome)
{
	g_autofree char *fault = NULL, *reason = NULL;

	if (answer->status == ANSWER_DONE) {
		read_outcome(answer->result, outcome);
		return 0;
	}
	if (has_state(answer, LOCK_NOT_AVAILABLE)) {
		outcome_set(outcome, OUTCOME_DEFERRED, "the database did not answer in time: somebody holds a lock");
		return 0;
	}
	fault = store_facts_fault(store, facts, answer, deadline);
	reason = fault != NULL ? NULL : reason_of(store, answer);
	outcome_set(outcome, OUTCOME_DEFERRED, "%s", fault != NULL ? fault : reason);
	return fault != NULL ? -EBADMSG : 0;
}

static bool too_large(const char *facts, size_t length, struct outcome *outcome)
{
	size_t facts_length = strlen(facts);

	if (length <= STORE_CALL_MAX && facts_length <= STORE_CALL_MAX - length)
		return false;
	outcome_set(outcome, OUTCOME_DEFERRED, "too large for the database: %zu bytes of mail, %zu of facts", length,
	            facts_length);
	return true;
}

int store_back_off(unsigned tries, int64_t deadline)
{
	int64_t pause = (int64_t)STORE_BACK_OFF << tries;

	return deadline_sleep(pause + g_random_int_range(0, (gint32)pause), deadline);
}

/* Did the call take nearly all of the time that there was, and the server work on it? */
static bool is_overdue(const struct answer *answer, int64_t took, int64_t had)
{
	bool ended = answer->status == ANSWER_TIMEOUT || has_state(answer, QUERY_CANCELED);

	return ended && answer->sent && took >= had / 4 * 3;
}

/* That may be the mail's own fault: the database counts, and quarantines it in the end.  If it cannot be told, the
 * mail is deferred as it is. */
static void tell_overdue(struct store *store, const char *facts, const char *raw, size_t length, const char *source,
                         int64_t took, struct outcome *outcome)
{
	int64_t deadline = deadline_after(STORE_OVERDUE_SECONDS);
	g_autofree char *seconds = g_strdup_printf("%" G_GINT64_FORMAT, (gint64)(took / G_USEC_PER_SEC));
	g_autofree char *reason = NULL;
	const struct parameter parameters[] = {
		{.text = facts},
		{.bytes = raw, .length = length},
		{.text = source},
		{.text = seconds},
	};
	struct answer answer = {0};

	if (store_connect(store, deadline, &reason) < 0)
		return;
	connection_ask(store->connection,
	               "SELECT outcome, reason, quarantine_id "
	               "FROM patchmail.overdue($1::jsonb, $2::bytea, $3::jsonb, $4::integer)",
	               parameters, G_N_ELEMENTS(parameters), deadline, &answer);
	if (answer.status == ANSWER_DONE)
		read_outcome(answer.result, outcome);
	answer_release(&answer);
}

/* One try of store_mail(): 1 where it is worth another one. */
static int try_mail(struct store *store, const char *facts, const char *raw, size_t length,
                    const struct store_source *source, int64_t deadline, struct outcome *outcome)
{
	int64_t began = g_get_monotonic_time(), had = deadline_left(deadline), took;
	g_autofree char *source_json = source_text(source, 1 + had / 1000 / STORE_PATIENCE);
	struct answer answer = {0};
	bool again, overdue;
	int status;

	ask_store(store, facts, raw, length, source_json, source->told, deadline, &answer);
	took = g_get_monotonic_time() - began;
	again = store_may_try_again(&answer);
	if (has_state(&answer, INVALID_TRANSACTION_STATE) && !store->says_isolation)
		again = store->says_isolation = true;
	overdue = is_overdue(&answer, took, had);
	if (has_state(&answer, QUERY_CANCELED) && !overdue && !store->is_slow)
		again = store->is_slow = true;
	status = outcome_of_answer(store, facts, &answer, deadline, outcome);
	answer_release(&answer);
	if (overdue)
		tell_overdue(store, facts, raw, length, source_json, took, outcome);
	return again ? 1 : status;
}

int store_mail(struct store *store, const char *facts, const char *raw, size_t length,
               const struct store_source *source, int64_t deadline, struct outcome *ret_outcome)
{
	g_autofree char *reason = NULL;

	if (too_large(facts, length, ret_outcome))
		return -EBADMSG;
	store->is_slow = false;
	for (unsigned tries = 0;; tries++) {
		int status;

		if (store_connect(store, deadline, &reason) < 0) {
			outcome_set(ret_outcome, OUTCOME_DEFERRED, "%s", reason);
			return 0;
		}
		status = try_mail(store, facts, raw, length, source, deadline, ret_outcome);
		if (status <= 0)
			return status;
		if (tries + 1 == STORE_TRIES || store_back_off(tries, deadline) < 0)
			return 0;
	}
}

/* The quarantine ---------------------------------------------------------------------------------------------- */

void store_marked_release(struct store_marked *mail)
{
	g_clear_pointer(&mail->list_id, g_free);
	g_clear_pointer(&mail->position, g_free);
	g_clear_pointer(&mail->raw, g_free);
}

static void read_marked(const PGresult *result, struct store_marked *mail)
{
	const char *text = answer_value(result, 0, 3);

	mail->id = g_ascii_strtoll(answer_value(result, 0, 0), NULL, 10);
	mail->list_id = g_strdup(answer_value(result, 0, 1));
	mail->position = g_strdup(answer_value(result, 0, 2));
	if (text != NULL) {
		unsigned char *raw = PQunescapeBytea((const unsigned char *)text, &mail->length);

		mail->raw = g_memdup2(raw, MAX(mail->length, 1));
		PQfreemem(raw);
	}
}

int store_next_marked(struct store *store, int64_t after, size_t most, int64_t deadline, struct store_marked *ret_mail,
                      char **ret_reason)
{
	g_autofree char *after_text = g_strdup_printf("%" G_GINT64_FORMAT, (gint64)after);
	g_autofree char *most_text = g_strdup_printf("%zu", most);
	const struct parameter parameters[] = {{.text = after_text}, {.text = most_text}};
	struct answer answer = {0};
	int status = 0;

	if (store_connect(store, deadline, ret_reason) < 0)
		return -EAGAIN;
	connection_ask(store->connection,
	               "SELECT m.id, m.source->>'list_id', m.source->>'position', m.raw "
	               "FROM patchmail.next_marked($1::bigint, $2::bigint) m WHERE m.id IS NOT NULL",
	               parameters, G_N_ELEMENTS(parameters), deadline, &answer);
	if (answer.status != ANSWER_DONE) {
		*ret_reason = reason_of(store, &answer);
		status = -EAGAIN;
	} else if (PQntuples(answer.result) == 1) {
		read_marked(answer.result, ret_mail);
		status = 1;
	}
	answer_release(&answer);
	return status;
}

/* Asked for a person: tried once. */
int store_explain(struct store *store, const char *facts, const struct store_source *source, int64_t deadline,
                  char **ret_policies, char **ret_reason)
{
	g_autofree char *source_json = source_text(source, 0);
	const struct parameter parameters[] = {{.text = facts}, {.text = source_json}};
	struct answer answer = {0};
	int status = 0;

	if (store_connect(store, deadline, ret_reason) < 0)
		return -EAGAIN;
	connection_ask(store->connection,
	               "SELECT coalesce(json_agg(e), '[]') FROM patchmail.explain($1::jsonb, $2::jsonb) e", parameters,
	               G_N_ELEMENTS(parameters), deadline, &answer);
	if (answer.status == ANSWER_DONE) {
		*ret_policies = g_strdup(PQgetvalue(answer.result, 0, 0));
	} else {
		*ret_reason = reason_of(store, &answer);
		status = -EAGAIN;
	}
	answer_release(&answer);
	return status;
}

static void ask_value(struct store *store, const char *sql, const struct parameter *parameters, int count,
                      int64_t deadline, struct answer *ret_answer)
{
	g_autofree char *reason = NULL;

	connection_ask(store->connection, sql, parameters, count, deadline, ret_answer);
	if (ret_answer->status != ANSWER_LOST || store_connect(store, deadline, &reason) < 0)
		return;
	answer_release(ret_answer);
	connection_ask(store->connection, sql, parameters, count, deadline, ret_answer);
}

/* "OUTCOME REASON"; no outcome has a space. */
static void read_foreseen(const char *text, struct outcome *outcome)
{
	const char *space = strchr(text, ' ');
	g_autofree char *name = space == NULL ? g_strdup(text) : g_strndup(text, (gsize)(space - text));
	enum outcome_kind kind;

	if (outcome_of_name(name, &kind) < 0)
		outcome_set(outcome, OUTCOME_DEFERRED, "patchmail.foresee() gave an unknown outcome: %s", name);
	else
		outcome_set(outcome, kind, space == NULL ? NULL : "%s", space == NULL ? "" : space + 1);
}

void store_foresee(struct store *store, const char *facts, const struct store_source *source, int64_t deadline,
                   struct outcome *ret_outcome)
{
	g_autofree char *source_json = source_text(source, 0), *reason = NULL;
	const struct parameter parameters[] = {{.text = facts}, {.text = source_json}};
	struct outcome outcome = {0};
	struct answer answer = {0};

	if (store_connect(store, deadline, &reason) < 0) {
		outcome_set(ret_outcome, OUTCOME_DEFERRED, "%s", reason);
		return;
	}
	ask_value(store, "SELECT concat_ws(' ', f.outcome, f.reason) FROM patchmail.foresee($1::jsonb, $2::jsonb) f",
	          parameters, G_N_ELEMENTS(parameters), deadline, &answer);
	if (answer.status == ANSWER_DONE && PQntuples(answer.result) == 1) {
		read_foreseen(PQgetvalue(answer.result, 0, 0), &outcome);
	} else {
		g_autofree char *fault = store_facts_fault(store, facts, &answer, deadline);

		if (fault != NULL)
			outcome_set(&outcome, OUTCOME_QUARANTINED, "the database cannot hold it: %s", fault);
		else
			outcome_set(&outcome, OUTCOME_DEFERRED, "%s", answer.reason);
	}
	answer_release(&answer);
	*ret_outcome = outcome;
}

int store_ask(struct store *store, const char *sql, const struct store_source *source, const char *text,
              int64_t deadline, char **ret_value, char **ret_reason)
{
	g_autofree char *source_json = source_text(source, 0);
	const struct parameter parameters[] = {{.text = source_json}, {.text = text}};
	struct answer answer = {0};
	int status = 0;

	if (store_connect(store, deadline, ret_reason) < 0)
		return -EAGAIN;
	ask_value(store, sql, parameters, text ? 2 : 1, deadline, &answer);
	if (answer.status == ANSWER_DONE && PQntuples(answer.result) == 1) {
		*ret_value = g_strdup(answer_value(answer.result, 0, 0));
	} else {
		*ret_reason = answer.reason ? reason_of(store, &answer) : g_strdup("the database gave no row");
		status = -EAGAIN;
	}
	answer_release(&answer);
	return status;
}

int store_check_list(struct store *store, const struct store_source *source, int64_t deadline, char **ret_reason)
{
	g_autofree char *fault = NULL;
	int status = 0;

	if (source->list_id)
		status = store_ask(store, "SELECT patchmail.list_fault($1::jsonb)", source, NULL, deadline, &fault,
		                   ret_reason);
	if (status < 0 || !fault)
		return status;
	*ret_reason = log_first_line(fault);
	return -ENOENT;
}

/* A message in pieces ---------------------------------------------------------------------------------------- */

#define BEGIN "BEGIN ISOLATION LEVEL READ COMMITTED"

static int failed(struct store *store, const struct answer *answer, struct outcome *outcome)
{
	g_autofree char *reason = answer->reason != NULL ? reason_of(store, answer) : NULL;

	outcome_set(outcome, OUTCOME_DEFERRED, "%s", reason != NULL ? reason : "the transaction was rolled back");
	connection_close(store->connection);
	return -EAGAIN;
}

/* One statement of the transaction whose answer does not matter. */
static int ask(struct store *store, const char *sql, const struct parameter *parameters, int count, int64_t deadline,
               struct outcome *outcome)
{
	struct answer answer = {0};
	int status = 0;

	connection_ask(store->connection, sql, parameters, count, deadline, &answer);
	/* COMMIT of a transaction that has failed says ROLLBACK, and succeeds. */
	if (answer.status != ANSWER_DONE || strcmp(PQcmdStatus(answer.result), "ROLLBACK") == 0)
		status = failed(store, &answer, outcome);
	answer_release(&answer);
	return status;
}

int store_begin(struct store *store, const char *facts, const char *raw, size_t length,
                const struct store_source *source, int64_t deadline, struct outcome *ret_outcome)
{
	g_autofree char *source_json = source_text(source, 0);
	g_autofree char *reason = NULL;
	struct answer answer = {0};
	int status = 0;

	if (store_connect(store, deadline, &reason) < 0) {
		outcome_set(ret_outcome, OUTCOME_DEFERRED, "%s", reason);
		return -EAGAIN;
	}
	if (ask(store, BEGIN, NULL, 0, deadline, ret_outcome) < 0)
		return -EAGAIN;
	ask_store(store, facts, raw, length, source_json, source->told, deadline, &answer);
	if (answer.status != ANSWER_DONE)
		status = failed(store, &answer, ret_outcome);
	else
		read_outcome(answer.result, ret_outcome);
	answer_release(&answer);
	store->quarantine_id = ret_outcome->quarantine_id;
	return status;
}

int store_append(struct store *store, const char *raw, size_t length, int64_t deadline, struct outcome *outcome)
{
	g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, store->quarantine_id);
	const struct parameter parameters[] = {{.text = id}, {.bytes = raw, .length = length}};

	return ask(store, "SELECT patchmail.quarantine_append($1::bigint, $2::bytea)", parameters,
	           G_N_ELEMENTS(parameters), deadline, outcome);
}

int store_commit(struct store *store, int64_t deadline, struct outcome *outcome)
{
	return ask(store, "COMMIT", NULL, 0, deadline, outcome);
}

void store_abandon(struct store *store)
{
	connection_close(store->connection);
}
