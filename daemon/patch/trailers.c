/* trailers.c - lines of a message that say something to us.
 *
 * Called by content.c and submission.c with the prose of a mail.  Nothing here decides: what cannot be read is no
 * dependency.
 */
#include <stdbool.h>
#include <string.h>

#include "mail/whitespace.h"
#include "patch/trailers.h"

#define DEPENDS_ON "Depends-on:"
#define CHANGE_ID "change-id:"

static void dependency_free(gpointer dependency)
{
	struct dependency *it = dependency;

	g_free(it->message_id);
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

/* Read what stands after "Depends-on:", up to the end of its line: <URL>, URL, or <Message-ID>. */
static bool read_dependency(const char *text, const char *line_end, struct dependency *dependency)
{
	bool bracket;
	const char *end;

	while (text < line_end && whitespace_length(text) > 0)
		text += whitespace_length(text);
	bracket = text < line_end && *text == '<';
	text += bracket;
	for (end = text; end < line_end && *end != '>' && whitespace_length(end) == 0;)
		end++;
	if (bracket && (end == line_end || *end != '>'))
		return false;
	if (read_url(text, end, dependency))
		return true;
	if (bracket && !g_strstr_len(text, end - text, "://"))
		dependency->message_id = read_message_id(text, end);
	return dependency->message_id;
}

/* The end of the line at `line`: its newline, or the end of the text. */
static const char *line_end(const char *line)
{
	return line + strcspn(line, "\n");
}

GPtrArray *trailers_depends_on(const char *text)
{
	GPtrArray *dependencies = g_ptr_array_new_with_free_func(dependency_free);

	for (const char *line = text, *end; *line && dependencies->len < TRAILERS_DEPENDENCIES;
	     line = *end ? end + 1 : end) {
		struct dependency found = {0};

		end = line_end(line);
		if (g_ascii_strncasecmp(line, DEPENDS_ON, strlen(DEPENDS_ON)) == 0 &&
		    read_dependency(line + strlen(DEPENDS_ON), end, &found))
			g_ptr_array_add(dependencies, g_memdup2(&found, sizeof(found)));
	}
	return dependencies;
}

/* b4 writes this trailer in small letters; Gerrit's Change-Id, another thing, is spelled otherwise. */
char *trailers_change_id(const char *text)
{
	char *last = NULL;

	for (const char *line = text, *end; *line; line = *end ? end + 1 : end) {
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

void trailers_cut_footer(char *text, size_t behind)
{
	const char *start;
	size_t length;

	for (char *line = text + behind; line;) {
		char *end = strchr(line, '\n');

		if (trailers_is_footer(line, end ? (size_t)(end - line) : strlen(line))) {
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
