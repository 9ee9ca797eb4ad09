/* sandbox.h - takes from a parser what it was started with and does not need to read mail. */
#ifndef PATCHMAILD_PARSER_SANDBOX_H
#define PATCHMAILD_PARSER_SANDBOX_H

/* What there is not of a sandbox; each is a bit, none of them the whole sandbox. */
enum sandbox_lack {
	SANDBOX_NO_FILTER = 1,   /* the system calls are not filtered */
	SANDBOX_NO_LANDLOCK = 2, /* Landlock keeps no files from it; the filter then lets it open none */
	SANDBOX_NO_USER = 4,     /* it is root */
};

/* Those without which it is no sandbox. */
#define SANDBOX_NEEDS (SANDBOX_NO_FILTER | SANDBOX_NO_USER)

#define SANDBOX_USER 65534 /* the user and the group that a parser becomes which root started: "nobody" */

/* If this process is root's, it becomes SANDBOX_USER, and has no other group; it has no capabilities afterwards in any
 * case.  What a change of the user undoes, such as the signal at the parent's death, is to be set after this.  0, or
 * SANDBOX_NO_USER. */
unsigned sandbox_change_user(void);

/* Shut it: no new privileges, no look into the process from outside, no files but the modules of character sets, no
 * system calls but those of filter.h.  `socket` is where it may send.  What is read from files has to be read before.
 * All that there is not, of enum sandbox_lack but SANDBOX_NO_USER. */
unsigned sandbox_shut(int socket);

#endif
