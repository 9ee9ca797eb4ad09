/* lmtp.h - the command `lmtp`: take mail from an MTA by LMTP. */
#ifndef PATCHMAILD_LMTP_H
#define PATCHMAILD_LMTP_H

extern const char lmtp_help[];

/* Run it; `arguments` begin with the command's name.  Gives the exit code: 0 when the client is gone or after SIGTERM;
 * 64 bad usage, 75 it cannot listen, 78 bad configuration. */
int lmtp_run(const char *config_path, int count, char **arguments);

#endif
