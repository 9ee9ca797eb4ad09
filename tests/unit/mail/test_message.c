/* test_message.c - taking a mail apart. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <gmime/gmime.h>

#include "mail/limits.h"
#include "mail/message.h"

static struct message *parse(const char *bytes, size_t length)
{
	struct message *message = NULL;
	char *reason = NULL;

	assert_int_equal(message_parse(bytes, length, &message, &reason), 0);
	return message;
}

static void check_rejected(const char *bytes, size_t length, const char *expected)
{
	struct message *message = NULL;
	char *reason = NULL;

	assert_int_equal(message_parse(bytes, length, &message, &reason), -EBADMSG);
	assert_null(message);
	assert_non_null(strstr(reason, expected));
	g_free(reason);
}

static char *body_of(struct message *message)
{
	GMimeStream *stream = g_mime_stream_mem_new();
	GByteArray *bytes;
	char *text;

	if (message->body)
		g_mime_data_wrapper_write_to_stream(g_mime_part_get_content(GMIME_PART(message->body)), stream);
	bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
	text = g_strndup(bytes->len > 0 ? (char *)bytes->data : "", bytes->len);
	g_object_unref(stream);
	return text;
}

static void check_body(const char *bytes, size_t length, unsigned fields, const char *expected)
{
	struct message *message = parse(bytes, length);
	g_autofree char *body = body_of(message);

	assert_int_equal(message->headers.fields->len, fields);
	assert_int_equal(message->size, length);
	assert_string_equal(body, expected);
	message_free(message);
}

static void test_body(void **state)
{
	(void)state;
	check_body("A: b\n\nbody\n", 11, 1, "body\n");
	check_body("From x\nA: b\n\nbody\n", 18, 1, "body\n");
	check_body(">From x\r\nA: b\r\n\r\nbody\r\n", 23, 1, "body\r\n");
	check_body("A: b\n\nbo\0dy\n", 12, 1, "body\n");
	check_body("A: b\n\nFrom x\nC: d\n", 18, 1, "From x\nC: d\n");
	check_body("A: b\nno field\nC: d\n\nx", 21, 1, "no field\nC: d\n\nx");
	check_body("A: b\n\n C: d\n", 12, 1, " C: d\n");
	check_body("A: b", 4, 1, "");
	check_body("Content-Transfer-Encoding: base64\n\nYWJj\n", 40, 1, "abc");
}

static void test_no_mail(void **state)
{
	(void)state;
	check_rejected("", 0, "header field");
	check_rejected("From x\n", 7, "header field");
	check_rejected("hello world\n", 12, "header field");
	check_rejected("\nA: b\n", 6, "header field");
}

static void test_nesting(void **state)
{
	g_autoptr(GString) mail = g_string_new("Content-Type: multipart/mixed; boundary=b0\n\n");

	(void)state;
	for (int i = 0; i < 10000 - 1; i++)
		g_string_append_printf(mail, "--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n", i, i + 1);
	check_rejected(mail->str, mail->len, "nested deeper");
}

static void test_problems(void **state)
{
	struct message *message = parse("A: b\n\n", 6);

	(void)state;
	message_problem(message, "one %d", 1);
	message_problem(message, "one %d", 1);
	assert_int_equal(message->problems->len, 1);
	assert_string_equal(g_ptr_array_index(message->problems, 0), "one 1");
	for (unsigned i = 0; i < LIMITS_PROBLEMS * 2; i++)
		message_problem(message, "two %u", i);
	assert_int_equal(message->problems->len, LIMITS_PROBLEMS);
	message_free(message);
}

static void test_mbox_line(void **state)
{
	(void)state;
	assert_int_equal(message_mbox_line("From x\nA", 8), 7);
	assert_int_equal(message_mbox_line(">From x\r\nA", 10), 9);
	assert_int_equal(message_mbox_line("From x", 6), 6);
	assert_int_equal(message_mbox_line("From: x\n", 8), 0);
	assert_int_equal(message_mbox_line(">", 1), 0);
	assert_int_equal(message_mbox_line("", 0), 0);
}

#define WRAPPED "--x\nContent-Type: message/rfc822\n\nFrom: J <j@example.org>\nSubject: a\n b\n\nhello\n"
#define MIXED "Content-Type: multipart/mixed; boundary=x\n\n"

static void check_wrapped(const char *mail, bool wrapped)
{
	struct message *message = parse(mail, strlen(mail));

	assert_true((message_wrapped(message) != NULL) == wrapped);
	message_free(message);
}

static void test_wrapped(void **state)
{
	struct message *message = parse(MIXED WRAPPED "--x--\n", strlen(MIXED WRAPPED "--x--\n"));
	struct header_list headers;

	(void)state;
	message_wrapped_headers(message_wrapped(message), &headers);
	assert_string_equal(header_first(&headers, "From"), "J <j@example.org>");
	assert_string_equal(header_first(&headers, "Subject"), "a\n b");
	header_list_release(&headers);
	message_free(message);
	check_wrapped(MIXED "--x\n\npreface\n" WRAPPED "--x\n\nfooter\n--x--\n", true);
	check_wrapped(MIXED WRAPPED WRAPPED "--x--\n", false);
	check_wrapped(MIXED WRAPPED "--x\nContent-Type: text/html\n\nx\n--x--\n", false);
	check_wrapped(MIXED "--x\n\nx\n--x--\n", false);
	check_wrapped("A: b\n\nx\n", false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_body),     cmocka_unit_test(test_no_mail),   cmocka_unit_test(test_nesting),
		cmocka_unit_test(test_problems), cmocka_unit_test(test_mbox_line), cmocka_unit_test(test_wrapped),
	};

	g_mime_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
