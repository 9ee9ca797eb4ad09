/* header.h - header fields as they came, and decoded (RFC 5322 section 2.2, RFC 2047).
 *
 * A header_list is the header block of one message, cut by us and not by a MIME library, so that
 * order, folding, repeats and odd bytes are kept.  Everything else reads fields through it.
 */
#ifndef PATCHMAILD_HEADER_H
#define PATCHMAILD_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <glib.h>

/* One field.  Both strings are NUL-terminated, hold no other NUL, and are owned by the list. */
struct header_field {
	char *name; /* as spelled, without the colon and blanks before it */
	bool plain; /* every program reads it so: no blanks before the colon, no NUL in its value */
	/* Raw bytes after the colon, without leading blanks; folding kept, LF line ends, no final newline. */
	char *value;
};

struct header_list {
	GPtrArray *fields; /* of struct header_field, in order */
};

/* Cut the fields out of the start of `bytes`.  The block ends at the first empty line, at the first line
 * that is neither a field nor a continuation, or at the end of the input; CRLF and bare LF both end a line.
 * *ret_body is the offset of the first byte of the body.  Never fails: no field gives an empty list. */
void header_list_init(struct header_list *list, const char *bytes, size_t length, size_t *ret_body);
void header_list_release(struct header_list *list);

/* The raw value of the first field of that name (ASCII case ignored), or NULL.  Owned by the list. */
const char *header_first(const struct header_list *list, const char *name);

/* The n-th (from 0) field of that name, or NULL. */
const struct header_field *header_nth(const struct header_list *list, const char *name, unsigned n);

/* Does this field hide one of that name, so that some programs see it and others do not: is it of that name but not
 * plain, or does its value hold one after a bare CR, which some take for the end of a line? */
bool header_hides(const struct header_field *field, const char *name);

/* The decoded text of a raw value: unfolded, RFC 2047 words decoded (adjacent ones joined), raw UTF-8 kept,
 * other raw bytes read as windows-1252, white space folded to one blank, trimmed.  The caller frees it. */
char *header_decode(const char *raw);

/* The same of the first field of that name, or NULL.  The caller frees it. */
char *header_decode_first(const struct header_list *list, const char *name);

/* A raw value as UTF-8 with its RFC 2047 words mended but not decoded, for GMime's address parser: raw UTF-8 is
 * kept, other raw bytes are read as windows-1252, adjacent Base64 words are made one.  The caller frees it. */
char *header_mend(const char *raw);

/* The block as it is stored: "Name: value" lines joined by LF, folding kept, every byte run that is not UTF-8
 * written as an RFC 2047 unknown-8bit word (RFC 1428).  The caller frees it. */
char *header_list_text(const struct header_list *list);

#endif
