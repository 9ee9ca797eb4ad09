/* kind.h - what a file is, by its first bytes. */
#ifndef PATCHMAILD_KIND_H
#define PATCHMAILD_KIND_H

#include <stdbool.h>
#include <stddef.h>

#define KIND_LOOK 16384 /* bytes that are looked at */

enum kind {
	KIND_EMPTY,
	KIND_MAIL, /* one mail */
	KIND_MBOX,
	KIND_TAR,
	KIND_GZIP,
	KIND_XZ,
	KIND_ZSTD,
	KIND_BZIP2,
	KIND_OTHER,
};

/* What it is.  `bytes` are its first KIND_LOOK, or with `whole` all of it. */
enum kind kind_of(const char *bytes, size_t length, bool whole);

/* "gzip"; NULL if it is not compressed. */
const char *kind_compression(enum kind kind);

/* What a file of KIND_OTHER is instead, for people: "is a zip file". */
const char *kind_other(const char *bytes, size_t length);

#endif
