/* settings/recipients and settings/lmtp_settings: which list the mail to an address is of, and what may not be
 * written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "settings/lmtp_settings.h"

static struct lmtp_settings *read_text(const char *text, char **ret_reason)
{
	struct key_file_fault fault;
	g_autoptr(key_file) file = key_file_parse(text, strlen(text), &fault);
	struct lmtp_settings *settings;

	assert_non_null(file);
	settings = lmtp_settings_read(file, &fault);
	*ret_reason = g_strdup(fault.reason);
	key_file_fault_release(&fault);
	assert_int_equal(lmtp_settings_check(file, &fault), settings != NULL);
	key_file_fault_release(&fault);
	return settings;
}

static void check_wrong(const char *text, const char *reason)
{
	g_autofree char *said = NULL;

	assert_null(read_text(text, &said));
	assert_string_equal(said, reason);
}

/* The list of an address: "-" if its List-Id says it, "refused". */
static void check_list(const struct lmtp_settings *settings, const char *address, const char *list)
{
	const char *list_id = "nothing";
	bool taken = recipients_find(settings->recipients, address, &list_id);

	assert_string_equal(!taken ? "refused" : list_id ? list_id : "-", list);
}

static const char some[] = "[recipients]\n"
			   "demo@example.org = demo.example.org\n"
			   "Demo+Stable@Example.ORG = stable.example.org\n"
			   "+odd@example.org = odd.example.org\n"
			   "@lists.example.org = 'any.example.org'\n"
			   "a.b-c_d/e&f@example.org=special.example.org\n"
			   "\xc3\xa4@example.org=utf8.example.org\n";

static void test_lookup(void **state)
{
	g_autofree char *reason = NULL;
	struct lmtp_settings *settings = read_text(some, &reason);

	(void)state;
	assert_non_null(settings);
	check_list(settings, "demo@example.org", "demo.example.org");
	check_list(settings, "DEMO@EXAMPLE.ORG", "demo.example.org");
	check_list(settings, "demo+x@example.org", "demo.example.org");
	check_list(settings, "demo+stable@example.org", "stable.example.org");
	check_list(settings, "demo+stable+x@example.org", "demo.example.org");
	check_list(settings, "demo+@example.org", "demo.example.org");
	check_list(settings, "demo-x@example.org", "-");
	check_list(settings, "demo@example.com", "-");
	check_list(settings, "demo@sub.example.org", "-");
	check_list(settings, "+odd@example.org", "odd.example.org");
	check_list(settings, "+other@example.org", "-");
	check_list(settings, "demo@lists.example.org", "any.example.org");
	check_list(settings, "demo+x@Lists.Example.org", "any.example.org");
	check_list(settings, "a@b@lists.example.org", "any.example.org");
	check_list(settings, "a.b-c_d/e&f@example.org", "special.example.org");
	check_list(settings, "\xc3\xa4@example.org", "utf8.example.org");
	check_list(settings, "demo", "-");
	check_list(settings, "", "-");
	check_list(settings, "@", "-");
	lmtp_settings_free(settings);
}

static void test_unknown(void **state)
{
	g_autofree char *text = g_strconcat(some, "unknown=reject\ndelimiter=+-\n", NULL), *reason = NULL;
	struct lmtp_settings *settings = read_text(text, &reason);

	(void)state;
	assert_non_null(settings);
	check_list(settings, "demo@example.org", "demo.example.org");
	check_list(settings, "demo-x@example.org", "demo.example.org");
	check_list(settings, "nobody@example.org", "refused");
	check_list(settings, "demo", "refused");
	lmtp_settings_free(settings);
	settings = read_text("[recipients]\nunknown=list-id\ndelimiter=-\nd@example.org=d\n", &reason);
	assert_non_null(settings);
	check_list(settings, "d-x@example.org", "d");
	check_list(settings, "d+x@example.org", "-");
	check_list(settings, "nobody@example.org", "-");
	lmtp_settings_free(settings);
}

static void test_defaults(void **state)
{
	struct key_file_fault fault;
	struct lmtp_settings *settings = lmtp_settings_read(NULL, &fault);

	(void)state;
	assert_non_null(settings);
	assert_null(settings->socket);
	assert_int_equal(settings->socket_mode, 0660);
	assert_int_equal(settings->connections, 100);
	assert_int_equal(settings->recipients_most, 1000);
	assert_int_equal(settings->idle_timeout, 300);
	assert_int_equal(settings->size, 1 << 30);
	check_list(settings, "demo@example.org", "-");
	lmtp_settings_free(settings);
	assert_true(lmtp_settings_has_group("lmtp"));
	assert_true(lmtp_settings_has_group("recipients"));
	assert_false(lmtp_settings_has_group("lmtp x"));
}

static void test_values(void **state)
{
	g_autofree char *reason = NULL;
	struct lmtp_settings *settings = read_text("[lmtp]\nsocket=/run/patchmaild/lmtp\nsocket_mode=0666\n"
	                                           "connections=1000\nrecipients=100\nidle_timeout=1\nsize=40M\n",
	                                           &reason);

	(void)state;
	assert_non_null(settings);
	assert_string_equal(settings->socket, "/run/patchmaild/lmtp");
	assert_int_equal(settings->socket_mode, 0666);
	assert_int_equal(settings->connections, 1000);
	assert_int_equal(settings->recipients_most, 100);
	assert_int_equal(settings->idle_timeout, 1);
	assert_int_equal(settings->size, 40 << 20);
	lmtp_settings_free(settings);
}

static void test_wrong(void **state)
{
	g_autofree char *path = g_strnfill(107, 'x'), *text = g_strdup_printf("[lmtp]\nsocket=/%s\n", path);

	(void)state;
	check_wrong("[lmtp]\nsocket=lmtp\n", "socket in [lmtp] has to be an absolute path of at most 107 bytes");
	check_wrong(text, "socket in [lmtp] has to be an absolute path of at most 107 bytes");
	check_wrong("[lmtp]\nsocket_mode=0888\n", "socket_mode in [lmtp] has to be an octal mode from 0600 to 0777");
	check_wrong("[lmtp]\nsocket_mode=0066\n", "socket_mode in [lmtp] has to be an octal mode from 0600 to 0777");
	check_wrong("[lmtp]\nconnections=0\n", "connections in [lmtp] has to be a number from 1 to 1000");
	check_wrong("[lmtp]\nconnections=1001\n", "connections in [lmtp] has to be a number from 1 to 1000");
	check_wrong("[lmtp]\nrecipients=10001\n", "recipients in [lmtp] has to be a number from 100 to 10000");
	check_wrong("[lmtp]\nrecipients=99\n", "recipients in [lmtp] has to be a number from 100 to 10000");
	check_wrong("[lmtp]\nidle_timeout=5m\n",
	            "idle_timeout in [lmtp] has to be seconds from 1 to 3600 (without a unit)");
	check_wrong("[lmtp]\nsize=0\n", "size in [lmtp] has to be a number of bytes, perhaps with K, M or G after it");
	check_wrong("[lmtp]\nsokcet=/x\n", "unknown key sokcet in [lmtp]: perhaps socket");
	check_wrong("[recipients]\nunknown=bounce\n", "unknown in [recipients] has to be list-id or reject");
	check_wrong("[recipients]\ndelimiter==\n", "delimiter in [recipients] has to be + or - or +-");
	check_wrong("[recipients]\ndemo=demo.example.org\n",
	            "demo in [recipients] is neither an address nor @ and a domain, nor unknown or delimiter");
	check_wrong("[recipients]\ndemo@=demo.example.org\n",
	            "demo@ in [recipients] is neither an address nor @ and a domain, nor unknown or delimiter");
	check_wrong("[recipients]\nd@example.org=<demo.example.org>\n",
	            "d@example.org in [recipients] has to be a list id");
	check_wrong("[recipients]\nd@example.org=Demo <demo.example.org>\n",
	            "d@example.org in [recipients] has to be a list id");
	check_wrong("[recipients]\nd@example.org=\n", "d@example.org in [recipients] has to be a list id");
	check_wrong("[recipients]\nd@example.org=d\nD@Example.org=d\n",
	            "D@Example.org in [recipients] is there already, but for the case of its letters");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lookup), cmocka_unit_test(test_unknown), cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_values), cmocka_unit_test(test_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
