/* test_configuration.c - what a configuration may hold, and what is said of one that is wrong. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <glib.h>

#include "settings/configuration.h"

/* Load a text over the defaults; what config_load() gives. */
static int load(struct config *config, const char *text, char **ret_reason)
{
	g_autofree char *path = NULL;
	int fd = g_file_open_tmp("patchmaild-test-XXXXXX", &path, NULL), status;

	assert_true(fd >= 0);
	close(fd);
	assert_true(g_file_set_contents(path, text, -1, NULL));
	config_init(config);
	status = config_load(config, path, ret_reason);
	unlink(path);
	if (status < 0)
		assert_non_null(strstr(*ret_reason, path));
	return status;
}

static void check_wrong(const char *text, const char *expected)
{
	g_autofree char *reason = NULL;
	struct config config;

	assert_int_equal(load(&config, text, &reason), -EINVAL);
	if (!strstr(reason, expected))
		fail_msg("%s", reason);
	assert_null(strchr(reason, '\n'));
	/* Values may be passwords. */
	assert_null(strstr(reason, "secret"));
	config_release(&config);
}

static size_t size_of(const char *value)
{
	g_autofree char *text = g_strdup_printf("[patchmaild]\nmax_message_size=%s\n", value);
	g_autofree char *reason = NULL;
	struct config config;
	int status = load(&config, text, &reason);
	size_t size = status < 0 ? 0 : config.max_message_size;

	config_release(&config);
	return size;
}

static void test_defaults(void **state)
{
	g_autofree char *reason = NULL;
	struct config config;

	(void)state;
	assert_int_equal(load(&config, "# nothing\n", &reason), 0);
	assert_null(config.conninfo);
	assert_int_equal(config.connect_timeout, 10);
	assert_int_equal(config.timeout, 60);
	assert_int_equal(config.parsers, 0);
	assert_int_equal(config.max_message_size, 0);
	assert_string_equal(config.raw, "quarantined");
	assert_string_equal(config.sandbox, "best-effort");
	config_release(&config);
}

static void check_words(const char *raw, const char *sandbox)
{
	g_autofree char *text = g_strdup_printf("[archive]\nraw=%s\n[patchmaild]\nsandbox=%s\n", raw, sandbox);
	g_autofree char *reason = NULL;
	struct config config;

	assert_int_equal(load(&config, text, &reason), 0);
	assert_string_equal(config.raw, raw);
	assert_string_equal(config.sandbox, sandbox);
	config_release(&config);
}

static void test_words(void **state)
{
	(void)state;
	check_words("none", "required");
	check_words("quarantined", "best-effort");
	check_words("all", "off");
}

static void test_values(void **state)
{
	g_autofree char *reason = NULL;
	struct config config;

	(void)state;
	assert_int_equal(load(&config,
	                      "[database]\nconninfo = host=db.example.org password='a=b c'\nconnect_timeout=3600\n"
	                      "[patchmaild]\ntimeout=1\nmax_message_size=64M\nparsers=64\n",
	                      &reason),
	                 0);
	assert_string_equal(config.conninfo, "host=db.example.org password='a=b c'");
	assert_int_equal(config.connect_timeout, 3600);
	assert_int_equal(config.timeout, 1);
	assert_int_equal(config.parsers, 64);
	assert_int_equal(config.max_message_size, 64 * 1024 * 1024);
	config_release(&config);
}

static void test_sizes(void **state)
{
	(void)state;
	assert_int_equal(size_of("1"), 1);
	assert_int_equal(size_of("4096"), 4096);
	assert_int_equal(size_of("2k"), 2048);
	assert_int_equal(size_of("2K"), 2048);
	assert_int_equal(size_of("3M"), 3 * 1024 * 1024);
	assert_int_equal(size_of("1G"), 1024 * 1024 * 1024);
	static const char *const wrong[] = {
		"0", "", "K", "-1", "1.5M", "1 M", "0x10", "1KB", "99999999999999999999", "18446744073709551615G",
		NULL};
	for (unsigned i = 0; wrong[i] != NULL; i++)
		assert_int_equal(size_of(wrong[i]), 0);
}

static void test_wrong(void **state)
{
	(void)state;
	check_wrong("[databse]\n", "unknown group [databse]");
	check_wrong("[database]\nconninf=secret\n", "unknown key conninf in [database]");
	check_wrong("[patchmaild]\nconninfo=secret\n", "unknown key conninfo in [patchmaild]");
	check_wrong("[database]\nconninfo=\n", "conninfo in [database] has to be");
	check_wrong("[patchmaild]\ntimeout=0\n", "timeout in [patchmaild] has to be seconds");
	check_wrong("[patchmaild]\ntimeout=3601\n", "timeout in [patchmaild] has to be seconds");
	check_wrong("[patchmaild]\ntimeout=60s\n", "timeout in [patchmaild] has to be seconds");
	check_wrong("[patchmaild]\nparsers=0\n", "parsers in [patchmaild] has to be a number from 1 to 64");
	check_wrong("[patchmaild]\nparsers=65\n", "parsers in [patchmaild] has to be a number from 1 to 64");
	check_wrong("[patchmaild]\nparsers=two\n", "parsers in [patchmaild] has to be a number from 1 to 64");
	check_wrong("[patchmaild]\nsandbox=on\n", "sandbox in [patchmaild] has to be required, best-effort or off");
	check_wrong("[archive]\nraw=some\n", "raw in [archive] has to be none, quarantined or all");
	check_wrong("[archive]\nraw=\n", "raw in [archive] has to be none, quarantined or all");
	check_wrong("[archive]\nraw=All\n", "raw in [archive] has to be none, quarantined or all");
	check_wrong("[patchmaild]\nraw=all\n", "unknown key raw in [patchmaild]");
	check_wrong("[archive]\nraws=all\n", "unknown key raws in [archive]");
	check_wrong("[patchmaild]\ntimeout=\n", "timeout in [patchmaild] has to be seconds");
	check_wrong("[database]\nconnect_timeout=-1\n", "connect_timeout in [database] has to be seconds");
	check_wrong("[database]\nsecret\n", ":2: neither [group] nor key=value");
	check_wrong("conninfo=secret\n", ":1: a key before the first [group]");
	check_wrong("[database]\nsecret[de]=x\n", ":2: neither [group] nor key=value");
	check_wrong("[database\nconninfo=secret\n", ":1: a [group] without its ]");
	check_wrong("[database]\nconninfo=\xff\xfe\n", ":2: letters that are not in UTF-8");
	check_wrong("[database]\nconninfo=secret\n", ":2: conninfo in [database] has to be a libpq");
	check_wrong("[database]\nconninfo=host=h ssl_mode=secret\n",
	            "string: ssl_mode is no keyword of libpq: perhaps sslmode");
	check_wrong("[database]\nconninfo=postgresql://h/d?ssl_mode=secret\n", ": ssl_mode is no keyword of libpq");
	/* A piece of a password is not repeated, not even one that is like a keyword. */
	check_wrong("[database]\nconninfo=host=h password=my secret\n",
	            "string: its word 3 has no = after it (a value");
	check_wrong("[database]\nconninfo=password=my secret=x\n",
	            "string: its word 2 is no keyword of libpq (a value");
	check_wrong("[database]\nconninfo=password='secret\n", "string: a quote in it is not closed");
	check_wrong("[database]\nconninfo=postgresql://u:secret@h:%zz/\n", "connection string: that is none");
}

/* What GLib would merge in silence. */
static void test_twice(void **state)
{
	(void)state;
	check_wrong("[database]\n[database]\n", ":2: [database] stands at line 1 already");
	check_wrong("# secret\n[database]\nconnect_timeout=1\n\n[patchmaild]\n  [database]  \n",
	            ":6: [database] stands at line 2 already");
	check_wrong("[database]\nconninfo=secret\n conninfo =secret\n",
	            ":3: conninfo in [database] stands at line 2 already");
	check_wrong("[database]\r\nconninfo=secret\r\nconninfo=secret\r\n",
	            ":3: conninfo in [database] stands at line 2 already");
	check_wrong("[list a.example.org]\n[list a.example.org]\n",
	            ":2: [list a.example.org] stands at line 1 already");
	check_wrong("[list a.example.org]\n[list A.example.org]\n", "are one list");
	check_wrong("[imap a]\nhost=x\n[imap b]\nhost=x\nhost=y\n", ":5: host in [imap b] stands at line 4 already");
	check_wrong("[mailbox a Lists]\nlist_id=x\n[mailbox a Lists]\n",
	            ":3: [mailbox a Lists] stands at line 1 already");
	check_wrong("[databse]\n", ":1: unknown group [databse]");
	check_wrong("[mailbox a Lists]\nhost=secret\n[imap a]\nhost=h\nuser=u\npassword_file=/p\n",
	            ":2: unknown key host in [mailbox a Lists]");
	check_wrong("[list a.example.org]\nhost=secret\n", ":2: unknown key host in [list a.example.org]");
}

/* Each fault has the line where it is, and nothing is taken for something else. */
static void test_lines(void **state)
{
	(void)state;
	check_wrong("[database]\n\nconninfo=dbname=x\nconnect_timeout=60s\n",
	            ":4: connect_timeout in [database] has to be seconds from 1 to 3600 (without a unit)");
	check_wrong("[imap a]\nhost=h\nuser=u\npassword_file=/p\n\nport=imap\n", ":6: port in [imap a] has to be");
	check_wrong("\n[imap a]\nhost=h\n", ":2: [imap a] needs host and user");
	check_wrong("[notify a]\nurl=http://h/\nbatch=0\n", ":3: batch in [notify a] has to be");
	check_wrong("[authentication]\n\nposition=secret\n", ":3: position in [authentication] has to be");
	check_wrong("[list a]\n[list b]\nalignment=secret\n", ":3: alignment in [list b] has to be");
	check_wrong("[database]\n[list b]\nlist_authserv=mx\n", ":2: [list b] trusts somebody");
	check_wrong("[list a]b]\n", ":1: unknown group [list a]b]: perhaps [list ...]");
	check_wrong("[archive]\nraw=all\n[mailbox x y]\n", ":3: [mailbox x y] is of an account that is not there");
}

static void test_comments_after_values(void **state)
{
	g_autofree char *reason = NULL;
	struct config config;

	(void)state;
	check_wrong("[patchmaild]\ntimeout=60 # secret\n", ":2: timeout in [patchmaild] has a comment after its value");
	check_wrong("[patchmaild]\ntimeout=60 ; secret\n", ":2: timeout in [patchmaild] has a comment after its value");
	check_wrong("[imap a]\nuser=O'Secret # of us\n", ":2: user in [imap a] has a comment after its value");
	check_wrong("[notify a]\ncommand=/bin/x 'a' #b\n", ":2: command in [notify a] has a comment after its value");
	check_wrong("[database] # secret\n", ":1: something stands after [group]");
	check_wrong("[mailbox a b] # see [1]\n", ":1: something stands after [group]");
	assert_int_equal(load(&config,
	                      " # one\n\t# another\n[database]\n  conninfo\t=\thost=h password='a # b' user=x#y  \n"
	                      "[notify a]\ncommand=/bin/sh -c 'a ; b # c' \"# d\"\n",
	                      &reason),
	                 0);
	assert_string_equal(config.conninfo, "host=h password='a # b' user=x#y");
	config_release(&config);
}

static void test_encodings(void **state)
{
	static const char nul[] = "[database]\nconninfo=dbname=x\0y\n";
	g_autofree char *reason = NULL, *path = NULL, *said = NULL;
	int fd = g_file_open_tmp("patchmaild-test-XXXXXX", &path, NULL);
	struct config config;

	(void)state;
	assert_int_equal(load(&config, "\xef\xbb\xbf[database]\r\nconninfo=dbname=\xc3\xa4\r\n\r\n", &reason), 0);
	assert_string_equal(config.conninfo, "dbname=\xc3\xa4");
	config_release(&config);
	check_wrong("[database]\nconninfo=dbname=x\ry\n", ":2: a control character");
	check_wrong("[database]\n\033[1m\n", ":2: a control character");
	check_wrong("[database]\nconninfo=dbname=x\xc2\xa0\n", ":2: conninfo in [database] has an odd blank");
	check_wrong("[imap a]\nuser=\xe2\x80\x8bsecret\n", ":2: user in [imap a] has an odd blank");
	check_wrong("[imap a\xc2\xa0]\n", ":1: the name of a group has a blank");
	check_wrong("[ imap a ]\n", ":1: the name of a group has a blank");
	check_wrong("[]\n", ":1: the name of a group");
	check_wrong("\xff\xfe[\n", ":1: letters that are not in UTF-8");
	assert_int_equal(write(fd, nul, sizeof(nul) - 1), sizeof(nul) - 1);
	close(fd);
	config_init(&config);
	assert_int_equal(config_load(&config, path, &said), -EINVAL);
	assert_non_null(strstr(said, ":2: a NUL"));
	config_release(&config);
	unlink(path);
}

static void test_suggestions(void **state)
{
	(void)state;
	check_wrong("[databse]\n", ":1: unknown group [databse]: perhaps [database]");
	check_wrong("[Imap a]\n", ":1: unknown group [Imap a]: perhaps [imap ...]");
	check_wrong("[imap]\n", "unknown group [imap]: perhaps [imap ...]");
	check_wrong("[something]\n", "unknown group [something]");
	check_wrong("[database]\nconninf=secret\n", ":2: unknown key conninf in [database]: perhaps conninfo");
	check_wrong("[authentication]\nboundry=secret\n",
	            ":2: unknown key boundry in [authentication]: perhaps boundary");
	check_wrong("[notify a]\nurll=secret\n", ":2: unknown key urll in [notify a]: perhaps url");
	check_wrong("[patchmaild]\nx=secret\n", ":2: unknown key x in [patchmaild]");
}

/* A comment that makes the whole of it so long. */
static int load_of_length(size_t length)
{
	g_autofree char *text = g_strnfill(length, '#'), *reason = NULL;
	struct config config;
	int status = load(&config, text, &reason);

	config_release(&config);
	return status;
}

static void test_length(void **state)
{
	(void)state;
	assert_int_equal(load_of_length(CONFIG_SIZE_MAX), 0);
	assert_int_equal(load_of_length(CONFIG_SIZE_MAX + 1), -EFBIG);
}

static void test_unreadable(void **state)
{
	g_autofree char *reason = NULL;
	struct config config;

	(void)state;
	config_init(&config);
	assert_int_equal(config_load(&config, "/nonexistent/patchmaild.conf", &reason), -ENOENT);
	assert_non_null(strstr(reason, "/nonexistent/patchmaild.conf"));
	g_clear_pointer(&reason, g_free);
	assert_int_equal(config_load(&config, "/", &reason), -EISDIR);
	assert_non_null(reason);
	g_clear_pointer(&reason, g_free);
	assert_int_equal(config_load(&config, "/dev/zero", &reason), -EFBIG);
	assert_non_null(reason);
	config_release(&config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),  cmocka_unit_test(test_values),
		cmocka_unit_test(test_sizes),     cmocka_unit_test(test_words),
		cmocka_unit_test(test_wrong),     cmocka_unit_test(test_twice),
		cmocka_unit_test(test_length),    cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_lines),     cmocka_unit_test(test_comments_after_values),
		cmocka_unit_test(test_encodings), cmocka_unit_test(test_suggestions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
