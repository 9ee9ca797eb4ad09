/* alignment.h - whether two domains belong together (RFC 7489 section 3.1). */
#ifndef PATCHMAILD_ALIGNMENT_H
#define PATCHMAILD_ALIGNMENT_H

enum alignment {
	ALIGNMENT_NONE,    /* nothing in common but, perhaps, a public suffix */
	ALIGNMENT_RELAXED, /* one organisational domain, by the public suffix list */
	ALIGNMENT_STRICT,  /* the same domain */
};

/* A domain as it is compared: lower case, A-labels made U-labels (RFC 8601 section 5).  NULL for what is no domain name of
 * two labels or more.  The caller frees it. */
char *alignment_domain(const char *domain);

/* Of two domains that alignment_domain() gave.  The list of public suffixes is the newest that is installed. */
enum alignment alignment_of(const char *domain, const char *other);

/* "strict", "relaxed", "none" */
const char *alignment_name(enum alignment alignment);

#endif
