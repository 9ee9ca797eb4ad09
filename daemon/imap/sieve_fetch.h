/* sieve_fetch.h - the part of the sieve that reads FETCH answers: of "* n FETCH (...)" the UID and the whole mail.
 *
 * What goes out is "* n FETCH (UID u BODY[] {size}", the mail as it comes, and ")"; the UID comes after the mail if the
 * server has not told it before.  Every other item is dropped, and an answer without a mail is dropped as a whole.
 */
#ifndef PATCHMAILD_IMAP_SIEVE_FETCH_H
#define PATCHMAILD_IMAP_SIEVE_FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <glib.h>

#define SIEVE_FETCH_QUOTED ((size_t)1024 * 1024) /* bytes of a mail that comes as a quoted string */
#define SIEVE_FETCH_KNOWN 256                    /* UIDs told in answers without a mail that are remembered */

enum sieve_fetch_state {
	SIEVE_FETCH_DONE, /* no answer, or it has ended */
	SIEVE_FETCH_GAP,
	SIEVE_FETCH_TOKEN,
	SIEVE_FETCH_SECTION, /* within the brackets of a token */
	SIEVE_FETCH_QUOTED_STRING,
	SIEVE_FETCH_ESCAPED, /* ... after a backslash */
	SIEVE_FETCH_SIZE,    /* within the braces of a literal */
	SIEVE_FETCH_SIZED,   /* after them */
	SIEVE_FETCH_LITERAL,
	SIEVE_FETCH_REST, /* after the last parenthesis */
	SIEVE_FETCH_BROKEN,
};

/* What the next value is of. */
enum sieve_fetch_item {
	SIEVE_FETCH_OTHER,
	SIEVE_FETCH_UID,
	SIEVE_FETCH_MAIL,
};

struct sieve_fetch {
	enum sieve_fetch_state state;
	enum sieve_fetch_item item;
	bool wanted; /* else all of it is dropped */
	uint32_t number;
	uint32_t uid;           /* of this answer; 0: not told yet */
	unsigned depth;         /* of parentheses */
	GString *token, *value; /* a name or number; a string that is not passed on as it comes */
	uint64_t size, origin;  /* bytes of the literal that are to come; of the part of a mail, where it begins */
	bool open;              /* "* n FETCH (" went out, and no ")" */
	bool named;             /* ... with a UID */
	bool left_open;         /* ... by an earlier answer, since its UID may follow in one of its own */
	uint32_t open_number;
	struct {
		uint32_t number, uid;
	} known[SIEVE_FETCH_KNOWN];
	unsigned known_next;
};

void sieve_fetch_init(struct sieve_fetch *fetch);
void sieve_fetch_release(struct sieve_fetch *fetch);

/* A command begins: what was known is not any more.  Also when message numbers have changed. */
void sieve_fetch_forget(struct sieve_fetch *fetch);

/* What follows is what comes after "* NUMBER FETCH". */
void sieve_fetch_begin(struct sieve_fetch *fetch, uint32_t number, bool wanted, GString *out);

/* Read some bytes; how many.  `state` says if the answer has ended or is broken. */
size_t sieve_fetch_push(struct sieve_fetch *fetch, const char *bytes, size_t size, GString *out);

/* End the answer that is open in what has gone out, before anything else does. */
void sieve_fetch_flush(struct sieve_fetch *fetch, GString *out);

/* Is what comes next the contents of a literal or of a mail in quotes? */
bool sieve_fetch_in_contents(const struct sieve_fetch *fetch);

#endif
