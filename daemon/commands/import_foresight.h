/* import_foresight.h - what a dry run knows of the mails before the one at hand: the database has none of them. */
#ifndef PATCHMAILD_IMPORT_FORESIGHT_H
#define PATCHMAILD_IMPORT_FORESIGHT_H

#include <glib.h>
#include <jansson.h>

#include "base/outcome.h"

struct import_foresight;

/* It keeps some 16 bytes of each mail that would be stored. */
struct import_foresight *import_foresight_new(void);
void import_foresight_free(struct import_foresight *foresight);

/* A mail is parsed: note what its facts say of its Message-ID and references.  In the order of the mails. */
void import_foresight_note(struct import_foresight *foresight, const char *position, const json_t *facts);

/* What the database would make of the mail at this position, and what becomes of that through those before it: one that
 * comes twice is a duplicate, and an answer need not wait for what came before it.  In the same order; mails that were
 * not noted may come between. */
void import_foresight_judge(struct import_foresight *foresight, const char *position, struct outcome *outcome);

#endif
