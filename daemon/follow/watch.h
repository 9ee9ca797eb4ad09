/* watch.h - notices that there are new commits in the repositories of an archive: inotify(7) on their references. */
#ifndef PATCHMAILD_FOLLOW_WATCH_H
#define PATCHMAILD_FOLLOW_WATCH_H

#include <stdbool.h>

struct follow_watch;

/* Watches nothing yet. */
struct follow_watch *follow_watch_new(void);
void follow_watch_free(struct follow_watch *watch);

/* Watch the archive at `path` as it is now; call it before the archive is read, so that nothing is missed that comes
 * meanwhile.  0, or a negative errno if a part of it cannot be watched; what is not there is no error. */
int follow_watch_look(struct follow_watch *watch, const char *path);

/* A descriptor that can be read when something has happened, or -1. */
int follow_watch_descriptor(const struct follow_watch *watch);

/* Take what has happened: may there be new commits, or a new repository? */
bool follow_watch_take(struct follow_watch *watch);

#endif
