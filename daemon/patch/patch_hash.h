/* patch_hash.h - Patchwork's hash of a diff: SHA-1 over its normalised lines. */
#ifndef PATCHMAILD_PATCH_HASH_H
#define PATCHMAILD_PATCH_HASH_H

#define PATCH_HASH_LENGTH 40

/* The hash of a diff as 40 lower-case hexadecimal digits.  The caller frees it. */
char *patch_hash(const char *diff);

#endif
