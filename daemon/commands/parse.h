/* parse.h - the command `parse`: prints the facts of mails, without a database. */
#ifndef PATCHMAILD_PARSE_H
#define PATCHMAILD_PARSE_H

#include "parser/pool.h"

extern const char parse_help[];

/* Run it; `arguments` begin with the command's name.  Gives the exit code: 0, 64 bad usage, 66 a file could not be
 * read (the others were parsed), 75 the parser process could not be used, 74 the output could not be written. */
int parse_run(const char *config_path, int count, char **arguments);

/* The facts of the mail in a file; `-` is standard input.  `list_id` is the list whose mail it is; NULL: what it
 * says.  0 and the facts (the caller frees them), or an exit code as above, and what was wrong has been logged. */
int parse_file(struct parser_pool *parsers, const char *path, const char *list_id, char **ret_facts);

#endif
