/* conninfo.h - what is wrong with a connection string of libpq. */
#ifndef PATCHMAILD_SETTINGS_CONNINFO_H
#define PATCHMAILD_SETTINGS_CONNINFO_H

/* NULL: nothing; else in words, which name the place and repeat no value (the caller frees them).  A word is repeated
 * only where it is much like a keyword of libpq: any other may be a piece of a password. */
char *conninfo_fault(const char *conninfo);

#endif
