/* import_stop.h - SIGINT and SIGTERM end an import after what is on its way; the second one ends it at once. */
#ifndef PATCHMAILD_IMPORT_STOP_H
#define PATCHMAILD_IMPORT_STOP_H

/* From now on the first of these signals only makes a descriptor, the caller's, readable.  The descriptor, or a
 * negative errno. */
int import_stop_init(void);

/* The signal that came, or 0. */
int import_stop_signal(void);

/* End as that signal would have ended the process, so that whoever waits for it knows. */
void import_stop_end(void);

#endif
