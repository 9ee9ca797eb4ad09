/* test_diff.c - diff.c: what of a text is diff, fed at once and byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>

#include "patch/diff.h"

/* A case is written as one text; every line has a mark in front: 'c' for prose, 'd' for diff. */
static const struct {
	const char *name;
	const char *marked;
} cases[] = {
	{"nothing", ""},
	{"prose", "cfirst\nc\ncsecond\n"},
	{"git", "cSwitch the lamp on.\nc---\nc lamp.c | 2 +-\nc\n"
                "ddiff --git a/lamp.c b/lamp.c\ndindex 1234567..89abcde 100644\nd--- a/lamp.c\nd+++ b/lamp.c\n"
                "d@@ -1,3 +1,3 @@ int lamp;\nd x\nd-off\nd+on\nd y\nc-- \nc2.39.0\n"},
	{"plain", "c--\nd--- lamp.c.orig\nd+++ lamp.c\nd@@ -1 +1 @@\nd-off\nd+on\nc\nctail\n"},
	{"cvs", "cx\ndIndex: lamp.c\nd=====\ndRCS file: /cvs/lamp.c,v\ndretrieving revision 1.3\n"
                "ddiff -u -p -r1.3 lamp.c\nd--- lamp.c\t1.3\nd+++ lamp.c\t1.4\nd@@ -1 +1 @@\nd-off\nd+on\n"},
	{"svn",
         "dIndex: lamp.c\nd=====\nd--- lamp.c\t(revision 1)\nd+++ lamp.c\t(working copy)\nd@@ -1 +1 @@\nd-off\nd+on\n"},
	{"two files", "ddiff --git a/x b/x\nd--- a/x\nd+++ b/x\nd@@ -1 +1 @@\nd-1\nd+2\n"
                      "ddiff --git a/y b/y\ndindex 1..2\nd--- a/y\nd+++ b/y\nd@@ -1 +1 @@\nd-1\nd+2\nc-- \n"},
	{"two hunks", "d--- a/x\nd+++ b/x\nd@@ -1 +1 @@\nd-1\nd+2\nd@@ -9,2 +9 @@\nd-3\nd 4\nc@@ not a hunk\n"},
	{"prose between files that begin", "d--- a/x\nd+++ b/x\nd@@ -1 +1 @@\nd-1\nd+2\ndand also\nd\n"
                                           "d--- a/y\nd+++ b/y\nd@@ -1 +1 @@\nd-1\nd+2\n"},
	{"prose after it all", "d--- a/x\nd+++ b/x\nd@@ -1 +1 @@\nd-1\nd+2\nc\ncdiff of opinion\ncbye\n"},
	{"counts rule, not marks", "d--- a/x\nd+++ b/x\nd@@ -1,4 +1,4 @@\nd 1\nd\nd2\nd-3\nd+4\ncend\n"},
	{"no newline at the end", "d--- a/x\nd+++ b/x\nd@@ -1 +1 @@\nd-1\nd\\ No newline at end of file\nd+2\n"
                                  "d\\ No newline at end of file\ncend\n"},
	{"hunk that is too short before a rename",
         "d--- a/x\nd+++ b/x\nd@@ -1,2 +1,2 @@\nd-1\nd+2\nddiff --git a/y b/z\n"
         "dsimilarity index 100%\ndrename from y\ndrename to z\nc-- \nc2.35.3\n"},
	{"hunk cut off", "d--- a/x\nd+++ b/x\nd@@ -1,5 +1,5 @@\nd 1\nd-2\nd"},
	{"hunk of no lines takes one", "d--- a/x\nd+++ b/x\nd@@ -0,0 +0,0 @@\ndx\ncy\n"},
	{"counts over all limits", "d--- a/x\nd+++ b/x\nd@@ -1,99999999999999999999 +1 @@\nd-1\ndtext\nd"},
	{"rename only",
         "cmove\nc\nddiff --git a/x b/y\ndsimilarity index 100%\ndrename from x\ndrename to y\nc-- \nc2.39.0\n"},
	{"rename at the end of the text", "ddiff --git a/x b/y\ndrename from x\ndrename to y"},
	{"rename and a hunk",
         "ddiff --git a/x b/y\ndsimilarity index 90%\ndrename from x\ndrename to y\nd@@ -1 +1 @@\nd-1\nd+2\nc\n"},
	{"two renames",
         "ddiff --git a/x b/y\ndrename from x\ndrename to y\nddiff --git a/v b/w\ndcopy from v\ndcopy to w\nc\n"},
	{"mode change", "ddiff --git a/x b/x\ndold mode 100644\ndnew mode 100755\nc\n"},
	{"empty new file", "ddiff --git a/x b/x\ndnew file mode 100644\ndindex 0000000..e69de29\nc\n"},
	{"empty deleted file after a hunk",
         "ddiff --git a/x b/x\nd--- a/x\nd+++ b/x\nd@@ -1 +1 @@\nd-1\nd+2\n"
         "ddiff --git a/y b/y\nddeleted file mode 100644\ndindex e69de29..0000000\nc-- \n"},
	{"binary", "ddiff --git a/x b/x\ndindex 1..2 100644\ndGIT binary patch\ndliteral 1\ndIcmZQz\nd\ndliteral "
                   "0\ndHcmV?d00001\nd\nc-- \n"
                   "c2.39.0\nc"},
	{"binary without its other half",
         "ddiff --git a/x b/x\ndindex 1..2\ndGIT binary patch\nddelta 8\ndIcmZQz!#$%&()*+-\nd\nc\ncbye\n"},
	{"binary without index, then a file",
         "ddiff --git a/x b/x\ndGIT binary patch\ndliteral 1\ndIcmZQz\nd\ndliteral 1\ndIcmZQz\nd\n"
         "d--- a/y\nd+++ b/y\nd@@ -1 +1 @@\nd-1\nd+2\nc\n"},
	{"binary patch, and lines that do not belong to it",
         "ddiff --git a/x b/x\ndindex 1..2\ndGIT binary patch\ndliteral 1\ndIcmZQz\nctwo words\ncIcmZQ\n"},
	{"binary at the end of the text gets its empty line",
         "ddiff --git a/x b/x\ndindex 1..2\ndGIT binary patch\ndliteral 1\ndIcmZQz\nd"},
	{"binary and text", "ddiff --git a/x b/x\ndindex 1..2 100644\ndGIT binary patch\ndliteral "
                            "1\ndIcmZQz\nd\ndliteral 0\ndHcmV?d00001\n"
                            "d\nddiff --git a/y b/y\ndnew file mode 100644\ndindex 0..1\nd--- /dev/null\nd+++ b/y\n"
                            "d@@ -0,0 +1 @@\nd+1\nc\n"},
	{"binary files differ", "ddiff --git a/x b/x\ndindex 1..2 100644\ncBinary files a/x and b/x differ\nc\n"},
	{"git's words without diff", "cindex 1..2\ncrename from x\ncGIT binary patch\nc+++ x\nc@@ -1 +1 @@\nc\n"},
	{"old name without new", "c--- a/x\nctext\nc+++ b/x\nc@@ -1 +1 @@\nc\n"},
	{"new name without hunk", "c--- a/x\nc+++ b/x\nctext\nc@@ -1 +1 @@\nc\n"},
	{"header without old name", "cdiff --git a/x b/x\nc+++ b/x\nc@@ -1 +1 @@\nc-1\nc+2\nc\n"},
	{"header torn by a wrapped line",
         "ddiff --git\nda/x b/x\ndindex 1..2\nd--- a/x\nd+++ b/x\nd@@ -1 +1 @@\nd-1\nd+2\nc\n"},
	{"extended header and half a file", "ddiff --git a/x b/x\ndindex 1..2\nd--- a/x\nc+++ b/x\nctext\nc\n"},
	{"torn file after a hunk is prose",
         "d--- a/x\nd+++ b/x\nd@@ -1 +1 @@\nd-1\nd+2\ncdiff --git\nca/y b/y\ncindex 1..2\nc---\nca/y\nc\n"},
	{"extended header after a hunk, of no file",
         "d--- a/x\nd+++ b/x\nd@@ -1 +1 @@\nd-1\nd+2\ncrename from v\ncrename to w\nc\n"},
	{"old name alone after a hunk", "d--- a/x\nd+++ b/x\nd@@ -1 +1 @@\nd-1\nd+2\nc--- a/y\nctext\nc\n"},
	{"new file name at once", "d--- a/x\nd+++ b/x\nd--- a/y\nd+++ b/y\nd@@ -1 +1 @@\nd-1\nd+2\nc\n"},
	{"odd hunk headers",
         "c--- a/x\nc+++ b/x\nc@@ -1 +1\nc@@ -,1 +1 @@\nc@@ +1 -1 @@\nc@@ -1, +1 @@\nc@@-1 +1 @@\nc\n"},
	{"combined diff",
         "cx\nddiff --cc x\ndindex 1,2..3\nd--- a/x\nd+++ b/x\nd@@@ -1,2 -1,2 +1,3 @@@ int x;\nd  0\nd- 1\n"
         "d -2\nd +3\nd++4\nc-- \nc2.39.0\n"},
	{"combined diff of three, two hunks, and a plain one after it",
         "ddiff --combined x\ndindex 1,2,3..4\ndmode 100644,100644,100644..100755\nd--- a/x\nd+++ b/x\n"
         "d@@@@ -1 -1 -1 +1 @@@@\nd---1\nd+++2\nd@@@@ -9,0 -9 -9,0 +9,2 @@@@\nd++ 3\nd+++4\n"
         "ddiff --git a/y b/y\nd--- a/y\nd+++ b/y\nd@@ -1 +1 @@\nd-1\nd+2\nc\n"},
	{"combined diff without a newline at its end", "ddiff --cc x\ndindex 1,2..3\nd--- a/x\nd+++ b/x\nd@@@ -1 -1 +1 "
                                                       "@@@\nd--1\nd\\ No newline at end of file\nd++2\nc\n"},
	{"combined diff of a mode alone", "ddiff --cc x\ndindex 1,1..1\ndmode 100644,100644..100755\nc\ncbye\n"},
	{"combined diff of a file that is gone", "ddiff --cc x\ndindex 1,2..0\nddeleted file mode 100644,100644\nd--- "
                                                 "a/x\nd+++ /dev/null\nd@@@ -1 -1 +0,0 @@@\nd--1\nc\n"},
	{"combined diff that is torn is prose",
         "cdiff --cc x\ncindex 1,2..3\nc--- a/x\nc+++ b/x\nc@@@ -1,1 -1,1 +1,1\nc- 1\nc -2\n"},
	{"half a header of a combined diff is prose", "cdiff --cc x\ncindex 1,2..3\nc--- a/x\nctext\nc\n"},
	{"torn combined diff before a file",
         "cdiff --cc x\ncindex 1,2..3\nc--- a/x\nddiff --git a/y b/y\nd--- a/y\nd+++ b/y\nd@@ -1 +1 @@\nd-1\nd+2\nc\n"},
	{"prose that begins with diff", "cThe numbers\ncdiff by a factor.\nc\ncAcked-by: x\nc---\nc x | 2 +-\nc\n"
                                        "ddiff --git a/x b/x\nd--- a/x\nd+++ b/x\nd@@ -1 +1 @@\nd-1\nd+2\nc\n"},
	{"prose that names a command", "cdiff -u of both says\ncthat they differ.\nc\ncAcked-by: x\nc---\n"
                                       "ddiff --git a/x b/x\nd--- a/x\nd+++ b/x\nd@@ -1 +1 @@\nd-1\nd+2\nc\n"},
	{"prose that names a command, up to the cut",
         "cdiff -u of both says so.\ncAcked-by: x\nc---\nd--- a/x\nd+++ b/x\nd@@ -1 +1 @@\nd-1\nd+2\nc\n"},
	{"prose that begins with Index", "cParts:\ncIndex: where\ncBody: what\nc\ncAcked-by: x\n"
                                         "dIndex: x\nd====\nd--- x\nd+++ x\nd@@ -1 +1 @@\nd-1\nd+2\nc\n"},
	{"Index without a rule", "dIndex: x\nd--- x\nd+++ x\nd@@ -1 +1 @@\nd-1\nd+2\nc\n"},
	{"diff without a dash", "cdiff a b shows it\nddiff a/x b/x\nd--- a/x\nd+++ b/x\nd@@ -1 +1 @@\nd-1\nd+2\nc\n"},
	{"prose after a hunk that begins with Index",
         "d--- a/x\nd+++ b/x\nd@@ -1 +1 @@\nd-1\nd+2\ncIndex: where\ncindex of all\nc\n"},
	{"scissors, and the file at once",
         "c--- 8< ---\nddiff --git a/x b/x\nd--- a/x\nd+++ b/x\nd@@ -1 +1 @@\nd-1\nd+2\nc\n"},
	{"dashes with a blank, and the file at once",
         "c--- \nc--- note\nd--- a/x\nd+++ b/x\nd@@ -1 +1 @@\nd-1\nd+2\nc\n"},
	{"no newline, in German", "d--- a/x\nd+++ b/x\nd@@ -1 +1 @@\nd-1\nd\\ Kein Zeilenumbruch am Dateiende.\nd+2\n"
                                  "d\\ Kein Zeilenumbruch am Dateiende.\ncend\n"},
	{"no newline, in Japanese, before the last line",
         "d--- a/x\nd+++ b/x\nd@@ -1,2 +1,2 @@\nd 0\nd-1\n"
         "d\\ \xe3\x83\x95\xe3\x82\xa1\xe3\x82\xa4\xe3\x83\xab\nd+2\nc\n"},
	{"removed SQL comment", "d--- a/x\nd+++ b/x\nd@@ -1,2 +1 @@\nd--- a comment\nd-1\nd+++ 2\nc\n"},
	{"signature in place of a line", "d--- a/x\nd+++ b/x\nd@@ -1,3 +1,3 @@\nd 0\nd-1\nd+2\nc-- \nc2.39.0\nc\n"},
	{"signature in place of lines, hunk cut off",
         "d--- a/x\nd+++ b/x\nd@@ -1,9 +1,9 @@\nd 0\nd-1\nd+2\nc-- \nc2.39.0\nc"},
	{"footer in place of lines",
         "d--- a/x\nd+++ b/x\nd@@ -1,4 +1,4 @@\nd 0\nd-1\nd+2\nc________________________________________\nclist\nc\n"},
	{"underscores, if all blanks were lost",
         "d--- a/x\nd+++ b/x\nd@@ -1,3 +1,3 @@\nd0\nd-1\nd+2\nd________________________________________\nc\n"},
	{"footer of groups.io in place of lines",
         "d--- a/x\nd+++ b/x\nd@@ -1,9 +1,9 @@\nd 0\nd-1\nd+2\nd\nc-=-=-=-=-=-=-=-=-=-=-=-\ncLinks: none\nc"},
	{"removed line that looks like a signature",
         "d--- a/x\nd+++ b/x\nd@@ -1,3 +1,2 @@\nd 0\nd-- \nd-1\nd+2\nc-- \nc2.39.0\n"},
	{"the same in a hunk cut off", "d--- a/x\nd+++ b/x\nd@@ -1,9 +1,8 @@\nd 0\nd-- \nd-1\nd+2\nc-- \nc2.39.0\nc"},
	{"a footer ends the diff", "d--- a/x\nd+++ b/x\nd@@ -1 +1 @@\nd-1\nd+2\nc\nc-- \nc2.39.0\nc\n"
                                   "d--- a/y\nd+++ b/y\nd@@ -1 +1 @@\nd-1\nd+2\nc\n"},
	{"footer that looks like a file",
         "d--- a/x\nd+++ b/x\nd@@ -1 +1 @@\nd-1\nd+2\nc--- To leave the list\nc+++ see below\nc\n"},
	{"quoted diff", "c> --- a/x\nc> +++ b/x\nc> @@ -1 +1 @@\nc> -1\nc> +2\nc\n"},
	{"not a beginning", "cdifference\ncIndex\ncdiff\nc---\nc+++\nc---x\nc\n"},
};

/* Take a marked text apart into the text and its two sides.  The text ends without a newline, its last line gets one
 * on its side. */
static void read_case(const char *marked, GString *text, GString *comment, GString *diff)
{
	g_auto(GStrv) lines = g_strsplit(marked, "\n", -1);

	for (size_t i = 0; lines[i]; i++) {
		if (*lines[i] == '\0') /* after the last newline */
			break;
		g_string_append_printf(text, "%s%s", i > 0 ? "\n" : "", lines[i] + 1);
		g_string_append_printf(*lines[i] == 'd' ? diff : comment, "%s\n", lines[i] + 1);
	}
	if (comment->len == 0 && diff->len == 0)
		g_string_append_c(comment, '\n');
}

static void check_split(const char *name, const char *text, const char *comment, const char *diff)
{
	struct diff_splitter *splitter = diff_splitter_new();
	g_autofree char *at_once_comment = NULL, *at_once_diff = NULL;
	g_autofree char *bytes_comment = NULL, *bytes_diff = NULL;
	size_t at_once_before, bytes_before;

	diff_split(text, &at_once_comment, &at_once_before, &at_once_diff);
	if (strcmp(at_once_comment, comment) != 0 || g_strcmp0(at_once_diff, diff) != 0)
		fail_msg("%s: comment:\n%s\ndiff:\n%s", name, at_once_comment, at_once_diff ? at_once_diff : "none");

	for (const char *byte = text; *byte; byte++)
		diff_splitter_push(splitter, byte, 1);
	diff_splitter_finish(splitter, &bytes_comment, &bytes_before, &bytes_diff);
	assert_string_equal(bytes_comment, at_once_comment);
	assert_int_equal(g_strcmp0(bytes_diff, at_once_diff), 0);
	assert_int_equal(bytes_before, at_once_before);
}

static void test_split(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) text = g_string_new(NULL), comment = g_string_new(NULL), diff = g_string_new(NULL);

		read_case(cases[i].marked, text, comment, diff);
		check_split(cases[i].name, text->str, comment->str, diff->len > 0 ? diff->str : NULL);
	}
}

/* The line after a last newline is a line, an empty one; it matters only if it stands in a hunk. */
static void test_last_newline(void **state)
{
	(void)state;
	check_split("prose", "a\n", "a\n\n", NULL);
	check_split("hunk complete", "--- x\n+++ x\n@@ -1 +1 @@\n-1\n+2\n", "\n",
	            "--- x\n+++ x\n@@ -1 +1 @@\n-1\n+2\n");
	check_split("hunk torn", "--- x\n+++ x\n@@ -1,2 +1,2 @@\n-1\n+2\n", "",
	            "--- x\n+++ x\n@@ -1,2 +1,2 @@\n-1\n+2\n\n");
}

/* A footer is looked for after the diff, and not in what stands before it. */
static void test_before(void **state)
{
	static const struct {
		const char *text;
		size_t before;
	} table[] = {
		{"", 0},
		{"a\nb\n", 0},
		{"a\n--- x\n+++ x\n@@ -1 +1 @@\n-1\n+2\nb\n", 2},
		{"--- x\n+++ x\n@@ -1 +1 @@\n-1\n+2\nb\n", 0},
		{"diff -u\n\n--- 8<\n--- x\n+++ x\n@@ -1 +1 @@\n-1\n+2\nb\n--- x\n+++ x\n@@ -1 +1 @@\n-1\n+2\nc", 16},
		{"a\ndiff --git a/x b/y\nrename from x\nrename to y\nb\n", 2},
		{"a\ndiff --git a/x b/y\nrename from x\nrename to y", 2},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *comment = NULL, *diff = NULL;
		size_t before;

		diff_split(table[i].text, &comment, &before, &diff);
		assert_int_equal(before, table[i].before);
	}
}

static void test_push_nothing(void **state)
{
	struct diff_splitter *splitter = diff_splitter_new();
	g_autofree char *comment = NULL, *diff = NULL;
	size_t before;

	(void)state;
	diff_splitter_push(splitter, "", 0);
	diff_splitter_push(splitter, "a\nb", 3);
	diff_splitter_push(splitter, "", 0);
	diff_splitter_push(splitter, "c", 1);
	diff_splitter_finish(splitter, &comment, &before, &diff);
	assert_string_equal(comment, "a\nbc\n");
	assert_null(diff);
}

/* Lines in doubt for ever: only the time taken could be wrong. */
static void test_long(void **state)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *comment = NULL, *diff = NULL;
	size_t before;

	(void)state;
	for (size_t i = 0; i < 100000; i++)
		g_string_append_printf(text, "diff --git a/x b/x\n--- a/%zu\ntext\n", i);
	diff_split(text->str, &comment, &before, &diff);
	assert_null(diff);
	assert_int_equal(strlen(comment), text->len + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_split),        cmocka_unit_test(test_last_newline), cmocka_unit_test(test_before),
		cmocka_unit_test(test_push_nothing), cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests_name("diff", tests, NULL, NULL);
}
