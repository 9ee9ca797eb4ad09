/* ingest.c - the pipeline: read, parse, store.
 *
 * Used by every transport; the only file that knows the order of the stages.  Promises one outcome for each message,
 * and that a message is either in the database, with its raw bytes if it could not be understood, or deferred.
 */
#include "ingest/ingest.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>
#include <jansson.h>

#include "base/deadline.h"
#include "mail/limits.h"

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

static int start_parser(struct ingest *ingest, char **ret_reason)
{
	g_autofree char *trust = trust_settings_text(ingest->config.trust);
	int status = parser_process_start(NULL, trust, &ingest->parser);

	if (status < 0)
		*ret_reason = g_strdup_printf("the parser process cannot be started: %s", g_strerror(-status));
	return status;
}

int ingest_init(struct ingest *ingest, const char *config_path, char **ret_reason)
{
	int status = 0;

	*ingest = (struct ingest){0};
	config_init(&ingest->config);
	if (config_path != NULL)
		status = config_load(&ingest->config, config_path, ret_reason);
	if (status == 0)
		status = check_config(&ingest->config, ret_reason);
	if (status < 0)
		return status;
	ingest->store = store_new(ingest->config.conninfo, ingest->config.connect_timeout);
	/* The server and the parser get ready side by side. */
	store_start(ingest->store);
	return start_parser(ingest, ret_reason);
}

void ingest_release(struct ingest *ingest)
{
	g_clear_pointer(&ingest->parser, parser_process_free);
	g_clear_pointer(&ingest->store, store_free);
	config_release(&ingest->config);
}

/* Reading ---------------------------------------------------------------------------------------------------- */

ssize_t ingest_read_file(void *context, char *buffer, size_t size, int64_t deadline)
{
	int fd = *(const int *)context;

	for (;;) {
		int status = deadline_wait(fd, POLLIN, deadline);
		ssize_t got;

		if (status < 0)
			return status;
		got = read(fd, buffer, size);
		if (got >= 0)
			return got;
		if (errno != EINTR && errno != EAGAIN)
			return -errno;
	}
}

int ingest_read(ingest_reader *read, void *context, size_t most, int64_t deadline, char **ret_bytes, size_t *ret_length)
{
	g_autofree char *bytes = NULL;
	size_t length = 0, space = 0;

	while (length < most) {
		ssize_t got;

		if (length == space) {
			size_t wanted = MIN(most, space == 0 ? 65536 : 2 * space);
			char *larger = g_try_realloc(bytes, wanted);

			if (larger == NULL)
				return -ENOMEM;
			bytes = larger;
			space = wanted;
		}
		got = read(context, bytes + length, MIN(space - length, INGEST_PIECE), deadline);
		if (got < 0)
			return (int)got;
		if (got == 0)
			break;
		length += (size_t)got;
	}
	*ret_bytes = g_steal_pointer(&bytes);
	*ret_length = length;
	return 0;
}

/* One message ------------------------------------------------------------------------------------------------ */

/* A message on its way. */
struct passage {
	struct ingest *ingest;
	ingest_reader *read;
	void *context;
	const struct store_source *source;
	int64_t deadline;
	char *bytes; /* what has been read of it */
	size_t length;
	bool oversized; /* it is known to be over the limit before it is read */
};

static void defer_unread(int status, struct outcome *outcome)
{
	if (status == -ETIMEDOUT)
		outcome_set(outcome, OUTCOME_DEFERRED, "the message was not read in time");
	else
		outcome_set(outcome, OUTCOME_DEFERRED, "the message cannot be read: %s", g_strerror(-status));
}

static struct parser_mail mail_of(const struct passage *passage, size_t length)
{
	return (struct parser_mail){passage->bytes, length, passage->source->list_id};
}

static void quarantine(struct passage *passage, const char *reason, struct outcome *outcome)
{
	struct parser_mail mail = mail_of(passage, passage->length);
	g_autofree char *facts = parser_process_reject(passage->ingest->parser, &mail, reason, passage->deadline);

	store_mail(passage->ingest->store, facts, passage->bytes, passage->length, passage->source, passage->deadline,
	           outcome);
}

/* The usual way. */
static void pass(struct passage *passage, struct outcome *outcome)
{
	struct ingest *ingest = passage->ingest;
	struct parser_mail mail = mail_of(passage, passage->length);
	g_autofree char *facts = NULL, *reason = NULL;
	int status;

	parser_process_feed(ingest->parser, &mail, NULL, passage->deadline);
	/* It takes milliseconds to connect: the parser has them. */
	if (store_connect(ingest->store, passage->deadline, &reason) < 0) {
		outcome_set(outcome, OUTCOME_DEFERRED, "%s", reason);
		parser_process_forget(ingest->parser);
		return;
	}
	status = parser_process_collect(ingest->parser, passage->deadline, &facts, &reason);
	if (ingest->single)
		parser_process_dismiss(ingest->parser);
	if (status == -EBADMSG) {
		quarantine(passage, reason, outcome);
		return;
	}
	if (status < 0) {
		outcome_set(outcome, OUTCOME_DEFERRED, "%s", reason);
		return;
	}
	if (store_mail(ingest->store, facts, passage->bytes, passage->length, passage->source, passage->deadline,
	               outcome) == -EBADMSG) {
		reason = g_strdup_printf("the database cannot hold it: %s", outcome->reason);
		quarantine(passage, reason, outcome);
	}
}

/* One further piece; it is kept only where the first one went into quarantine. */
static int append(struct passage *passage, const char *bytes, size_t length, struct outcome *outcome)
{
	if (outcome->kind != OUTCOME_QUARANTINED || length == 0)
		return 0;
	return store_append(passage->ingest->store, bytes, length, passage->deadline, outcome);
}

/* What is in memory behind the first piece. */
static int append_read(struct passage *passage, size_t from, struct outcome *outcome)
{
	int status = 0;

	for (; from < passage->length && status == 0; from += INGEST_PIECE) {
		size_t length = MIN(INGEST_PIECE, passage->length - from);

		status = append(passage, passage->bytes + from, length, outcome);
	}
	g_clear_pointer(&passage->bytes, g_free);
	return status;
}

/* What is still to be read. */
static int append_unread(struct passage *passage, struct outcome *outcome)
{
	size_t length = INGEST_PIECE;

	while (length == INGEST_PIECE) {
		g_autofree char *bytes = NULL;
		int status =
			ingest_read(passage->read, passage->context, INGEST_PIECE, passage->deadline, &bytes, &length);

		if (status < 0) {
			defer_unread(status, outcome);
			store_abandon(passage->ingest->store);
			return status;
		}
		status = append(passage, bytes, length, outcome);
		if (status < 0)
			return status;
	}
	return 0;
}

/* What the first `length` bytes say of a message whose size and hash are not known yet. */
static char *piece_facts(struct passage *passage, size_t length, const char *reason)
{
	struct parser_mail mail = mail_of(passage, length);
	g_autofree char *text = parser_process_reject(passage->ingest->parser, &mail, reason, passage->deadline);
	json_t *facts = json_loads(text, 0, NULL);
	char *changed;

	if (!json_is_object(facts))
		return g_steal_pointer(&text);
	json_object_set_new(facts, "size", json_null());
	json_object_set_new(facts, "sha256", json_null());
	changed = json_dumps(facts, JSON_COMPACT);
	json_decref(facts);
	return changed;
}

/* A message over the limit is never parsed. */
static void pass_oversized(struct passage *passage, struct outcome *outcome)
{
	struct store *store = passage->ingest->store;
	size_t first = MIN(INGEST_PIECE, passage->length);
	g_autofree char *reason = g_strdup_printf("the message is larger than %zu bytes (max_message_size)",
	                                          passage->ingest->config.max_message_size);
	g_autofree char *facts = piece_facts(passage, first, reason);

	if (store_begin(store, facts, passage->bytes, first, passage->source, passage->deadline, outcome) < 0)
		return;
	if (append_read(passage, first, outcome) == 0 && append_unread(passage, outcome) == 0)
		store_commit(store, passage->deadline, outcome);
}

static void pass_any(struct passage *passage, struct outcome *outcome)
{
	if (passage->length > passage->ingest->config.max_message_size || passage->oversized)
		pass_oversized(passage, outcome);
	else if (passage->length == 0)
		quarantine(passage, "empty input", outcome);
	else
		pass(passage, outcome);
}

static void take(struct passage *passage, uint64_t size, struct outcome *ret_outcome)
{
	size_t most = passage->ingest->config.max_message_size;
	struct outcome outcome = {.kind = OUTCOME_DEFERRED};
	int status;

	/* What is known to be too large need not be in memory first. */
	passage->oversized = size > most;
	status = ingest_read(passage->read, passage->context, passage->oversized ? INGEST_PIECE : most + 1,
	                     passage->deadline, &passage->bytes, &passage->length);
	if (status < 0)
		defer_unread(status, &outcome);
	else
		pass_any(passage, &outcome);
	g_free(passage->bytes);
	*ret_outcome = outcome;
}

void ingest_message(struct ingest *ingest, ingest_reader *read, void *context, uint64_t size,
                    const struct store_source *source, int64_t deadline, struct outcome *ret_outcome)
{
	struct passage passage = {ingest, read, context, source, deadline, NULL, 0, false};

	take(&passage, size, ret_outcome);
}
