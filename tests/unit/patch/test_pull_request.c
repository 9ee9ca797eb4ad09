/* test_pull_request.c - pull_request.c: the forms of a git request-pull. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>

#include "patch/pull_request.h"

#define SINCE "The following changes since commit 0123456789abcdef0123456789abcdef01234567:\n\n  Lamp 1.0\n\n"
#define AVAILABLE "are available in the Git repository at:\n\n"
#define UP_TO "\n\nfor you to fetch changes up to 89abcdef:\n\n  lamp: shine\n"

static const struct {
	const char *text;
	const char *url;
} table[] = {
	/* the forms of git itself */
	{SINCE AVAILABLE "  git://git.example.org/lamp.git for-next" UP_TO, "git://git.example.org/lamp.git for-next"},
	{SINCE AVAILABLE "  git://git.example.org/lamp.git" UP_TO, "git://git.example.org/lamp.git"},
	{SINCE AVAILABLE "  https://git.example.org/lamp.git tags/v1.0-rc_1" UP_TO,
         "https://git.example.org/lamp.git tags/v1.0-rc_1"},
	{SINCE AVAILABLE "  http://git.example.org:8080/~ada/lamp.git x" UP_TO,
         "http://git.example.org:8080/~ada/lamp.git x"},
	{SINCE AVAILABLE "  git+ssh://git.example.org/lamp x" UP_TO, "git+ssh://git.example.org/lamp x"},
	{SINCE AVAILABLE "  git@example.org:lamp.git x" UP_TO, "git@example.org:lamp.git x"},
	{SINCE AVAILABLE "  ssh://git@example.org/lamp.git x" UP_TO, "ssh://git@example.org/lamp.git x"},
	{SINCE AVAILABLE "  git://git.example.org/l\xc3\xa4mp x" UP_TO, "git://git.example.org/l\xc3\xa4mp x"},
	/* around it: case, blanks, line ends, the end of the text */
	{"THE FOLLOWING CHANGES SINCE COMMIT 1\nARE AVAILABLE IN THE GIT REPOSITORY AT:\ngit://a/b c\n", "git://a/b c"},
	{SINCE "are available in the Git repository at:   \n  \t\n  git://a/b c   \n", "git://a/b c"},
	{SINCE "are available in the Git repository at:\r\n\r\n  git://a/b c\r\n\r\nfor you\r\n", "git://a/b c"},
	{SINCE AVAILABLE "git://a/b c", "git://a/b c"},
	{SINCE AVAILABLE "git://a/b", "git://a/b"},
	{SINCE AVAILABLE "git://a/b \t c\n", "git://a/b c"},
	{"The following changes since commit\n0123:\n\n" AVAILABLE "  git://a/b c\n", "git://a/b c"},
	/* wrapped */
	{SINCE AVAILABLE "  git://git.example.org/lamp.git\ntags/lamp-1" UP_TO,
         "git://git.example.org/lamp.git tags/lamp-1"},
	{SINCE AVAILABLE "  git://git.example.org/lamp.git \\\n  tags/lamp-1" UP_TO,
         "git://git.example.org/lamp.git \\ tags/lamp-1"},
	{SINCE AVAILABLE "  git://a/b\n\nAda (1):\n", "git://a/b"},
	{SINCE AVAILABLE "  git://a/b\n\nfor\n", "git://a/b for"},
	/* of several the last counts */
	{SINCE AVAILABLE "git://a/1 x\n\n" SINCE AVAILABLE "git://a/2 y\n", "git://a/2 y"},
	{SINCE AVAILABLE "git://a/1 x\n\n" AVAILABLE "nothing here\n", "git://a/1 x"},
	/* no pull request */
	{"", NULL},
	{AVAILABLE "git://a/b c\n", NULL},
	{AVAILABLE "git://a/b c\n" SINCE, NULL},
	{SINCE "git://a/b c\n", NULL},
	{SINCE AVAILABLE, NULL},
	{SINCE "are available in the Git repository at: git://a/b c\n", NULL},
	{SINCE " are available in the Git repository at:\n  git://a/b c\n", NULL},
	{" " SINCE AVAILABLE "git://a/b c\n", NULL},
	{"> " SINCE "> " AVAILABLE ">  git://a/b c\n", NULL},
	{SINCE AVAILABLE "  git://a/b c d\n", NULL},
	{SINCE AVAILABLE "  git://a/b#c\n", NULL},
	{SINCE AVAILABLE "  git://\n", NULL},
	{SINCE AVAILABLE "  ://a/b\n", NULL},
	{SINCE AVAILABLE "  /home/ada/lamp\n", NULL},
	{SINCE AVAILABLE "  git:/a/b\n", NULL},
	{SINCE AVAILABLE "  git://a/\xff\n", NULL},
};

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *url = pull_request_find(table[i].text);

		if (g_strcmp0(url, table[i].url) != 0)
			fail_msg("%s\n gives %s, not %s", table[i].text, url ? url : "none",
			         table[i].url ? table[i].url : "none");
	}
}

/* Many announcements with long gaps: only the time taken could be wrong. */
static void test_long(void **state)
{
	g_autoptr(GString) text = g_string_new(SINCE);
	g_autofree char *url = NULL;

	(void)state;
	for (size_t i = 0; i < 20000; i++)
		g_string_append(text, AVAILABLE "\n \n \n git://a/b \\\\\\ \n \n ");
	for (size_t i = 0; i < 200000; i++)
		g_string_append(text, "\n \\");
	url = pull_request_find(text->str);
	assert_non_null(url);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests_name("pull_request", tests, NULL, NULL);
}
