/* parse.h - the command `parse`: prints the facts of mails, without a database. */
#ifndef PATCHMAILD_PARSE_H
#define PATCHMAILD_PARSE_H

extern const char parse_help[];

/* Run it; `arguments` begin with the command's name.  Gives the exit code: 0, 64 bad usage, 65 a path is no archive of
 * mail, 66 something could not be read (the others were parsed), 75 the parser process could not be used, 74 the output
 * could not be written. */
int parse_run(const char *config_path, int count, char **arguments);

#endif
