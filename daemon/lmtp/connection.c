/* connection.c - one client of LMTP.
 *
 * Used by server.c.  Promises: never waits; a mail goes to the pipeline only when it has come whole; what a client has
 * in memory is bounded, since nothing is read while too much of it is unanswered.
 */
#include "lmtp/connection.h"

#include <errno.h>
#include <limits.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/deadline.h"
#include "base/log.h"
#include "lmtp/reply.h"

#define PIECE (16u * 1024) /* bytes that are read at a time */
#define NO_SPACE "452 4.3.1 The mail cannot be kept now"

/* A mail that the pipeline has. */
struct flying {
	uint64_t number;
	int64_t deadline;
	unsigned recipients;
	struct lmtp_mail *mail; /* the pipeline's; for given_up alone, until it is back */
	bool answered;
};

struct lmtp_connection {
	const struct lmtp_service *service;
	uint64_t number;
	int in, out;
	struct lmtp_session *session;
	struct lmtp_mail *mail; /* that is coming, or NULL */
	bool unkept;            /* it could not be written */
	GQueue flying;          /* of struct flying, the oldest first */
	GString *output;        /* to be written */
	uint64_t progress;      /* of the session, and ... */
	int64_t idle;           /* ... when the client has been silent for too long */
	bool ended;             /* it sends nothing more, or is not listened to */
	bool broken;            /* it takes nothing more */
};

static bool is_unix(int fd)
{
	int domain = 0;
	socklen_t size = sizeof(domain);

	return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_UNIX;
}

static void keep_awake(struct lmtp_connection *connection)
{
	connection->idle =
		deadline_after(connection->ended ? LMTP_LINGER : connection->service->settings->idle_timeout);
}

/* What is due now goes to the output. */
static void gather(struct lmtp_connection *connection)
{
	lmtp_session_replies(connection->session, connection->output);
}

struct lmtp_connection *lmtp_connection_new(const struct lmtp_service *service, uint64_t number, int in, int out)
{
	struct lmtp_connection *connection = g_new0(struct lmtp_connection, 1);
	const struct lmtp_limits limits = {
		.host = service->host,
		.size = service->settings->size,
		.recipients = service->settings->recipients_most,
		.private = is_unix(in),
	};

	connection->service = service;
	connection->number = number;
	connection->in = in;
	connection->out = out;
	connection->session = lmtp_session_new(&limits);
	connection->output = g_string_new(NULL);
	keep_awake(connection);
	gather(connection);
	return connection;
}

void lmtp_connection_free(struct lmtp_connection *connection)
{
	if (!connection)
		return;
	for (GList *item = connection->flying.head; item; item = item->next)
		if (((struct flying *)item->data)->mail)
			g_atomic_int_set(&((struct flying *)item->data)->mail->given_up, 1);
	g_queue_clear_full(&connection->flying, g_free);
	lmtp_mail_free(connection->mail);
	lmtp_session_free(connection->session);
	g_string_free(connection->output, TRUE);
	if (connection->in > STDERR_FILENO)
		close(connection->in);
	if (connection->out > STDERR_FILENO && connection->out != connection->in)
		close(connection->out);
	g_free(connection);
}

uint64_t lmtp_connection_number(const struct lmtp_connection *connection)
{
	return connection->number;
}

/* Mails ------------------------------------------------------------------------------------------------------------ */

static void begin_mail(struct lmtp_connection *connection, const struct lmtp_event *event)
{
	struct lmtp_mail *mail = lmtp_mail_new();

	lmtp_mail_free(connection->mail);
	mail->sender = g_strdup(event->address);
	mail->private = event->private;
	if (event->private)
		g_ptr_array_add(mail->lists, g_strdup(event->list_id));
	connection->mail = mail;
	connection->unkept = false;
}

/* The place of a list id among those of the mail, where it is put if it is new. */
static unsigned place_of(struct lmtp_mail *mail, const char *list_id)
{
	unsigned place = 0;

	while (place < mail->lists->len && g_strcmp0(g_ptr_array_index(mail->lists, place), list_id) != 0)
		place++;
	if (place == mail->lists->len)
		g_ptr_array_add(mail->lists, g_strdup(list_id));
	return place;
}

static void take_recipient(struct lmtp_connection *connection, const char *address)
{
	struct lmtp_mail *mail = connection->mail;
	const char *list_id = NULL;
	unsigned place = 0;

	if (!mail->private && !recipients_find(connection->service->settings->recipients, address, &list_id)) {
		lmtp_session_refuse(connection->session);
		return;
	}
	if (!mail->private)
		place = place_of(mail, list_id);
	g_array_append_val(mail->recipients, place);
	lmtp_session_accept(connection->session);
}

static void take_content(struct lmtp_connection *connection, const char *bytes, size_t length)
{
	struct spool *spool = connection->mail->spool;

	if (connection->unkept)
		return;
	connection->unkept = !(connection->mail->private ? spool_write_exact(spool, bytes, length)
	                                                 : spool_write(spool, bytes, length));
}

static void complete(struct lmtp_connection *connection, const struct lmtp_event *event)
{
	struct lmtp_mail *mail = g_steal_pointer(&connection->mail);
	struct flying *flying;

	if (connection->unkept || !spool_finish(mail->spool)) {
		g_autofree char *lines = lmtp_reply_repeat(NO_SPACE, event->recipients);

		lmtp_session_settle(connection->session, event->mail, lines);
		lmtp_mail_free(mail);
		return;
	}
	mail->connection = connection->number;
	mail->number = event->mail;
	mail->deadline = deadline_after(connection->service->timeout);
	flying = g_new(struct flying, 1);
	*flying = (struct flying){event->mail, mail->deadline, event->recipients, mail, false};
	g_queue_push_tail(&connection->flying, flying);
	lmtp_intake_submit(connection->service->intake, mail);
}

static void take_event(struct lmtp_connection *connection, const struct lmtp_event *event)
{
	switch (event->kind) {
	case LMTP_BEGIN:
		begin_mail(connection, event);
		break;
	case LMTP_RECIPIENT:
		take_recipient(connection, event->address);
		break;
	case LMTP_CONTENT:
		take_content(connection, event->bytes, event->length);
		break;
	case LMTP_COMPLETE:
		complete(connection, event);
		break;
	case LMTP_CLOSE:
		connection->ended = true;
		G_GNUC_FALLTHROUGH;
	case LMTP_RESET:
		g_clear_pointer(&connection->mail, lmtp_mail_free);
		break;
	default:
		break;
	}
}

void lmtp_connection_take(struct lmtp_connection *connection, const struct lmtp_mail *mail)
{
	for (GList *item = connection->flying.head; item; item = item->next) {
		struct flying *flying = item->data;

		if (flying->number != mail->number)
			continue;
		if (!flying->answered) {
			g_autofree char *lines = lmtp_reply_outcomes(mail);

			lmtp_session_settle(connection->session, mail->number, lines);
		}
		g_free(flying);
		g_queue_delete_link(&connection->flying, item);
		keep_awake(connection);
		gather(connection);
		return;
	}
}

/* Nobody waits longer than this for a reply; what becomes of the mail later is another matter. */
static void answer_overdue(struct lmtp_connection *connection)
{
	for (GList *item = connection->flying.head; item; item = item->next) {
		struct flying *flying = item->data;
		g_autofree char *lines = NULL;

		if (flying->answered || deadline_left(flying->deadline) > 0)
			continue;
		lines = lmtp_reply_repeat(LMTP_TIME_LIMIT, flying->recipients);
		lmtp_session_settle(connection->session, flying->number, lines);
		g_atomic_int_set(&flying->mail->given_up, 1);
		flying->answered = true;
	}
}

static bool is_owed(const struct lmtp_connection *connection)
{
	for (const GList *item = connection->flying.head; item; item = item->next)
		if (!((const struct flying *)item->data)->answered)
			return true;
	return false;
}

/* Bytes ------------------------------------------------------------------------------------------------------------ */

static void push(struct lmtp_connection *connection, const char *bytes, size_t length)
{
	struct lmtp_event event;

	do {
		size_t taken = lmtp_session_push(connection->session, bytes, length, &event);

		take_event(connection, &event);
		bytes += taken;
		length -= taken;
	} while (event.kind != LMTP_MORE && event.kind != LMTP_CLOSE);
}

static void stop_reading(struct lmtp_connection *connection)
{
	g_clear_pointer(&connection->mail, lmtp_mail_free);
	connection->ended = true;
	keep_awake(connection);
}

static void read_some(struct lmtp_connection *connection)
{
	char bytes[PIECE];
	ssize_t got = read(connection->in, bytes, sizeof(bytes));

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		/* What has come whole is answered, if he hears it. */
		stop_reading(connection);
		return;
	}
	push(connection, bytes, (size_t)got);
	if (connection->ended)
		stop_reading(connection);
	else if (lmtp_session_progress(connection->session) != connection->progress)
		keep_awake(connection);
	connection->progress = lmtp_session_progress(connection->session);
}

/* As much as the other end has room for. */
static ssize_t send_some(int fd, const char *bytes, size_t length)
{
	ssize_t sent = send(fd, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);

	/* A pipe that has room for anything has it for so much. */
	return sent < 0 && errno == ENOTSOCK ? write(fd, bytes, MIN(length, PIPE_BUF)) : sent;
}

static void write_some(struct lmtp_connection *connection)
{
	GString *output = connection->output;
	ssize_t sent = send_some(connection->out, output->str, output->len);

	if (sent >= 0) {
		g_string_erase(output, 0, sent);
		keep_awake(connection);
	} else if (errno != EAGAIN && errno != EINTR) {
		connection->broken = true;
	}
}

/* The whole -------------------------------------------------------------------------------------------------------- */

static bool may_read(const struct lmtp_connection *connection)
{
	return !connection->ended && connection->flying.length < LMTP_FLYING && connection->output->len < LMTP_HELD &&
	       lmtp_session_held(connection->session) < LMTP_HELD;
}

void lmtp_connection_wants(const struct lmtp_connection *connection, bool read, struct pollfd ret_items[2],
                           int64_t *ret_deadline)
{
	bool owed = false;

	ret_items[0] = (struct pollfd){.fd = read && may_read(connection) ? connection->in : -1, .events = POLLIN};
	ret_items[1] = (struct pollfd){.fd = connection->output->len > 0 ? connection->out : -1, .events = POLLOUT};
	*ret_deadline = INT64_MAX;
	for (const GList *item = connection->flying.head; item; item = item->next) {
		const struct flying *flying = item->data;

		if (flying->answered)
			continue;
		owed = true;
		*ret_deadline = deadline_earlier(*ret_deadline, flying->deadline);
	}
	/* Who waits for us is not silent. */
	if (!owed || connection->output->len > 0)
		*ret_deadline = deadline_earlier(*ret_deadline, connection->idle);
}

/* The client was silent for too long, or takes nothing. */
static void end_idle(struct lmtp_connection *connection)
{
	if (connection->ended || connection->output->len > 0)
		connection->broken = true;
	else
		lmtp_connection_end(connection, "421 4.4.2 Silent for too long: closing");
}

bool lmtp_connection_go_on(struct lmtp_connection *connection, const struct pollfd items[2])
{
	if (items[0].revents && !connection->ended)
		read_some(connection);
	answer_overdue(connection);
	if (deadline_left(connection->idle) == 0 && (!is_owed(connection) || connection->output->len > 0))
		end_idle(connection);
	gather(connection);
	if (connection->output->len > 0 && !connection->broken)
		write_some(connection);
	return !connection->broken && !(connection->ended && connection->output->len == 0 && !is_owed(connection));
}

void lmtp_connection_end(struct lmtp_connection *connection, const char *reply)
{
	if (connection->ended)
		return;
	lmtp_session_end(connection->session, reply);
	stop_reading(connection);
	gather(connection);
}
