/* document.c - writes what a mail says about itself as one JSON document: patchmaild-facts(5).
 *
 * Called by the parser process and by the parse command.  Promises: always a document; every text in it is valid
 * UTF-8 without NUL; the order of its keys is fixed, so the same mail gives the same bytes.
 */
#include "facts/document.h"

#include <string.h>
#include <jansson.h>

#include "authentication/list_verdict.h"
#include "facts/head.h"
#include "mail/checksum.h"
#include "mail/limits.h"
#include "mail/list_id.h"
#include "mail/message.h"
#include "patch/diff.h"
#include "patch/trailers.h"

#define REJECTED_FIELD_LENGTH 1000 /* bytes of a field that the facts of a rejected mail have */

static json_t *json_texts(const GPtrArray *texts)
{
	json_t *array = json_array();

	for (unsigned i = 0; i < texts->len; i++)
		json_array_append_new(array, facts_string(g_ptr_array_index(texts, i)));
	return array;
}

static json_t *json_number(int number)
{
	return number < 0 ? json_null() : json_integer(number);
}

static const char *kind_name(enum submission_kind kind)
{
	static const char *const names[] = {
		[SUBMISSION_EMPTY] = "empty",
		[SUBMISSION_PATCH] = "patch",
		[SUBMISSION_COVER] = "cover",
		[SUBMISSION_COMMENT] = "comment",
	};

	return names[kind];
}

static json_t *json_list_ids(const GPtrArray *list_ids)
{
	json_t *array = json_array();

	for (unsigned i = 0; i < list_ids->len; i++) {
		const struct list_id *list_id = g_ptr_array_index(list_ids, i);
		json_t *object = json_object();

		json_object_set_new(object, "field", facts_string(list_id->field));
		json_object_set_new(object, "id", facts_string(list_id->id));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *json_date(const struct submission *submission)
{
	g_autoptr(GDateTime) date = submission->dated ? g_date_time_new_from_unix_utc(submission->date) : NULL;
	g_autofree char *text = date ? g_date_time_format(date, "%Y-%m-%dT%H:%M:%SZ") : NULL;

	return facts_string(text);
}

static json_t *json_mailbox(const struct mailbox *mailbox)
{
	json_t *object = json_object();

	json_object_set_new(object, "name", facts_string(mailbox->name));
	json_object_set_new(object, "email", facts_string(mailbox->email));
	return object;
}

static json_t *json_original(const struct author *author)
{
	json_t *object;

	if (!author->original.email)
		return json_null();
	object = json_mailbox(&author->original);
	json_object_set_new(object, "source", facts_string(author->source));
	if (author->encoded)
		json_object_set_new(object, "encoded", json_true());
	return object;
}

static json_t *json_subject(const struct subject *subject)
{
	json_t *object = json_object();

	json_object_set_new(object, "text", facts_string(subject->text));
	json_object_set_new(object, "reply", json_boolean(subject->reply));
	json_object_set_new(object, "prefixes", json_texts(subject->prefixes));
	json_object_set_new(object, "title", facts_string(subject->title));
	json_object_set_new(object, "version", json_integer(subject->version));
	if (subject->minor > 0)
		json_object_set_new(object, "minor", json_integer(subject->minor));
	json_object_set_new(object, "number", json_number(subject->number));
	json_object_set_new(object, "total", json_number(subject->total));
	return object;
}

static json_t *json_hints(const struct submission *submission)
{
	json_t *object = json_object();

	json_object_set_new(object, "state", facts_string(submission->hint_state));
	json_object_set_new(object, "delegate", facts_string(submission->hint_delegate));
	json_object_set_new(object, "ignore", json_boolean(submission->hint_ignore));
	json_object_set_new(object, "action_required", json_boolean(submission->action_required));
	return object;
}

static json_t *json_depends_on(const GPtrArray *depends_on)
{
	json_t *array = json_array();

	for (unsigned i = 0; i < depends_on->len; i++) {
		const struct dependency *dependency = g_ptr_array_index(depends_on, i);
		json_t *object = json_object();

		if (dependency->message_id)
			json_object_set_new(object, "message_id", facts_string(dependency->message_id));
		else if (dependency->series_id > 0)
			json_object_set_new(object, "series_id", json_integer(dependency->series_id));
		else if (dependency->patch_id > 0)
			json_object_set_new(object, "patch_id", json_integer(dependency->patch_id));
		else if (dependency->git_patch_id)
			json_object_set_new(object, "git_patch_id", facts_string(dependency->git_patch_id));
		else
			json_object_set_new(object, "change_id", facts_string(dependency->change_id));
		if (dependency->version > 0)
			json_object_set_new(object, "version", json_integer(dependency->version));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *json_fields(const GPtrArray *fields)
{
	json_t *array = json_array();

	for (unsigned i = 0; i < fields->len; i++) {
		const struct authentication_field *field = g_ptr_array_index(fields, i);
		json_t *object = json_object();

		json_object_set_new(object, "index", json_integer(field->index));
		json_object_set_new(object, "name", facts_string(field->name));
		json_object_set_new(object, "authserv_id", facts_string(field->authserv_id));
		json_object_set_new(object, "trusted", json_boolean(field->counts));
		json_object_set_new(object, "reason", facts_string(field->reason));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *json_claims(const GPtrArray *claims)
{
	json_t *array = json_array();

	for (unsigned i = 0; i < claims->len; i++) {
		const struct claim *claim = g_ptr_array_index(claims, i);
		json_t *object = json_object();

		json_object_set_new(object, "index", json_integer(claim->index));
		json_object_set_new(object, "source", facts_string(claim_source_name(claim->source)));
		json_object_set_new(object, "authserv_id", facts_string(claim->authserv_id));
		json_object_set_new(object, "trusted", json_boolean(!claim->reason));
		json_object_set_new(object, "method", facts_string(claim->method));
		json_object_set_new(object, "result", facts_string(claim->result));
		json_object_set_new(object, "identity", facts_string(claim->identity));
		json_object_set_new(object, "alignment",
		                    facts_string(claim->measured ? alignment_name(claim->alignment) : NULL));
		json_object_set_new(object, "reason", facts_string(claim->reason));
		json_array_append_new(array, object);
	}
	return array;
}

static void set_authentication(json_t *object, const struct authentication *authentication)
{
	const struct verdict_with_reason *author = &authentication->author, *original = &authentication->original;

	json_object_set_new(object, "verdict", facts_string(verdict_name(author->verdict)));
	json_object_set_new(object, "reason", facts_string(author->reason));
	json_object_set_new(object, "original_verdict",
	                    facts_string(original->reason ? verdict_name(original->verdict) : NULL));
	json_object_set_new(object, "original_reason", facts_string(original->reason));
	json_object_set_new(object, "fields", json_fields(authentication->fields));
	json_object_set_new(object, "results", json_claims(authentication->claims));
}

/* The key "lists" is only there if the lists of the mail differ: the facts of most mail stay small. */
static json_t *json_authentication(const struct submission *submission)
{
	json_t *object = json_object(), *lists = json_array();

	set_authentication(object, &submission->authentication);
	for (unsigned i = 0; i < submission->list_verdicts->len; i++) {
		const struct list_verdict *verdict = g_ptr_array_index(submission->list_verdicts, i);
		json_t *list = json_object();

		json_object_set_new(list, "list_ids", json_texts(verdict->list_ids));
		set_authentication(list, &verdict->authentication);
		json_array_append_new(lists, list);
	}
	if (submission->list_verdicts->len > 0)
		json_object_set(object, "lists", lists);
	json_decref(lists);
	return object;
}

static void set_body(json_t *facts, const struct submission *submission)
{
	json_object_set_new(facts, "headers", facts_string(submission->headers));
	json_object_set_new(facts, "content", facts_string(submission->content));
	json_object_set_new(facts, "diff", facts_string(submission->diff));
	json_object_set_new(facts, "hash", facts_string(submission->hash));
	json_object_set_new(facts, "patch_id", facts_string(submission->patch_id));
	json_object_set_new(facts, "files", json_texts(submission->files));
	json_object_set_new(facts, "pull_url", facts_string(submission->pull_url));
	if (submission->patch_like)
		json_object_set_new(facts, "patch_like", facts_string(submission->patch_like));
	json_object_set_new(facts, "hints", json_hints(submission));
	json_object_set_new(facts, "depends_on", json_depends_on(submission->depends_on));
	if (submission->supersedes->len > 0)
		json_object_set_new(facts, "supersedes", json_texts(submission->supersedes));
	if (submission->base_commit)
		json_object_set_new(facts, "base_commit", facts_string(submission->base_commit));
	json_object_set_new(facts, "change_id", facts_string(submission->change_id));
	if (submission->links->len > 0)
		json_object_set_new(facts, "links", json_texts(submission->links));
}

static json_t *json_submission(const struct submission *submission)
{
	json_t *facts = json_object();

	facts_set_head(facts, submission->size, submission->sha256);
	json_object_set_new(facts, "problems", json_texts(submission->problems));
	json_object_set_new(facts, "kind", facts_string(kind_name(submission->kind)));
	json_object_set_new(facts, "message_id", facts_string(submission->message_id));
	json_object_set_new(facts, "message_id_made", json_boolean(submission->message_id_made));
	json_object_set_new(facts, "wrapped_message_id", facts_string(submission->wrapped_message_id));
	json_object_set_new(facts, "references", json_texts(submission->references));
	json_object_set_new(facts, "list_ids", json_list_ids(submission->list_ids));
	json_object_set_new(facts, "date", json_date(submission));
	json_object_set_new(facts, "date_source", facts_string(submission->date_source));
	json_object_set_new(facts, "author", json_mailbox(&submission->author.from));
	json_object_set_new(facts, "original_author", json_original(&submission->author));
	json_object_set_new(facts, "subject", json_subject(&submission->subject));
	set_body(facts, submission);
	json_object_set_new(facts, "authentication", json_authentication(submission));
	return facts;
}

char *facts_of_mail(const char *bytes, size_t length, const struct trust_settings *trust, const char *list_id)
{
	struct submission *submission;
	char *reason = NULL, *text;

	if (submission_read(bytes, length, trust, list_id, &submission, &reason) < 0) {
		text = facts_of_rejected(bytes, length, reason);
		g_free(reason);
		return text;
	}
	text = facts_text(json_submission(submission));
	submission_free(submission);
	if (strlen(text) <= LIMITS_FACTS_SIZE)
		return text;
	g_free(text);
	return facts_of_rejected(bytes, length, "the facts of the mail are too large");
}

/* A field of the header, decoded, if it is short enough for the facts. */
static json_t *json_safe_field(const struct header_list *headers, const char *name)
{
	const char *raw = header_first(headers, name);
	g_autofree char *value = raw && strlen(raw) <= REJECTED_FIELD_LENGTH ? header_decode(raw) : NULL;

	return facts_string(value && *value ? value : NULL);
}

char *facts_of_rejected(const char *bytes, size_t length, const char *reason)
{
	size_t start = message_mbox_line(bytes, length), body;
	size_t end = start + MIN(length - start, LIMITS_HEADER_SIZE);
	g_autofree char *sha256 = checksum_sha256(bytes, length);
	json_t *facts = json_object();
	struct header_list headers;

	header_list_init(&headers, bytes + start, end - start, &body);
	facts_set_head(facts, length, sha256);
	json_object_set_new(facts, "rejected", facts_string(reason));
	json_object_set_new(facts, "message_id", json_safe_field(&headers, "Message-ID"));
	json_object_set_new(facts, "subject", json_safe_field(&headers, "Subject"));
	header_list_release(&headers);
	return facts_text(facts);
}
