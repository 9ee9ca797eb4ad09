/* parser_worker.h - what runs in the process that parses mail, and the frames between it and parser_process.h. */
#ifndef PATCHMAILD_PARSER_WORKER_H
#define PATCHMAILD_PARSER_WORKER_H

#include <stddef.h>
#include <stdint.h>

#include "parser_process.h"

/* What a worker ends with that could not be set up: no fault of any mail. */
#define PARSER_EXIT_SETUP 70

#define PARSER_MAGIC UINT32_C(0x50744d64)

/* To a worker: this, then the reason, then the mail. */
struct parser_request {
	uint32_t magic;
	uint32_t rejected; /* 1: the facts of a rejected mail are wanted */
	uint64_t reason_length, length;
};

/* From a worker: this, then the facts without a final NUL. */
struct parser_reply {
	uint32_t magic;
	uint32_t unused;
	uint64_t length;
};

/* The facts of a mail, allocated; or with a `reason` the facts of a mail that is rejected for it. */
typedef char *parser_function(const char *bytes, size_t length, const char *reason);

/* The whole of a parser program: give up what it was born with, then parse one mail after the other until there are no
 * more.  `arguments` are those of main(): the process that it ends with, and perhaps one more, which is for the program.
 * The exit status. */
int parser_worker_run(int count, char **arguments, parser_function *parse);

#endif
