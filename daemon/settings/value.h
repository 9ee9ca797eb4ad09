/* value.h - takes the values of keys: texts, numbers, words of a list. */
#ifndef PATCHMAILD_VALUE_H
#define PATCHMAILD_VALUE_H

#include <stdbool.h>

/* A line that is not empty, in place of the text that was there, which is freed. */
bool value_text(char **text, const char *value);

/* A decimal number between two. */
bool value_number(unsigned *number, const char *value, unsigned least, unsigned most);

/* The place of a value in a list of names that ends with NULL, or -1. */
int value_choice(const char *value, const char *const names[]);

#endif
