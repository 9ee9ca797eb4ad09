/* key_lines.h - what is wrong with the lines of a key file that GLib takes, or takes without saying where it is
 * wrong. */
#ifndef PATCHMAILD_KEY_LINES_H
#define PATCHMAILD_KEY_LINES_H

#include <stdbool.h>

/* Is there such a group (`key` NULL), or such a key in a group that there is? */
typedef bool key_lines_knows(const char *group, const char *key);

/* Look at the text of a key file.  NULL, or the first thing that is wrong in words (the caller frees it), and the
 * number of its line: one of another form, a group or a key that is not known, or that is there twice.  Values are not
 * looked at, and never repeated. */
char *key_lines_check(const char *text, key_lines_knows *knows, unsigned *ret_line);

#endif
