/* session.c - the server's side of LMTP.
 *
 * Used by connection.c.  Promises: a mail is complete only after CR LF . CR LF, or after BDAT ... LAST; a bare CR or LF
 * is content; what it keeps of a client is one command line.
 */
#include "lmtp/session.h"

#include <string.h>

#include "lmtp/command.h"
#include "lmtp/replies.h"

enum state {
	COMMANDS,
	DATA,  /* the content of a mail, up to its dot */
	CHUNK, /* that of a BDAT */
	ENDED,
};

/* Where in DATA we are. */
enum place {
	LINE_START,
	DOT,     /* that begins a line */
	DOT_CR,  /* and a CR after it */
	WITHIN,  /* a line */
	AFTER_CR /* a CR that was content already */
};

struct lmtp_session {
	char *host;
	struct lmtp_limits limits;
	struct lmtp_replies replies;
	enum state state;
	enum place place;
	GString *line;   /* of a command that is not whole */
	bool too_long;   /* what of it is here is not all */
	unsigned errors; /* in a row */
	uint64_t progress;

	/* What the client has said. */
	bool greeted;
	struct lmtp_command command; /* the last one */
	bool mail, utf8, private;    /* of MAIL */
	unsigned recipients;
	bool chunked;         /* the mail comes by BDAT */
	bool dropped;         /* the mail is over the limit: what comes of it is not kept */
	uint64_t size;        /* of what has come of it */
	uint64_t chunk;       /* bytes of the chunk that are to come */
	const char *unwanted; /* the chunk is skipped, and this the reply after it */
	uint64_t mails;       /* that were complete */
};

/* Replies ---------------------------------------------------------------------------------------------------------- */

static void reply(struct lmtp_session *session, const char *text)
{
	g_autofree char *line = g_strconcat(text, "\r\n", NULL);

	lmtp_replies_add(&session->replies, line);
}

/* A command that cannot be taken. */
static void refuse(struct lmtp_session *session, const char *text)
{
	session->errors++;
	reply(session, text);
}

static void reply_to_each(struct lmtp_session *session, const char *text)
{
	for (unsigned i = 0; i < session->recipients; i++)
		reply(session, text);
}

static void greet(struct lmtp_session *session)
{
	g_autofree char *text = g_strdup_printf("220 %s LMTP patchmaild", session->host);

	reply(session, text);
}

static void reply_lhlo(struct lmtp_session *session)
{
	g_autofree char *text =
		g_strdup_printf("250-%s\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n"
	                        "250-SMTPUTF8\r\n250-CHUNKING\r\n%s250 SIZE %" G_GUINT64_FORMAT,
	                        session->host, session->limits.private ? "250-XDELIVER\r\n" : "", session->limits.size);

	reply(session, text);
}

/* Making and ending ------------------------------------------------------------------------------------------------ */

struct lmtp_session *lmtp_session_new(const struct lmtp_limits *limits)
{
	struct lmtp_session *session = g_new0(struct lmtp_session, 1);

	session->limits = *limits;
	session->host = g_strdup(limits->host);
	session->line = g_string_new(NULL);
	greet(session);
	return session;
}

void lmtp_session_free(struct lmtp_session *session)
{
	if (!session)
		return;
	lmtp_command_release(&session->command);
	lmtp_replies_release(&session->replies);
	g_string_free(session->line, TRUE);
	g_free(session->host);
	g_free(session);
}

/* The mail that was begun is none any more. */
static void forget_mail(struct lmtp_session *session)
{
	session->mail = session->utf8 = session->private = session->chunked = session->dropped = false;
	session->recipients = 0;
	session->size = 0;
}

void lmtp_session_end(struct lmtp_session *session, const char *text)
{
	if (session->state == ENDED)
		return;
	forget_mail(session);
	reply(session, text);
	session->state = ENDED;
}

/* Commands --------------------------------------------------------------------------------------------------------- */

/* Give up the mail that was begun, if one was. */
static void reset(struct lmtp_session *session, struct lmtp_event *event)
{
	if (session->mail)
		event->kind = LMTP_RESET;
	forget_mail(session);
}

static void take_lhlo(struct lmtp_session *session, struct lmtp_event *event)
{
	reset(session, event);
	session->greeted = true;
	reply_lhlo(session);
}

static void take_mail(struct lmtp_session *session, struct lmtp_event *event)
{
	const struct lmtp_command *command = &session->command;

	if (!session->greeted)
		refuse(session, "503 5.5.1 LHLO comes first");
	else if (session->mail)
		refuse(session, "503 5.5.1 A mail is begun already");
	else if (command->private && !session->limits.private)
		refuse(session, "555 5.5.4 That parameter is not offered");
	else if (!command->utf8 && !g_str_is_ascii(command->address))
		refuse(session, "553 5.6.7 Such an address needs SMTPUTF8");
	else if (command->size > session->limits.size)
		reply(session, "552 5.3.4 The mail is too large");
	else {
		session->mail = true;
		session->utf8 = command->utf8;
		session->private = command->private;
		reply(session, "250 2.1.0 OK");
		event->kind = LMTP_BEGIN;
		event->address = command->address;
		event->private = command->private;
		event->list_id = command->list_id;
	}
}

static void take_rcpt(struct lmtp_session *session, struct lmtp_event *event)
{
	const struct lmtp_command *command = &session->command;

	if (!session->mail)
		refuse(session, "503 5.5.1 MAIL comes first");
	else if (session->chunked)
		refuse(session, "503 5.5.1 The mail is on its way already");
	else if (!session->utf8 && !g_str_is_ascii(command->address))
		refuse(session, "553 5.6.7 Such an address needs SMTPUTF8");
	else if (session->recipients >= session->limits.recipients)
		reply(session, "452 4.5.3 There are too many recipients");
	else {
		event->kind = LMTP_RECIPIENT;
		event->address = command->address;
	}
}

void lmtp_session_accept(struct lmtp_session *session)
{
	session->recipients++;
	reply(session, "250 2.1.5 OK");
}

void lmtp_session_refuse(struct lmtp_session *session)
{
	reply(session, "550 5.1.1 There is no such recipient here");
}

static void take_data(struct lmtp_session *session, struct lmtp_event *event)
{
	(void)event;
	if (!session->mail)
		refuse(session, "503 5.5.1 MAIL comes first");
	else if (session->chunked)
		refuse(session, "503 5.5.1 The mail comes by BDAT already");
	else if (session->recipients == 0)
		refuse(session, "503 5.5.1 There is no recipient");
	else {
		reply(session, "354 End it with a dot on a line of its own");
		session->state = DATA;
		session->place = LINE_START;
	}
}

static void take_chunk_size(struct lmtp_session *session, struct lmtp_event *event)
{
	(void)event;
	session->unwanted = NULL;
	if (!session->mail)
		session->unwanted = "503 5.5.1 MAIL comes first";
	else if (session->recipients == 0)
		session->unwanted = "503 5.5.1 There is no recipient";
	else
		session->chunked = true;
	session->chunk = session->command.size;
	session->state = CHUNK;
}

static void take_rset(struct lmtp_session *session, struct lmtp_event *event)
{
	reset(session, event);
	reply(session, "250 2.0.0 OK");
}

static void take_noop(struct lmtp_session *session, struct lmtp_event *event)
{
	(void)event;
	reply(session, "250 2.0.0 OK");
}

static void take_vrfy(struct lmtp_session *session, struct lmtp_event *event)
{
	(void)event;
	reply(session, "252 2.1.5 Send a mail, and see");
}

static void take_help(struct lmtp_session *session, struct lmtp_event *event)
{
	(void)event;
	reply(session, "214 2.0.0 LHLO MAIL RCPT DATA BDAT RSET NOOP VRFY HELP QUIT; see patchmaild(8)");
}

static void take_quit(struct lmtp_session *session, struct lmtp_event *event)
{
	reset(session, event);
	reply(session, "221 2.0.0 Bye");
	session->state = ENDED;
}

static void take_helo(struct lmtp_session *session, struct lmtp_event *event)
{
	(void)event;
	refuse(session, "500 5.5.1 This is LMTP: say LHLO");
}

static void take_absent(struct lmtp_session *session, struct lmtp_event *event)
{
	(void)event;
	refuse(session, "502 5.5.1 That command is not offered");
}

static void take_unknown(struct lmtp_session *session, struct lmtp_event *event)
{
	(void)event;
	refuse(session, "500 5.5.2 There is no such command");
}

static void (*const takers[])(struct lmtp_session *session, struct lmtp_event *event) = {
	[LMTP_LHLO] = take_lhlo,       [LMTP_MAIL] = take_mail, [LMTP_RCPT] = take_rcpt, [LMTP_DATA] = take_data,
	[LMTP_BDAT] = take_chunk_size, [LMTP_RSET] = take_rset, [LMTP_NOOP] = take_noop, [LMTP_VRFY] = take_vrfy,
	[LMTP_HELP] = take_help,       [LMTP_QUIT] = take_quit, [LMTP_HELO] = take_helo, [LMTP_ABSENT] = take_absent,
	[LMTP_UNKNOWN] = take_unknown,
};

/* A command line has come whole. */
static void take_line(struct lmtp_session *session, struct lmtp_event *event)
{
	unsigned errors = session->errors;

	lmtp_command_release(&session->command);
	session->progress++;
	if (session->too_long) {
		refuse(session, "500 5.5.2 The line is too long");
	} else {
		lmtp_command_read(session->line->str, session->line->len - 2, &session->command);
		if (session->command.fault)
			refuse(session, session->command.fault);
		else
			takers[session->command.verb](session, event);
	}
	/* Where the next command begins is not known then. */
	if (!session->too_long && session->command.fault && session->command.verb == LMTP_BDAT)
		lmtp_session_end(session, "421 4.5.0 A chunk without a size: closing");
	if (session->errors == errors && session->state != CHUNK)
		session->errors = 0;
	else if (session->errors >= LMTP_ERRORS_MAX)
		lmtp_session_end(session, "421 4.7.0 Too many errors: closing");
	session->too_long = false;
	g_string_truncate(session->line, 0);
}

/* Add a piece of a line that has no more room.  What decides in the end is whether a CR stands before the LF. */
static void keep_end(struct lmtp_session *session, const char *piece, size_t length)
{
	char last = session->line->len > 0 ? session->line->str[session->line->len - 1] : '\0';

	session->too_long = true;
	g_string_truncate(session->line, 0);
	if (length == 1)
		g_string_append_c(session->line, last);
	g_string_append_len(session->line, piece + length - MIN(length, 2), (gssize)MIN(length, 2));
}

static bool is_whole(const GString *line)
{
	return line->len >= 2 && memcmp(line->str + line->len - 2, "\r\n", 2) == 0;
}

/* Add to the line up to its CR LF; of one that is too long only its end is kept. */
static size_t push_line(struct lmtp_session *session, const char *bytes, size_t length, struct lmtp_event *event)
{
	const char *end = memchr(bytes, '\n', length);
	size_t piece = end ? (size_t)(end - bytes) + 1 : length;

	if (piece > LMTP_LINE_MAX - session->line->len)
		keep_end(session, bytes, piece);
	else
		g_string_append_len(session->line, bytes, (gssize)piece);
	if (end && is_whole(session->line))
		take_line(session, event);
	return piece;
}

/* Mails ------------------------------------------------------------------------------------------------------------ */

/* Hand bytes of the mail on, or count them only. */
static void take_content(struct lmtp_session *session, const char *bytes, size_t length, struct lmtp_event *event)
{
	session->progress += length;
	if (length == 0 || session->dropped)
		return;
	if (length > session->limits.size - session->size) {
		session->dropped = true;
		event->kind = LMTP_RESET;
		return;
	}
	session->size += length;
	*event = (struct lmtp_event){.kind = LMTP_CONTENT, .bytes = bytes, .length = length};
}

static void complete(struct lmtp_session *session, struct lmtp_event *event)
{
	session->state = COMMANDS;
	session->errors = 0;
	if (session->dropped) {
		reply_to_each(session, "552 5.3.4 The mail is too large");
	} else {
		event->kind = LMTP_COMPLETE;
		event->mail = ++session->mails;
		event->recipients = session->recipients;
		lmtp_replies_promise(&session->replies, event->mail);
	}
	forget_mail(session);
}

/* Where a letter leads to.  *ret_content: whether it is content; a dot that begins a line is not, nor what may still be
 * the end. */
static enum place step(enum place place, char letter, bool *ret_content)
{
	*ret_content = true;
	if (place == LINE_START && letter == '.') {
		*ret_content = false;
		return DOT;
	}
	if (letter == '\r') {
		*ret_content = place != DOT;
		return place == DOT ? DOT_CR : AFTER_CR;
	}
	return letter == '\n' && place == AFTER_CR ? LINE_START : WITHIN;
}

/* One piece of content, or the end. */
static size_t push_data(struct lmtp_session *session, const char *bytes, size_t length, struct lmtp_event *event)
{
	size_t taken = 0;
	bool content;

	/* A CR that was held back, since it could have been that of the end. */
	if (session->place == DOT_CR) {
		if (*bytes == '\n') {
			complete(session, event);
			return 1;
		}
		session->place = AFTER_CR;
		take_content(session, "\r", 1, event);
		return 0;
	}
	for (; taken < length; taken++) {
		enum place next = step(session->place, bytes[taken], &content);

		if (!content && taken > 0)
			break;
		session->place = next;
		if (!content)
			return 1;
	}
	take_content(session, bytes, taken, event);
	return taken;
}

/* The chunk has come whole. */
static void finish_chunk(struct lmtp_session *session, struct lmtp_event *event)
{
	session->state = COMMANDS;
	if (session->unwanted) {
		refuse(session, session->unwanted);
		if (session->errors >= LMTP_ERRORS_MAX)
			lmtp_session_end(session, "421 4.7.0 Too many errors: closing");
	} else if (session->command.last) {
		complete(session, event);
	} else {
		g_autofree char *text = g_strdup_printf("250 2.0.0 %" G_GUINT64_FORMAT " bytes", session->command.size);

		session->errors = 0;
		reply(session, session->dropped ? "552 5.3.4 The mail is too large" : text);
	}
}

static size_t push_chunk(struct lmtp_session *session, const char *bytes, size_t length, struct lmtp_event *event)
{
	size_t piece = (size_t)MIN(session->chunk, length);

	if (session->chunk == 0) {
		finish_chunk(session, event);
		return 0;
	}
	session->chunk -= piece;
	if (session->unwanted)
		session->progress += piece;
	else
		take_content(session, bytes, piece, event);
	return piece;
}

/* The whole -------------------------------------------------------------------------------------------------------- */

size_t lmtp_session_push(struct lmtp_session *session, const char *bytes, size_t length, struct lmtp_event *ret_event)
{
	size_t taken = 0;

	*ret_event = (struct lmtp_event){.kind = LMTP_MORE};
	/* A chunk of no bytes is over without any, and so is one whose last bytes were handed on. */
	while (ret_event->kind == LMTP_MORE && (taken < length || (session->state == CHUNK && session->chunk == 0))) {
		if (session->state == COMMANDS)
			taken += push_line(session, bytes + taken, length - taken, ret_event);
		else if (session->state == DATA)
			taken += push_data(session, bytes + taken, length - taken, ret_event);
		else if (session->state == CHUNK)
			taken += push_chunk(session, bytes + taken, length - taken, ret_event);
		else
			break;
	}
	if (session->state == ENDED && ret_event->kind == LMTP_MORE) {
		ret_event->kind = LMTP_CLOSE;
		return length;
	}
	return taken;
}

void lmtp_session_settle(struct lmtp_session *session, uint64_t mail, const char *lines)
{
	lmtp_replies_keep(&session->replies, mail, lines);
}

void lmtp_session_replies(struct lmtp_session *session, GString *out)
{
	lmtp_replies_take(&session->replies, out);
}

size_t lmtp_session_held(const struct lmtp_session *session)
{
	return session->replies.held;
}

uint64_t lmtp_session_progress(const struct lmtp_session *session)
{
	return session->progress;
}
