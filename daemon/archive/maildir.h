/* maildir.h - the files of a Maildir, or of a folder with one mail a file. */
#ifndef PATCHMAILD_MAILDIR_H
#define PATCHMAILD_MAILDIR_H

#include <stdbool.h>
#include <glib.h>

/* Is this folder a Maildir: has it new/ and cur/? */
bool maildir_is(const char *path);

/* The paths of the mails in new/ and cur/, ordered by their names, which begin with the time of delivery.  Files whose
 * names begin with a dot and what is no regular file are left out.  0 and a GPtrArray of char * (the caller unrefs
 * it), or a negative errno. */
int maildir_list(const char *path, GPtrArray **ret_paths);

/* The same of a folder of files; numbers in names are ordered as numbers.  Folders in it are not entered. */
int maildir_list_folder(const char *path, GPtrArray **ret_paths);

#endif
