/* test_lexical.c - lexical.c: comments, quoted strings, atoms, keywords, numbers, domains. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "mail/lexical.h"

#define LABEL_63 "abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz-012345678"

static const struct {
	const char *value;
	bool is_text;
} text_table[] = {
	{"", true},
	{"a b\tc", true},
	{"a\n b", true},
	{"a\n\tb", true},
	{"a\n b\n c", true},
	{"a\n ", true},
	{"\xc3\xa9", true},
	{"\xf0\x9f\x92\xa9", true},
	/* a line feed that is no fold */
	{"a\nb", false},
	{"a\n", false},
	{"a\n\n b", false},
	/* control characters */
	{"a\rb", false},
	{"a\r\n b", false},
	{"a\x01", false},
	{"\x1b[0m", false},
	{"a\x7f", false},
	{"a\vb", false},
	/* no UTF-8 */
	{"\xe9", false},
	{"\xc3", false},
	{"\xc0\xaf", false},
	{"\xed\xa0\x80", false},
	{"\xf5\x80\x80\x80", false},
};

static void test_is_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(text_table); i++)
		if (lexical_is_text(text_table[i].value) != text_table[i].is_text)
			fail_msg("\"%s\"", text_table[i].value);
}

/* What is skipped, and what stands after it; -EBADMSG leaves open where. */
static const struct {
	const char *value;
	int skipped;
	const char *rest;
} cfws_table[] = {
	{"", 0, ""},
	{"a", 0, "a"},
	{" a", 1, "a"},
	{"\t \n a", 1, "a"},
	{"(x)a", 1, "a"},
	{"()", 1, ""},
	{" (x) (y)\n (z) a", 1, "a"},
	{"(a(b(c)d)e)f", 1, "f"},
	{"(a\\)b)c", 1, "c"},
	{"(a\\(b)c", 1, "c"},
	{"(a\\\\)c", 1, "c"},
	{"(\")\")c", 1, "\")c"},
	{"(a;b=\"c)d", 1, "d"},
	{"(\xc3\xa9)d", 1, "d"},
	{")", 0, ")"},
	{"(", -EBADMSG, NULL},
	{"(a", -EBADMSG, NULL},
	{"(a(b)", -EBADMSG, NULL},
	{"(a\\)", -EBADMSG, NULL},
	{"(a\\", -EBADMSG, NULL},
	{" (a) (", -EBADMSG, NULL},
};

static void test_skip_cfws(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cfws_table); i++) {
		struct lexical text = {cfws_table[i].value};

		if (lexical_skip_cfws(&text) != cfws_table[i].skipped)
			fail_msg("\"%s\"", cfws_table[i].value);
		if (cfws_table[i].rest && strcmp(text.at, cfws_table[i].rest) != 0)
			fail_msg("\"%s\" leaves \"%s\"", cfws_table[i].value, text.at);
	}
}

static void test_skip_char(void **state)
{
	struct lexical text = {";="};

	(void)state;
	assert_false(lexical_skip_char(&text, '='));
	assert_string_equal(text.at, ";=");
	assert_true(lexical_skip_char(&text, ';'));
	assert_true(lexical_skip_char(&text, '='));
	assert_string_equal(text.at, "");
	assert_false(lexical_skip_char(&text, ';'));
}

typedef char *(*read_function)(struct lexical *text);

struct read_case {
	const char *value;
	const char *read; /* NULL: nothing, and then the cursor stands where it stood */
	const char *rest;
};

static void check_reads(read_function read, const struct read_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct lexical text = {cases[i].value};
		g_autofree char *got = read(&text);

		if (g_strcmp0(got, cases[i].read) != 0)
			fail_msg("\"%s\" gives %s", cases[i].value, got ? got : "nothing");
		if (strcmp(text.at, got ? cases[i].rest : cases[i].value) != 0)
			fail_msg("\"%s\" leaves \"%s\"", cases[i].value, text.at);
	}
}

static void test_quoted_string(void **state)
{
	static const struct read_case cases[] = {
		{"\"\"", "", ""},
		{"\"a b\"c", "a b", "c"},
		{"\"a;b=c(d\" e", "a;b=c(d", " e"},
		{"\"a\\\"b\"", "a\"b", ""},
		{"\"a\\\\\"b", "a\\", "b"},
		{"\"\\a\"", "a", ""},
		{"\"a\n b\"", "a b", ""},
		{"\"a\\\n b\"", "a b", ""},
		{"\"\xc3\xa9\"", "\xc3\xa9", ""},
		{"\"\\\xc3\xa9\"", "\xc3\xa9", ""},
		{"", NULL, NULL},
		{"a\"b\"", NULL, NULL},
		{"\"", NULL, NULL},
		{"\"a", NULL, NULL},
		{"\"a\\\"", NULL, NULL},
		{"\"a\\", NULL, NULL},
	};

	(void)state;
	check_reads(lexical_quoted_string, cases, G_N_ELEMENTS(cases));
}

static void test_dot_atoms(void **state)
{
	static const struct read_case cases[] = {
		{"a", "a", ""},
		{"mx.example.org; x", "mx.example.org", "; x"},
		{"..a..", "..a..", ""},
		{"!#$%&'*+-/=?^_`{|}~a.9", "!#$%&'*+-/=?^_`{|}~a.9", ""},
		{"\xc3\xa9.example", "\xc3\xa9.example", ""},
		{"a(b)", "a", "(b)"},
		{"a@b", "a", "@b"},
		{"a\"b\"", "a", "\"b\""},
		{"a\\b", "a", "\\b"},
		{"a:b", "a", ":b"},
		{"a<b", "a", "<b"},
		{"a[b", "a", "[b"},
		{"a,b", "a", ",b"},
		{"a\n b", "a", "\n b"},
		{"", NULL, NULL},
		{" a", NULL, NULL},
		{"@a", NULL, NULL},
	};

	(void)state;
	check_reads(lexical_dot_atoms, cases, G_N_ELEMENTS(cases));
}

static void test_keyword(void **state)
{
	static const struct read_case cases[] = {
		{"spf", "spf", ""},   {"dkim-adsp=", "dkim-adsp", "="},
		{"-a", "-a", ""},     {"x509.y", "x509", ".y"},
		{"a_b", "a", "_b"},   {"a\xc3\xa9", "a", "\xc3\xa9"},
		{"", NULL, NULL},     {"=", NULL, NULL},
		{"-", NULL, NULL},    {"a-", NULL, NULL},
		{"a--=", NULL, NULL}, {"\xc3\xa9", NULL, NULL},
	};

	(void)state;
	check_reads(lexical_keyword, cases, G_N_ELEMENTS(cases));
}

static void test_number(void **state)
{
	static const struct {
		const char *value;
		int number;
		const char *rest;
	} cases[] = {
		{"0", 0, ""},
		{"1", 1, ""},
		{"007a", 7, "a"},
		{"999999999", 999999999, ""},
		{"1000000000", -1, "1000000000"},
		{"99999999999999999999", -1, "99999999999999999999"},
		{"", -1, ""},
		{"a1", -1, "a1"},
		{"-1", -1, "-1"},
		{"+1", -1, "+1"},
		{" 1", -1, " 1"},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct lexical text = {cases[i].value};

		assert_int_equal(lexical_number(&text), cases[i].number);
		assert_string_equal(text.at, cases[i].rest);
	}
}

static void test_is_token(void **state)
{
	(void)state;
	assert_true(lexical_is_token("mx.example.org"));
	assert_true(lexical_is_token(".a.!#$%&'*+-^_`{|}~"));
	assert_false(lexical_is_token(""));
	assert_false(lexical_is_token("a/b"));
	assert_false(lexical_is_token("a="));
	assert_false(lexical_is_token("?a"));
}

static void test_is_dot_atom(void **state)
{
	(void)state;
	assert_true(lexical_is_dot_atom("a"));
	assert_true(lexical_is_dot_atom("a.b=c/d.e"));
	assert_false(lexical_is_dot_atom(""));
	assert_false(lexical_is_dot_atom("."));
	assert_false(lexical_is_dot_atom(".a"));
	assert_false(lexical_is_dot_atom("a."));
	assert_false(lexical_is_dot_atom("a..b"));
}

static void test_is_domain(void **state)
{
	static const char *const domains[] = {
		"example.org",  "A.b-c.9.Example",   "xn--mnchen-3ya.example", "m\xc3\xbcnchen.example",
		"a--b.example", LABEL_63 ".example",
	};
	static const char *const others[] = {
		"",
		".",
		"example",
		"example.",
		".example.org",
		"example..org",
		"example.org.",
		"-a.example",
		"a-.example",
		"a.-",
		"a_b.example",
		"a b.example",
		"a.example\n",
		"example.net'a.example.org",
		"example.net(.example.org",
		"a@example.org",
		"[192.0.2.1]",
		"*.example.org",
		"a/b.example",
		LABEL_63 "9.example",
		"example." LABEL_63 "9",
		LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_63,
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(domains); i++)
		if (!lexical_is_domain(domains[i]))
			fail_msg("\"%s\" is one", domains[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
		if (lexical_is_domain(others[i]))
			fail_msg("\"%s\" is not a domain", others[i]);
	assert_int_equal(strlen(LABEL_63), 63);
}

/* 253 bytes are a domain, 254 are not; the labels are short enough in both. */
static void test_domain_length(void **state)
{
	g_autoptr(GString) name = g_string_new("example");

	(void)state;
	while (name->len < 253)
		g_string_prepend(name, "a.");
	assert_int_equal(name->len, 253);
	assert_true(lexical_is_domain(name->str));
	g_string_append_c(name, 'e');
	assert_false(lexical_is_domain(name->str));
}

/* Comments may be nested as deeply as a value is long: this would be half a million calls if they were read by
 * calls. */
static void test_deep_comments(void **state)
{
	g_autoptr(GString) value = g_string_new(NULL);
	struct lexical text;

	(void)state;
	for (int i = 0; i < 500000; i++)
		g_string_append_c(value, '(');
	text.at = value->str;
	assert_int_equal(lexical_skip_cfws(&text), -EBADMSG);
	for (int i = 0; i < 500000; i++)
		g_string_append_c(value, ')');
	text.at = value->str;
	assert_int_equal(lexical_skip_cfws(&text), 1);
	assert_int_equal(*text.at, '\0');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_is_text),       cmocka_unit_test(test_skip_cfws),
		cmocka_unit_test(test_skip_char),     cmocka_unit_test(test_quoted_string),
		cmocka_unit_test(test_dot_atoms),     cmocka_unit_test(test_keyword),
		cmocka_unit_test(test_number),        cmocka_unit_test(test_is_token),
		cmocka_unit_test(test_is_dot_atom),   cmocka_unit_test(test_is_domain),
		cmocka_unit_test(test_domain_length), cmocka_unit_test(test_deep_comments),
	};

	return cmocka_run_group_tests_name("lexical", tests, NULL, NULL);
}
