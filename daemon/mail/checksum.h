/* checksum.h - SHA-256 and SHA-1 in hexadecimal digits. */
#ifndef PATCHMAILD_CHECKSUM_H
#define PATCHMAILD_CHECKSUM_H

#include <stddef.h>

/* In lower case; the caller frees it. */
char *checksum_sha256(const char *bytes, size_t length);
char *checksum_sha1(const char *bytes, size_t length);

#endif
