/* document.h - a mail as a JSON document, the only contract between C and SQL: patchmaild-facts(5). */
#ifndef PATCHMAILD_FACTS_H
#define PATCHMAILD_FACTS_H

#include <stddef.h>

#include "facts/submission.h"

/* The facts of a mail, one line without a newline.  Reads the mail; a mail that cannot be read gives the facts of
 * a rejected one.  `trust` and `list_id` are those of submission_read().  Never NULL; the caller frees it. */
char *facts_of_mail(const char *bytes, size_t length, const struct trust_settings *trust, const char *list_id);

/* The facts of a mail that could not be parsed: its size, hash and the reason, and what little can be said safely. */
char *facts_of_rejected(const char *bytes, size_t length, const char *reason);

#endif
