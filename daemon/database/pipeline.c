/* pipeline.c - fills batches, sends them, and reads what became of their mails.
 *
 * Used by the pipeline of ingest/.  Promises that a mail is "done" only after the commit of its batch, and that every
 * mail of a batch is in the end either done or to be given alone.
 */
#include "database/pipeline.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <glib.h>
#include <libpq-fe.h>

#include "base/deadline.h"
#include "database/connection.h"
#include "database/source.h"

#define BYTEA_OID 17    /* in PostgreSQL's catalog, for good */
#define ARRAY_NULL (-1) /* in place of an element's length */

/* Their texts are JSON arrays, open at the end until the batch is sent; their bytes are elements of an array as
 * PostgreSQL sends it. */
struct batch {
	struct pipeline_mail *mails[PIPELINE_MAILS];
	unsigned count;
	GString *facts, *sources;
	GByteArray *raws;
	bool has_raws;    /* some of them are not NULL */
	bool told;        /* one of the sources says so */
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
	batch->raws = g_byte_array_new();
	return batch;
}

static void batch_free(struct batch *batch)
{
	g_string_free(batch->facts, TRUE);
	g_string_free(batch->sources, TRUE);
	g_byte_array_unref(batch->raws);
	g_free(batch);
}

static void empty(struct batch *batch)
{
	batch->count = 0;
	g_string_assign(batch->facts, "[");
	g_string_assign(batch->sources, "[");
	g_byte_array_set_size(batch->raws, 0);
	batch->has_raws = false;
	batch->told = false;
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

/* An integer as PostgreSQL sends it. */
static void append_integer(GByteArray *bytes, int32_t value)
{
	const int32_t sent = GINT32_TO_BE(value);

	g_byte_array_append(bytes, (const guint8 *)&sent, sizeof(sent));
}

/* One element of bytea[]. */
static void append_raw(GByteArray *bytes, const char *raw, size_t length)
{
	append_integer(bytes, raw == NULL ? ARRAY_NULL : (int32_t)length);
	if (raw != NULL)
		g_byte_array_append(bytes, (const guint8 *)raw, (guint)length);
}

bool pipeline_takes(const struct pipeline_contents *contents)
{
	return contents->facts_length < PIPELINE_BYTES &&
	       (contents->raw == NULL || contents->raw_length < PIPELINE_BYTES);
}

static bool has_room(const struct batch *batch, const struct pipeline_contents *contents)
{
	size_t raw_length = contents->raw == NULL ? 0 : contents->raw_length;

	return batch->count < PIPELINE_MAILS && pipeline_takes(contents) &&
	       batch->facts->len <= PIPELINE_BYTES - contents->facts_length &&
	       batch->raws->len <= PIPELINE_BYTES - raw_length;
}

bool pipeline_add(struct pipeline *pipeline, struct pipeline_mail *mail, const struct pipeline_contents *contents)
{
	struct batch *batch = pipeline->filling;
	g_autofree char *text = NULL;

	if (!has_room(batch, contents))
		return false;
	/* The transaction waits for locks as long as the first one says. */
	text = source_text(contents->source,
	                   batch->count == 0 ? (int64_t)pipeline->seconds * 1000 / STORE_PATIENCE : 0);
	if (batch->count > 0) {
		g_string_append_c(batch->facts, ',');
		g_string_append_c(batch->sources, ',');
	}
	g_string_append_len(batch->facts, contents->facts, (gssize)contents->facts_length);
	g_string_append(batch->sources, text);
	append_raw(batch->raws, contents->raw, contents->raw_length);
	batch->has_raws |= contents->raw != NULL;
	batch->told |= contents->source->told;
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

#define FROM_STORE_MANY "FROM patchmail.store_many($1::jsonb, $2::jsonb, $3::bytea[]) m"
#define STORE_MANY "SELECT m.number, m.outcome, m.reason " FROM_STORE_MANY
/* And for the journal what mails they were. */
#define STORE_MANY_AND_TELL                                                                \
	"SELECT m.number, m.outcome, m.reason, $1::jsonb->(m.number - 1)->>'message_id', " \
	"patchmail.project_names($1::jsonb->(m.number - 1), $2::jsonb->(m.number - 1)) " FROM_STORE_MANY

bool pipeline_is_in_flight(const struct pipeline *pipeline)
{
	return pipeline->in_flight->count > 0;
}

/* The head of an array of one dimension, which is counted from 1. */
static void write_head(GByteArray *bytes, unsigned count)
{
	const int32_t head[] = {
		GINT32_TO_BE(1),         GINT32_TO_BE(1 /* it may have NULLs */),
		GINT32_TO_BE(BYTEA_OID), GINT32_TO_BE((int32_t)count),
		GINT32_TO_BE(1),
	};

	g_byte_array_prepend(bytes, (const guint8 *)head, sizeof(head));
}

void pipeline_send(struct pipeline *pipeline)
{
	struct batch *batch = pipeline->filling;
	struct parameter parameters[] = {
		{.text = g_string_append_c(batch->facts, ']')->str},
		{.text = g_string_append_c(batch->sources, ']')->str},
		{0},
	};
	struct statement statements[STORE_BEFORE + 1];
	unsigned count = store_before(pipeline->store, statements);

	g_assert(batch->count > 0 && !pipeline_is_in_flight(pipeline));
	if (batch->has_raws) {
		write_head(batch->raws, batch->count);
		parameters[2].bytes = (const char *)batch->raws->data;
		parameters[2].length = batch->raws->len;
	}
	pipeline->filling = pipeline->in_flight;
	pipeline->in_flight = batch;
	batch->deadline = deadline_after(pipeline->seconds);
	statements[count++] = (struct statement){batch->told ? STORE_MANY_AND_TELL : STORE_MANY, parameters,
	                                         G_N_ELEMENTS(parameters)};
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
	if (PQnfields(result) == 5) {
		mail->outcome.message_id = g_strdup(answer_value(result, row, 3));
		mail->outcome.projects = g_strdup(answer_value(result, row, 4));
	}
	mail->state = PIPELINE_DONE;
}

static void read_answer(struct batch *batch, const struct answer *answer)
{
	bool good = answer->status == ANSWER_DONE && PQnfields(answer->result) == (batch->told ? 5 : 3);

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

void pipeline_forget(struct pipeline *pipeline)
{
	struct connection *connection = store_connection(pipeline->store);
	int64_t end = deadline_after(PIPELINE_LAST);

	while (pipeline_is_in_flight(pipeline) && deadline_left(end) > 0) {
		struct pollfd item = connection_wants(connection);

		deadline_poll(&item, 1, end);
		pipeline_go_on(pipeline);
	}
	if (pipeline_is_in_flight(pipeline))
		connection_close(connection);
	empty(pipeline->in_flight);
	empty(pipeline->filling);
}

struct pollfd pipeline_wants(const struct pipeline *pipeline, int64_t *ret_deadline)
{
	*ret_deadline = pipeline->in_flight->deadline;
	return connection_wants(store_connection(pipeline->store));
}
