/* programs.h - where the other programs of patchmaild are. */
#ifndef PATCHMAILD_PROGRAMS_H
#define PATCHMAILD_PROGRAMS_H

/* The path of a program: beside the running one if there is a file `name` that may be run (the build tree), else
 * `installed`.  The caller frees it. */
char *programs_find(const char *name, const char *installed);

#endif
