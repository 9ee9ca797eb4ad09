/* result.h - what an answer of a receiver means. */
#ifndef PATCHMAILD_HOOK_RESULT_H
#define PATCHMAILD_HOOK_RESULT_H

#include <stddef.h>
#include <stdint.h>

#include "database/hook.h"

/* What a receiver answers over HTTP (RFC 9110 section 15), as far as it counts. */
struct hook_answer {
	unsigned status;     /* 0: it gave none that is final */
	const char *phrase;  /* of the status line; what the receiver says is hostile */
	const char *body;    /* its first bytes */
	int64_t retry_after; /* seconds that it asks for; 0 or less: it does not */
};

/* 2xx: delivered.  408, 425, 429 and 5xx: failed, as an answer without a status.  All others: refused. */
void hook_result_of_answer(const struct hook_answer *answer, struct hook_result *ret_result);

/* What a wait status (waitpid(2)) means of a command, whose messages begin so: 0 delivered, all else failed. */
void hook_result_of_command(int waited, const char *said, struct hook_result *ret_result);

/* It failed, for this reason in words, which may hold anything. */
void hook_result_fail(struct hook_result *ret_result, const char *reason);

#endif
