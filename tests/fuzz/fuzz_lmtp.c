/* fuzz_lmtp.c - lmtp/session on anything that a client may say, whole and in pieces: the same events and replies come
 * out; no mail is larger than the limit, and none complete but at its end. */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <glib.h>

#include "lmtp/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SIZE 5000
#define RECIPIENTS 5

/* What comes of it: events as letters, contents as they are. */
struct talk {
	struct lmtp_session *session;
	GString *events, *replies;
	uint64_t mails;
	size_t content; /* of the mail that is coming */
	bool begun, ended;
};

static void take(struct talk *talk, const struct lmtp_event *event)
{
	g_autoptr(GString) lines = g_string_new(NULL);

	switch (event->kind) {
	case LMTP_BEGIN:
		talk->begun = true;
		talk->content = 0;
		g_string_append_printf(talk->events, "(B%s)", event->address);
		break;
	case LMTP_RECIPIENT:
		assert(talk->begun);
		g_string_append_printf(talk->events, "(R%s)", event->address);
		if (strlen(event->address) % 4 == 3)
			lmtp_session_refuse(talk->session);
		else
			lmtp_session_accept(talk->session);
		break;
	case LMTP_CONTENT:
		talk->content += event->length;
		assert(talk->begun && event->length > 0 && talk->content <= SIZE);
		g_string_append_len(talk->events, event->bytes, (gssize)event->length);
		break;
	case LMTP_COMPLETE:
		assert(talk->begun && event->recipients > 0 && event->recipients <= RECIPIENTS);
		assert(event->mail == ++talk->mails);
		for (unsigned i = 0; i < event->recipients; i++)
			g_string_append(lines, "250 2.0.0 stored\r\n");
		lmtp_session_settle(talk->session, event->mail, lines->str);
		g_string_append_c(talk->events, 'C');
		talk->begun = false;
		break;
	case LMTP_RESET:
		g_string_append_c(talk->events, 'X');
		talk->content = 0;
		break;
	default:
		talk->ended = event->kind == LMTP_CLOSE;
	}
}

static struct talk hold(const char *said, size_t size, size_t piece)
{
	const struct lmtp_limits limits = {"mail.example.org", SIZE, RECIPIENTS, true};
	struct talk talk = {
		.session = lmtp_session_new(&limits), .events = g_string_new(NULL), .replies = g_string_new(NULL)};

	for (size_t from = 0; from < size; from += piece) {
		const char *bytes = said + from;
		size_t left = MIN(piece, size - from);
		struct lmtp_event event;

		do {
			size_t taken = lmtp_session_push(talk.session, bytes, left, &event);

			assert(taken <= left);
			bytes += taken;
			left -= taken;
			take(&talk, &event);
		} while (event.kind != LMTP_MORE && event.kind != LMTP_CLOSE);
		assert(left == 0);
	}
	lmtp_session_replies(talk.session, talk.replies);
	assert(lmtp_session_held(talk.session) == 0);
	lmtp_session_free(talk.session);
	return talk;
}

static void compare(const struct talk *one, const struct talk *other)
{
	assert(g_string_equal(one->events, other->events));
	assert(g_string_equal(one->replies, other->replies));
	assert(one->ended == other->ended);
}

static void release(struct talk *talk)
{
	g_string_free(talk->events, TRUE);
	g_string_free(talk->replies, TRUE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const size_t pieces[] = {1, 3, 1000};
	struct talk whole = hold((const char *)data, size, MAX(size, 1));

	for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
		struct talk some = hold((const char *)data, size, pieces[i]);

		compare(&whole, &some);
		release(&some);
	}
	release(&whole);
	return 0;
}
