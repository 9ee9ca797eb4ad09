/* mbox.h - reads the messages of an mbox, one after the other, in bounded memory (RFC 4155; mboxo, mboxrd, mboxcl).
 *
 * A message begins at a line that begins with "From ", at the start of the file, or after an empty line if it ends in a
 * date as git mailsplit wants it: "From ada@example.org Tue Mar 10 09:00:00 2026"; a zone may stand before or after the
 * year.  Neither that line nor the empty line before it belongs to a message.  Lines of ">"s followed by "From " lose
 * one ">".  A file that does not begin with "From " is one message, given as it stands.
 *
 * If the first message has a field Content-Length after which the file ends or the next message begins, each message
 * ends after its own, where that is so for it too.  Then lines that begin with "From " may stand in it; if there is
 * one, it has no quoted lines either.
 */
#ifndef PATCHMAILD_MBOX_H
#define PATCHMAILD_MBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "ingest/read.h"

#define MBOX_QUOTE_MAX 1000                /* ">"s that are still quoting */
#define MBOX_FROM_MAX 1000                 /* bytes of a "From " line that begins a message */
#define MBOX_LENGTH_MAX (4u * 1024 * 1024) /* a larger Content-Length is not followed */
#define MBOX_HEADER_MAX (64u * 1024)       /* nor one that stands deeper in a header */
#define MBOX_DIGEST 32                     /* bytes */

struct mbox;

/* Reads by `read`, to the end of the file. */
struct mbox *mbox_new(ingest_reader *read, void *context);
void mbox_free(struct mbox *mbox);

/* Go to the next message; what is unread of this one is skipped.  1 and the offset in the file where it begins (its
 * "From " line), 0 at the end of the file, or a negative errno. */
int mbox_next(struct mbox *mbox, uint64_t *ret_offset);

/* An ingest_reader of this message, for `size` over 0. */
ssize_t mbox_read(void *context, char *buffer, size_t size, int64_t deadline);

/* Where an mbox is gone on with later. */
struct mbox_place {
	uint64_t begin;              /* of a message */
	uint64_t end;                /* of the same, before the empty line after it */
	bool lengths;                /* Content-Length counts here */
	uint8_t digest[MBOX_DIGEST]; /* SHA-256 of everything before `end` */
};

/* After a message was read to its end: the place after it. */
void mbox_place(struct mbox *mbox, struct mbox_place *ret_place);

/* Of an mbox that nothing was read of yet: go to the message after this place. */
enum mbox_fit {
	MBOX_FITS,
	/* The message before it has become longer: it was not complete, and is the next one of a new mbox that is sent
	 * to its beginning by mbox_skip(). */
	MBOX_GREW,
	MBOX_OTHER, /* there is another file now */
};

/* enum mbox_fit, or a negative errno. */
int mbox_go_to(struct mbox *mbox, const struct mbox_place *place);

/* Of an mbox that nothing was read of yet: go to the message that begins at this offset.  0 or a negative errno. */
int mbox_skip(struct mbox *mbox, uint64_t begin, bool lengths);

/* Does this line, with or without its newline, begin a message wherever it stands after an empty one? */
bool mbox_is_separator(const char *line, size_t length);

#endif
