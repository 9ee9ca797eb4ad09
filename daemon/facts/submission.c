/* submission.c - everything that one mail says about itself.
 *
 * Called by facts/document.c.  The only file that knows the order of the pure stages.  Promises: the same bytes give the
 * same submission, at every time and place; nothing is asked of the database, the clock or the disk.
 */
#include "facts/submission.h"

#include <errno.h>
#include <string.h>

#include "mail/checksum.h"
#include "mail/message.h"
#include "mail/original_author.h"
#include "mail/references.h"
#include "mail/text.h"
#include "patch/diff.h"
#include "patch/file_names.h"
#include "patch/known_lines.h"
#include "patch/patch_hash.h"
#include "patch/pull_request.h"
#include "patch/trailers.h"

#define DATE_LAST INT64_C(253402300799) /* 9999-12-31T23:59:59Z; what lies behind is no date */
#define DATE_DIGITS 4                   /* digits in a year or zone; no number in a date has more */
#define DATE_LENGTH 1000                /* bytes; a longer field is no date */

static void list_id_free(void *data)
{
	struct list_id *list_id = data;

	g_free(list_id->id);
	g_free(list_id);
}

static void judgement_free(void *data)
{
	struct list_judgement *judgement = data;

	g_ptr_array_unref(judgement->list_ids);
	authentication_release(&judgement->authentication);
	g_free(judgement);
}

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
	g_clear_pointer(&submission->files, g_ptr_array_unref);
	g_free(submission->pull_url);
	g_free(submission->hint_state);
	g_free(submission->hint_delegate);
	g_clear_pointer(&submission->depends_on, g_ptr_array_unref);
	g_free(submission->change_id);
	authentication_release(&submission->authentication);
	g_clear_pointer(&submission->judgements, g_ptr_array_unref);
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

/* The part in <...>, or the whole value if it is one word. */
static char *list_id_of(const char *raw)
{
	g_autofree char *value = header_decode(raw);
	const char *open = strrchr(value, '<'), *close = open ? strchr(open, '>') : NULL;

	if (close && close > open + 1)
		return g_strndup(open + 1, (gsize)(close - open - 1));
	return *value && !strchr(value, ' ') && !open ? g_strdup(value) : NULL;
}

static GPtrArray *read_list_ids(const struct header_list *headers)
{
	static const char *const fields[] = {"List-Id", "X-Mailing-List", "X-List"};
	GPtrArray *list_ids = g_ptr_array_new_with_free_func(list_id_free);

	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
		for (unsigned j = 0; j < headers->fields->len; j++) {
			const struct header_field *field = g_ptr_array_index(headers->fields, j);
			struct list_id *list_id;
			char *id;

			if (g_ascii_strcasecmp(field->name, fields[i]) != 0 || !(id = list_id_of(field->value)))
				continue;
			list_id = g_new(struct list_id, 1);
			*list_id = (struct list_id){fields[i], id};
			g_ptr_array_add(list_ids, list_id);
		}
	}
	return list_ids;
}

/* Does a number stand there that is too long for a date?  GMime reads a year of it all the same. */
static bool has_long_number(const char *text)
{
	for (size_t digits = 0; *text && *text != '('; text++) {
		digits = g_ascii_isdigit(*text) ? digits + 1 : 0;
		if (digits > DATE_DIGITS)
			return true;
	}
	return false;
}

static bool read_date(const char *text, struct submission *submission)
{
	g_autoptr(GDateTime) date = NULL;
	int64_t seconds;

	if (strlen(text) > DATE_LENGTH || has_long_number(text) || !(date = g_mime_utils_header_decode_date(text)))
		return false;
	seconds = g_date_time_to_unix(date);
	if (seconds < 0 || seconds > DATE_LAST)
		return false;
	submission->date = seconds;
	return true;
}

/* The Date field, else the date of the topmost Received, which stands behind its last `;` (RFC 5322 section 3.6.7). */
static void read_dates(const struct header_list *headers, struct submission *submission)
{
	const char *date = header_first(headers, "Date"), *received = header_first(headers, "Received");
	g_autofree char *folded = NULL;

	if (date) {
		folded = header_decode(date);
		if (read_date(folded, submission))
			submission->date_source = "Date";
	}
	received = received ? strrchr(received, ';') : NULL;
	if (!submission->date_source && received) {
		g_free(folded);
		folded = header_decode(received + 1);
		if (read_date(folded, submission))
			submission->date_source = "Received";
	}
	submission->dated = submission->date_source != NULL;
}

static char *decoded_field(const struct header_list *headers, const char *name)
{
	const char *raw = header_first(headers, name);

	return raw ? header_decode(raw) : NULL;
}

static void read_hints(const struct header_list *headers, struct submission *submission)
{
	g_autofree char *hint = decoded_field(headers, "X-Patchwork-Hint");

	submission->hint_state = decoded_field(headers, "X-Patchwork-State");
	submission->hint_delegate = decoded_field(headers, "X-Patchwork-Delegate");
	submission->hint_ignore = hint && g_ascii_strcasecmp(hint, "ignore") == 0;
	submission->action_required = header_first(headers, "X-Patchwork-Action-Required") != NULL;
}

/* Is an address among those of a field? */
static bool field_names(const struct header_list *headers, const char *name, const char *email)
{
	g_autofree char *value = decoded_field(headers, name), *lower = value ? g_ascii_strdown(value, -1) : NULL;
	g_autofree char *wanted = g_ascii_strdown(email, -1);

	return lower && strstr(lower, wanted) != NULL;
}

/* Did a list put this mail around another one because of the sender's DMARC policy?  Then both have one
 * Message-ID, or From is `X via list` and the inner one is from X. */
static bool is_list_wrapper(const struct header_list *outer, const struct author *author,
                            const struct header_list *inner, const struct author *inner_author)
{
	g_autofree char *id = decoded_field(outer, "Message-ID"), *inner_id = decoded_field(inner, "Message-ID");
	g_autofree char *name = original_author_name(author->from.name);

	if (!header_first(outer, "List-Id"))
		return false;
	if (id && *id && g_strcmp0(id, inner_id) == 0)
		return true;
	return name && (g_strcmp0(name, inner_author->from.name) == 0 ||
	                field_names(outer, "Reply-To", inner_author->from.email) ||
	                field_names(outer, "Cc", inner_author->from.email));
}

static void set_subject(const struct header_list *headers, bool refers, struct subject *ret_subject)
{
	g_autofree char *text = decoded_field(headers, "Subject");

	subject_init(ret_subject, text, refers);
}

/* Where a list wrapped the mail, the inner From, Subject and body count, and who got it directly answers the inner one. */
static void unwrap(struct message *message, struct submission *submission, bool *ret_single)
{
	GMimeMessage *wrapped = message_wrapped(message);
	struct author author = {0};
	struct header_list headers;
	char *reason = NULL;

	if (!wrapped)
		return;
	message_wrapped_headers(wrapped, &headers);
	if (author_read(&headers, &author, &reason) == 0 &&
	    is_list_wrapper(&message->headers, &submission->author, &headers, &author)) {
		author_release(&submission->author);
		submission->author = author;
		submission->wrapped = true;
		*ret_single = author_is_single(&headers);
		author = (struct author){0};
		if (header_first(&headers, "Subject")) {
			subject_release(&submission->subject);
			set_subject(&headers, submission->references->len > 0, &submission->subject);
		}
		submission->wrapped_message_id = references_own_id(&headers);
		if (g_strcmp0(submission->wrapped_message_id, submission->message_id) == 0)
			g_clear_pointer(&submission->wrapped_message_id, g_free);
		message->body = g_mime_message_get_mime_part(wrapped);
	}
	author_release(&author);
	g_free(reason);
	header_list_release(&headers);
}

static void append_comment(GString *content, const char *text)
{
	g_string_append(content, text);
	g_string_append_c(content, '\n');
}

/* A part that is all comment. */
static void append_prose(GString *content, const char *text)
{
	g_autofree char *comment = g_strdup(text);

	trailers_cut_footer(comment, 0);
	append_comment(content, comment);
}

/* The comment and the diff of a mail while its parts are read. */
struct pieces {
	GString *comment;
	GString *diff;      /* NULL until there is one */
	GHashTable *hashes; /* of the diffs in it */
	bool is_inline; /* the diff is from a text part that may have been damaged on the way: wrapped, blanks changed */
	bool replaced;  /* ... and an attached one took its place */
	struct known_lines known; /* those of `comment`, as far as they were asked for */
};

static bool same_files(const char *a, const char *b)
{
	g_autoptr(GPtrArray) files_a = file_names_of_diff(a), files_b = file_names_of_diff(b);

	if (files_a->len == 0 || files_a->len != files_b->len)
		return false;
	for (unsigned i = 0; i < files_a->len; i++) {
		if (strcmp(g_ptr_array_index(files_a, i), g_ptr_array_index(files_b, i)) != 0)
			return false;
	}
	return true;
}

/* Add a diff.  False where it is there already: senders put a patch inline and attach it too.  Where the inline one
 * is of the same files and yet different, it was damaged, and the attached one counts. */
static bool append_diff(struct pieces *pieces, const char *diff, bool is_inline)
{
	if (!g_hash_table_add(pieces->hashes, patch_hash(diff)))
		return false;
	if (pieces->diff && pieces->is_inline && !is_inline && same_files(pieces->diff->str, diff)) {
		g_string_truncate(pieces->diff, 0);
		pieces->replaced = true;
	}
	pieces->is_inline = is_inline;
	if (!pieces->diff)
		pieces->diff = g_string_new(NULL);
	else if (pieces->diff->len > 0 && pieces->diff->str[pieces->diff->len - 1] != '\n')
		g_string_append_c(pieces->diff, '\n');
	g_string_append(pieces->diff, diff);
	return true;
}

/* A text without the signature or footer that follows its diff; NULL where there is no diff in it. */
static char *without_footer(const char *text)
{
	g_autofree char *comment = NULL, *diff = NULL;
	const char *behind, *first, *end = text + strlen(text);
	size_t before, length;

	diff_split(text, &comment, &before, &diff);
	behind = comment + before;
	first = behind + strspn(behind, "\n");
	if (!diff)
		return NULL;
	if (!trailers_is_footer(first, strcspn(first, "\n")))
		return g_strdup(text);
	length = strlen(behind) - 1; /* without the newline that every last line is given */
	if (memcmp(end - length, behind, length) != 0)
		length = 0;
	return g_strndup(text, (size_t)(end - text) - length);
}

/* Does this message of an attached patch stand in the mail already? */
static bool is_said(struct pieces *pieces, const char *message)
{
	known_lines_read(&pieces->known, pieces->comment->str);
	return known_lines_hold(&pieces->known, message);
}

static void append_split(struct pieces *pieces, const char *text, bool is_inline)
{
	g_autofree char *comment = NULL, *diff = NULL;
	size_t before;

	diff_split(text, &comment, &before, &diff);
	if (diff && !append_diff(pieces, diff, is_inline))
		return;
	trailers_cut_footer(comment, before);
	if (is_inline || !is_said(pieces, comment))
		append_comment(pieces->comment, comment);
}

/* The comment and the diff out of the text parts of a mail that is no reply. */
static void read_parts(const GPtrArray *parts, struct pieces *pieces)
{
	for (unsigned i = 0; i < parts->len; i++) {
		const struct text_part *part = g_ptr_array_index(parts, i);
		g_autofree char *diff = part->kind == TEXT_DIFF ? without_footer(part->text) : NULL;

		if (part->kind == TEXT_DIFF)
			append_diff(pieces, diff ? diff : part->text, false);
		else if (part->kind == TEXT_MAIL || !pieces->diff)
			append_split(pieces, part->text, part->kind == TEXT_PLAIN);
		else
			append_prose(pieces->comment, part->text);
	}
}

static void read_reply(const GPtrArray *parts, GString *content)
{
	for (unsigned i = 0; i < parts->len; i++) {
		const struct text_part *part = g_ptr_array_index(parts, i);

		if (part->plain)
			append_prose(content, part->text);
	}
}

/* A part with its diff where it stands. */
static void append_whole(GString *content, const char *text)
{
	g_autofree char *whole = without_footer(text);

	if (whole)
		append_comment(content, whole);
	else
		append_prose(content, text);
}

/* The diff in a cover letter tells what is new since an earlier version, and is part of its text; but a pull request may
 * well have the patch with it. */
static void read_cover(const GPtrArray *parts, struct submission *submission)
{
	g_autofree char *pull_url = pull_request_find(submission->content);
	GString *content;

	if (pull_url)
		return;
	content = g_string_new(NULL);
	for (unsigned i = 0; i < parts->len; i++) {
		const struct text_part *part = g_ptr_array_index(parts, i);

		append_whole(content, part->text);
	}
	g_free(submission->content);
	submission->content = g_string_free(content, FALSE);
	g_clear_pointer(&submission->diff, g_free);
}

static void read_content(struct message *message, struct submission *submission)
{
	g_autoptr(GPtrArray) parts = text_parts(message);
	struct pieces pieces = {
		.comment = g_string_new(NULL),
		.hashes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
	};

	if (submission->subject.reply)
		read_reply(parts, pieces.comment);
	else
		read_parts(parts, &pieces);
	submission->content = g_string_free(pieces.comment, FALSE);
	submission->diff = pieces.diff ? g_string_free(pieces.diff, FALSE) : NULL;
	g_hash_table_unref(pieces.hashes);
	known_lines_release(&pieces.known);
	if (submission->diff && submission->subject.number == 0)
		read_cover(parts, submission);
	if (pieces.replaced)
		message_problem(message, "diff: the attached one counts, not the damaged one in the text");
	g_strstrip(submission->content);
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

static void read_meaning(const struct message *message, struct submission *submission)
{
	if (submission->diff)
		submission->hash = patch_hash(submission->diff);
	submission->files =
		submission->diff ? file_names_of_diff(submission->diff) : g_ptr_array_new_with_free_func(g_free);
	submission->pull_url = submission->subject.reply ? NULL : pull_request_find(submission->content);
	submission->depends_on = trailers_depends_on(submission->content);
	submission->change_id = trailers_change_id(submission->content);
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

/* Settings, and the lists of a mail for which they hold. */
struct lists_of_trust {
	const struct trust *trust;
	GPtrArray *list_ids; /* of char *, borrowed */
};

static void lists_of_trust_free(void *data)
{
	struct lists_of_trust *lists = data;

	g_ptr_array_unref(lists->list_ids);
	g_free(lists);
}

/* Those that have these settings, added if need be; NULL where there are too many already. */
static struct lists_of_trust *find_lists(GPtrArray *all, const struct trust *trust)
{
	struct lists_of_trust *lists;

	for (unsigned i = 0; i < all->len; i++) {
		lists = g_ptr_array_index(all, i);
		if (lists->trust == trust)
			return lists;
	}
	if (all->len == SUBMISSION_JUDGEMENTS)
		return NULL;
	lists = g_new(struct lists_of_trust, 1);
	*lists = (struct lists_of_trust){trust, g_ptr_array_new()};
	g_ptr_array_add(all, lists);
	return lists;
}

/* The lists of a mail by their settings, of struct lists_of_trust; some may be left out where there are too many. */
static GPtrArray *sort_lists(struct message *message, const GPtrArray *list_ids, const struct trust_settings *settings)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(lists_of_trust_free);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (unsigned i = 0; i < list_ids->len; i++) {
		const struct list_id *list_id = g_ptr_array_index(list_ids, i);
		struct lists_of_trust *lists;

		if (!g_hash_table_add(seen, list_id->id))
			continue;
		lists = find_lists(all, trust_settings_for(settings, list_id->id));
		if (lists)
			g_ptr_array_add(lists->list_ids, list_id->id);
		else
			message_problem(message, "authentication: the mail names lists of more than %u settings",
			                SUBMISSION_JUDGEMENTS);
	}
	return all;
}

static void add_judgement(const struct message *message, const struct authentication_author *author,
                          const struct lists_of_trust *lists, GPtrArray *judgements)
{
	struct list_judgement *judgement = g_new0(struct list_judgement, 1);

	judgement->list_ids = g_ptr_array_new_with_free_func(g_free);
	for (unsigned i = 0; i < lists->list_ids->len; i++)
		g_ptr_array_add(judgement->list_ids, g_strdup(g_ptr_array_index(lists->list_ids, i)));
	authentication_read(&message->headers, author, lists->trust, &judgement->authentication);
	g_ptr_array_add(judgements, judgement);
}

/* Judge a mail by the settings of each of its lists. */
static void judge_by_lists(struct message *message, const struct authentication_author *author,
                           const struct trust_settings *settings, struct submission *submission)
{
	g_autoptr(GPtrArray) all = sort_lists(message, submission->list_ids, settings);
	const struct lists_of_trust *first = all->len > 0 ? g_ptr_array_index(all, 0) : NULL;
	const struct trust *trust = first ? first->trust : trust_settings_for(settings, NULL);

	authentication_read(&message->headers, author, all->len > 1 ? trust_nobody() : trust,
	                    &submission->authentication);
	for (unsigned i = 0; i < all->len && all->len > 1; i++)
		add_judgement(message, author, g_ptr_array_index(all, i), submission->judgements);
}

static void read_authentication(struct message *message, bool single, const struct trust_settings *settings,
                                const char *list_id, struct submission *submission)
{
	const struct authentication_author author = {
		.author = &submission->author,
		.single = single && author_is_single(&message->headers),
		.wrapped = submission->wrapped,
	};

	submission->judgements = g_ptr_array_new_with_free_func(judgement_free);
	if (!settings || list_id)
		authentication_read(&message->headers, &author,
		                    settings ? trust_settings_for(settings, list_id) : trust_nobody(),
		                    &submission->authentication);
	else
		judge_by_lists(message, &author, settings, submission);
	if (submission->authentication.unread > 0)
		message_problem(message, "authentication: %u fields or results more than are read",
		                submission->authentication.unread);
}

static void read_message(struct message *message, const struct trust_settings *trust, const char *list_id,
                         struct submission *submission)
{
	bool single = true; /* the author is, in the mail within a wrapper */

	submission->size = message->size;
	read_message_id(&message->headers, submission);
	submission->references = references_read(&message->headers);
	submission->list_ids = read_list_ids(&message->headers);
	read_dates(&message->headers, submission);
	read_hints(&message->headers, submission);
	submission->headers = header_list_text(&message->headers);
	set_subject(&message->headers, submission->references->len > 0, &submission->subject);
	note_repeats(message);
	unwrap(message, submission, &single);
	read_authentication(message, single, trust, list_id, submission);
	read_content(message, submission);
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
