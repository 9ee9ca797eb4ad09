/* follow.h - the command `follow`: read an archive as it grows. */
#ifndef PATCHMAILD_FOLLOW_H
#define PATCHMAILD_FOLLOW_H

extern const char follow_help[];

/* Run it; `arguments` begin with the command's name.  Gives the exit code: 0 after SIGTERM or SIGINT, and with --once
 * if everything went well; 64 bad usage, 75 with --once if anything did not, 78 bad configuration. */
int follow_run(const char *config_path, int count, char **arguments);

#endif
