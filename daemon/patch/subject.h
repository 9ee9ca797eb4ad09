/* subject.h - what a Subject says: reply or not, prefixes, series marker, version, title. */
#ifndef PATCHMAILD_SUBJECT_H
#define PATCHMAILD_SUBJECT_H

#include <stdbool.h>
#include <glib.h>

struct subject {
	char *text;          /* the decoded subject as it was given */
	bool reply;          /* begins with Re: or another mark of a reply, after tags or not (reply_mark.h) */
	GPtrArray *prefixes; /* of char *: the words of the leading [...] groups in order, PATCH left out */
	char *title;         /* what is left after them, white space folded, trimmed */
	int version;         /* v3 -> 3; 1 if nothing is said */
	int minor;           /* v5.1 -> 1, beside a series marker; 0 if nothing is said */
	int number, total;   /* of the marker 2/3; both -1 without one */
};

/* Read a subject out of decoded UTF-8 text (header_decode); NULL reads as an empty one.  `refers`: its mail refers to
 * others, so that more of the words that it may begin with mark a reply.  Never fails.
 * Numbers over SUBJECT_NUMBER_MAX make no marker and no version. */
#define SUBJECT_NUMBER_MAX 32767
void subject_init(struct subject *subject, const char *text, bool refers);
void subject_release(struct subject *subject);

/* Does a subject say that its mail is a patch or a pull request: `[PATCH`, `[PULL` or `[GIT PULL`, with what else there
 * may be in the brackets, whether they are closed or not?  `(was: [PATCH] x)` says so of another one. */
bool subject_names_patch(const char *text);

#endif
