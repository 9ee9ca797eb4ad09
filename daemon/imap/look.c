/* look.c - where new mail of a mailbox is looked for.
 *
 * Called by visit.c.  Promises that no mail stays unseen because of what a server says of its numbers, for few
 * commands: near the cursor at every visit, everywhere now and then.
 */
#include "imap/look.h"

#include <errno.h>

#include "base/deadline.h"

void imap_place_forget_connection(struct imap_place *place)
{
	place->looked = 0;
	place->exists = 0;
	place->false_uidnext = false;
}

/* A UIDNEXT that is not above what has been taken. */
static bool goes_back(const struct imap_place *place, const struct imap_mailbox *state, const struct cursor *cursor)
{
	return state->uidnext > 0 && state->uidnext <= cursor->last_uid && !place->false_uidnext;
}

bool imap_look_at_all(const struct imap_place *place, const struct imap_mailbox *state, const struct cursor *cursor)
{
	int64_t since = g_get_monotonic_time() - place->looked;

	return place->looked == 0 || cursor->moved || since > (int64_t)IMAP_LOOK_ALL * G_USEC_PER_SEC ||
	       cursor->renewed || goes_back(place, state, cursor);
}

int imap_look_for_any(struct imap_session *session, uint32_t uid, char **ret_reason)
{
	g_autoptr(GArray) uids = NULL;
	int status = imap_session_search(session, uid, UINT32_MAX, 0, &uids, ret_reason);

	return status < 0 ? status : uids->len > 0;
}

int imap_look_restarted(struct imap_session *session, struct imap_place *place, const struct imap_mailbox *state,
                        const struct cursor *cursor, bool empties, char **ret_reason)
{
	bool back = goes_back(place, state, cursor);
	g_autofree char *witness = NULL;
	int status = 0;

	if (cursor->last_uid == 0 || cursor->renewed)
		return 0;
	if (cursor->witness_uid > 0 && !place->no_witness) {
		place->no_witness = true; /* if the connection breaks */
		status = imap_session_witness(session, cursor->witness_uid, &witness, ret_reason);
		if (status < 0)
			return status;
		place->no_witness = false;
	}
	if (witness) {
		place->false_uidnext = back && g_strcmp0(witness, cursor->witness) == 0;
		return g_strcmp0(witness, cursor->witness) != 0;
	}
	if (cursor->moved)
		return 1;
	if (!back && (state->uidnext > 0 || empties || state->exists == 0))
		return 0;
	status = imap_look_for_any(session, back ? state->uidnext : cursor->last_uid, ret_reason);
	place->false_uidnext = back && status == 1;
	return status < 0 ? status : status == 0;
}

/* Windows ------------------------------------------------------------------------------------------------------ */

void imap_look_begin(struct imap_look_windows *windows, uint32_t exists)
{
	*windows = (struct imap_look_windows){.first = 1, .size = IMAP_SESSION_WINDOW, .exists = exists};
}

bool imap_look_next(const struct imap_look_windows *windows, uint32_t *ret_first, uint32_t *ret_last)
{
	uint64_t last = windows->first + windows->size - 1;

	if (windows->first > UINT32_MAX)
		return false;
	/* The rest fits into one. */
	if (windows->exists <= windows->seen + IMAP_SESSION_WINDOW)
		last = UINT32_MAX;
	*ret_first = (uint32_t)windows->first;
	*ret_last = (uint32_t)MIN(last, UINT32_MAX);
	return true;
}

void imap_look_note(struct imap_look_windows *windows, unsigned found)
{
	uint32_t first, last;

	if (!imap_look_next(windows, &first, &last))
		return;
	windows->first = (uint64_t)last + 1;
	windows->seen += found;
	if (found < IMAP_SESSION_WINDOW / 2)
		windows->size *= 2;
	else if (found > IMAP_SESSION_WINDOW)
		windows->size = MAX(windows->size / 2, IMAP_SESSION_WINDOW);
}
