/* test_trailers.c - trailers.c: what a series depends on and replaces, its base and change-id, the footer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "patch/trailers.h"

#define UNDERSCORES_39 "_______________________________________"
#define UNDERSCORES_40 UNDERSCORES_39 "_"

#define SHA "0123456789abcdef0123456789abcdef01234567"
#define OTHER_SHA "1123456789abcdef0123456789abcdef01234567"

/* Dependencies as a text: "s12 p34 <id> g0123... c20260101-lamp:3". */
static char *dependencies_of(const char *text, const char *footer)
{
	g_autoptr(GPtrArray) dependencies = trailers_depends_on(text, footer);
	GString *list = g_string_new(NULL);

	for (guint i = 0; i < dependencies->len; i++) {
		const struct dependency *dependency = g_ptr_array_index(dependencies, i);

		g_string_append(list, i > 0 ? " " : "");
		assert_int_equal(!!dependency->message_id + !!dependency->series_id + !!dependency->patch_id +
		                         !!dependency->git_patch_id + !!dependency->change_id,
		                 1);
		if (dependency->message_id)
			g_string_append(list, dependency->message_id);
		else if (dependency->series_id)
			g_string_append_printf(list, "s%ld", dependency->series_id);
		else if (dependency->patch_id)
			g_string_append_printf(list, "p%ld", dependency->patch_id);
		else if (dependency->git_patch_id)
			g_string_append_printf(list, "g%s", dependency->git_patch_id);
		else
			g_string_append_printf(list, "c%s:%d", dependency->change_id, dependency->version);
	}
	return g_string_free(list, FALSE);
}

static const struct {
	const char *text;
	const char *dependencies;
} depends_on_table[] = {
	{"", ""},
	{"Depends-on: <1-ada@example.org>", "<1-ada@example.org>"},
	{"text\nDepends-on: <1@x>\nmore\ndepends-ON:\t<2@x>  \n", "<1@x> <2@x>"},
	{"Depends-on:<1@x>\n", "<1@x>"},
	{"Depends-on: <1@x> (the lamp)\n", "<1@x>"},
	{"Depends-on: <1@x>\r\nDepends-on: <1@x>\r\n", "<1@x>"},
	{"Depends-on: https://archive.example.org/lamp-devel/1-ada@example.org/T/#u\n", "<1-ada@example.org>"},
	{"Depends-on: https://archive.example.org/r/1%2Fada%40example.org?x=2@y\n", "<1/ada@example.org>"},
	{"Depends-on: https://ada@example.org\n", ""},
	{"Depends-on: https://ada@example.org/lamp#a@b\n", ""},
	{"Depends-on: https://pw.example.org/project/lamp/list/?series=12\n", "s12"},
	{"Depends-on: https://pw.example.org/project/lamp/list?series=12", "s12"},
	{"Depends-on: HTTP://pw.example.org/project/lamp/list/?state=*&series=12&archive=both#top\n", "s12"},
	{"Depends-on: <https://pw.example.org/project/lamp/list/?series=12>\n", "s12"},
	{"Depends-on: https://pw.example.org/series/12/mbox/\n", "s12"},
	{"Depends-on: https://pw.example.org/api/1.3/series/12/\n", "s12"},
	{"Depends-on: https://pw.example.org/patch/34/\n", "p34"},
	{"Depends-on: https://pw.example.org/patch/34\n", "p34"},
	{"Depends-on: https://pw.example.org/api/patches/34/?format=api\n", "p34"},
	{"Depends-on: https://pw.example.org/project/lamp/patch/1-ada@example.org/\n", "<1-ada@example.org>"},
	{"Depends-on: https://pw.example.org/project/lamp/patch/1-ada%40example.org/mbox/\n", "<1-ada@example.org>"},
	{"Depends-on: https://pw.example.org/project/lamp/cover/0-ada@example.org/\n", "<0-ada@example.org>"},
	{"Depends-on: https://pw.example.org/project/patch/patch/1@x/\n", "<1@x>"},
	/* nothing that we could look up */
	{"Depends-on: https://pw.example.org/cover/34/\n", ""},
	{"Depends-on: https://pw.example.org/project/lamp/list/?series=\n", ""},
	{"Depends-on: https://pw.example.org/project/lamp/list/?series=0\n", ""},
	{"Depends-on: https://pw.example.org/project/lamp/list/?series=12x\n", ""},
	{"Depends-on: https://pw.example.org/project/lamp/list/?series=99999999999999999999\n", ""},
	{"Depends-on: https://pw.example.org/project/lamp/list/?xseries=12\n", ""},
	{"Depends-on: https://pw.example.org/project/lamp/list/#?series=12\n", ""},
	{"Depends-on: https://pw.example.org\n", ""},
	{"Depends-on: https://pw.example.org/patch\n", ""},
	{"Depends-on: https://pw.example.org/patch/\n", ""},
	{"Depends-on: https://pw.example.org/patch/a%00b@x/\n", ""},
	{"Depends-on: https://pw.example.org/patch/%3c1@x%3e/\n", ""},
	{"Depends-on: https://patch/34\n", ""},
	{"Depends-on: ftp://pw.example.org/patch/34/\n", ""},
	{"Depends-on: 1@x\n", ""},
	{"Depends-on: <1@x\n>", ""},
	{"Depends-on: <1 @x>\n", ""},
	{"Depends-on: <@x>\nDepends-on: <1@>\nDepends-on: <>\nDepends-on:\n", ""},
	{"Depends-on: <mailto://a@x>\n", ""},
	{"Depends-on: series-12 (\"the lamp\")\n", ""},
	{" Depends-on: <1@x>\n> Depends-on: <1@x>\nX-Depends-on: <1@x>\n", ""},
	{"Depends-on:\n<1@x>\n", ""},
};

static void test_depends_on(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(depends_on_table); i++) {
		g_autofree char *list = dependencies_of(depends_on_table[i].text, "");

		if (strcmp(list, depends_on_table[i].dependencies) != 0)
			fail_msg("%s gives \"%s\"", depends_on_table[i].text, list);
	}
}

/* What others write; the same in the footer, if `footer` is NULL. */
static const struct {
	const char *text;
	const char *dependencies;
	const char *footer;
} others_table[] = {
	{"Based-on: <1@x>\n", "<1@x>", ""},
	{"based-on: 1-ada@example.org\nBased-on: <2@x> (\"the lamp\")\nBased-On: 3@x, the switch\n",
         "<1-ada@example.org> <2@x> <3@x>", ""},
	{"Based-on: https://archive.example.org/lamp/1@x/\n", "<1@x>", ""},
	{"Based-on: https://pw.example.org/project/lamp/list/?series=12\n", "s12", ""},
	{"Based-on: master\nBased-on: ada/lamp-next\nBased-on: git://x@y/z\nBased-on:\n", "", ""},
	{"> Based-on: <1@x>\n Based-on: <1@x>\n+Based-on: <1@x>\nNot-Based-on: <1@x>\n", "", ""},
	{"prerequisite-patch-id: " SHA "\nprerequisite-patch-id: " OTHER_SHA "\n", "g" SHA " g" OTHER_SHA, NULL},
	{"prerequisite-patch-id: " SHA "\nPrerequisite-Patch-Id:  " SHA " (lamp)\r\n", "g" SHA, NULL},
	{"prerequisite-patch-id: 0123456789ABCDEF0123456789ABCDEF01234567\n", "g" SHA, NULL},
	{"prerequisite-patch-id: " SHA "0\nprerequisite-patch-id: 0123456\nprerequisite-patch-id: <" SHA ">\n", "",
         NULL},
	{"prerequisite-patch-id:\n" SHA "\nprerequisite-patch-id: lamp\n", "", NULL},
	{"> prerequisite-patch-id: " SHA "\n prerequisite-patch-id: " SHA "\n+prerequisite-patch-id: " SHA "\n", "",
         NULL},
	{"prerequisite-message-id: <1@x>\nprerequisite-message-id: 2-ada@example.org\n", "<1@x> <2-ada@example.org>",
         NULL},
	{"prerequisite-message-id: <1@x>\nprerequisite-message-id: 1@x\n", "<1@x>", NULL},
	{"prerequisite-message-id: lamp\nprerequisite-message-id: <1@x\n", "", NULL},
	{"prerequisite-change-id: 20260101-lamp-0123456789ab:v3\n", "c20260101-lamp-0123456789ab:3", NULL},
	{"prerequisite-change-id: a:v1\nprerequisite-change-id: a:v2\nprerequisite-change-id: a\n", "ca:1 ca:2 ca:0",
         NULL},
	{"prerequisite-change-id: a:3\nprerequisite-change-id: a:v\nprerequisite-change-id: a:v0\n", "", NULL},
	{"prerequisite-change-id: :v1\nprerequisite-change-id: a:v99999\nprerequisite-change-id:\n", "", NULL},
	{"base-commit: " SHA "\nchange-id: a\nprerequisite-change-id: b:v1\nprerequisite-patch-id: " SHA "\n",
         "cb:1 g" SHA, NULL},
};

static void test_others(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(others_table); i++) {
		const char *footer = others_table[i].footer ? others_table[i].footer : others_table[i].dependencies;
		g_autofree char *list = dependencies_of(others_table[i].text, "");
		g_autofree char *cut = dependencies_of("", others_table[i].text);

		if (strcmp(list, others_table[i].dependencies) != 0)
			fail_msg("%s gives \"%s\"", others_table[i].text, list);
		if (strcmp(cut, footer) != 0)
			fail_msg("%s in the footer gives \"%s\"", others_table[i].text, cut);
	}
}

static void test_depends_on_order(void **state)
{
	g_autofree char *list = dependencies_of("Based-on: 1@x\nprerequisite-change-id: a:v1\nDepends-on: <2@x>\n",
	                                        "-- \nprerequisite-message-id: 1@x\nprerequisite-message-id: 3@x\n");
	g_autoptr(GString) many = g_string_new(NULL);
	g_autoptr(GPtrArray) dependencies = NULL;

	(void)state;
	assert_string_equal(list, "<1@x> ca:1 <2@x> <3@x>");
	for (int i = 0; i < TRAILERS_DEPENDENCIES + 1; i++)
		g_string_append_printf(many, "Based-on: %d@x\n", i);
	dependencies = trailers_depends_on(many->str, "prerequisite-message-id: 1@y\n");
	assert_int_equal(dependencies->len, TRAILERS_DEPENDENCIES);
}

static const struct {
	const char *text, *footer;
	const char *commit;
} base_commit_table[] = {
	{"", "", NULL},
	{"base-commit: " SHA "\n", "", SHA},
	{"", "-- \n2.39\n\nbase-commit: " SHA "\n", SHA},
	{"base-commit: " OTHER_SHA "\n", "base-commit: " SHA "\n", SHA},
	{"base-commit: " OTHER_SHA "\nBase-Commit: 0123456 (tag: v6.1)\n", "", "0123456"},
	{"base-commit: 012345678\nbase-commit: 012345\n", "", "012345678"},
	{"base-commit: 0123456789ABCDEF0123456789ABCDEF01234567,\n", "", SHA},
	{"base-commit: " SHA "012345678901234567890123\n", "", SHA "012345678901234567890123"},
	{"base-commit: " SHA "01\nbase-commit: 0123456g\nbase-commit: 0123456-lamp\nbase-commit: v6.1\n", "", NULL},
	{"base-commit:\n" SHA "\nbase: " SHA "\n> base-commit: " SHA "\n base-commit: " SHA "\n+base-commit: " SHA, "",
         NULL},
};

static void test_base_commit(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(base_commit_table); i++) {
		g_autofree char *commit = trailers_base_commit(base_commit_table[i].text, base_commit_table[i].footer);

		if (g_strcmp0(commit, base_commit_table[i].commit) != 0)
			fail_msg("%s gives %s", base_commit_table[i].text, commit ? commit : "none");
	}
}

static const struct {
	const char *field, *text;
	const char *superseded;
} supersedes_table[] = {
	{NULL, "", ""},
	{NULL, "Supersedes: <1@x>\nsupersedes: 2-ada@example.org\n", "<1@x> <2-ada@example.org>"},
	{NULL, "Supersedes: https://archive.example.org/lamp/1@x/\n", "<1@x>"},
	{NULL, "Supersedes: https://pw.example.org/project/lamp/patch/1@x/\n", "<1@x>"},
	{NULL, "Supersedes: https://pw.example.org/patch/12/\nSupersedes: v1\nSupersedes:\n", ""},
	{NULL, "> Supersedes: <1@x>\n Supersedes: <1@x>\n", ""},
	{"<1@x>", "Supersedes: <1@x>\n", "<1@x>"},
	{"<1@x> <2@x>,3@x", "Supersedes: <4@x>\n", "<1@x> <2@x> <3@x> <4@x>"},
	{"", "", ""},
	{"<1@x", "", ""},
	{">", "", ""},
};

static void test_supersedes(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(supersedes_table); i++) {
		g_autoptr(GPtrArray) superseded =
			trailers_supersedes(supersedes_table[i].field, supersedes_table[i].text);
		g_autofree char *list = NULL;

		g_ptr_array_add(superseded, NULL);
		list = g_strjoinv(" ", (char **)superseded->pdata);
		if (strcmp(list, supersedes_table[i].superseded) != 0)
			fail_msg("%s gives \"%s\"", supersedes_table[i].text, list);
	}
}

static const struct {
	const char *text;
	const char *change_id;
} change_id_table[] = {
	{"", NULL},
	{"base-commit: 12\nchange-id: 20260101-lamp-0123456789ab\n", "20260101-lamp-0123456789ab"},
	{"change-id: 20260101-lamp-0123456789ab", "20260101-lamp-0123456789ab"},
	{"change-id:\t20260101-lamp-1 \r\n", "20260101-lamp-1"},
	{"change-id: a\nchange-id: b\n", "b"},
	{"change-id: a\nchange-id:\n", "a"},
	{"change-id: a b\n", NULL},
	{" change-id: a\n> change-id: a\n", NULL},
	{"Change-Id: I0123456789abcdef0123456789abcdef01234567\n", NULL},
	{"change-id:\na\n", NULL},
};

/* A text, and the links that it names, a blank after each. */
static const struct {
	const char *text, *links;
} links_table[] = {
	{"", ""},
	{"Link: https://lore.example.org/list/a@b/", "<a@b> "},
	{"x\n\nLink: https://lore.example.org/r/a@b", "<a@b> "},
	{"Link: https://lore.example.org/all/a@b/T/#u", "<a@b> "},
	{"Link: https://lore.example.org/all/a@b/T/#m0123@x", "<a@b> "},
	{"Link: https://lore.example.org/all/a@b#r", "<a@b> "},
	{"Link: https://lore.example.org/all/a@b/?x=y@z [1]", "<a@b> "},
	{"LINK:\thttp://lore.example.org/a@b # v1\r\n", "<a@b> "},
	{"Link: <https://lore.example.org/r/a@b>", "<a@b> "},
	{"Link: https://patchwork.example.org/project/demo/patch/a@b/", "<a@b> "},
	{"Patchwork: https://patchwork.example.org/patch/msgid/a@b", "<a@b> "},
	{"Link: https://lore.example.org/r/a%2Fc%40b.example/", "<a/c@b.example> "},
	{"Link: https://lore.example.org/r/20260201+x=y$z@b", "<20260201+x=y$z@b> "},
	{"Link: https://marc.example.org/?i=a@b", "<a@b> "},
	{"Link: https://marc.example.org/?i=a@b&w=2", "<a@b> "},
	{"Link: <a@b>\nMessage-Id: <c@d>\nMessage-ID: e@f\n", "<a@b> <c@d> <e@f> "},
	{"Link: https://x/c@d\nLink: https://y/a@b/\nLink: https://z/c@d/T/\n", "<c@d> <a@b> "},
	/* what names no mail */
	{"Link: https://bugs.example.org/show_bug.cgi?id=12", ""},
	{"Link: https://bugs.example.org/12?mail=a@b", ""},
	{"Link: https://me@example.org/x", ""},
	{"Link: https://example.org", ""},
	{"Link: https://example.org/", ""},
	{"Link: https://social.example.org/@me/12", ""},
	{"Link: https://example.org/a%00@b", ""},
	{"Link: https://example.org/a%ff@b", ""},
	{"Link: https://example.org/a%20c@b", ""},
	{"Link: https://example.org/?i=", ""},
	{"Link:", ""},
	{"Link: <", ""},
	{"Link: <a@b> x\n> Link: <c@d>\n Link: <e@f>\nHyperlink: <g@h>", "<a@b> "},
	{"Closes: https://lore.example.org/r/a@b\nReported-by: A <a@b>\n", ""},
};

static void test_links(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(links_table); i++) {
		g_autoptr(GPtrArray) links = trailers_links(links_table[i].text);
		g_autoptr(GString) got = g_string_new(NULL);

		for (guint j = 0; j < links->len; j++)
			g_string_append_printf(got, "%s ", (const char *)g_ptr_array_index(links, j));
		if (strcmp(got->str, links_table[i].links) != 0)
			fail_msg("%s gives %s", links_table[i].text, got->str);
	}
}

static void test_links_are_bounded(void **state)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GPtrArray) links = NULL;

	(void)state;
	for (int i = 0; i < 2 * TRAILERS_LINKS; i++)
		g_string_append_printf(text, "Link: <%d@x>\n", i);
	links = trailers_links(text->str);
	assert_int_equal(links->len, TRAILERS_LINKS);
	assert_string_equal(g_ptr_array_index(links, TRAILERS_LINKS - 1), "<99@x>");
}

static void test_change_id(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(change_id_table); i++) {
		g_autofree char *change_id = trailers_change_id(change_id_table[i].text);

		if (g_strcmp0(change_id, change_id_table[i].change_id) != 0)
			fail_msg("%s gives %s", change_id_table[i].text, change_id ? change_id : "none");
	}
}

#define GROUPS_IO "-=-=-=-=-=-=-=-=-=-=-=-"

static const struct {
	const char *text;
	const char *cut;
} footer_table[] = {
	{"", ""},
	{" \n\xc2\xa0\n\t", ""},
	{"text", "text"},
	{"\n  text \n\xe3\x80\x80", "text"},
	{"  a\n  b", "a\n  b"},
	/* signatures */
	{"text\n-- \nAda\n", "text"},
	{"text\n\n-- \nAda\n-- \nmore\n", "text"},
	{"-- \nAda\n", ""},
	{"text\n-- ", "text"},
	{"text\n--\nAda\n", "text\n--\nAda"},
	{"text\n--  \nAda\n", "text\n--  \nAda"},
	{"text\n--- \nAda\n", "text\n--- \nAda"},
	{"text\n -- \nAda\n", "text\n -- \nAda"},
	{"text\n-- Ada\n", "text\n-- Ada"},
	{"text -- \nAda\n", "text -- \nAda"},
	/* list footers */
	{"text\n" UNDERSCORES_40 "\nlamp-devel\n", "text"},
	{"text\n" UNDERSCORES_40 "___\nlamp-devel\n", "text"},
	{"text\n" UNDERSCORES_40, "text"},
	{"text\n" UNDERSCORES_39 "\nlamp\n", "text\n" UNDERSCORES_39 "\nlamp"},
	{"text\n" UNDERSCORES_40 " \nlamp\n", "text\n" UNDERSCORES_40 " \nlamp"},
	{"text\n " UNDERSCORES_40 "\nlamp\n", "text\n " UNDERSCORES_40 "\nlamp"},
	{"text\n_\nlamp\n", "text\n_\nlamp"},
	{UNDERSCORES_40 "\n-- \n", ""},
	{"text\n" GROUPS_IO "\nLinks: none\n" GROUPS_IO "\n", "text"},
	{"text\n" GROUPS_IO "=-=-\nLinks\n", "text"},
	{"-=-=-=-=-\ntext\n" GROUPS_IO ">\n-=-=-=-=-=-=-=-=-=-==-=-\n=-=-=-=-=-=-=-=-=-=-=-=-\nmore",
         "-=-=-=-=-\ntext\n" GROUPS_IO ">\n-=-=-=-=-=-=-=-=-=-==-=-\n=-=-=-=-=-=-=-=-=-=-=-=-\nmore"},
};

static void test_footer(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(footer_table); i++) {
		g_autofree char *text = g_strdup(footer_table[i].text);
		g_autoptr(GString) footer = g_string_new(NULL);

		trailers_cut_footer(text, 0, footer);
		if (strcmp(text, footer_table[i].cut) != 0)
			fail_msg("\"%s\" is cut to \"%s\"", footer_table[i].text, text);
		if (footer->len > 0)
			g_string_truncate(footer, footer->len - 1);
		if (!g_str_has_suffix(footer_table[i].text, footer->str))
			fail_msg("\"%s\" is cut off \"%s\"", footer->str, footer_table[i].text);
	}
}

/* Before the offset there is message. */
static void test_footer_behind(void **state)
{
	static const char text[] = " a\n-- \nb\n" UNDERSCORES_40 "\nc\n-- \nd\n";

	(void)state;
	for (size_t behind = 0; behind < sizeof(text); behind++) {
		g_autofree char *cut = g_strdup(text);
		const char *expected = behind <= 3    ? "a"
		                       : behind <= 9  ? "a\n-- \nb"
		                       : behind <= 52 ? "a\n-- \nb\n" UNDERSCORES_40 "\nc"
		                                      : "a\n-- \nb\n" UNDERSCORES_40 "\nc\n-- \nd";

		if (behind > 0 && text[behind - 1] != '\n') /* a line has begun before */
			continue;
		trailers_cut_footer(cut, behind, NULL);
		assert_string_equal(cut, expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_depends_on),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_depends_on_order),
		cmocka_unit_test(test_base_commit),
		cmocka_unit_test(test_supersedes),
		cmocka_unit_test(test_change_id),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_links_are_bounded),
		cmocka_unit_test(test_footer),
		cmocka_unit_test(test_footer_behind),
	};

	return cmocka_run_group_tests_name("trailers", tests, NULL, NULL);
}
