/* pipeline.c - fills batches, sends them, and reads what became of their mails.
 *
 * Used by the pipeline of ingest/.  Promises that a mail is "done" only after the commit of its batch, and that every
 * mail of a batch is in the end either done or to be given alone.
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
	int64_t deadline; /* once it is in flight */
};

struct pipeline {
	struct store *store;
	unsigned seconds;                  /* that a batch may take */
	struct batch *filling, *in_flight; /* one with no mails is in flight nowhere */
};

static struct batch *batch_new(void)
{
	struct batch *batch = g_new0(struct batch, 1);

	batch->facts = g_string_new("[");
	batch->sources = g_string_new("[");
	return batch;
}

static void batch_free(struct batch *batch)
{
	g_string_free(batch->facts, TRUE);
	g_string_free(batch->sources, TRUE);
	g_free(batch);
}

static void empty(struct batch *batch)
{
	batch->count = 0;
	g_string_assign(batch->facts, "[");
	g_string_assign(batch->sources, "[");
}

struct pipeline *pipeline_new(struct store *store, unsigned seconds)
{
	struct pipeline *pipeline = g_new(struct pipeline, 1);

	*pipeline = (struct pipeline){store, seconds, batch_new(), batch_new()};
	return pipeline;
}

void pipeline_free(struct pipeline *pipeline)
{
	if (pipeline == NULL)
		return;
	batch_free(pipeline->filling);
	batch_free(pipeline->in_flight);
	g_free(pipeline);
}

/* Filling ------------------------------------------------------------------------------------------------------- */

unsigned pipeline_filled(const struct pipeline *pipeline)
{
	return pipeline->filling->count;
}

bool pipeline_add(struct pipeline *pipeline, struct pipeline_mail *mail, const char *facts, size_t length,
                  const struct store_source *source)
{
	struct batch *batch = pipeline->filling;
	g_autofree char *text = NULL;

	if (batch->count == PIPELINE_MAILS || length > PIPELINE_BYTES || batch->facts->len > PIPELINE_BYTES - length)
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

/* The caller gives alone all mails of a batch about which nothing is known yet. */
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
	give_alone(pipeline->filling);
}

/* Sending ------------------------------------------------------------------------------------------------------- */

#define STORE_MANY "SELECT number, outcome, reason FROM patchmail.store_many($1::jsonb, $2::jsonb)"

bool pipeline_is_in_flight(const struct pipeline *pipeline)
{
	return pipeline->in_flight->count > 0;
}

void pipeline_send(struct pipeline *pipeline)
{
	struct batch *batch = pipeline->filling;
	const struct parameter parameters[] = {
		{.text = g_string_append_c(batch->facts, ']')->str},
		{.text = g_string_append_c(batch->sources, ']')->str},
	};
	struct statement statements[STORE_BEFORE + 1];
	unsigned count = store_before(pipeline->store, batch->count, statements);

	g_assert(batch->count > 0 && !pipeline_is_in_flight(pipeline));
	pipeline->filling = pipeline->in_flight;
	pipeline->in_flight = batch;
	batch->deadline = deadline_after(pipeline->seconds);
	statements[count++] = (struct statement){STORE_MANY, parameters, G_N_ELEMENTS(parameters)};
	/* What goes wrong here is seen when the answer is asked for. */
	connection_send(store_connection(pipeline->store), statements, count);
}

/* Answers ------------------------------------------------------------------------------------------------------- */

/* What one row says.  What goes into quarantine needs the bytes of the mail, so it is no outcome of a batch. */
static void read_row(struct batch *batch, const PGresult *result, int row)
{
	const char *number = answer_value(result, row, 0), *reason = answer_value(result, row, 2);
	gint64 position = number == NULL ? 0 : g_ascii_strtoll(number, NULL, 10);
	struct pipeline_mail *mail;
	enum outcome_kind kind;

	if (position < 1 || position > batch->count || outcome_of_name(answer_value(result, row, 1), &kind) < 0 ||
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

void pipeline_go_on(struct pipeline *pipeline)
{
	struct batch *batch = pipeline->in_flight;
	struct answer answer;

	if (!pipeline_is_in_flight(pipeline) ||
	    !connection_receive(store_connection(pipeline->store), batch->deadline, &answer))
		return;
	read_answer(batch, &answer);
	answer_release(&answer);
}

struct pollfd pipeline_wants(const struct pipeline *pipeline, int64_t *ret_deadline)
{
	*ret_deadline = pipeline->in_flight->deadline;
	return connection_wants(store_connection(pipeline->store));
}
