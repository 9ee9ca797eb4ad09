/* known_lines.h - which lines a text has, to know a message that stands in it already. */
#ifndef PATCHMAILD_KNOWN_LINES_H
#define PATCHMAILD_KNOWN_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <glib.h>

/* Begins as zeros. */
struct known_lines {
	GHashTable *lines; /* of char *, without white space at their ends */
	size_t read;       /* bytes of the text whose lines are in it */
};

void known_lines_release(struct known_lines *known);

/* Read on in a text that has only grown since the last call. */
void known_lines_read(struct known_lines *known, const char *text);

/* Do all lines of a patch's message stand in the text that was read?  Empty ones, "---" and the diffstat below it do
 * not matter. */
bool known_lines_hold(const struct known_lines *known, const char *message);

#endif
