/* test_authentication_results_bytes.c - authentication_results.c: limits, blanks in every place, fields that are cut
 * off or changed at any byte, and fields that are as bad as can be. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "authentication/authentication_results.h"

#define LENGTH AUTHENTICATION_RESULTS_LENGTH
#define THREAD_STACK (128u * 1024) /* bytes: two for each byte of a field that may be nested so deeply */

/* A result as a text; two are the same if their texts are. */
static void append_result(GString *text, const struct authentication_result *result)
{
	g_string_append_printf(text, "|%s/%d=%s{%s}", result->method, result->version, result->result,
	                       result->reason ? result->reason : "-");
	for (unsigned i = 0; i < result->properties->len; i++) {
		const struct authentication_property *property = g_ptr_array_index(result->properties, i);

		g_string_append_printf(text, " %s.%s{%s}", property->type, property->name, property->value);
	}
}

/* What a field says, NULL if it is refused; `count` results of it. */
static char *read_some(const char *value, unsigned count)
{
	struct authentication_results results;
	const char *reason = NULL;
	GString *text;

	if (authentication_results_parse(value, &results, &reason) < 0) {
		assert_non_null(reason);
		return NULL;
	}
	text = g_string_new(results.authserv_id);
	for (unsigned i = 0; i < MIN(count, results.results->len); i++)
		append_result(text, g_ptr_array_index(results.results, i));
	authentication_results_release(&results);
	return g_string_free(text, FALSE);
}

static char *read_all(const char *value)
{
	return read_some(value, UINT_MAX);
}

static const char *reason_of(const char *value)
{
	struct authentication_results results;
	const char *reason = "it is read";

	if (authentication_results_parse(value, &results, &reason) == 0)
		authentication_results_release(&results);
	return reason;
}

/* --- Limits ---------------------------------------------------------------------------------------------------- */

static char *repeat(const char *begin, const char *unit, unsigned count, const char *end)
{
	GString *text = g_string_new(begin);

	for (unsigned i = 0; i < count; i++)
		g_string_append(text, unit);
	g_string_append(text, end);
	return g_string_free(text, FALSE);
}

static unsigned results_in(const char *value)
{
	struct authentication_results results;
	const char *reason = NULL;
	unsigned count;

	assert_int_equal(authentication_results_parse(value, &results, &reason), 0);
	count = results.results->len;
	authentication_results_release(&results);
	return count;
}

static void test_limit_of_results(void **state)
{
	g_autofree char *at = repeat("a.b", "; dkim=pass", AUTHENTICATION_RESULTS_MAX, ";");
	g_autofree char *over = repeat("a.b", "; dkim=pass", AUTHENTICATION_RESULTS_MAX + 1, "");
	g_autofree char *none = repeat("a.b", "; dkim=pass", AUTHENTICATION_RESULTS_MAX, "; none");

	(void)state;
	assert_int_equal(results_in(at), AUTHENTICATION_RESULTS_MAX);
	assert_string_equal(reason_of(over), "too many results");
	assert_string_equal(reason_of(none), "`none` beside results");
}

static void test_limit_of_properties(void **state)
{
	g_autofree char *at = repeat("a.b; dkim=pass reason=x", " c.d=e", AUTHENTICATION_RESULTS_PROPERTIES, "");
	g_autofree char *over = repeat("a.b; dkim=pass", " c.d=e", AUTHENTICATION_RESULTS_PROPERTIES + 1, "");

	(void)state;
	assert_int_equal(results_in(at), 1);
	assert_string_equal(reason_of(over), "too many properties");
}

/* As many results as there may be, each with as many properties: the field's length is the limit, not their product. */
static void test_limit_of_both(void **state)
{
	g_autofree char *result = repeat("; x=y", " c.d=e", AUTHENTICATION_RESULTS_PROPERTIES, "");
	g_autofree char *value = repeat("a.b", result, AUTHENTICATION_RESULTS_MAX, "");

	(void)state;
	assert_true(strlen(value) < LENGTH);
	assert_int_equal(results_in(value), AUTHENTICATION_RESULTS_MAX);
}

static void test_limit_of_id(void **state)
{
	g_autofree char *at = repeat("", "a", AUTHENTICATION_RESULTS_ID, "; none");
	g_autofree char *over = repeat("", "a", AUTHENTICATION_RESULTS_ID + 1, "; none");

	(void)state;
	assert_string_equal(reason_of(at), "it is read");
	assert_string_equal(reason_of(over), "its authserv-id is too long");
}

static void test_limit_of_length(void **state)
{
	static const char begin[] = "a.b; spf=pass (", end[] = ")";
	unsigned fill = LENGTH - (unsigned)strlen(begin) - (unsigned)strlen(end);
	g_autofree char *at = repeat(begin, "x", fill, end), *over = repeat(begin, "x", fill + 1, end);
	g_autofree char *mebibyte = repeat(begin, "(\\)\\(\"", 1024 * 1024 / 6, end);

	(void)state;
	assert_int_equal(strlen(at), LENGTH);
	assert_int_equal(results_in(at), 1);
	assert_string_equal(reason_of(over), "it is too long");
	assert_string_equal(reason_of(mebibyte), "it is too long");
}

/* --- The worst that fits ----------------------------------------------------------------------------------------- */

/* A field that is filled with repeats of a unit, and its end: what it comes to. */
static const struct worst {
	const char *begin, *unit, *end;
	const char *reason; /* NULL: it is read */
} worst_table[] = {
	{"a.b; spf=pass ", "(", "", "a comment does not end"},
	{"a.b; spf=pass (", "()", ")", NULL},
	{"a.b; spf=pass ", "()", "", NULL},
	{"a.b; spf=pass (", "\\)", ")", NULL},
	{"a.b; spf=pass (", "\\\\", "", "a comment does not end"},
	{"a.b; spf=pass reason=\"", "\\\"", "\"", NULL},
	{"a.b; spf=pass reason=\"", "\\\\", "\"", NULL},
	{"a.b; spf=pass reason=\"", "\\\\", "", "a quoted string does not end"},
	{"a.b; spf=pass ", "\"", "", "something that is neither a reason nor a property"},
	{"a.b; spf=pass x.y=", "\"\"", "", "something that is neither a reason nor a property"},
	{"a.b; spf=pass x.y=", "a.", "", NULL},
	{"a.b; spf=pass x.y=", "a=", "", "a value has a character that has to be quoted: / = or ?"},
	{"a.b; spf=pass x.y=", "a.", "a@example.org", NULL},
	{"a.b; spf=pass x.y=a@", "a.", "example", "an address without a domain name"},
	{"a.b; spf=pass x.y=\"", "@", "\"@example.org", NULL},
	{"a.b; spf=pass", "\n ", "", NULL},
	{"a.b; spf=pass reason", " ", "=x", NULL},
	{"a.b; spf=pass reason", "(=)", "=x", NULL},
	{"a.b; spf=pass reason", "(=)", "", "neither a reason nor a property: there is no `.`"},
	{"a.b; reason", "-reason", "=x", NULL},
	{"a.b", ";", "", "a `;` without a method after it"},
	{"a.b", "; none", "", "`none` beside results"},
	{"a.b", ";a=b", "", "too many results"},
	{"a.b; a=b", " c.d=e", "", "too many properties"},
	{"spf", "()", "=pass", "no authserv-id: it begins with a method"},
	{"spf", "()", "", "no result"},
	{"", "a", "; none", "its authserv-id is too long"},
	{"", "a-", "; none", "its authserv-id is too long"},
	{"\"", "\\a", "\"; none", "its authserv-id is too long"},
	{"a.b ", "1", "; none", "a version other than 1"},
	{"a.b; spf/", "1", "=pass", "a method's version is no number"},
	{"a.b; spf=pass (", "\xc3\xa9", ")", NULL},
};

static char *fill_field(const struct worst *worst)
{
	size_t around = strlen(worst->begin) + strlen(worst->end);

	return repeat(worst->begin, worst->unit, (unsigned)((LENGTH - around) / strlen(worst->unit)), worst->end);
}

static void *read_worst(void *unused)
{
	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(worst_table); i++) {
		g_autofree char *value = fill_field(&worst_table[i]);
		const char *reason = reason_of(value), *expected = worst_table[i].reason;

		assert_true(strlen(value) > LENGTH - 16 && strlen(value) <= LENGTH);
		if (strcmp(reason, expected ? expected : "it is read") != 0)
			fail_msg("%s %s ...: %s", worst_table[i].begin, worst_table[i].unit, reason);
	}
	return NULL;
}

static void test_worst(void **state)
{
	(void)state;
	read_worst(NULL);
}

/* Nothing is read by recursion: a small stack is enough for whatever a field holds. */
static void *read_deep(void *unused)
{
	g_autofree char *comments = repeat("a.b; spf=pass ", "(", LENGTH / 2 - 8, "");
	unsigned open = (unsigned)strlen(comments) - 14;
	g_autofree char *closed = repeat(comments, ")", open, "");
	const char *reason = NULL;

	(void)unused;
	reason = reason_of(closed);
	return (void *)(uintptr_t)(strcmp(reason, "it is read") == 0);
}

static void test_small_stack(void **state)
{
	pthread_attr_t attributes;
	pthread_t thread;
	void *read = NULL;

	(void)state;
	assert_int_equal(pthread_attr_init(&attributes), 0);
	assert_int_equal(pthread_attr_setstacksize(&attributes, THREAD_STACK), 0);
	assert_int_equal(pthread_create(&thread, &attributes, read_deep, NULL), 0);
	assert_int_equal(pthread_join(thread, &read), 0);
	pthread_attr_destroy(&attributes);
	assert_non_null(read);
}

/* --- Blanks ------------------------------------------------------------------------------------------------------ */

/* `~` is where the grammar allows CFWS, `^` where it asks for it. */
static const char with_places[] = "~example.org^1~;~dkim~/~1~=~pass^reason~=~\"a; "
				  "b\"^header~.~d~=~\"example.net\"~header~.~i~=~ada@example.net~;~"
				  "spf~=~pass^smtp~.~helo~=~a~;~arc~=~none~";

/* The field with `here` at the place of that number, and one blank at the others that need one. */
static char *fill_places(unsigned place, const char *here)
{
	GString *value = g_string_new(NULL);

	for (const char *c = with_places; *c; c++) {
		if (*c != '~' && *c != '^')
			g_string_append_c(value, *c);
		else if (place-- == 0)
			g_string_append(value, here);
		else if (*c == '^')
			g_string_append_c(value, ' ');
	}
	return g_string_free(value, FALSE);
}

static void test_blanks(void **state)
{
	static const char *const blanks[] = {" ",
	                                     "\t",
	                                     "\n ",
	                                     "()",
	                                     "(a)",
	                                     " (a) ",
	                                     "(\")",
	                                     "(;a=b c.d=e)",
	                                     "(\\))",
	                                     "(a(b)c)",
	                                     "\n (a)\n\t(b) ",
	                                     "(\xc3\xa4)"};
	unsigned place = 0;
	g_autofree char *plain = fill_places(UINT_MAX, ""), *expected = read_all(plain);

	(void)state;
	assert_non_null(expected);
	for (const char *c = with_places; *c; c++) {
		if (*c != '~' && *c != '^')
			continue;
		for (size_t i = 0; i < G_N_ELEMENTS(blanks); i++) {
			g_autofree char *value = fill_places(place, blanks[i]), *text = read_all(value);

			if (g_strcmp0(text, expected) != 0)
				fail_msg("%s\ngives %s", value, text ? text : "nothing");
		}
		for (size_t i = 0; i < 2; i++) {
			g_autofree char *value = fill_places(place, i ? "(a" : ""), *text = read_all(value);
			bool same = g_strcmp0(text, expected) == 0;

			if (same != (i == 0 && *c == '~'))
				fail_msg("%s\ngives %s", value, text ? text : "nothing");
		}
		place++;
	}
	assert_int_equal(place, 35);
}

/* --- Cut off and changed ----------------------------------------------------------------------------------------- */

static const char long_field[] =
	"mx.example.org (a \\) b;) 1;\n dkim=pass (2048-bit key; (un)protected) reason=\"good; \\\"very\\\"\"\n"
	" header.d=example.net header.i=@example.net header.s=key1 header.b=dHJ1/+c=;\n"
	" dkim/1=fail reason=bad header.d=\"example.com\" header.i=\"a; b\"@example.com;\n"
	" spf=pass (example.net: 192.0.2.1 is permitted) smtp.mailfrom=bounces+a=b@example.net\n"
	" smtp.helo=m\xc3\xbcnchen.example;\n"
	" dmarc=pass (p=none dis=none) header.from=example.net; arc=none;";

/* Each field that ends too early is refused, or says what the whole one says as far as it goes. */
static void test_cut_off(void **state)
{
	unsigned whole = results_in(long_field), read = 0;

	(void)state;
	assert_int_equal(whole, 5);
	for (size_t length = 0; length < strlen(long_field); length++) {
		g_autofree char *value = g_strndup(long_field, length), *text = read_all(value);
		g_autofree char *said = NULL, *expected = NULL;
		unsigned count;

		if (!text)
			continue;
		read++;
		count = results_in(value);
		assert_in_range(count, 1, whole);
		said = read_some(value, count - 1);
		expected = read_some(long_field, count - 1);
		assert_string_equal(said, expected);
	}
	assert_true(read > 10);
}

/* Whatever stands in a comment, but parentheses and backslashes, makes no difference. */
static void test_changed_comments(void **state)
{
	g_autofree char *expected = read_all(long_field);
	unsigned changed = 0;
	int depth = 0;

	(void)state;
	for (const char *c = long_field; *c; c++) {
		bool escaped = c > long_field && c[-1] == '\\';

		depth += *c == '(' && !escaped ? 1 : 0;
		depth -= *c == ')' && !escaped ? 1 : 0;
		if (depth == 0 || escaped || strchr("()\\", *c))
			continue;
		for (char other = ' '; other < 0x7f; other++) {
			g_autofree char *value = g_strdup(long_field), *text = NULL;

			if (strchr("()\\", other))
				continue;
			value[c - long_field] = other;
			text = read_all(value);
			if (g_strcmp0(text, expected) != 0)
				fail_msg("%s\ngives %s", value, text ? text : "nothing");
			changed++;
		}
	}
	assert_true(changed > 3000);
}

static void append_quoted(GString *field, const char *value)
{
	g_string_append_c(field, '"');
	for (; *value; value++)
		g_string_append_printf(field, strchr("\"\\", *value) ? "\\%c" : "%c", *value);
	g_string_append_c(field, '"');
}

static void append_canonical(GString *field, const struct authentication_result *result)
{
	g_string_append_printf(field, ";%s/%d=%s", result->method, result->version, result->result);
	if (result->reason) {
		g_string_append(field, " reason=");
		append_quoted(field, result->reason);
	}
	for (unsigned i = 0; i < result->properties->len; i++) {
		const struct authentication_property *property = g_ptr_array_index(result->properties, i);

		g_string_append_printf(field, " %s.%s=", property->type, property->name);
		append_quoted(field, property->value);
	}
}

/* A field that says the same, in quotes throughout. */
static char *canonical_field(const char *value)
{
	struct authentication_results results;
	const char *reason = NULL;
	GString *field = g_string_new(NULL);

	assert_int_equal(authentication_results_parse(value, &results, &reason), 0);
	append_quoted(field, results.authserv_id);
	for (unsigned i = 0; i < results.results->len; i++)
		append_canonical(field, g_ptr_array_index(results.results, i));
	if (results.results->len == 0)
		g_string_append(field, ";none");
	authentication_results_release(&results);
	return g_string_free(field, FALSE);
}

/* Change, insert and delete a byte anywhere: it is refused, or what is read can be written and read again. */
static void test_changed_bytes(void **state)
{
	GRand *random = g_rand_new_with_seed(8601);
	size_t length = strlen(long_field);
	unsigned read = 0, refused = 0;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		g_autoptr(GString) value = g_string_new(long_field);
		size_t at = (size_t)g_rand_int_range(random, 0, (gint32)length);
		char byte = (char)(g_rand_boolean(random) ? "();=\"\\.@ /\n"[g_rand_int_range(random, 0, 11)]
		                                          : g_rand_int_range(random, 1, 256));
		g_autofree char *text = NULL, *field = NULL, *again = NULL;

		if (i % 3 == 0)
			value->str[at] = byte;
		else if (i % 3 == 1)
			g_string_insert_c(value, (gssize)at, byte);
		else
			g_string_erase(value, (gssize)at, 1);
		text = read_all(value->str);
		if (!text) {
			refused++;
			continue;
		}
		read++;
		field = canonical_field(value->str);
		again = read_all(field);
		if (g_strcmp0(again, text) != 0)
			fail_msg("%s\ngives %s\nand then %s", value->str, text, again ? again : "nothing");
	}
	g_rand_free(random);
	assert_true(read > 1000 && refused > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limit_of_results), cmocka_unit_test(test_limit_of_properties),
		cmocka_unit_test(test_limit_of_both),    cmocka_unit_test(test_limit_of_id),
		cmocka_unit_test(test_limit_of_length),  cmocka_unit_test(test_worst),
		cmocka_unit_test(test_small_stack),      cmocka_unit_test(test_blanks),
		cmocka_unit_test(test_cut_off),          cmocka_unit_test(test_changed_comments),
		cmocka_unit_test(test_changed_bytes),
	};

	return cmocka_run_group_tests_name("authentication_results_bytes", tests, NULL, NULL);
}
