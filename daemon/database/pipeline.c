/* pipeline.c - fills batches, sends them, and reads what became of their mails.
 *
 * Used by the pipeline of ingest/.  Promises that a mail is "done" only after the commit of its batch, and that every mail of a
 * batch is in the end either done or to be given alone.
 */
#include "database/pipeline.h"

#include <stdbool.h>
#include <string.h>

#include <glib.h>
#include <libpq-fe.h>

#include "base/deadline.h"
#include "database/connection.h"
#include "database/source.h"

/* Their texts are JSON arrays, open at the end until the batch is sent. */
struct batch {
	struct pipeline_mail *mails[PIPELINE_MAILS];
	unsigned count;
	GString *facts, *sources;
	int64_t deadline; /* once it is the oldest one in flight */
};

struct pipeline {
	struct store *store;
	unsigned seconds;                           /* that a batch may take */
	struct batch batches[PIPELINE_BATCHES + 1]; /* a ring: those in flight, and the one that is being filled */
	unsigned oldest, in_flight;
};

static struct batch *batch_at(struct pipeline *pipeline, unsigned position)
{
	return &pipeline->batches[(pipeline->oldest + position) % G_N_ELEMENTS(pipeline->batches)];
}

static const struct batch *filling(const struct pipeline *pipeline)
{
	return batch_at((struct pipeline *)pipeline, pipeline->in_flight);
}

static void empty(struct batch *batch)
{
	batch->count = 0;
	g_string_assign(batch->facts, "[");
	g_string_assign(batch->sources, "[");
}

struct pipeline *pipeline_new(struct store *store, unsigned seconds)
{
	struct pipeline *pipeline = g_new0(struct pipeline, 1);

	pipeline->store = store;
	pipeline->seconds = seconds;
	for (unsigned i = 0; i < G_N_ELEMENTS(pipeline->batches); i++) {
		pipeline->batches[i].facts = g_string_new(NULL);
		pipeline->batches[i].sources = g_string_new(NULL);
		empty(&pipeline->batches[i]);
	}
	return pipeline;
}

void pipeline_free(struct pipeline *pipeline)
{
	if (pipeline == NULL)
		return;
	for (unsigned i = 0; i < G_N_ELEMENTS(pipeline->batches); i++) {
		g_string_free(pipeline->batches[i].facts, TRUE);
		g_string_free(pipeline->batches[i].sources, TRUE);
	}
	g_free(pipeline);
}

/* Filling ------------------------------------------------------------------------------------------------------- */

unsigned pipeline_filled(const struct pipeline *pipeline)
{
	return filling(pipeline)->count;
}

bool pipeline_is_full(const struct pipeline *pipeline)
{
	return pipeline_filled(pipeline) == PIPELINE_MAILS;
}

bool pipeline_add(struct pipeline *pipeline, struct pipeline_mail *mail, const char *facts, size_t length,
                  const struct store_source *source)
{
	struct batch *batch = batch_at(pipeline, pipeline->in_flight);
	g_autofree char *text = NULL;

	if (pipeline_is_full(pipeline) || length > PIPELINE_BYTES || batch->facts->len > PIPELINE_BYTES - length)
		return false;
	/* The transaction waits for locks as long as the first one says. */
	text = source_text(source, batch->count == 0 ? (int64_t)pipeline->seconds * 1000 / STORE_PATIENCE : 0);
	if (batch->count > 0) {
		g_string_append_c(batch->facts, ',');
		g_string_append_c(batch->sources, ',');
	}
	g_string_append_len(batch->facts, facts, (gssize)length);
	g_string_append(batch->sources, text);
	*mail = (struct pipeline_mail){.state = PIPELINE_PENDING};
	batch->mails[batch->count++] = mail;
	return true;
}

/* All mails of a batch about which nothing is known yet are to be given alone. */
static void give_alone(struct batch *batch)
{
	for (unsigned i = 0; i < batch->count; i++) {
		if (batch->mails[i]->state == PIPELINE_PENDING)
			batch->mails[i]->state = PIPELINE_ALONE;
	}
	empty(batch);
}

void pipeline_dissolve(struct pipeline *pipeline)
{
	give_alone(batch_at(pipeline, pipeline->in_flight));
}

/* Sending ------------------------------------------------------------------------------------------------------- */

#define STORE_MANY "SELECT number, outcome, reason FROM patchmail.store_many($1::jsonb, $2::jsonb)"

unsigned pipeline_in_flight(const struct pipeline *pipeline)
{
	return pipeline->in_flight;
}

/* The oldest batch has its time from now on. */
static void begin_oldest(struct pipeline *pipeline)
{
	struct batch *batch = batch_at(pipeline, 0);

	batch->deadline = deadline_after(pipeline->seconds);
}

void pipeline_send(struct pipeline *pipeline)
{
	struct batch *batch = batch_at(pipeline, pipeline->in_flight);
	const struct parameter parameters[] = {{.text = batch->facts->str}, {.text = batch->sources->str}};
	const struct statement statements[] = {
		{.sql = STORE_ISOLATION},
		{STORE_MANY, parameters, G_N_ELEMENTS(parameters)},
	};
	unsigned first = store_says_isolation(pipeline->store) ? 0 : 1;

	g_assert(batch->count > 0 && pipeline->in_flight < PIPELINE_BATCHES);
	g_string_append_c(batch->facts, ']');
	g_string_append_c(batch->sources, ']');
	/* What goes wrong here is seen when the answer is asked for. */
	connection_send(store_connection(pipeline->store), statements + first, G_N_ELEMENTS(statements) - first);
	if (pipeline->in_flight++ == 0)
		begin_oldest(pipeline);
}

/* Answers ------------------------------------------------------------------------------------------------------- */

static const char *column(const PGresult *result, int row, int number)
{
	return PQgetisnull(result, row, number) ? NULL : PQgetvalue(result, row, number);
}

/* What one row says.  What goes into quarantine needs the bytes of the mail, so it is no outcome of a batch. */
static void read_row(struct batch *batch, const PGresult *result, int row)
{
	const char *number = column(result, row, 0), *reason = column(result, row, 2);
	gint64 position = number == NULL ? 0 : g_ascii_strtoll(number, NULL, 10);
	struct pipeline_mail *mail;
	enum outcome_kind kind;

	if (position < 1 || position > batch->count || outcome_of_name(column(result, row, 1), &kind) < 0 ||
	    kind == OUTCOME_QUARANTINED || kind == OUTCOME_DEFERRED)
		return;
	mail = batch->mails[position - 1];
	outcome_set(&mail->outcome, kind, reason == NULL ? NULL : "%s", reason);
	mail->state = PIPELINE_DONE;
}

static void read_answer(struct batch *batch, const struct answer *answer)
{
	bool good = answer->status == ANSWER_DONE && PQnfields(answer->result) == 3;

	for (int row = 0; good && row < PQntuples(answer->result); row++)
		read_row(batch, answer->result, row);
	give_alone(batch);
}

/* The connection is gone, and with it what was to be said of these batches. */
static void lose_all(struct pipeline *pipeline)
{
	for (; pipeline->in_flight > 0; pipeline->in_flight--) {
		give_alone(batch_at(pipeline, 0));
		pipeline->oldest = (pipeline->oldest + 1) % G_N_ELEMENTS(pipeline->batches);
	}
}

void pipeline_go_on(struct pipeline *pipeline)
{
	struct connection *connection = store_connection(pipeline->store);

	while (pipeline->in_flight > 0) {
		struct batch *batch = batch_at(pipeline, 0);
		struct answer answer;

		if (!connection_receive(connection, batch->deadline, &answer))
			return;
		read_answer(batch, &answer);
		pipeline->oldest = (pipeline->oldest + 1) % G_N_ELEMENTS(pipeline->batches);
		pipeline->in_flight--;
		answer_release(&answer);
		if (!connection_is_up(connection))
			lose_all(pipeline);
		else if (pipeline->in_flight > 0)
			begin_oldest(pipeline);
	}
}

struct pollfd pipeline_wants(const struct pipeline *pipeline, int64_t *ret_deadline)
{
	*ret_deadline = pipeline->batches[pipeline->oldest].deadline;
	return connection_wants(store_connection(pipeline->store));
}
