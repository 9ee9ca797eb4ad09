/* secret.h - reads a secret: from a file, from what a command prints, from what systemd hands over. */
#ifndef PATCHMAILD_SECRET_H
#define PATCHMAILD_SECRET_H

#include <stddef.h>
#include <glib.h>

#define SECRET_MAX 16384  /* bytes of a secret */
#define SECRET_SECONDS 30 /* for all of it: until a command has ended, until somebody writes to a FIFO */

/* All of these: the whole text and its length (the caller wipes and frees it; a NUL follows it), or NULL and a
 * reason in words, one line (the caller frees it).  `call` is a descriptor or -1: as soon as it can be read,
 * nothing is waited for any more. */

/* A file that others than its owner and group can read, or others than its owner change, is refused. */
char *secret_of_file(const char *path, int call, size_t *ret_length, char **ret_reason);

/* What a command prints that ends with 0.  What it leaves running may keep its output open.  One that takes too long or
 * prints too much is ended, with its process group. */
char *secret_of_command(const GStrv command, int call, size_t *ret_length, char **ret_reason);

/* The credential of that name, of LoadCredential=. */
char *secret_of_credential(const char *name, int call, size_t *ret_length, char **ret_reason);

#endif
