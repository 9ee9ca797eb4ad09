/* options.h - the options and arguments of a command. */
#ifndef PATCHMAILD_OPTIONS_H
#define PATCHMAILD_OPTIONS_H

#include <stdbool.h>

#include <getopt.h>

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

/* What is wrong with the option at which getopt_long() gave '?' or, since the first character behind `+` is `:`, ':'; `where`
 * is "" or " of COMMAND".  The caller frees it. */
char *options_wrong(int found, char *const *arguments, const struct option *known, const char *where);

/* The value of an option that may be given once, and not empty: to *value, which is NULL before.  NULL, or what is wrong (the
 * caller frees it). */
char *options_set(const char **value, const char *name, const char *needs);

/* Read what stands behind the command, whose name is arguments[0].  True to go on.  False, and what is wrong in words (the
 * caller frees it); NULL where help was asked for, which then has been printed. */
bool options_read(struct options *options, int count, char **arguments, char **ret_reason);

/* The exit code of a command whose options were not to be gone on with: tells the reason, and frees it. */
int options_end(char *reason);

#endif
