/* value.h - takes the values of keys: texts, numbers, words of a list. */
#ifndef PATCHMAILD_VALUE_H
#define PATCHMAILD_VALUE_H

#include <stdbool.h>

#include "base/key_file.h"

/* A text that is not empty, in place of the text that was there, which is freed.  Quotes around all of it do not belong
 * to it.  Refused are other quotes at its beginning or end, and two backslashes in a row: one stands for itself, and
 * who writes two thinks of another kind of file. */
bool value_text(char **text, const char *value);

/* The same for one line of a shell: an absolute path and arguments. */
bool value_command(char ***command, const char *value);

/* A decimal number between two. */
bool value_number(unsigned *number, const char *value, unsigned least, unsigned most);

/* A number of bytes from 1 on; K, M or G may follow it (1024, 1024^2, 1024^3). */
bool value_size(size_t *size, const char *value);

/* The place of a value in a list of names that ends with NULL, or -1. */
int value_choice(const char *value, const char *const names[]);

/* Note that a key has a value of another form, and what may be the cause, without the value.  Gives false. */
bool value_refuse(struct key_file_fault *fault, const char *group, const struct key_file_key *key, const char *form);

/* Note a key that is not known, with the one that is like it in a table of keys (key_file_suggest()).  Gives false. */
bool value_unknown(struct key_file_fault *fault, const char *group, const struct key_file_key *key, const void *table,
                   size_t count, size_t size);

#endif
