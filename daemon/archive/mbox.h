/* mbox.h - reads the messages of an mbox file, one after the other, in bounded memory (RFC 4155; mboxo, mboxrd).
 *
 * A message begins at a line that begins with "From ", at the start of the file, or after an empty line if it ends in a
 * date as git mailsplit wants it: "From ada@example.org Tue Mar 10 09:00:00 2026"; a zone may stand before or after the
 * year.  Neither that line nor the empty line before it belongs to a message.  Lines of ">"s followed by "From " lose
 * one ">".  A file that does not begin with "From " is one message, given as it stands.
 */
#ifndef PATCHMAILD_MBOX_H
#define PATCHMAILD_MBOX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define MBOX_QUOTE_MAX 1000 /* ">"s that are still quoting */
#define MBOX_FROM_MAX 1000  /* bytes of a "From " line that begins a message */

struct mbox;

/* Reads from `fd`, which need not be able to seek and stays the caller's. */
struct mbox *mbox_new(int fd);
void mbox_free(struct mbox *mbox);

/* Go to the next message; what is unread of this one is skipped.  1 and the offset in the file where it begins (its
 * "From " line), 0 at the end of the file, or a negative errno. */
int mbox_next(struct mbox *mbox, uint64_t *ret_offset);

/* Up to `size` (over 0) further bytes of this message, 0 at its end, or a negative errno. */
ssize_t mbox_read(struct mbox *mbox, char *buffer, size_t size);

#endif
