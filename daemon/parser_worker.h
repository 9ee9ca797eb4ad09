/* parser_worker.h - what runs in the process that parses mail, and the frames between it and parser_process.h. */
#ifndef PATCHMAILD_PARSER_WORKER_H
#define PATCHMAILD_PARSER_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parser_process.h"

/* What a worker ends with that could not be set up: no fault of any mail. */
#define PARSER_EXIT_SETUP 70

#define PARSER_MAGIC UINT32_C(0x50744d64)

enum parser_kind {
	PARSER_PARSE,    /* the facts of a mail are wanted */
	PARSER_REJECT,   /* those of one that is rejected; the text is the reason */
	PARSER_SETTINGS, /* nothing is wanted; the text is that of trust_settings_text() */
};

/* To a worker: this, then the text, then the list id, then the mail. */
struct parser_request {
	uint32_t magic;
	uint32_t kind;
	uint64_t text_length, list_id_length, length;
};

/* From a worker: this, then the facts without a final NUL. */
struct parser_reply {
	uint32_t magic;
	uint32_t unused;
	uint64_t length;
};

/* What a parser program does. */
struct parser_program {
	/* Take the settings; false where they are none.  NULL: it has no use for them. */
	bool (*take_settings)(const char *text);
	/* The facts of a mail, allocated; or with a `reason` the facts of a mail that is rejected for it. */
	char *(*parse)(const struct parser_mail *mail, const char *reason);
};

/* The whole of a parser program: give up what it was born with, then parse one mail after the other until there are no
 * more.  `arguments` are those of main(): the process that it ends with.  The exit status. */
int parser_worker_run(int count, char **arguments, const struct parser_program *program);

#endif
