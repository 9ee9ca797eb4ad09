/* connection.c - one connection to PostgreSQL, asynchronous and to a deadline.
 *
 * Used by store.c, pipeline.c and hook.c.  It is in libpq's pipeline mode from the first statement on: also a
 * statement that is waited for is a request of its own.  Promises never to wait past a deadline, but for
 * CONNECTION_CANCEL and for what Kerberos or LDAP do inside of libpq with time limits of their own, and to say why in
 * one printable line that holds no password.
 */
#include "database/connection.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>

#include "base/child.h"
#include "base/deadline.h"
#include "base/log.h"
#include "database/hosts.h"
#include "database/remedy.h"

#define START_WAIT 100000 /* microseconds that connection_start() waits for names */

struct connection {
	PQconninfoOption *options; /* of the connection string, NULL: it is none */
	PQconninfoOption *defaults;
	unsigned connect_timeout;
	int call;
	struct hosts *hosts;              /* of the attempt that is being made, or NULL */
	PGconn *begun;                    /* by connection_start(), or NULL */
	PostgresPollingStatusType wanted; /* of the one begun: what libpq waits for */
	unsigned position;                /* the host that it is at */
	PGconn *handle;                   /* NULL while there is none */
	/* The request in flight. */
	bool busy;      /* there is one */
	bool unsent;    /* not all of it has gone out */
	bool broken;    /* it could not be sent */
	bool between;   /* the last thing that libpq said was that the answer to a statement is over */
	PGresult *kept; /* of its answer, so far */
};

struct connection *connection_new(const char *conninfo, unsigned connect_timeout)
{
	struct connection *connection = g_new0(struct connection, 1);

	/* libpq's own words about one that is wrong would repeat it, password and all. */
	connection->options = PQconninfoParse(conninfo == NULL ? "" : conninfo, NULL);
	connection->defaults = hosts_defaults(connection->options);
	connection->connect_timeout = connect_timeout;
	connection->call = -1;
	return connection;
}

void connection_set_call(struct connection *connection, int call)
{
	connection->call = call;
}

bool connection_is_busy(const struct connection *connection)
{
	return connection->busy;
}

void connection_close(struct connection *connection)
{
	g_clear_pointer(&connection->begun, PQfinish);
	g_clear_pointer(&connection->handle, PQfinish);
	g_clear_pointer(&connection->hosts, hosts_free);
	g_clear_pointer(&connection->kept, PQclear);
	connection->busy = false;
	connection->unsent = false;
	connection->broken = false;
	connection->between = false;
}

void connection_free(struct connection *connection)
{
	connection_close(connection);
	PQconninfoFree(connection->options);
	PQconninfoFree(connection->defaults);
	g_free(connection);
}

bool connection_is_up(const struct connection *connection)
{
	return connection->handle != NULL;
}

const char *connection_database(const struct connection *connection)
{
	return PQdb(connection->handle);
}

const char *connection_role(const struct connection *connection)
{
	return PQuser(connection->handle);
}

bool connection_is_alive(struct connection *connection)
{
	bool alive = connection->handle != NULL;

	/* What the server said before it went comes first, then the end. */
	for (int i = 0; i < 2 && alive && !connection->busy; i++)
		alive = PQconsumeInput(connection->handle) == 1 && PQstatus(connection->handle) != CONNECTION_BAD;
	if (!alive && connection->handle != NULL)
		connection_close(connection);
	return alive;
}

void answer_release(struct answer *answer)
{
	g_clear_pointer(&answer->result, PQclear);
	g_clear_pointer(&answer->reason, g_free);
}

const char *answer_value(const PGresult *result, int row, int column)
{
	return PQgetisnull(result, row, column) ? NULL : PQgetvalue(result, row, column);
}

/* Opening ---------------------------------------------------------------------------------------------------- */

/* Notices would go to stderr. */
static void ignore_notice(void *context, const PGresult *notice)
{
	(void)context;
	(void)notice;
}

struct keywords {
	GPtrArray *names, *values;
};

/* A later one wins over an earlier one. */
static void add(struct keywords *keywords, const char *name, const char *value)
{
	if (value == NULL)
		return;
	g_ptr_array_add(keywords->names, g_strdup(name));
	g_ptr_array_add(keywords->values, g_strdup(value));
}

static bool is_of_hosts(const char *name)
{
	return strcmp(name, "host") == 0 || strcmp(name, "hostaddr") == 0 || strcmp(name, "port") == 0;
}

static void add_hosts(struct keywords *keywords, const struct hosts *hosts)
{
	g_autofree char *host = NULL, *hostaddr = NULL, *port = NULL;

	hosts_values(hosts, &host, &hostaddr, &port);
	add(keywords, "host", host);
	add(keywords, "hostaddr", hostaddr);
	add(keywords, "port", port);
}

static PGconn *start(const PQconninfoOption *options, const struct hosts *hosts)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);
	struct keywords keywords = {names, values};
	PGconn *handle;

	for (const PQconninfoOption *option = options; option->keyword != NULL; option++) {
		if (!hosts_differ(hosts) || !is_of_hosts(option->keyword))
			add(&keywords, option->keyword, option->val);
	}
	if (hosts_differ(hosts))
		add_hosts(&keywords, hosts);
	add(&keywords, "client_encoding", "UTF8");
	add(&keywords, "application_name", "patchmaild");
	g_ptr_array_add(names, NULL);
	g_ptr_array_add(values, NULL);
	handle = PQconnectStartParams((const char *const *)names->pdata, (const char *const *)values->pdata, 0);
	/* Also a server that goes down while we connect says so. */
	if (handle != NULL)
		PQsetNoticeReceiver(handle, ignore_notice, NULL);
	return handle;
}

/* Begin with the hosts that are on the list. */
static void begin(struct connection *connection)
{
	connection->begun = start(connection->options, connection->hosts);
	connection->position = 0;
	/* The server can begin its part when it has heard from us. */
	connection->wanted = PGRES_POLLING_WRITING;
	if (connection->begun == NULL || PQstatus(connection->begun) == CONNECTION_BAD)
		return;
	while (connection->wanted == PGRES_POLLING_WRITING &&
	       deadline_wait(PQsocket(connection->begun), POLLOUT, 0) == 0)
		connection->wanted = PQconnectPoll(connection->begun);
}

void connection_start(struct connection *connection)
{
	g_autofree char *reason = NULL;

	connection_close(connection);
	if (connection->options == NULL)
		return;
	connection->hosts = hosts_new(connection->options, connection->defaults);
	if (hosts_wait(connection->hosts, g_get_monotonic_time() + START_WAIT) &&
	    hosts_finish(connection->hosts, -1, 0, &reason) == 0)
		begin(connection);
}

/* How many hosts may still be tried, the one that a connection is at and those after it; all once more by libpq, where
 * none was the standby that is preferred. */
static unsigned hosts_to_try(const struct connection *connection)
{
	const char *wanted = hosts_option(connection->options, connection->defaults, "target_session_attrs");
	unsigned count = hosts_count(connection->hosts), position = connection->position;
	unsigned left = position < count ? count - position : 1;

	return g_strcmp0(wanted, "prefer-standby") == 0 ? left + count : left;
}

/* When the host that a connection is at has to have answered: it has an equal share of the time, or what
 * connect_timeout of libpq gives it if that is less. */
static int64_t host_deadline(const struct connection *connection, int64_t deadline)
{
	const char *option = hosts_option(connection->options, connection->defaults, "connect_timeout");
	gint64 seconds = option == NULL ? 0 : g_ascii_strtoll(option, NULL, 10);
	int64_t share = g_get_monotonic_time() + deadline_left(deadline) / hosts_to_try(connection);

	if (seconds <= 0 || seconds > UINT_MAX)
		return share;
	return deadline_earlier(share, deadline_after((unsigned)seconds));
}

/* Drive the connection until it is up.  0, -ETIMEDOUT if the host that it is at does not answer, or -EAGAIN with
 * libpq's message. */
static int drive(struct connection *connection, int64_t deadline)
{
	PGconn *handle = connection->begun;
	int64_t end = host_deadline(connection, deadline);

	if (PQstatus(handle) == CONNECTION_BAD)
		return -EAGAIN;
	for (;;) {
		unsigned position = hosts_position(connection->hosts, connection->position, handle);
		short events = connection->wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT;
		int status;

		if (connection->wanted == PGRES_POLLING_OK)
			return 0;
		if (connection->wanted == PGRES_POLLING_FAILED)
			return -EAGAIN;
		if (position != connection->position) {
			connection->position = position;
			end = host_deadline(connection, deadline);
		}
		status = deadline_wait_called(PQsocket(handle), events, connection->call, end);
		if (status < 0)
			return status;
		connection->wanted = PQconnectPoll(handle);
	}
}

static char *database_reason(const char *what, const char *message)
{
	g_autofree char *line = log_first_line(message);

	return g_strdup_printf("%s: %s", what, line);
}

/* What libpq says only on standard error: that it passes over the file with the password.  "" if that is not so. */
static char *passfile_hint(PGconn *handle)
{
	PQconninfoOption *options = PQconnectionNeedsPassword(handle) ? PQconninfo(handle) : NULL;
	g_autofree char *path = g_strdup(hosts_option(options, NULL, "passfile"));
	struct stat status;

	PQconninfoFree(options);
	if (path == NULL || stat(path, &status) < 0 || (status.st_mode & (S_IRWXG | S_IRWXO)) == 0)
		return g_strdup("");
	return g_strdup_printf("; %s is passed over, since others can read it (chmod 600)", path);
}

static char *connect_reason(PGconn *handle)
{
	g_autofree char *reason = database_reason("the database cannot be reached", PQerrorMessage(handle));
	g_autofree char *hint = passfile_hint(handle);
	g_autofree char *remedy = remedy_of_refusal(PQerrorMessage(handle), PQuser(handle), PQdb(handle));

	return g_strconcat(reason, *hint ? hint : remedy, NULL);
}

/* What is wrong with a connection that has just come up, or NULL. */
static char *check_encoding(const PGconn *handle)
{
	const char *encoding = PQparameterStatus(handle, "server_encoding");

	if (encoding == NULL || strcmp(encoding, "UTF8") == 0)
		return NULL;
	return g_strdup_printf("the encoding of the database is %s, it has to be UTF8", encoding);
}

/* Connect to one host after the other, as libpq would, but leave out those that were silent.  NULL, or what is
 * wrong. */
static char *open_any(struct connection *connection, int64_t deadline)
{
	int status;

	for (;;) {
		if (connection->begun == NULL)
			begin(connection);
		if (connection->begun == NULL)
			return g_strdup("out of memory");
		status = drive(connection, deadline);
		if (status != -ETIMEDOUT)
			break;
		g_clear_pointer(&connection->begun, PQfinish);
		if (!hosts_strike(connection->hosts, connection->position) || deadline_left(deadline) == 0)
			return g_strdup("the database cannot be reached in time");
	}
	return status < 0 ? connect_reason(connection->begun) : check_encoding(connection->begun);
}

static char *open_to_deadline(struct connection *connection, int64_t deadline)
{
	g_autofree char *unknown = NULL;

	if (connection->options == NULL)
		return g_strdup("conninfo in [database] is no connection string of libpq");
	if (connection->hosts == NULL)
		connection_start(connection);
	if (hosts_finish(connection->hosts, connection->call, deadline, &unknown) < 0)
		return g_strdup_printf("the database cannot be reached: %s", unknown);
	return open_any(connection, deadline);
}

int connection_open(struct connection *connection, int64_t deadline, char **ret_reason)
{
	int64_t own = deadline_after(connection->connect_timeout);
	char *wrong = open_to_deadline(connection, deadline_earlier(deadline, own));

	if (wrong != NULL) {
		connection_close(connection);
		*ret_reason = wrong;
		return -EAGAIN;
	}
	connection->handle = g_steal_pointer(&connection->begun);
	PQsetnonblocking(connection->handle, 1);
	PQenterPipelineMode(connection->handle);
	g_clear_pointer(&connection->hosts, hosts_free);
	return 0;
}

/* Asking ----------------------------------------------------------------------------------------------------- */

static int send_query(PGconn *handle, const struct statement *statement)
{
	const char *values[CONNECTION_PARAMETERS_MAX];
	int lengths[CONNECTION_PARAMETERS_MAX], formats[CONNECTION_PARAMETERS_MAX];

	g_assert(statement->count <= CONNECTION_PARAMETERS_MAX);
	for (int i = 0; i < statement->count; i++) {
		const struct parameter *parameter = &statement->parameters[i];

		g_assert(parameter->length <= INT_MAX);
		values[i] = parameter->text != NULL ? parameter->text : parameter->bytes;
		lengths[i] = (int)parameter->length;
		formats[i] = parameter->text == NULL;
	}
	return PQsendQueryParams(handle, statement->sql, statement->count, NULL, values, lengths, formats, 0) == 1
	               ? 0
	               : -EPIPE;
}

/* Out with what the socket takes. */
static int flush(struct connection *connection)
{
	int left = PQflush(connection->handle);

	connection->unsent = left > 0;
	return left < 0 ? -EPIPE : 0;
}

int connection_send(struct connection *connection, const struct statement *statements, unsigned count)
{
	int status = 0;

	g_assert(!connection->busy);
	for (unsigned i = 0; i < count && status == 0; i++)
		status = send_query(connection->handle, &statements[i]);
	if (status == 0 && PQpipelineSync(connection->handle) != 1)
		status = -EPIPE;
	connection->busy = true;
	if (status == 0)
		status = flush(connection);
	connection->broken = status < 0;
	return status;
}

static bool is_error(const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	return status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK;
}

/* What counts most in the answer to a request: an error (the commit comes after the rows), then rows. */
static int weight(const PGresult *result)
{
	if (result == NULL)
		return 0;
	if (is_error(result))
		return 3;
	return PQresultStatus(result) == PGRES_TUPLES_OK ? 2 : 1;
}

/* Keep a result; of those that count alike the first. */
static void keep(struct connection *connection, PGresult *result)
{
	if (weight(result) <= weight(connection->kept)) {
		PQclear(result);
		return;
	}
	PQclear(connection->kept);
	connection->kept = result;
}

/* Take what has come.  1 when the request is answered, 0 if it is not, or -EPIPE. */
static int receive(struct connection *connection)
{
	PGconn *handle = connection->handle;

	if (connection->broken || (connection->unsent && flush(connection) < 0))
		return -EPIPE;
	while (PQisBusy(handle) == 0) {
		PGresult *result = PQgetResult(handle);

		/* Twice in a row: it has nothing more to say, though an answer is due. */
		if (result == NULL && connection->between)
			return -EPIPE;
		connection->between = result == NULL;
		if (result != NULL && PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
			PQclear(result);
			connection->busy = false;
			return 1;
		}
		if (result != NULL)
			keep(connection, result);
		if (PQstatus(handle) == CONNECTION_BAD)
			return -EPIPE;
	}
	return 0;
}

struct pollfd connection_wants(const struct connection *connection)
{
	short events = connection->unsent ? POLLIN | POLLOUT : POLLIN;

	return (struct pollfd){.fd = PQsocket(connection->handle), .events = events};
}

int connection_has_heard(struct connection *connection)
{
	bool alive = PQconsumeInput(connection->handle) == 1;
	int heard = 0;
	PGnotify *notification;

	while (alive && (notification = PQnotifies(connection->handle))) {
		PQfreemem(notification);
		heard = 1;
	}
	if (alive && PQstatus(connection->handle) != CONNECTION_BAD)
		return heard;
	connection_close(connection);
	return -EPIPE;
}

/* Wait for the answer.  0, -ETIMEDOUT or -EPIPE. */
static int wait_for_answer(struct connection *connection, int64_t deadline)
{
	int status = receive(connection);

	while (status == 0) {
		struct pollfd item = connection_wants(connection);

		status = deadline_wait_called(item.fd, item.events, connection->call, deadline);
		if (status == 0 && PQconsumeInput(connection->handle) == 0)
			status = -EPIPE;
		if (status == 0)
			status = receive(connection);
	}
	return status < 0 ? status : 0;
}

/* What the child does: nothing but what is safe after fork(), and PQcancel() is. */
static _Noreturn void cancel_and_exit(PGcancel *request)
{
	static const int defaults[] = {SIGALRM, SIGTERM, SIGINT, SIGHUP};
	char message[256];
	sigset_t none;

	for (size_t i = 0; i < G_N_ELEMENTS(defaults); i++)
		signal(defaults[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	alarm(CONNECTION_CANCEL + 1);
	PQcancel(request, message, sizeof(message));
	_exit(0);
}

/* Wait until a process has closed its end of a pipe, or the time is over; then it is gone. */
static void end_child(pid_t child, int end)
{
	deadline_wait(end, POLLIN, deadline_after(CONNECTION_CANCEL));
	child_end(child);
}

/* The server would go on waiting for a lock, and commit later.  PQcancel() connects and waits for the answer without
 * end, and the server may be frozen, so it has a process of its own. */
static void cancel(PGconn *handle)
{
	PGcancel *request = PQgetCancel(handle);
	int ends[2];
	pid_t child;

	if (request == NULL)
		return;
	if (pipe2(ends, O_CLOEXEC) == 0) {
		child = fork();
		if (child == 0)
			cancel_and_exit(request);
		close(ends[1]);
		if (child > 0)
			end_child(child, ends[0]);
		close(ends[0]);
	}
	PQfreeCancel(request);
}

static void set_error(struct answer *answer, const PGconn *handle)
{
	bool told = answer->result != NULL && is_error(answer->result);
	const char *state = told ? PQresultErrorField(answer->result, PG_DIAG_SQLSTATE) : NULL;
	const char *message = told ? PQresultErrorField(answer->result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	g_autofree char *what = NULL;

	if (message == NULL)
		message = told ? PQresultErrorMessage(answer->result) : PQerrorMessage(handle);
	answer->inside = told && PQresultErrorField(answer->result, PG_DIAG_CONTEXT) != NULL;
	g_strlcpy(answer->sqlstate, state == NULL ? "" : state, sizeof(answer->sqlstate));
	what = state == NULL ? g_strdup("the database failed") : g_strdup_printf("the database failed (%s)", state);
	answer->reason = database_reason(what, message);
}

/* Errors after which the connection is of no use, though it stands: the server ends, or is a standby now.  Another try
 * is for a new connection, which may lead to another host.  From PostgreSQL's list of error codes. */
static bool is_parting(const char *state)
{
	static const char *const states[] = {
		"08",    /* connection exception, also what PgBouncer says of its own trouble */
		"25006", /* read_only_sql_transaction */
		"57P0",  /* admin_shutdown, crash_shutdown, cannot_connect_now, idle_session_timeout */
	};

	for (size_t i = 0; i < G_N_ELEMENTS(states); i++) {
		if (g_str_has_prefix(state, states[i]))
			return true;
	}
	return false;
}

/* The request ended with `status`: 0, -ETIMEDOUT or -EPIPE. */
static void end_request(struct connection *connection, int status, struct answer *ret_answer)
{
	struct answer answer = {.status = ANSWER_DONE, .sent = !connection->unsent && !connection->broken};

	answer.result = g_steal_pointer(&connection->kept);
	if (status == -ETIMEDOUT) {
		cancel(connection->handle);
		answer.status = ANSWER_TIMEOUT;
		answer.reason = g_strdup("the database did not answer in time");
	} else if (status < 0 || PQstatus(connection->handle) == CONNECTION_BAD || answer.result == NULL) {
		answer.status = ANSWER_LOST;
		set_error(&answer, connection->handle);
	} else if (is_error(answer.result)) {
		set_error(&answer, connection->handle);
		answer.status = is_parting(answer.sqlstate) ? ANSWER_LOST : ANSWER_ERROR;
	}
	if (answer.status != ANSWER_DONE)
		g_clear_pointer(&answer.result, PQclear);
	if (answer.status == ANSWER_TIMEOUT || answer.status == ANSWER_LOST)
		connection_close(connection);
	*ret_answer = answer;
}

bool connection_receive(struct connection *connection, int64_t deadline, struct answer *ret_answer)
{
	int status = PQconsumeInput(connection->handle) == 0 ? -EPIPE : receive(connection);

	if (status == 0 && deadline_left(deadline) == 0)
		status = -ETIMEDOUT;
	if (status == 0)
		return false;
	end_request(connection, MIN(status, 0), ret_answer);
	return true;
}

void connection_ask_all(struct connection *connection, const struct statement *statements, unsigned count,
                        int64_t deadline, struct answer *ret_answer)
{
	int status = connection_send(connection, statements, count);

	if (status == 0)
		status = wait_for_answer(connection, deadline);
	end_request(connection, status, ret_answer);
}

void connection_ask(struct connection *connection, const char *sql, const struct parameter *parameters, int count,
                    int64_t deadline, struct answer *ret_answer)
{
	const struct statement statement = {sql, parameters, count};

	connection_ask_all(connection, &statement, 1, deadline, ret_answer);
}
