/* limits.h - how large a mail may be before it is quarantined unread; checked before any work is done. */
#ifndef PATCHMAILD_LIMITS_H
#define PATCHMAILD_LIMITS_H

#include <stddef.h>

#define LIMITS_MESSAGE_SIZE_DEFAULT (32u * 1024 * 1024) /* bytes; max_message_size in patchmaild.conf(5) */
#define LIMITS_MESSAGE_SIZE_MAX (256u * 1024 * 1024)    /* bytes; the largest value that may be configured */
#define LIMITS_HEADER_FIELDS 10000u                     /* fields in the header of a mail or of one of its parts */
#define LIMITS_HEADER_SIZE (2u * 1024 * 1024)           /* bytes of the header of a mail or of one of its parts */
#define LIMITS_PART_FIELDS 100000u                      /* fields in the headers of all parts together */
#define LIMITS_PARAMETERS 100000u               /* parameters of the Content-... fields of all headers together */
#define LIMITS_MIME_PARTS 10000u                /* parts in a MIME tree */
#define LIMITS_MIME_DEPTH 100u                  /* levels of a MIME tree */
#define LIMITS_REFERENCES 1000u                 /* Message-IDs taken from In-Reply-To and References */
#define LIMITS_PROBLEMS 50u                     /* problems noted for one mail */
#define LIMITS_FACTS_SIZE (1024u * 1024 * 1024) /* bytes of a facts document */

/* Check a mail without parsing it: its size, its header, and the MIME parts that it seems to have.
 * NULL, or the reason in words why it is over a limit (the caller frees it).  `length` is the length of the
 * whole mail; a leading "From " line counts as a field. */
char *limits_check(const char *bytes, size_t length);

#endif
