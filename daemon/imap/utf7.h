/* utf7.h - mailbox names in modified UTF-7 (RFC 3501 section 5.1.3). */
#ifndef PATCHMAILD_IMAP_UTF7_H
#define PATCHMAILD_IMAP_UTF7_H

/* A name as it goes over the wire: printable ASCII without an end of line.  NULL if it is no UTF-8.  The caller frees
 * it. */
char *imap_utf7_encode(const char *name);

#endif
