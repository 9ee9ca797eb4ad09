/* test_received_spf.c - received_spf.c: the grammar of RFC 7208 section 9.1, and what is tolerated. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "authentication/received_spf.h"

static int compare_keys(const void *a, const void *b)
{
	const char *const *one = a, *const *other = b;

	return strcmp(*one, *other);
}

/* The result, then each key in alphabetical order with its value in braces. */
static char *text_of(const struct received_spf *spf)
{
	GString *text = g_string_new(spf->result);
	g_autofree const char **keys = (const char **)g_hash_table_get_keys_as_array(spf->pairs, NULL);

	qsort(keys, g_hash_table_size(spf->pairs), sizeof(*keys), compare_keys);
	for (const char **key = keys; *key; key++)
		g_string_append_printf(text, " %s{%s}", *key, received_spf_value(spf, *key));
	return g_string_free(text, FALSE);
}

static const struct {
	const char *value, *text;
} good_table[] = {
	{"pass", "pass"},
	{"Pass ", "Pass"},
	{"\n pass\n (example.net: 192.0.2.1 is permitted)\n ", "pass"},
	{"(a) pass (b) (c)", "pass"},
	{"pass (a (b) \\) c; d=e) f=g", "pass f{g}"},
	{"pass(a)f=g", "pass f{g}"},
	{"softfail client-ip=192.0.2.1; envelope-from=\"a@example.org\"; helo=mx.example.net;",
         "softfail client-ip{192.0.2.1} envelope-from{a@example.org} helo{mx.example.net}"},
	{"pass a=b;c=d", "pass a{b} c{d}"},
	{"pass a (1) = (2) b (3) ; (4) c=d (5) ; (6)", "pass a{b} c{d}"},
	{"pass a\n =\n b\n ;\n c=d\n ;\n ", "pass a{b} c{d}"},
	{"pass A=B; Receiver=MX.example.org", "pass a{B} receiver{MX.example.org}"},
	{"pass x-a_b.c9=d", "pass x-a_b.c9{d}"},
	{"pass a=\"b;c=d (e\\\"\"", "pass a{b;c=d (e\"}"},
	{"pass a=\"\"", "pass a{}"},
	{"pass a=\"b\n c\"", "pass a{b c}"},
	/* without the quotes that the grammar asks for */
	{"pass client-ip=2001:db8::1; receiver=<UNKNOWN>; envelope-from=<a@example.org>",
         "pass client-ip{2001:db8::1} envelope-from{<a@example.org>} receiver{<UNKNOWN>}"},
	{"pass a=b=c/d?e@f,g[h]; i=j", "pass a{b=c/d?e@f,g[h]} i{j}"},
	{"pass a=\xc3\xa9", "pass a{\xc3\xa9}"},
};

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(good_table); i++) {
		struct received_spf spf;
		const char *reason = NULL;
		g_autofree char *text = NULL;

		if (received_spf_parse(good_table[i].value, &spf, &reason) < 0)
			fail_msg("%s is refused: %s", good_table[i].value, reason);
		text = text_of(&spf);
		if (strcmp(text, good_table[i].text) != 0)
			fail_msg("%s gives %s", good_table[i].value, text);
		assert_null(received_spf_value(&spf, "no-such-key"));
		received_spf_release(&spf);
		received_spf_release(&spf);
	}
}

static const struct {
	const char *value, *reason;
} bad_table[] = {
	{"", "no result"},
	{" (pass)", "no result"},
	{"\"pass\"", "no result"},
	{"=pass", "no result"},
	{"pass-", "no result"},
	{"(pass", "a comment does not end"},
	{"pass (a", "a comment does not end"},
	{"pass (a\\)", "a comment does not end"},
	{"pass a (=b", "a comment does not end"},
	{"pass a=(b", "a comment does not end"},
	{"pass a=b (c", "a comment does not end"},
	{"pass a=b; (c", "a comment does not end"},
	{"pass;", "no blank after the result"},
	{"pass=a", "no blank after the result"},
	{"pass_a b=c", "no blank after the result"},
	{"pass\"a\"", "no blank after the result"},
	{"pass ;", "something that is no key"},
	{"pass 1a=b", "something that is no key"},
	{"pass -a=b", "something that is no key"},
	{"pass =b", "something that is no key"},
	{"pass \"a\"=b", "something that is no key"},
	{"pass a=b;;", "something that is no key"},
	{"pass a=b;;c=d", "something that is no key"},
	{"pass \xc3\xa9=b", "something that is no key"},
	{"pass a", "a key without `=`"},
	{"pass a b", "a key without `=`"},
	{"pass a:b", "a key without `=`"},
	{"pass fail", "a key without `=`"},
	{"pass a=", "a key without a value"},
	{"pass a=;", "a key without a value"},
	{"pass a= (b)", "a key without a value"},
	{"pass a=)", "a key without a value"},
	{"pass a=\"b", "a key without a value"},
	{"pass a=\"b\\\"", "a key without a value"},
	{"pass a=b c=d", "no `;` between two keys"},
	{"pass a=\"b\"c=d", "no `;` between two keys"},
	{"pass a=b, c=d", "no `;` between two keys"},
	{"pass a=b\"c\"", "no `;` between two keys"},
	{"pass a=b)", "no `;` between two keys"},
	{"pass a=b; a=b", "a key that stands there twice"},
	{"pass a=b; c=d; A=e", "a key that stands there twice"},
	{"pass \x01", "it has a control character, or is not UTF-8"},
	{"pass a=\"\x1b\"", "it has a control character, or is not UTF-8"},
	{"pass (\xe9)", "it has a control character, or is not UTF-8"},
	{"pass\n", "it has a control character, or is not UTF-8"},
};

static void check_bad(const char *value, const char *expected)
{
	struct received_spf spf = {NULL, NULL};
	const char *reason = "it is read";

	if (received_spf_parse(value, &spf, &reason) != -EBADMSG || strcmp(reason, expected) != 0)
		fail_msg("%.200s: %s", value, reason);
	assert_null(spf.result);
	assert_null(spf.pairs);
}

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(bad_table); i++)
		check_bad(bad_table[i].value, bad_table[i].reason);
}

static int parse_and_release(const char *value)
{
	struct received_spf spf;
	const char *reason = NULL;
	int error = received_spf_parse(value, &spf, &reason);

	if (error == 0)
		received_spf_release(&spf);
	return error;
}

static void test_limits(void **state)
{
	g_autoptr(GString) pairs = g_string_new("pass "), length = g_string_new("pass (");

	(void)state;
	for (unsigned i = 0; i < RECEIVED_SPF_PAIRS; i++)
		g_string_append_printf(pairs, "a%u=b;", i);
	assert_int_equal(parse_and_release(pairs->str), 0);
	g_string_append(pairs, "c=d");
	check_bad(pairs->str, "too many keys");

	while (length->len < RECEIVED_SPF_LENGTH - 1)
		g_string_append_c(length, 'x');
	g_string_append_c(length, ')');
	assert_int_equal(parse_and_release(length->str), 0);
	g_string_append_c(length, ' ');
	check_bad(length->str, "it is too long");
}

/* Cut off at any byte, a field has no key that the whole one has not, and no other value but a shorter last one. */
static void test_cut_off(void **state)
{
	static const char whole[] =
		"pass (a \\) b)\n (c)\n client-ip=192.0.2.1; helo=\"a \\\"b\" ;\n receiver=mx.example.org;";
	unsigned read = 0;

	(void)state;
	for (size_t length = 0; length <= strlen(whole); length++) {
		g_autofree char *value = g_strndup(whole, length);
		struct received_spf spf;
		const char *reason = NULL;

		if (received_spf_parse(value, &spf, &reason) < 0) {
			assert_non_null(reason);
			continue;
		}
		read++;
		assert_true(g_hash_table_size(spf.pairs) <= 3);
		if (received_spf_value(&spf, "receiver")) {
			assert_string_equal(received_spf_value(&spf, "client-ip"), "192.0.2.1");
			assert_string_equal(received_spf_value(&spf, "helo"), "a \"b");
			assert_true(g_str_has_prefix("mx.example.org", received_spf_value(&spf, "receiver")));
		}
		received_spf_release(&spf);
	}
	assert_true(read > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_cut_off),
	};

	return cmocka_run_group_tests_name("received_spf", tests, NULL, NULL);
}
