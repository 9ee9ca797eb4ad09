/* test_alignment.c - alignment.c: which domains are one, which belong together, and which only look so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>

#include "authentication/alignment.h"
#include "mail/lexical.h"

#define ZERO_WIDTH_SPACE "\xe2\x80\x8b"
#define NON_JOINER "\xe2\x80\x8c"
#define SOFT_HYPHEN "\xc2\xad"
#define IDEOGRAPHIC_STOP "\xe3\x80\x82"
#define KELVIN "\xe2\x84\xaa"
#define FULLWIDTH_E "\xef\xbd\x85"
#define SHARP_S "\xc3\x9f"
#define U_UMLAUT "\xc3\xbc"
#define U_UMLAUT_CAPITAL "\xc3\x9c"
#define U_UMLAUT_DECOMPOSED "u\xcc\x88"
#define COMPANY "\xe5\x85\xac\xe5\x8f\xb8" /* a label of public suffixes */

/* NULL: no domain. */
static const struct {
	const char *domain, *compared;
} domain_table[] = {
	{"example.org", "example.org"},
	{"Example.ORG", "example.org"},
	{"a-b.1.example", "a-b.1.example"},
	{"m" U_UMLAUT "nchen.example", "m" U_UMLAUT "nchen.example"},
	{"M" U_UMLAUT "NCHEN.Example", "m" U_UMLAUT "nchen.example"},
	{"xn--mnchen-3ya.example", "m" U_UMLAUT "nchen.example"},
	{"XN--Mnchen-3YA.example", "m" U_UMLAUT "nchen.example"},
	{"a.xn--mnchen-3ya.xn--fa-hia.example", "a.m" U_UMLAUT "nchen.fa" SHARP_S ".example"},
	{"fa" SHARP_S ".example", "fa" SHARP_S ".example"},
	/* what only looks like an A-label stays: controls, a non-joiner, no punycode, too much of it, a capital
	 * letter */
	{"xn--a.example", "xn--a.example"},
	{"xn--0ug.example", "xn--0ug.example"},
	{"xn--99999999.example", "xn--99999999.example"},
	{"xn--mnchen-psa.example", "xn--mnchen-psa.example"},
	/* what would become a U-label by mapping */
	{"m" U_UMLAUT_CAPITAL "nchen.example", NULL},
	{"m" U_UMLAUT_DECOMPOSED "nchen.example", NULL},
	{FULLWIDTH_E "xample.org", NULL},
	{"exam" ZERO_WIDTH_SPACE "ple.org", NULL},
	{"exam" NON_JOINER "ple.org", NULL},
	{"exam" SOFT_HYPHEN "ple.org", NULL},
	{"boo" KELVIN ".example", NULL},
	{"example" IDEOGRAPHIC_STOP "org", NULL},
	{"a.example" IDEOGRAPHIC_STOP "org", NULL},
	{"a\xe2\x80\xa4"
         "b.example",
         NULL},
	{"a\xef\xbc\x8e"
         "b.example",
         NULL},
	{"\xe2\x84\x80.example", NULL},
	{"a\xc2\xa0.example", NULL},
	{"a\xc2\x80.example", NULL},
	{"xn--" U_UMLAUT "-abc.example", NULL},
	{"xn--m" IDEOGRAPHIC_STOP "org.example", NULL},
	/* no domain names */
	{"", NULL},
	{"example", NULL},
	{"example.org.", NULL},
	{".example.org", NULL},
	{"a@example.org", NULL},
	{"a b.example", NULL},
	{"example.net'.example.org", NULL},
	{"xn--.example", NULL},
	{"xn--ex-.example", NULL},
};

static void test_domain(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(domain_table); i++) {
		g_autofree char *compared = alignment_domain(domain_table[i].domain);

		if (g_strcmp0(compared, domain_table[i].compared) != 0)
			fail_msg("%s becomes %s", domain_table[i].domain, compared ? compared : "nothing");
	}
}

/* Whatever an A-label holds, what comes out of it is a domain in UTF-8, and stays what it is. */
static void test_any_labels(void **state)
{
	GRand *random = g_rand_new_with_seed(5890);
	unsigned decoded = 0;

	(void)state;
	for (int i = 0; i < 50000; i++) {
		g_autoptr(GString) domain = g_string_new("xn--");
		g_autofree char *once = NULL, *twice = NULL;

		for (int length = g_rand_int_range(random, 1, 12); length > 0; length--)
			g_string_append_c(domain,
			                  "abcdefghijklmnopqrstuvwxyz0123456789-"[g_rand_int_range(random, 0, 37)]);
		g_string_append(domain, ".example");
		once = alignment_domain(domain->str);
		if (!once)
			continue;
		decoded += !g_str_is_ascii(once);
		assert_true(g_utf8_validate(once, -1, NULL));
		assert_true(lexical_is_domain(once));
		twice = alignment_domain(once);
		if (g_strcmp0(once, twice) != 0)
			fail_msg("%s becomes %s and then %s", domain->str, once, twice ? twice : "nothing");
	}
	g_rand_free(random);
	assert_true(decoded > 100);
}

static const struct {
	const char *domain, *other;
	enum alignment alignment;
} alignment_table[] = {
	{"example.org", "example.org", ALIGNMENT_STRICT},
	{"EXAMPLE.org", "example.ORG", ALIGNMENT_STRICT},
	{"a.b.example.org", "a.b.example.org", ALIGNMENT_STRICT},
	{"a.example.org", "example.org", ALIGNMENT_RELAXED},
	{"a.example.org", "b.c.example.org", ALIGNMENT_RELAXED},
	{"example.org", "example.net", ALIGNMENT_NONE},
	{"example.org", "badexample.org", ALIGNMENT_NONE},
	{"example.org", "example.org.example.net", ALIGNMENT_NONE},
	{"example.org", "org.example.net", ALIGNMENT_NONE},
	/* public suffixes of two labels */
	{"example.co.uk", "a.example.co.uk", ALIGNMENT_RELAXED},
	{"example.co.uk", "other.co.uk", ALIGNMENT_NONE},
	{"example.co.uk", "co.uk", ALIGNMENT_NONE},
	{"example.co.uk", "example.uk", ALIGNMENT_NONE},
	{"co.uk", "com.au", ALIGNMENT_NONE},
	{"co.uk", "co.uk", ALIGNMENT_STRICT},
	{"example.com.au", "other.com.au", ALIGNMENT_NONE},
	/* private suffixes: each name below them is somebody else's */
	{"ada.github.io", "eve.github.io", ALIGNMENT_NONE},
	{"ada.github.io", "github.io", ALIGNMENT_NONE},
	{"a.ada.github.io", "b.ada.github.io", ALIGNMENT_RELAXED},
	{"ada.s3.amazonaws.com", "eve.s3.amazonaws.com", ALIGNMENT_NONE},
	/* any label below ck is one, but www */
	{"ada.lamp.ck", "eve.lamp.ck", ALIGNMENT_NONE},
	{"a.ada.lamp.ck", "b.ada.lamp.ck", ALIGNMENT_RELAXED},
	{"a.www.ck", "b.www.ck", ALIGNMENT_RELAXED},
	/* suffixes that the list does not have */
	{"ada.invalid", "eve.invalid", ALIGNMENT_NONE},
	{"a.ada.invalid", "b.ada.invalid", ALIGNMENT_RELAXED},
	/* A-labels and U-labels */
	{"xn--mnchen-3ya.example", "m" U_UMLAUT "nchen.example", ALIGNMENT_STRICT},
	{"a.xn--mnchen-3ya.example", "m" U_UMLAUT "nchen.example", ALIGNMENT_RELAXED},
	{"m" U_UMLAUT "nchen.example", "munchen.example", ALIGNMENT_NONE},
	{"fa" SHARP_S ".example", "fass.example", ALIGNMENT_NONE},
	{"xn--fa-hia.example", "fass.example", ALIGNMENT_NONE},
	{"xn--fa-hia.example", "fa" SHARP_S ".example", ALIGNMENT_STRICT},
	{"ada." COMPANY ".cn", "eve." COMPANY ".cn", ALIGNMENT_NONE},
	{"ada.xn--55qx5d.cn", "eve." COMPANY ".cn", ALIGNMENT_NONE},
	{"ada.xn--55qx5d.cn", "eve.xn--55qx5d.cn", ALIGNMENT_NONE},
	{"a.ada.xn--55qx5d.cn", "ada." COMPANY ".cn", ALIGNMENT_RELAXED},
	{"\xf0\x9f\x92\xa9." COMPANY ".cn", "eve." COMPANY ".cn", ALIGNMENT_NONE},
};

static void test_alignment(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(alignment_table); i++) {
		g_autofree char *domain = alignment_domain(alignment_table[i].domain);
		g_autofree char *other = alignment_domain(alignment_table[i].other);

		assert_non_null(domain);
		assert_non_null(other);
		if (alignment_of(domain, other) != alignment_table[i].alignment)
			fail_msg("%s with %s: %s", domain, other, alignment_name(alignment_of(domain, other)));
		assert_int_equal(alignment_of(other, domain), alignment_table[i].alignment);
	}
}

static void test_name(void **state)
{
	(void)state;
	assert_string_equal(alignment_name(ALIGNMENT_NONE), "none");
	assert_string_equal(alignment_name(ALIGNMENT_RELAXED), "relaxed");
	assert_string_equal(alignment_name(ALIGNMENT_STRICT), "strict");
	/* so that they can be compared */
	assert_true(ALIGNMENT_NONE < ALIGNMENT_RELAXED && ALIGNMENT_RELAXED < ALIGNMENT_STRICT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_domain),
		cmocka_unit_test(test_any_labels),
		cmocka_unit_test(test_alignment),
		cmocka_unit_test(test_name),
	};

	return cmocka_run_group_tests_name("alignment", tests, NULL, NULL);
}
