/* explain.h - the command `explain`: in words, who is believed about the sender of a mail. */
#ifndef PATCHMAILD_EXPLAIN_H
#define PATCHMAILD_EXPLAIN_H

extern const char explain_help[];

/* Run it; `arguments` begin with the command's name.  Gives the exit code: 0, also if the database cannot be asked
 * for policies; 64 bad usage, 65 the mail cannot be parsed, 66 it cannot be read, 74 the output cannot be written, 75
 * bad configuration, or the parser process could not be used. */
int explain_run(const char *config_path, int count, char **arguments);

#endif
