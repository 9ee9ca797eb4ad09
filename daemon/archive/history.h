/* history.h - what the commits of a public-inbox repository did to its mails, oldest first.
 *
 * public-inbox-v2-format(5): each commit has one file, `m` with a mail, or `d` with a mail that is deleted by it.
 * public-inbox-v1-format(5): a mail is a file named by the SHA-1 of its Message-ID, in two parts, 2 and 38 digits.
 */
#ifndef PATCHMAILD_HISTORY_H
#define PATCHMAILD_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "archive/deletions.h"
#include "archive/git.h"

/* A file that a commit added, changed or deleted. */
struct history_change {
	unsigned version; /* the format that such a file is of */
	char commit[GIT_ID_MAX + 1];
	char blob[GIT_ID_MAX + 1];  /* the mail; "" if there is none */
	bool deletes;               /* mails of this key that came before are not in the archive any more */
	uint8_t key[DELETIONS_KEY]; /* v2: the mail itself (its blob); v1: its name */
	uint64_t number;            /* of the commit among those of this history that changed anything, from 0 */
};

struct history;

/* The commits that `tip` has and `from` (a commit, or NULL) has not.  0 or a negative errno, with a reason. */
int history_open(const char *git_dir, unsigned version, const char *from, const char *tip, struct history **ret_history,
                 char **ret_reason);

/* The next change: 1; 0 at the end; or a negative errno, with a reason. */
int history_next(struct history *history, struct history_change *ret_change, char **ret_reason);
void history_close(struct history *history);

/* Is it a repository of mails?  The version of its format, by what the commits down from `tip` changed last; 0 if they
 * changed nothing; -EBADMSG if they changed other files; another negative errno.  With a reason if negative. */
int history_version(const char *git_dir, const char *tip, char **ret_reason);

#endif
