/* test_address.c - address.c: an address in ASCII, and no two that meet there or in another case. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>

#include "mail/address.h"

#define DOTLESS_I "\xc4\xb1"
#define LONG_S "\xc5\xbf"
#define KELVIN "\xe2\x84\xaa"
#define U_UMLAUT "\xc3\xbc"
#define U_UMLAUT_CAPITAL "\xc3\x9c"
#define FULLWIDTH_DOT "\xef\xbc\x8e"

static const struct {
	const char *email, *kept;
} table[] = {
	{"ada@example.org", "ada@example.org"},
	{"Ada@Example.ORG", "Ada@Example.ORG"},
	{"\"a b\"@example.org", "\"a b\"@example.org"},
	{"no address", "no address"},
	{"", ""},
	{"a@", "a@"},
	{"a@b@" DOTLESS_I ".example", "a@b@xn--cfa.example"},
	/* a U-label becomes its A-label, in one form */
	{"ada@m" U_UMLAUT "nchen.example", "ada@xn--mnchen-3ya.example"},
	{"ada@M" U_UMLAUT "nchen.example", "ada@xn--mnchen-3ya.example"},
	{"ada@xn--mnchen-3ya.example", "ada@xn--mnchen-3ya.example"},
	{"victim@" DOTLESS_I "bm.example", "victim@xn--bm-gpa.example"},
	/* what only becomes one by mapping does not */
	{"ada@M" U_UMLAUT_CAPITAL "NCHEN.example", "ada@M%C3%9CNCHEN.example"},
	{"ada@boo" KELVIN ".example", "ada@boo%E2%84%AA.example"},
	{"ada@" LONG_S "ite.example", "ada@%C5%BFite.example"},
	{"ada@a" FULLWIDTH_DOT "example", "ada@a%EF%BC%8Eexample"},
	/* a local part has no other form */
	{"v" DOTLESS_I "ctim@ibm.example", "v%C4%B1ctim@ibm.example"},
	{U_UMLAUT "@example.org", "%C3%BC@example.org"},
	{U_UMLAUT_CAPITAL "@example.org", "%C3%9C@example.org"},
	/* bytes that are no UTF-8 */
	{"\xff@\xfe.example", "%FF@%FE.example"},
};

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *kept = address_in_ascii(table[i].email);

		assert_string_equal(kept, table[i].kept);
	}
}

/* Doing it twice is doing it once; the result is ASCII. */
static void test_stays(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *kept = address_in_ascii(table[i].email), *again = address_in_ascii(kept);

		assert_true(g_str_is_ascii(kept));
		assert_string_equal(again, kept);
	}
}

/* Every character beyond ASCII in the place of every letter of an address: none gives that address in any case. */
static void test_all_characters(void **state)
{
	static const char victim[] = "victims@ibm.example";

	(void)state;
	for (gunichar c = 0x80; c < 0x20000; c++) {
		char utf8[8] = "";
		g_autofree char *local = NULL, *domain = NULL, *kept_local = NULL, *kept_domain = NULL;

		if (!g_unichar_validate(c))
			continue;
		utf8[g_unichar_to_utf8(c, utf8)] = '\0';
		local = g_strdup_printf("v%sctims@ibm.example", utf8);
		domain = g_strdup_printf("victims@%sbm.example", utf8);
		kept_local = address_in_ascii(local);
		kept_domain = address_in_ascii(domain);
		assert_true(g_str_is_ascii(kept_local) && g_str_is_ascii(kept_domain));
		assert_int_not_equal(g_ascii_strcasecmp(kept_local, victim), 0);
		assert_int_not_equal(g_ascii_strcasecmp(kept_domain, victim), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_stays),
		cmocka_unit_test(test_all_characters),
	};

	return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
