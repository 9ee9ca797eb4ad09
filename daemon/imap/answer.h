/* answer.h - what follows from the reason for which an IMAP server says no: by its response code (RFC 3501 section 7.1,
 * RFC 5530, RFC 9051), or where it has none that is known by words that servers use.  Pure. */
#ifndef PATCHMAILD_IMAP_ANSWER_H
#define PATCHMAILD_IMAP_ANSWER_H

#define IMAP_ANSWER_WAIT_MOST 3600 /* seconds that a server may ask us to wait */

enum imap_advice {
	IMAP_ADVICE_NONE,      /* nothing is known: what the command was about decides */
	IMAP_ADVICE_LATER,     /* the server has trouble, or somebody else is at it: the same may work soon */
	IMAP_ADVICE_SLOWER,    /* we ask too much: the same works if we ask for less, and later */
	IMAP_ADVICE_RECONNECT, /* this connection is of no more use, a new one may be */
	IMAP_ADVICE_REJECTED,  /* the user or the secret is wrong: trying it often locks accounts */
	IMAP_ADVICE_PERSON,    /* somebody has to do something there first */
	IMAP_ADVICE_ABSENT,    /* what the command was about is not there */
	IMAP_ADVICE_DENIED     /* it is there, and not for us */
};

struct imap_answer {
	enum imap_advice advice;
	unsigned seconds;  /* that the server asks us to wait, 0 if it does not say */
	const char *means; /* what its code means, in words; NULL if its text says it better, or it has none; static */
};

/* What a server said: its code without brackets and arguments, and its text; each may be NULL. */
struct imap_answer imap_answer_read(const char *code, const char *text);

#endif
