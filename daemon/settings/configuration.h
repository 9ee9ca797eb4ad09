/* configuration.h - the configuration: a key file, read once at the start.
 *
 * The file is a key file (base/key_file.h): [group], then key=value lines; `#` begins a comment.  There is no default
 * path: without `-c FILE` nothing is read, and the database is the one of libpq's environment and defaults.  A
 * group or key that is unknown or there twice, and a value that does not fit, is an error.
 *
 * [database]
 * conninfo=STRING        what to connect to, in libpq's form (host=... dbname=..., or a postgresql:// URI); may hold
 *                        a password, so let few read the file.  Default: libpq's environment and
 *                        defaults.
 * connect_timeout=N      seconds for connecting, 1 to 3600.  Default: 10.
 *
 * [patchmaild]
 * timeout=N              seconds for one message, with everything: reading it, parsing, the database; 1 to 3600.
 *                        Keep it below the time limit of what calls the program (Postfix: command_time_limit,
 *                        1000 s).  Default: 60.
 * max_message_size=N     bytes; a larger mail is quarantined unread, with all its bytes.  K, M or G may follow the
 *                        number (1024, 1024^2, 1024^3).  1 to 256M.  Default: 32M.
 * parsers=N              processes that parse at the same time when there is more than one mail, 1 to 64.  Default: one
 *                        a processor, and at most 8.
 * sandbox=WORD           what becomes of mail where the kernel has no sandbox for those processes: required (it is
 *                        deferred), best-effort (it is parsed with what there is of one), off (there is to be none).
 *                        Default: best-effort.
 *
 * [archive]
 * raw=WHICH              whose bytes are kept when it is stored: none, quarantined (what was in quarantine before) or
 *                        all.  Default: quarantined.
 *
 * [authentication] and [list LIST-ID]: trust.h
 * [imap ACCOUNT] and [mailbox ACCOUNT NAME]: imap_account.h
 * [notify NAME]: hook_settings.h
 * [archive NAME]: archive_settings.h
 * [lmtp] and [recipients]: lmtp_settings.h
 */
#ifndef PATCHMAILD_CONFIG_H
#define PATCHMAILD_CONFIG_H

#include <stddef.h>

#include "authentication/trust.h"
#include "settings/archive_settings.h"
#include "settings/hook_settings.h"
#include "settings/imap_account.h"
#include "settings/lmtp_settings.h"

#define CONFIG_CONNECT_TIMEOUT_DEFAULT 10
#define CONFIG_TIMEOUT_DEFAULT 60
#define CONFIG_SECONDS_MAX 3600
#define CONFIG_RAW_DEFAULT "quarantined"
#define CONFIG_PARSERS_MAX 64
#define CONFIG_SANDBOX_OFF "off"
#define CONFIG_SANDBOX_BEST_EFFORT "best-effort"
#define CONFIG_SANDBOX_REQUIRED "required"
#define CONFIG_SIZE_MAX (4u * 1024 * 1024) /* bytes of a configuration */

struct config {
	char *conninfo;           /* NULL: libpq's environment and defaults */
	unsigned connect_timeout; /* seconds */
	unsigned timeout;         /* seconds */
	size_t max_message_size;  /* bytes; 0 if nothing is said */
	unsigned parsers;         /* 0 if nothing is said */
	const char *raw;          /* one of the three words */
	const char *sandbox;      /* likewise */
	struct trust_settings *trust;
	struct key_file *file; /* as it was read, NULL without one */
	char *path;            /* of that */
};

/* The defaults. */
void config_init(struct config *config);

/* Read a file over what is there.  0, or -EINVAL (a bad file) or another negative errno (it cannot be read) and a
 * reason in words that names the file (the caller frees it); values are never repeated in it. */
int config_load(struct config *config, const char *path, char **ret_reason);

/* The settings of an IMAP account (the caller frees it).  NULL, and what is wrong in words (likewise). */
struct imap_account *config_imap_account(const struct config *config, const char *name, char **ret_reason);

/* The settings of a hook; as config_imap_account(). */
struct hook_settings *config_hook(const struct config *config, const char *name, char **ret_reason);

/* The settings of an archive that is followed; as config_imap_account(). */
struct archive_settings *config_archive(const struct config *config, const char *name, char **ret_reason);

/* The settings of `patchmaild lmtp`; as config_imap_account(), but without a configuration they are the defaults. */
struct lmtp_settings *config_lmtp(const struct config *config, char **ret_reason);

void config_release(struct config *config);

#endif
