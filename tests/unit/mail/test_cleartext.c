/* test_cleartext.c - cleartext.c: texts signed in place are opened. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>

#include "mail/cleartext.h"

#define BEGIN "-----BEGIN PGP SIGNED MESSAGE-----\n"
#define SIGNATURE "-----BEGIN PGP SIGNATURE-----\n\niQEz-\n- x\n=abcd\n-----END PGP SIGNATURE-----\n"

static const struct {
	const char *text, *opened;
} table[] = {
	{"", ""},
	{"a\n- b\n", "a\n- b\n"},
	{BEGIN "Hash: SHA256\n\na\n- -- \nb\n" SIGNATURE, "a\n-- \nb\n"},
	{BEGIN "\na\n" SIGNATURE, "a\n"},
	{BEGIN "Hash: SHA256\nHash: SHA512\n\n- - b\n- From c\n-d\n -e\n" SIGNATURE, "- b\nFrom c\n-d\n -e\n"},
	{BEGIN "Hash: SHA256\n \t\na\n" SIGNATURE, "a\n"},
	{"before\n- x\n" BEGIN "\na\n" SIGNATURE "- behind\n" BEGIN "\n- -c\n" SIGNATURE "end",
         "before\n- x\na\n- behind\n-c\nend"},
	{BEGIN "\na\n-----BEGIN PGP SIGNATURE-----\nx\n-----END PGP SIGNATURE-----", "a\n"},
	{"-----BEGIN PGP SIGNED MESSAGE----- \n\na\n-----BEGIN PGP SIGNATURE-----  \n-----END PGP SIGNATURE----- \n",
         "a\n"},
	/* nothing that is signed in place */
	{BEGIN "\n- -a\n", BEGIN "\n- -a\n"},
	{BEGIN "\n- -a\n-----BEGIN PGP SIGNATURE-----\n", BEGIN "\n- -a\n-----BEGIN PGP SIGNATURE-----\n"},
	{BEGIN "Hash: SHA256\n", BEGIN "Hash: SHA256\n"},
	{"> " BEGIN "> \n> - -a\n> " SIGNATURE, "> " BEGIN "> \n> - -a\n> " SIGNATURE},
	{"+" BEGIN "\n" SIGNATURE, "+" BEGIN "\n" SIGNATURE},
	{"a\n" SIGNATURE, "a\n" SIGNATURE},
};

static void test_opened(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *text = g_strdup(table[i].text);

		cleartext_open(text);
		assert_string_equal(text, table[i].opened);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_opened),
	};

	return cmocka_run_group_tests_name("cleartext", tests, NULL, NULL);
}
