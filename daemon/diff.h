/* diff.h - finds the diff in a text and the file names in a diff; a line-wise machine. */
#ifndef PATCHMAILD_DIFF_H
#define PATCHMAILD_DIFF_H

#include <stddef.h>
#include <glib.h>

/* The machine can be fed in pieces of any size (a caller streams, a test goes byte by byte). */
struct diff_splitter;
struct diff_splitter *diff_splitter_new(void);
void diff_splitter_push(struct diff_splitter *splitter, const char *text, size_t length);
/* Ends the text and frees the splitter.  *ret_comment is the prose, *ret_diff the diff or NULL where there is
 * none; both UTF-8 as given, the caller frees them. */
void diff_splitter_finish(struct diff_splitter *splitter, char **ret_comment, char **ret_diff);

/* All at once, over a NUL-terminated text. */
void diff_split(const char *text, char **ret_comment, char **ret_diff);

/* The files that a diff changes: the names after "--- " and "+++ " with their first component taken off, each
 * once, in order, /dev/null left out.  A GPtrArray of char * that the caller unrefs. */
GPtrArray *diff_file_names(const char *diff);

#endif
