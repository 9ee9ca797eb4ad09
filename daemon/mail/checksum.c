/* checksum.c - checksums of a mail and of a diff.
 *
 * Called by what writes facts.  By nettle: with GLib's a fifth of a parser's instructions are SHA-256.
 */
#include "mail/checksum.h"

#include <glib.h>
#include <nettle/base16.h>
#include <nettle/nettle-meta.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>

static char *checksum(const struct nettle_hash *hash, const char *bytes, size_t length)
{
	union {
		struct sha1_ctx sha1;
		struct sha256_ctx sha256;
	} context;
	uint8_t digest[SHA256_DIGEST_SIZE];
	size_t digits = BASE16_ENCODE_LENGTH(hash->digest_size);
	char *text = g_malloc(digits + 1);

	g_assert(hash->context_size <= sizeof(context) && hash->digest_size <= sizeof(digest));
	hash->init(&context);
	hash->update(&context, length, (const uint8_t *)bytes);
	hash->digest(&context, hash->digest_size, digest);
	base16_encode_update(text, hash->digest_size, digest);
	text[digits] = '\0';
	return text;
}

char *checksum_sha256(const char *bytes, size_t length)
{
	return checksum(&nettle_sha256, bytes, length);
}

char *checksum_sha1(const char *bytes, size_t length)
{
	return checksum(&nettle_sha1, bytes, length);
}
