/* pattern.h - names of mailboxes, and the patterns of LIST (RFC 3501 section 6.3.8).  Pure. */
#ifndef PATCHMAILD_IMAP_PATTERN_H
#define PATCHMAILD_IMAP_PATTERN_H

#include <stdbool.h>

/* Does a name match a pattern?  `*` stands for anything, `%` for anything without the delimiter (0: there is none).
 * Upper and lower case of ASCII are alike: INBOX is, and to some servers all names are. */
bool imap_pattern_matches(const char *pattern, const char *name, char delimiter);

/* A name with INBOX at its start, which is the same however it is written (RFC 3501 section 5.1), written so that equal
 * mailboxes have equal names: as it begins in `like`, if that begins with INBOX too, or in capitals.  The caller frees
 * it. */
char *imap_pattern_spell(const char *name, const char *like);

#endif
