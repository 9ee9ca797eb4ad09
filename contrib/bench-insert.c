/* bench-insert - the least that a delivery could cost: contrib/bench deliver measures patchmaild against it.
 *
 * Connects with libpq's environment, inserts one row, commits, leaves.  Reads a mail from stdin, as the program
 * does, and stores it in the table bench_insert (raw bytea), which contrib/bench makes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <libpq-fe.h>

#define MAIL_SIZE (1024 * 1024) /* bytes; the mails of the bench are far smaller */

static int insert(PGconn *connection, const char *mail, int length)
{
	const char *values[] = {mail};
	const int lengths[] = {length};
	const int formats[] = {1};
	PGresult *result;
	int status;

	result = PQexecParams(connection, "INSERT INTO bench_insert (raw) VALUES ($1::bytea)", 1, NULL, values, lengths,
	                      formats, 0);
	status = PQresultStatus(result) == PGRES_COMMAND_OK ? EXIT_SUCCESS : EXIT_FAILURE;
	if (status != EXIT_SUCCESS)
		fputs(PQerrorMessage(connection), stderr);
	PQclear(result);
	return status;
}

int main(void)
{
	static char mail[MAIL_SIZE];
	size_t length = fread(mail, 1, sizeof(mail), stdin);
	PGconn *connection = PQconnectdb("");
	int status = EXIT_FAILURE;

	if (PQstatus(connection) == CONNECTION_OK)
		status = insert(connection, mail, (int)length);
	else
		fputs(PQerrorMessage(connection), stderr);
	PQfinish(connection);
	return status;
}
