/* log.c - lines for people, on stderr.
 *
 * Used by the commands and the pipeline.  The only place that escapes: whatever a mail, a file name or a server says
 * goes through log_escape() before a terminal, a log or a bounce sees it.
 */
#include "base/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static enum log_level most = LOG_LEVEL_WARNING;

void log_set_level(enum log_level level)
{
	most = level;
}

static bool is_printable(gunichar character)
{
	switch (g_unichar_type(character)) {
	case G_UNICODE_CONTROL:
	case G_UNICODE_FORMAT:
	case G_UNICODE_LINE_SEPARATOR:
	case G_UNICODE_PARAGRAPH_SEPARATOR:
		return false;
	default:
		return true;
	}
}

char *log_escape(const char *text, size_t length)
{
	GString *line = g_string_sized_new(length);
	const char *end = text + length;

	while (text < end) {
		gunichar character = g_utf8_get_char_validated(text, end - text);

		if (character == (gunichar)-1 || character == (gunichar)-2 || character == 0) {
			g_string_append_printf(line, "\\x%02x", (unsigned char)*text++);
			continue;
		}
		if (is_printable(character))
			g_string_append_unichar(line, character);
		else
			g_string_append_printf(line, character < 0x80 ? "\\x%02x" : "\\u%04x", character);
		text = g_utf8_next_char(text);
	}
	return g_string_free(line, FALSE);
}

/* Cut an escaped text, never inside a character. */
static void cut(char *text, size_t most_bytes)
{
	if (strlen(text) <= most_bytes)
		return;
	*g_utf8_find_prev_char(text, text + most_bytes + 1) = '\0';
}

char *log_first_line(const char *text)
{
	char *line = log_escape(text, strcspn(text, "\n"));

	cut(line, LOG_LINE_MAX);
	return line;
}

static G_GNUC_PRINTF(2, 0) void print(enum log_level level, const char *format, va_list arguments)
{
	if (level > most)
		return;

	g_autofree char *text = g_strdup_vprintf(format, arguments);
	g_autofree char *line = log_escape(text, strlen(text));

	fprintf(stderr, "patchmaild: %s\n", line);
}

void log_error(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print(LOG_LEVEL_ERROR, format, arguments);
	va_end(arguments);
}

void log_warning(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print(LOG_LEVEL_WARNING, format, arguments);
	va_end(arguments);
}
