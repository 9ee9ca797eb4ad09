/* text.h - the text parts of a mail as UTF-8 (RFC 2045-2047, RFC 3676 for format=flowed).
 *
 * Walks the MIME tree in order, undoes the transfer encoding and the character set, and says of each part
 * whether it is prose or a diff.  It does not look for a diff inside prose: that is diff.h.
 */
#ifndef PATCHMAILD_TEXT_H
#define PATCHMAILD_TEXT_H

#include <stdbool.h>
#include <glib.h>

#include "mail/message.h"

enum text_kind {
	TEXT_PLAIN, /* text/plain: prose, perhaps with a diff in it */
	TEXT_DIFF,  /* text/x-patch, text/x-diff, or an attached .patch or .diff file that is nothing but a diff */
	TEXT_MAIL,  /* an attached file as git format-patch writes it, without its header lines: message, diff */
};

struct text_part {
	enum text_kind kind;
	bool plain; /* declared as text/plain, so that it belongs to the comment if the mail is a reply */
	char *text; /* UTF-8, LF line ends, no NUL */
};

/* Is CR part of the lines of a text that has CR LF in it, so that it stays?  Else it came with the mail. */
typedef bool text_keeps_cr(const char *text);

/* The text parts of message->body in order: a GPtrArray of struct text_part that the caller unrefs.  What did not
 * decode as declared is noted in message->problems.  `keeps_cr` may be NULL: no text keeps it. */
GPtrArray *text_parts(struct message *message, text_keeps_cr *keeps_cr);

/* Is there an attachment that looks like a patch: by its type, or by a name that holds .patch or .diff, as
 * lamp.patch.gz does? */
enum text_patch_file {
	TEXT_PATCH_NONE,
	TEXT_PATCH_READ,   /* yes, and text_parts() gives it */
	TEXT_PATCH_UNREAD, /* yes, and it does not */
};
enum text_patch_file text_patch_file(const struct message *message);

#endif
