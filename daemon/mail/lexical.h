/* lexical.h - the lexical tokens of structured header fields (RFC 5322 section 3.2, RFC 2045 section 5.1).
 *
 * A cursor walks over one field value; grammars such as RFC 8601's are written with these few steps.  Text is UTF-8
 * (RFC 6532) without control characters but tabs and folds: lexical_is_text() says so before anything is read.
 */
#ifndef PATCHMAILD_LEXICAL_H
#define PATCHMAILD_LEXICAL_H

#include <stdbool.h>
#include <glib.h>

struct lexical {
	const char *at; /* the next byte; the text ends with NUL and is the caller's */
};

/* Is a field value one that may be read: valid UTF-8, no control character but tab and the line feed of a fold? */
bool lexical_is_text(const char *value);

/* Go over CFWS: blanks, folds, comments, which nest and have quoted pairs.  0, 1 if there was some, or -EBADMSG where a
 * comment does not end.  (RFC 5322 section 3.2.2) */
int lexical_skip_cfws(struct lexical *text);

/* Go over a comment that begins here and ends; else nothing is taken. */
bool lexical_skip_comment(struct lexical *text);

/* Go over one character, if it is the next. */
bool lexical_skip_char(struct lexical *text, char wanted);

/* The quoted string that begins here, without its quotes, folds and backslashes; NULL if none begins or it does not
 * end, and then nothing is taken.  The caller frees it.  (RFC 5322 section 3.2.4) */
char *lexical_quoted_string(struct lexical *text);

/* The run of characters that stand in atoms, and of dots; NULL without any.  The caller frees it.  (RFC 5322 section
 * 3.2.3) */
char *lexical_dot_atoms(struct lexical *text);

/* A keyword: letters, digits and `-`, the last one no `-`; NULL without one.  The caller frees it.  (RFC 5321 section
 * 4.1.2, Keyword) */
char *lexical_keyword(struct lexical *text);

/* A number of at most nine digits, -1 without one. */
int lexical_number(struct lexical *text);

/* Is a run of atoms and dots an RFC 2045 token: none of / = ? in it, and not empty? */
bool lexical_is_token(const char *run);

/* Is it a dot-atom: atoms with single dots between them?  (RFC 5321 section 4.1.2, Dot-string) */
bool lexical_is_dot_atom(const char *run);

/* Is it a domain name of two labels or more, letter-digit-hyphen or U-labels?  (RFC 6376 section 3.5, RFC 8616) */
bool lexical_is_domain(const char *run);

#endif
