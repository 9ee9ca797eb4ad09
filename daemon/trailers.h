/* trailers.h - lines of a message that say something to us: Depends-on, change-id, and the footer to cut. */
#ifndef PATCHMAILD_TRAILERS_H
#define PATCHMAILD_TRAILERS_H

#include <glib.h>

/* What a Depends-on line names; exactly one member is set (message_id non-NULL, or a number over 0). */
struct dependency {
	char *message_id; /* "<...>" of a patch or cover letter, also out of a Patchwork URL that holds one */
	long series_id;   /* N of a Patchwork URL .../list/?series=N */
	long patch_id;    /* N of a Patchwork URL .../patch/N/ */
};

/* The first TRAILERS_DEPENDENCIES dependencies named in a text, in order: a GPtrArray of struct dependency that the
 * caller unrefs. */
#define TRAILERS_DEPENDENCIES 100
GPtrArray *trailers_depends_on(const char *text);

/* The value of the last change-id: trailer of a text (b4), or NULL.  The caller frees it. */
char *trailers_change_id(const char *text);

/* Cut a signature or a list footer, in place: everything from a line "-- " on, or from a line of at least
 * TRAILERS_FOOTER_LENGTH underscores on; then white space at both ends. */
#define TRAILERS_FOOTER_LENGTH 40
void trailers_cut_footer(char *text);

#endif
