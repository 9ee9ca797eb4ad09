/* boundary.h - how far down a header its fields can only come from hosts that are believed (RFC 8601 section 5). */
#ifndef PATCHMAILD_BOUNDARY_H
#define PATCHMAILD_BOUNDARY_H

#include <stdbool.h>
#include <glib.h>

#include "mail/header.h"

#define BOUNDARY_BEYOND (-1) /* anybody may have written the field */

/* For each field of a header the number of the host's turn in which it was written, or BOUNDARY_BEYOND.  Turn 0 is what
 * stands above the topmost Received by one of `hosts`.  With `path`, if that host says that it had the mail from
 * itself, or from another of them by the name that it found for the address, what stands between is of the turn before:
 * 1, and so on.  So a list's host, which takes a mail, hands it to the list manager and takes it again, is believed in
 * both turns.  That is safe if nobody else can hand mail to these hosts from themselves.  A Received that cannot be
 * read ends what is believed.  The caller frees the array. */
GArray *boundary_turns(const struct header_list *headers, const GStrv hosts, bool path);

#endif
