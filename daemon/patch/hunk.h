/* hunk.h - counts the lines of a diff's hunks: "@@ -1,2 +3,4 @@", and "@@@ -1,2 -1,2 +3,4 @@@" of a merge's combined
 * diff. */
#ifndef PATCHMAILD_HUNK_H
#define PATCHMAILD_HUNK_H

#include <stdbool.h>
#include <glib.h>

#define HUNK_PARENTS 64 /* versions that a combined diff compares with the new one; one of more is no diff */

struct hunk {
	unsigned parents; /* old versions: 1, more in a combined diff */
	gint64 left[HUNK_PARENTS +
	            1]; /* lines that the hunk still has in each of them, and in the new version after them */
};

/* Is the line, which ends in a newline or NUL, a hunk header?  If so the hunk begins, else it stays as it is. */
bool hunk_begin(struct hunk *hunk, const char *line);

/* A line of the hunk, whatever it is.  One that says neither added nor removed counts on all sides, so that an empty
 * line whose blank was lost on the way does not break the hunk.  "\ No newline at end of file", in any language, counts
 * nowhere. */
void hunk_take(struct hunk *hunk, const char *line);

/* Has it all its lines? */
bool hunk_is_complete(const struct hunk *hunk);

/* Has it more lines on one side than its header says? */
bool hunk_is_overrun(const struct hunk *hunk);

#endif
