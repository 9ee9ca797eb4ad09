/* options.h - the options and arguments of a command. */
#ifndef PATCHMAILD_OPTIONS_H
#define PATCHMAILD_OPTIONS_H

#include <stdbool.h>

#include <getopt.h>

/* An option of a command: --NAME, or --NAME VALUE. */
struct options_row {
	const char *name;
	const char *needs;  /* what its value is, "a list id"; NULL: it has none */
	const char **value; /* where the value goes, which is NULL before; it may be given once, and not empty */
	bool *given;        /* that an option without a value is there, which is false before */
	char letter;        /* -LETTER is the same; 0: there is none */
};

struct options {
	/* What the command takes; --help it always does. */
	const char *help;                /* what that prints */
	const struct options_row *table; /* the last row has no name; NULL: no options */
	int least, most;                 /* arguments after the options */
	const char *needs;               /* what is wrong with fewer or more: "needs one file" */
	/* The arguments that it was given, owned by the caller of main(). */
	int count;
	char **arguments;
};

/* What is wrong with the option at which getopt_long() gave '?' or, since the first character after `+` is `:`, ':';
 * `where` is "" or " of COMMAND".  The caller frees it. */
char *options_wrong(int found, char *const *arguments, const struct option *known, const char *where);

/* The value of an option that may be given once, and not empty: to *value, which is NULL before.  NULL, or what is
 * wrong (the caller frees it). */
char *options_set(const char **value, const char *name, const char *needs);

/* Read what follows the command, whose name is arguments[0].  True to go on.  False, and what is wrong in words (the
 * caller frees it); NULL if help was asked for, which then has been printed. */
bool options_read(struct options *options, int count, char **arguments, char **ret_reason);

/* The exit code if options_read() gave false: logs the reason, and frees it. */
int options_end(char *reason);

#endif
