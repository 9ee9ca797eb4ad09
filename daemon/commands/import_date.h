/* import_date.h - dates of mails, as facts have them, and as people give them. */
#ifndef PATCHMAILD_IMPORT_DATE_H
#define PATCHMAILD_IMPORT_DATE_H

#include <stdbool.h>
#include <stdint.h>

/* "2026-02-10", which is its beginning in UTC, or "2026-02-10T12:00:00Z" (RFC 3339).  True, and the seconds since
 * 1970. */
bool import_date_read(const char *text, int64_t *ret_seconds);

/* "2026-02-10" for people (the caller frees it). */
char *import_date_text(int64_t seconds);

#endif
