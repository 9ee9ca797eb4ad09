/* outcome.h - what became of one message: the closed set of outcomes, and what each means to every transport. */
#ifndef PATCHMAILD_OUTCOME_H
#define PATCHMAILD_OUTCOME_H

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>

enum outcome_kind {
	OUTCOME_DEFERRED,    /* nothing is known to be stored; it may work later: what nobody has set is this */
	OUTCOME_STORED,      /* a patch, cover letter or comment is stored */
	OUTCOME_DUPLICATE,   /* this Message-ID was known already */
	OUTCOME_WAITING,     /* a reply whose parent has not come yet; kept until it does */
	OUTCOME_IGNORED,     /* a hint says so, there is nothing in it, or there is no such project */
	OUTCOME_QUARANTINED, /* cannot be parsed, over a limit, or held by policy; the raw bytes are kept */
	OUTCOME_REFUSED,     /* policy of the site says to bounce it */
};
#define OUTCOME_KINDS 7

/* What something that fetches or reads mail does next. */
enum outcome_step {
	OUTCOME_NEXT,        /* go on with the next message */
	OUTCOME_NEXT_LOGGED, /* the same, and say so in the log */
	OUTCOME_STAY,        /* keep the message, back off, try it again */
};

struct outcome_rule {
	const char *name;       /* as SQL says it and the log shows it */
	int exit_code;          /* of `deliver`: sysexits.h, and nothing but 0, 75 and 77 */
	int lmtp_code;          /* of the reply of `lmtp` (RFC 5321 section 4.2) */
	const char *status;     /* enhanced status code (RFC 3463) */
	enum outcome_step step; /* IMAP, import */
	bool kept;              /* the database has the mail, so that no other copy is needed */
};

/* The row of an outcome; the table is in outcome.c. */
const struct outcome_rule *outcome_rule(enum outcome_kind kind);

/* The outcome of that name.  0, or -EINVAL for an unknown or NULL one. */
int outcome_of_name(const char *name, enum outcome_kind *ret_kind);

/* An outcome with its reason.  { 0 } is deferred. */
struct outcome {
	enum outcome_kind kind;
	char *reason;          /* in words, NULL if there is nothing to say; may hold any bytes: log_escape() it */
	int64_t quarantine_id; /* the row of patchmail.quarantine, 0 if it is in none */
	/* If the source asks to be told, else NULL: which mail it was, the names of its projects, and of a mail that is
	 * stored alone what it is ("patch", "cover", "comment"). */
	char *message_id, *projects, *mail_kind;
};

/* Set an outcome, freeing the reason it had; `format` may be NULL. */
void outcome_set(struct outcome *outcome, enum outcome_kind kind, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* "3 mails: 2 stored, 1 deferred", in the order of the kinds, deferred last; the caller frees it. */
char *outcome_count_text(const uint64_t counts[OUTCOME_KINDS]);

void outcome_release(struct outcome *outcome);

#endif
