/* deliver.h - the command `deliver`: one message from standard input (Postfix pipe(8), aliases, procmail, Sieve). */
#ifndef PATCHMAILD_DELIVER_H
#define PATCHMAILD_DELIVER_H

#define DELIVER_GRACE 10 /* seconds after the deadline after which SIGALRM ends a process that is stuck */

extern const char deliver_help[];

/* Run it; `arguments` begin with the command's name, `config_path` may be NULL.  Gives the exit code: 0, 75, or 77. */
int deliver_run(const char *config_path, int count, char **arguments);

#endif
