/* folder.h - a folder of mails: a Maildir with its subfolders, or files that are mails or mboxes, as MH has them, and
 * folders of such.
 *
 * In a Maildir the mails are in new and cur, and whatever else stands there is none: what IMAP servers keep, what is
 * delivered in tmp.  Elsewhere names that begin with a dot are left out, and what MH deleted, names of a comma or a #
 * and digits.  Links are not followed: what they name is read where it stands, or they are a mistake.
 */
#ifndef PATCHMAILD_FOLDER_H
#define PATCHMAILD_FOLDER_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "archive/visit.h"

#define FOLDER_DEPTH_MAX 50 /* folders in each other */

/* What there is. */
struct folder_survey {
	uint64_t bytes, files;
	unsigned maildirs, subfolders; /* Maildirs; of those, folders of another one */
	bool is_maildir;               /* the folder itself */
	unsigned wrong;                /* what is no mail */
	GString *names;                /* the first ones of that, each with why */
};

/* Look at all files of it.  0; -EBADMSG if something is no mail; another negative errno; both with a reason. */
int folder_survey(const char *path, struct folder_survey *ret_survey, char **ret_reason);

/* Note a file that is no mail, and why; and say in words which there were (the caller frees it). */
void folder_survey_wrong(struct folder_survey *survey, const char *path, const char *why);
char *folder_survey_reason(const struct folder_survey *survey);
void folder_survey_release(struct folder_survey *survey);

/* Is it a name that MH gives a mail which it deletes? */
bool folder_is_deleted(const char *name);

/* Visit all mails: those of a folder in the order of their names, then its folders. */
void folder_visit(const char *path, struct visit *visit);

#endif
