/* test_look.c - in which windows all UIDs of a mailbox are searched: none is left out, and they are few, however the
 * UIDs are spread and whatever the server says of their number. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <glib.h>

#include "imap/look.h"

/* UIDs from `first` on, `count` of them, `step` apart. */
struct spread {
	uint64_t first, count, step;
};

static uint64_t within(const struct spread *spread, uint64_t first, uint64_t last)
{
	uint64_t found = 0;

	for (uint64_t i = 0; i < spread->count; i++) {
		uint64_t uid = spread->first + i * spread->step;

		found += uid >= first && uid <= last;
	}
	return found;
}

/* How many searches they need. */
static unsigned searches(const struct spread *spread, uint32_t exists)
{
	struct imap_look_windows windows;
	uint32_t first, last, next = 1;
	unsigned count = 0;
	uint64_t found = 0;

	imap_look_begin(&windows, exists);
	while (imap_look_next(&windows, &first, &last)) {
		uint64_t here = within(spread, first, last);

		assert_int_equal(first, next);
		assert_true(last >= first);
		imap_look_note(&windows, (unsigned)here);
		found += here;
		count++;
		next = last + 1; /* 0 after the last UID */
	}
	assert_int_equal(next, 0);
	assert_int_equal(found, spread->count);
	return count;
}

static void test_few_mails_take_one_search(void **state)
{
	const struct spread few = {1, 3, 1}, high = {4294967290, 6, 1};

	(void)state;
	assert_int_equal(searches(&few, 3), 1);
	assert_int_equal(searches(&high, 6), 1);
	assert_int_equal(searches(&few, 0), 1);
	assert_int_equal(searches(&few, IMAP_SESSION_WINDOW), 1);
}

static void test_many_mails_take_a_search_for_each_window(void **state)
{
	const struct spread many = {1, 100000, 1};

	(void)state;
	assert_int_equal(searches(&many, 100000), 10);
	/* More came since, or the server says too little. */
	assert_int_equal(searches(&many, 95000), 10);
	assert_int_equal(searches(&many, 5), 1);
}

static void test_gaps_and_high_uids_take_few_more(void **state)
{
	const struct spread gaps = {1, 40000, 100000}, high = {1400000000, 40000, 1};

	(void)state;
	assert_true(searches(&gaps, 40000) < 40);
	assert_true(searches(&high, 40000) < 40);
}

static void test_a_number_that_is_too_high_takes_few_more(void **state)
{
	const struct spread few = {1, 3, 1};

	(void)state;
	assert_true(searches(&few, UINT32_MAX) < 25);
}

static void test_when_all_uids_are_looked_at(void **state)
{
	struct imap_place place = {0};
	struct imap_mailbox mailbox = {.uidnext = 6};
	struct cursor cursor = {.last_uid = 5};
	char why[] = "another";

	(void)state;
	assert_true(imap_look_at_all(&place, &mailbox, &cursor)); /* over this connection not yet */
	place.looked = g_get_monotonic_time();
	assert_false(imap_look_at_all(&place, &mailbox, &cursor));
	mailbox.uidnext = 0;
	assert_false(imap_look_at_all(&place, &mailbox, &cursor));
	mailbox.uidnext = 5;
	assert_true(imap_look_at_all(&place, &mailbox, &cursor));
	place.false_uidnext = true;
	assert_false(imap_look_at_all(&place, &mailbox, &cursor));
	cursor.moved = true;
	assert_true(imap_look_at_all(&place, &mailbox, &cursor));
	cursor.moved = false;
	cursor.renewed = why;
	assert_true(imap_look_at_all(&place, &mailbox, &cursor));
	cursor.renewed = NULL;
	place.looked -= (IMAP_LOOK_ALL + 1) * (int64_t)G_USEC_PER_SEC;
	assert_true(imap_look_at_all(&place, &mailbox, &cursor));
	place.looked = g_get_monotonic_time();
	imap_place_forget_connection(&place);
	assert_true(imap_look_at_all(&place, &mailbox, &cursor));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_few_mails_take_one_search),
		cmocka_unit_test(test_many_mails_take_a_search_for_each_window),
		cmocka_unit_test(test_gaps_and_high_uids_take_few_more),
		cmocka_unit_test(test_a_number_that_is_too_high_takes_few_more),
		cmocka_unit_test(test_when_all_uids_are_looked_at),
	};

	return cmocka_run_group_tests_name("where new mail is looked for", tests, NULL, NULL);
}
