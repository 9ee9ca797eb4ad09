/* signature.h - the signature of a delivery, as Standard Webhooks has it. */
#ifndef PATCHMAILD_HOOK_SIGNATURE_H
#define PATCHMAILD_HOOK_SIGNATURE_H

#include <stdint.h>
#include <glib.h>

/* The value of webhook-signature: for each secret (GBytes) "v1," and the base64 of the HMAC-SHA256 of
 * "ID.TIMESTAMP.BODY", with a blank between.  The caller frees it; NULL if there is no secret. */
char *hook_signature(const GPtrArray *secrets, const char *id, int64_t timestamp, const char *body);

#endif
