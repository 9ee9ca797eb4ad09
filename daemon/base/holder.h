/* holder.h - the name of this process, by which it holds an account, and whether one of that name has ended. */
#ifndef PATCHMAILD_HOLDER_H
#define PATCHMAILD_HOLDER_H

#include <stdbool.h>

/* "process 123 of HOST, " and what only this one of all processes with that number has.  The caller frees it. */
char *holder_name(void);

/* The part of a name that is for people: "process 123 of HOST".  The caller frees it. */
char *holder_in_words(const char *name);

/* Was that one a process of this machine, and is it certain that it has ended? */
bool holder_is_gone(const char *name);

#endif
