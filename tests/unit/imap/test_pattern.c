/* test_pattern.c - the patterns of LIST: which names they match, and how long that takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>

#include "imap/pattern.h"

static void test_names(void **state)
{
	static const struct {
		const char *pattern, *name;
		bool matches;
	} cases[] = {
		{"lists", "lists", true},
		{"lists", "lists.one", false},
		{"lists", "list", false},
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"*", "a.b.c", true},
		{"%", "a", true},
		{"%", "a.b", false},
		{"lists.*", "lists.0", true},
		{"lists.*", "lists.", true},
		{"lists.*", "lists", false},
		{"lists.*", "lists.0.1", true},
		{"lists.%", "lists.0", true},
		{"lists.%", "lists.0.1", false},
		{"*.0", "lists.0", true},
		{"*.0", "lists.0.1", false},
		{"*.0", "lists.0.0", true},
		{"a*b*c", "abc", true},
		{"a*b*c", "a.b.b.c", true},
		{"a*b*c", "acb", false},
		{"%.%.%", "a.b.c", true},
		{"%.%.%", "a.b", false},
		{"%.*", "a.b.c", true},
		{"*%", "a.b", true},
		{"%*", "a.b", true},
		{"%%", "ab", true},
		{"a%*%b", "a.x.b", true},
		{"inbox.*", "INBOX.one", true},
		{"Lists", "lISTS", true},
		{"Entwürfe.%", "Entwürfe.ä", true},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		if (imap_pattern_matches(cases[i].pattern, cases[i].name, '.') != cases[i].matches)
			fail_msg("%s and %s", cases[i].pattern, cases[i].name);
	}
}

/* The delimiter is the server's; without one a name is one piece. */
static void test_delimiters(void **state)
{
	(void)state;
	assert_true(imap_pattern_matches("a%", "a.b", '/'));
	assert_false(imap_pattern_matches("a%", "a/b", '/'));
	assert_true(imap_pattern_matches("a%", "a/b.c", 0));
	assert_true(imap_pattern_matches("a\\%", "a\\b", '\\'));
	assert_false(imap_pattern_matches("a%", "a\\b", '\\'));
}

/* What ties up others that go back for each wildcard: 200 of them, and a name that they nearly match. */
static void test_time(void **state)
{
	g_autoptr(GString) pattern = g_string_new(NULL), name = g_string_new(NULL);
	gint64 began = g_get_monotonic_time();

	(void)state;
	for (unsigned i = 0; i < 200; i++)
		g_string_append(pattern, "*a%a");
	g_string_append_c(pattern, 'b');
	for (unsigned i = 0; i < 10000; i++)
		g_string_append_c(name, 'a');
	assert_false(imap_pattern_matches(pattern->str, name->str, '.'));
	g_string_append_c(name, 'b');
	assert_true(imap_pattern_matches(pattern->str, name->str, '.'));
	assert_true(g_get_monotonic_time() - began < 10 * G_USEC_PER_SEC);
}

static void check_spelling(const char *name, const char *like, const char *expected)
{
	g_autofree char *spelled = imap_pattern_spell(name, like);

	assert_string_equal(spelled, expected);
}

static void test_inbox(void **state)
{
	(void)state;
	check_spelling("Inbox", "", "INBOX");
	check_spelling("inbox.Lists", "", "INBOX.Lists");
	check_spelling("INBOX.Lists", "inbox.*", "inbox.Lists");
	check_spelling("INBOX", "*", "INBOX");
	check_spelling("Lists.inbox", "inbox", "Lists.inbox");
	check_spelling("", "inbox", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_delimiters),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_inbox),
	};

	return cmocka_run_group_tests_name("patterns of mailboxes", tests, NULL, NULL);
}
