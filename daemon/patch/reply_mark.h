/* reply_mark.h - what mail programs put before the subject of a reply and of a forwarded mail, in many languages. */
#ifndef PATCHMAILD_REPLY_MARK_H
#define PATCHMAILD_REPLY_MARK_H

#include <stdbool.h>

enum reply_mark {
	REPLY_MARK_NONE,
	REPLY_MARK_REPLY,   /* Re:, AW:, RES:, 答复: ... */
	REPLY_MARK_FORWARD, /* Fwd:, WG:, 转发: ... */
};

/* Which mark a decoded subject begins with.  Tags may stand before it, as a list or a mail gateway puts them: [name],
 * (name), *name*, 【name】, bug#1234:, EXTERNAL:.  A tag that a patch has itself (PATCH, RFC, PULL, v2, 1/2) ends the
 * search: what follows is the patch's title.  Case, accents, full-width letters and colons, and any blanks before the
 * colon do not matter; `Re[2]:`, `Re(2):` and `Re^2:` are marks.
 *
 * Words that the title of a patch may begin with as well (`res: fix a leak`) are only marks if a patch's tag or a mark
 * that is sure follows, or if the mail `refers` to others and the word is written as mail programs write it.
 *
 * A mail that is forwarded with references answers what it refers to, and so is a reply, but after Fwd: and Fw:, which
 * people put before a patch that they hand on.
 *
 * *ret_rest is what follows the mark, if it stands at the very beginning; else `text`. */
enum reply_mark reply_mark_read(const char *text, bool refers, const char **ret_rest);

/* The end of the `bug#1234:` (or `bug #1234:`) of a bug tracker that `text` begins with, or NULL. */
const char *reply_mark_skip_bug(const char *text);

#endif
