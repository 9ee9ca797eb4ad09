/* transfer.h - undoes the transfer encoding of a part (RFC 2045 section 6). */
#ifndef PATCHMAILD_TRANSFER_H
#define PATCHMAILD_TRANSFER_H

#include "mail/message.h"

/* The bytes of a part as they were before they were encoded.  Of base64 only lines of base64 count, so a footer that a
 * list has put after them is left out; if not even the first line is base64, the part was not encoded, and is given as
 * it is.  Both are noted in message->problems.  The caller unrefs it. */
GByteArray *transfer_decode(struct message *message, GMimePart *part);

#endif
