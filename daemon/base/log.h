/* log.h - lines for people: to stderr, one a message, with everything that mail could have slipped in escaped. */
#ifndef PATCHMAILD_LOG_H
#define PATCHMAILD_LOG_H

#include <stddef.h>
#include <glib.h>

enum log_level {
	LOG_LEVEL_NONE, /* print nothing: deliver, whose stderr goes into bounces */
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARNING,
};

/* The most that is printed; warnings and errors to begin with. */
void log_set_level(enum log_level level);

/* Print "patchmaild: TEXT" and a newline to stderr, escaped. */
void log_error(const char *format, ...) G_GNUC_PRINTF(1, 2);
void log_warning(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* A text as one printable line of UTF-8.  Bytes that are no UTF-8 and ASCII control characters (newline, tab, DEL
 * and NUL too) become \xNN; C1 controls, invisible format characters (the ones that turn the direction of text
 * too) and line separators become \uNNNN.  Everything else stays as it is.  The caller frees it. */
char *log_escape(const char *text, size_t length);

/* The same of the first line of a NUL-terminated text, cut to at most LOG_LINE_MAX bytes of escaped text. */
#define LOG_LINE_MAX 400
char *log_first_line(const char *text);

#endif
