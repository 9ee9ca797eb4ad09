/* test_claim.c - claim.c: what one result comes to, without knowing whose word it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "authentication/claim.h"

#define NO_METHOD "its method is not looked at"
#define NO_RESULT "its method has no such result"
#define NO_DOMAIN "it does not say of which domain"
#define BAD_DOMAIN "its domain is not a full domain name"
#define TOUCHED "something touches its domain"
#define TWICE "a property of it stands there twice"
#define VERSION "its method has a version other than 1"

/* METHOD=RESULT, the identity in braces, the scope, and why it does not count. */
static char *text_of(const struct claim *claim)
{
	GString *text = g_string_new(NULL);

	g_string_append_printf(text, "%s=%s", claim->method, claim->result);
	if (claim->identity)
		g_string_append_printf(text, " {%s}", claim->identity);
	if (claim->scope)
		g_string_append_printf(text, " by %s", claim->scope);
	if (claim->reason)
		g_string_append_printf(text, ": %s", claim->reason);
	return g_string_free(text, FALSE);
}

/* What stands after the `;` of a field. */
static const struct {
	const char *result, *text;
} result_table[] = {
	/* dkim: header.d and nothing else */
	{"dkim=pass header.d=example.org", "dkim=pass {example.org}"},
	{"DKIM=PASS Header.D=Example.ORG", "dkim=pass {example.org}"},
	{"dkim/1=fail header.d=example.org", "dkim=fail {example.org}"},
	{"dkim=pass header.i=@a.example.org header.d=example.org header.s=x header.b=a/b", "dkim=pass {example.org}"},
	{"dkim=pass header.d=\"example.org\"", "dkim=pass {example.org}"},
	{"dkim=pass header.d=xn--mnchen-3ya.example", "dkim=pass {m\xc3\xbcnchen.example}"},
	{"dkim=pass header.d=m\xc3\xbcnchen.example", "dkim=pass {m\xc3\xbcnchen.example}"},
	{"dkim=pass", "dkim=pass: " NO_DOMAIN},
	{"dkim=pass header.i=@example.org", "dkim=pass: " NO_DOMAIN},
	{"dkim=pass header.i=a@example.org", "dkim=pass: " NO_DOMAIN},
	{"dkim=pass header.from=example.org", "dkim=pass: " NO_DOMAIN},
	{"dkim=pass smtp.mailfrom=example.org", "dkim=pass: " NO_DOMAIN},
	{"dkim=pass body.d=example.org", "dkim=pass: " NO_DOMAIN},
	{"dkim=pass header.d=example", "dkim=pass: " BAD_DOMAIN},
	{"dkim=pass header.d=example.org.", "dkim=pass: " BAD_DOMAIN},
	{"dkim=pass header.d=.example.org", "dkim=pass: " BAD_DOMAIN},
	{"dkim=pass header.d=a@example.org", "dkim=pass: " BAD_DOMAIN},
	{"dkim=pass header.d=@example.org", "dkim=pass: " BAD_DOMAIN},
	{"dkim=pass header.d=example.org'.example.com", "dkim=pass: " BAD_DOMAIN},
	{"dkim=pass header.d=example.org*.example.com", "dkim=pass: " BAD_DOMAIN},
	{"dkim=pass header.d=\"example.org .example.com\"", "dkim=pass: " BAD_DOMAIN},
	{"dkim=pass header.d=\"\"", "dkim=pass: " BAD_DOMAIN},
	{"dkim=pass header.d=exam\xe2\x80\x8bple.org", "dkim=pass: " BAD_DOMAIN},
	{"dkim=pass header.d=example.org(.example.com)", "dkim=pass: " TOUCHED},
	{"dkim=pass header.d=example.org()", "dkim=pass: " TOUCHED},
	{"dkim=pass header.d=\"example.org\"(.example.com)", "dkim=pass: " TOUCHED},
	{"dkim=pass header.d=\"example.org\"x.y=z.example.com", "dkim=pass: " TOUCHED},
	{"dkim=pass header.d=example.org (.example.com)", "dkim=pass {example.org}"},
	{"dkim=pass header.d=example.org header.i=a@example.com(x)", "dkim=pass {example.org}"},
	{"dkim=fail header.d=example.org(.example.com)", "dkim=fail: " TOUCHED},
	/* spf: the envelope's sender, or else what the client called itself */
	{"spf=pass smtp.mailfrom=example.org", "spf=pass {example.org} by mailfrom"},
	{"spf=pass smtp.mailfrom=a@Example.org", "spf=pass {example.org} by mailfrom"},
	{"spf=pass smtp.mailfrom=@example.org", "spf=pass {example.org} by mailfrom"},
	{"spf=pass smtp.mailfrom=\"a@example.net\"@example.org", "spf=pass {example.org} by mailfrom"},
	{"spf=pass smtp.helo=mx.example.net smtp.mailfrom=a@example.org", "spf=pass {example.org} by mailfrom"},
	{"spf=pass SMTP.HELO=mx.example.net", "spf=pass {mx.example.net} by helo"},
	{"spf=pass smtp.mfrom=a@example.org", "spf=pass: " NO_DOMAIN},
	{"spf=pass header.from=example.org", "spf=pass: " NO_DOMAIN},
	{"spf=pass smtp.mailfrom=\"a@\"", "spf=pass by mailfrom: " BAD_DOMAIN},
	{"spf=pass smtp.mailfrom=\"a@example.org@b\"", "spf=pass by mailfrom: " BAD_DOMAIN},
	{"spf=pass smtp.mailfrom=example smtp.helo=mx.example.net", "spf=pass by mailfrom: " BAD_DOMAIN},
	{"spf=pass smtp.mailfrom=a@example.org(.example.com)", "spf=pass: " TOUCHED},
	/* dmarc: the domain of From */
	{"dmarc=pass header.from=example.org", "dmarc=pass {example.org}"},
	{"dmarc=fail (p=none) header.from=Example.org policy.dmarc=none", "dmarc=fail {example.org}"},
	{"dmarc=pass header.d=example.org", "dmarc=pass: " NO_DOMAIN},
	{"dmarc=pass smtp.from=example.org", "dmarc=pass: " NO_DOMAIN},
	{"dmarc=fail", "dmarc=fail: " NO_DOMAIN},
	{"dmarc=pass header.from=a@example.org", "dmarc=pass: " BAD_DOMAIN},
	{"dmarc=pass header.from=example.org(.example.com)", "dmarc=pass: " TOUCHED},
	/* arc speaks of no domain */
	{"arc=pass", "arc=pass"},
	{"arc=pass header.d=example.org header.oldest-pass=0", "arc=pass"},
	{"arc=fail", "arc=fail"},
	/* what says neither pass nor fail may do without a domain */
	{"dkim=none", "dkim=none"},
	{"dkim=neutral header.i=@example.org", "dkim=neutral"},
	{"spf=softfail", "spf=softfail"},
	{"dmarc=none header.from=example", "dmarc=none"},
	{"dmarc=temperror header.from=example.org", "dmarc=temperror {example.org}"},
	{"dkim=permerror header.d=example.org(x)", "dkim=permerror"},
	/* results that a method does not have */
	{"dkim=softfail header.d=example.org", "dkim=softfail: " NO_RESULT},
	{"dkim=hardfail header.d=example.org", "dkim=hardfail: " NO_RESULT},
	{"dkim=passed header.d=example.org", "dkim=passed: " NO_RESULT},
	{"spf=tempfail smtp.mailfrom=example.org", "spf=tempfail: " NO_RESULT},
	{"spf=hardfail smtp.mailfrom=example.org", "spf=hardfail: " NO_RESULT},
	{"spf=unknown", "spf=unknown: " NO_RESULT},
	{"dmarc=bestguesspass header.from=example.org", "dmarc=bestguesspass: " NO_RESULT},
	{"dmarc=policy header.from=example.org", "dmarc=policy: " NO_RESULT},
	{"dmarc=quarantine header.from=example.org", "dmarc=quarantine: " NO_RESULT},
	{"arc=neutral", "arc=neutral: " NO_RESULT},
	{"arc=policy", "arc=policy: " NO_RESULT},
	{"arc=-pass", "arc=-pass: " NO_RESULT},
	/* methods */
	{"iprev=pass policy.iprev=192.0.2.1", "iprev=pass: " NO_METHOD},
	{"auth=pass smtp.auth=a", "auth=pass: " NO_METHOD},
	{"dkim-adsp=pass header.d=example.org", "dkim-adsp=pass: " NO_METHOD},
	{"dkim-atps=pass header.d=example.org", "dkim-atps=pass: " NO_METHOD},
	{"domainkeys=pass header.d=example.org", "domainkeys=pass: " NO_METHOD},
	{"x-dkim=pass header.d=example.org", "x-dkim=pass: " NO_METHOD},
	{"none=pass", "none=pass: " NO_METHOD},
	/* versions */
	{"dkim/0=pass header.d=example.org", "dkim=pass: " VERSION},
	{"dkim/2=pass header.d=example.org", "dkim=pass: " VERSION},
	{"dmarc/11=pass header.from=example.org", "dmarc=pass: " VERSION},
	{"arc/2=pass", "arc=pass: " VERSION},
	/* properties that stand there twice, whichever it is */
	{"dkim=pass header.d=example.org header.d=example.org", "dkim=pass: " TWICE},
	{"dkim=pass header.d=example.org header.d=example.net", "dkim=pass: " TWICE},
	{"dkim=pass header.d=example.org HEADER.D=example.net", "dkim=pass: " TWICE},
	{"dkim=pass header.d=example.org x.y=1 x.z=2 X.Y=3", "dkim=pass: " TWICE},
	{"dkim=neutral x.y=1 x.y=1", "dkim=neutral: " TWICE},
	{"dkim=pass header.d=example.org smtp.d=example.net", "dkim=pass {example.org}"},
};

static struct claim *claim_of_text(const char *text)
{
	g_autofree char *value = g_strdup_printf("mx.example.org; %s", text);
	struct authentication_results results;
	const char *reason = NULL;
	struct claim *claim;

	if (authentication_results_parse(value, &results, &reason) < 0)
		fail_msg("%s is refused: %s", value, reason);
	assert_int_equal(results.results->len, 1);
	claim = claim_of_result(g_ptr_array_index(results.results, 0));
	authentication_results_release(&results);
	return claim;
}

static void test_results(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(result_table); i++) {
		struct claim *claim = claim_of_text(result_table[i].result);
		g_autofree char *text = text_of(claim);

		if (strcmp(text, result_table[i].text) != 0)
			fail_msg("%s gives %s", result_table[i].result, text);
		claim_free(claim);
	}
}

/* Of the registered results each is taken for its method, and none for another. */
static void test_registered(void **state)
{
	static const struct {
		const char *result, *methods;
	} cases[] = {
		{"none", "dkim spf dmarc arc"},
		{"pass", "dkim spf dmarc arc"},
		{"fail", "dkim spf dmarc arc"},
		{"softfail", "spf"},
		{"policy", "dkim spf"},
		{"neutral", "dkim spf"},
		{"temperror", "dkim spf dmarc"},
		{"permerror", "dkim spf dmarc"},
		{"tempfail", ""},
		{"hardfail", ""},
		{"discard", ""},
		{"nxdomain", ""},
		{"unknown", ""},
	};
	static const char *const methods[] = {"dkim", "spf", "dmarc", "arc"};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_auto(GStrv) expected = g_strsplit(cases[i].methods, " ", -1);

		for (size_t j = 0; j < G_N_ELEMENTS(methods); j++) {
			g_autofree char *text =
				g_strdup_printf("%s=%s header.d=a.example header.from=a.example smtp.helo=a.example",
			                        methods[j], cases[i].result);
			struct claim *claim = claim_of_text(text);

			if (g_strv_contains((const char *const *)expected, methods[j]) != !claim->reason)
				fail_msg("%s: %s", text, claim->reason ? claim->reason : "it counts");
			claim_free(claim);
		}
	}
}

static const struct {
	const char *value, *text;
} received_spf_table[] = {
	{"pass envelope-from=a@example.org; helo=mx.example.net", "spf=pass {example.org} by mailfrom"},
	{"Pass helo=mx.example.net; envelope-from=\"a@Example.org\"", "spf=pass {example.org} by mailfrom"},
	{"pass helo=mx.example.net", "spf=pass {mx.example.net} by helo"},
	{"pass helo=mx.example.net; envelope-from=<>", "spf=pass {mx.example.net} by helo"},
	{"fail envelope-from=example.org", "spf=fail {example.org} by mailfrom"},
	{"pass client-ip=192.0.2.1", "spf=pass"},
	{"pass envelope-from=<a@example.org>", "spf=pass"},
	{"hardfail envelope-from=a@example.org", "spf=hardfail {example.org} by mailfrom: spf has no such result"},
	{"unknown", "spf=unknown: spf has no such result"},
};

static void test_received_spf(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(received_spf_table); i++) {
		struct received_spf spf;
		const char *reason = NULL;
		struct claim *claim;
		g_autofree char *text = NULL;

		assert_int_equal(received_spf_parse(received_spf_table[i].value, &spf, &reason), 0);
		claim = claim_of_received_spf(&spf);
		text = text_of(claim);
		if (strcmp(text, received_spf_table[i].text) != 0)
			fail_msg("%s gives %s", received_spf_table[i].value, text);
		assert_int_equal(claim->source, SOURCE_RECEIVED_SPF);
		claim_free(claim);
		received_spf_release(&spf);
	}
}

static void test_says(void **state)
{
	struct claim *claim = claim_of_text("DKIM=Pass header.d=example.org");

	(void)state;
	assert_true(claim_says(claim, "dkim", "pass"));
	assert_false(claim_says(claim, "dkim", "fail"));
	assert_false(claim_says(claim, "dmarc", "pass"));
	claim->reason = "it does not count";
	assert_false(claim_says(claim, "dkim", "pass"));
	claim_free(claim);
}

static void test_source_names(void **state)
{
	(void)state;
	assert_string_equal(claim_source_name(SOURCE_EXCHANGER), "exchanger");
	assert_string_equal(claim_source_name(SOURCE_LIST), "list");
	assert_string_equal(claim_source_name(SOURCE_ARC), "arc");
	assert_string_equal(claim_source_name(SOURCE_RECEIVED_SPF), "received-spf");
	assert_string_equal(claim_source_name(SOURCE_OTHER), "other");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_results),      cmocka_unit_test(test_registered),
		cmocka_unit_test(test_received_spf), cmocka_unit_test(test_says),
		cmocka_unit_test(test_source_names),
	};

	return cmocka_run_group_tests_name("claim", tests, NULL, NULL);
}
