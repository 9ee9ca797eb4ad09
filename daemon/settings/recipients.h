/* recipients.h - [recipients]: which list the mail to an address is of.
 *
 * [recipients]
 * ADDRESS=LIST-ID        mail to this address, with its extension if it has one, is of that list
 * @DOMAIN=LIST-ID        so is mail to all other addresses of this domain
 * unknown=WHICH          other addresses: list-id (the List-Id of the mail decides) or reject (550 5.1.1).
 *                        Default: list-id.
 * delimiter=LETTERS      each may begin the extension of an address: + or -, or both.  Default: +.
 *
 * The whole address is looked for first, then the address without its extension, then its domain.  The case of ASCII
 * letters does not count, in local parts neither: RFC 5321 section 2.4 leaves that to the host that delivers, and no
 * two lists differ by it.
 */
#ifndef PATCHMAILD_SETTINGS_RECIPIENTS_H
#define PATCHMAILD_SETTINGS_RECIPIENTS_H

#include <stdbool.h>

#include "base/key_file.h"

#define RECIPIENTS_GROUP "recipients"

struct recipients;

/* Those of a file, NULL is one without; recipients_free() them.  NULL, and what is wrong. */
struct recipients *recipients_read(const struct key_file *file, struct key_file_fault *ret_fault);
void recipients_free(struct recipients *recipients);

/* Is mail to this address taken?  *ret_list_id: of which list, NULL: its List-Id says it; that stays ours. */
bool recipients_find(const struct recipients *recipients, const char *address, const char **ret_list_id);

#endif
