/* test_stream.c - the wire without TLS: every wait has an end, every answer a limit, and after a failure nothing goes
 * over it.  What TLS adds is tested in tests/t/imap_tls.t. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <glib.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/deadline.h"
#include "imap/stream.h"

#define SHORT 100000 /* microseconds */

/* The two ends. */
static struct imap_stream *stream;
static int server, listener;
static struct imap_endpoint endpoint;

static int64_t soon(void)
{
	return g_get_monotonic_time() + SHORT;
}

static void start(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(address);

	listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, length), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);
	endpoint = (struct imap_endpoint){
		.host = "127.0.0.1",
		.port = ntohs(address.sin_port),
		.tls = IMAP_TLS_NONE,
		.silence = 60,
		.call = -1,
	};
}

static int open_both(void **state)
{
	g_autofree char *reason = NULL;

	(void)state;
	start();
	assert_int_equal(imap_stream_open(&endpoint, deadline_after(10), &stream, &reason), 0);
	server = accept(listener, NULL, NULL);
	assert_true(server >= 0);
	return 0;
}

static int close_both(void **state)
{
	(void)state;
	mailstream_low_free(imap_stream_low(stream));
	close(server);
	close(listener);
	return 0;
}

static ssize_t receive(char *buffer, size_t size)
{
	return mailstream_low_read(imap_stream_low(stream), buffer, size);
}

static void say(const char *text)
{
	assert_int_equal(write(server, text, strlen(text)), (ssize_t)strlen(text));
}

static void check_failed(const char *expected)
{
	char buffer[8];

	assert_non_null(imap_stream_failure(stream));
	assert_non_null(strstr(imap_stream_failure(stream), expected));
	/* It stays so, whatever is allowed. */
	imap_stream_allow(stream, deadline_after(10), 1000);
	assert_int_equal(receive(buffer, sizeof(buffer)), -1);
	assert_int_equal(mailstream_low_write(imap_stream_low(stream), "a", 1), -1);
	assert_non_null(strstr(imap_stream_failure(stream), expected));
}

static void test_reading(void **state)
{
	char buffer[8];

	(void)state;
	imap_stream_allow(stream, deadline_after(10), 1000);
	say("* OK hi\r\n");
	assert_int_equal(receive(buffer, 3), 3);
	assert_memory_equal(buffer, "* O", 3);
	assert_int_equal(receive(buffer, sizeof(buffer)), 6);
	assert_memory_equal(buffer, "K hi\r\n", 6);
	assert_int_equal(mailstream_low_write(imap_stream_low(stream), "1 NOOP", 6), 6);
	assert_int_equal(read(server, buffer, sizeof(buffer)), 6);
	assert_memory_equal(buffer, "1 NOOP", 6);
	assert_null(imap_stream_failure(stream));
}

static void test_limit(void **state)
{
	char buffer[64];

	(void)state;
	imap_stream_allow(stream, deadline_after(10), 5);
	imap_stream_grant(stream, 4);
	say("* OK hi\r\n* OK more\r\n");
	assert_int_equal(receive(buffer, sizeof(buffer)), 9);
	assert_memory_equal(buffer, "* OK hi\r\n", 9);
	/* Also of what ends within a line. */
	imap_stream_grant(stream, 2);
	assert_int_equal(receive(buffer, sizeof(buffer)), -1);
	check_failed("the server sends more than it was asked for");
}

/* Before anything is allowed. */
static void test_nothing_allowed(void **state)
{
	char buffer[8];

	(void)state;
	say("* OK hi\r\n");
	assert_int_equal(receive(buffer, sizeof(buffer)), -1);
	check_failed("the connection is closed");
}

static void test_deadline(void **state)
{
	int64_t began = g_get_monotonic_time();
	char buffer[8];

	(void)state;
	imap_stream_allow(stream, soon(), 1000);
	assert_int_equal(receive(buffer, sizeof(buffer)), -1);
	assert_true(g_get_monotonic_time() - began >= SHORT);
	assert_true(g_get_monotonic_time() - began < 20 * SHORT);
	check_failed("the server did not answer in time");
}

/* What has come is read also after the deadline. */
static void test_late(void **state)
{
	char buffer[16];

	(void)state;
	say("* OK hi\r\n");
	imap_stream_allow(stream, g_get_monotonic_time() - 1, 1000);
	assert_int_equal(imap_stream_wait(stream, -1, deadline_after(10)), 0);
	assert_int_equal(receive(buffer, sizeof(buffer)), 9);
	assert_int_equal(receive(buffer, sizeof(buffer)), -1);
	check_failed("the server did not answer in time");
}

/* A server that sends nothing for so long is given up, whenever the deadline is. */
static void test_silence(void **state)
{
	g_autofree char *reason = NULL;
	int64_t began = g_get_monotonic_time();
	char buffer[8];

	(void)state;
	start();
	endpoint.silence = 1;
	assert_int_equal(imap_stream_open(&endpoint, deadline_after(10), &stream, &reason), 0);
	server = accept(listener, NULL, NULL);
	imap_stream_allow(stream, deadline_after(60), 1000);
	assert_int_equal(receive(buffer, sizeof(buffer)), -1);
	assert_true(g_get_monotonic_time() - began >= G_USEC_PER_SEC);
	check_failed("the server did not answer in time");
	close_both(NULL);
}

static void test_not_reading(void **state)
{
	g_autofree char *much = g_malloc0(1 << 20);
	ssize_t sent;

	(void)state;
	imap_stream_allow(stream, soon(), 1000);
	do
		sent = mailstream_low_write(imap_stream_low(stream), much, 1 << 20);
	while (sent >= 0);
	check_failed("the server did not take a command in time");
}

static void test_end(void **state)
{
	char buffer[16];

	(void)state;
	say("* OK hi\r\n* half a line");
	close(server);
	imap_stream_allow(stream, deadline_after(10), 1000);
	assert_int_equal(receive(buffer, sizeof(buffer)), 9);
	assert_int_equal(receive(buffer, sizeof(buffer)), -1);
	check_failed("the server closed the connection");
	server = -1;
}

static void test_waiting(void **state)
{
	int ends[2];

	(void)state;
	imap_stream_allow(stream, deadline_after(10), 1000);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(imap_stream_wait(stream, ends[0], soon()), -ETIMEDOUT);
	assert_int_equal(write(ends[1], "x", 1), 1);
	assert_int_equal(imap_stream_wait(stream, ends[0], deadline_after(10)), -EINTR);
	say("* OK hi\r\n");
	assert_int_equal(imap_stream_wait(stream, ends[0], deadline_after(10)), 0);
	close(ends[0]);
	close(ends[1]);
}

static void check_unreachable(const char *host, unsigned port, const char *expected)
{
	const struct imap_endpoint there = {
		.host = host, .port = port, .tls = IMAP_TLS_NONE, .silence = 60, .call = -1};
	g_autofree char *reason = NULL;
	struct imap_stream *none = NULL;

	assert_int_equal(imap_stream_open(&there, deadline_after(10), &none, &reason), -EAGAIN);
	assert_null(none);
	assert_non_null(strstr(reason, expected));
}

static void test_unreachable(void **state)
{
	(void)state;
	start();
	close(listener);
	check_unreachable("127.0.0.1", endpoint.port, "Connection refused");
	/* Clear text stays on this machine. */
	check_unreachable("192.0.2.1", 143, "192.0.2.1 is another machine");
	check_unreachable("2001:db8::1", 143, "");
	check_unreachable("", 143, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_reading, open_both, close_both),
		cmocka_unit_test_setup_teardown(test_limit, open_both, close_both),
		cmocka_unit_test_setup_teardown(test_nothing_allowed, open_both, close_both),
		cmocka_unit_test_setup_teardown(test_deadline, open_both, close_both),
		cmocka_unit_test_setup_teardown(test_late, open_both, close_both),
		cmocka_unit_test(test_silence),
		cmocka_unit_test_setup_teardown(test_not_reading, open_both, close_both),
		cmocka_unit_test_setup_teardown(test_end, open_both, close_both),
		cmocka_unit_test_setup_teardown(test_waiting, open_both, close_both),
		cmocka_unit_test(test_unreachable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
