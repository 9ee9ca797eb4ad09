/* options.h - the options and arguments of a command. */
#ifndef PATCHMAILD_OPTIONS_H
#define PATCHMAILD_OPTIONS_H

#include <stdbool.h>

struct options {
	/* What the command takes; --help it always does. */
	const char *help; /* what that prints */
	bool takes_list_id, takes_once;
	int least, most;   /* arguments behind the options */
	const char *needs; /* what is wrong with fewer or more: "needs one file" */
	/* What it was given, owned by the caller of main(). */
	const char *list_id; /* --list-id, or NULL */
	bool once;           /* --once */
	int count;
	char **arguments;
};

/* Read what stands behind the command, whose name is arguments[0].  True to go on.  False, and what is wrong in words (the
 * caller frees it); NULL where help was asked for, which then has been printed. */
bool options_read(struct options *options, int count, char **arguments, char **ret_reason);

/* The exit code of a command whose options were not to be gone on with: tells the reason, and frees it. */
int options_end(char *reason);

#endif
