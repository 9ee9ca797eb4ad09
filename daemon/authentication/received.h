/* received.h - the trace that a mail's way leaves: Received fields (RFC 5321 section 4.4). */
#ifndef PATCHMAILD_RECEIVED_H
#define PATCHMAILD_RECEIVED_H

#include <stdbool.h>
#include <glib.h>

/* What a host says of a mail that it took. */
struct received {
	GPtrArray *by;    /* of char *: every word after a `by`, in comments too, the host's name among them */
	char *peer;       /* the name that it found for the client's address; NULL if it gives none */
	bool from_itself; /* the client's address is a loopback one */
};

/* Read a field's raw value.  0, or -EBADMSG if it is not clear what belongs to what, since a comment or quoted
 * string does not end.  The client is only taken if it is written as RFC 5321's Extended-Domain and Postfix have it,
 * `from NAME (NAME [ADDRESS])` with nothing else in the parentheses and no other address after them: the first name is
 * the client's own word.  The second one has to be a domain name, `localhost` or `unknown`.  The caller releases it. */
int received_parse(const char *value, struct received *ret_received);
void received_release(struct received *received);

#endif
