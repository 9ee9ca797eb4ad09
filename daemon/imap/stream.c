/* stream.c - the wire to an IMAP server.
 *
 * Called by imap/session.c, and by libetpan through the driver at the end.  Promises: nothing is sent in clear text
 * where TLS is asked for, nothing waits past its deadline, and after a failure nothing more is read or sent.
 */
#include "imap/stream.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "base/deadline.h"
#include "base/log.h"
#include "base/resolve.h"
#include "imap/sieve.h"
#include "imap/trace.h"

#define PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

struct imap_stream {
	mailstream_low *low;
	int fd;
	char *host, *ca_file;
	unsigned silence;
	int call;
	gnutls_certificate_credentials_t credentials;
	gnutls_session_t session; /* NULL: clear text */
	int64_t deadline;
	uint64_t bytes; /* that the server may still send */
	struct imap_sieve *sieve;
	GString *sieved; /* for libetpan, from this byte on: */
	size_t read;
	bool unreadable; /* ... what comes after it */
	GString *sent;   /* of a line, for the trace */
	struct imap_trace *trace;
	char *secret;
	char *failure;
};

static void stream_free(struct imap_stream *stream)
{
	if (stream->session)
		gnutls_deinit(stream->session);
	if (stream->credentials)
		gnutls_certificate_free_credentials(stream->credentials);
	if (stream->fd >= 0)
		close(stream->fd);
	imap_sieve_end(stream->sieve);
	imap_sieve_free(stream->sieve);
	g_string_free(stream->sieved, TRUE);
	g_string_free(stream->sent, TRUE);
	imap_trace_free(stream->trace);
	g_free(stream->secret);
	g_free(stream->host);
	g_free(stream->ca_file);
	g_free(stream->failure);
	g_free(stream);
}

/* What may be shown ----------------------------------------------------------------------------------------------- */

/* A printable line without the secret; the caller frees it. */
static char *shown(const struct imap_stream *stream, const char *text, size_t length)
{
	g_autofree char *escaped = log_escape(text, length);
	g_autoptr(GString) line = g_string_new(escaped);

	if (stream->secret)
		g_string_replace(line, stream->secret, "...", 0);
	return g_strdup(line->str);
}

static void trace(const struct imap_stream *stream, const char *who, const char *text)
{
	if (stream->trace)
		imap_trace_write(stream->trace, who, text);
}

static void trace_received(const char *line, size_t length, void *context)
{
	const struct imap_stream *stream = context;
	g_autofree char *text = shown(stream, line, length);

	/* What a server asks in the course of a login tells of the secret. */
	trace(stream, "S:", imap_sieve_is_login(stream->sieve) && *text == '+' ? "+ (hidden)" : text);
}

/* A line of the login: its command and what comes after AUTHENTICATE, a line that answers the server not at all. */
static char *login_line(const char *line)
{
	g_auto(GStrv) words = g_strsplit(line, " ", 4);

	if (g_strv_length(words) < 3)
		return g_strdup("(hidden)");
	if (g_ascii_strcasecmp(words[1], "AUTHENTICATE") == 0)
		return g_strdup_printf("%s %s %s (hidden)", words[0], words[1], words[2]);
	return g_ascii_strcasecmp(words[1], "LOGIN") == 0 ? g_strdup_printf("%s %s (hidden)", words[0], words[1])
	                                                  : g_strdup("(hidden)");
}

static void trace_sent(struct imap_stream *stream, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size && stream->trace; i++) {
		g_autofree char *text = NULL;

		if (bytes[i] != '\n') {
			g_string_append_c(stream->sent, bytes[i]);
			continue;
		}
		g_strchomp(stream->sent->str);
		text = imap_sieve_is_login(stream->sieve) ? login_line(stream->sent->str)
		                                          : shown(stream, stream->sent->str, strlen(stream->sent->str));
		trace(stream, "C:", text);
		g_string_truncate(stream->sent, 0);
	}
}

/* ---------------------------------------------------------------------------------------------------------------- */

/* Say why it is over; only the first reason counts. */
static G_GNUC_PRINTF(2, 3) ssize_t fail(struct imap_stream *stream, const char *format, ...)
{
	va_list arguments;

	if (stream->failure)
		return -1;
	va_start(arguments, format);
	stream->failure = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	trace(stream, "--", stream->failure);
	return -1;
}

/* TCP ------------------------------------------------------------------------------------------------------------ */

/* A connected socket, or a negative errno. */
static int connect_to(const struct addrinfo *address, int call, int64_t deadline)
{
	int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1, error = 0;
	socklen_t length = sizeof(error);
	int status;

	if (fd < 0)
		return -errno;
	status = connect(fd, address->ai_addr, address->ai_addrlen) == 0 ? 0 : -errno;
	if (status == -EINPROGRESS)
		status = deadline_wait_called(fd, POLLOUT, call, deadline);
	if (status == 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0)
		status = -error;
	if (status < 0) {
		close(fd);
		return status;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return fd;
}

/* Try one address after the other; each has an equal share of the time that is left. */
static int connect_any(const struct addrinfo *addresses, bool only_loopback, int call, int64_t deadline)
{
	int left = 0, status = -EADDRNOTAVAIL;

	for (const struct addrinfo *address = addresses; address; address = address->ai_next)
		left++;
	for (const struct addrinfo *address = addresses; address; address = address->ai_next, left--) {
		int64_t share = g_get_monotonic_time() + deadline_left(deadline) / left;

		if (only_loopback && !resolve_is_loopback(address->ai_addr)) {
			status = -EPERM;
			continue;
		}
		status = connect_to(address, call, share);
		if (status >= 0)
			return status;
	}
	return status;
}

static int open_socket(const struct imap_endpoint *endpoint, int64_t deadline, char **ret_reason)
{
	g_autofree char *port = g_strdup_printf("%u", endpoint->port);
	struct resolve *lookup = resolve_start(endpoint->host, port, AI_NUMERICSERV | AI_ADDRCONFIG);
	struct addrinfo *addresses;
	int status = resolve_finish(lookup, endpoint->call, deadline, &addresses, ret_reason);

	resolve_free(lookup);
	if (status < 0)
		return -EAGAIN;
	status = connect_any(addresses, endpoint->tls == IMAP_TLS_NONE, endpoint->call, deadline);
	freeaddrinfo(addresses);
	if (status >= 0)
		return status;
	*ret_reason = status == -EPERM
	                      ? g_strdup_printf("%s is another machine: tls=none is for this one only", endpoint->host)
	                      : g_strdup_printf("%s port %u: %s", endpoint->host, endpoint->port, g_strerror(-status));
	return -EAGAIN;
}

/* TLS ------------------------------------------------------------------------------------------------------------ */

/* Wait until the server does something: for `events`, or for what GnuTLS wants to do next.  What it sends may be no
 * word of it, such as session tickets, so the deadline also counts if there is always something. */
static int wait_for_server(const struct imap_stream *stream, short events, int64_t deadline)
{
	int64_t end = deadline_earlier(deadline, deadline_after(stream->silence));

	if (deadline_left(deadline) == 0)
		return -ETIMEDOUT;
	if (stream->session)
		events = gnutls_record_get_direction(stream->session) ? POLLOUT : POLLIN;
	return deadline_wait_called(stream->fd, events, stream->call, end);
}

static int load_credentials(struct imap_stream *stream, char **ret_reason)
{
	int count;

	if (gnutls_certificate_allocate_credentials(&stream->credentials) < 0)
		g_error("out of memory");
	count = stream->ca_file ? gnutls_certificate_set_x509_trust_file(stream->credentials, stream->ca_file,
	                                                                 GNUTLS_X509_FMT_PEM)
	                        : gnutls_certificate_set_x509_system_trust(stream->credentials);
	if (count > 0)
		return 0;
	*ret_reason = g_strdup_printf("no certificate authority: %s: %s",
	                              stream->ca_file ? stream->ca_file : "the system's", gnutls_strerror(count));
	return -EAGAIN;
}

static bool is_address(const char *host)
{
	unsigned char binary[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, host, binary) == 1 || inet_pton(AF_INET6, host, binary) == 1;
}

static void start_session(struct imap_stream *stream)
{
	if (gnutls_init(&stream->session, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) < 0 ||
	    gnutls_priority_set_direct(stream->session, PRIORITIES, NULL) < 0 ||
	    gnutls_credentials_set(stream->session, GNUTLS_CRD_CERTIFICATE, stream->credentials) < 0)
		g_error("GnuTLS cannot be set up");
	if (!is_address(stream->host))
		gnutls_server_name_set(stream->session, GNUTLS_NAME_DNS, stream->host, strlen(stream->host));
	gnutls_session_set_verify_cert(stream->session, stream->host, 0);
	gnutls_transport_set_int(stream->session, stream->fd);
	/* The deadline is ours. */
	gnutls_handshake_set_timeout(stream->session, 0);
}

/* Why the handshake failed, in words. */
static char *handshake_failure(const struct imap_stream *stream, int error)
{
	unsigned status = gnutls_session_get_verify_cert_status(stream->session);
	g_autofree char *line = NULL;
	gnutls_datum_t words = {0};

	if (error != GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR ||
	    gnutls_certificate_verification_status_print(status, GNUTLS_CRT_X509, &words, 0) < 0)
		return g_strdup_printf("%s: TLS: %s", stream->host, gnutls_strerror(error));
	line = log_first_line((const char *)words.data);
	gnutls_free(words.data);
	return g_strdup_printf("%s: TLS: %s", stream->host, line);
}

int imap_stream_start_tls(struct imap_stream *stream, int64_t deadline, char **ret_reason)
{
	bool again;
	int error;

	/* What came after the answer came in clear text, and would be taken for what TLS protects (CVE-2011-0411). */
	if (imap_sieve_has_excess(stream->sieve)) {
		*ret_reason = g_strdup("STARTTLS: the server sent more before TLS began");
		fail(stream, "no TLS");
		return -EAGAIN;
	}
	if (load_credentials(stream, ret_reason) < 0) {
		fail(stream, "no TLS");
		return -EAGAIN;
	}
	start_session(stream);
	do {
		error = gnutls_handshake(stream->session);
		again = error == GNUTLS_E_AGAIN || error == GNUTLS_E_INTERRUPTED ||
		        error == GNUTLS_E_WARNING_ALERT_RECEIVED;
		if (again && wait_for_server(stream, POLLIN, deadline) < 0) {
			error = GNUTLS_E_TIMEDOUT;
			again = false;
		}
	} while (again);
	if (error == 0)
		return 0;
	*ret_reason = handshake_failure(stream, error);
	fail(stream, "no TLS");
	return -EAGAIN;
}

/* Reading and writing ---------------------------------------------------------------------------------------------- */

/* One read; -EAGAIN if there is nothing yet, 0 at the end, another negative number if it failed. */
static ssize_t receive(struct imap_stream *stream, void *buffer, size_t size)
{
	ssize_t got;

	if (!stream->session) {
		got = recv(stream->fd, buffer, size, MSG_DONTWAIT);
		if (got >= 0)
			return got;
		return errno == EINTR || errno == EAGAIN ? -EAGAIN : fail(stream, "%s", g_strerror(errno));
	}
	got = gnutls_record_recv(stream->session, buffer, size);
	if (got == GNUTLS_E_AGAIN || got == GNUTLS_E_INTERRUPTED)
		return -EAGAIN;
	/* The server cannot begin a new handshake. */
	return got >= 0 ? got : fail(stream, "TLS: %s", gnutls_strerror((int)got));
}

static ssize_t transmit(struct imap_stream *stream, const void *buffer, size_t size)
{
	ssize_t sent;

	if (!stream->session) {
		sent = send(stream->fd, buffer, size, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (sent >= 0)
			return sent;
		return errno == EINTR || errno == EAGAIN ? -EAGAIN : fail(stream, "%s", g_strerror(errno));
	}
	sent = gnutls_record_send(stream->session, buffer, size);
	if (sent == GNUTLS_E_AGAIN || sent == GNUTLS_E_INTERRUPTED)
		return -EAGAIN;
	return sent >= 0 ? sent : fail(stream, "TLS: %s", gnutls_strerror((int)sent));
}

/* The connection has ended. */
static ssize_t fail_closed(struct imap_stream *stream)
{
	const char *farewell = imap_sieve_farewell(stream->sieve);
	g_autofree char *line = farewell ? log_first_line(farewell) : NULL;

	return fail(stream, "the server closed the connection%s%s", line ? ": " : "", line ? line : "");
}

static ssize_t fail_unreadable(struct imap_stream *stream)
{
	g_autofree char *quote = imap_stream_quote(stream);

	return fail(stream, "the server's answer cannot be read: %s", quote);
}

/* Read once, and let the sieve see it.  0, -EAGAIN if there is nothing yet, another negative number if it failed. */
static ssize_t receive_sieved(struct imap_stream *stream)
{
	char buffer[IMAP_STREAM_BUFFER];
	ssize_t got;

	if (stream->failure)
		return -1;
	if (stream->bytes == 0)
		return fail(stream, stream->deadline == 0 ? "the connection is closed"
		                                          : "the server sends more than it was asked for");
	got = receive(stream, buffer, MIN(sizeof(buffer), stream->bytes));
	/* To libetpan an end within an answer is no error, and it would ask again for ever. */
	if (got == 0)
		return fail_closed(stream);
	if (got < 0)
		return got;
	stream->bytes -= (uint64_t)got;
	if (stream->read == stream->sieved->len) {
		g_string_truncate(stream->sieved, 0);
		stream->read = 0;
	}
	stream->unreadable = imap_sieve_push(stream->sieve, buffer, (size_t)got, stream->sieved) < 0;
	return 0;
}

/* What the sieve has for libetpan. */
static ssize_t read_sieved(struct imap_stream *stream, void *buffer, size_t size)
{
	size_t taken = MIN(size, stream->sieved->len - stream->read);

	memcpy(buffer, stream->sieved->str + stream->read, taken);
	stream->read += taken;
	return (ssize_t)taken;
}

static ssize_t low_read(mailstream_low *low, void *buffer, size_t size)
{
	struct imap_stream *stream = low->data;

	if (stream->failure)
		return -1;
	while (stream->read == stream->sieved->len) {
		ssize_t status = stream->unreadable ? fail_unreadable(stream) : receive_sieved(stream);

		if (status == -EAGAIN && wait_for_server(stream, POLLIN, stream->deadline) < 0)
			status = fail(stream, "the server did not answer in time");
		if (status < 0 && status != -EAGAIN)
			return -1;
	}
	return read_sieved(stream, buffer, size);
}

static ssize_t low_write(mailstream_low *low, const void *buffer, size_t size)
{
	struct imap_stream *stream = low->data;

	if (stream->failure)
		return -1;
	for (;;) {
		ssize_t sent = transmit(stream, buffer, size);

		if (sent >= 0) {
			imap_sieve_sent(stream->sieve, buffer, (size_t)sent);
			trace_sent(stream, buffer, (size_t)sent);
			return sent;
		}
		if (sent != -EAGAIN)
			return -1;
		if (wait_for_server(stream, POLLOUT, stream->deadline) < 0)
			return fail(stream, "the server did not take a command in time");
	}
}

static int low_get_fd(mailstream_low *low)
{
	const struct imap_stream *stream = low->data;

	return stream->fd;
}

/* Without a farewell: a server that does not read it would hold us up. */
static int low_close(mailstream_low *low)
{
	struct imap_stream *stream = low->data;

	fail(stream, "the connection was closed");
	return 0;
}

static void low_free(mailstream_low *low)
{
	stream_free(low->data);
	free(low);
}

static void low_cancel(mailstream_low *low)
{
	(void)low;
}

static mailstream_low_driver driver = {
	.mailstream_read = low_read,
	.mailstream_write = low_write,
	.mailstream_close = low_close,
	.mailstream_get_fd = low_get_fd,
	.mailstream_free = low_free,
	.mailstream_cancel = low_cancel,
};

/* ---------------------------------------------------------------------------------------------------------------- */

static int begin_trace(struct imap_stream *stream, const struct imap_endpoint *endpoint, char **ret_reason)
{
	g_autofree char *text = g_strdup_printf("connected to %s port %u", endpoint->host, endpoint->port);

	if (imap_trace_open(endpoint->trace, &stream->trace, ret_reason) < 0)
		return -EAGAIN;
	imap_sieve_watch(stream->sieve, trace_received, stream);
	trace(stream, "--", text);
	return 0;
}

int imap_stream_open(const struct imap_endpoint *endpoint, int64_t deadline, struct imap_stream **ret_stream,
                     char **ret_reason)
{
	int fd = open_socket(endpoint, deadline, ret_reason);
	struct imap_stream *stream;

	if (fd < 0)
		return -EAGAIN;
	stream = g_new0(struct imap_stream, 1);
	stream->fd = fd;
	stream->host = g_strdup(endpoint->host);
	stream->ca_file = g_strdup(endpoint->ca_file);
	stream->silence = endpoint->silence;
	stream->call = endpoint->call;
	stream->sieve = imap_sieve_new();
	stream->sieved = g_string_new(NULL);
	stream->sent = g_string_new(NULL);
	if (endpoint->trace && begin_trace(stream, endpoint, ret_reason) < 0) {
		stream_free(stream);
		return -EAGAIN;
	}
	if (endpoint->tls == IMAP_TLS_IMPLICIT && imap_stream_start_tls(stream, deadline, ret_reason) < 0) {
		stream_free(stream);
		return -EAGAIN;
	}
	stream->low = mailstream_low_new(stream, &driver);
	if (!stream->low)
		g_error("out of memory");
	*ret_stream = stream;
	return 0;
}

void imap_stream_allow(struct imap_stream *stream, int64_t deadline, uint64_t bytes)
{
	stream->deadline = deadline;
	stream->bytes = bytes;
}

void imap_stream_grant(struct imap_stream *stream, uint64_t bytes)
{
	stream->bytes += bytes;
}

mailstream_low *imap_stream_low(struct imap_stream *stream)
{
	return stream->low;
}

int imap_stream_wait(struct imap_stream *stream, int fd, int64_t deadline)
{
	while (stream->read == stream->sieved->len && !stream->unreadable && !imap_sieve_has_news(stream->sieve)) {
		ssize_t got = receive_sieved(stream);
		int status = got == -EAGAIN ? deadline_wait_either(stream->fd, POLLIN, fd, deadline) : 0;

		if (status < 0)
			return status;
		/* The failure is for who reads next. */
		if (got < 0 && got != -EAGAIN)
			return 0;
	}
	return 0;
}

bool imap_stream_has_news(const struct imap_stream *stream)
{
	return imap_sieve_has_news(stream->sieve);
}

void imap_stream_hide(struct imap_stream *stream, const char *secret)
{
	g_free(stream->secret);
	stream->secret = *secret ? log_escape(secret, strlen(secret)) : NULL;
}

const char *imap_stream_failure(const struct imap_stream *stream)
{
	return stream->failure;
}

char *imap_stream_quote(const struct imap_stream *stream)
{
	g_autofree char *quote = imap_sieve_quote(stream->sieve), *text = shown(stream, quote, strlen(quote));

	return log_first_line(text);
}
