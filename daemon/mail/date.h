/* date.h - when a mail was sent (RFC 5322 sections 3.3 and 3.6.1). */
#ifndef PATCHMAILD_DATE_H
#define PATCHMAILD_DATE_H

#include <stdint.h>

#include "mail/header.h"

/* What Date says, else the topmost Received (section 3.6.7): to *ret_date, in seconds since 1970, UTC.  The field that
 * said so, "Date" or "Received"; NULL if neither has a date from 1970 to 9999. */
const char *date_read(const struct header_list *headers, int64_t *ret_date);

#endif
