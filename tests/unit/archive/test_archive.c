/* test_archive.c - files, folders and tars: what they are, what they give, and where a later visit goes on. */
#include <errno.h>
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

#include "visits.h"

#define ANEW(path) "anew " path ": it is another file, or what was read of it has changed\n"

static void write_mail(const char *name, const char *subject)
{
	g_autofree char *text = visits_mail(subject);

	visits_write(name, text);
}

static void write_mbox(const char *name, const char *one, const char *two, const char *three)
{
	g_autofree char *text = visits_mbox(one, two, three, NULL);

	visits_write(name, text);
}

/* A visit that is stopped after each mail and goes on later gives the same. */
static void check_pieces(const char *name, const char *kind, const char *mails, unsigned most)
{
	struct visits *visits = visits_new();
	g_autoptr(GString) all = g_string_new(NULL);

	visits->most = most;
	for (unsigned i = 0; i < 50; i++) {
		g_autofree char *found = visits_look(visits, name);

		assert_string_equal(found, kind);
		assert_string_equal(visits->problems->str, "");
		if (visits->mails->len > 0)
			g_string_append_printf(all, "%s%s", all->len ? " " : "", visits->mails->str);
	}
	assert_string_equal(all->str, mails);
	visits_free(visits);
}

static void check_once(const char *name, const char *kind, const char *mails)
{
	struct visits *visits = visits_new();

	visits_check(visits, name, kind, mails, "");
	visits_free(visits);
	for (unsigned most = 1; most <= 3; most++)
		check_pieces(name, kind, mails, most);
}

/* Nothing is taken for mail that is none, and the file is named. */
static void check_none(const char *name, const char *reason)
{
	struct visits *visits = visits_new();
	g_autofree char *found = visits_look(visits, name);
	g_autofree char *prefix = g_strdup_printf("%s/", visits_root);
	g_auto(GStrv) parts = g_strsplit(found, prefix, -1);
	g_autofree char *text = g_strjoinv("", parts);

	assert_string_equal(text, reason);
	assert_string_equal(visits->mails->str, "");
	assert_string_equal(visits->problems->str, "");
	visits_free(visits);
}

/* Files ------------------------------------------------------------------------------------------------------ */

static void test_files(void **state)
{
	(void)state;
	write_mbox("mbox", "a", "b", "c");
	write_mail("mail", "alone");
	visits_write("empty", "");
	check_once("mbox", "an mbox", "a b c");
	check_once("empty", "an empty file", "");
	struct visits *visits = visits_new();
	visits_check(visits, "mail", "one mail", "alone", "");
	visits_free(visits);
}

static void test_compressed(void **state)
{
	static const char *const programs[] = {"gzip", "xz", "zstd", "bzip2"};

	(void)state;
	write_mbox("mbox", "a", "b", "c");
	write_mbox("more", "d", "e", "f");
	visits_write("empty", "");
	for (size_t i = 0; i < G_N_ELEMENTS(programs); i++) {
		g_autofree char *command =
			g_strdup_printf("%s -c <mbox >one; cp one two; %s -c <more >>two; %s -c <empty >none",
		                        programs[i], programs[i], programs[i]);
		g_autofree char *kind = g_strdup_printf("an mbox (%s)", programs[i]);
		g_autofree char *none = g_strdup_printf("an empty file (%s)", programs[i]);

		visits_run(command);
		check_once("one", kind, "a b c");
		check_once("two", kind, "a b c d e f");
		check_once("none", none, "");
	}
}

/* Mails that do not shrink much, with the numbers from 1 as subjects. */
static void write_many(const char *name, unsigned count)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (unsigned i = 1; i <= count; i++) {
		g_autofree char *number = g_strdup_printf("%u", i);
		g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_MD5, number, -1);

		g_string_append_printf(text, VISITS_SEPARATOR "From: a@example.org\nSubject: %u\n\n%s\n\n", i, digest);
	}
	visits_write(name, text->str);
}

/* Whole mails are given, and that it breaks off is reported. */
static void test_torn(void **state)
{
	static const char *const programs[] = {"gzip -n", "xz", "zstd -q", "bzip2 -1"};

	(void)state;
	write_many("mbox", 4000);
	for (size_t i = 0; i < G_N_ELEMENTS(programs); i++) {
		g_autofree char *command = g_strdup_printf(
			"%s -c <mbox >whole; head -c $(($(stat -c %%s whole) * 2 / 3)) whole >torn", programs[i]);
		struct visits *visits = visits_new();
		g_autofree char *kind = NULL;

		visits_run(command);
		kind = visits_look(visits, "torn");
		assert_true(g_str_has_prefix(kind, "an mbox ("));
		assert_true(visits->given > 100 && visits->given < 4000);
		assert_true(g_str_has_prefix(visits->mails->str, "1 2 3 4 5 "));
		assert_true(g_str_has_prefix(visits->problems->str, "torn: "));
		assert_non_null(strstr(visits->problems->str, "breaks off"));
		visits_free(visits);
	}
}

/* A bit that was turned is noticed by the checksum, and what follows a stream is. */
static void test_damaged(void **state)
{
	(void)state;
	write_mbox("mbox", "a", "b", "c");
	visits_run("gzip -n1c mbox >damaged; printf x | dd of=damaged bs=1 seek=$(($(stat -c %s damaged) - 8)) "
	           "conv=notrunc 2>dd.log");
	check_none("damaged", "damaged: its gzip data is damaged: incorrect data check");
	visits_run("gzip -c mbox >more; echo more >>more");
	check_none("more", "more: something else follows the gzip data");
	visits_run("gzip -c mbox >zeros; head -c 3000 /dev/zero >>zeros");
	check_once("zeros", "an mbox (gzip)", "a b c");
	visits_run("bzip2 -c mbox >more; echo more >>more");
	check_none("more", "more: something else follows the compressed data");
	visits_run("gzip -c mbox | gzip -c >twice");
	check_none("twice", "twice: is compressed twice; uncompress it");
}

/* It ends early, in the mail that would grow without end, which is not given. */
static void test_bomb(void **state)
{
	struct visits *visits = visits_new();

	(void)state;
	visits_run("{ printf '" VISITS_SEPARATOR "Subject: first\\n\\n\\n" VISITS_SEPARATOR "Subject: bomb\\n\\n'; "
	           "head -c 60000000 /dev/zero; } | gzip >bomb");
	visits_check(visits, "bomb", "an mbox (gzip)", "first",
	             "bomb: becomes more than 250 times as large when it is uncompressed\n");
	visits_free(visits);
	visits_run("head -c 60000000 /dev/zero | gzip >zeros");
	check_none("zeros", "zeros: is no mail, but binary data");
}

static void test_growing(void **state)
{
	struct visits *visits = visits_new();
	g_autofree char *more = visits_mbox("d", NULL);

	(void)state;
	write_mbox("mbox", "a", "b", "c");
	visits_check(visits, "mbox", "an mbox", "a b c", "");
	visits_check(visits, "mbox", "an mbox", "", "");
	visits_append("mbox", more);
	visits_check(visits, "mbox", "an mbox", "d", "");
	/* The last one is not complete: it is given again when it is. */
	visits_append("mbox", VISITS_SEPARATOR "Subject: e\n\nbod");
	visits_check(visits, "mbox", "an mbox", "e", "");
	visits_check(visits, "mbox", "an mbox", "", "");
	visits_append("mbox", "y\n\n");
	visits_append("mbox", more);
	visits_check(visits, "mbox", "an mbox", "e d", "");
	visits_check(visits, "mbox", "an mbox", "", "");
	visits_free(visits);
}

/* Whatever differs before the mark is noticed, and so is a file that is shorter. */
static void test_changed(void **state)
{
	struct visits *visits = visits_new();

	(void)state;
	write_mbox("mbox", "a", "b", "c");
	visits_check(visits, "mbox", "an mbox", "a b c", "");
	write_mbox("mbox", "x", "b", "c");
	visits_check(visits, "mbox", "an mbox", "x b c", ANEW("mbox"));
	write_mbox("mbox", "x", "b", NULL);
	visits_check(visits, "mbox", "an mbox", "x b", ANEW("mbox"));
	visits_check(visits, "mbox", "an mbox", "", "");
	visits_run("gzip mbox; mv mbox.gz mbox");
	visits_check(visits, "mbox", "an mbox (gzip)", "", "");
	visits_free(visits);
}

static void test_none(void **state)
{
	(void)state;
	visits_write("text", "no mail\n");
	check_none("text", "text: is no mail: it does not begin with header fields");
	visits_write("prose", "From here on it is prose.\nMore of it.\n");
	check_none("prose", "prose: begins with \"From \", but no mail follows that line");
	check_none("missing", "missing: cannot be read: No such file or directory");
	visits_run("mkdir odd && printf 'no\\n' >\"odd/$(printf 'a\\nb\\033c')\"");
	check_none("odd", "odd/a\nb\033c is no mail: it does not begin with header fields");
}

/* Folders ---------------------------------------------------------------------------------------------------- */

static void test_folder(void **state)
{
	(void)state;
	write_mail("mh/1", "1");
	write_mail("mh/10", "10");
	write_mail("mh/9", "9");
	write_mail("mh/,8", "deleted");
	write_mail("mh/#7", "deleted");
	write_mail("mh/.hidden", "hidden");
	visits_run("printf 'Subject: odd\\n\\nx\\n' >\"mh/$(printf 'z\\351 %%41\\nz')\"");
	visits_write("mh/.mh_sequences", "cur: 1\n");
	write_mail("mh/inner/1", "inner");
	write_mbox("mh/inner/2", "a", "b", "c");
	visits_run("cd mh && gzip -k 1 && ln -s 1 link && mkdir -p .dot/x && echo no >.dot/x/y && mkdir empty");
	check_once("mh", "a folder of mails", "1 1 9 10 odd inner a b c");
	visits_make_folder("nothing");
	check_once("nothing", "an empty folder", "");
}

static void test_odd_folder(void **state)
{
	(void)state;
	write_mail("mh/1", "1");
	visits_run("cd mh && mkfifo pipe && ln -s /etc/passwd out && ln -s nowhere dangling && echo a >a && echo b >b");
	check_none("mh",
	           "mh/a is no mail: it does not begin with header fields; mh/b is no mail: it does not begin with "
	           "header fields; mh/dangling is a link that leads nowhere; and 2 more like these");
	visits_run("rm mh/a mh/b mh/dangling");
	check_none("mh", "mh/out is a link out of the folder; name what it leads to; mh/pipe is no file");
	visits_run("rm mh/out mh/pipe; git init -q mh/inner");
	check_none("mh", "mh/inner is a git repository; name it if it is a public-inbox");
}

static void test_maildir(void **state)
{
	(void)state;
	visits_run("for f in M M/.Sub M/.Sub.Deep M/plain/Inner; do mkdir -p $f/new $f/cur $f/tmp; done");
	write_mail("M/new/1700000003.a", "3");
	write_mail("M/cur/1700000001.b:2,S", "1");
	write_mail("M/new/900000000.c", "0");
	visits_write("M/cur/1700000002.d:2,", "no mail");
	write_mail("M/tmp/1700000000.e", "unfinished");
	write_mail("M/cur/.hidden", "hidden");
	write_mail("M/.Sub/new/1", "sub");
	write_mail("M/.Sub.Deep/cur/1", "deep");
	write_mail("M/plain/Inner/cur/1", "inner");
	visits_write("M/dovecot-uidlist", "3 V1 N2\n");
	visits_write("M/subscriptions", "Sub\n");
	visits_write("M/.Sub/maildirfolder", "");
	visits_write("M/sieve/script", "keep;\n");
	check_once("M", "a Maildir with 3 subfolders", "0 1 no mail 3 sub deep inner");
	visits_run("mkdir all && mv M all/one && cp -r all/one all/two");
	check_once("all", "a folder with 8 Maildirs", "0 1 no mail 3 sub deep inner 0 1 no mail 3 sub deep inner");
}

/* New files come, wherever their names stand; those that were given do not come again. */
static void test_growing_folder(void **state)
{
	struct visits *visits = visits_new();

	(void)state;
	write_mail("mh/2", "2");
	write_mail("mh/4", "4");
	write_mbox("mh/m", "a", "b", NULL);
	visits_check(visits, "mh", "a folder of mails", "2 4 a b", "");
	visits_check(visits, "mh", "a folder of mails", "", "");
	g_usleep(20000);
	write_mail("mh/1", "1");
	write_mail("mh/3", "3");
	write_mail("mh/5", "5");
	write_mbox("mh/m", "a", "b", "c");
	visits_check(visits, "mh", "a folder of mails", "1 3 5 c", "");
	visits_check(visits, "mh", "a folder of mails", "", "");
	/* Some go. */
	visits_run("rm mh/1 mh/4");
	visits_check(visits, "mh", "a folder of mails", "", "");
	visits_free(visits);
}

/* A visit that ends in the middle, and files that come before where it was. */
static void test_interrupted_folder(void **state)
{
	struct visits *visits = visits_new();

	(void)state;
	write_mail("mh/2", "2");
	g_usleep(20000);
	write_mail("mh/4", "4");
	g_usleep(20000);
	write_mail("mh/6", "6");
	visits->most = 2;
	visits_check(visits, "mh", "a folder of mails", "2 4", "");
	g_usleep(20000);
	write_mail("mh/1", "1");
	write_mail("mh/3", "3");
	visits->most = 1;
	visits_check(visits, "mh", "a folder of mails", "1", "");
	visits->most = 0;
	g_free(visits_look(visits, "mh"));
	assert_non_null(strstr(visits->mails->str, "3"));
	assert_non_null(strstr(visits->mails->str, "6"));
	visits_check(visits, "mh", "a folder of mails", "", "");
	visits_free(visits);
}

/* The clock was set back: a file that came later looks older. */
static void test_older_files(void **state)
{
	struct visits *visits = visits_new();
	g_autofree char *place = visits_path("mh");
	const char *mark;

	(void)state;
	write_mail("mh/1", "1");
	write_mail("mh/2", "2");
	visits_check(visits, "mh", "a folder of mails", "1 2", "");
	mark = g_hash_table_lookup(visits->marks, place);
	assert_non_null(mark);
	g_hash_table_insert(visits->marks, g_strdup(place), g_strdup("9000000000000000000 1 1 2"));
	visits_check(visits, "mh", "a folder of mails", "1 2",
	             "anew mh: files came into it that are older than what was read of it\n");
	g_hash_table_insert(visits->marks, g_strdup(place), g_strdup("nonsense"));
	visits_check(visits, "mh", "a folder of mails", "1 2",
	             "anew mh: files came into it that are older than what was read of it\n");
	visits_free(visits);
}

/* Tars ------------------------------------------------------------------------------------------------------- */

static void test_tar(void **state)
{
	(void)state;
	write_mbox("list/2025-March.txt", "a", "b", "c");
	write_mail("list/mail", "alone");
	visits_run("gzip -k list/2025-March.txt; ln -s mail list/link; ln list/mail list/zlink");
	visits_run("tar cf tar list/2025-March.txt list/mail list/2025-March.txt.gz list/link list/zlink");
	check_once("tar", "a tar", "a b c alone a b c");
	visits_run("xz -k tar; gzip -k tar; zstd -q tar; bzip2 tar");
	check_once("tar.xz", "a tar (xz)", "a b c alone a b c");
	check_once("tar.gz", "a tar (gzip)", "a b c alone a b c");
	check_once("tar.zst", "a tar (zstd)", "a b c alone a b c");
	check_once("tar.bz2", "a tar (bzip2)", "a b c alone a b c");
	visits_run("tar cf none -T /dev/null");
	check_once("none", "a tar", "");
}

static void test_tar_maildir(void **state)
{
	(void)state;
	visits_run("for f in M M/.Sub; do mkdir -p $f/new $f/cur $f/tmp; done");
	write_mail("M/new/1", "1");
	visits_write("M/cur/2", "no mail");
	write_mail("M/tmp/3", "unfinished");
	write_mail("M/.Sub/cur/4", "4");
	visits_write("M/dovecot-uidlist", "3 V1 N2\n");
	visits_run("tar cf tar --sort=name M");
	check_once("tar", "a tar", "4 no mail 1");
}

static void test_growing_tar(void **state)
{
	struct visits *visits = visits_new();

	(void)state;
	write_mbox("one", "a", "b", NULL);
	write_mail("two", "2");
	visits_run("tar cf tar one");
	visits_check(visits, "tar", "a tar", "a b", "");
	visits_run("tar rf tar two");
	visits_check(visits, "tar", "a tar", "2", "");
	visits_check(visits, "tar", "a tar", "", "");
	write_mbox("one", "a", "x", NULL);
	visits_run("tar cf tar one two");
	visits_check(visits, "tar", "a tar", "a x 2", ANEW("tar"));
	visits_run("tar cf tar two");
	visits_check(visits, "tar", "a tar", "2", ANEW("tar"));
	visits_free(visits);
}

static void test_hostile_tar(void **state)
{
	(void)state;
	write_mail("mail", "1");
	visits_run("mkdir in && cd in && tar cPf ../tar --transform 's|^|../../|' ../mail");
	check_once("tar", "a tar", "1");
	visits_run("tar cPf tar --transform 's|^|/etc/|' mail");
	check_once("tar", "a tar", "1");
	visits_run("mkfifo pipe && tar cf tar pipe mail");
	check_none("tar", "tar:pipe is a device or a pipe");
	visits_run("tar cf inner mail && tar cf tar inner");
	check_none("tar", "tar:inner is a tar in a tar; unpack it");
	visits_run("echo no >no && tar cf tar mail no");
	check_none("tar", "tar:no is no mail: it does not begin with header fields");
	/* A member that claims to be a gigabyte of zeros after a mail's header. */
	visits_run("cp mail sparse && truncate -s 1G sparse && tar cSf tar sparse");
	check_none("tar", "tar: has a sparse member: it becomes more than 250 times as large");
	visits_run("tar cf whole mail mail mail && head -c 1300 whole >tar");
	check_none("tar", "tar: the tar breaks off or is damaged: Truncated tar archive");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, visits_make_root, visits_remove_root)
	const struct CMUnitTest tests[] = {
		TEST(test_files),
		TEST(test_compressed),
		TEST(test_torn),
		TEST(test_damaged),
		TEST(test_bomb),
		TEST(test_growing),
		TEST(test_changed),
		TEST(test_none),
		TEST(test_folder),
		TEST(test_odd_folder),
		TEST(test_maildir),
		TEST(test_growing_folder),
		TEST(test_interrupted_folder),
		TEST(test_older_files),
		TEST(test_tar),
		TEST(test_tar_maildir),
		TEST(test_growing_tar),
		TEST(test_hostile_tar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
