/* connection.c - one connection to PostgreSQL, asynchronous and to a deadline.
 *
 * Used by store.c.  Promises never to wait past a deadline (but for name resolution inside libpq, which the alarm of
 * the command ends), to print nothing, and to say why in one printable line that holds no password.
 */
#include "connection.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include <glib.h>

#include "deadline.h"
#include "log.h"

struct connection {
	char *conninfo;
	unsigned connect_timeout;
	PGconn *begun;                    /* by connection_start(), or NULL */
	PostgresPollingStatusType wanted; /* of the one begun: what libpq waits for */
	PGconn *handle;                   /* NULL while there is none */
};

struct connection *connection_new(const char *conninfo, unsigned connect_timeout)
{
	struct connection *connection = g_new0(struct connection, 1);

	connection->conninfo = g_strdup(conninfo);
	connection->connect_timeout = connect_timeout;
	return connection;
}

void connection_close(struct connection *connection)
{
	g_clear_pointer(&connection->begun, PQfinish);
	g_clear_pointer(&connection->handle, PQfinish);
}

void connection_free(struct connection *connection)
{
	connection_close(connection);
	g_free(connection->conninfo);
	g_free(connection);
}

bool connection_is_up(const struct connection *connection)
{
	return connection->handle != NULL;
}

void answer_release(struct answer *answer)
{
	g_clear_pointer(&answer->result, PQclear);
	g_clear_pointer(&answer->reason, g_free);
}

/* Opening ---------------------------------------------------------------------------------------------------- */

/* Notices would go to stderr. */
static void ignore_notice(void *context, const PGresult *notice)
{
	(void)context;
	(void)notice;
}

/* libpq's own words repeat the string, password and all. */
static bool readable(const char *conninfo)
{
	PQconninfoOption *options = PQconninfoParse(conninfo, NULL);

	PQconninfoFree(options);
	return options != NULL;
}

static PGconn *start(const char *conninfo)
{
	/* A later keyword wins over an earlier one and over the string that `dbname` expands to. */
	const char *const keywords[] = {"dbname", "client_encoding", "application_name", NULL};
	const char *const values[] = {conninfo, "UTF8", "patchmaild", NULL};
	int without = conninfo == NULL ? 1 : 0;
	PGconn *handle = PQconnectStartParams(keywords + without, values + without, 1);

	/* Also a server that goes down while we connect says so. */
	if (handle != NULL)
		PQsetNoticeReceiver(handle, ignore_notice, NULL);
	return handle;
}

/* Drive the connection until it is up.  0, -ETIMEDOUT, or -EAGAIN with libpq's message. */
static int drive(PGconn *handle, PostgresPollingStatusType wanted, int64_t deadline)
{
	if (PQstatus(handle) == CONNECTION_BAD)
		return -EAGAIN;
	for (;;) {
		int status;

		if (wanted == PGRES_POLLING_OK)
			return 0;
		if (wanted == PGRES_POLLING_FAILED)
			return -EAGAIN;
		status = deadline_wait(PQsocket(handle), wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline);
		if (status < 0)
			return status;
		wanted = PQconnectPoll(handle);
	}
}

static char *database_reason(const char *what, const char *message)
{
	g_autofree char *line = log_first_line(message);

	return g_strdup_printf("%s: %s", what, line);
}

/* What is wrong with a connection that has just come up, or NULL. */
static char *check_encoding(const PGconn *handle)
{
	const char *encoding = PQparameterStatus(handle, "server_encoding");

	if (encoding == NULL || strcmp(encoding, "UTF8") == 0)
		return NULL;
	return g_strdup_printf("the encoding of the database is %s, it has to be UTF8", encoding);
}

void connection_start(struct connection *connection)
{
	connection_close(connection);
	if (connection->conninfo == NULL || readable(connection->conninfo))
		connection->begun = start(connection->conninfo);
	if (connection->begun == NULL || PQstatus(connection->begun) == CONNECTION_BAD)
		return;
	/* The server can begin its part when it has heard from us. */
	connection->wanted = PGRES_POLLING_WRITING;
	while (connection->wanted == PGRES_POLLING_WRITING &&
	       deadline_wait(PQsocket(connection->begun), POLLOUT, 0) == 0)
		connection->wanted = PQconnectPoll(connection->begun);
}

int connection_open(struct connection *connection, int64_t deadline, char **ret_reason)
{
	int64_t own = deadline_after(connection->connect_timeout);
	char *wrong = NULL;
	PGconn *handle;
	int status;

	if (connection->begun == NULL)
		connection_start(connection);
	handle = g_steal_pointer(&connection->begun);
	if (handle == NULL) {
		*ret_reason = g_strdup(connection->conninfo == NULL || readable(connection->conninfo)
		                               ? "out of memory"
		                               : "conninfo in [database] is no connection string of libpq");
		return -EAGAIN;
	}
	status = drive(handle, connection->wanted, deadline_earlier(deadline, own));
	if (status == -ETIMEDOUT)
		wrong = g_strdup("the database cannot be reached in time");
	else if (status < 0)
		wrong = database_reason("the database cannot be reached", PQerrorMessage(handle));
	else
		wrong = check_encoding(handle);
	if (wrong != NULL) {
		PQfinish(handle);
		*ret_reason = wrong;
		return -EAGAIN;
	}
	PQsetnonblocking(handle, 1);
	connection->handle = handle;
	return 0;
}

/* Asking ----------------------------------------------------------------------------------------------------- */

static int send_query(PGconn *handle, const char *sql, const struct parameter *parameters, int count)
{
	const char *values[CONNECTION_PARAMETERS_MAX];
	int lengths[CONNECTION_PARAMETERS_MAX], formats[CONNECTION_PARAMETERS_MAX];

	g_assert(count <= CONNECTION_PARAMETERS_MAX);
	for (int i = 0; i < count; i++) {
		const struct parameter *parameter = &parameters[i];

		g_assert(parameter->length <= INT_MAX);
		values[i] = parameter->text != NULL ? parameter->text : parameter->bytes;
		lengths[i] = (int)parameter->length;
		formats[i] = parameter->text == NULL;
	}
	return PQsendQueryParams(handle, sql, count, NULL, values, lengths, formats, 0) == 1 ? 0 : -EPIPE;
}

/* Everything out to the server, also while it talks. */
static int flush(PGconn *handle, int64_t deadline)
{
	int left;

	while ((left = PQflush(handle)) > 0) {
		int status = deadline_wait(PQsocket(handle), POLLIN | POLLOUT, deadline);

		if (status < 0)
			return status;
		if (PQconsumeInput(handle) == 0)
			return -EPIPE;
	}
	return left == 0 ? 0 : -EPIPE;
}

/* The next result of the statement, NULL after the last. */
static int next_result(PGconn *handle, int64_t deadline, PGresult **ret_result)
{
	while (PQisBusy(handle)) {
		int status = deadline_wait(PQsocket(handle), POLLIN, deadline);

		if (status < 0)
			return status;
		if (PQconsumeInput(handle) == 0)
			return -EPIPE;
	}
	*ret_result = PQgetResult(handle);
	return 0;
}

static bool is_error(const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	return status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK;
}

/* Keep a result: an error wins over rows (the commit comes behind them), an earlier error over a later one. */
static void keep(struct answer *answer, PGresult *result)
{
	if (answer->result != NULL && (is_error(answer->result) || !is_error(result))) {
		PQclear(result);
		return;
	}
	PQclear(answer->result);
	answer->result = result;
}

static int converse(PGconn *handle, const char *sql, const struct parameter *parameters, int count, int64_t deadline,
                    struct answer *answer)
{
	int status = send_query(handle, sql, parameters, count);

	if (status == 0)
		status = flush(handle, deadline);
	answer->sent = status == 0;
	while (status == 0) {
		PGresult *result = NULL;

		status = next_result(handle, deadline, &result);
		if (status == 0 && result == NULL)
			break;
		if (result != NULL)
			keep(answer, result);
	}
	return status;
}

/* The server would go on waiting for a lock, and commit later. */
static void cancel(PGconn *handle)
{
	PGcancel *request = PQgetCancel(handle);
	char message[256];

	if (request != NULL)
		PQcancel(request, message, sizeof(message));
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
	g_strlcpy(answer->sqlstate, state == NULL ? "" : state, sizeof(answer->sqlstate));
	what = state == NULL ? g_strdup("the database failed") : g_strdup_printf("the database failed (%s)", state);
	answer->reason = database_reason(what, message);
}

void connection_ask(struct connection *connection, const char *sql, const struct parameter *parameters, int count,
                    int64_t deadline, struct answer *ret_answer)
{
	PGconn *handle = connection->handle;
	struct answer answer = {.status = ANSWER_DONE};
	int status = converse(handle, sql, parameters, count, deadline, &answer);

	if (status == -ETIMEDOUT) {
		cancel(handle);
		answer.status = ANSWER_TIMEOUT;
		answer.reason = g_strdup("the database did not answer in time");
	} else if (status < 0 || PQstatus(handle) == CONNECTION_BAD || answer.result == NULL) {
		answer.status = ANSWER_LOST;
		set_error(&answer, handle);
	} else if (is_error(answer.result)) {
		answer.status = ANSWER_ERROR;
		set_error(&answer, handle);
	}
	if (answer.status != ANSWER_DONE)
		g_clear_pointer(&answer.result, PQclear);
	if (answer.status == ANSWER_TIMEOUT || answer.status == ANSWER_LOST)
		connection_close(connection);
	*ret_answer = answer;
}
