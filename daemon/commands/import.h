/* import.h - the command `import`: the mails of archives. */
#ifndef PATCHMAILD_IMPORT_H
#define PATCHMAILD_IMPORT_H

extern const char import_help[];

/* Run it; `arguments` begin with the command's name, `config_path` may be NULL.  Gives the exit code: 0; 64 bad usage;
 * 65 a path is no archive of mail, and nothing was stored; 66 something could not be read (the rest was imported); 67
 * every mail was ignored; 75 stopped at a mail that has to be tried again.  A signal that stops it ends the process. */
int import_run(const char *config_path, int count, char **arguments);

#endif
