/* archive.h - an archive of mail, whatever its format: what it is, and its mails one after the other.
 *
 * An archive is what a PATH of `import`, `parse`, `reparse` or `follow` names.  What it is shows in its content, never
 * in its name.  An archive has places: a file with mails in it, a folder of mails, a repository.  Each place has marks,
 * so that a later visit need not begin at its beginning.
 *
 * The prefix is mail_archive, since libarchive has archive_free().
 */
#ifndef PATCHMAILD_ARCHIVE_H
#define PATCHMAILD_ARCHIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "archive/visitor.h"

struct mail_archive; /* a path of which it is known what it is */

/* See what `path` is ("-" is standard input), by reading no more than that needs: the beginning of each file, the
 * whole of a tar.  Nothing of it is given to anybody yet.  0; -EBADMSG if there is something that is no mail; another
 * negative errno if something cannot be read.  In both cases there is a reason in words, which names the file (the
 * caller frees it).  The caller frees the archive. */
int mail_archive_open(const char *path, struct mail_archive **ret_archive, char **ret_reason);

/* The same, but a file of which nothing is known, and one that is empty, is one mail. */
int mail_archive_open_any(const char *path, struct mail_archive **ret_archive, char **ret_reason);
void mail_archive_free(struct mail_archive *archive);

/* What it is, for people: "an mbox", "an mbox (gzip)", "a Maildir with 3 subfolders", "public-inbox v2, 2 epochs". */
const char *mail_archive_kind(const struct mail_archive *archive);

/* Is it a public-inbox, which may grow by new epochs? */
bool mail_archive_is_public_inbox(const struct mail_archive *archive);

/* How much there is: bytes, or commits; 0: that is not known.  The first call may take a second for each 200,000
 * commits. */
uint64_t mail_archive_size(struct mail_archive *archive);

/* Visit each mail, in the order of the file, of the files' names, of the commits.  May be called again: it looks what
 * there is now.  Standard input is there once. */
void mail_archive_visit(struct mail_archive *archive, const struct mail_archive_visitor *visitor);

#endif
