/* visit.h - reads what is new in an archive, and gives it to the pipeline. */
#ifndef PATCHMAILD_FOLLOW_VISIT_H
#define PATCHMAILD_FOLLOW_VISIT_H

#include <glib.h>

#include "archive/public_inbox.h"
#include "ingest/ingest.h"
#include "service/duty.h"
#include "service/tally.h"
#include "settings/archive_settings.h"

/* What a visit works with; everything is the caller's. */
struct follow_visitor {
	const struct archive_settings *settings;
	struct ingest *ingest;
	struct service_duty *duty; /* whose lease is taken */
	struct service_tally *tally;
	GHashTable *complaints; /* of each repository that could not be read, what was said of it: a struct
	                         * service_complaint by its path */
};

/* Take every mail that the archive has after its marks, in its order, and wait until all have an outcome.
 *   0        all that can be read is taken; tally->unopened says how many repositories cannot
 *   -EAGAIN  the database fails, with a reason in words (the caller frees it); or, without one, a mail is deferred,
 *            which nothing passes: that is reported, and tally->trouble says why
 *   -EINTR   duty calls, without a reason: what is on its way may be stored or not */
int follow_visit(const struct follow_visitor *visitor, struct public_inbox *inbox, char **ret_reason);

#endif
