/* content.c - what a mail says in words, and what it changes.
 *
 * Called by submission.c.  Promises: no word and no line of a diff is lost but signatures, list footers, and what
 * stands in the mail twice; time is linear in the text.
 */
#include "patch/content.h"

#include <stdbool.h>
#include <string.h>

#include "mail/text.h"
#include "patch/diff.h"
#include "patch/file_names.h"
#include "patch/hunk.h"
#include "patch/known_lines.h"
#include "patch/patch_hash.h"
#include "patch/pull_request.h"
#include "patch/trailers.h"

/* Do lines of hunks end in CR LF, and no others?  Then CR is part of the file's lines, and without it the patch does
 * not apply.  Else it came with the mail. */
static bool cr_is_of_hunks(const char *text)
{
	struct hunk hunk;
	bool in_hunk = false, found = false;

	for (const char *newline; (newline = strchr(text, '\n')); text = newline + 1) {
		bool has_cr = newline > text && newline[-1] == '\r';

		if (in_hunk) {
			found |= has_cr;
			hunk_take(&hunk, text);
			in_hunk = !hunk_is_complete(&hunk);
		} else if (*text == '@' && hunk_begin(&hunk, text)) {
			in_hunk = true;
		} else if (has_cr) {
			return false;
		}
	}
	return found;
}

static void append_comment(GString *content, const char *text)
{
	g_string_append(content, text);
	g_string_append_c(content, '\n');
}

/* A part that is all comment. */
static void append_prose(GString *content, const char *text, GString *footer)
{
	g_autofree char *comment = g_strdup(text);

	trailers_cut_footer(comment, 0, footer);
	append_comment(content, comment);
}

/* The comment and the diff of a mail while its parts are read. */
struct pieces {
	GString *comment;
	GString *diff;      /* NULL until there is one */
	GString *footer;    /* what was cut from the comment, and from the ends of diffs */
	GHashTable *hashes; /* of the diffs in it */
	bool is_inline;     /* the diff is from a text part, and may have been damaged: lines wrapped, blanks changed */
	bool replaced;      /* ... and an attached one took its place */
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

/* A text without the signature or footer that follows its diff, which is added to `footer`; NULL where there is no diff
 * in it. */
static char *without_footer(const char *text, GString *footer)
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
	g_string_append_len(footer, end - length, (gssize)length);
	g_string_append_c(footer, '\n');
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
	trailers_cut_footer(comment, before, pieces->footer);
	if (is_inline || !is_said(pieces, comment))
		append_comment(pieces->comment, comment);
}

/* The comment and the diff out of the text parts of a mail that is no reply. */
static void read_parts(const GPtrArray *parts, struct pieces *pieces)
{
	for (unsigned i = 0; i < parts->len; i++) {
		const struct text_part *part = g_ptr_array_index(parts, i);
		g_autofree char *diff = part->kind == TEXT_DIFF ? without_footer(part->text, pieces->footer) : NULL;

		if (part->kind == TEXT_DIFF)
			append_diff(pieces, diff ? diff : part->text, false);
		else if (part->kind == TEXT_MAIL || !pieces->diff)
			append_split(pieces, part->text, part->kind == TEXT_PLAIN);
		else
			append_prose(pieces->comment, part->text, pieces->footer);
	}
}

static void read_reply(const GPtrArray *parts, GString *content)
{
	for (unsigned i = 0; i < parts->len; i++) {
		const struct text_part *part = g_ptr_array_index(parts, i);

		if (part->plain)
			append_prose(content, part->text, NULL);
	}
}

/* A part with its diff where it stands. */
static void append_whole(GString *content, const char *text, GString *footer)
{
	g_autofree char *whole = without_footer(text, footer);

	if (whole)
		append_comment(content, whole);
	else
		append_prose(content, text, footer);
}

/* The diff in a cover letter tells what is new since an earlier version, and is part of its text; but a pull request
 * may well have the patch with it. */
static void read_cover(const GPtrArray *parts, struct pieces *pieces)
{
	g_autofree char *pull_url = pull_request_find(pieces->comment->str);

	if (pull_url)
		return;
	g_string_truncate(pieces->comment, 0);
	g_string_truncate(pieces->footer, 0);
	for (unsigned i = 0; i < parts->len; i++) {
		const struct text_part *part = g_ptr_array_index(parts, i);

		append_whole(pieces->comment, part->text, pieces->footer);
	}
	g_string_free(g_steal_pointer(&pieces->diff), TRUE);
}

void content_read(struct message *message, const struct subject *subject, char **ret_comment, char **ret_diff,
                  char **ret_footer)
{
	g_autoptr(GPtrArray) parts = text_parts(message, cr_is_of_hunks);
	struct pieces pieces = {
		.comment = g_string_new(NULL),
		.footer = g_string_new(NULL),
		.hashes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
	};

	if (subject->reply)
		read_reply(parts, pieces.comment);
	else
		read_parts(parts, &pieces);
	if (pieces.diff && subject->number == 0)
		read_cover(parts, &pieces);
	if (pieces.replaced)
		message_problem(message, "diff: the attached one counts, not the damaged one in the text");
	g_hash_table_unref(pieces.hashes);
	known_lines_release(&pieces.known);
	*ret_comment = g_strstrip(g_string_free(pieces.comment, FALSE));
	*ret_footer = g_string_free(pieces.footer, FALSE);
	*ret_diff = pieces.diff ? g_string_free(pieces.diff, FALSE) : NULL;
}
