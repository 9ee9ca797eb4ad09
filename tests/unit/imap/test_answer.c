/* What follows from the reason for which an IMAP server says no. */
#include "imap/answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

static void check(const char *code, const char *text, enum imap_advice advice)
{
	const struct imap_answer answer = imap_answer_read(code, text);

	if (answer.advice != advice)
		fail_msg("[%s] %s: %d", code ? code : "", text ? text : "", (int)answer.advice);
}

/* RFC 5530, and what RFC 3501 and RFC 9051 have. */
static void test_codes(void **state)
{
	(void)state;
	check("UNAVAILABLE", "User's backend is down for maintenance", IMAP_ADVICE_LATER);
	check("AUTHENTICATIONFAILED", "", IMAP_ADVICE_REJECTED);
	check("AUTHORIZATIONFAILED", "", IMAP_ADVICE_PERSON);
	check("EXPIRED", "", IMAP_ADVICE_PERSON);
	check("PRIVACYREQUIRED", "", IMAP_ADVICE_PERSON);
	check("CONTACTADMIN", "", IMAP_ADVICE_PERSON);
	check("NOPERM", "", IMAP_ADVICE_DENIED);
	check("READ-ONLY", "", IMAP_ADVICE_DENIED);
	check("CANNOT", "", IMAP_ADVICE_DENIED);
	check("INUSE", "", IMAP_ADVICE_LATER);
	check("CORRUPTION", "", IMAP_ADVICE_LATER);
	check("SERVERBUG", "", IMAP_ADVICE_LATER);
	check("CLIENTBUG", "", IMAP_ADVICE_RECONNECT);
	check("LIMIT", "", IMAP_ADVICE_SLOWER);
	check("THROTTLED", "", IMAP_ADVICE_SLOWER);
	check("OVERQUOTA", "", IMAP_ADVICE_SLOWER);
	check("NONEXISTENT", "", IMAP_ADVICE_ABSENT);
	check("TRYCREATE", "", IMAP_ADVICE_ABSENT);
}

static void test_a_code_is_known_in_any_case_and_only_as_a_whole(void **state)
{
	(void)state;
	check("unavailable", "", IMAP_ADVICE_LATER);
	check("Expired", "", IMAP_ADVICE_PERSON);
	check("UNAVAIL", "", IMAP_ADVICE_NONE);
	check("UNAVAILABLE2", "", IMAP_ADVICE_NONE);
	check("", "", IMAP_ADVICE_NONE);
}

static void test_words_of_servers_that_give_no_code(void **state)
{
	(void)state;
	check(NULL, "User is authenticated but not connected.", IMAP_ADVICE_RECONNECT);
	check(NULL, "Session invalidated - AccessTokenExpired", IMAP_ADVICE_RECONNECT);
	check(NULL, "Please log in first", IMAP_ADVICE_RECONNECT);
	check(NULL, "Not authenticated", IMAP_ADVICE_RECONNECT);
	check(NULL, "Too many simultaneous connections. (Failure)", IMAP_ADVICE_SLOWER);
	check(NULL, "Account exceeded command or bandwidth limits. (Failure)", IMAP_ADVICE_SLOWER);
	check(NULL, "Temporary System Error (Failure)", IMAP_ADVICE_LATER);
	check(NULL, "Server Unavailable. 15", IMAP_ADVICE_LATER);
	check(NULL, "SELECT Server error - Please try again later", IMAP_ADVICE_LATER);
	check(NULL, "Invalid credentials (Failure)", IMAP_ADVICE_REJECTED);
	check(NULL, "Please log in via your web browser: https://example.org/ (Failure)", IMAP_ADVICE_PERSON);
	check(NULL, "Application-specific password required", IMAP_ADVICE_PERSON);
	check(NULL, "Mailbox doesn't exist: lists/none", IMAP_ADVICE_ABSENT);
}

static void test_a_known_code_counts_more_than_the_words(void **state)
{
	(void)state;
	check("UNAVAILABLE", "authentication failed", IMAP_ADVICE_LATER);
	check("AUTHENTICATIONFAILED", "Temporary failure", IMAP_ADVICE_REJECTED);
	check("X-OWN", "Temporary failure", IMAP_ADVICE_LATER);
}

static void test_what_says_nothing_advises_nothing(void **state)
{
	(void)state;
	check(NULL, NULL, IMAP_ADVICE_NONE);
	check(NULL, "", IMAP_ADVICE_NONE);
	check(NULL, "no", IMAP_ADVICE_NONE);
	check("X-OWN", "LOGIN failed.", IMAP_ADVICE_NONE);
	assert_null(imap_answer_read("X-OWN", "no").means);
}

static void check_seconds(const char *text, unsigned seconds)
{
	assert_int_equal(imap_answer_read(NULL, text).seconds, seconds);
}

static void test_how_long_to_wait(void **state)
{
	(void)state;
	check(NULL, "Request is throttled. Suggested Backoff Time: 299961 milliseconds", IMAP_ADVICE_SLOWER);
	check_seconds("Request is throttled. Suggested Backoff Time: 299961 milliseconds", 300);
	check_seconds("Suggested Backoff Time: 1 milliseconds", 1);
	check_seconds("Suggested Backoff Time: 2000 milliseconds", 2);
	check_seconds("Suggested Backoff Time: soon", 0);
	check_seconds("Suggested Backoff Time: ", 0);
	check_seconds("Suggested Backoff Time: 99999999999999999999999 milliseconds", IMAP_ANSWER_WAIT_MOST);
	check_seconds("Suggested Backoff Time: -1 milliseconds", IMAP_ANSWER_WAIT_MOST);
	check_seconds("no", 0);
}

static void test_a_person_is_told_what_a_code_means(void **state)
{
	(void)state;
	assert_non_null(strstr(imap_answer_read("EXPIRED", "no").means, "no longer valid"));
	assert_non_null(strstr(imap_answer_read("PRIVACYREQUIRED", NULL).means, "tls"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_a_code_is_known_in_any_case_and_only_as_a_whole),
		cmocka_unit_test(test_words_of_servers_that_give_no_code),
		cmocka_unit_test(test_a_known_code_counts_more_than_the_words),
		cmocka_unit_test(test_what_says_nothing_advises_nothing),
		cmocka_unit_test(test_how_long_to_wait),
		cmocka_unit_test(test_a_person_is_told_what_a_code_means),
	};

	return cmocka_run_group_tests_name("the reasons of IMAP servers", tests, NULL, NULL);
}
