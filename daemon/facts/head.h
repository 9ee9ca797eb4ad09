/* head.h - what the facts of any mail begin with, and all that is said of one that nobody may look at. */
#ifndef PATCHMAILD_HEAD_H
#define PATCHMAILD_HEAD_H

#include <stddef.h>

#include <jansson.h>

#define FACTS_VERSION 1

/* The one place where text becomes JSON: what is no UTF-8 in it becomes U+FFFD; NULL is null. */
json_t *facts_string(const char *text);

/* Begin a document with the version, the size in bytes, the SHA-256 in hexadecimal, and no problems. */
void facts_set_head(json_t *facts, size_t size, const char *sha256);

/* A document as text on one line, keys in the order in which they were set.  Takes the reference; the caller frees the
 * text (g_free). */
char *facts_text(json_t *facts);

/* The facts of a mail that is rejected for `reason` and of which nothing is known but its length and its hash.  The
 * caller frees them (g_free). */
char *facts_of_unread(const char *bytes, size_t length, const char *reason);

/* The facts of a mail, made from those of its beginning: its own size and hash are not known yet.  NULL if these are no
 * JSON object; else the caller frees them (g_free). */
char *facts_of_beginning(const char *facts);

#endif
