/* file_names.c - the names of the files that a diff changes.
 *
 * Called by content.c and submission.c, for delegation.  Promises: what stands in a hunk names no file, so that a
 * removed SQL comment ("--- x") is not a name; names are valid UTF-8 without NUL; time and memory are linear in the
 * diff.
 */
#include "patch/file_names.h"

#include <stdbool.h>
#include <string.h>

#include "patch/hunk.h"
#include "mail/whitespace.h"

struct reader {
	GPtrArray *names;
	GHashTable *known; /* what is in `names`, borrowed */
	char *old_name,
		*new_name; /* in the "diff --git" line; NULL if it has none, or the first one has no clear end */
	bool named;        /* another line has named this file */
	bool copied;       /* its old name is only that of the file that it is a copy of */
	bool in_hunk;
	struct hunk hunk;
};

/* Takes the name. */
static void add_name(struct reader *reader, char *name)
{
	if (!name || g_hash_table_contains(reader->known, name)) {
		g_free(name);
		return;
	}
	g_hash_table_add(reader->known, name);
	g_ptr_array_add(reader->names, name);
}

/* The byte that the letters or octal digits after a backslash stand for; *text is moved after them. */
static unsigned char read_escape(const char **text, const char *end)
{
	static const char letters[] = "abfnrtv", bytes[] = "\a\b\f\n\r\t\v";
	const char *letter = strchr(letters, **text);
	unsigned byte = 0;

	if (letter)
		(*text)++;
	if (letter)
		return (unsigned char)bytes[letter - letters];
	if (**text < '0' || **text > '7')
		return (unsigned char)*(*text)++;
	for (unsigned digits = 0; digits < 3 && *text < end && **text >= '0' && **text <= '7'; digits++)
		byte = byte * 8 + (unsigned)(*(*text)++ - '0');
	return (unsigned char)byte;
}

/* The name that git quoted, at the `"` at `text`; NULL if it is not closed.  *ret_behind is what follows it. */
static char *unquote(const char *text, const char *end, const char **ret_behind)
{
	g_autoptr(GString) name = g_string_new(NULL);

	for (text++; text < end && *text != '"';) {
		unsigned char byte = (unsigned char)*text++;

		if (byte == '\\' && text < end)
			byte = read_escape(&text, end);
		if (byte != '\0')
			g_string_append_c(name, (char)byte);
	}
	if (text == end)
		return NULL;
	*ret_behind = text + 1;
	return g_utf8_make_valid(name->str, (gssize)name->len);
}

/* The name at `text`, which is all that stands up to `end`, perhaps quoted. */
static char *whole_name(const char *text, const char *end)
{
	const char *behind;
	char *name = *text == '"' ? unquote(text, end, &behind) : NULL;

	return name ? name : g_strndup(text, (size_t)(end - text));
}

/* The name without its first component; `bare` if it has but one.  Takes the name. */
static char *strip_component(char *name, const char *bare)
{
	const char *slash = strchr(name, '/');
	char *stripped = g_strdup(slash ? slash + 1 : bare ? bare : name);

	g_free(name);
	return stripped;
}

/* Where the two names of a "diff --git" line are parted: the blank between them, or NULL.  One that holds blanks
 * itself is known only by the other, which is the same. */
static const char *find_parting(const char *text, const char *end)
{
	size_t length = (size_t)(end - text), half = length / 2;
	const char *blank = memchr(text, ' ', length), *slash, *other;
	const char *behind;

	if (*text == '"') {
		g_autofree char *name = unquote(text, end, &behind);

		return name && behind < end && *behind == ' ' ? behind : NULL;
	}
	if (end[-1] == '"')
		return g_strstr_len(text, (gssize)length, " \"");
	if (!blank || !memchr(blank + 1, ' ', (size_t)(end - blank - 1)))
		return blank;
	slash = memchr(text, '/', half);
	other = memchr(text + half, '/', length - half);
	if (length % 2 == 0 || text[half] != ' ' || !slash || !other ||
	    other - text != slash - text + (gssize)half + 1 || memcmp(slash, other, (size_t)(end - other)) != 0)
		return NULL;
	return text + half;
}

/* A file ends: if no other line has named it, that of "diff --git" does. */
static void end_file(struct reader *reader)
{
	if (!reader->named) {
		add_name(reader, g_steal_pointer(&reader->old_name));
		add_name(reader, g_steal_pointer(&reader->new_name));
	}
	g_clear_pointer(&reader->old_name, g_free);
	g_clear_pointer(&reader->new_name, g_free);
	reader->named = reader->copied = false;
}

/* A line that begins a file, after its first word.  The line names it but for a "diff -u", where "--- " does. */
static void begin_file(struct reader *reader, const char *text, const char *end)
{
	const char *parting;

	end_file(reader);
	if (g_str_has_prefix(text, "--cc ") || g_str_has_prefix(text, "--combined ")) {
		text = strchr(text, ' ') + 1;
		reader->new_name = text < end ? whole_name(text, end) : NULL;
		return;
	}
	if (!g_str_has_prefix(text, "--git "))
		return;
	text += strlen("--git ");
	parting = text < end ? find_parting(text, end) : NULL;
	if (!parting)
		return;
	reader->old_name = strip_component(whole_name(text, parting), NULL);
	reader->new_name = strip_component(whole_name(parting + 1, end), NULL);
}

/* The end of the name in a "--- " or "+++ " line: a tab, else the first white space; but of a name that holds blanks,
 * which "diff --git" says too, a mailer may have taken the tab. */
static const char *name_end(const struct reader *reader, const char *name, const char *end, const char *git_name)
{
	const char *tab = memchr(name, '\t', (size_t)(end - name)), *slash = memchr(name, '/', (size_t)(end - name)),
		   *at;

	if (tab)
		return tab;
	if (reader->old_name && slash && strlen(git_name) == (size_t)(end - slash - 1) &&
	    memcmp(git_name, slash + 1, (size_t)(end - slash - 1)) == 0)
		return end;
	for (at = name; at < end && whitespace_length(at) == 0;)
		at++;
	return at;
}

static void read_old_or_new(struct reader *reader, const char *line, const char *end)
{
	bool old = *line == '-';
	const char *text = line + strlen("--- "), *behind;
	char *name = text < end && *text == '"' ? unquote(text, end, &behind) : NULL;

	if (!name && text < end) {
		behind = name_end(reader, text, end, old ? reader->old_name : reader->new_name);
		name = g_strndup(text, (size_t)(behind - text));
	}
	if (!name || *name == '\0' || strcmp(name, "/dev/null") == 0 || (old && reader->copied))
		g_free(name);
	else
		add_name(reader, strip_component(name, ""));
	reader->named = true;
}

/* The lines that name a file in whole, without a component in front. */
static const struct {
	const char *text;
	bool source_of_copy;
} name_lines[] = {
	{"rename from ", false},
	{"rename to ", false},
	{"copy from ", true},
	{"copy to ", false},
};

static void read_name_line(struct reader *reader, const char *line, const char *end)
{
	for (size_t i = 0; i < G_N_ELEMENTS(name_lines); i++) {
		size_t length = strlen(name_lines[i].text);

		if (strncmp(line, name_lines[i].text, length) != 0 || line + length >= end)
			continue;
		reader->named = true;
		reader->copied = reader->copied || name_lines[i].source_of_copy;
		if (!name_lines[i].source_of_copy)
			add_name(reader, whole_name(line + length, end));
	}
}

/* A line outside of hunks, without white space at its end. */
static void read_line(struct reader *reader, const char *line, const char *end)
{
	if (g_str_has_prefix(line, "diff "))
		begin_file(reader, line + strlen("diff "), end);
	else if (g_str_has_prefix(line, "Index: "))
		end_file(reader);
	else if (g_str_has_prefix(line, "--- ") || g_str_has_prefix(line, "+++ "))
		read_old_or_new(reader, line, end);
	else if (*line == 'r' || *line == 'c')
		read_name_line(reader, line, end);
	else
		reader->in_hunk = hunk_begin(&reader->hunk, line);
}

GPtrArray *file_names_of_diff(const char *diff)
{
	g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
	struct reader reader = {.names = g_ptr_array_new_with_free_func(g_free), .known = known};
	const char *newline;

	for (const char *line = diff; *line != '\0'; line = *newline ? newline + 1 : newline) {
		const char *end = newline = line + strcspn(line, "\n");

		while (end > line && g_ascii_isspace(end[-1]))
			end--;
		if (!reader.in_hunk) {
			read_line(&reader, line, end);
		} else {
			hunk_take(&reader.hunk, line);
			reader.in_hunk = !hunk_is_complete(&reader.hunk);
		}
	}
	end_file(&reader);
	return reader.names;
}
