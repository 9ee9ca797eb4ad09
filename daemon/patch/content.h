/* content.h - what a mail says in words, and what it changes: the comment and the diff out of its text parts. */
#ifndef PATCHMAILD_CONTENT_H
#define PATCHMAILD_CONTENT_H

#include "mail/message.h"
#include "patch/subject.h"

/* Read the comment, without blanks around it, the diff, NULL if there is none, and what was cut from the ends of both,
 * signatures and list footers, empty in a reply; the caller frees all three.  A reply is all comment; so is number 0
 * of a series, unless it is a pull request. */
void content_read(struct message *message, const struct subject *subject, char **ret_comment, char **ret_diff,
                  char **ret_footer);

#endif
