/* test_authentication_results.c - authentication_results.c: each production of RFC 8601 section 2.2, and each reason
 * why a field cannot be read.  What is read is compared as a text: the id, then after `|` each result with its
 * properties in braces; a `~` after one that something touches.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "authentication/authentication_results.h"

static char *text_of(const struct authentication_results *results)
{
	GString *text = g_string_new(results->authserv_id);

	for (unsigned i = 0; i < results->results->len; i++) {
		const struct authentication_result *result = g_ptr_array_index(results->results, i);

		g_string_append_printf(text, "|%s/%d=%s", result->method, result->version, result->result);
		if (result->reason)
			g_string_append_printf(text, " reason{%s}", result->reason);
		for (unsigned j = 0; j < result->properties->len; j++) {
			const struct authentication_property *property = g_ptr_array_index(result->properties, j);

			g_string_append_printf(text, " %s.%s{%s}%s", property->type, property->name, property->value,
			                       property->glued ? "~" : "");
		}
	}
	return g_string_free(text, FALSE);
}

/* A field's value, and what it says. */
struct good {
	const char *value, *text;
};

static void check_good(const struct good *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct authentication_results results;
		const char *reason = NULL;
		g_autofree char *text = NULL;

		if (authentication_results_parse(cases[i].value, &results, &reason) < 0)
			fail_msg("%s\nis refused: %s", cases[i].value, reason);
		text = text_of(&results);
		authentication_results_release(&results);
		assert_null(reason);
		if (strcmp(text, cases[i].text) != 0)
			fail_msg("%s\ngives %s", cases[i].value, text);
	}
}

/* A field's value, and why it cannot be read. */
struct bad {
	const char *value, *reason;
};

static void check_bad(const struct bad *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct authentication_results results = {0};
		const char *reason = NULL;

		if (authentication_results_parse(cases[i].value, &results, &reason) != -EBADMSG) {
			g_autofree char *text = text_of(&results);

			fail_msg("%s\ngives %s", cases[i].value, text);
		}
		assert_null(results.authserv_id);
		assert_null(results.results);
		if (g_strcmp0(reason, cases[i].reason) != 0)
			fail_msg("%s\nis refused: %s", cases[i].value, reason);
	}
}

/* authres-payload = [CFWS] authserv-id [ CFWS authres-version ] ( no-result / 1*resinfo ) [CFWS] */
static void test_identifier(void **state)
{
	static const struct good good[] = {
		{"example.org; none", "example.org"},
		{"EXAMPLE.org;none", "EXAMPLE.org"},
		{"\t(a)\n (b) example.org (c) ; none", "example.org"},
		{"\n example.org; none", "example.org"},
		{"example.org\n ; none", "example.org"},
		{"mx; none", "mx"},
		{"a_b!#$%&'*+-^`{|}~.c; none", "a_b!#$%&'*+-^`{|}~.c"},
		{"\"example.org\"; none", "example.org"},
		{"\"a b;c=(d/e\"; none", "a b;c=(d/e"},
		{"\"a\\\"b\\\\c\"; none", "a\"b\\c"},
		{"\"a\n b\"; none", "a b"},
		{"\"\"; none", ""},
		{"\"mx=1\"; none", "mx=1"},
		{"m\xc3\xbcnchen.example; none", "m\xc3\xbcnchen.example"},
		/* an id that could be a method */
		{"spf; none", "spf"},
		{"spf 1; none", "spf"},
		{"1; none", "1"},
		/* versions */
		{"example.org 1; none", "example.org"},
		{"example.org 1 ; none", "example.org"},
		{"example.org(a)1(b);none", "example.org"},
		{"example.org\n 1\n ;none", "example.org"},
		{"example.org 001; none", "example.org"},
		{"\"example.org\" 1; none", "example.org"},
		{"example.org 1; spf=none", "example.org|spf/1=none"},
	};
	static const struct bad bad[] = {
		{"", "it is empty"},
		{" \n ", "it is empty"},
		{"(example.org; none)", "it is empty"},
		{"(a) (b", "a comment does not end"},
		{"example.org (a; none", "a comment does not end"},
		{"example.org 1 (a; none", "a comment does not end"},
		{"\"example.org; none", "a quoted string does not end"},
		{"\"example.org\\\"; none", "a quoted string does not end"},
		{"; none", "a value is missing, or has a character that has to be quoted"},
		{"@example.org; none", "a value is missing, or has a character that has to be quoted"},
		{"[192.0.2.1]; none", "a value is missing, or has a character that has to be quoted"},
		{"<example.org>; none", "a value is missing, or has a character that has to be quoted"},
		{"example.org/a; none", "a value has a character that has to be quoted: / = or ?"},
		{"a.b=c; none", "a value has a character that has to be quoted: / = or ?"},
		{"a.b?; none", "a value has a character that has to be quoted: / = or ?"},
		{"a@example.org; none", "no `;` after the authserv-id"},
		{"2001:db8::1; none", "no `;` after the authserv-id"},
		{"example.org example.net; none", "no `;` after the authserv-id"},
		{"example.org, spf=pass", "no `;` after the authserv-id"},
		{"example.org spf=pass", "no `;` after the authserv-id"},
		{"\"example.org\"example.net; none", "no `;` after the authserv-id"},
		{"\"example.org\"1; none", "no `;` after the authserv-id"},
		{"example.org 1a; none", "no `;` after the authserv-id"},
		{"example.org 1 1; none", "no `;` after the authserv-id"},
		{"example.org v1; none", "no `;` after the authserv-id"},
		{"example.org 0; none", "a version other than 1"},
		{"example.org 2; none", "a version other than 1"},
		{"example.org 11; none", "a version other than 1"},
		{"example.org 1000000001; none", "a version other than 1"},
		{"example.org 4294967297; none", "a version other than 1"},
		{"example.org", "no result"},
		{"example.org 1", "no result"},
		{"example.org (a)", "no result"},
	};

	(void)state;
	check_good(good, G_N_ELEMENTS(good));
	check_bad(bad, G_N_ELEMENTS(bad));
}

/* Microsoft's fields begin with a result. */
static void test_no_identifier(void **state)
{
	static const struct bad bad[] = {
		{"spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=example.org; dkim=pass header.d=example.org",
	         "no authserv-id: it begins with a method"},
		{"spf=none", "no authserv-id: it begins with a method"},
		{"(example.org;) spf = pass", "no authserv-id: it begins with a method"},
		{"spf(a)=pass", "no authserv-id: it begins with a method"},
		{"spf\n =pass; example.org", "no authserv-id: it begins with a method"},
		{"dkim/1=pass", "no authserv-id: it begins with a method"},
		{"dkim / 1 = pass", "no authserv-id: it begins with a method"},
		{"none=pass", "no authserv-id: it begins with a method"},
	};

	(void)state;
	check_bad(bad, G_N_ELEMENTS(bad));
}

/* no-result = [CFWS] ";" [CFWS] "none", and the `;` at the end that is tolerated */
static void test_none(void **state)
{
	static const struct good good[] = {
		{"example.org;none", "example.org"},
		{"example.org;NoNe", "example.org"},
		{"example.org (a) ; (b) none (c)", "example.org"},
		{"example.org;\n none\n ", "example.org"},
		{"example.org; none;", "example.org"},
		{"example.org; none (a) ; (b)", "example.org"},
		/* a method that is called so */
		{"example.org; none=pass", "example.org|none/1=pass"},
		{"example.org; none=pass; none/2=none", "example.org|none/1=pass|none/2=none"},
		{"example.org; spf=none", "example.org|spf/1=none"},
	};
	static const struct bad bad[] = {
		{"example.org; none; none", "`none` beside results"},
		{"example.org; none; spf=pass", "`none` beside results"},
		{"example.org; spf=pass; none", "`none` beside results"},
		{"example.org; spf=pass; none;", "`none` beside results"},
		{"example.org; none;;", "`none` beside results"},
		{"example.org; none spf=pass", "a method without `=`"},
		{"example.org; none (", "a comment does not end"},
		{"example.org; none.", "a method without `=`"},
	};

	(void)state;
	check_good(good, G_N_ELEMENTS(good));
	check_bad(bad, G_N_ELEMENTS(bad));
}

/* resinfo = [CFWS] ";" methodspec ...
 * methodspec = [CFWS] method [CFWS] "=" [CFWS] result; method = Keyword [ [CFWS] "/" [CFWS] method-version ] */
static void test_methods(void **state)
{
	static const struct good good[] = {
		{"a.b;spf=pass", "a.b|spf/1=pass"},
		{"a.b; spf=pass; dkim=fail;dmarc=none", "a.b|spf/1=pass|dkim/1=fail|dmarc/1=none"},
		{"a.b (a) ; (b) spf (c) = (d) pass (e) ; (f) arc=none (g)", "a.b|spf/1=pass|arc/1=none"},
		{"a.b\n ;\n spf\n =\n pass\n ", "a.b|spf/1=pass"},
		{"a.b; SPF=Pass", "a.b|SPF/1=Pass"},
		{"a.b; dkim-adsp=pass; x-9=-a", "a.b|dkim-adsp/1=pass|x-9/1=-a"},
		{"a.b; spf=pass (a;b=c)", "a.b|spf/1=pass"},
		{"a.b; spf=pass (a \"b)", "a.b|spf/1=pass"},
		{"a.b; spf=pass (a \\) dkim=pass)", "a.b|spf/1=pass"},
		{"a.b; spf=pass (a (b; (c)) d)", "a.b|spf/1=pass"},
		{"a.b; spf=pass(a)", "a.b|spf/1=pass"},
		/* the same method twice */
		{"a.b; dkim=pass; dkim=pass", "a.b|dkim/1=pass|dkim/1=pass"},
		/* versions */
		{"a.b; spf/1=pass", "a.b|spf/1=pass"},
		{"a.b; spf (a) / (b) 2 (c) = (d) pass", "a.b|spf/2=pass"},
		{"a.b; spf\n /\n 0\n =\n pass", "a.b|spf/0=pass"},
		{"a.b; spf/999999999=pass", "a.b|spf/999999999=pass"},
		/* the `;` at the end */
		{"a.b; spf=pass;", "a.b|spf/1=pass"},
		{"a.b; spf=pass ; (a) \n ", "a.b|spf/1=pass"},
	};
	static const struct bad bad[] = {
		{"a.b;", "a `;` without a method after it"},
		{"a.b; (a)", "a `;` without a method after it"},
		{"a.b;;", "a `;` without a method after it"},
		{"a.b;; spf=pass", "a `;` without a method after it"},
		{"a.b; spf=pass;;", "a `;` without a method after it"},
		{"a.b; spf=pass; ;", "a `;` without a method after it"},
		{"a.b; spf=pass;; dkim=pass", "a `;` without a method after it"},
		{"a.b; =pass", "a `;` without a method after it"},
		{"a.b; \"spf\"=pass", "a `;` without a method after it"},
		{"a.b; spf-=pass", "a `;` without a method after it"},
		{"a.b; (spf=pass", "a comment does not end"},
		{"a.b; spf (=pass", "a comment does not end"},
		{"a.b; spf=(pass", "a comment does not end"},
		{"a.b; spf=pass (a", "a comment does not end"},
		{"a.b; spf=pass (a\\)", "a comment does not end"},
		{"a.b; spf=pass (a (b)", "a comment does not end"},
		{"a.b; spf/(1=pass", "a comment does not end"},
		{"a.b; spf/1(=pass", "a comment does not end"},
		{"a.b; spf", "a method without `=`"},
		{"a.b; spf;", "a method without `=`"},
		{"a.b; spf pass", "a method without `=`"},
		{"a.b; spf:pass", "a method without `=`"},
		{"a.b; x_spf=pass", "a method without `=`"},
		{"a.b; spf.pass", "a method without `=`"},
		{"a.b; spf/1 pass", "a method without `=`"},
		{"a.b; spf/=pass", "a method's version is no number"},
		{"a.b; spf/a=pass", "a method's version is no number"},
		{"a.b; spf/-1=pass", "a method's version is no number"},
		{"a.b; spf/1000000000=pass", "a method's version is no number"},
		{"a.b; spf/1.0=pass", "a method without `=`"},
		{"a.b; spf=", "a method without a result"},
		{"a.b; spf=;", "a method without a result"},
		{"a.b; spf= (pass)", "a method without a result"},
		{"a.b; spf=\"pass\"", "a method without a result"},
		{"a.b; spf==pass", "a method without a result"},
		{"a.b; spf=pass-", "a method without a result"},
		{"a.b; spf=-a-", "a method without a result"},
		{"a.b; spf=p\xc3\xa4ss", "something that is neither a reason nor a property"},
		{"a.b; spf=pass_x", "something that is neither a reason nor a property"},
		{"a.b; spf=pass/1", "something that is neither a reason nor a property"},
		{"a.b; spf=pass=pass", "something that is neither a reason nor a property"},
		{"a.b; spf=pass, dkim=pass", "something that is neither a reason nor a property"},
		{"a.b; spf=pass )", "something that is neither a reason nor a property"},
		{"a.b; spf=pass [x]", "something that is neither a reason nor a property"},
		{"a.b; spf=pass \"x\"", "something that is neither a reason nor a property"},
		{"a.b; spf=pass dkim=pass", "neither a reason nor a property: there is no `.`"},
	};

	(void)state;
	check_good(good, G_N_ELEMENTS(good));
	check_bad(bad, G_N_ELEMENTS(bad));
}

/* reasonspec = "reason" [CFWS] "=" [CFWS] value, once, before the properties */
static void test_reasons(void **state)
{
	static const struct good good[] = {
		{"a.b; spf=pass reason=good", "a.b|spf/1=pass reason{good}"},
		{"a.b; spf=pass REASON=good", "a.b|spf/1=pass reason{good}"},
		{"a.b; spf=pass(a)reason (b) = (c) good (d)", "a.b|spf/1=pass reason{good}"},
		{"a.b; spf=pass\n reason\n =\n good\n ; arc=none", "a.b|spf/1=pass reason{good}|arc/1=none"},
		{"a.b; spf=pass reason=\"a; dkim=pass header.d=c\"", "a.b|spf/1=pass reason{a; dkim=pass header.d=c}"},
		{"a.b; spf=pass reason=\"a (b\"", "a.b|spf/1=pass reason{a (b}"},
		{"a.b; spf=pass reason=\"a \\\"b\\\" \\\\\"", "a.b|spf/1=pass reason{a \"b\" \\}"},
		{"a.b; spf=pass reason=\"\"", "a.b|spf/1=pass reason{}"},
		{"a.b; spf=pass reason=\"a\n b\"", "a.b|spf/1=pass reason{a b}"},
		{"a.b; spf=pass reason=a x.y=z", "a.b|spf/1=pass reason{a} x.y{z}"},
		{"a.b; spf=pass reason=\"a\" x.y=z", "a.b|spf/1=pass reason{a} x.y{z}"},
		{"a.b; spf=pass reason=\"a\"(b)x.y=z", "a.b|spf/1=pass reason{a} x.y{z}"},
		/* a ptype of that name */
		{"a.b; spf=pass reason.x=y", "a.b|spf/1=pass reason.x{y}"},
		{"a.b; spf=pass reason=a reason.x=y", "a.b|spf/1=pass reason{a} reason.x{y}"},
		{"a.b; spf=pass reason (a) . x=y", "a.b|spf/1=pass reason.x{y}"},
		/* a property of that name */
		{"a.b; spf=pass x.reason=y", "a.b|spf/1=pass x.reason{y}"},
	};
	static const struct bad bad[] = {
		{"a.b; spf=pass reason=", "a value is missing, or has a character that has to be quoted"},
		{"a.b; spf=pass reason=;", "a value is missing, or has a character that has to be quoted"},
		{"a.b; spf=pass reason=<a>", "a value is missing, or has a character that has to be quoted"},
		{"a.b; spf=pass reason=a/b", "a value has a character that has to be quoted: / = or ?"},
		{"a.b; spf=pass reason=\"a", "a quoted string does not end"},
		{"a.b; spf=pass reason=\"a\\\"", "a quoted string does not end"},
		{"a.b; spf=pass reason=a@example.org", "something that is neither a reason nor a property"},
		{"a.b; spf=pass reason=a b", "neither a reason nor a property: there is no `.`"},
		{"a.b; spf=pass reason", "neither a reason nor a property: there is no `.`"},
		{"a.b; spf=pass reason a", "neither a reason nor a property: there is no `.`"},
		{"a.b; spf=pass reason=a reason=b", "neither a reason nor a property: there is no `.`"},
		{"a.b; spf=pass x.y=z reason=a", "neither a reason nor a property: there is no `.`"},
		{"a.b; spf=pass reason=(a", "a comment does not end"},
		{"a.b; spf=pass reason(=a", "a comment does not end"},
		{"a.b; spf=pass reason=\"a\"x.y=z", "no blank before a reason or property"},
	};

	(void)state;
	check_good(good, G_N_ELEMENTS(good));
	check_bad(bad, G_N_ELEMENTS(bad));
}

/* propspec = ptype [CFWS] "." [CFWS] property [CFWS] "=" pvalue; pvalue = [CFWS] ( ... ) [CFWS] */
static void test_properties(void **state)
{
	static const struct good good[] = {
		{"a.b; spf=pass smtp.mailfrom=c", "a.b|spf/1=pass smtp.mailfrom{c}"},
		{"a.b; spf=pass(a)smtp (b) . (c) mailfrom (d) = (e) c (f)", "a.b|spf/1=pass smtp.mailfrom{c}"},
		{"a.b; spf=pass\n smtp\n .\n mailfrom\n =\n c\n ", "a.b|spf/1=pass smtp.mailfrom{c}"},
		{"a.b; spf=pass SMTP.MailFrom=C", "a.b|spf/1=pass SMTP.MailFrom{C}"},
		{"a.b; spf=pass x.y=z x.y=z", "a.b|spf/1=pass x.y{z} x.y{z}"},
		{"a.b; spf=pass policy.iprev=192.0.2.1; arc=pass x-1.-2=3",
	         "a.b|spf/1=pass policy.iprev{192.0.2.1}|arc/1=pass x-1.-2{3}"},
		/* comments with what would be properties, or an end */
		{"a.b; spf=pass (x.y=z) c.d=e", "a.b|spf/1=pass c.d{e}"},
		{"a.b; spf=pass c.d= (; dkim=pass) e", "a.b|spf/1=pass c.d{e}"},
		{"a.b; spf=pass c.d=\"e; dkim=pass\" f.g=h", "a.b|spf/1=pass c.d{e; dkim=pass} f.g{h}"},
		/* the grammar asks for nothing between two properties, if it is clear where one ends */
		{"a.b; spf=pass c.d=\"e\"f.g=h", "a.b|spf/1=pass c.d{e}~ f.g{h}"},
		{"a.b; spf=pass c.d=e(x)f.g=h", "a.b|spf/1=pass c.d{e}~ f.g{h}"},
		{"a.b; spf=pass c.d=e (x)f.g=h", "a.b|spf/1=pass c.d{e} f.g{h}"},
		{"a.b; spf=pass c.d=e(x) f.g=h(y);", "a.b|spf/1=pass c.d{e}~ f.g{h}~"},
		{"a.b; spf=pass c.d=\"e\"(x)", "a.b|spf/1=pass c.d{e}~"},
		{"a.b; spf=pass c.d=(x)e f.g=h", "a.b|spf/1=pass c.d{e} f.g{h}"},
		{"a.b; spf=pass c.d=e;", "a.b|spf/1=pass c.d{e}"},
		{"a.b; spf=pass c.d=e\t;", "a.b|spf/1=pass c.d{e}"},
	};
	static const struct bad bad[] = {
		{"a.b; spf=pass c", "neither a reason nor a property: there is no `.`"},
		{"a.b; spf=pass c=d", "neither a reason nor a property: there is no `.`"},
		{"a.b; spf=pass c d=e", "neither a reason nor a property: there is no `.`"},
		{"a.b; spf=pass c/d=e", "neither a reason nor a property: there is no `.`"},
		{"a.b; spf=pass .d=e", "something that is neither a reason nor a property"},
		{"a.b; spf=pass c-.d=e", "something that is neither a reason nor a property"},
		{"a.b; spf=pass \"c\".d=e", "something that is neither a reason nor a property"},
		{"a.b; spf=pass c.=e", "a property without a name"},
		{"a.b; spf=pass c.;", "a property without a name"},
		{"a.b; spf=pass c.\"d\"=e", "a property without a name"},
		{"a.b; spf=pass c.d-=e", "a property without a name"},
		{"a.b; spf=pass c..d=e", "a property without a name"},
		{"a.b; spf=pass c.d", "a property without `=`"},
		{"a.b; spf=pass c.d;", "a property without `=`"},
		{"a.b; spf=pass c.d e", "a property without `=`"},
		{"a.b; spf=pass c.d.e=f", "a property without `=`"},
		{"a.b; spf=pass c.d_e=f", "a property without `=`"},
		{"a.b; spf=pass c(.d=e", "a comment does not end"},
		{"a.b; spf=pass c.(d=e", "a comment does not end"},
		{"a.b; spf=pass c.d(=e", "a comment does not end"},
		{"a.b; spf=pass c.d=(e", "a comment does not end"},
		{"a.b; spf=pass c.d=e(f", "a comment does not end"},
		{"a.b; dkim=pass header.d=example.net(.example.com", "a comment does not end"},
	};

	(void)state;
	check_good(good, G_N_ELEMENTS(good));
	check_bad(bad, G_N_ELEMENTS(bad));
}

/* pvalue = [CFWS] ( value / [ [ local-part ] "@" ] domain-name ) [CFWS] */
static void test_values(void **state)
{
	static const struct good good[] = {
		{"a.b; x=y c.d=e", "a.b|x/1=y c.d{e}"},
		{"a.b; x=y c.d=.e.", "a.b|x/1=y c.d{.e.}"},
		{"a.b; x=y c.d=!#$%&'*+-^_`{|}~", "a.b|x/1=y c.d{!#$%&'*+-^_`{|}~}"},
		{"a.b; x=y c.d=\"\"", "a.b|x/1=y c.d{}"},
		{"a.b; x=y c.d=\"e f\\\"/=?@<>:,[\\]\"", "a.b|x/1=y c.d{e f\"/=?@<>:,[]}"},
		{"a.b; x=y c.d=\"e\n f\"", "a.b|x/1=y c.d{e f}"},
		/* addresses */
		{"a.b; x=y c.d=ada@example.org", "a.b|x/1=y c.d{ada@example.org}"},
		{"a.b; x=y c.d=@example.org", "a.b|x/1=y c.d{@example.org}"},
		{"a.b; x=y c.d= (e) ada@example.org (f)", "a.b|x/1=y c.d{ada@example.org}"},
		{"a.b; x=y c.d=ada@example.org(f)", "a.b|x/1=y c.d{ada@example.org}~"},
		{"a.b; x=y c.d=a.b+c=d/e?@example.org", "a.b|x/1=y c.d{a.b+c=d/e?@example.org}"},
		{"a.b; x=y c.d=\"a; dkim=pass header.d=b.example\"@example.org;",
	         "a.b|x/1=y c.d{a; dkim=pass header.d=b.example@example.org}"},
		{"a.b; x=y c.d=\"a@b.example\"@example.org", "a.b|x/1=y c.d{a@b.example@example.org}"},
		{"a.b; x=y c.d=\"\"@example.org", "a.b|x/1=y c.d{@example.org}"},
		{"a.b; x=y c.d=\"a\\\"\\\\b\"@example.org", "a.b|x/1=y c.d{a\"\\b@example.org}"},
		/* RFC 6532 and RFC 8616 */
		{"a.b; x=y c.d=m\xc3\xbcnchen.example", "a.b|x/1=y c.d{m\xc3\xbcnchen.example}"},
		{"a.b; x=y c.d=\xc3\xa4@m\xc3\xbcnchen.example", "a.b|x/1=y c.d{\xc3\xa4@m\xc3\xbcnchen.example}"},
		{"a.b; x=y c.d=@xn--mnchen-3ya.example", "a.b|x/1=y c.d{@xn--mnchen-3ya.example}"},
		{"a.b; x=y c.d=\"\xc3\xa4 \xe4\xb8\xad\"", "a.b|x/1=y c.d{\xc3\xa4 \xe4\xb8\xad}"},
		{"a.b; x=y (\xc3\xa4) c.d=e", "a.b|x/1=y c.d{e}"},
	};
	static const struct bad bad[] = {
		{"a.b; x=y c.d=", "a value is missing, or has a character that has to be quoted"},
		{"a.b; x=y c.d=;", "a value is missing, or has a character that has to be quoted"},
		{"a.b; x=y c.d= (e)", "a value is missing, or has a character that has to be quoted"},
		{"a.b; x=y c.d=<e@example.org>", "a value is missing, or has a character that has to be quoted"},
		{"a.b; x=y c.d=[192.0.2.1]", "a value is missing, or has a character that has to be quoted"},
		{"a.b; x=y c.d=::1", "a value is missing, or has a character that has to be quoted"},
		{"a.b; x=y c.d=2001:db8::1", "something that is neither a reason nor a property"},
		{"a.b; x=y c.d=e,f", "something that is neither a reason nor a property"},
		{"a.b; x=y c.d=e\\f", "something that is neither a reason nor a property"},
		{"a.b; x=y c.d=e\"f\"", "something that is neither a reason nor a property"},
		{"a.b; x=y c.d=\"e\"\"f\"", "something that is neither a reason nor a property"},
		{"a.b; x=y c.d=\"e\"f", "neither a reason nor a property: there is no `.`"},
		{"a.b; x=y c.d=\"e\".f", "something that is neither a reason nor a property"},
		{"a.b; x=y c.d=e/f", "a value has a character that has to be quoted: / = or ?"},
		{"a.b; x=y c.d=e=f", "a value has a character that has to be quoted: / = or ?"},
		{"a.b; x=y c.d=?", "a value has a character that has to be quoted: / = or ?"},
		{"a.b; x=y c.d=\"e", "a quoted string does not end"},
		{"a.b; x=y c.d=\"", "a quoted string does not end"},
		{"a.b; x=y c.d=\"e\\\"; z=y", "a quoted string does not end"},
		/* addresses that are malformed */
		{"a.b; x=y c.d=@", "an address without a domain name"},
		{"a.b; x=y c.d=ada@", "an address without a domain name"},
		{"a.b; x=y c.d=ada@example", "an address without a domain name"},
		{"a.b; x=y c.d=ada@.example.org", "an address without a domain name"},
		{"a.b; x=y c.d=ada@example.org.", "an address without a domain name"},
		{"a.b; x=y c.d=ada@-a.example", "an address without a domain name"},
		{"a.b; x=y c.d=ada@a_b.example", "an address without a domain name"},
		{"a.b; x=y c.d=ada@[192.0.2.1]", "an address without a domain name"},
		{"a.b; x=y c.d=ada@ example.org", "an address without a domain name"},
		{"a.b; x=y c.d=ada@(e)example.org", "an address without a domain name"},
		{"a.b; x=y c.d=ada@\"example.org\"", "an address without a domain name"},
		{"a.b; x=y c.d=.ada@example.org", "an address with a malformed local part"},
		{"a.b; x=y c.d=ada.@example.org", "an address with a malformed local part"},
		{"a.b; x=y c.d=a..b@example.org", "an address with a malformed local part"},
		{"a.b; x=y c.d=ada @example.org", "something that is neither a reason nor a property"},
		{"a.b; x=y c.d=ada(e)@example.org", "something that is neither a reason nor a property"},
		{"a.b; x=y c.d=ada@example.org@example.net", "something that is neither a reason nor a property"},
	};

	(void)state;
	check_good(good, G_N_ELEMENTS(good));
	check_bad(bad, G_N_ELEMENTS(bad));
}

/* The beginning of a signature may have a / or = without quotes, in header.b and nowhere else. */
static void test_signatures(void **state)
{
	static const struct good good[] = {
		{"a.b; dkim=pass header.b=dHJ1/+c=", "a.b|dkim/1=pass header.b{dHJ1/+c=}"},
		{"a.b; dkim=pass HEADER.B=a=b/", "a.b|dkim/1=pass HEADER.B{a=b/}"},
		{"a.b; dkim=pass header.b=/ header.d=c.d", "a.b|dkim/1=pass header.b{/} header.d{c.d}"},
		{"a.b; dkim=pass header.b==(x)", "a.b|dkim/1=pass header.b{=}~"},
		{"a.b; dkim=pass header.b=\"a=b/\"", "a.b|dkim/1=pass header.b{a=b/}"},
		{"a.b; dkim=pass header.b=abc", "a.b|dkim/1=pass header.b{abc}"},
		{"a.b; dkim=pass header.b=a=b/@example.org", "a.b|dkim/1=pass header.b{a=b/@example.org}"},
		{"a.b; dkim=pass header.b=a.b-c", "a.b|dkim/1=pass header.b{a.b-c}"},
	};
	static const struct bad bad[] = {
		{"a.b; dkim=pass header.b=a?b", "a value has a character that has to be quoted: / = or ?"},
		{"a.b; dkim=pass header.b=a.b/", "a value has a character that has to be quoted: / = or ?"},
		{"a.b; dkim=pass header.b=a-b=", "a value has a character that has to be quoted: / = or ?"},
		{"a.b; dkim=pass header.bh=a=", "a value has a character that has to be quoted: / = or ?"},
		{"a.b; dkim=pass header.i=a=", "a value has a character that has to be quoted: / = or ?"},
		{"a.b; dkim=pass body.b=a=", "a value has a character that has to be quoted: / = or ?"},
		{"a.b; dkim=pass header.b=", "a value is missing, or has a character that has to be quoted"},
	};

	(void)state;
	check_good(good, G_N_ELEMENTS(good));
	check_bad(bad, G_N_ELEMENTS(bad));
}

static void test_characters(void **state)
{
	static const char wrong[] = "it has a control character, or is not UTF-8";
	static const struct bad bad[] = {
		{"a.b; none\n", wrong},
		{"a.b\n; none", wrong},
		{"a.b; none\r\n ", wrong},
		{"a.b; spf=pass (\x01)", wrong},
		{"a.b; spf=pass reason=\"\x1b\"", wrong},
		{"a.b; spf=pass c.d=\"\x7f\"", wrong},
		{"a.b; spf=pass c.d=\"\\\x08\"", wrong},
		{"a.b; spf=pass c.d=\xe9", wrong},
		{"a.b; spf=pass (\xe9)", wrong},
		{"\xff", wrong},
	};

	(void)state;
	check_bad(bad, G_N_ELEMENTS(bad));
}

/* A property is found by type and name, whatever their case is, and it is the first of them. */
static void test_property(void **state)
{
	struct authentication_results results;
	const struct authentication_result *result;
	const char *reason = NULL;

	(void)state;
	assert_int_equal(authentication_results_parse("a.b; dkim=pass header.d=one header.D=two Header.I=@c.d",
	                                              &results, &reason),
	                 0);
	result = g_ptr_array_index(results.results, 0);
	assert_string_equal(authentication_result_property(result, "HEADER", "d")->value, "one");
	assert_string_equal(authentication_result_property(result, "header", "i")->value, "@c.d");
	assert_null(authentication_result_property(result, "header", "b"));
	assert_null(authentication_result_property(result, "smtp", "d"));
	authentication_results_release(&results);
	authentication_results_release(&results);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_identifier), cmocka_unit_test(test_no_identifier),
		cmocka_unit_test(test_none),       cmocka_unit_test(test_methods),
		cmocka_unit_test(test_reasons),    cmocka_unit_test(test_properties),
		cmocka_unit_test(test_values),     cmocka_unit_test(test_signatures),
		cmocka_unit_test(test_characters), cmocka_unit_test(test_property),
	};

	return cmocka_run_group_tests_name("authentication_results", tests, NULL, NULL);
}
