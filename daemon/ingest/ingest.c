/* ingest.c - the pipeline: read, parse, store, for many messages at once.
 *
 * Used by every transport; the only file that knows the order of the stages.  Promises one outcome for each message, in
 * the order of submission, and that a message is either in the database, with its raw bytes if it could not be
 * understood, or deferred.
 */
#include "ingest/ingest.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <glib.h>

#include "base/deadline.h"
#include "base/log.h"
#include "ingest/mail.h"
#include "ingest/oversized.h"
#include "mail/limits.h"

const char INGEST_UNWANTED[] = "it is not wanted";

/* Starting --------------------------------------------------------------------------------------------------- */

static int check_config(struct config *config, char **ret_reason)
{
	if (config->max_message_size == 0)
		config->max_message_size = LIMITS_MESSAGE_SIZE_DEFAULT;
	if (config->max_message_size <= LIMITS_MESSAGE_SIZE_MAX)
		return 0;
	*ret_reason = g_strdup_printf("max_message_size in [patchmaild] is over %u", LIMITS_MESSAGE_SIZE_MAX);
	return -EINVAL;
}

int ingest_configure(struct ingest *ingest, const char *config_path, char **ret_reason)
{
	int status = 0;

	*ingest = (struct ingest){.call = -1};
	config_init(&ingest->config);
	if (config_path != NULL)
		status = config_load(&ingest->config, config_path, ret_reason);
	return status == 0 ? check_config(&ingest->config, ret_reason) : status;
}

int ingest_start(struct ingest *ingest, char **ret_reason)
{
	ingest->store = store_new(ingest->config.conninfo, ingest->config.connect_timeout);
	ingest->pipeline = pipeline_new(ingest->store, ingest->config.timeout);
	/* The server and the parser get ready side by side. */
	store_start(ingest->store);
	return parser_pool_start_configured(&ingest->config, ingest->config.timeout, &ingest->parsers, ret_reason);
}

int ingest_init(struct ingest *ingest, const char *config_path, char **ret_reason)
{
	int status = ingest_configure(ingest, config_path, ret_reason);

	return status == 0 ? ingest_start(ingest, ret_reason) : status;
}

static void mail_free(void *mail)
{
	ingest_mail_free(mail);
}

void ingest_release(struct ingest *ingest)
{
	g_clear_pointer(&ingest->parsers, parser_pool_free);
	g_clear_pointer(&ingest->pipeline, pipeline_free);
	g_clear_pointer(&ingest->store, store_free);
	g_queue_clear(&ingest->parsing);
	g_queue_clear_full(&ingest->mails, mail_free);
	config_release(&ingest->config);
}

/* When a stage of a mail that begins now has to be over. */
static int64_t time_of(const struct ingest *ingest, const struct ingest_mail *mail)
{
	return mail->deadline != 0 ? mail->deadline : deadline_after(ingest->config.timeout);
}

/* Parsing ---------------------------------------------------------------------------------------------------- */

static void parse(struct ingest *ingest, struct ingest_mail *mail)
{
	struct parser_mail parsed = ingest_mail_parsed(mail, mail->length);

	mail->stage = INGEST_PARSING;
	g_queue_push_tail(&ingest->parsing, mail);
	parser_pool_submit(ingest->parsers, &parsed, mail->reason, mail->deadline);
}

/* What a batch is given of it. */
static struct pipeline_contents contents_of(const struct ingest_mail *mail)
{
	return (struct pipeline_contents){
		.facts = mail->facts,
		.facts_length = mail->facts_length,
		.raw = mail->source.archive != NULL && strcmp(mail->source.archive, "all") == 0 ? mail->bytes : NULL,
		.raw_length = mail->length,
		.source = &mail->source,
	};
}

/* Its facts are there: where it goes with them. */
static enum ingest_stage stage_after_parsing(const struct ingest *ingest, struct ingest_mail *mail)
{
	const struct pipeline_contents contents = contents_of(mail);
	bool parsed = mail->reason == NULL;

	if (parsed && ingest->wants != NULL &&
	    !ingest->wants(ingest->wants_context, &mail->source, mail->facts, mail->facts_length)) {
		outcome_set(&mail->outcome, OUTCOME_IGNORED, "%s", INGEST_UNWANTED);
		return INGEST_OVER;
	}
	/* The quarantine wants its bytes. */
	return !parsed || ingest->dry_run || !pipeline_takes(&contents) ? INGEST_ALONE : INGEST_PARSED;
}

void ingest_report_sandbox(struct parser_pool *parsers)
{
	g_autofree char *shortcomings = parser_pool_shortcomings(parsers);

	if (shortcomings != NULL)
		log_warning("the sandbox of the parsers is not whole: %s", shortcomings);
}

static void take_facts(struct ingest *ingest, struct ingest_mail *mail, const struct parser_result *result)
{
	ingest_report_sandbox(ingest->parsers);
	if (result->facts == NULL) {
		ingest_mail_defer(mail, result->reason);
		g_free(result->reason);
		return;
	}
	if (result->reason != NULL)
		mail->reason = result->reason;
	mail->facts = result->facts;
	mail->facts_length = result->length;
	ingest->bytes += mail->facts_length;
	mail->stage = stage_after_parsing(ingest, mail);
}

/* Storing ---------------------------------------------------------------------------------------------------- */

/* What became of it in its batch. */
static void settle(struct ingest_mail *mail)
{
	if (mail->stage != INGEST_BATCHED || mail->stored.state == PIPELINE_PENDING)
		return;
	if (mail->stored.state == PIPELINE_ALONE) {
		mail->stage = INGEST_ALONE;
		return;
	}
	ingest_mail_end(mail, &mail->stored.outcome);
	mail->stored.outcome = (struct outcome){0};
}

/* A mark stands for all mails of its archive before it (archive_mark.h): is this one an obstacle to later ones? */
static bool holds_up(struct ingest_mail *mail)
{
	settle(mail);
	if (mail->source.archive_name == NULL || mail->stage == INGEST_BATCHED)
		return false;
	return mail->stage != INGEST_OVER || mail->outcome.kind == OUTCOME_DEFERRED;
}

/* May it go into a batch?  Those before it have to be stored, or in this batch, or in the one in flight. */
static bool is_in_turn(const struct ingest *ingest, const struct ingest_mail *mail)
{
	if (mail->source.archive_name == NULL)
		return true;
	for (GList *item = ingest->mails.head; item != NULL && item->data != mail; item = item->next) {
		if (holds_up(item->data))
			return false;
	}
	return true;
}

/* May the batch be sent, while none is in flight?  Those before it have to be stored. */
static bool batch_is_in_turn(const struct ingest *ingest)
{
	for (GList *item = ingest->mails.head; item != NULL; item = item->next) {
		struct ingest_mail *mail = item->data;

		if (holds_up(mail))
			return false;
		if (mail->stage == INGEST_BATCHED)
			break;
	}
	return true;
}

/* Put a mail into the batch that is being filled; false if there is no room, or others come first. */
static bool add_to_batch(struct ingest *ingest, struct ingest_mail *mail)
{
	const struct pipeline_contents contents = contents_of(mail);

	if (!is_in_turn(ingest, mail) || !pipeline_add(ingest->pipeline, &mail->stored, &contents))
		return false;
	mail->stage = INGEST_BATCHED;
	return true;
}

/* What the parser is done with goes into a batch as far as there is room there, and in memory; `first` is waited
 * for. */
static void fill_batch(struct ingest *ingest, const struct ingest_mail *first)
{
	struct parser_result result;

	for (;;) {
		struct ingest_mail *mail = ingest->parsed;

		if (mail != NULL && !add_to_batch(ingest, mail)) {
			if (mail->source.archive_name == NULL || first->stage != INGEST_PARSING)
				return;
			/* `first` is parsed once more, and holds it up: reject(). */
			mail->stage = INGEST_ALONE;
		}
		ingest->parsed = NULL;
		if (ingest->bytes >= INGEST_BYTES && first->stage != INGEST_PARSING)
			return;
		if (!parser_pool_next(ingest->parsers, &result))
			return;
		mail = g_queue_pop_head(&ingest->parsing);
		take_facts(ingest, mail, &result);
		if (mail->stage == INGEST_PARSED)
			ingest->parsed = mail;
	}
}

/* The database has nothing to do.  Whoever gets an outcome now may have a next mail at once: in one transaction with
 * those that are here it costs less than in one of its own. */
static void begin_linger(struct ingest *ingest)
{
	ingest->expected = MIN(ingest->mails.length, PIPELINE_MAILS);
	ingest->linger = g_get_monotonic_time() + INGEST_LINGER;
}

static bool lingers(const struct ingest *ingest)
{
	return pipeline_filled(ingest->pipeline) < ingest->expected && deadline_left(ingest->linger) > 0;
}

/* Is the batch to be sent?  It grows while one is in flight, or while it has one mail and others are about to come. */
static bool is_due(struct ingest *ingest, bool wait)
{
	bool full = ingest->parsed != NULL; /* there is no room for that one, or others come first */
	bool more_comes = !g_queue_is_empty(&ingest->parsing) && ingest->bytes < INGEST_BYTES;

	ingest->lingering = false;
	if (pipeline_filled(ingest->pipeline) == 0 || pipeline_is_in_flight(ingest->pipeline) ||
	    !batch_is_in_turn(ingest))
		return false;
	ingest->lingering = !full && lingers(ingest);
	return !ingest->lingering && (full || pipeline_filled(ingest->pipeline) > 1 || (wait && !more_comes));
}

/* What is one mail costs less alone; and without a connection each mail finds out why by itself. */
static void send_batch(struct ingest *ingest)
{
	if (pipeline_filled(ingest->pipeline) > 1 && store_is_connected(ingest->store))
		pipeline_send(ingest->pipeline);
	else
		pipeline_dissolve(ingest->pipeline);
}

/* No database can hold its facts: have it in quarantine, with what little the parser can say of it safely. */
static void reject(struct ingest *ingest, struct ingest_mail *mail, char *reason)
{
	ingest->bytes -= mail->facts_length;
	mail->facts_length = 0;
	g_clear_pointer(&mail->facts, g_free);
	mail->reason = reason;
	parse(ingest, mail);
}

/* Give it to the database alone, when no batch is in flight. */
static void store_alone(struct ingest *ingest, struct ingest_mail *mail)
{
	struct outcome outcome = {.kind = OUTCOME_DEFERRED};
	int status;

	/* Nobody looks after the parsers meanwhile. */
	parser_pool_settle(ingest->parsers);
	if (ingest->dry_run) {
		store_foresee(ingest->store, mail->facts, &mail->source, time_of(ingest, mail), &outcome);
		ingest_mail_end(mail, &outcome);
		return;
	}
	status = store_mail(ingest->store, mail->facts, mail->bytes, mail->length, &mail->source, time_of(ingest, mail),
	                    &outcome);
	if (status == -EBADMSG && mail->reason == NULL) {
		reject(ingest, mail, g_strdup_printf("the database cannot hold it: %s", outcome.reason));
		outcome_release(&outcome);
		return;
	}
	ingest_mail_end(mail, &outcome);
	begin_linger(ingest);
}

/* Going on --------------------------------------------------------------------------------------------------- */

/* Wait for one of these.  As deadline_poll(); -EINTR if somebody calls us away, for whom there is room after the
 * items. */
static int wait_for_any(const struct ingest *ingest, struct pollfd *items, unsigned count, int64_t deadline)
{
	int status;

	items[count] = (struct pollfd){.fd = ingest->call, .events = POLLIN};
	status = deadline_poll(items, count + 1, deadline);
	return items[count].revents ? -EINTR : status;
}

/* Look what has come from parsers and database; with `wait` until there is something, or until somebody's time is over.
 * False if there is nothing, or somebody calls us away. */
static bool look(struct ingest *ingest, bool wait)
{
	struct pollfd items[PARSER_POOL_MAX + 2];
	int64_t deadline, other;
	unsigned parsers = parser_pool_wants(ingest->parsers, items, &deadline), count = parsers;
	bool in_flight = pipeline_is_in_flight(ingest->pipeline);
	int status;

	if (in_flight)
		items[count++] = pipeline_wants(ingest->pipeline, &other);
	else
		other = ingest->lingering ? ingest->linger : INT64_MAX;
	deadline = deadline_earlier(deadline, other);
	g_assert(!wait || deadline < INT64_MAX);
	status = wait ? wait_for_any(ingest, items, count, deadline) : deadline_poll(items, count, 0);
	if (status == -ETIMEDOUT && deadline_left(deadline) > 0)
		return false;
	parser_pool_go_on(ingest->parsers, items);
	if (in_flight && (items[parsers].revents || deadline_left(other) == 0)) {
		pipeline_go_on(ingest->pipeline);
		if (!pipeline_is_in_flight(ingest->pipeline))
			begin_linger(ingest);
	}
	return status != -EINTR;
}

/* Fill and send batches, as far as facts are there.  The connection is left to `mail` if that has to be stored
 * alone. */
static void send_batches(struct ingest *ingest, struct ingest_mail *mail, bool wait)
{
	fill_batch(ingest, mail);
	settle(mail);
	while (mail->stage != INGEST_ALONE && is_due(ingest, wait)) {
		send_batch(ingest);
		fill_batch(ingest, mail);
		settle(mail);
	}
	if (ingest->single && g_queue_is_empty(&ingest->parsing))
		parser_pool_dismiss(ingest->parsers);
}

/* Bring a mail on, the first that is not over, and others with it; true when it is over. */
static bool bring_on(struct ingest *ingest, struct ingest_mail *mail, bool wait)
{
	settle(mail);
	while (mail->stage != INGEST_OVER) {
		send_batches(ingest, mail, wait);
		if (mail->stage == INGEST_ALONE && !pipeline_is_in_flight(ingest->pipeline))
			store_alone(ingest, mail);
		else if (mail->stage != INGEST_OVER && !look(ingest, wait))
			return false;
	}
	return true;
}

/* Bring on all that are there.  False if one of them is deferred: then nothing is known of those after it. */
static bool finish(struct ingest *ingest)
{
	for (GList *item = ingest->mails.head; item != NULL; item = item->next) {
		struct ingest_mail *mail = item->data;

		bring_on(ingest, mail, true);
		if (mail->outcome.kind == OUTCOME_DEFERRED)
			return false;
	}
	return true;
}

/* Transports ------------------------------------------------------------------------------------------------- */

bool ingest_has_room(const struct ingest *ingest)
{
	return ingest->mails.length < INGEST_MAILS && ingest->bytes < INGEST_BYTES;
}

/* It takes milliseconds to connect: the parser has them. */
static void connect_meanwhile(struct ingest *ingest, struct ingest_mail *mail)
{
	g_autofree char *reason = NULL;

	if (store_connect(ingest->store, time_of(ingest, mail), &reason) == 0)
		return;
	parser_pool_forget(ingest->parsers);
	g_queue_clear(&ingest->parsing);
	ingest_mail_defer(mail, reason);
}

static void take_oversized(struct ingest *ingest, struct ingest_mail *mail, ingest_reader *read, void *context)
{
	const struct ingest_pieces pieces = {
		.parsers = ingest->parsers,
		.store = ingest->store,
		.limit = ingest->config.max_message_size,
		.mail = mail,
		.read = read,
		.context = context,
		.deadline = time_of(ingest, mail),
		.dry_run = ingest->dry_run,
	};

	if (!finish(ingest))
		ingest_mail_defer(mail, "a mail before it is deferred");
	else
		ingest_oversized(&pieces);
}

/* A mail that has been read goes its way; the queue has those before it. */
static void take(struct ingest *ingest, struct ingest_mail *mail)
{
	if (mail->length == 0)
		mail->reason = g_strdup("empty input");
	parse(ingest, mail);
	if (g_queue_is_empty(&ingest->mails))
		connect_meanwhile(ingest, mail);
}

/* Whose bytes are kept is the configuration's, whatever the transport. */
static struct ingest_mail *new_mail(const struct ingest *ingest, const struct store_source *source, int64_t deadline)
{
	struct store_source whole = *source;

	whole.archive = strcmp(ingest->config.raw, CONFIG_RAW_DEFAULT) == 0 ? NULL : ingest->config.raw;
	return ingest_mail_new(&whole, deadline);
}

void ingest_submit(struct ingest *ingest, ingest_reader *read, void *context, uint64_t size,
                   const struct store_source *source, int64_t deadline)
{
	struct ingest_mail *mail = new_mail(ingest, source, deadline);
	size_t most = ingest->config.max_message_size;
	/* What is known to be too large need not be in memory first. */
	bool oversized = size > most;
	int status = ingest_read(read, context, oversized ? INGEST_PIECE : most + 1, time_of(ingest, mail),
	                         &mail->bytes, &mail->length);

	if (status < 0)
		ingest_mail_unread(mail, status);
	else if (oversized || mail->length > most)
		take_oversized(ingest, mail, read, context);
	else
		take(ingest, mail);
	ingest->bytes += mail->length;
	g_queue_push_tail(&ingest->mails, mail);
}

bool ingest_next(struct ingest *ingest, bool wait, struct outcome *ret_outcome)
{
	struct ingest_mail *mail = g_queue_peek_head(&ingest->mails);

	if (mail == NULL || !bring_on(ingest, mail, wait))
		return false;
	g_queue_pop_head(&ingest->mails);
	ingest->bytes -= mail->length + mail->facts_length;
	*ret_outcome = mail->outcome;
	mail->outcome = (struct outcome){0};
	ingest_mail_free(mail);
	return true;
}

bool ingest_is_settled(const struct ingest *ingest)
{
	struct ingest_mail *mail = g_queue_peek_head((GQueue *)&ingest->mails);

	if (mail == NULL)
		return false;
	settle(mail);
	return mail->stage == INGEST_OVER;
}

void ingest_finish_batch(struct ingest *ingest, int64_t deadline)
{
	while (pipeline_is_in_flight(ingest->pipeline) && deadline_left(deadline) > 0) {
		int64_t other;
		struct pollfd item = pipeline_wants(ingest->pipeline, &other);

		deadline_poll(&item, 1, deadline_earlier(deadline, other));
		pipeline_go_on(ingest->pipeline);
	}
}

bool ingest_rest(struct ingest *ingest)
{
	while (pipeline_is_in_flight(ingest->pipeline)) {
		if (!look(ingest, true))
			return false;
	}
	return true;
}

void ingest_forget(struct ingest *ingest)
{
	pipeline_forget(ingest->pipeline);
	parser_pool_forget(ingest->parsers);
	g_queue_clear(&ingest->parsing);
	g_queue_clear_full(&ingest->mails, mail_free);
	ingest->parsed = NULL;
	ingest->bytes = 0;
}

const char *ingest_position(const struct ingest *ingest)
{
	const struct ingest_mail *mail = g_queue_peek_head((GQueue *)&ingest->mails);

	return mail == NULL ? NULL : mail->source.position;
}

void ingest_message(struct ingest *ingest, ingest_reader *read, void *context, uint64_t size,
                    const struct store_source *source, int64_t deadline, struct outcome *ret_outcome)
{
	g_assert(g_queue_is_empty(&ingest->mails));
	ingest_submit(ingest, read, context, size, source, deadline);
	ingest_next(ingest, true, ret_outcome);
}
