/* charset.h - bytes in any character set as UTF-8. */
#ifndef PATCHMAILD_CHARSET_H
#define PATCHMAILD_CHARSET_H

#include "mail/message.h"

/* The text of a part as UTF-8, without a byte order mark; it may hold NUL.  It is what `declared` says (NULL: nothing
 * is declared), or what its byte order mark says.  If it does not fit it is read line by line, each as declared, else
 * as the first that fits of utf-8, windows-1252 and iso-8859-1, and that is noted in message->problems.  The caller
 * unrefs it. */
GByteArray *charset_decode(struct message *message, GByteArray *bytes, const char *declared);

#endif
