/* tar.h - a tar of mails, mboxes or Maildirs: it is read, and never unpacked.
 *
 * Names are for messages and for telling Maildirs, so absolute ones and ".." do nothing.  Links have no mails of their
 * own and are left out; so is what is left out of a folder (archive/folder).
 */
#ifndef PATCHMAILD_TAR_H
#define PATCHMAILD_TAR_H

#include "archive/folder.h"
#include "archive/stream.h"
#include "archive/visit.h"

#define TAR_OTHERS_MAX 100000u /* members that are no mail, while it is not known whether they are in a Maildir */

struct tar_folders; /* the Maildirs in a tar */

/* Read all of it: what is in there?  `path` is for the reason.  0; -EBADMSG if something is no mail or it breaks off;
 * another negative errno; both with a reason. */
int tar_survey(struct stream *stream, const char *path, struct folder_survey *ret_survey,
               struct tar_folders **ret_folders, char **ret_reason);
void tar_folders_free(struct tar_folders *folders);

/* Visit its mails.  It is opened anew. */
void tar_visit(const char *path, const struct tar_folders *folders, struct visit *visit);

#endif
