/* patch_id.h - git's patch-id of a diff: what `git patch-id --stable` says of it. */
#ifndef PATCHMAILD_PATCH_ID_H
#define PATCHMAILD_PATCH_ID_H

#define PATCH_ID_LENGTH 40

/* The patch-id as 40 lower-case hexadecimal digits, or NULL of a diff for which git has none: one without a "diff "
 * line.  Where git prints several, since text stands between the files, it is their sum, which is that of the commit
 * with all these files.  The caller frees it. */
char *patch_id(const char *diff);

#endif
