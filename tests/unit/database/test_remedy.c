/* test_remedy.c - remedy.c: of what PostgreSQL says, what to do, with the names that belong to it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>

#include "database/remedy.h"

/* What to do about a message, as the role r to the database d; "" if nobody knows. */
static void check(const char *message, const char *expected)
{
	g_autofree char *got = remedy_of_refusal(message, "r", "d");

	assert_string_equal(got, expected);
}

static void test_refusals(void **state)
{
	g_autofree char *user =
		g_strdup_printf("; this process is of the user %s: run it as the user r, or name a role of that name",
	                        g_get_user_name());

	(void)state;
	check("FATAL:  role \"r\" does not exist", "; make it as the server's superuser: createuser r");
	check("FATAL:  database \"d\" does not exist", "; make it as the server's superuser: createdb d");
	check("FATAL:  Peer authentication failed for user \"r\"", user);
	check("FATAL:  no pg_hba.conf entry for host \"x\"",
	      "; the server's pg_hba.conf wants a line for database d and role r");
	check("FATAL:  permission denied for database \"d\"",
	      "; the database's owner says: GRANT CONNECT ON DATABASE d TO r");
	check("FATAL:  sorry, too many clients already", "; raise max_connections, or put PgBouncer between");
}

static void test_unknown(void **state)
{
	(void)state;
	check("", "");
	check("FATAL:  Rolle \"r\" existiert nicht", "");
	check("file \"x\" does not exist", "");
}

/* A name is never read as what stands for one. */
static void test_odd_names(void **state)
{
	g_autofree char *got = remedy_of_refusal("role \"%2\" does not exist", "%2", "d");
	g_autofree char *install = remedy_install("a b';c");
	g_autofree char *simple = remedy_install("patchwork");

	(void)state;
	assert_string_equal(got, "; make it as the server's superuser: createuser %2");
	assert_true(g_str_has_suffix(install, "/install.sql 'a b'\\'';c'"));
	assert_true(g_str_has_suffix(simple, "/install.sql patchwork"));
}

static void test_rights(void **state)
{
	g_autofree char *got = remedy_of_rights("add_deliverer", "r", "d");

	(void)state;
	assert_string_equal(got, "; as the owner of the schema: psql -c \"SELECT patchmail.add_deliverer('r')\" d");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_odd_names),
		cmocka_unit_test(test_rights),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
