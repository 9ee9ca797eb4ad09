/* fold.h - text in the form in which words and names are compared. */
#ifndef PATCHMAILD_FOLD_H
#define PATCHMAILD_FOLD_H

#include <stddef.h>

/* `length` bytes of UTF-8 in lower case, without accents and characters that cannot be seen; compatible characters are
 * one (full-width letters and plain ones), white space is folded and trimmed.  The caller frees it. */
char *fold_text(const char *text, size_t length);

#endif
