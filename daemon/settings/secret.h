/* secret.h - reads a secret: from a file, from what a command prints, from what systemd hands over. */
#ifndef PATCHMAILD_SECRET_H
#define PATCHMAILD_SECRET_H

#include <glib.h>

#define SECRET_MAX 16384  /* bytes of a secret */
#define SECRET_SECONDS 30 /* that a command has to print one */

/* All of these: the whole text (the caller wipes and frees it), or NULL and a reason in words, one line (the caller
 * frees it). */

/* A file that others than its owner and group can read, or others than its owner change, is refused. */
char *secret_of_file(const char *path, char **ret_reason);

/* What a command prints that ends with 0. */
char *secret_of_command(const GStrv command, char **ret_reason);

/* The credential of that name, of LoadCredential=. */
char *secret_of_credential(const char *name, char **ret_reason);

#endif
