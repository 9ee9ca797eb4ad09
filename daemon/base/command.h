/* command.h - a command of the configuration while it runs: its end, and its first words on stderr. */
#ifndef PATCHMAILD_COMMAND_H
#define PATCHMAILD_COMMAND_H

#include <sys/types.h>
#include <glib.h>

struct command {
	pid_t pid;
	int ended;     /* can be read when it has ended */
	int errors;    /* what it says on stderr; -1: closed */
	GString *said; /* the first words of that */
};

/* Start it: an absolute path and arguments, with one variable more in its environment, a process group of its own,
 * stdin `input` (or CHILD_NULL) and stdout /dev/null.  0 (command_release() is needed when it has been waited for) or a
 * negative errno. */
int command_start(struct command *command, GStrv arguments, const char *variable, const char *value, int input);
void command_release(struct command *command);

/* Read a piece of what it says; for when `errors` can be read. */
void command_listen(struct command *command);

/* What is wrong with how it ended, by its wait status and what it said (the caller frees it), or NULL. */
char *command_fault(int waited, const char *said);

#endif
