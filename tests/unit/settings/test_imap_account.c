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

static key_file *parse(const char *text)
{
	struct key_file_fault fault;
	key_file *file = key_file_parse(text, strlen(text), &fault);

	if (!file)
		fail_msg("%s: %s", text, fault.reason);
	return file;
}

/* The account "a" of a text that is right. */
static struct imap_account *read_right(const char *text)
{
	g_autoptr(key_file) file = parse(text);
	struct imap_account *account;
	struct key_file_fault fault;

	assert_true(imap_account_check(file, &fault));
	account = imap_account_read(file, "a", &fault);
	assert_non_null(account);
	return account;
}

/* What is wrong is said, with its line, by a check of all as by reading the one, and no value is repeated. */
static void check_wrong(const char *text, const char *expected)
{
	g_autoptr(key_file) file = parse(text);
	struct key_file_fault checked, read;

	assert_false(imap_account_check(file, &checked));
	assert_null(imap_account_read(file, "a", &read));
	assert_non_null(strstr(checked.reason, expected));
	assert_string_equal(checked.reason, read.reason);
	assert_int_equal(checked.line, read.line);
	assert_true(checked.line > 0);
	assert_null(strstr(checked.reason, "hidden"));
	key_file_fault_release(&checked);
	key_file_fault_release(&read);
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

/* Names with wildcards are patterns, but for those in quotation marks. */
static void test_patterns(void **state)
{
	static const struct {
		const char *written, *name;
		bool pattern;
	} cases[] = {
		{"Lists.*", "Lists.*", true},      {"%", "%", true},
		{"\"Lists.*\"", "Lists.*", false}, {"'50%'", "50%", false},
		{"\"Lists\"", "Lists", false},     {"Lists", "Lists", false},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *key = g_strdup_printf(NEEDED "list_id=l.example.org\nmailbox=%s\n", cases[i].written);
		g_autofree char *group =
			g_strdup_printf(NEEDED "[mailbox a %s]\nlist_id=l.example.org\n", cases[i].written);
		const char *const texts[] = {key, group};

		for (unsigned n = 0; n < G_N_ELEMENTS(texts); n++) {
			struct imap_account *account = read_right(texts[n]);

			assert_int_equal(account->mailboxes->len, 1);
			assert_string_equal(mailbox_of(account, 0)->name, cases[i].name);
			assert_int_equal(mailbox_of(account, 0)->pattern, cases[i].pattern);
			assert_string_equal(mailbox_of(account, 0)->list_id, "l.example.org");
			imap_account_free(account);
		}
	}
}

static void test_mailboxes(void **state)
{
	/* The list of the first one, in whatever order the keys stand; names with blanks; other accounts' are not
	 * ours. */
	struct imap_account *account = read_right("[mailbox a Other one]\nlist_id=2.example.org\n"
	                                          "[imap a]\nlist_id=1.example.org\nhost=h\nuser=u\npassword_file=/p\n"
	                                          "mailbox=First\n[mailbox ab Not ours]\n[mailbox a Third]\n"
	                                          "[imap ab]\nhost=h\nuser=u\npassword_file=/p\n");

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
	static const char *const right[] = {"\\Flagged", "\\\\Flagged", "\\\\flagged", "$Forwarded", "in.patch-work_2"};
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
		"host=imaps://imap.example.org",
		"host=imap.example.org:993",
		"host=[imap.example.org]",
		"host=two words",
		"port=0",
		"port=65536",
		"port=imap",
		"tls=yes",
		"ca_file=",
		"user=",
		"auth=login",
		"password_file=hidden",
		"credential=a/b",
		"credential=",
		"mailbox=",
		"list_id=",
		"list_id=<l.example.org>",
		"list_id=l@example.org",
		"list_id=l.example.org m.example.org",
		"user='hidden",
		"user=hidden\"",
		"user=\"\"",
		"user=HIDDEN\\\\hidden",
		"mailbox=\\\\Lists",
		"password_file=\"hidden\"",
		"idle=true",
		"idle=Yes",
		"port=993/tcp",
		"after=archive",
		"folder=",
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
		g_autofree char *text = g_strconcat("[imap a]\n", g_str_equal(key, "host") ? "" : "host=h\n",
		                                    g_str_equal(key, "user") ? "" : "user=u\n", lines[i], "\n", NULL);
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
	check_wrong(NEEDED "after=move\nfolder=inbox\n", "[imap a] moves mail into inbox, which it follows");
	check_wrong(NEEDED "after=move\nfolder=INBOX\nmailbox=Inbox\n", "moves mail into INBOX, which it follows");
	check_wrong(NEEDED "after=move\nfolder=L\n[mailbox a M]\n[mailbox a L]\n",
	            "moves mail into L, which it follows");
	check_wrong(NEEDED "after=flag\n", "[imap a] needs a flag for after=flag");
	check_wrong(NEEDED "password=hidden\n", "unknown key password in [imap a]");
	check_wrong(NEEDED "[mailbox a M]\nafter=seen\n", "unknown key after in [mailbox a M]");
	check_wrong(NEEDED "[mailbox a M]\nlist_id=\n", "list_id in [mailbox a M] has to be");
}

static void test_groups(void **state)
{
	g_autoptr(key_file) blank = parse("[imap two words]\nhost=h\nuser=u\npassword_file=/p\n");
	g_autoptr(key_file) nothing = parse("[database]\n");
	struct key_file_fault fault;

	(void)state;
	assert_true(imap_account_has_group("imap a"));
	assert_true(imap_account_has_group("mailbox a b"));
	assert_false(imap_account_has_group("imap"));
	assert_false(imap_account_has_group("imap "));
	assert_false(imap_account_has_group("mailbox"));
	assert_false(imap_account_has_group("imapa"));
	assert_false(imap_account_check(blank, &fault));
	assert_non_null(strstr(fault.reason, "a blank in it"));
	key_file_fault_release(&fault);
	assert_true(imap_account_check(nothing, &fault));
	assert_null(imap_account_read(nothing, "a", &fault));
	assert_string_equal(fault.reason, "there is no [imap a]");
	assert_int_equal(fault.line, 0);
	key_file_fault_release(&fault);
}

/* A fault that is of no account. */
static void check_stray(const char *text, const char *expected, unsigned line)
{
	g_autoptr(key_file) file = parse(text);
	struct key_file_fault fault;

	assert_false(imap_account_check(file, &fault));
	assert_non_null(strstr(fault.reason, expected));
	assert_int_equal(fault.line, line);
	key_file_fault_release(&fault);
}

static void test_stray_mailboxes(void **state)
{
	(void)state;
	check_stray(NEEDED "[mailbox b M]\n", "[mailbox b M] is of an account that is not there: [imap b]", 5);
	check_stray(NEEDED "[mailbox a]\n", "[mailbox a] has to be [mailbox ACCOUNT NAME]", 5);
	check_wrong(NEEDED "[mailbox a  M]\n", "odd quotes or two blanks around the name of a mailbox");
	check_wrong(NEEDED "[mailbox a \"M]\n", "odd quotes or two blanks around the name of a mailbox");
	check_wrong(NEEDED "mailbox=M\n[mailbox a \"M\"]\n", "[mailbox a \"M\"] is followed already");
	check_wrong(NEEDED "mailbox=M\n[mailbox a M]\n", "[mailbox a M] is followed already");
	check_wrong(NEEDED "mailbox=inbox\n[mailbox a INBOX]\n", "[mailbox a INBOX] is followed already");
}

/* Texts are what is written. */
static void test_raw_values(void **state)
{
	struct imap_account *account =
		read_right("[imap a]\nhost=h\nuser=CORP\\tom\npassword_file=/etc/my\\sfile\nafter=move\n"
	                   "folder=\" taken #1 \"\nmailbox=[Gmail]/All Mail\n"
	                   "[mailbox a [Gmail]/Sent [1]]\n[mailbox a #lists]\nlist_id='l.example.org'\n");

	(void)state;
	assert_string_equal(account->user, "CORP\\tom");
	assert_string_equal(account->password_file, "/etc/my\\sfile");
	assert_string_equal(account->folder, " taken #1 ");
	assert_string_equal(mailbox_of(account, 0)->name, "[Gmail]/All Mail");
	assert_string_equal(mailbox_of(account, 1)->name, "[Gmail]/Sent [1]");
	assert_string_equal(mailbox_of(account, 2)->name, "#lists");
	assert_string_equal(mailbox_of(account, 2)->list_id, "l.example.org");
	imap_account_free(account);
}

static void test_hosts(void **state)
{
	static const char *const hosts[][2] = {
		{"Imap.Example.ORG", "imap.example.org"},
		{"imap.example.org.", "imap.example.org"},
		{"[::1]", "::1"},
		{"::1", "::1"},
		{"fe80::1%eth0", "fe80::1%eth0"},
		{"[127.0.0.1]", "127.0.0.1"},
		{"127.1", "127.0.0.1"},
		{"B\xc3\xbc"
	         "cher.example.org",
	         "xn--bcher-kva.example.org"},
		{"xn--bcher-kva.example.org", "xn--bcher-kva.example.org"},
		{"\"h\"", "h"},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(hosts); i++) {
		g_autofree char *text = g_strdup_printf("[imap a]\nhost=%s\nuser=u\npassword_file=/p\n", hosts[i][0]);
		struct imap_account *account = read_right(text);

		assert_string_equal(account->host, hosts[i][1]);
		imap_account_free(account);
	}
}

static void test_without_secret(void **state)
{
	g_autofree char *reason = NULL, *secret = NULL;
	struct imap_account *account = read_right("[imap a]\nhost=h\nauth=anonymous\n");

	(void)state;
	assert_int_equal(account->auth, IMAP_AUTH_ANONYMOUS);
	assert_null(account->user);
	secret = imap_account_secret(account, -1, &reason);
	assert_string_equal(secret, "");
	imap_account_free(account);
	account = read_right("[imap a]\nhost=h\nauth=preauth\ntls=none\n");
	assert_int_equal(account->auth, IMAP_AUTH_PREAUTH);
	imap_account_free(account);
	check_wrong("[imap a]\nhost=h\nauth=anonymous\nuser=hidden\n", "has a user or a secret");
	check_wrong("[imap a]\nhost=h\nauth=preauth\npassword_file=/hidden\n", "has a user or a secret");
	check_wrong("[imap a]\nauth=anonymous\n", "needs a host");
	check_wrong("[imap a]\nhost=h\nauth=preauth\ntls=starttls\n", "too late for tls=starttls");
}

static void test_suggestions(void **state)
{
	(void)state;
	check_wrong(NEEDED "pasword_file=hidden\n", "unknown key pasword_file in [imap a]: perhaps password_file");
	check_wrong(NEEDED "Port=993\n", "unknown key Port in [imap a]: perhaps port");
	check_wrong(NEEDED "[mailbox a M]\nlistid=hidden\n", "unknown key listid in [mailbox a M]: perhaps list_id");
	check_wrong(NEEDED "poll_interval=5m\n", "seconds from 1 to 86400 (without a unit)");
	check_wrong(NEEDED "poll_interval=5 m\n", "(without a unit)");
}

/* The secret ------------------------------------------------------------------------------------------------------- */

static char *folder; /* of this test alone */
static int call = -1;

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
	secret = imap_account_secret(account, call, ret_reason);
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
	check_no_secret("password_file=%s", "large", "it is longer than 16384 bytes");
	check_no_secret("password_file=%s", "nowhere", "No such file");
	check_no_secret("password_file=%s/", "", "cannot be read");
}

static void test_password_command(void **state)
{
	(void)state;
	write_secret("script", "#!/bin/sh\necho \"$1-$#\"\necho more\n", 33, 0700);
	check_secret("password_command=%s 'a  b' c", "script", "a  b-2");
	write_secret("failing", "#!/bin/sh\necho hidden\nexit 1\n", 29, 0700);
	check_no_secret("password_command=%s", "failing", "failing: it failed with exit status 1");
	write_secret("killed", "#!/bin/sh\necho hidden\nkill -9 $$\n", 34, 0700);
	check_no_secret("password_command=%s", "killed", "it was killed by signal 9");
	write_secret("endless", "#!/bin/sh\nexec yes hidden\n", 26, 0700);
	check_no_secret("password_command=%s", "endless", "it is longer than 16384 bytes");
	write_secret("silent", "#!/bin/sh\n", 10, 0700);
	check_no_secret("password_command=%s", "silent", "the secret is empty");
	check_no_secret("password_command=%s", "absent", "No such file");
}

static void write_script(const char *name, const char *body)
{
	g_autofree char *text = g_strconcat("#!/bin/sh\n", body, "\n", NULL);

	write_secret(name, text, strlen(text), 0700);
}

static double seconds_since(int64_t start)
{
	return (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
}

/* Whatever a command leaves behind, its secret is there when it has ended. */
static void test_command_with_children(void **state)
{
	int64_t start = g_get_monotonic_time();

	(void)state;
	write_script("agent", "echo secret; sleep 20 &");
	check_secret("password_command=%s", "agent", "secret");
	write_script("late", "exec 3>&1 >&-; sleep 0.2; echo late >&3");
	check_secret("password_command=%s", "late", "late");
	write_script("closing", "echo early; exec >&-; sleep 0.3");
	check_secret("password_command=%s", "closing", "early");
	write_script("refusing", "echo hidden; exec >&-; sleep 0.3; exit 4");
	check_no_secret("password_command=%s", "refusing", "it failed with exit status 4");
	assert_true(seconds_since(start) < 5);
}

static void *call_thread(void *data)
{
	int *ends = data;

	g_usleep(G_USEC_PER_SEC / 4);
	assert_int_equal(write(ends[1], "", 1), 1);
	return NULL;
}

/* Somebody calls us away while that one waits. */
static void check_called(const char *format, const char *name)
{
	int64_t start = g_get_monotonic_time();
	int ends[2];
	GThread *thread;

	assert_int_equal(pipe(ends), 0);
	call = ends[0];
	thread = g_thread_new("call", call_thread, ends);
	check_no_secret(format, name, "the service was told to do something else");
	g_thread_join(thread);
	assert_true(seconds_since(start) < 5);
	call = -1;
	close(ends[0]);
	close(ends[1]);
}

static void test_call(void **state)
{
	g_autofree char *fifo = path_of("fifo");

	(void)state;
	write_script("waiting", "sleep 20");
	check_called("password_command=%s", "waiting");
	write_script("mute", "exec >&-; sleep 20");
	check_called("password_command=%s", "mute");
	assert_int_equal(mkfifo(fifo, 0600), 0);
	check_called("password_file=%s", "fifo");
}

static void test_no_text(void **state)
{
	(void)state;
	/* UTF-16, as some editors write it. */
	write_secret("wide", "h\0i\0d\0\n\0", 8, 0600);
	check_no_secret("password_file=%s", "wide", "there is a NUL in the secret");
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
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_ports),
		cmocka_unit_test(test_mailboxes),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_wrong_values),
		cmocka_unit_test(test_wrong_together),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_password_file),
		cmocka_unit_test(test_password_command),
		cmocka_unit_test(test_credential),
		cmocka_unit_test(test_stray_mailboxes),
		cmocka_unit_test(test_raw_values),
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_without_secret),
		cmocka_unit_test(test_suggestions),
		cmocka_unit_test(test_command_with_children),
		cmocka_unit_test(test_call),
		cmocka_unit_test(test_no_text),
		cmocka_unit_test(test_patterns),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
