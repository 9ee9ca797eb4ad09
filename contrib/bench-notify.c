/* bench-notify - what contrib/bench notify measures with.
 *
 * bench-notify make COUNT PAUSE    write COUNT events, each in a transaction of its own, with so many microseconds
 *                                  between; prints "ID TIME" when the commit of each is over
 * bench-notify listen COUNT        print "TIME" for each notification of patchmail that comes, up to so many
 * bench-notify receive PORT COUNT  take so many HTTP requests, one connection after the other; "ID TIME" for each
 * bench-notify lines FILE          a command of patchmaild notify: appends "ID TIME" to the file for each line
 * bench-notify post URL COUNT FILE the least that posting costs: so many requests with that body, one after the other
 *
 * Times are microseconds since 1970.  libpq's environment says where the database is.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <curl/curl.h>
#include <libpq-fe.h>

#define REQUEST_MAX (1024 * 1024) /* bytes of a request; the bench's are far smaller */

static long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

static _Noreturn void give_up(const char *why)
{
	fprintf(stderr, "bench-notify: %s\n", why);
	exit(EXIT_FAILURE);
}

static PGconn *open_database(void)
{
	PGconn *connection = PQconnectdb("");

	if (PQstatus(connection) != CONNECTION_OK)
		give_up(PQerrorMessage(connection));
	return connection;
}

static PGresult *run(PGconn *connection, const char *sql)
{
	PGresult *result = PQexec(connection, sql);
	ExecStatusType status = PQresultStatus(result);

	if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
		give_up(PQerrorMessage(connection));
	return result;
}

static void make(long count, useconds_t pause)
{
	PGconn *connection = open_database();

	for (long i = 0; i < count; i++) {
		PGresult *result = run(connection, "INSERT INTO patchwork_event (category, date, project_id, patch_id) "
		                                   "SELECT 'patch-created', clock_timestamp(), p.project_id, p.id "
		                                   "FROM patchwork_patch p ORDER BY p.id LIMIT 1 RETURNING id");

		printf("%s %lld\n", PQgetvalue(result, 0, 0), now());
		PQclear(result);
		usleep(pause);
	}
	PQfinish(connection);
}

static void listen_to(long count)
{
	PGconn *connection = open_database();
	struct pollfd item = {.fd = PQsocket(connection), .events = POLLIN};
	PGnotify *notification;

	PQclear(run(connection, "LISTEN patchmail"));
	puts("ready");
	fflush(stdout);
	while (count > 0 && poll(&item, 1, -1) > 0) {
		if (PQconsumeInput(connection) == 0)
			give_up(PQerrorMessage(connection));
		while ((notification = PQnotifies(connection))) {
			printf("%lld\n", now());
			PQfreemem(notification);
			count--;
		}
	}
	PQfinish(connection);
}

/* Receiving -------------------------------------------------------------------------------------------------------- */

static int open_port(unsigned short port)
{
	const struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 10) < 0)
		give_up("no port");
	return fd;
}

/* Read up to the end of a request into text, which has `got` bytes already; false: the connection ends. */
static bool read_request(int fd, char *text, size_t *got)
{
	for (;;) {
		char *end, *field;
		ssize_t length;

		text[*got] = '\0';
		end = strstr(text, "\r\n\r\n");
		field = strcasestr(text, "\r\nContent-Length:");
		if (end && (!field || *got >= (size_t)(end + 4 - text) + strtoul(field + 17, NULL, 10)))
			return true;
		length = read(fd, text + *got, REQUEST_MAX - *got);
		if (length <= 0)
			return false;
		*got += (size_t)length;
	}
}

static void serve(int fd, long *count)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
	static char text[REQUEST_MAX + 1];
	size_t got = 0;

	while (*count > 0 && read_request(fd, text, &got)) {
		const char *id = strcasestr(text, "\r\nwebhook-id: ");

		printf("%ld %lld\n", id ? strtol(id + 14, NULL, 10) : 0, now());
		if (write(fd, answer, sizeof(answer) - 1) < 0)
			break;
		(*count)--;
		got = 0;
	}
}

static void receive(unsigned short port, long count)
{
	int listener = open_port(port), on = 1;

	while (count > 0) {
		int fd = accept(listener, NULL, NULL);

		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		serve(fd, &count);
		close(fd);
	}
	close(listener);
}

static void take_lines(const char *path)
{
	FILE *file = fopen(path, "a");
	char *line = NULL;
	size_t size = 0;

	if (!file)
		give_up("no file");
	while (getline(&line, &size, stdin) > 0) {
		const char *id = strchr(line, ':');

		fprintf(file, "%ld %lld\n", id ? strtol(id + 1, NULL, 10) : 0, now());
	}
	free(line);
	fclose(file);
}

static void post(const char *url, long count, const char *path)
{
	static char body[REQUEST_MAX];
	struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
	FILE *file = fopen(path, "r");
	CURL *easy = curl_easy_init();
	size_t length;

	if (!file || !easy || !headers)
		give_up("nothing to post");
	length = fread(body, 1, sizeof(body), file);
	fclose(file);
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)length);
	for (long i = 0; i < count; i++)
		if (curl_easy_perform(easy) != CURLE_OK)
			give_up("it cannot be posted");
	curl_easy_cleanup(easy);
	curl_slist_free_all(headers);
}

int main(int count, char **arguments)
{
	const char *what = count > 2 ? arguments[1] : "";

	if (strcmp(what, "make") == 0 && count == 4)
		make(atol(arguments[2]), (useconds_t)atol(arguments[3]));
	else if (strcmp(what, "listen") == 0 && count == 3)
		listen_to(atol(arguments[2]));
	else if (strcmp(what, "receive") == 0 && count == 4)
		receive((unsigned short)atoi(arguments[2]), atol(arguments[3]));
	else if (strcmp(what, "lines") == 0 && count == 3)
		take_lines(arguments[2]);
	else if (strcmp(what, "post") == 0 && count == 5)
		post(arguments[2], atol(arguments[3]), arguments[4]);
	else
		give_up("see its first lines");
	return EXIT_SUCCESS;
}
