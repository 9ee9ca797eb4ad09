/* server.c - serves clients of LMTP.
 *
 * Called by the command `lmtp`.  Promises: nothing here waits but for all of them together; a mail that has come whole
 * is answered after its commit, or by its deadline; SIGTERM ends the server when those are answered.
 */
#include "lmtp/server.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/deadline.h"
#include "base/log.h"
#include "base/notify.h"
#include "base/signals.h"
#include "lmtp/connection.h"

#define FULL "421 4.3.2 Too many connections\r\n"
#define SHUTDOWN "421 4.3.2 Shutting down"
#define PAUSE 1        /* seconds without accepting when that fails, and between two reports of the status */
#define ACCEPT_MOST 32 /* clients at a time */

struct lmtp_server {
	int signals;
	bool stopping, reloading;
	struct lmtp_listener *listener;
	struct lmtp_service service;
	char *host;
	int in, out;             /* of the one client, as long as he is not served; else -1 */
	GHashTable *connections; /* by their numbers */
	gint64 numbers;          /* given to connections */
	int64_t accept_from;     /* not before */
	int64_t status_from;     /* likewise */
	bool changed;            /* what the status says */
	uint64_t counts[OUTCOME_KINDS];
	GArray *items;     /* of struct pollfd: signals, intake, listeners, two for each that is polled */
	GPtrArray *polled; /* connections */
};

static void free_connection(void *connection)
{
	lmtp_connection_free(connection);
}

struct lmtp_server *lmtp_server_new(void)
{
	struct lmtp_server *server = g_new0(struct lmtp_server, 1);

	server->signals = signals_open();
	server->in = server->out = -1;
	server->host = g_strdup(g_get_host_name());
	server->service.host = server->host;
	server->connections = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, free_connection);
	server->items = g_array_new(FALSE, TRUE, sizeof(struct pollfd));
	server->polled = g_ptr_array_new();
	return server;
}

void lmtp_server_free(struct lmtp_server *server)
{
	if (!server)
		return;
	g_hash_table_unref(server->connections);
	g_array_unref(server->items);
	g_ptr_array_unref(server->polled);
	g_free(server->host);
	close(server->signals);
	g_free(server);
}

void lmtp_server_listen(struct lmtp_server *server, struct lmtp_listener *listener)
{
	struct rlimit limit;

	server->listener = listener;
	/* A descriptor a client, and one for each large mail. */
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

void lmtp_server_serve(struct lmtp_server *server, int in, int out)
{
	server->in = in;
	server->out = out;
}

/* Clients ---------------------------------------------------------------------------------------------------------- */

static void add(struct lmtp_server *server, int in, int out)
{
	struct lmtp_connection *connection =
		lmtp_connection_new(&server->service, (uint64_t)++server->numbers, in, out);

	g_hash_table_insert(server->connections, g_memdup2(&server->numbers, sizeof(server->numbers)), connection);
	server->changed = true;
}

static void turn_away(int fd)
{
	ssize_t sent = send(fd, FULL, strlen(FULL), MSG_DONTWAIT | MSG_NOSIGNAL);

	(void)sent;
	close(fd);
}

static void accept_some(struct lmtp_server *server, int listening)
{
	for (unsigned i = 0; i < ACCEPT_MOST; i++) {
		int fd = lmtp_listener_accept(listening);

		if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)) {
			log_warning("no client can be accepted now: %s", g_strerror(errno));
			server->accept_from = deadline_after(PAUSE);
		}
		if (fd < 0)
			return;
		if (g_hash_table_size(server->connections) < server->service.settings->connections)
			add(server, fd, fd);
		else
			turn_away(fd);
	}
}

static void end_all(struct lmtp_server *server)
{
	GHashTableIter each;
	void *connection;

	g_hash_table_iter_init(&each, server->connections);
	while (g_hash_table_iter_next(&each, NULL, &connection))
		lmtp_connection_end(connection, SHUTDOWN);
}

/* Mails ------------------------------------------------------------------------------------------------------------ */

static void report(struct lmtp_server *server, const struct lmtp_mail *mail)
{
	for (unsigned i = 0; i < mail->lists->len; i++) {
		const struct notify_delivered delivered = {mail->sender, g_ptr_array_index(mail->lists, i)};

		notify_delivered(&delivered, &mail->outcomes[i]);
		server->counts[mail->outcomes[i].kind]++;
	}
	server->changed = true;
}

static void take_mails(struct lmtp_server *server)
{
	struct lmtp_mail *mail;

	while ((mail = lmtp_intake_take(server->service.intake))) {
		struct lmtp_connection *connection = g_hash_table_lookup(server->connections, &mail->connection);

		report(server, mail);
		if (connection)
			lmtp_connection_take(connection, mail);
		lmtp_mail_free(mail);
	}
}

/* The loop --------------------------------------------------------------------------------------------------------- */

static void take_signals(struct lmtp_server *server)
{
	bool before = server->stopping;

	signals_take(server->signals, &server->stopping, &server->reloading);
	if (before || !server->stopping)
		return;
	notify_stopping();
	if (server->listener)
		lmtp_listener_close(server->listener);
	lmtp_intake_hurry(server->service.intake);
	end_all(server);
}

/* Not more often than every PAUSE. */
static void show_status(struct lmtp_server *server)
{
	g_autofree char *text = NULL;
	unsigned count = g_hash_table_size(server->connections);

	if (!server->changed || deadline_left(server->status_from) > 0)
		return;
	text = outcome_count_text(server->counts);
	notify_status("%u client%s; %s", count, count == 1 ? "" : "s", text);
	server->status_from = deadline_after(PAUSE);
	server->changed = false;
}

static void want(struct lmtp_server *server, int fd)
{
	const struct pollfd item = {.fd = fd, .events = POLLIN};

	g_array_append_val(server->items, item);
}

/* What is waited for, and how long. */
static int64_t want_all(struct lmtp_server *server)
{
	bool read = !server->reloading && lmtp_intake_bytes(server->service.intake) < LMTP_WAITING;
	bool accepts = !server->reloading && deadline_left(server->accept_from) == 0;
	int64_t deadline = g_get_monotonic_time() + notify_interval(), other;
	GHashTableIter each;
	void *connection;
	struct pollfd both[2];

	g_array_set_size(server->items, 0);
	g_ptr_array_set_size(server->polled, 0);
	want(server, server->signals);
	want(server, lmtp_intake_ready(server->service.intake));
	for (unsigned i = 0; server->listener && i < server->listener->count; i++)
		want(server, accepts ? server->listener->fds[i] : -1);
	g_hash_table_iter_init(&each, server->connections);
	while (g_hash_table_iter_next(&each, NULL, &connection)) {
		lmtp_connection_wants(connection, read, both, &other);
		deadline = deadline_earlier(deadline, other);
		g_array_append_vals(server->items, both, 2);
		g_ptr_array_add(server->polled, connection);
	}
	if (deadline_left(server->accept_from) > 0)
		deadline = deadline_earlier(deadline, server->accept_from);
	return server->changed ? deadline_earlier(deadline, server->status_from) : deadline;
}

static void go_on(struct lmtp_server *server)
{
	const struct pollfd *items = (const struct pollfd *)server->items->data + 2;

	for (unsigned i = 0; server->listener && i < server->listener->count; i++, items++)
		if (items->revents)
			accept_some(server, items->fd);
	for (unsigned i = 0; i < server->polled->len; i++, items += 2) {
		struct lmtp_connection *connection = g_ptr_array_index(server->polled, i);
		gint64 number = (gint64)lmtp_connection_number(connection);

		if (lmtp_connection_go_on(connection, items))
			continue;
		g_hash_table_remove(server->connections, &number);
		server->changed = true;
	}
}

/* Is there anything more to do? */
static bool is_over(const struct lmtp_server *server)
{
	if (lmtp_intake_mails(server->service.intake) > 0)
		return false;
	if (server->reloading && !server->stopping)
		return true;
	return g_hash_table_size(server->connections) == 0 && (server->stopping || !server->listener);
}

enum lmtp_server_end lmtp_server_run(struct lmtp_server *server, struct ingest *ingest,
                                     const struct lmtp_settings *settings)
{
	g_autofree char *reason = NULL;

	server->service.settings = settings;
	server->service.timeout = ingest->config.timeout;
	server->service.intake = lmtp_intake_start(ingest, &reason);
	if (!server->service.intake) {
		log_error("%s", reason);
		return LMTP_SERVER_FAILED;
	}
	server->reloading = false;
	if (server->in >= 0)
		add(server, server->in, server->out);
	server->in = -1;
	while (!is_over(server)) {
		int64_t deadline = want_all(server);

		deadline_poll((struct pollfd *)server->items->data, server->items->len, deadline);
		notify_alive();
		take_mails(server);
		go_on(server);
		take_signals(server);
		show_status(server);
	}
	g_clear_pointer(&server->service.intake, lmtp_intake_free);
	return server->reloading && !server->stopping ? LMTP_SERVER_RELOAD : LMTP_SERVER_DONE;
}
