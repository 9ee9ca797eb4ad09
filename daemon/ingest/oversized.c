/* oversized.c - stores a message that is over the limit.
 *
 * Used by ingest.c.  Such a message is never parsed.  Promises that it is in quarantine with all its bytes, or deferred
 * with none of them.
 */
#include "ingest/oversized.h"

#include <stdbool.h>

#include <glib.h>

#include "facts/head.h"

/* One further piece; it is kept only if the first one went into quarantine. */
static int append(const struct ingest_pieces *pieces, const char *bytes, size_t length)
{
	struct outcome *outcome = &pieces->mail->outcome;

	if (outcome->kind != OUTCOME_QUARANTINED || length == 0)
		return 0;
	return store_append(pieces->store, bytes, length, pieces->deadline, outcome);
}

/* What is in memory after the first piece. */
static int append_read(const struct ingest_pieces *pieces, size_t from)
{
	struct ingest_mail *mail = pieces->mail;
	int status = 0;

	for (; from < mail->length && status == 0; from += INGEST_PIECE)
		status = append(pieces, mail->bytes + from, MIN(INGEST_PIECE, mail->length - from));
	g_clear_pointer(&mail->bytes, g_free);
	return status;
}

/* What is still to be read. */
static int append_unread(const struct ingest_pieces *pieces)
{
	size_t length = INGEST_PIECE;

	while (length == INGEST_PIECE) {
		g_autofree char *bytes = NULL;
		int status =
			ingest_read(pieces->read, pieces->context, INGEST_PIECE, pieces->deadline, &bytes, &length);

		if (status < 0) {
			ingest_mail_unread(pieces->mail, status);
			store_abandon(pieces->store);
			return status;
		}
		status = append(pieces, bytes, length);
		if (status < 0)
			return status;
	}
	return 0;
}

/* What the first `length` bytes say of a message whose size and hash are not known yet. */
static char *piece_facts(const struct ingest_pieces *pieces, size_t length, const char *reason)
{
	struct parser_mail mail = ingest_mail_parsed(pieces->mail, length);
	struct parser_result result = {0};
	char *facts;

	/* One that is rejected has facts in any case. */
	parser_pool_submit(pieces->parsers, &mail, reason, pieces->deadline);
	parser_pool_wait(pieces->parsers);
	parser_pool_next(pieces->parsers, &result);
	facts = facts_of_beginning(result.facts);
	if (facts == NULL)
		return result.facts;
	g_free(result.facts);
	return facts;
}

void ingest_oversized(const struct ingest_pieces *pieces)
{
	struct ingest_mail *mail = pieces->mail;
	size_t first = MIN(INGEST_PIECE, mail->length);
	g_autofree char *reason =
		g_strdup_printf("the message is larger than %zu bytes (max_message_size)", pieces->limit);
	g_autofree char *facts = piece_facts(pieces, first, reason);
	int status;

	mail->stage = INGEST_OVER;
	if (pieces->dry_run) {
		store_foresee(pieces->store, facts, &mail->source, pieces->deadline, &mail->outcome);
		return;
	}
	status = store_begin(pieces->store, facts, mail->bytes, first, &mail->source, pieces->deadline, &mail->outcome);
	if (status == 0)
		status = append_read(pieces, first);
	if (status == 0)
		status = append_unread(pieces);
	if (status == 0)
		store_commit(pieces->store, pieces->deadline, &mail->outcome);
}
