/* trailers.h - lines of a message that say something to us: what it depends on, replaces and is based on, change-id,
 * Link, and the footer to cut. */
#ifndef PATCHMAILD_TRAILERS_H
#define PATCHMAILD_TRAILERS_H

#include <stdbool.h>
#include <stddef.h>
#include <glib.h>

/* What a line names that its series depends on; exactly one member is set (a string non-NULL, or a number over 0), and
 * `version` with change_id. */
struct dependency {
	char *message_id;   /* "<...>" of a patch or cover letter, also out of a URL that holds one */
	long series_id;     /* N of a Patchwork URL .../list/?series=N */
	long patch_id;      /* N of a Patchwork URL .../patch/N/ */
	char *git_patch_id; /* what git patch-id says of a patch: 40 hexadecimal digits, small letters */
	char *change_id;    /* of b4's change-id trailer */
	int version;        /* of the series with that change_id; 0: any */
};

/* The first TRAILERS_DEPENDENCIES dependencies that a message names, in order and each once: a GPtrArray of struct
 * dependency that the caller unrefs.  `text` may have lines Depends-on, Based-on (QEMU, patchew) and prerequisite-...
 * (git format-patch --base, b4); in `footer`, what was cut from it, only the last count. */
#define TRAILERS_DEPENDENCIES 100
GPtrArray *trailers_depends_on(const char *text, const char *footer);

/* The commit of the last base-commit: line of `footer`, else of `text`, 7 to 40 or 64 hexadecimal digits in small
 * letters, or NULL.  The caller frees it. */
char *trailers_base_commit(const char *text, const char *footer);

/* The first TRAILERS_SUPERSEDED Message-IDs that a message says it replaces, in order and each once: those in `field`,
 * the value of such a header field or NULL, and of lines Supersedes: in `text`.  A GPtrArray of char * that the caller
 * unrefs. */
#define TRAILERS_SUPERSEDED 20
GPtrArray *trailers_supersedes(const char *field, const char *text);

/* The value of the last change-id: trailer of a text (b4), or NULL.  The caller frees it. */
char *trailers_change_id(const char *text);

/* The mails that the lines Link:, Message-ID: and Patchwork: of a text name: by Message-ID, or by the URL of an
 * archive or a Patchwork that has one in its path, perhaps percent-encoded, or in a field i of its query.  The first
 * TRAILERS_LINKS, in order, each once: a GPtrArray of char *, "<...>", that the caller unrefs. */
#define TRAILERS_LINKS 100
GPtrArray *trailers_links(const char *text);

/* Does a line of this length begin a signature or a list's footer?  That is "-- ", or at least TRAILERS_FOOTER_LENGTH
 * underscores, or groups.io's "-=-=-". */
#define TRAILERS_FOOTER_LENGTH 40
#define TRAILERS_GROUPS_IO_LENGTH 23 /* characters of its line */
bool trailers_is_footer(const char *line, size_t length);

/* Cut a signature or a list footer, in place: everything from the line on that begins one, but none that begins before
 * `behind`, where the message of a patch may stand; then white space at both ends.  What was cut is added to `ret_cut`,
 * a line for itself, unless that is NULL. */
void trailers_cut_footer(char *text, size_t behind, GString *ret_cut);

#endif
