/* verdict.h - what the claims of trusted hosts come to: whether an author's domain stands behind a mail. */
#ifndef PATCHMAILD_VERDICT_H
#define PATCHMAILD_VERDICT_H

#include <stdbool.h>
#include <glib.h>

#include "authentication/claim.h"

/* What is known of an author, from the worst to the best. */
enum verdict {
	VERDICT_AMBIGUOUS, /* From does not name exactly one */
	VERDICT_FAIL,      /* the author's domain disowns the mail: dmarc=fail */
	VERDICT_CONFLICT,  /* somebody who is trusted says two things at once */
	VERDICT_CLAIMED,   /* the address does not stand in From, and nobody vouches for it */
	VERDICT_NONE,      /* nothing that counts is said */
	VERDICT_PASS,      /* the author's domain stands behind the mail */
};

struct verdict_with_reason {
	enum verdict verdict;
	char *reason; /* in words; of the mail it has nothing but domains.  The owner frees it. */
};

/* Mark every claim's alignment with a domain (NULL: none of them is measured). */
void verdict_measure(const GPtrArray *claims, const char *domain);

/* The verdict on a domain, by those claims (of struct claim) that count.  Of `fail` and `pass` of one host, such as a
 * signature that held when the mail came and no more when the list had changed it, pass counts: it can't be had by
 * forging.  `strict`: a dkim signature has to be of that very domain.  The caller frees the reason. */
struct verdict_with_reason verdict_of_domain(const GPtrArray *claims, const char *domain, bool strict);

/* The same for a domain that stands elsewhere than in From: only what is sealed may vouch for it.  `where`, such as
 * "Reply-To", is for the words. */
struct verdict_with_reason verdict_of_claimed(const GPtrArray *claims, const char *domain, bool strict,
                                              const char *where);

/* "pass", "none" ... */
const char *verdict_name(enum verdict verdict);

#endif
