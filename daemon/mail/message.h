/* message.h - one mail: its header fields and its MIME tree (RFC 5322, RFC 2045).
 *
 * The only file that starts GMime's parser.  What comes out is read-only for every later stage.
 */
#ifndef PATCHMAILD_MESSAGE_H
#define PATCHMAILD_MESSAGE_H

#include <stddef.h>
#include <gmime/gmime.h>

#include "mail/header.h"

struct message {
	struct header_list headers;
	GMimeMessage *mime;  /* the body in GMime's hands, under those header fields that say how it is made */
	GMimeObject *body;   /* the part whose text counts: the whole tree, or that of a wrapped mail; NULL: none */
	GPtrArray *problems; /* of char *: oddities met on the way, for the facts */
	size_t size;         /* bytes of the mail as it was given */
};

/* Read one mail.  A leading "From " or ">From " line is taken off; NUL bytes are dropped.  Returns 0 and a
 * message that the caller frees with message_free() and that holds its own copy of the bytes, or -EBADMSG and a
 * reason in words (the caller frees it) if this is no mail at all or a limit of limits.h is passed. */
int message_parse(const char *bytes, size_t length, struct message **ret_message, char **ret_reason);
void message_free(struct message *message);

/* The bytes of a leading "From " or ">From " line with its line end, 0 without one. */
size_t message_mbox_line(const char *bytes, size_t length);

/* Note an oddity, at most LIMITS_PROBLEMS of them and none twice. */
void message_problem(struct message *message, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The mail that a list may have wrapped in this one: the only message/rfc822 of a multipart whose other parts are
 * all text/plain.  NULL for every other shape.  Owned by the message. */
GMimeMessage *message_wrapped(const struct message *message);

/* The header of a mail that GMime holds, for the functions of header.h.  The caller releases it. */
void message_wrapped_headers(GMimeMessage *wrapped, struct header_list *ret_headers);

#endif
