/* source.h - where a message came from, and that as the JSON that the functions of schema patchmail take. */
#ifndef PATCHMAILD_SOURCE_H
#define PATCHMAILD_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

/* Where a message came from; all strings are the caller's. */
struct store_source {
	const char *transport; /* "deliver", "import" */
	const char *list_id;   /* what --list-id said, or NULL */
	const char *position;  /* "file:offset" or a path, or NULL */
	/* Of "imap", else NULL and 0. */
	const char *account, *mailbox;
	uint32_t uidvalidity, uid; /* uidvalidity 0: the server does not say */
	int64_t quarantine_id;     /* of a mail in quarantine that is tried again, else 0 */
	const char *holder;        /* the process that follows the account or archive (holder.h) ... */
	const char *gone;          /* ... and one that did, and has ended; or NULL */
	const char *server;        /* whose mailbox it is, and where; or NULL */
	/* Of an archive that is gone on with after this mail, else NULL.  If several mails of it are on their way, no
	 * later one may be stored before this one is.  The mark is NULL if a place cannot be gone on with here. */
	const char *archive_name, *place, *mark;
	const char *archive; /* whose bytes are kept, if not those of mail that was in quarantine: "none", "all" */
	unsigned retry;      /* seconds that a mail which was deferred is left alone, */
	unsigned attempts;   /* and how often, if the server does not hand it over, until it is left alone for longer */
	bool same;           /* it has not, though its server is another one */
	bool restarted;      /* the mailbox has the UIDs of other mail again */
	bool withheld;       /* the server has the mail and does not hand it over */
	bool after;          /* something is to be done with the mail in its mailbox once it is stored */
	bool removes;        /* that removes it, so it is not to be done with a mail that the database does not keep */
	bool history;        /* it is of the past: nobody is told of it (patchmaild(8), import --history) */
	bool told;           /* the outcome is to say which mail it was: its message_id and projects */
};

/* The name of a file or folder as text: itself, or escaped if it is not UTF-8; NULL for NULL.  The caller frees it. */
char *source_name(const char *name);

/* The source as JSON; the caller frees it.  `patience`: milliseconds that a lock is waited for, 0 to leave that
 * alone. */
char *source_text(const struct store_source *source, int64_t patience);

/* A copy with strings of its own, and the end of such a copy. */
struct store_source source_copy(const struct store_source *source);
void source_release(struct store_source *source);

#endif
