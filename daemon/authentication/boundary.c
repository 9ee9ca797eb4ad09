/* boundary.c - how far down a header its fields can only come from hosts that are believed.
 *
 * Called by authentication.c.  A host writes its Received above everything that a client gave it.  So what stands above
 * one of ours is ours, and what stands below is the client's, unless our host itself says that the client was ours.
 */
#include "authentication/boundary.h"

#include "authentication/received.h"
#include "authentication/trust.h"

/* Whose a Received field is, and who gave the host the mail. */
enum trace {
	TRACE_UNREADABLE,
	TRACE_OTHER,       /* another host's */
	TRACE_FROM_OURS,   /* ours, from one of ours */
	TRACE_FROM_OTHERS, /* ours, from somebody else */
};

static bool is_by(const struct received *received, const GStrv hosts)
{
	for (unsigned i = 0; i < received->by->len; i++)
		if (trust_names(hosts, g_ptr_array_index(received->by, i)))
			return true;
	return false;
}

static enum trace trace_of(const struct header_field *field, const GStrv hosts)
{
	struct received received;
	enum trace trace = TRACE_OTHER;

	/* No host writes it otherwise. */
	if (!field->plain || received_parse(field->value, &received) < 0)
		return TRACE_UNREADABLE;
	if (is_by(&received, hosts))
		trace = received.from_itself || (received.peer && trust_names(hosts, received.peer))
		                ? TRACE_FROM_OURS
		                : TRACE_FROM_OTHERS;
	received_release(&received);
	return trace;
}

GArray *boundary_turns(const struct header_list *headers, const GStrv hosts, bool path)
{
	GArray *turns = g_array_sized_new(FALSE, FALSE, sizeof(int), headers->fields->len);
	int beyond = BOUNDARY_BEYOND, turn = 0;
	unsigned begin = 0;

	for (unsigned i = 0; i < headers->fields->len; i++)
		g_array_append_val(turns, beyond);
	for (unsigned i = 0; i < headers->fields->len; i++) {
		const struct header_field *field = g_ptr_array_index(headers->fields, i);
		enum trace trace;

		if (g_ascii_strcasecmp(field->name, "Received") != 0)
			continue;
		trace = trace_of(field, hosts);
		/* Other hosts may have taken the mail after ours; before ours they may be anybody. */
		if (trace == TRACE_OTHER && turn == 0)
			continue;
		if (trace == TRACE_UNREADABLE || trace == TRACE_OTHER)
			break;
		while (begin < i)
			g_array_index(turns, int, begin++) = turn;
		turn++;
		if (trace == TRACE_FROM_OTHERS || !path)
			break;
	}
	return turns;
}
