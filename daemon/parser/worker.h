/* worker.h - what runs in the process that parses mail. */
#ifndef PATCHMAILD_PARSER_WORKER_H
#define PATCHMAILD_PARSER_WORKER_H

#include <stdbool.h>

#include "parser/frame.h"

/* What a parser program does. */
struct parser_program {
	/* Read what is read from files, since a sandbox lets none be opened.  NULL: there is nothing. */
	void (*prepare)(void);
	/* Take the settings; false if they are none.  NULL: it has no use for them. */
	bool (*take_settings)(const char *text);
	/* The facts of a mail, allocated; or with a `reason` the facts of a mail that is rejected for it. */
	char *(*parse)(const struct parser_mail *mail, const char *reason);
};

/* The whole of a parser program: give up what it was born with, then parse one mail after the other until there are no
 * more.  `arguments` are those of main(): the process that it ends with, and which sandbox there is to be, in the words
 * of settings/configuration.h.  The exit status. */
int parser_worker_run(int count, char **arguments, const struct parser_program *program);

#endif
