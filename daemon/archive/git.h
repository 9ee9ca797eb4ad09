/* git.h - runs git in a repository that may be anybody's: it reads objects, and nothing of the repository is executed.
 *
 * Only commands that run no hook, filter, pager or helper are asked for.  The repository is named, not looked for;
 * git's environment is ours alone; objects that are missing are not fetched, whatever its configuration says.
 */
#ifndef PATCHMAILD_GIT_H
#define PATCHMAILD_GIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <glib.h>

#define GIT_ID_MAX 64 /* hexadecimal digits of an object's name */

/* A git that runs. */
struct git;

/* Start it: `input` is its standard input (taken over) or -1; with `writes` git_write() feeds it.  0 or a negative
 * errno, with a reason. */
int git_start(const char *git_dir, const char *const *arguments, int input, bool writes, struct git **ret_git,
              char **ret_reason);

/* Its standard output, for another one's input; nothing of it can be read here then. */
int git_take_output(struct git *git);

/* Write to its standard input: 0 or a negative errno. */
int git_write(struct git *git, const char *bytes, size_t length);

/* Read up to the delimiter, which is left out, into a string that holds `size` bytes; what is too long is cut.  1, 0 at
 * the end of the output, or a negative errno. */
int git_read_word(struct git *git, char delimiter, char *word, size_t size);

/* Up to `size` bytes of its output, 0 at the end, or a negative errno. */
ssize_t git_read(struct git *git, char *buffer, size_t size);

/* Wait for it; it is killed if there is output left.  Its exit status, -1 if it died otherwise.  `ret_error`, which may
 * be NULL, is the first line that it wrote to stderr (the caller frees it). */
int git_end(struct git *git, char **ret_error);

/* Run it to its end: its exit status, and the first line of its output without the newline, "" if there is none; or a
 * negative errno.  `ret_reason` is set if the answer is not 0. */
int git_ask(const char *git_dir, const char *const *arguments, char **ret_line, char **ret_reason);

/* Is there a repository at `path`, bare or in .git?  Its folder (the caller frees it), or NULL. */
char *git_folder(const char *path);

#endif
