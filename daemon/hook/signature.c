/* signature.c - signs a delivery.
 *
 * Used by post.c.
 */
#include "hook/signature.h"

#include <inttypes.h>
#include <string.h>

static char *sign(GBytes *secret, const char *text)
{
	gsize size, length = (gsize)g_checksum_type_get_length(G_CHECKSUM_SHA256);
	const guchar *key = g_bytes_get_data(secret, &size);
	GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA256, key, size);
	guchar digest[32];

	g_assert(length == sizeof(digest));
	g_hmac_update(hmac, (const guchar *)text, (gssize)strlen(text));
	g_hmac_get_digest(hmac, digest, &length);
	g_hmac_unref(hmac);
	return g_base64_encode(digest, length);
}

char *hook_signature(const GPtrArray *secrets, const char *id, int64_t timestamp, const char *body)
{
	g_autofree char *text = g_strdup_printf("%s.%" PRId64 ".%s", id, timestamp, body);
	GString *all = g_string_new(NULL);

	for (unsigned i = 0; i < secrets->len; i++) {
		g_autofree char *signature = sign(g_ptr_array_index(secrets, i), text);

		g_string_append_printf(all, "%sv1,%s", i > 0 ? " " : "", signature);
	}
	return g_string_free(all, secrets->len == 0);
}
