/* mark.h - what the marks of several formats are made of (visitor.h): numbers, each with a blank after it. */
#ifndef PATCHMAILD_ARCHIVE_MARK_H
#define PATCHMAILD_ARCHIVE_MARK_H

#include <stdbool.h>
#include <stdint.h>

/* The number that a text begins with; *text goes on after the blank.  False, and *text is undefined, if there is none,
 * or no blank after it. */
bool mark_read_number(const char **text, uint64_t *ret_number);

#endif
