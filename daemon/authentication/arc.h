/* arc.h - the structure of an Authenticated Received Chain (RFC 8617): its sets, who sealed them, what they say.
 *
 * No signature is looked at.  What a chain says may only be believed if a trusted host says arc=pass of it.
 */
#ifndef PATCHMAILD_ARC_H
#define PATCHMAILD_ARC_H

#include "authentication/authentication_results.h"
#include "mail/header.h"

#define ARC_INSTANCES_MAX 50 /* RFC 8617 section 4.2.1 */

/* One set: a field each of the three kinds. */
struct arc_set {
	unsigned results_index; /* the number of its ARC-Authentication-Results in the header, from 0 */
	const char *wrong;      /* why the results in it cannot be read; NULL: they can */
	struct authentication_results results;
	char *sealer; /* d= of its ARC-Seal */
};

struct arc_chain {
	unsigned count;       /* of sets; 0: there is no ARC field */
	struct arc_set *sets; /* instance i is sets[i - 1] */
};

/* Read the chain of a header.  0, or -EBADMSG and the reason in words, a constant, if its structure is broken: not
 * exactly one field of each kind for each instance from 1 on without a gap, a tag missing, repeated or wrong, more than
 * 50 instances, cv other than none in the first and pass in the others; or
 * if a field of a chain is written so that verifiers may differ on whether it is one.  The caller releases it. */
int arc_read(const struct header_list *headers, struct arc_chain *ret_chain, const char **ret_reason);
void arc_chain_release(struct arc_chain *chain);

#endif
