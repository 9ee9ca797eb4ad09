/* test_wrapper.c - wrapper.c: which mail within a mail was put there by a list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <gmime/gmime.h>

#include "mail/wrapper.h"

#define INNER "From: J <j@example.org>\nMessage-ID: <i@x>\n"
#define LIST "List-Id: <l>\n"
#define VIA "From: J via list <l@example.org>\nMessage-ID: <o@x>\n"

static struct message *parse(const char *outer, const char *inner)
{
	g_autofree char *mail = g_strconcat(outer, "Content-Type: multipart/mixed; boundary=x\n\n--x\n\npreface\n",
	                                    "--x\nContent-Type: message/rfc822\n\n", inner,
	                                    "\ninner text\n--x\n\nfooter\n--x--\n", NULL);
	struct message *message = NULL;
	char *reason = NULL;

	assert_int_equal(message_parse(mail, strlen(mail), &message, &reason), 0);
	return message;
}

/* `email` is of the author within, NULL: it is no wrapper. */
static void check(const char *outer, const char *inner, const char *email)
{
	struct message *message = parse(outer, inner);
	GMimeObject *body = message->body;
	struct wrapper wrapper = {0};
	struct author author;
	char *reason = NULL;
	bool opened;

	assert_int_equal(author_read(&message->headers, &author, &reason), 0);
	opened = wrapper_open(message, &author, &wrapper);
	if (opened != (email != NULL))
		fail_msg("%sis%s a wrapper of %s", outer, opened ? "" : " no", inner);
	assert_true((message->body != body) == opened);
	if (opened) {
		assert_string_equal(wrapper.author.from.email, email);
		assert_non_null(header_first(&wrapper.headers, "From"));
		wrapper_release(&wrapper);
	} else {
		assert_null(wrapper.headers.fields);
	}
	author_release(&author);
	message_free(message);
}

static void test_author(void **state)
{
	(void)state;
	check(VIA LIST, INNER, "j@example.org");
	check("From: \"'J' via list\" <l@example.org>\n" LIST, INNER, "j@example.org");
	check("From: K via list <l@example.org>\n" LIST, INNER, NULL);
	check("From: J <l@example.org>\n" LIST, INNER, NULL);
}

/* The name within may be written in another way, if the list names the address. */
static void test_address(void **state)
{
	(void)state;
	check("From: J. via list <l@example.org>\nReply-To: J <J@Example.org>\n" LIST, INNER, "j@example.org");
	check("From: J. via list <l@example.org>\nCc: a@example.org, j@example.org\n" LIST, INNER, "j@example.org");
	check("From: J. via list <l@example.org>\nTo: j@example.org\n" LIST, INNER, NULL);
	check("From: J. <l@example.org>\nReply-To: J <j@example.org>\n" LIST, INNER, NULL);
}

static void test_message_id(void **state)
{
	(void)state;
	check("From: list <l@example.org>\nMessage-ID: <i@x>\n" LIST, INNER, "j@example.org");
	check("From: list <l@example.org>\nMessage-ID:\n" LIST, "From: j@example.org\nMessage-ID:\n", NULL);
	check("From: list <l@example.org>\n" LIST, "From: j@example.org\n", NULL);
}

static void test_only_lists_wrap(void **state)
{
	(void)state;
	check(VIA, INNER, NULL);
	check("From: list <l@example.org>\nMessage-ID: <i@x>\n", INNER, NULL);
}

static void test_no_author_within(void **state)
{
	(void)state;
	check(VIA LIST, "Subject: s\n", NULL);
	check("From: list <l@example.org>\nMessage-ID: <i@x>\n" LIST, "Message-ID: <i@x>\n", NULL);
}

static void test_nothing_within(void **state)
{
	static const char mail[] = VIA LIST "\nwords\n";
	struct author author = {0};
	struct message *message = NULL;
	struct wrapper wrapper;
	char *reason = NULL;

	(void)state;
	assert_int_equal(message_parse(mail, strlen(mail), &message, &reason), 0);
	assert_false(wrapper_open(message, &author, &wrapper));
	message_free(message);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_author),           cmocka_unit_test(test_address),
		cmocka_unit_test(test_message_id),       cmocka_unit_test(test_only_lists_wrap),
		cmocka_unit_test(test_no_author_within), cmocka_unit_test(test_nothing_within),
	};

	g_mime_init();
	return cmocka_run_group_tests_name("wrappers", tests, NULL, NULL);
}
