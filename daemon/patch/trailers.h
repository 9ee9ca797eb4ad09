/* trailers.h - lines of a message that say something to us: Depends-on, change-id, Link, and the footer to cut. */
#ifndef PATCHMAILD_TRAILERS_H
#define PATCHMAILD_TRAILERS_H

#include <stdbool.h>
#include <stddef.h>
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

/* The mails that the lines Link:, Message-ID: and Patchwork: of a text name: by Message-ID, or by the URL of an archive or
 * a Patchwork that has one in its path, perhaps percent-encoded, or in a field i of its query.  The first
 * TRAILERS_LINKS, in order, each once: a GPtrArray of char *, "<...>", that the caller unrefs. */
#define TRAILERS_LINKS 100
GPtrArray *trailers_links(const char *text);

/* Does a line of this length begin a signature or a list's footer?  That is "-- ", or at least TRAILERS_FOOTER_LENGTH
 * underscores, or groups.io's "-=-=-". */
#define TRAILERS_FOOTER_LENGTH 40
#define TRAILERS_GROUPS_IO_LENGTH 23 /* characters of its line */
bool trailers_is_footer(const char *line, size_t length);

/* Cut a signature or a list footer, in place: everything from the line on that begins one, but none that begins before
 * `behind`, where the message of a patch may stand; then white space at both ends. */
void trailers_cut_footer(char *text, size_t behind);

#endif
