/* received_spf.h - the grammar of Received-SPF (RFC 7208 section 9.1), and nothing else. */
#ifndef PATCHMAILD_RECEIVED_SPF_H
#define PATCHMAILD_RECEIVED_SPF_H

#include <glib.h>

#define RECEIVED_SPF_LENGTH (16u * 1024) /* bytes of a field */
#define RECEIVED_SPF_PAIRS 50            /* key-value pairs */

struct received_spf {
	char *result;      /* as written; ASCII case does not matter */
	GHashTable *pairs; /* of char *: key in lower case to value, without quotes */
};

/* Read a field's raw value.  Returns 0, or -EBADMSG and the reason in words, a constant.  The grammar asks for quotes
 * around whatever is no dot-atom, such as an address; nobody writes them, so a value without quotes goes on to the next
 * blank, `;` or parenthesis.  A key that stands there twice makes the field none.  The caller releases it. */
int received_spf_parse(const char *value, struct received_spf *ret_spf, const char **ret_reason);
void received_spf_release(struct received_spf *spf);

/* The value of a key, or NULL.  Owned by the struct. */
const char *received_spf_value(const struct received_spf *spf, const char *key);

#endif
