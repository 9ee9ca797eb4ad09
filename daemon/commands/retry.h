/* retry.h - the command `retry`: mail in quarantine that an admin has marked. */
#ifndef PATCHMAILD_RETRY_H
#define PATCHMAILD_RETRY_H

extern const char retry_help[];

/* Run it; `arguments` begin with the command's name, `config_path` may be NULL.  Gives the exit code: 0, 64 bad usage,
 * 75 stopped at a mail that has to be tried again, or there is no database. */
int retry_run(const char *config_path, int count, char **arguments);

#endif
