/* sieve_line.h - the parts of the sieve that read whole lines: statuses, CAPABILITY, LIST.
 *
 * A line is NUL-terminated, without its end and with no NUL in it; literals stand in it as quoted strings.
 */
#ifndef PATCHMAILD_IMAP_SIEVE_LINE_H
#define PATCHMAILD_IMAP_SIEVE_LINE_H

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>

/* OK, NO, BAD, PREAUTH or BYE, a response code, and a text. */
struct sieve_status {
	const char *word;  /* one of these five, in capitals */
	char *code, *rest; /* "UIDNEXT" in capitals and "7", for "[UIDNEXT 7]"; NULL and "": there is none */
	const char *text;  /* in the line; may be "" */
};

/* Read what comes after the tag.  False if it is no status; else it is to be released. */
bool sieve_status_read(const char *line, struct sieve_status *ret_status);
void sieve_status_release(struct sieve_status *status);

/* Write "TAG WORD [CODE] text" for libetpan: with no other codes than atoms, and never without a text. */
void sieve_status_write(const char *tag, const struct sieve_status *status, GString *out);

/* The next word of a line (blanks end it): 0 and *line at what follows it, or its length. */
size_t sieve_line_word(const char **line, const char **ret_word);

/* Is it the word? */
bool sieve_line_is(const char *word, size_t length, const char *expected);

/* Write "* CAPABILITY" and those of the names in a line that are names.  IMAP4rev1 is always among them, and with
 * IMAP4rev2 what that includes (RFC 9051 appendix E); libetpan falls over an empty list. */
void sieve_line_capability(const char *names, GString *out);

/* Write "* LIST" and what comes after that word, without what RFC 5258 adds, and of the flags \Noselect alone, which
 * also stands for \NonExistent; nothing, if the name has an end of line in it.  False if it cannot be read. */
bool sieve_line_list(const char *rest, GString *out);

#endif
