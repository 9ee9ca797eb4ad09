/* imap.h - the command `imap`: follow the mailboxes of an IMAP account. */
#ifndef PATCHMAILD_IMAP_H
#define PATCHMAILD_IMAP_H

extern const char imap_help[];

/* Run it; `arguments` begin with the command's name.  Gives the exit code: 0 after SIGTERM or SIGINT, and with --once
 * if everything went well; 64 bad usage, 75 with --once if anything did not, 78 bad configuration. */
int imap_run(const char *config_path, int count, char **arguments);

#endif
