/* sieve_search.h - the part of the sieve that reads SEARCH and ESEARCH (RFC 4731, RFC 9051) answers to UID SEARCH; what
 * goes out is "* SEARCH" and the UIDs.
 */
#ifndef PATCHMAILD_IMAP_SIEVE_SEARCH_H
#define PATCHMAILD_IMAP_SIEVE_SEARCH_H

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>

#define SIEVE_SEARCH_UIDS 1000000u /* UIDs that the ranges of one answer may stand for */
#define SIEVE_SEARCH_WORD 64u      /* bytes of a word */

struct sieve_search {
	bool done, broken;
	const char *tag; /* of the command; not owned */
	bool extended;   /* ESEARCH: names and values */
	bool foreign;    /* ... and the answer to another command */
	bool uids;       /* ... that tells UIDs */
	bool all;        /* the numbers that come are what was found */
	bool had_all;
	bool other;    /* it says that there are some, in another way */
	GString *word; /* a name, or what is in parentheses */
	bool in_word;
	unsigned depth; /* of parentheses */
	bool digits, range;
	uint64_t number, first; /* of a range */
	unsigned ranged;        /* UIDs that ranges have stood for */
};

void sieve_search_init(struct sieve_search *search);
void sieve_search_release(struct sieve_search *search);

/* What follows is what comes after "* SEARCH" or "* ESEARCH". */
void sieve_search_begin(struct sieve_search *search, bool extended, const char *tag, GString *out);

/* A byte of it, up to the end of the line, which sets `done`; what cannot be read sets `broken`. */
void sieve_search_byte(struct sieve_search *search, char byte, GString *out);

#endif
