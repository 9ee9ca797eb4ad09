/* diff.h - finds the diff in a text; a line-wise machine. */
#ifndef PATCHMAILD_DIFF_H
#define PATCHMAILD_DIFF_H

#include <stddef.h>
#include <glib.h>

/* The machine can be fed in pieces of any size (a caller streams, a test goes byte by byte). */
struct diff_splitter;
struct diff_splitter *diff_splitter_new(void);
void diff_splitter_push(struct diff_splitter *splitter, const char *text, size_t length);
/* Ends the text and frees the splitter.  *ret_comment is the prose, its first *ret_before bytes what stands before the
 * diff, *ret_diff the diff or NULL if there is none; both UTF-8 as given, the caller frees them.  Without a diff
 * *ret_before is 0. */
void diff_splitter_finish(struct diff_splitter *splitter, char **ret_comment, size_t *ret_before, char **ret_diff);

/* All at once, over a NUL-terminated text. */
void diff_split(const char *text, char **ret_comment, size_t *ret_before, char **ret_diff);

#endif
