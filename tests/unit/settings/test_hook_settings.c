/* test_hook_settings.c - the settings of hooks, what is said of wrong ones, and their secrets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>

#include "settings/hook_settings.h"

static key_file *parse(const char *text)
{
	struct key_file_fault fault;
	key_file *file = key_file_parse(text, strlen(text), &fault);

	assert_non_null(file);
	return file;
}

/* The hook "a" of a text that is right. */
static struct hook_settings *read_right(const char *text)
{
	g_autoptr(key_file) file = parse(text);
	struct hook_settings *settings;
	struct key_file_fault fault;

	assert_true(hook_settings_check(file, &fault));
	settings = hook_settings_read(file, "a", &fault);
	assert_non_null(settings);
	return settings;
}

/* What is wrong with [notify a] and these lines is said, with its line, and no value is repeated. */
static void check_wrong(const char *lines, const char *expected)
{
	g_autofree char *text = g_strconcat("[notify a]\n", lines, NULL);
	g_autoptr(key_file) file = parse(text);
	struct key_file_fault checked, read;

	assert_false(hook_settings_check(file, &checked));
	assert_null(hook_settings_read(file, "a", &read));
	assert_non_null(strstr(checked.reason, expected));
	assert_string_equal(checked.reason, read.reason);
	assert_int_equal(checked.line, read.line);
	assert_true(checked.line > 0);
	assert_null(strstr(checked.reason, "hidden"));
	key_file_fault_release(&checked);
	key_file_fault_release(&read);
}

static void test_defaults(void **state)
{
	struct hook_settings *settings = read_right("[notify a]\nurl=https://ci.example.org/hook\n");

	(void)state;
	assert_string_equal(settings->name, "a");
	assert_string_equal(settings->url, "https://ci.example.org/hook");
	assert_null(settings->command);
	assert_null(settings->secret_file);
	assert_null(settings->ca_file);
	assert_false(settings->cleartext);
	assert_string_equal(settings->filter, "");
	assert_string_equal(settings->base_url, "");
	assert_string_equal(settings->from, "now");
	assert_int_equal(settings->give_up, 14);
	assert_int_equal(settings->timeout, 30);
	assert_int_equal(settings->poll, 60);
	assert_int_equal(settings->batch, 100);
	hook_settings_free(settings);
}

static void test_all_keys(void **state)
{
	struct hook_settings *settings = read_right("[notify b]\ncommand=/bin/true\n"
	                                            "[notify a]\ncommand=/bin/ci 'two words' x\nfilter=category=a&b=c\n"
	                                            "base_url=https://p.example.org\nfrom=17\ngive_up=3\ntimeout=600\n"
	                                            "poll=1\nbatch=1000\ncleartext=yes\n");

	(void)state;
	assert_null(settings->url);
	assert_int_equal(g_strv_length(settings->command), 3);
	assert_string_equal(settings->command[1], "two words");
	assert_string_equal(settings->filter, "category=a&b=c");
	assert_string_equal(settings->base_url, "https://p.example.org");
	assert_string_equal(settings->from, "17");
	assert_int_equal(settings->give_up, 3);
	assert_int_equal(settings->timeout, 600);
	assert_int_equal(settings->poll, 1);
	assert_int_equal(settings->batch, 1000);
	assert_true(settings->cleartext);
	hook_settings_free(settings);
	settings = read_right("[notify a]\nurl=http://u:p@[::1]:8080/x?y=z\ncredential=ci\ntls_ca_file=/ca\n"
	                      "from=beginning\n");
	assert_string_equal(settings->credential, "ci");
	assert_string_equal(settings->ca_file, "/ca");
	assert_string_equal(settings->from, "beginning");
	hook_settings_free(settings);
}

/* As long as a URL may be, and a byte longer. */
static void test_long_url(void **state)
{
	enum { AT = HOOK_URL_MAX - sizeof("https://h/") + 1 };
	g_autofree char *at = g_strnfill(AT, 'x'), *text = g_strdup_printf("[notify a]\nurl=https://h/%s\n", at);
	g_autofree char *over = g_strdup_printf("url=https://h/%sx\n", at);
	struct hook_settings *settings = read_right(text);

	(void)state;
	assert_int_equal(strlen(settings->url), HOOK_URL_MAX);
	hook_settings_free(settings);
	check_wrong(over, "url in [notify a] has to be a URL");
}

static void test_wrong(void **state)
{
	static const char *const urls[] = {"hidden",         "file:///hidden",  "https://",
	                                   "ftp://h/hidden", "https:hidden",    "",
	                                   "//hidden/",      "http://h:hidden/"};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(urls); i++) {
		g_autofree char *line = g_strconcat("url=", urls[i], "\n", NULL);

		check_wrong(line, "url in [notify a] has to be a URL");
	}
	check_wrong("", "[notify a] needs one of url and command");
	check_wrong("url=http://h/\ncommand=/hidden\n", "[notify a] needs one of url and command");
	check_wrong("command=hidden\n", "command in [notify a] has to be an absolute path");
	check_wrong("command=/hidden 'x\n", "command in [notify a] has to be an absolute path");
	check_wrong("command=/x\ncredential=hidden\n", "[notify a] has a command");
	check_wrong("command=/x\nsecret_file=/hidden\n", "[notify a] has a command");
	check_wrong("command=/x\ntls_ca_file=/hidden\n", "[notify a] has a command");
	check_wrong("url=http://h/\nsecret_file=/hidden\ncredential=x\n", "both secret_file and credential");
	check_wrong("url=http://h/\nsecret_file=hidden\n", "secret_file in [notify a] has to be an absolute path");
	check_wrong("url=http://h/\ncredential=../hidden\n", "credential in [notify a] has to be");
	check_wrong("url=http://h/\nbase_url=hidden\n", "base_url in [notify a] has to be a URL");
	check_wrong("url=http://h/\nfrom=hidden\n", "from in [notify a] has to be now, beginning or a position");
	check_wrong("url=http://h/\nfrom=-1\n", "from in [notify a] has to be");
	check_wrong("url=http://h/\nfrom=9223372036854775808\n", "from in [notify a] has to be");
	check_wrong("url=http://h/\ngive_up=0\n", "give_up in [notify a] has to be days from 1 to 3650");
	check_wrong("url=http://h/\ntimeout=601\n", "timeout in [notify a] has to be seconds from 1 to 600");
	check_wrong("url=http://h/\npoll=0\n", "poll in [notify a] has to be seconds from 1 to 86400");
	check_wrong("url=http://h/\nbatch=1001\n", "batch in [notify a] has to be a number from 1 to 1000");
	check_wrong("url=http://h/\ncleartext=hidden\n", "cleartext in [notify a] has to be no or yes");
	check_wrong("url=http://h/\nnonsense=hidden\n", "unknown key");
}

static void test_names(void **state)
{
	g_autoptr(key_file) file = parse("[notify a b]\nurl=http://h/\n");
	struct key_file_fault fault;

	(void)state;
	assert_false(hook_settings_check(file, &fault));
	assert_string_equal(fault.reason, "the name of a hook has a blank in it: [notify a b]");
	key_file_fault_release(&fault);
	assert_null(hook_settings_read(file, "c", &fault));
	assert_string_equal(fault.reason, "there is no [notify c]");
	key_file_fault_release(&fault);
	assert_true(hook_settings_has_group("notify a"));
	assert_false(hook_settings_has_group("notify "));
	assert_false(hook_settings_has_group("notifya"));
}

/* The secrets in a file of these bytes; NULL, and the reason. */
static GPtrArray *secrets_of(const char *bytes, mode_t mode, char **ret_reason)
{
	g_autofree char *path = g_build_filename(g_get_tmp_dir(), "patchmaild-test-XXXXXX", NULL), *text = NULL;
	struct hook_settings *settings;
	GPtrArray *secrets;
	int fd = g_mkstemp(path);

	assert_true(fd >= 0);
	close(fd);
	assert_true(g_file_set_contents(path, bytes, -1, NULL));
	assert_int_equal(g_chmod(path, mode), 0);
	text = g_strdup_printf("[notify a]\nurl=https://h/\nsecret_file=%s\n", path);
	settings = read_right(text);
	secrets = hook_settings_secrets(settings, -1, ret_reason);
	hook_settings_free(settings);
	g_unlink(path);
	return secrets;
}

static void check_secret(const GPtrArray *secrets, unsigned place, const char *expected, size_t length)
{
	gsize size;
	const void *bytes;

	assert_true(place < secrets->len);
	bytes = g_bytes_get_data(g_ptr_array_index(secrets, place), &size);
	assert_int_equal(size, length);
	assert_memory_equal(bytes, expected, length);
}

static void test_secrets(void **state)
{
	g_autoptr(GPtrArray) secrets = NULL;
	g_autofree char *reason = NULL;

	(void)state;
	secrets = secrets_of("whsec_YQBi\r\n\nplain words \nwhsec\n", 0640, &reason);
	assert_non_null(secrets);
	assert_int_equal(secrets->len, 3);
	check_secret(secrets, 0, "a\0b", 3);
	check_secret(secrets, 1, "plain words ", 12);
	check_secret(secrets, 2, "whsec", 5);
}

static void check_no_secret(const char *bytes, mode_t mode, const char *expected)
{
	g_autofree char *reason = NULL;

	assert_null(secrets_of(bytes, mode, &reason));
	assert_non_null(strstr(reason, expected));
	assert_null(strstr(reason, "hidden"));
}

static void test_wrong_secrets(void **state)
{
	(void)state;
	check_no_secret("", 0600, "the secret is empty");
	check_no_secret("\n\n", 0600, "the secret is empty");
	check_no_secret("whsec_\n", 0600, "no base64");
	check_no_secret("whsec_hidden!!\n", 0600, "no base64");
	check_no_secret("whsec_hidde\n", 0600, "no base64");
	check_no_secret("a\nb\nc\nd\nhidden\n", 0600, "more than 4 secrets");
	check_no_secret("hidden\n", 0644, "others can read or change it");
}

static void test_no_secret(void **state)
{
	struct hook_settings *settings = read_right("[notify a]\nurl=https://h/\n");
	g_autoptr(GPtrArray) secrets = NULL;
	g_autofree char *reason = NULL, *none = NULL;

	(void)state;
	secrets = hook_settings_secrets(settings, -1, &reason);
	assert_int_equal(secrets->len, 0);
	hook_settings_free(settings);
	settings = read_right("[notify a]\nurl=https://h/\ncredential=ci\n");
	g_unsetenv("CREDENTIALS_DIRECTORY");
	assert_null(hook_settings_secrets(settings, -1, &none));
	assert_non_null(strstr(none, "LoadCredential"));
	hook_settings_free(settings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),      cmocka_unit_test(test_all_keys),  cmocka_unit_test(test_long_url),
		cmocka_unit_test(test_wrong),         cmocka_unit_test(test_names),     cmocka_unit_test(test_secrets),
		cmocka_unit_test(test_wrong_secrets), cmocka_unit_test(test_no_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
