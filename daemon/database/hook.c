/* hook.c - the three statements of a hook.
 *
 * Used by hook/service.c.
 */
#include "database/hook.h"

#include <errno.h>
#include <string.h>

#include <jansson.h>

#include "base/holder.h"
#include "database/remedy.h"

#define OBJECT_IN_USE "55006"
#define INVALID_PARAMETER_VALUE "22023"
#define INSUFFICIENT_PRIVILEGE "42501"

void hook_result_release(struct hook_result *result)
{
	g_clear_pointer(&result->reason, g_free);
}

void hook_settled_init(struct hook_settled *settled)
{
	*settled = (struct hook_settled){.positions = g_array_new(FALSE, FALSE, sizeof(int64_t))};
}

void hook_settled_clear(struct hook_settled *settled)
{
	g_array_set_size(settled->positions, 0);
	hook_result_release(&settled->result);
	settled->result = (struct hook_result){0};
}

void hook_settled_release(struct hook_settled *settled)
{
	hook_result_release(&settled->result);
	g_array_unref(settled->positions);
}

void hook_batch_release(struct hook_batch *batch)
{
	g_clear_pointer(&batch->events, g_ptr_array_unref);
}

static void event_free(void *data)
{
	struct hook_event *event = data;

	g_free(event->id);
	g_free(event->document);
	g_free(event);
}

/* A statement of this hook.  0 and the answer (to be released by the caller), or why there is none; the connection is
 * closed where another one, perhaps to another server, may do better. */
static int ask(struct store *store, const char *sql, const struct parameter *parameters, int count, int64_t deadline,
               struct answer *ret_answer, char **ret_reason)
{
	struct connection *connection = store_connection(store);
	g_autofree char *remedy = NULL;
	struct answer answer = {0};
	int status = -EAGAIN;

	connection_ask(connection, sql, parameters, count, deadline, &answer);
	if (answer.status == ANSWER_DONE) {
		*ret_answer = answer;
		return 0;
	}
	if (g_str_equal(answer.sqlstate, OBJECT_IN_USE))
		status = -EBUSY;
	else if (g_str_equal(answer.sqlstate, INVALID_PARAMETER_VALUE))
		status = -EINVAL;
	if (g_str_equal(answer.sqlstate, INSUFFICIENT_PRIVILEGE) && !answer.inside)
		remedy = remedy_of_rights("add_notifier", connection_role(connection), connection_database(connection));
	*ret_reason = g_strconcat(answer.reason, remedy, NULL);
	answer_release(&answer);
	if (status == -EAGAIN)
		connection_close(connection);
	return status;
}

/* Opening ---------------------------------------------------------------------------------------------------------- */

static char *settings_of(const struct hook_server *server, const char *gone)
{
	json_t *settings = json_pack("{s:s, s:i, s:s, s:s, s:s, s:I}", "holder", server->holder, "lease",
	                             (int)server->lease, "filter", server->filter, "base_url", server->base_url, "from",
	                             server->from, "give_up", (json_int_t)server->give_up);
	char *text;

	if (gone)
		json_object_set_new(settings, "gone", json_string(gone));
	text = json_dumps(settings, JSON_COMPACT);
	json_decref(settings);
	return text;
}

/* Ask for the hook once; who has it goes to *ret_other (the caller frees it), NULL if we do. */
static int open_once(struct store *store, const struct hook_server *server, const char *gone, int64_t deadline,
                     char **ret_other, char **ret_reason)
{
	char *settings = settings_of(server, gone);
	const struct parameter parameters[] = {{.text = server->hook}, {.text = settings}};
	struct answer answer = {0};
	const char *held, *holder;
	int status = ask(store, "SELECT held, holder FROM patchmail.hook_open($1, $2::jsonb)", parameters,
	                 G_N_ELEMENTS(parameters), deadline, &answer, ret_reason);

	free(settings);
	if (status < 0)
		return status;
	held = PQntuples(answer.result) == 1 ? answer_value(answer.result, 0, 0) : NULL;
	holder = held ? answer_value(answer.result, 0, 1) : NULL;
	*ret_other = g_strcmp0(held, "t") == 0 ? NULL : g_strdup(holder ? holder : "another one");
	answer_release(&answer);
	return 0;
}

int hook_open(struct store *store, const struct hook_server *server, int64_t deadline, char **ret_reason)
{
	g_autofree char *other = NULL, *gone = NULL, *words = NULL;
	int status = open_once(store, server, NULL, deadline, &other, ret_reason);

	if (status == 0 && other && holder_is_gone(other)) {
		gone = g_steal_pointer(&other);
		status = open_once(store, server, gone, deadline, &other, ret_reason);
	}
	if (status < 0 || !other)
		return status;
	words = holder_in_words(other);
	*ret_reason = g_strdup_printf("another process serves the hook: %s", words);
	return -EBUSY;
}

/* Going on --------------------------------------------------------------------------------------------------------- */

static const char *outcome_name(enum hook_outcome outcome)
{
	static const char *const names[] = {
		[HOOK_DELIVERED] = "delivered", [HOOK_FAILED] = "failed", [HOOK_REFUSED] = "refused"};

	return names[outcome];
}

/* As JSON; NULL for nothing. */
static char *settled_text(const struct hook_settled *settled)
{
	json_t *document, *positions;
	char *text;

	if (settled->positions->len == 0)
		return NULL;
	positions = json_array();
	for (unsigned i = 0; i < settled->positions->len; i++)
		json_array_append_new(positions, json_integer(g_array_index(settled->positions, int64_t, i)));
	document = json_pack("{s:o, s:s, s:s?}", "positions", positions, "outcome",
	                     outcome_name(settled->result.outcome), "reason", settled->result.reason);
	if (settled->result.retry_after > 0)
		json_object_set_new(document, "retry_after", json_integer(settled->result.retry_after));
	text = json_dumps(document, JSON_COMPACT);
	json_decref(document);
	return text;
}

/* What names an event to its receiver: its id, or the position if the document has none. */
static char *event_id(const char *document, const char *position)
{
	json_t *event = json_loads(document, 0, NULL);
	const json_t *id = json_object_get(event, "id");
	char *text = json_is_integer(id) ? g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(id))
	                                 : g_strdup(position);

	json_decref(event);
	return text;
}

static void read_row(const PGresult *result, int row, struct hook_batch *batch)
{
	const char *position = answer_value(result, row, 0), *attempts = answer_value(result, row, 1);
	const char *document = answer_value(result, row, 2), *wait = answer_value(result, row, 3);
	struct hook_event *event;

	if (!position || !document) {
		batch->wait = wait ? MAX(g_ascii_strtoll(wait, NULL, 10), 0) * 1000 : HOOK_NOTHING_PENDING;
		return;
	}
	event = g_new0(struct hook_event, 1);
	event->position = g_ascii_strtoll(position, NULL, 10);
	event->attempts = attempts ? (unsigned)g_ascii_strtoull(attempts, NULL, 10) : 0;
	event->id = event_id(document, position);
	event->document = g_strdup(document);
	g_ptr_array_add(batch->events, event);
}

int hook_next(struct store *store, const struct hook_server *server, const struct hook_settled *settled, unsigned limit,
              int64_t deadline, struct hook_batch *ret_batch, char **ret_reason)
{
	struct hook_batch batch = {g_ptr_array_new_with_free_func(event_free), HOOK_NOTHING_PENDING};
	g_autofree char *lease = g_strdup_printf("%u", server->lease), *most = g_strdup_printf("%u", limit);
	char *text = settled_text(settled);
	const struct parameter parameters[] = {
		{.text = server->hook}, {.text = server->holder}, {.text = lease}, {.text = text}, {.text = most},
	};
	struct answer answer = {0};
	int status = ask(store,
	                 "SELECT \"position\", attempts, event, wait_ms FROM patchmail.hook_next($1, $2, $3::integer, "
	                 "$4::jsonb, $5::integer)",
	                 parameters, G_N_ELEMENTS(parameters), deadline, &answer, ret_reason);

	free(text);
	for (int row = 0; status == 0 && row < PQntuples(answer.result); row++)
		read_row(answer.result, row, &batch);
	answer_release(&answer);
	if (status == 0)
		*ret_batch = batch;
	else
		hook_batch_release(&batch);
	return status;
}

int hook_close(struct store *store, const struct hook_server *server, const struct hook_settled *settled,
               int64_t deadline, char **ret_reason)
{
	char *text = settled_text(settled);
	const struct parameter parameters[] = {{.text = server->hook}, {.text = server->holder}, {.text = text}};
	struct answer answer = {0};
	int status = ask(store, "SELECT patchmail.hook_close($1, $2, $3::jsonb)", parameters, G_N_ELEMENTS(parameters),
	                 deadline, &answer, ret_reason);

	free(text);
	answer_release(&answer);
	return status;
}
