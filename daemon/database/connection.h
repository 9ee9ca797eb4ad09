/* connection.h - one connection to PostgreSQL: open it, ask one thing or several, each to a deadline.
 *
 * A request is one or more statements in a transaction that ends with them: nothing of it is there if one of them
 * fails.
 */
#ifndef PATCHMAILD_CONNECTION_H
#define PATCHMAILD_CONNECTION_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libpq-fe.h>

enum answer_status {
	ANSWER_DONE,    /* `result` is the answer; outside of BEGIN it is committed */
	ANSWER_ERROR,   /* the server said no: `sqlstate`, `reason` */
	ANSWER_LOST,    /* the connection broke, or the server ends or takes no writes any more; it is closed */
	ANSWER_TIMEOUT, /* the deadline passed; the statement is cancelled, the connection closed */
};

struct answer {
	enum answer_status status;
	bool sent;        /* the server has all of the request, whatever became of it */
	PGresult *result; /* NULL unless done */
	char sqlstate[6]; /* "" if there is none */
	bool inside;      /* the error came from inside of a function, not from the statement itself */
	char *reason;     /* in words, one printable line; NULL if done */
};
void answer_release(struct answer *answer);

/* A value of a result, both counted from 0; NULL for NULL.  It is there as long as the result. */
const char *answer_value(const PGresult *result, int row, int column);

/* A value for $1, $2...: a text, or else bytes that go as they are, in PostgreSQL's binary form; or NULL. */
struct parameter {
	const char *text;
	const char *bytes;
	size_t length;
};
#define CONNECTION_PARAMETERS_MAX 5

struct statement {
	const char *sql;
	const struct parameter *parameters;
	int count; /* of them */
};

#define CONNECTION_CANCEL 1 /* seconds after a deadline, for telling the server that the statement is given up */

struct connection;
struct connection *connection_new(const char *conninfo, unsigned connect_timeout);
void connection_free(struct connection *connection);

/* Where `call` can be read, nothing is waited for longer than DEADLINE_HURRY (deadline.h); -1: there is none. */
void connection_set_call(struct connection *connection, int call);

/* Begin to connect; waits for nothing but a moment for the addresses of names, and connection_open() goes on with
 * it. */
void connection_start(struct connection *connection);

/* Connect to one of the hosts of the connection string.  Each has an equal share of the time; one that is silent is
 * passed over, otherwise it is libpq that goes on to the next one or does not (target_session_attrs, a password that is
 * wrong).  0, or -EAGAIN and a reason in words, one printable line (the caller frees it). */
int connection_open(struct connection *connection, int64_t deadline, char **ret_reason);
bool connection_is_up(const struct connection *connection);

/* To which database it is, and as which role; it has to be up.  Owned by the connection. */
const char *connection_database(const struct connection *connection);
const char *connection_role(const struct connection *connection);

/* The same, and has the server not closed it, as far as that can be seen without asking?  If it has, it is closed here
 * too. */
bool connection_is_alive(struct connection *connection);

/* Is a request in flight (connection_send())? */
bool connection_is_busy(const struct connection *connection);

void connection_close(struct connection *connection);

/* Run one statement, in a transaction of its own outside of BEGIN, or a request of several.  The answer comes only when
 * the server is ready for the next one, so that an error while it commits is not missed.  It is the first error, else
 * the first rows.  Released by the caller. */
void connection_ask(struct connection *connection, const char *sql, const struct parameter *parameters, int count,
                    int64_t deadline, struct answer *ret_answer);
void connection_ask_all(struct connection *connection, const struct statement *statements, unsigned count,
                        int64_t deadline, struct answer *ret_answer);

/* The same without waiting.  Send a request; none may be in flight.  0, or -EPIPE if the connection is broken, which
 * connection_receive() then reports.  What is in the statements is copied. */
int connection_send(struct connection *connection, const struct statement *statements, unsigned count);

/* True and the answer, as connection_ask() gives it, if it is there or its deadline has passed.  A request has to be in
 * flight. */
bool connection_receive(struct connection *connection, int64_t deadline, struct answer *ret_answer);

/* What to wait for until connection_receive() can do more, or, with no request in flight, until
 * connection_has_heard() may say something else. */
struct pollfd connection_wants(const struct connection *connection);

/* Has a notification come (LISTEN) since the last call?  1, 0, or -EPIPE if the connection is broken, and then it is
 * closed. */
int connection_has_heard(struct connection *connection);

#endif
