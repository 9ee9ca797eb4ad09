/* client.h - hands a mail to a `patchmaild lmtp --listen` on this machine.
 *
 * By LMTP and CHUNKING, with one parameter of our own, which the server offers on Unix sockets alone:
 *
 *   MAIL FROM:<> XDELIVER           this is `patchmaild deliver`: [recipients] is not asked, the mail's List-Id
 *                                   decides, and its bytes are kept as they are, whatever ends its lines
 *   MAIL FROM:<> XDELIVER=LIST-ID   the same with --list-id, as xtext (RFC 3461 section 4)
 *
 * What the parameter says no recipient could: he would have to be in [recipients].  Whoever may open the socket may
 * use it, as whoever may run `deliver` may give --list-id.
 */
#ifndef PATCHMAILD_LMTP_CLIENT_H
#define PATCHMAILD_LMTP_CLIENT_H

#include <stddef.h>
#include <stdint.h>

#include "base/outcome.h"

#define LMTP_CLIENT_PATIENCE 3 /* seconds for a server to answer that has nothing to do for that */

/* Hand over a mail; `list_id` may be NULL.  0 and its outcome: one of "stored" (whatever the server has done with it
 * that is done), "deferred" and "refused", with the server's reason.  A negative errno if no server says what became of
 * it, so that somebody else has to store it: what is known already is a duplicate then. */
int lmtp_client_deliver(const char *path, const char *list_id, const char *bytes, size_t length, int64_t deadline,
                        struct outcome *ret_outcome);

/* Is one there that would take a mail?  0 or a negative errno. */
int lmtp_client_try(const char *path);

#endif
