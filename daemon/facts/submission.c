/* submission.c - everything that one mail says about itself.
 *
 * Called by facts/document.c.  The only file that knows the order of the pure stages.  Promises: the same bytes give
 * the same submission, at every time and place; nothing is asked of the database, the clock or the disk.
 */
#include "facts/submission.h"

#include <errno.h>
#include <string.h>

#include "authentication/list_verdict.h"
#include "mail/date.h"
#include "mail/list_id.h"
#include "mail/checksum.h"
#include "mail/message.h"
#include "mail/references.h"
#include "mail/text.h"
#include "mail/wrapper.h"
#include "patch/content.h"
#include "patch/file_names.h"
#include "patch/patch_hash.h"
#include "patch/patch_id.h"
#include "patch/pull_request.h"
#include "patch/trailers.h"

void submission_free(struct submission *submission)
{
	if (!submission)
		return;
	g_free(submission->sha256);
	g_free(submission->message_id);
	g_free(submission->wrapped_message_id);
	g_clear_pointer(&submission->references, g_ptr_array_unref);
	g_clear_pointer(&submission->list_ids, g_ptr_array_unref);
	author_release(&submission->author);
	subject_release(&submission->subject);
	g_free(submission->headers);
	g_free(submission->content);
	g_free(submission->diff);
	g_free(submission->hash);
	g_free(submission->patch_id);
	g_clear_pointer(&submission->files, g_ptr_array_unref);
	g_free(submission->pull_url);
	g_free(submission->hint_state);
	g_free(submission->hint_delegate);
	g_clear_pointer(&submission->depends_on, g_ptr_array_unref);
	g_clear_pointer(&submission->supersedes, g_ptr_array_unref);
	g_free(submission->base_commit);
	g_free(submission->change_id);
	g_clear_pointer(&submission->links, g_ptr_array_unref);
	authentication_release(&submission->authentication);
	g_clear_pointer(&submission->list_verdicts, g_ptr_array_unref);
	g_clear_pointer(&submission->problems, g_ptr_array_unref);
	g_free(submission);
}

static void read_message_id(const struct header_list *headers, struct submission *submission)
{
	submission->message_id = references_own_id(headers);
	submission->message_id_made = !submission->message_id;
	if (submission->message_id_made)
		submission->message_id = g_strdup_printf("<%.32s@patchmaild.invalid>", submission->sha256);
}

static void read_hints(const struct header_list *headers, struct submission *submission)
{
	g_autofree char *hint = header_decode_first(headers, "X-Patchwork-Hint");

	submission->hint_state = header_decode_first(headers, "X-Patchwork-State");
	submission->hint_delegate = header_decode_first(headers, "X-Patchwork-Delegate");
	submission->hint_ignore = hint && g_ascii_strcasecmp(hint, "ignore") == 0;
	submission->action_required = header_first(headers, "X-Patchwork-Action-Required") != NULL;
}

static void set_subject(const struct header_list *headers, bool refers, struct subject *ret_subject)
{
	g_autofree char *text = header_decode_first(headers, "Subject");

	subject_init(ret_subject, text, refers);
}

/* What counts of a mail that a list wrapped is what stands within; who got that one directly answers it. */
static void unwrap(struct message *message, struct submission *submission, bool *ret_single)
{
	struct wrapper wrapper;

	submission->wrapped = wrapper_open(message, &submission->author, &wrapper);
	*ret_single = !submission->wrapped || author_is_single(&wrapper.headers);
	if (!submission->wrapped)
		return;
	author_release(&submission->author);
	submission->author = wrapper.author;
	wrapper.author = (struct author){0};
	if (header_first(&wrapper.headers, "Subject")) {
		subject_release(&submission->subject);
		set_subject(&wrapper.headers, submission->references->len > 0, &submission->subject);
	}
	submission->wrapped_message_id = references_own_id(&wrapper.headers);
	if (g_strcmp0(submission->wrapped_message_id, submission->message_id) == 0)
		g_clear_pointer(&submission->wrapped_message_id, g_free);
	wrapper_release(&wrapper);
}

static enum submission_kind kind_of(const struct submission *submission)
{
	if (!submission->diff && submission->content[0] == '\0')
		return SUBMISSION_EMPTY;
	if (submission->subject.reply)
		return SUBMISSION_COMMENT;
	if (submission->diff || submission->pull_url)
		return SUBMISSION_PATCH;
	return submission->subject.number == 0 ? SUBMISSION_COVER : SUBMISSION_COMMENT;
}

/* Why a mail looks like a patch though it gives none; NULL: it does not, or it gives one. */
static const char *patch_like(const struct message *message, const struct submission *submission)
{
	enum text_patch_file file;

	if (submission->kind == SUBMISSION_PATCH || submission->subject.reply)
		return NULL;
	file = text_patch_file(message);
	if (file == TEXT_PATCH_UNREAD)
		return "unread attachment";
	if (submission->kind == SUBMISSION_COVER)
		return NULL;
	if (file == TEXT_PATCH_READ)
		return "attachment";
	return subject_names_patch(submission->subject.text) ? "subject" : NULL;
}

/* What the mail says of other mail, and of the commit that it is based on.  A reply says nothing of it: what stands
 * there was copied from what it answers. */
static void read_relations(const struct message *message, const char *footer, struct submission *submission)
{
	const char *text = submission->subject.reply ? "" : submission->content;
	g_autofree char *field =
		submission->subject.reply ? NULL : header_decode_first(&message->headers, "Supersedes");

	if (!field && !submission->subject.reply)
		field = header_decode_first(&message->headers, "Obsoletes");
	submission->depends_on = trailers_depends_on(text, footer);
	submission->supersedes = trailers_supersedes(field, text);
	submission->base_commit = trailers_base_commit(text, footer);
	submission->change_id = trailers_change_id(submission->content);
}

static void read_meaning(const struct message *message, struct submission *submission)
{
	if (submission->diff) {
		submission->hash = patch_hash(submission->diff);
		submission->patch_id = patch_id(submission->diff);
	}
	submission->files =
		submission->diff ? file_names_of_diff(submission->diff) : g_ptr_array_new_with_free_func(g_free);
	submission->pull_url = submission->subject.reply ? NULL : pull_request_find(submission->content);
	submission->links = trailers_links(submission->content);
	submission->kind = kind_of(submission);
	submission->patch_like = patch_like(message, submission);
}

/* Fields that a mail has at most once (RFC 5322 section 3.6, RFC 2919 section 3). */
static void note_repeats(struct message *message)
{
	static const char *const names[] = {"Subject", "Date", "Message-ID", "Reply-To", "List-Id"};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (header_nth(&message->headers, names[i], 1))
			message_problem(message, "%s: it stands there more than once", names[i]);
}

static void read_authentication(struct message *message, bool single, const struct trust_settings *settings,
                                const char *list_id, struct submission *submission)
{
	const struct authentication_author author = {
		.author = &submission->author,
		.single = single && author_is_single(&message->headers),
		.wrapped = submission->wrapped,
	};

	if (settings && !list_id) {
		submission->list_verdicts = list_verdict_read(message, &author, settings, submission->list_ids,
		                                              &submission->authentication);
	} else {
		submission->list_verdicts = g_ptr_array_new();
		authentication_read(&message->headers, &author,
		                    settings ? trust_settings_for(settings, list_id) : trust_nobody(),
		                    &submission->authentication);
	}
	if (submission->authentication.unread > 0)
		message_problem(message, "authentication: %u fields or results more than are read",
		                submission->authentication.unread);
}

static void read_message(struct message *message, const struct trust_settings *trust, const char *list_id,
                         struct submission *submission)
{
	g_autofree char *footer = NULL;
	bool single; /* the author is, in the mail within a wrapper */

	submission->size = message->size;
	read_message_id(&message->headers, submission);
	submission->references = references_read(&message->headers);
	submission->list_ids = list_id_read(&message->headers);
	submission->date_source = date_read(&message->headers, &submission->date);
	submission->dated = submission->date_source != NULL;
	read_hints(&message->headers, submission);
	submission->headers = header_list_text(&message->headers);
	set_subject(&message->headers, submission->references->len > 0, &submission->subject);
	note_repeats(message);
	unwrap(message, submission, &single);
	read_authentication(message, single, trust, list_id, submission);
	content_read(message, &submission->subject, &submission->content, &submission->diff, &footer);
	read_relations(message, footer, submission);
	read_meaning(message, submission);
	submission->problems = g_ptr_array_ref(message->problems);
}

int submission_read(const char *bytes, size_t length, const struct trust_settings *trust, const char *list_id,
                    struct submission **ret_submission, char **ret_reason)
{
	struct author author = {0};
	struct submission *submission;
	struct message *message;
	int error = message_parse(bytes, length, &message, ret_reason);

	if (error < 0)
		return error;
	error = author_read(&message->headers, &author, ret_reason);
	if (error == 0) {
		submission = g_new0(struct submission, 1);
		submission->sha256 = checksum_sha256(bytes, length);
		submission->author = author;
		read_message(message, trust, list_id, submission);
		*ret_submission = submission;
	}
	message_free(message);
	return error;
}
