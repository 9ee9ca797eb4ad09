/* reparse.h - the command `reparse`: brings stored mail in line with what the present parser reads in it. */
#ifndef PATCHMAILD_REPARSE_H
#define PATCHMAILD_REPARSE_H

extern const char reparse_help[];

/* arguments[0] is "reparse".  Returns an exit code of sysexits(3). */
int reparse_run(const char *config_path, int count, char **arguments);

#endif
