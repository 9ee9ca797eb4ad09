/* test_subject.c - subject.c: replies, prefixes, marker, version, title. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "patch/subject.h"

struct expected {
	const char *text;
	bool reply;
	const char *prefixes; /* joined by "|" */
	const char *title;
	int version, number, total;
};

static void check(const struct expected *expected)
{
	g_autofree char *prefixes = NULL;
	struct subject subject;

	subject_init(&subject, expected->text, false);
	g_ptr_array_add(subject.prefixes, NULL);
	prefixes = g_strjoinv("|", (char **)subject.prefixes->pdata);
	if (subject.reply != expected->reply || subject.version != expected->version ||
	    subject.number != expected->number || subject.total != expected->total ||
	    strcmp(prefixes, expected->prefixes) != 0 || strcmp(subject.title, expected->title) != 0)
		fail_msg("\"%s\": reply %d, prefixes \"%s\", title \"%s\", version %d, marker %d/%d", expected->text,
		         subject.reply, prefixes, subject.title, subject.version, subject.number, subject.total);
	assert_string_equal(subject.text, expected->text ? expected->text : "");
	subject_release(&subject);
}

#define CHECK_ALL(table)                                         \
	do {                                                     \
		for (size_t i = 0; i < G_N_ELEMENTS(table); i++) \
			check(&table[i]);                        \
	} while (0)

static void test_plain(void **state)
{
	static const struct expected table[] = {
		{NULL, false, "", "", 1, -1, -1},
		{"", false, "", "", 1, -1, -1},
		{"   ", false, "", "", 1, -1, -1},
		{"lamp: fix a leak", false, "", "lamp: fix a leak", 1, -1, -1},
		{"  lamp:   fix\ta  leak ", false, "", "lamp: fix a leak", 1, -1, -1},
		{"lamp:\xc2\xa0"
	         "fix a\xe3\x80\x80leak",
	         false, "", "lamp: fix a leak", 1, -1, -1},
		{"lamp [RFC] switch", false, "", "lamp [RFC] switch", 1, -1, -1},
	};

	(void)state;
	CHECK_ALL(table);
}

static void test_prefixes(void **state)
{
	static const struct expected table[] = {
		{"[PATCH] x", false, "", "x", 1, -1, -1},
		{"[patch] x", false, "", "x", 1, -1, -1},
		{"[PATCH]x", false, "", "x", 1, -1, -1},
		{"[Patch]: x", false, "", ": x", 1, -1, -1},
		{"[PATCH v2 3/4] x", false, "v2|3/4", "x", 2, 3, 4},
		{"[PATCH,v2,3/4] x", false, "v2|3/4", "x", 2, 3, 4},
		{"[ PATCH ,  v2,, 3/4 ] x", false, "v2|3/4", "x", 2, 3, 4},
		{"[lamp-devel] [PATCH RFC 1/2] x", false, "lamp-devel|RFC|1/2", "x", 1, 1, 2},
		{"[lamp-devel][PATCH][RFC] x", false, "lamp-devel|RFC", "x", 1, -1, -1},
		{"[GIT PULL] lamp updates", false, "GIT|PULL", "lamp updates", 1, -1, -1},
		{"[PATCHES] x", false, "PATCHES", "x", 1, -1, -1},
		{"[] x", false, "", "x", 1, -1, -1},
		{"[,] x", false, "", "x", 1, -1, -1},
		{"[PATCH v2]", false, "v2", "", 2, -1, -1},
		{"[l\xc3\xa4mp 1/2] \xc3\xbc", false, "l\xc3\xa4mp|1/2", "\xc3\xbc", 1, 1, 2},
	};

	(void)state;
	CHECK_ALL(table);
}

static void test_broken_groups(void **state)
{
	static const struct expected table[] = {
		{"[PATCH v2 x", false, "", "[PATCH v2 x", 1, -1, -1},
		{"[PATCH] [x", false, "", "[x", 1, -1, -1},
		{"PATCH v2] x", false, "", "PATCH v2] x", 1, -1, -1},
		{"[[v2] x]", false, "[v2", "x]", 1, -1, -1},
		{"[PATCH [RFC]] x", false, "[RFC", "] x", 1, -1, -1},
		{"[PATCH 1/2 [] x", false, "1/2|[", "x", 1, 1, 2},
		{"[", false, "", "[", 1, -1, -1},
		{"]", false, "", "]", 1, -1, -1},
		{"[]", false, "", "", 1, -1, -1},
		{"[][][", false, "", "[", 1, -1, -1},
	};

	(void)state;
	CHECK_ALL(table);
}

static void test_mercurial(void **state)
{
	static const struct expected table[] = {
		{"[PATCH 1 of 3] x", false, "1 of 3", "x", 1, 1, 3},
		{"[PATCH 0 of 3 V2] x", false, "0 of 3|V2", "x", 2, 0, 3},
		{"[PATCH 1  of\t3 stable] x", false, "1 of 3|stable", "x", 1, 1, 3},
		{"[PATCH 2 of 3, RFC] x", false, "2 of 3|RFC", "x", 1, 2, 3},
		{"[PATCH 1 of x] x", false, "1|of|x", "x", 1, -1, -1},
		{"[PATCH 1 of 3x] x", false, "1|of|3x", "x", 1, -1, -1},
		{"[PATCH of 3] x", false, "of|3", "x", 1, -1, -1},
		{"[PATCH 1 of] 3] x", false, "1|of", "3] x", 1, -1, -1},
	};

	(void)state;
	CHECK_ALL(table);
}

static void test_marker(void **state)
{
	static const struct expected table[] = {
		{"[PATCH 0/3] x", false, "0/3", "x", 1, 0, 3},     {"[PATCH 03/12] x", false, "03/12", "x", 1, 3, 12},
		{"[PATCH5/7] x", false, "PATCH5/7", "x", 1, 5, 7}, {"[v2-3/5] x", false, "v2-3/5", "x", 2, 3, 5},
		{"[PATCH #4/6] x", false, "#4/6", "x", 1, 4, 6},   {"[1/2/3] x", false, "1/2/3", "x", 1, 2, 3},
		{"[1/2 3/4] x", false, "1/2|3/4", "x", 1, 1, 2},   {"[PATCH 1/] x", false, "1/", "x", 1, -1, -1},
		{"[PATCH /2] x", false, "/2", "x", 1, -1, -1},     {"[PATCH 1/2x] x", false, "1/2x", "x", 1, -1, -1},
		{"[PATCH a/2] x", false, "a/2", "x", 1, -1, -1},   {"[PATCH 5] x", false, "5", "x", 1, -1, -1},
		{"[PATCH] x 1/2", false, "", "x 1/2", 1, -1, -1},  {"[PATCH 7/3] x", false, "7/3", "x", 1, 7, 3},
	};

	(void)state;
	CHECK_ALL(table);
}

/* What is written otherwise than git format-patch writes it. */
static void test_odd_markers(void **state)
{
	static const struct expected table[] = {
		{"[PATCH 2.5/5] x", false, "2.5/5", "x", 1, -1, -1},
		{"[PATCH v2-2.5/5] x", false, "v2-2.5/5", "x", 1, -1, -1},
		{"[PATCH 0.5/5] x", false, "0.5/5", "x", 1, -1, -1},
		{"[PATCH 2.5 of 5] x", false, "2.5|of|5", "x", 1, -1, -1},
		{"[PATCH 2.5 / 5] x", false, "2.5|/|5", "x", 1, -1, -1},
		{"[PATCH.2/5] x", false, "PATCH.2/5", "x", 1, 2, 5},
		{"[PATCH v2 2 / 3] x", false, "v2|2/3", "x", 2, 2, 3},
		{"[PATCH 2/ 3, net] x", false, "2/3|net", "x", 1, 2, 3},
		{"[PATCH 2 /3] x", false, "2/3", "x", 1, 2, 3},
		{"[PATCH 2 / x] x", false, "2|/|x", "x", 1, -1, -1},
		{"[PATCH 2 / 3x] x", false, "2|/|3x", "x", 1, -1, -1},
		{"[PATCH 2 /] 3 x", false, "2|/", "3 x", 1, -1, -1},
		{"[PATCH 2/3: net] x", false, "2/3:|net", "x", 1, 2, 3},
		{"[PATCH (2/3)] x", false, "(2/3)", "x", 1, 2, 3},
		{"[bug#60788] [PATCH v2 1/3] x", false, "bug#60788|v2|1/3", "x", 2, 1, 3},
		{"bug#60788: [PATCH v2 1/3] x", false, "bug#60788|v2|1/3", "x", 2, 1, 3},
		{"Bug #60788: [PATCH 1/3] x", false, "Bug #60788|1/3", "x", 1, 1, 3},
		{"bug#60788: lamp: x", false, "", "bug#60788: lamp: x", 1, -1, -1},
		{"bug#: [PATCH] x", false, "", "bug#: [PATCH] x", 1, -1, -1},
		{"[PATCH v6,19/24] x", false, "v6|19/24", "x", 6, 19, 24},
		{"[PATCH,net,v6,19/24] x", false, "net|v6|19/24", "x", 6, 19, 24},
	};

	(void)state;
	CHECK_ALL(table);
}

static void test_numbers_over_the_limit(void **state)
{
	static const struct expected table[] = {
		{"[PATCH 32767/32767] x", false, "32767/32767", "x", 1, 32767, 32767},
		{"[PATCH 32768/32768] x", false, "32768/32768", "x", 1, -1, -1},
		{"[PATCH 1/32768] x", false, "1/32768", "x", 1, -1, -1},
		{"[PATCH 99999999999999999999/2 1/2] x", false, "99999999999999999999/2|1/2", "x", 1, 1, 2},
		{"[PATCH 00000000000000000001/2] x", false, "00000000000000000001/2", "x", 1, 1, 2},
		{"[PATCH v32767] x", false, "v32767", "x", 32767, -1, -1},
		{"[PATCH v32768] x", false, "v32768", "x", 1, -1, -1},
		{"[PATCH v4294967297] x", false, "v4294967297", "x", 1, -1, -1},
		{"[PATCH] x (v4294967297)", false, "", "x (v4294967297)", 1, -1, -1},
		{"Re[99999999999999999999]: x", true, "", "x", 1, -1, -1},
	};

	(void)state;
	CHECK_ALL(table);
}

static void test_version(void **state)
{
	static const struct expected table[] = {
		{"[PATCH v3] x", false, "v3", "x", 3, -1, -1},
		{"[PATCH V3] x", false, "V3", "x", 3, -1, -1},
		{"[PATCH v0] x", false, "v0", "x", 0, -1, -1},
		{"[PATCH v2 v3] x", false, "v2|v3", "x", 2, -1, -1},
		{"[PATCH] x (v4)", false, "", "x (v4)", 4, -1, -1},
		{"[PATCH] (x (v4) y", false, "", "(x (v4) y", 4, -1, -1},
		{"[PATCH] x (V4) and (v5)", false, "", "x (V4) and (v5)", 4, -1, -1},
		{"[PATCH v2] x (v4)", false, "v2", "x (v4)", 2, -1, -1},
		{"[PATCH] x v4", false, "", "x v4", 1, -1, -1},
		{"[PATCH] x (v4", false, "", "x (v4", 1, -1, -1},
		{"[PATCH] x (v)", false, "", "x (v)", 1, -1, -1},
		{"[PATCH v] x", false, "v", "x", 1, -1, -1},
		{"[PATCH ipv6] x", false, "ipv6", "x", 1, -1, -1},
		{"[PATCH v3a] x", false, "v3a", "x", 1, -1, -1},
		/* B: spellings that Patchwork does not know */
		{"[PATCHv3 2/3] x", false, "PATCHv3|2/3", "x", 3, 2, 3},
		{"[PatchV3] x", false, "PatchV3", "x", 3, -1, -1},
		{"[PATCH-v3] x", false, "PATCH-v3", "x", 3, -1, -1},
		{"[PATCH_v3] x", false, "PATCH_v3", "x", 3, -1, -1},
		{"[RFC/PATCHv3] x", false, "RFC/PATCHv3", "x", 3, -1, -1},
		{"[PATCH v5.1 2/3] x", false, "v5.1|2/3", "x", 5, 2, 3},
		{"[PATCHv5.10] x", false, "PATCHv5.10", "x", 5, -1, -1},
		{"[PATCH v5.10] x", false, "v5.10", "x", 1, -1, -1},
		{"[PATCH for v5.9] x (v2)", false, "for|v5.9", "x (v2)", 2, -1, -1},
		{"[2/3 v5.1] x", false, "2/3|v5.1", "x", 5, 2, 3},
		{"[PATCH v5.] x", false, "v5.", "x", 1, -1, -1},
		{"[PATCH v5.1.1] x", false, "v5.1.1", "x", 1, -1, -1},
		{"[DISPATCHv3] x", false, "DISPATCHv3", "x", 1, -1, -1},
		{"[XPATCHv3] x", false, "XPATCHv3", "x", 1, -1, -1},
		{"[PATCHv3 v2] x", false, "PATCHv3|v2", "x", 2, -1, -1},
		{"[PATCHv3] x (v2)", false, "PATCHv3", "x (v2)", 3, -1, -1},
		{"[PATCH -v4 2/3] x", false, "-v4|2/3", "x", 4, 2, 3},
		{"[PATCH --V4] x", false, "--V4", "x", 4, -1, -1},
		{"[PATCH -v 4 2/3] x", false, "-v|4|2/3", "x", 4, 2, 3},
		{"[PATCH v 4] x", false, "v|4", "x", 4, -1, -1},
		{"[PATCH v 2/3] x", false, "v|2/3", "x", 1, 2, 3},
		{"[PATCH (v4)] x", false, "(v4)", "x", 4, -1, -1},
		{"[PATCH v4: 2/3] x", false, "v4:|2/3", "x", 4, 2, 3},
		{"[PATCH/v3] x", false, "PATCH/v3", "x", 3, -1, -1},
		{"[PATCHv4-2/3] x", false, "PATCHv4-2/3", "x", 4, 2, 3},
		{"[v4:2/3] x", false, "v4:2/3", "x", 4, 2, 3},
		{"[RFCv2 1/2] x", false, "RFCv2|1/2", "x", 2, 1, 2},
		{"[RFC-v2] x", false, "RFC-v2", "x", 2, -1, -1},
		{"[PATCH v6.6-v6.1] x", false, "v6.6-v6.1", "x", 1, -1, -1},
		{"[PATCH -v5.10] x", false, "-v5.10", "x", 1, -1, -1},
	};

	(void)state;
	CHECK_ALL(table);
}

static void test_reply(void **state)
{
	static const struct expected table[] = {
		{"Re: x", true, "", "x", 1, -1, -1},
		{"re:x", true, "", "x", 1, -1, -1},
		{"  RE: [PATCH v2 1/2] x", true, "v2|1/2", "x", 2, 1, 2},
		{"Re : x", true, "", "x", 1, -1, -1},
		{"Re: Re: x", true, "", "Re: x", 1, -1, -1},
		{"Re[2]: x", true, "", "x", 1, -1, -1},
		{"Re[]: x", false, "", "Re[]: x", 1, -1, -1},
		{"Re[2: x", false, "", "Re[2: x", 1, -1, -1},
		{"AW: x", true, "", "x", 1, -1, -1},
		{"SV: x", true, "", "x", 1, -1, -1},
		{"VS: x", true, "", "x", 1, -1, -1},
		{"Antw: x", true, "", "x", 1, -1, -1},
		{"Odp: x", true, "", "x", 1, -1, -1},
		{"Antw: [EXT] Re: x", true, "EXT", "Re: x", 1, -1, -1},
		{"Re", false, "", "Re", 1, -1, -1},
		{"Re:", true, "", "", 1, -1, -1},
		{"Re enable the lamp", false, "", "Re enable the lamp", 1, -1, -1},
		{"Remove the lamp: done", false, "", "Remove the lamp: done", 1, -1, -1},
		{"Awake: x", false, "", "Awake: x", 1, -1, -1},
		{"[lamp-devel] Re: x", true, "lamp-devel", "Re: x", 1, -1, -1},
		{"[PATCH] Re: x", false, "", "Re: x", 1, -1, -1},
		{"Antwort: [PATCH 1/2] x", true, "1/2", "x", 1, 1, 2},
		{"回复：[PATCH 1/2] x", true, "1/2", "x", 1, 1, 2},
		{"res: fix x", false, "", "res: fix x", 1, -1, -1},
	};

	(void)state;
	CHECK_ALL(table);
}

static void test_forward(void **state)
{
	static const struct expected table[] = {
		{"Fwd: [PATCH 1/2] x", false, "1/2", "x", 1, 1, 2}, {"FW: x", false, "", "x", 1, -1, -1},
		{"Fw [PATCH] x", false, "", "x", 1, -1, -1},        {"Fwd: Fwd: x", false, "", "Fwd: x", 1, -1, -1},
		{"Fwd: Re: x", false, "", "Re: x", 1, -1, -1},      {"Re: Fwd: x", true, "", "Fwd: x", 1, -1, -1},
		{"Fwupd: x", false, "", "Fwupd: x", 1, -1, -1},     {"Fwd", false, "", "Fwd", 1, -1, -1},
		{"WG: [PATCH 1/2] x", false, "1/2", "x", 1, 1, 2},
	};

	(void)state;
	CHECK_ALL(table);
}

/* Many groups, prefixes and brackets: only the time taken could be wrong. */
static void test_long(void **state)
{
	g_autoptr(GString) text = g_string_new(NULL);
	struct subject subject;

	(void)state;
	for (size_t i = 0; i < 100000; i++)
		g_string_append(text, "[a,b 1 of]");
	for (size_t i = 0; i < 100000; i++)
		g_string_append(text, "([(v");
	subject_init(&subject, text->str, false);
	assert_int_equal(subject.prefixes->len, 400000);
	assert_int_equal(subject.version, 1);
	assert_int_equal(strlen(subject.title), 400000);
	subject_release(&subject);
}

static void test_minor(void **state)
{
	static const struct {
		const char *text;
		int minor;
	} table[] = {
		{"[PATCH v5.1 2/3] x", 1},    {"[2/3 v5.12] x", 12},         {"[PATCHv5.10 1/2] x", 10},
		{"[PATCH v5 2/3] x", 0},      {"[PATCH v5.0 2/3] x", 0},     {"[PATCH v5.10] x", 0},
		{"[PATCH 2/3] x (v5.1)", 0},  {"[PATCH v5.99999 2/3] x", 0}, {"[PATCH v5.1.1 2/3] x", 0},
		{"[PATCH v4 v5.1 2/3] x", 0},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		struct subject subject;

		subject_init(&subject, table[i].text, false);
		if (subject.minor != table[i].minor)
			fail_msg("\"%s\" has the minor version %d", table[i].text, subject.minor);
		subject_release(&subject);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_minor),       cmocka_unit_test(test_plain),
		cmocka_unit_test(test_prefixes),    cmocka_unit_test(test_broken_groups),
		cmocka_unit_test(test_mercurial),   cmocka_unit_test(test_marker),
		cmocka_unit_test(test_odd_markers), cmocka_unit_test(test_numbers_over_the_limit),
		cmocka_unit_test(test_version),     cmocka_unit_test(test_reply),
		cmocka_unit_test(test_forward),     cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests_name("subject", tests, NULL, NULL);
}
