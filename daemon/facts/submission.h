/* submission.h - everything that one mail says about itself, in one struct; decides nothing that needs the database.
 *
 * Puts the pure stages together: what mail/ says of its header, authentication/ of its sender, patch/ of its content.
 */
#ifndef PATCHMAILD_SUBMISSION_H
#define PATCHMAILD_SUBMISSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <glib.h>

#include "authentication/authentication.h"
#include "mail/author.h"
#include "patch/subject.h"

enum submission_kind {
	SUBMISSION_EMPTY,   /* no content and no diff: there is nothing to store */
	SUBMISSION_PATCH,   /* not a reply, with a pull request; or with a diff and not number 0 of its series */
	SUBMISSION_COVER,   /* not a reply, number 0 of its series */
	SUBMISSION_COMMENT, /* everything else */
};

struct submission {
	enum submission_kind kind;
	size_t size;           /* bytes of the mail */
	char *sha256;          /* of its bytes, in hexadecimal */
	char *message_id;      /* first <...> of Message-ID, else its trimmed value, else a substitute made of sha256 */
	bool message_id_made;  /* it is that substitute */
	GPtrArray *references; /* of char *: nearest first, no repeats */
	GPtrArray *list_ids;   /* of struct list_id: list_id_read() */
	bool dated;            /* a date was found */
	int64_t date;          /* seconds since 1970, UTC */
	const char *date_source; /* "Date" or "Received" (the topmost); NULL if not dated */
	struct author author;
	struct subject subject;
	char *headers;          /* header_list_text() */
	char *content;          /* never NULL */
	char *diff;             /* NULL without one */
	char *hash;             /* NULL without a diff */
	char *patch_id;         /* patch_id(); NULL without a diff, or if git has none for it */
	GPtrArray *files;       /* of char *: diff_file_names() */
	char *pull_url;         /* NULL without one */
	const char *patch_like; /* what looks like a patch in a mail that gives none: "subject" ([PATCH, [PULL), an
	                         * "attachment", or an "unread attachment"; else NULL */
	char *hint_state, *hint_delegate; /* X-Patchwork-State, X-Patchwork-Delegate, decoded; NULL without */
	bool hint_ignore;                 /* X-Patchwork-Hint: ignore */
	bool action_required;             /* X-Patchwork-Action-Required is there */
	GPtrArray *depends_on;            /* of struct dependency; none in a reply */
	GPtrArray *supersedes;            /* of char *: trailers_supersedes(); none in a reply */
	char *base_commit;                /* NULL without one, and in a reply */
	char *change_id;                  /* NULL without one */
	GPtrArray *links;                 /* of char *: trailers_links() */
	bool wrapped;                     /* author and subject are those of the mail in a list's wrapper */
	char *wrapped_message_id;         /* of the mail in a list's wrapper, if it is another one; else NULL */
	/* The list's own, or by the settings that all of its lists have; if these differ by nobody's word:
	 * list_verdict_read() */
	struct authentication authentication;
	GPtrArray *list_verdicts; /* of struct list_verdict: one for each of the settings; none where the lists agree */
	GPtrArray *problems;      /* of char * */
};

/* Read a mail.  `trust` says who is believed about its sender; NULL: nobody.  `list_id` is the list whose mail it is;
 * NULL: that is one of those that its header names, and which one is for the database to say.  So the settings
 * of each of them give a verdict: those of a list hold for its mail alone, and anybody may write its List-Id.  0 and a
 * submission that the caller frees, or -EBADMSG and a reason in words (the caller frees it) for what must be
 * quarantined. */
int submission_read(const char *bytes, size_t length, const struct trust_settings *trust, const char *list_id,
                    struct submission **ret_submission, char **ret_reason);
void submission_free(struct submission *submission);

#endif
