/* test_date.c - date.c: when a mail was sent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <gmime/gmime.h>

#include "mail/date.h"

static void check(const char *block, const char *source, int64_t date)
{
	struct header_list headers;
	int64_t got = -1;
	const char *said;
	size_t body;

	header_list_init(&headers, block, strlen(block), &body);
	said = date_read(&headers, &got);
	header_list_release(&headers);
	if (g_strcmp0(said, source) != 0 || got != (source ? date : -1))
		fail_msg("%sgives %s, %lld", block, said, (long long)got);
}

#define RECEIVED "Received: from a; b\n by c; Tue, 10 Feb 2026 06:59:47 +0000\n"

static void test_fields(void **state)
{
	(void)state;
	check("Date: Tue, 10 Feb 2026 06:59:47 +0000\n", "Date", 1770706787);
	check("Date: Tue, 10 Feb 2026 07:59:47 +0100 (CET)\n", "Date", 1770706787);
	check("Date: Tue, 10 Feb 2026\n 06:59:47 -0000\n", "Date", 1770706787);
	check(RECEIVED "Date: 1 Jan 2000 00:00:00 GMT\n", "Date", 946684800);
	check(RECEIVED "Received: x; 1 Jan 2000 00:00:00 GMT\n", "Received", 1770706787);
	check(RECEIVED "Date: nonsense\n", "Received", 1770706787);
	check(RECEIVED "Date: Wed, 4 Jun 207777777777714 17:50:46 +0000\n", "Received", 1770706787);
	check(RECEIVED "Date: 1 Jan 1960 00:00:00 +0000\n", "Received", 1770706787);
	check(RECEIVED "Date: 31 Feb 2005 00:00:00 +0000\n", "Received", 1770706787);
	check("Date: nonsense\nReceived: no date\n", NULL, 0);
	check("A: b\n", NULL, 0);
}

/* A number of more than four digits is none of a date's, wherever it stands before a comment. */
static void test_long_numbers(void **state)
{
	(void)state;
	check("Date: Tue, 10 Feb 12026 06:59:47 +0000\n", NULL, 0);
	check("Date: Tue, 10 Feb 2026 06:59:47 +00000\n", NULL, 0);
	check("Date: Tue, 10 Feb 2026 06:59:47 +0000 (123456)\n", "Date", 1770706787);
}

static void test_ends_of_time(void **state)
{
	(void)state;
	check("Date: 1 Jan 1970 00:00:00 +0000\n", "Date", 0);
	check("Date: 1 Jan 1970 00:00:00 +0100\n", NULL, 0);
	check("Date: 31 Dec 9999 23:59:59 +0000\n", "Date", 253402300799);
	check("Date: 31 Dec 9999 23:59:59 -0100\n", NULL, 0);
}

static void test_long_field(void **state)
{
	g_autofree char *blanks = g_strnfill(2000, 'x');
	g_autofree char *block = g_strdup_printf("Date: Tue, 10 Feb 2026 06:59:47 +0000 (%s)\n", blanks);

	(void)state;
	check(block, NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_long_numbers),
		cmocka_unit_test(test_ends_of_time),
		cmocka_unit_test(test_long_field),
	};

	g_mime_init();
	return cmocka_run_group_tests_name("dates", tests, NULL, NULL);
}
