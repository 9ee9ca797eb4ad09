/* notify.h - the command `notify`: serves a hook. */
#ifndef PATCHMAILD_COMMANDS_NOTIFY_H
#define PATCHMAILD_COMMANDS_NOTIFY_H

extern const char notify_help[];

/* Run it; `arguments` begin with the command's name.  Gives the exit code: 0 after SIGTERM or SIGINT, and with --once
 * if all is delivered; 64 bad usage, 75 with --once if it is not, 78 bad configuration. */
int notify_run(const char *config_path, int count, char **arguments);

#endif
