/* alignment.h - whether two domains belong together (RFC 7489 section 3.1). */
#ifndef PATCHMAILD_ALIGNMENT_H
#define PATCHMAILD_ALIGNMENT_H

enum alignment {
	ALIGNMENT_NONE,    /* nothing in common but, perhaps, a public suffix */
	ALIGNMENT_RELAXED, /* one organisational domain, by the public suffix list */
	ALIGNMENT_STRICT,  /* the same domain */
};

/* A domain as it is compared: ASCII in lower case, A-labels made U-labels (RFC 8601 section 5).  NULL for what is no
 * domain name of two labels or more; a label that is not ASCII has to be a U-label as it stands, in lower case and
 * composed (RFC 5890 section 2.3.2.1): what would only become one by mapping is another name to who does not map.  The
 * caller frees it. */
char *alignment_domain(const char *domain);

/* Read the list of public suffixes; alignment_of() does it if this did not. */
void alignment_prepare(void);

/* Of two domains that alignment_domain() gave.  The list of public suffixes is the newest that is installed. */
enum alignment alignment_of(const char *domain, const char *other);

/* "strict", "relaxed", "none" */
const char *alignment_name(enum alignment alignment);

#endif
