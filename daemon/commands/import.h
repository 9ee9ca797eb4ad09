/* import.h - the command `import`: mails out of mbox files, Maildirs and folders. */
#ifndef PATCHMAILD_IMPORT_H
#define PATCHMAILD_IMPORT_H

extern const char import_help[];

/* Run it; `arguments` begin with the command's name, `config_path` may be NULL.  Gives the exit code: 0, 64 bad usage,
 * 66 something could not be read (the rest was imported), 75 stopped at a message that has to be tried again. */
int import_run(const char *config_path, int count, char **arguments);

#endif
