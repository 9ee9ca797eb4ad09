/* key_file.c - reads key files.
 *
 * Used by settings/.  GLib's own reader turns `\t` into a tab, knows no group with
 * brackets in its name, merges groups, takes the last of two keys, and counts no lines.
 */
#include "base/key_file.h"

#include <stdarg.h>
#include <string.h>

#define BLANKS " \t"
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* What is read, and where. */
struct reader {
	struct key_file *file;
	struct key_file_group *group; /* NULL: none yet */
	struct key_file_fault *fault;
	unsigned line;
};

bool key_file_blame(struct key_file_fault *fault, unsigned line, const char *format, ...)
{
	va_list arguments;

	if (fault->reason)
		return false;
	va_start(arguments, format);
	fault->reason = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	fault->line = line;
	return false;
}

void key_file_fault_release(struct key_file_fault *fault)
{
	g_clear_pointer(&fault->reason, g_free);
}

static void key_free(void *data)
{
	struct key_file_key *key = data;

	g_free(key->name);
	g_free(key->value);
	g_free(key);
}

static void group_free(void *data)
{
	struct key_file_group *group = data;

	g_free(group->name);
	g_ptr_array_unref(group->keys);
	g_free(group);
}

void key_file_free(struct key_file *file)
{
	if (!file)
		return;
	g_ptr_array_unref(file->groups);
	g_free(file);
}

const struct key_file_group *key_file_find(const struct key_file *file, const char *name)
{
	for (unsigned i = 0; i < file->groups->len; i++) {
		const struct key_file_group *group = g_ptr_array_index(file->groups, i);

		if (g_str_equal(group->name, name))
			return group;
	}
	return NULL;
}

const struct key_file_key *key_file_key(const struct key_file_group *group, const char *name)
{
	for (unsigned i = 0; group && i < group->keys->len; i++) {
		const struct key_file_key *key = g_ptr_array_index(group->keys, i);

		if (g_str_equal(key->name, name))
			return key;
	}
	return NULL;
}

/* Lines ------------------------------------------------------------------------------------------------------------ */

/* Blanks that no eye tells from others, or sees at all: they come with text that was copied from somewhere. */
static bool is_odd(gunichar letter)
{
	return letter >= 0x80 &&
	       (g_unichar_isspace(letter) || g_unichar_iscntrl(letter) || g_unichar_type(letter) == G_UNICODE_FORMAT);
}

/* Does it begin or end with an odd blank? */
static bool has_odd_end(const char *text)
{
	return *text &&
	       (is_odd(g_utf8_get_char(text)) || is_odd(g_utf8_get_char(g_utf8_prev_char(text + strlen(text)))));
}

/* The end of a quotation that begins here, or NULL if none does: a quote after a blank, `=` or nothing, and one
 * more. */
static const char *quoted(const char *value, const char *here)
{
	if ((*here != '"' && *here != '\'') || (here > value && !strchr(BLANKS "=", here[-1])))
		return NULL;
	return strchr(here + 1, *here);
}

/* Is there a comment after the value?  A `#` after a blank, or a `;` between two, that no quotes are around. */
static bool has_comment(const char *value)
{
	for (const char *here = value; *here; here++) {
		const char *end = quoted(value, here);
		bool begins = here > value && strchr(BLANKS, here[-1]);

		if (end)
			here = end;
		else if (begins && (*here == '#' || (*here == ';' && (!here[1] || strchr(BLANKS, here[1])))))
			return true;
	}
	return false;
}

static bool take_group(struct reader *reader, char *text)
{
	size_t length = strlen(text);
	const struct key_file_group *other;

	if (text[length - 1] != ']' || strstr(text, "] #") || strstr(text, "] ;"))
		return key_file_blame(reader->fault, reader->line,
		                      strchr(text, ']')
		                              ? "something stands after [group]: a comment has a line of its own"
		                              : "a [group] without its ]");
	text[length - 1] = '\0';
	text++;
	if (!*text || strchr(BLANKS, *text) || strchr(BLANKS, text[length - 3]) || strchr(text, '\t') ||
	    has_odd_end(text))
		return key_file_blame(reader->fault, reader->line,
		                      "the name of a group has a blank at its beginning or end, or a tab: [%s]", text);
	other = key_file_find(reader->file, text);
	if (other)
		return key_file_blame(reader->fault, reader->line, "[%s] stands at line %u already", text, other->line);
	reader->group = g_new0(struct key_file_group, 1);
	reader->group->name = g_strdup(text);
	reader->group->line = reader->line;
	reader->group->keys = g_ptr_array_new_with_free_func(key_free);
	g_ptr_array_add(reader->file->groups, reader->group);
	return true;
}

static bool take_key(struct reader *reader, char *name, char *value)
{
	const struct key_file_key *other = key_file_key(reader->group, name);
	struct key_file_key *key;

	if (!reader->group)
		return key_file_blame(reader->fault, reader->line, "a key before the first [group]");
	if (other)
		return key_file_blame(reader->fault, reader->line, "%s in [%s] stands at line %u already", name,
		                      reader->group->name, other->line);
	if (has_comment(value))
		return key_file_blame(
			reader->fault, reader->line,
			"%s in [%s] has a comment after its value: a comment has a line of its own; a text "
			"that holds this stands in quotes",
			name, reader->group->name);
	if (has_odd_end(value))
		return key_file_blame(reader->fault, reader->line,
		                      "%s in [%s] has an odd blank, one that is no ASCII, around its value", name,
		                      reader->group->name);
	key = g_new0(struct key_file_key, 1);
	key->name = g_strdup(name);
	key->value = g_strdup(value);
	key->line = reader->line;
	g_ptr_array_add(reader->group->keys, key);
	return true;
}

/* May it be the name of a key?  A word, or an address or a domain after its @. */
static bool is_name(const char *text)
{
	for (const char *letter = text; *letter; letter++)
		if (!g_ascii_isalnum(*letter) && !strchr("_-@.+&'/~!%*", *letter) && (unsigned char)*letter < 0x80)
			return false;
	return *text && !has_odd_end(text);
}

/* A line without what ends it. */
static bool take_line(struct reader *reader, char *line)
{
	char *text = line + strspn(line, BLANKS), *equals;

	for (const char *letter = line; *letter; letter++)
		if (g_ascii_iscntrl(*letter) && *letter != '\t')
			return key_file_blame(reader->fault, reader->line, "a control character");
	g_strchomp(text);
	if (!*text || *text == '#')
		return true;
	if (*text == '[')
		return take_group(reader, text);
	equals = strchr(text, '=');
	if (equals) {
		*equals = '\0';
		g_strchomp(text);
	}
	if (!equals || !is_name(text))
		return key_file_blame(reader->fault, reader->line, "neither [group] nor key=value nor # comment");
	return take_key(reader, text, equals + 1 + strspn(equals + 1, BLANKS));
}

/* The whole ------------------------------------------------------------------------------------------------------- */

/* What no line may have, before anything is made of them. */
static bool is_text(const char *text, size_t length, struct key_file_fault *fault)
{
	const char *end;
	unsigned line = 1;

	if (g_utf8_validate(text, (gssize)length, &end))
		return true;
	for (const char *letter = text; letter < end; letter++)
		line += *letter == '\n';
	return key_file_blame(fault, line, end < text + length && !*end ? "a NUL" : "letters that are not in UTF-8");
}

struct key_file *key_file_parse(const char *text, size_t length, struct key_file_fault *ret_fault)
{
	g_autoptr(key_file) file = g_new0(struct key_file, 1);
	struct reader reader = {.file = file, .fault = ret_fault};
	g_autofree char *copy = NULL;
	g_auto(GStrv) lines = NULL;
	bool fits = true;

	*ret_fault = (struct key_file_fault){0};
	file->groups = g_ptr_array_new_with_free_func(group_free);
	if (!is_text(text, length, ret_fault))
		return NULL;
	copy = g_strndup(text, length);
	lines = g_strsplit(copy + (g_str_has_prefix(copy, BYTE_ORDER_MARK) ? strlen(BYTE_ORDER_MARK) : 0), "\n", -1);
	for (unsigned i = 0; lines[i] && fits; i++) {
		size_t end = strlen(lines[i]);

		if (end > 0 && lines[i][end - 1] == '\r')
			lines[i][end - 1] = '\0';
		reader.line = i + 1;
		fits = take_line(&reader, lines[i]);
	}
	return fits ? g_steal_pointer(&file) : NULL;
}

/* Names that are like others -------------------------------------------------------------------------------------- */

#define NAME_MAX_LIKE 40

/* How many letters have to be put in, left out or replaced to make one of the other, without regard to their case. */
static size_t distance(const char *one, const char *other)
{
	size_t row[NAME_MAX_LIKE + 1], length = strlen(other);

	if (length > NAME_MAX_LIKE || strlen(one) > NAME_MAX_LIKE)
		return NAME_MAX_LIKE;
	for (size_t i = 0; i <= length; i++)
		row[i] = i;
	for (size_t n = 0; one[n]; n++) {
		size_t corner = row[0]++;

		for (size_t i = 0; i < length; i++) {
			size_t above = row[i + 1];
			bool same = g_ascii_tolower(one[n]) == g_ascii_tolower(other[i]);

			row[i + 1] = MIN(MIN(above, row[i]) + 1, corner + (same ? 0 : 1));
			corner = above;
		}
	}
	return row[length];
}

const char *key_file_suggest(const char *name, const void *table, size_t count, size_t size)
{
	size_t least = MIN(3, strlen(name) / 2 + 1);
	const char *found = NULL;

	for (size_t i = 0; i < count; i++) {
		const char *known = *(const char *const *)((const char *)table + i * size);
		size_t far = distance(name, known);

		if (far < least) {
			least = far;
			found = known;
		}
	}
	return found;
}
