/* trailers.c - lines of a message that say something to us.
 *
 * Called by content.c and submission.c with the prose of a mail.  Nothing here decides: what cannot be read is no
 * dependency.
 */
#include <stdbool.h>
#include <string.h>

#include "mail/whitespace.h"
#include "patch/trailers.h"

#define BASE_COMMIT "base-commit:"
#define SUPERSEDES "Supersedes:"
#define CHANGE_ID "change-id:"
#define COMMIT_SHORTEST 7
#define SHA1_DIGITS 40
#define SHA256_DIGITS 64
#define VERSION_MAX 32767

static void dependency_free(gpointer dependency)
{
	struct dependency *it = dependency;

	g_free(it->message_id);
	g_free(it->git_patch_id);
	g_free(it->change_id);
	g_free(it);
}

/* The number that `text` up to `end` is, 0 if it is not a number or out of the range of a database id. */
static long read_id(const char *text, const char *end)
{
	gint64 id = 0;

	if (text == end)
		return 0;
	for (; text < end; text++) {
		if (!g_ascii_isdigit(*text))
			return 0;
		id = id * 10 + (*text - '0');
		if (id > G_MAXINT32)
			return 0;
	}
	return (long)id;
}

/* A Message-ID without its brackets, `text` up to `end`: something around an @, no blanks, no brackets. */
static char *read_message_id(const char *text, const char *end)
{
	const char *at = memchr(text, '@', (size_t)(end - text));

	if (!at || at == text || at + 1 == end)
		return NULL;
	for (const char *byte = text; byte < end; byte++)
		if (whitespace_length(byte) > 0 || *byte == '<' || *byte == '>')
			return NULL;
	return g_strdup_printf("<%.*s>", (int)(end - text), text);
}

/* What the path segment after .../patch/ names: the number of a patch, or a Message-ID, perhaps percent-encoded. */
static void read_patch_segment(const char *text, const char *end, bool cover, struct dependency *dependency)
{
	g_autofree char *plain = g_uri_unescape_segment(text, end, NULL);

	if (!cover)
		dependency->patch_id = read_id(text, end);
	if (dependency->patch_id == 0 && plain)
		dependency->message_id = read_message_id(plain, plain + strlen(plain));
}

/* What a segment of a Patchwork URL says of the one after it. */
static const struct {
	const char *name;
	enum { SEGMENT_PATCH, SEGMENT_COVER, SEGMENT_SERIES } kind;
} segments[] = {
	{"patch", SEGMENT_PATCH},  {"patches", SEGMENT_PATCH}, {"cover", SEGMENT_COVER},
	{"covers", SEGMENT_COVER}, {"series", SEGMENT_SERIES},
};

/* Read the path of a URL, from its first slash to `end`: .../patch/N/, .../cover/MESSAGE-ID/, .../series/N/mbox/ */
static bool read_path(const char *path, const char *end, struct dependency *dependency)
{
	while (path && path < end) {
		const char *name = path + 1, *value, *value_end;
		const char *slash = memchr(name, '/', (size_t)(end - name));

		if (!slash)
			return false;
		value = slash + 1;
		value_end = memchr(value, '/', (size_t)(end - value));
		if (!value_end)
			value_end = end;
		for (size_t i = 0; i < G_N_ELEMENTS(segments); i++) {
			if (strlen(segments[i].name) != (size_t)(slash - name) ||
			    strncmp(segments[i].name, name, (size_t)(slash - name)) != 0)
				continue;
			if (segments[i].kind == SEGMENT_SERIES)
				dependency->series_id = read_id(value, value_end);
			else
				read_patch_segment(value, value_end, segments[i].kind == SEGMENT_COVER, dependency);
			if (dependency->series_id || dependency->patch_id || dependency->message_id)
				return true;
		}
		path = slash;
	}
	return false;
}

/* Read the query of a URL up to `end`: series=N among its fields. */
static bool read_query(const char *query, const char *end, struct dependency *dependency)
{
	while (query < end) {
		const char *stop = memchr(query, '&', (size_t)(end - query));

		if (!stop)
			stop = end;
		if (g_str_has_prefix(query, "series="))
			dependency->series_id = read_id(query + strlen("series="), stop);
		if (dependency->series_id > 0)
			return true;
		query = stop + 1;
	}
	return false;
}

/* Read a Patchwork URL, `url` up to `end`. */
static bool read_url(const char *url, const char *end, struct dependency *dependency)
{
	const char *path, *path_end = url, *query_end;

	if (g_ascii_strncasecmp(url, "http://", 7) != 0 && g_ascii_strncasecmp(url, "https://", 8) != 0)
		return false;
	while (path_end < end && *path_end != '?' && *path_end != '#')
		path_end++;
	path = strchr(url, ':') + strlen("://");
	while (path < path_end && *path != '/')
		path++;
	query_end = memchr(path_end, '#', (size_t)(end - path_end));
	if (path_end < end && *path_end == '?' && read_query(path_end + 1, query_end ? query_end : end, dependency))
		return true;
	return path < path_end && read_path(path, path_end, dependency);
}

/* The first path segment of a URL, `url` up to `end`, that is a Message-ID: archives have it there, as in
 * https://lore.kernel.org/LIST/MESSAGE-ID/T/#u.  NULL without one. */
static char *read_archive_url(const char *url, const char *end)
{
	const char *path_end = url, *segment = strstr(url, "://");

	while (path_end < end && *path_end != '?' && *path_end != '#')
		path_end++;
	if (!segment || segment > path_end)
		return NULL;
	segment = memchr(segment + 3, '/', (size_t)(path_end - segment - 3));
	while (segment) {
		const char *name = segment + 1, *next = memchr(name, '/', (size_t)(path_end - name));
		g_autofree char *plain = g_uri_unescape_segment(name, next ? next : path_end, NULL);
		char *message_id = plain ? read_message_id(plain, plain + strlen(plain)) : NULL;

		if (message_id)
			return message_id;
		segment = next;
	}
	return NULL;
}

/* Find the word at the beginning of the rest of a line: <word>, or word up to white space.  False without one, or if
 * its bracket stays open. */
static bool find_word(const char *text, const char *line_end, const char **ret_word, const char **ret_end,
                      bool *ret_bracket)
{
	const char *end;

	while (text < line_end && whitespace_length(text) > 0)
		text += whitespace_length(text);
	*ret_bracket = text < line_end && *text == '<';
	text += *ret_bracket;
	for (end = text; end < line_end && *end != '>' && whitespace_length(end) == 0;)
		end++;
	*ret_word = text;
	*ret_end = end;
	return end > text && (!*ret_bracket || (end < line_end && *end == '>'));
}

/* Read a word that names a mail, a series or a patch: a URL, or <Message-ID>; if `bare`, also Message-ID. */
static bool read_name(const char *text, const char *line_end, bool bare, struct dependency *dependency)
{
	const char *word, *end;
	bool bracket;

	if (!find_word(text, line_end, &word, &end, &bracket))
		return false;
	if (read_url(word, end, dependency))
		return true;
	if (g_ascii_strncasecmp(word, "http://", 7) == 0 || g_ascii_strncasecmp(word, "https://", 8) == 0) {
		dependency->message_id = read_archive_url(word, end);
	} else if ((bracket || bare) && !g_strstr_len(word, end - word, "://")) {
		while (!bracket && end > word && strchr(",;.", end[-1]))
			end--;
		dependency->message_id = read_message_id(word, end);
	}
	return dependency->message_id;
}

static bool read_depends_on(const char *text, const char *line_end, struct dependency *dependency)
{
	return read_name(text, line_end, false, dependency);
}

static bool read_based_on(const char *text, const char *line_end, struct dependency *dependency)
{
	return read_name(text, line_end, true, dependency);
}

/* The hexadecimal digits at the beginning of the rest of a line, in small letters; a note may follow.  NULL if they are
 * no word. */
static char *read_hexadecimal(const char *text, const char *line_end, size_t *ret_length)
{
	const char *word, *end;
	bool bracket;

	if (!find_word(text, line_end, &word, &end, &bracket) || bracket)
		return NULL;
	for (*ret_length = 0; word + *ret_length < end && g_ascii_isxdigit(word[*ret_length]);)
		++*ret_length;
	if (word + *ret_length < end && (g_ascii_isalnum(word[*ret_length]) || strchr("-_@", word[*ret_length])))
		return NULL;
	return g_ascii_strdown(word, (gssize)*ret_length);
}

static bool read_git_patch_id(const char *text, const char *line_end, struct dependency *dependency)
{
	size_t length;
	g_autofree char *digits = read_hexadecimal(text, line_end, &length);

	if (digits && length == SHA1_DIGITS)
		dependency->git_patch_id = g_steal_pointer(&digits);
	return dependency->git_patch_id;
}

/* Read a change-id and, after a colon, the version of the series: "20260101-lamp-0123456789ab:v3". */
static bool read_change_id(const char *text, const char *line_end, struct dependency *dependency)
{
	const char *word, *end, *colon;
	bool bracket;
	long version = 0;

	if (!find_word(text, line_end, &word, &end, &bracket) || bracket)
		return false;
	colon = memchr(word, ':', (size_t)(end - word));
	if (colon && end - colon > 2 && (colon[1] == 'v' || colon[1] == 'V'))
		version = read_id(colon + 2, end);
	if (colon == word || (colon && (version < 1 || version > VERSION_MAX)))
		return false;
	dependency->change_id = g_strndup(word, (size_t)((colon ? colon : end) - word));
	dependency->version = (int)version;
	return true;
}

/* Lines that name what a series depends on, and how the rest of each is read. */
static const struct dependency_line {
	const char *name;
	bool (*read)(const char *text, const char *line_end, struct dependency *dependency);
	bool in_footer; /* counts in what was cut as well: git writes it there */
} dependency_lines[] = {
	{"Depends-on:", read_depends_on, false},           {"Based-on:", read_based_on, false},
	{"prerequisite-message-id:", read_based_on, true}, {"prerequisite-patch-id:", read_git_patch_id, true},
	{"prerequisite-change-id:", read_change_id, true},
};

/* The end of the line at `line`: its newline, or the end of the text. */
static const char *line_end(const char *line)
{
	return line + strcspn(line, "\n");
}

static const char *next_line(const char *end)
{
	return *end ? end + 1 : end;
}

static bool names_the_same(const struct dependency *a, const struct dependency *b)
{
	return a->series_id == b->series_id && a->patch_id == b->patch_id && a->version == b->version &&
	       g_strcmp0(a->message_id, b->message_id) == 0 && g_strcmp0(a->git_patch_id, b->git_patch_id) == 0 &&
	       g_strcmp0(a->change_id, b->change_id) == 0;
}

/* Add a dependency that was read, or free what it holds if it is there already. */
static void add_dependency(GPtrArray *dependencies, const struct dependency *found)
{
	struct dependency *copy = g_memdup2(found, sizeof(*found));

	for (guint i = 0; i < dependencies->len; i++) {
		if (names_the_same(g_ptr_array_index(dependencies, i), copy)) {
			dependency_free(copy);
			return;
		}
	}
	g_ptr_array_add(dependencies, copy);
}

static void read_dependencies(GPtrArray *dependencies, const char *text, bool is_footer)
{
	for (const char *line = text, *end; *line && dependencies->len < TRAILERS_DEPENDENCIES; line = next_line(end)) {
		end = line_end(line);
		for (size_t i = 0; i < G_N_ELEMENTS(dependency_lines); i++) {
			const struct dependency_line *kind = &dependency_lines[i];
			size_t length = strlen(kind->name);
			struct dependency found = {0};

			if ((kind->in_footer || !is_footer) && g_ascii_strncasecmp(line, kind->name, length) == 0 &&
			    kind->read(line + length, end, &found))
				add_dependency(dependencies, &found);
		}
	}
}

GPtrArray *trailers_depends_on(const char *text, const char *footer)
{
	GPtrArray *dependencies = g_ptr_array_new_with_free_func(dependency_free);

	read_dependencies(dependencies, text, false);
	read_dependencies(dependencies, footer, true);
	return dependencies;
}

static char *last_base_commit(const char *text)
{
	char *last = NULL;

	for (const char *line = text, *end; *line; line = next_line(end)) {
		size_t length;
		g_autofree char *commit = NULL;

		end = line_end(line);
		if (g_ascii_strncasecmp(line, BASE_COMMIT, strlen(BASE_COMMIT)) != 0)
			continue;
		commit = read_hexadecimal(line + strlen(BASE_COMMIT), end, &length);
		if (!commit || length < COMMIT_SHORTEST || (length > SHA1_DIGITS && length != SHA256_DIGITS))
			continue;
		g_free(last);
		last = g_steal_pointer(&commit);
	}
	return last;
}

char *trailers_base_commit(const char *text, const char *footer)
{
	char *commit = last_base_commit(footer);

	return commit ? commit : last_base_commit(text);
}

/* Add the Message-ID that the word at `text` names, if it names one that is not there yet. */
static void add_superseded(GPtrArray *superseded, const char *text, const char *end)
{
	struct dependency found = {0};

	if (superseded->len < TRAILERS_SUPERSEDED && read_name(text, end, true, &found) && found.message_id &&
	    !g_ptr_array_find_with_equal_func(superseded, found.message_id, g_str_equal, NULL))
		g_ptr_array_add(superseded, g_steal_pointer(&found.message_id));
	g_free(found.message_id);
}

GPtrArray *trailers_supersedes(const char *field, const char *text)
{
	GPtrArray *superseded = g_ptr_array_new_with_free_func(g_free);
	const char *word = field, *end;
	bool bracket;

	while (word && find_word(word, word + strlen(word), &word, &end, &bracket)) {
		add_superseded(superseded, word - bracket, end + bracket);
		word = end + bracket;
		word += strspn(word, ",");
	}
	for (const char *line = text; *line && superseded->len < TRAILERS_SUPERSEDED; line = next_line(end)) {
		end = line_end(line);
		if (g_ascii_strncasecmp(line, SUPERSEDES, strlen(SUPERSEDES)) == 0)
			add_superseded(superseded, line + strlen(SUPERSEDES), end);
	}
	return superseded;
}

/* b4 writes this trailer in small letters; Gerrit's Change-Id, another thing, is spelled otherwise. */
char *trailers_change_id(const char *text)
{
	char *last = NULL;

	for (const char *line = text, *end; *line; line = next_line(end)) {
		g_autofree char *value = NULL;

		end = line_end(line);
		if (!g_str_has_prefix(line, CHANGE_ID))
			continue;
		line += strlen(CHANGE_ID);
		value = whitespace_fold(line, (size_t)(end - line));
		if (*value == '\0' || strchr(value, ' '))
			continue;
		g_free(last);
		last = g_steal_pointer(&value);
	}
	return last;
}

/* The Message-ID that a percent-encoded part of a URL is, or NULL. */
static char *read_encoded_id(const char *text, const char *end)
{
	g_autofree char *plain = g_uri_unescape_segment(text, end, NULL);

	return plain && g_utf8_validate(plain, -1, NULL) ? read_message_id(plain, plain + strlen(plain)) : NULL;
}

/* The Message-ID in the URL of a mail, `url` up to `end`, or NULL.  It is the last segment of the path that can be one:
 * .../list/MESSAGE-ID/T/#u, .../patch/MESSAGE-ID/, .../r/MESSAGE-ID; or ?i=MESSAGE-ID. */
static char *read_mail_url(const char *url, const char *end)
{
	const char *path = strchr(url, ':') + strlen("://"), *path_end = path + strcspn(path, "?#");
	char *id = NULL;

	path_end = MIN(path_end, end);
	path = memchr(path, '/', (size_t)(path_end - path));
	for (const char *segment = path_end; path && !id && segment > path; segment--) {
		const char *segment_end = segment;

		while (segment[-1] != '/')
			segment--;
		id = read_encoded_id(segment, segment_end);
	}
	if (!id && path_end < end && g_str_has_prefix(path_end, "?i="))
		id = read_encoded_id(path_end + strlen("?i="), MIN(path_end + strcspn(path_end, "&#"), end));
	return id;
}

/* The lines that name a mail. */
static const char *const link_lines[] = {"Link:", "Message-ID:", "Patchwork:"};

/* The Message-ID that a line names, or NULL. */
static char *read_link(const char *line, const char *line_end)
{
	const char *text = NULL, *end;

	for (size_t i = 0; i < G_N_ELEMENTS(link_lines) && !text; i++)
		if (g_ascii_strncasecmp(line, link_lines[i], strlen(link_lines[i])) == 0)
			text = line + strlen(link_lines[i]);
	if (!text)
		return NULL;
	while (text < line_end && whitespace_length(text) > 0)
		text += whitespace_length(text);
	text += text < line_end && *text == '<';
	for (end = text; end < line_end && *end != '>' && whitespace_length(end) == 0;)
		end++;
	if (g_ascii_strncasecmp(text, "http://", 7) == 0 || g_ascii_strncasecmp(text, "https://", 8) == 0)
		return read_mail_url(text, end);
	return read_message_id(text, end);
}

GPtrArray *trailers_links(const char *text)
{
	GPtrArray *links = g_ptr_array_new_with_free_func(g_free);

	for (const char *line = text, *end; *line && links->len < TRAILERS_LINKS; line = *end ? end + 1 : end) {
		char *id;

		end = line_end(line);
		id = read_link(line, end);
		if (!id || g_ptr_array_find_with_equal_func(links, id, g_str_equal, NULL))
			g_free(id);
		else
			g_ptr_array_add(links, id);
	}
	return links;
}

/* Is it one of groups.io's, around its footer: -=-=-=-=-=-=-=-=-=-=-=- */
static bool is_groups_io(const char *line, size_t length)
{
	if (length < TRAILERS_GROUPS_IO_LENGTH)
		return false;
	for (size_t i = 0; i < length; i++)
		if (line[i] != "-="[i % 2])
			return false;
	return true;
}

bool trailers_is_footer(const char *line, size_t length)
{
	if (length < 3 || (*line != '-' && *line != '_'))
		return false;
	if (*line == '-')
		return (length == 3 && memcmp(line, "-- ", 3) == 0) || is_groups_io(line, length);
	return length >= TRAILERS_FOOTER_LENGTH && strspn(line, "_") >= length;
}

void trailers_cut_footer(char *text, size_t behind, GString *ret_cut)
{
	const char *start;
	size_t length;

	for (char *line = text + behind; line;) {
		char *end = strchr(line, '\n');

		if (trailers_is_footer(line, end ? (size_t)(end - line) : strlen(line))) {
			if (ret_cut)
				g_string_append_printf(ret_cut, "%s\n", line);
			*line = '\0';
			break;
		}
		line = end ? end + 1 : NULL;
	}
	start = whitespace_skip(text);
	length = whitespace_trimmed(start, strlen(start));
	memmove(text, start, length);
	text[length] = '\0';
}
