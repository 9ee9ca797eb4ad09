/* claim.h - one result of a field, as far as it can be read without knowing whose word it is (RFC 8601 section
 * 2.7). */
#ifndef PATCHMAILD_CLAIM_H
#define PATCHMAILD_CLAIM_H

#include <stdbool.h>

#include "authentication/alignment.h"
#include "authentication/authentication_results.h"
#include "authentication/received_spf.h"

/* Whose word it is. */
enum source {
	SOURCE_EXCHANGER,    /* our own mail exchanger's: trusted_authserv */
	SOURCE_LIST,         /* the list host's: list_authserv */
	SOURCE_ARC,          /* of an ARC set */
	SOURCE_RECEIVED_SPF, /* of a Received-SPF field */
	SOURCE_OTHER,        /* of somebody whom no setting names */
};

struct claim {
	unsigned index; /* of its field in the header, from 0 */
	int turn;       /* of the host that wrote it; of SOURCE_ARC the instance */
	enum source source;
	char *authserv_id;     /* NULL if there is none */
	char *by;              /* in words, whose word it is, if it is trusted; else NULL */
	char *method, *result; /* in lower case */
	char *identity;        /* the domain that it speaks of, as alignment_domain() gives it; NULL without one */
	char *scope;           /* of spf the property that `identity` was read from; else NULL */
	bool measured;         /* `alignment` is that with the author's domain */
	enum alignment alignment;
	const char *reason; /* why it does not count; NULL: it does */
};

/* A claim out of a result: its method, result, identity, scope and reason.  It does not count if its method is not one
 * of dkim, spf, dmarc, arc, or has no such result or another version than 1; if a property stands twice; if pass or
 * fail speaks of no domain, or of one that is not whole.  The caller sets the rest and frees it. */
struct claim *claim_of_result(const struct authentication_result *result);

/* The same out of a Received-SPF field: its method is spf. */
struct claim *claim_of_received_spf(const struct received_spf *spf);

void claim_free(void *data); /* a claim, for containers */

/* "exchanger", "list" ... */
const char *claim_source_name(enum source source);

/* Does it count, and is it that result of that method? */
bool claim_says(const struct claim *claim, const char *method, const char *result);

#endif
