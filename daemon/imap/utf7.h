/* utf7.h - mailbox names in modified UTF-7 (RFC 3501 section 5.1.3). */
#ifndef PATCHMAILD_IMAP_UTF7_H
#define PATCHMAILD_IMAP_UTF7_H

#include <stdbool.h>

/* A name as it goes over the wire: printable ASCII without an end of line.  NULL if it is no UTF-8.  The caller frees
 * it. */
char *imap_utf7_encode(const char *name);

/* The name that is so encoded.  NULL if it is none: other bytes than printable ASCII, or what no encoder writes.  The
 * caller frees it. */
char *imap_utf7_decode(const char *wire);

/* Can UTF-8 be shown in one line: has it no control character, and no separator of lines? */
bool imap_utf7_is_line(const char *name);

#endif
