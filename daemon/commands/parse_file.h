/* parse_file.h - the facts of one mail in a file. */
#ifndef PATCHMAILD_PARSE_FILE_H
#define PATCHMAILD_PARSE_FILE_H

#include <stddef.h>

#include "parser/pool.h"

/* Why a mail of this size is not given to the parsers (a constant), or NULL. */
const char *parse_refusal(size_t length);

/* The facts of the mail in a file; `-` is standard input.  `list_id` is the list whose mail it is; NULL: what it says.
 * 0 and the facts (the caller frees them), or an exit code, 66 if the file cannot be read, 75 if the parser process
 * could not be used; what was wrong has been logged. */
int parse_file(struct parser_pool *parsers, const char *path, const char *list_id, char **ret_facts);

#endif
