/* lmtp_settings.h - [lmtp] and [recipients]: what `patchmaild lmtp` does, and where `deliver` finds it.
 *
 * [lmtp]
 * socket=PATH            where `deliver` looks for a `patchmaild lmtp --listen`.  Default: nowhere.
 * socket_mode=MODE       of the socket that --listen makes, octal.  Default: 0660.
 * connections=N          at the same time, 1 to 1000; others are answered 421.  Default: 100.
 * recipients=N           of one mail, 100 to 10000.  Default: 1000.
 * idle_timeout=N         seconds that a client may be silent, 1 to 3600.  Default: 300 (RFC 5321 section 4.5.3.2.7).
 * size=N                 bytes of a mail, with K, M or G perhaps; at least max_message_size, over which a mail goes
 *                        into quarantine.  What is larger is refused, 552 5.3.4.  Default: 1G.
 *
 * [recipients]: recipients.h
 */
#ifndef PATCHMAILD_LMTP_SETTINGS_H
#define PATCHMAILD_LMTP_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/key_file.h"
#include "settings/recipients.h"

#define LMTP_CONNECTIONS_MAX 1000
#define LMTP_RECIPIENTS_MAX 10000

struct lmtp_settings {
	char *socket; /* NULL: there is none */
	unsigned socket_mode, connections, recipients_most, idle_timeout;
	size_t size;
	struct recipients *recipients;
};

/* Those of a file; NULL is one without (lmtp_settings_free() them).  NULL, and what is wrong. */
struct lmtp_settings *lmtp_settings_read(const struct key_file *file, struct key_file_fault *ret_fault);
void lmtp_settings_free(struct lmtp_settings *settings);

/* Are these groups as they should be?  False, and what is wrong. */
bool lmtp_settings_check(const struct key_file *file, struct key_file_fault *ret_fault);

/* Is the group read here? */
bool lmtp_settings_has_group(const char *group);

#endif
