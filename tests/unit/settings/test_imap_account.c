/* test_imap_account.c - the settings of IMAP accounts, what is said of wrong ones, and where the secret comes from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include <glib.h>
#include <glib/gstdio.h>

#include "settings/imap_account.h"
#include "settings/secret.h"

#define NEEDED "[imap a]\nhost=h\nuser=u\npassword_file=/secret\n"

static GKeyFile *parse(const char *text)
{
	GKeyFile *file = g_key_file_new();

	assert_true(g_key_file_load_from_data(file, text, (gsize)-1, G_KEY_FILE_NONE, NULL));
	return file;
}

/* The account "a" of a text that is right. */
static struct imap_account *read_right(const char *text)
{
	g_autoptr(GKeyFile) file = parse(text);
	struct imap_account *account = NULL;

	assert_null(imap_account_check(file));
	assert_null(imap_account_read(file, "a", &account));
	assert_non_null(account);
	return account;
}

/* What is wrong is said, by a check of all as by reading the one, and no value is repeated. */
static void check_wrong(const char *text, const char *expected)
{
	g_autoptr(GKeyFile) file = parse(text);
	g_autofree char *checked = imap_account_check(file), *read = NULL;
	struct imap_account *account = NULL;

	read = imap_account_read(file, "a", &account);
	assert_non_null(checked);
	assert_non_null(read);
	assert_null(account);
	assert_non_null(strstr(checked, expected));
	assert_string_equal(checked, read);
	assert_null(strstr(checked, "hidden"));
}

static const struct imap_account_mailbox *mailbox_of(const struct imap_account *account, unsigned i)
{
	assert_true(i < account->mailboxes->len);
	return g_ptr_array_index(account->mailboxes, i);
}

static void test_defaults(void **state)
{
	struct imap_account *account = read_right(NEEDED);

	(void)state;
	assert_string_equal(account->name, "a");
	assert_string_equal(account->host, "h");
	assert_string_equal(account->user, "u");
	assert_int_equal(account->port, 993);
	assert_int_equal(account->tls, IMAP_TLS_IMPLICIT);
	assert_int_equal(account->auth, IMAP_AUTH_PLAIN);
	assert_null(account->ca_file);
	assert_int_equal(account->mailboxes->len, 1);
	assert_string_equal(mailbox_of(account, 0)->name, "INBOX");
	assert_null(mailbox_of(account, 0)->list_id);
	assert_int_equal(account->after, IMAP_ACCOUNT_NOTHING);
	assert_true(account->idle);
	assert_int_equal(account->poll_interval, 300);
	assert_int_equal(account->idle_renew, 1500);
	assert_int_equal(account->command_timeout, 60);
	assert_int_equal(account->attempts, 5);
	assert_null(account->trace);
	assert_int_equal(account->since, 0);
	imap_account_free(account);
	imap_account_free(NULL);
}

static void test_values(void **state)
{
	struct imap_account *account = read_right(
		"[imap "
		"a]\nhost=imap.example.org\nport=1143\ntls=starttls\nca_file=/etc/ca.pem\nuser=lists@example.org\n"
		"auth=xoauth2\npassword_command=/bin/token \"of me\" 'and you'\nmailbox=Lists & "
		"\xc3\x9c\nlist_id=l.example.org\n"
		"after=move\nfolder=D\xc3\xb6ne\nflag=$Taken\npoll_interval=60\nidle_renew=1740\nidle=no\ncommand_"
		"timeout=90\n"
		"since=2026-01-31\nattempts=1\ntrace=/run/trace\n");

	(void)state;
	assert_string_equal(account->host, "imap.example.org");
	assert_int_equal(account->port, 1143);
	assert_int_equal(account->tls, IMAP_TLS_STARTTLS);
	assert_string_equal(account->ca_file, "/etc/ca.pem");
	assert_int_equal(account->auth, IMAP_AUTH_XOAUTH2);
	assert_string_equal(account->password_command[0], "/bin/token");
	assert_string_equal(account->password_command[1], "of me");
	assert_string_equal(account->password_command[2], "and you");
	assert_null(account->password_command[3]);
	assert_string_equal(mailbox_of(account, 0)->name, "Lists & \xc3\x9c");
	assert_string_equal(mailbox_of(account, 0)->list_id, "l.example.org");
	assert_int_equal(account->after, IMAP_ACCOUNT_MOVE);
	assert_string_equal(account->folder, "D\xc3\xb6ne");
	assert_string_equal(account->flag, "$Taken");
	assert_int_equal(account->poll_interval, 60);
	assert_int_equal(account->idle_renew, 1740);
	assert_false(account->idle);
	assert_int_equal(account->command_timeout, 90);
	assert_int_equal(account->since, 1769817600);
	assert_int_equal(account->attempts, 1);
	assert_string_equal(account->trace, "/run/trace");
	imap_account_free(account);
}

static void test_ports(void **state)
{
	static const char *const modes[] = {"implicit", "starttls", "none"};
	static const unsigned ports[] = {993, 143, 143};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(modes); i++) {
		g_autofree char *text = g_strconcat(NEEDED "tls=", modes[i], "\n", NULL);
		struct imap_account *account = read_right(text);

		assert_int_equal(account->port, ports[i]);
		imap_account_free(account);
	}
}

static void test_mailboxes(void **state)
{
	/* The list of the first one, in whatever order the keys stand; names with blanks; other accounts' are not
	 * ours. */
	struct imap_account *account = read_right("[mailbox a Other one]\nlist_id=2.example.org\n"
	                                          "[imap a]\nlist_id=1.example.org\nhost=h\nuser=u\npassword_file=/p\n"
	                                          "mailbox=First\n[mailbox ab Not ours]\n[mailbox a Third]\n");

	(void)state;
	assert_int_equal(account->mailboxes->len, 3);
	assert_string_equal(mailbox_of(account, 0)->name, "First");
	assert_string_equal(mailbox_of(account, 0)->list_id, "1.example.org");
	assert_string_equal(mailbox_of(account, 1)->name, "Other one");
	assert_string_equal(mailbox_of(account, 1)->list_id, "2.example.org");
	assert_string_equal(mailbox_of(account, 2)->name, "Third");
	assert_null(mailbox_of(account, 2)->list_id);
	imap_account_free(account);
	/* Only the others: then INBOX is not followed. */
	account = read_right(NEEDED "[mailbox a Only]\n");
	assert_int_equal(account->mailboxes->len, 1);
	assert_string_equal(mailbox_of(account, 0)->name, "Only");
	imap_account_free(account);
	/* A list alone is INBOX's. */
	account = read_right(NEEDED "list_id=l.example.org\n");
	assert_string_equal(mailbox_of(account, 0)->name, "INBOX");
	assert_string_equal(mailbox_of(account, 0)->list_id, "l.example.org");
	imap_account_free(account);
}

static void test_flags(void **state)
{
	static const char *const right[] = {"\\\\Flagged", "\\\\flagged", "$Forwarded", "in.patch-work_2"};
	static const char *const wrong[] = {"",          "two words",    "\\\\Seen", "a)", "\\\\Deleted",
	                                    "x\xc3\xb6", "\\\\Flagged b"};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(right); i++) {
		g_autofree char *text = g_strconcat(NEEDED "after=flag\nflag=", right[i], "\n", NULL);

		imap_account_free(read_right(text));
	}
	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_autofree char *text = g_strconcat(NEEDED "after=flag\nflag=", wrong[i], "\n", NULL);

		check_wrong(text, "flag in [imap a] has to be");
	}
}

static void test_wrong_values(void **state)
{
	static const char *const lines[] = {
		"host=",
		"port=0",
		"port=65536",
		"port=imap",
		"tls=yes",
		"ca_file=",
		"user=",
		"user=a\\nb",
		"auth=login",
		"password_file=hidden",
		"credential=a/b",
		"credential=",
		"mailbox=",
		"mailbox=a\\r\\nb",
		"list_id=",
		"after=archive",
		"folder=",
		"folder=a\\nb",
		"poll_interval=0",
		"poll_interval=86401",
		"idle_renew=1741",
		"idle_renew=0",
		"idle=maybe",
		"since=yesterday",
		"since=2026-1-31",
		"since=2026-02-30",
		"since=1960-01-01",
		"attempts=0",
		"attempts=1001",
		"trace=",
		"trace=relative",
		"command_timeout=0",
		"command_timeout=91",
		"password_command=hidden word",
		"password_command='/open",
		"password_command=",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
		g_autofree char *key = g_strndup(lines[i], strcspn(lines[i], "="));
		g_autofree char *text = g_strconcat("[imap a]\nhost=h\nuser=u\n", lines[i], "\n", NULL);
		g_autofree char *expected = g_strconcat(key, " in [imap a] has to be ", NULL);

		check_wrong(text, expected);
	}
}

static void test_wrong_together(void **state)
{
	(void)state;
	check_wrong("[imap a]\nuser=u\npassword_file=/p\n", "[imap a] needs host and user");
	check_wrong("[imap a]\nhost=h\npassword_file=/p\n", "[imap a] needs host and user");
	check_wrong("[imap a]\nhost=h\nuser=u\n", "needs one of password_file, password_command and credential");
	check_wrong(NEEDED "credential=c\n", "needs one of password_file, password_command and credential");
	check_wrong(NEEDED "after=move\n", "[imap a] needs a folder for after=move");
	check_wrong(NEEDED "after=flag\n", "[imap a] needs a flag for after=flag");
	check_wrong(NEEDED "password=hidden\n", "unknown key password in [imap a]");
	check_wrong(NEEDED "[mailbox a M]\nafter=seen\n", "unknown key after in [mailbox a M]");
	check_wrong(NEEDED "[mailbox a M]\nlist_id=\n", "list_id in [mailbox a M] has to be");
}

static void test_groups(void **state)
{
	g_autoptr(GKeyFile) blank = parse("[imap two words]\nhost=h\nuser=u\npassword_file=/p\n");
	g_autoptr(GKeyFile) nothing = parse("[database]\n");
	g_autofree char *wrong = NULL, *absent = NULL;
	struct imap_account *account = NULL;

	(void)state;
	assert_true(imap_account_has_group("imap a"));
	assert_true(imap_account_has_group("mailbox a b"));
	assert_false(imap_account_has_group("imap"));
	assert_false(imap_account_has_group("imap "));
	assert_false(imap_account_has_group("mailbox"));
	assert_false(imap_account_has_group("imapa"));
	wrong = imap_account_check(blank);
	assert_non_null(strstr(wrong, "a blank in it"));
	assert_null(imap_account_check(nothing));
	absent = imap_account_read(nothing, "a", &account);
	assert_string_equal(absent, "there is no [imap a]");
}

/* The secret ------------------------------------------------------------------------------------------------------- */

static char *folder; /* of this test alone */

static char *path_of(const char *name)
{
	return g_build_filename(folder, name, NULL);
}

static void write_secret(const char *name, const char *text, size_t length, mode_t mode)
{
	g_autofree char *path = path_of(name);

	assert_true(g_file_set_contents(path, text, (gssize)length, NULL));
	assert_int_equal(chmod(path, mode), 0);
}

/* The secret of an account with that line, whose %s is a path in the folder; NULL, and *ret_reason. */
static char *secret_of(const char *format, const char *name, char **ret_reason)
{
	g_autofree char *path = path_of(name), *line = NULL, *text = NULL, *secret = NULL;
	g_auto(GStrv) parts = g_strsplit(format, "%s", 2);
	struct imap_account *account;

	line = g_strjoinv(path, parts);
	text = g_strconcat("[imap a]\nhost=h\nuser=u\n", line, "\n", NULL);
	account = read_right(text);
	*ret_reason = NULL;
	secret = imap_account_secret(account, ret_reason);
	imap_account_free(account);
	assert_int_equal(secret == NULL, *ret_reason != NULL);
	return g_steal_pointer(&secret);
}

static void check_secret(const char *format, const char *name, const char *expected)
{
	g_autofree char *reason = NULL, *secret = secret_of(format, name, &reason);

	assert_non_null(secret);
	assert_string_equal(secret, expected);
}

static void check_no_secret(const char *format, const char *name, const char *expected)
{
	g_autofree char *reason = NULL, *secret = secret_of(format, name, &reason);

	assert_null(secret);
	assert_non_null(strstr(reason, expected));
	assert_null(strstr(reason, "hidden"));
}

static void test_password_file(void **state)
{
	static const mode_t right[] = {0400, 0600, 0640, 0440}, wrong[] = {0604, 0644, 0602, 0620, 0666};
	g_autofree char *large = g_strnfill(SECRET_MAX + 1, 'x');

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(right); i++) {
		write_secret("mode", "hidden\n", 7, right[i]);
		check_secret("password_file=%s", "mode", "hidden");
	}
	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
		write_secret("mode", "hidden\n", 7, wrong[i]);
		check_no_secret("password_file=%s", "mode", "others can read or change it");
	}
	write_secret("lines", " a b\t\r\nsecond\n", 14, 0600);
	check_secret("password_file=%s", "lines", " a b\t");
	write_secret("open", "no end", 6, 0600);
	check_secret("password_file=%s", "open", "no end");
	write_secret("empty", "\nhidden\n", 8, 0600);
	check_no_secret("password_file=%s", "empty", "the secret is empty");
	write_secret("large", large, SECRET_MAX + 1, 0600);
	check_no_secret("password_file=%s", "large", "too long");
	check_no_secret("password_file=%s", "nowhere", "No such file");
	check_no_secret("password_file=%s/", "", "cannot be read");
}

static void test_password_command(void **state)
{
	(void)state;
	write_secret("script", "#!/bin/sh\necho \"$1-$#\"\necho more\n", 33, 0700);
	check_secret("password_command=%s 'a  b' c", "script", "a  b-2");
	write_secret("failing", "#!/bin/sh\necho hidden\nexit 1\n", 29, 0700);
	check_no_secret("password_command=%s", "failing", "it failed");
	write_secret("killed", "#!/bin/sh\necho hidden\nkill -9 $$\n", 34, 0700);
	check_no_secret("password_command=%s", "killed", "it failed");
	write_secret("endless", "#!/bin/sh\nexec yes hidden\n", 26, 0700);
	check_no_secret("password_command=%s", "endless", "printed too much");
	write_secret("silent", "#!/bin/sh\n", 10, 0700);
	check_no_secret("password_command=%s", "silent", "the secret is empty");
	check_no_secret("password_command=%s", "absent", "No such file");
}

static void test_credential(void **state)
{
	(void)state;
	g_unsetenv("CREDENTIALS_DIRECTORY");
	check_no_secret("credential=c", "", "the service manager hands over none");
	g_setenv("CREDENTIALS_DIRECTORY", folder, TRUE);
	/* What systemd hands over has the mode that systemd gives it. */
	write_secret("c", "from systemd\n", 13, 0444);
	check_secret("credential=c", "", "from systemd");
	check_no_secret("credential=d", "", "No such file");
}

static int make_folder(void **state)
{
	(void)state;
	folder = g_dir_make_tmp("patchmaild-test-XXXXXX", NULL);
	return folder ? 0 : -1;
}

static int remove_folder(void **state)
{
	g_autofree char *command = g_strconcat("rm -r ", folder, NULL);

	(void)state;
	g_free(folder);
	return g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL) ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),       cmocka_unit_test(test_values),
		cmocka_unit_test(test_ports),          cmocka_unit_test(test_mailboxes),
		cmocka_unit_test(test_flags),          cmocka_unit_test(test_wrong_values),
		cmocka_unit_test(test_wrong_together), cmocka_unit_test(test_groups),
		cmocka_unit_test(test_password_file),  cmocka_unit_test(test_password_command),
		cmocka_unit_test(test_credential),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
