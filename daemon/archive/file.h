/* file.h - a file with mails in it: an mbox or one mail, compressed or not. */
#ifndef PATCHMAILD_FILE_H
#define PATCHMAILD_FILE_H

#include "archive/kind.h"
#include "archive/mbox.h"
#include "archive/stream.h"
#include "archive/visit.h"

/* A file of which the mails are given. */
struct mail_file {
	const char *path;      /* for people, and to open it */
	const char *place;     /* of its marks if it is an mbox */
	uint64_t done;         /* of the archive, before it */
	bool is_mail;          /* whatever it looks like: it stands where only mails do */
	bool follow_link;      /* it was named by a person */
	struct stream *stream; /* it is open already, and can be read once; NULL: it is opened, and has marks */

	/* If it is one mail: what it is the mark of, and that mark. */
	const char *mail_place, *mail_mark;
};

/* Open it for reading, without waiting for the writer of a pipe.  A stream, or a negative errno. */
int file_open(const char *path, bool follow_link, struct stream **ret_stream);

/* See what it is: its kind, never KIND_OTHER, with its compression (NULL: none); or a negative errno with a reason that
 * does not name it, -EBADMSG if it is no mail. */
int file_kind(struct stream *stream, const char **ret_compression, char **ret_reason);

/* Give its mails, from the mark of its place on.  -ENOENT: it is not there any more, and nobody was told.  Else 0: what
 * could not be read was told. */
int file_visit(struct visit *visit, const struct mail_file *file);

/* Give the mails of an mbox to its end.  `make_mark` gives the mark after the mail that was read, from `mark_context`,
 * NULL if there is none.  `path` is for people.  0 or a negative errno. */
typedef char *file_mark(const void *mark_context, struct mbox *mbox);
int file_give_mbox(struct visit *visit, const struct mail_file *file, struct mbox *mbox, const struct stream *stream,
                   file_mark *make_mark, const void *mark_context);

/* Give the one mail that a stream is. */
int file_give_mail(struct visit *visit, const struct mail_file *file, struct stream *stream);

/* A place in an mbox as text (the caller frees it), and back: false if it is none. */
char *file_write_place(const struct mbox_place *place);
bool file_read_place(const char *text, struct mbox_place *ret_place);

#endif
