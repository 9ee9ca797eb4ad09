/* test_verdict.c - verdict.c: what claims come to that count, and those that do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "authentication/verdict.h"

/* Claims as lines `SOURCE TURN ID RESULT`, with the reason after `!` why one does not count. */
static enum source source_of(const char *name)
{
	for (enum source source = SOURCE_EXCHANGER; source <= SOURCE_OTHER; source++)
		if (strcmp(claim_source_name(source), name) == 0)
			return source;
	fail_msg("%s is no source", name);
	return SOURCE_OTHER;
}

static struct claim *read_claim(const char *line)
{
	g_auto(GStrv) parts = g_strsplit(line, "!", 2), words = g_strsplit(parts[0], " ", 4);
	g_autofree char *value = g_strdup_printf("%s; %s", words[2], words[3]);
	struct authentication_results results;
	const char *reason = NULL;
	struct claim *claim;

	if (authentication_results_parse(value, &results, &reason) < 0)
		fail_msg("%s is refused: %s", value, reason);
	claim = claim_of_result(g_ptr_array_index(results.results, 0));
	claim->source = source_of(words[0]);
	claim->turn = atoi(words[1]);
	claim->authserv_id = g_steal_pointer(&results.authserv_id);
	claim->by = g_strdup(claim->authserv_id);
	if (parts[1])
		claim->reason = "it does not count";
	authentication_results_release(&results);
	return claim;
}

static GPtrArray *read_claims(const char *text)
{
	GPtrArray *claims = g_ptr_array_new_with_free_func(claim_free);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line; line++)
		if (**line)
			g_ptr_array_add(claims, read_claim(*line));
	return claims;
}

struct verdict_case {
	const char *claims;
	enum verdict verdict;
	const char *reason; /* its beginning */
};

static void check_verdict(const struct verdict_case *row, struct verdict_with_reason verdict)
{
	if (verdict.verdict != row->verdict || !g_str_has_prefix(verdict.reason, row->reason))
		fail_msg("%s\ngive %s: %s", row->claims, verdict_name(verdict.verdict), verdict.reason);
	g_free(verdict.reason);
}

/* Of example.org, alignment relaxed. */
static const struct verdict_case domain_table[] = {
	{"", VERDICT_NONE, "nobody who is trusted says anything of example.org"},
	/* dkim */
	{"exchanger 0 mx dkim=pass header.d=example.org", VERDICT_PASS, "mx says dkim=pass of example.org"},
	{"exchanger 0 mx dkim=pass header.d=a.example.org", VERDICT_PASS, "mx says dkim=pass of a.example.org"},
	{"list 1 l dkim=pass header.d=example.org", VERDICT_PASS, "l says dkim=pass"},
	{"arc 2 s dkim=pass header.d=example.org", VERDICT_PASS, "s says dkim=pass"},
	{"exchanger 0 mx dkim=pass header.d=example.net", VERDICT_NONE, "nobody who is trusted says"},
	{"exchanger 0 mx dkim=pass header.d=badexample.org", VERDICT_NONE, "nobody who is trusted says"},
	{"exchanger 0 mx dkim=pass header.d=example.org!", VERDICT_NONE, "nobody who is trusted says"},
	{"exchanger 0 mx dkim=pass", VERDICT_NONE, "nobody who is trusted says"},
	{"exchanger 0 mx dkim=fail header.d=example.org", VERDICT_NONE, "mx says dkim=fail of example.org"},
	{"exchanger 0 mx dkim=temperror header.d=example.org", VERDICT_NONE, "mx says dkim=temperror of example.org"},
	{"exchanger 0 mx dkim=neutral header.d=example.org", VERDICT_NONE, "mx says dkim=neutral of example.org"},
	{"exchanger 0 mx dkim=policy header.d=example.org", VERDICT_NONE, "mx says dkim=policy of example.org"},
	/* signatures are a set, and a broken one is like none */
	{"exchanger 0 mx dkim=fail header.d=example.org\nexchanger 0 mx dkim=pass header.d=example.org", VERDICT_PASS,
         "mx says dkim=pass"},
	{"exchanger 0 mx dkim=pass header.d=example.net\nexchanger 0 mx dkim=pass header.d=example.org", VERDICT_PASS,
         "mx says dkim=pass of example.org"},
	/* dmarc: the very domain */
	{"exchanger 0 mx dmarc=pass header.from=example.org", VERDICT_PASS, "mx says dmarc=pass of example.org"},
	{"exchanger 0 mx dmarc=pass header.from=a.example.org", VERDICT_NONE, "nobody who is trusted says"},
	{"exchanger 0 mx dmarc=pass header.from=example.net", VERDICT_NONE, "nobody who is trusted says"},
	{"exchanger 0 mx dmarc=pass header.from=example.org!", VERDICT_NONE, "nobody who is trusted says"},
	{"exchanger 0 mx dmarc=fail header.from=example.org", VERDICT_FAIL, "mx says dmarc=fail of example.org"},
	{"exchanger 0 mx dmarc=fail header.from=a.example.org", VERDICT_NONE, "nobody who is trusted says"},
	{"exchanger 0 mx dmarc=fail header.from=example.org!", VERDICT_NONE, "nobody who is trusted says"},
	{"exchanger 0 mx dmarc=none header.from=example.org", VERDICT_NONE, "mx says dmarc=none of example.org"},
	{"exchanger 0 mx dmarc=temperror header.from=example.org", VERDICT_NONE,
         "mx says dmarc=temperror of example.org"},
	{"exchanger 0 mx dmarc=permerror header.from=example.org", VERDICT_NONE,
         "mx says dmarc=permerror of example.org"},
	/* a signature that holds counts beside a policy that fails */
	{"exchanger 0 mx dmarc=fail header.from=example.org\nexchanger 0 mx dkim=pass header.d=example.org",
         VERDICT_PASS, "mx says dkim=pass"},
	/* spf and arc speak for no author */
	{"exchanger 0 mx spf=pass smtp.mailfrom=a@example.org", VERDICT_NONE, "nobody who is trusted says"},
	{"exchanger 0 mx spf=fail smtp.mailfrom=a@example.org", VERDICT_NONE, "nobody who is trusted says"},
	{"exchanger 0 mx spf=pass smtp.helo=example.org", VERDICT_NONE, "nobody who is trusted says"},
	{"exchanger 0 mx arc=pass", VERDICT_NONE, "nobody who is trusted says"},
	{"exchanger 0 mx arc=fail", VERDICT_NONE, "nobody who is trusted says"},
	/* conflicts: one host, one turn, one question */
	{"exchanger 0 mx dmarc=pass header.from=example.org\nexchanger 0 mx dmarc=fail header.from=example.org",
         VERDICT_CONFLICT, "mx says both dmarc=pass and dmarc=fail"},
	{"exchanger 0 mx dmarc=fail header.from=example.org\nexchanger 0 mx dmarc=pass header.from=example.org",
         VERDICT_CONFLICT, "mx says both dmarc=fail and dmarc=pass"},
	{"exchanger 0 mx dmarc=pass header.from=example.org\nexchanger 0 MX dmarc=none header.from=EXAMPLE.org",
         VERDICT_CONFLICT, "MX says both dmarc=pass and dmarc=none"},
	{"exchanger 0 mx dmarc=pass header.from=example.org\nexchanger 0 mx dmarc=temperror header.from=example.org",
         VERDICT_CONFLICT, "mx says both"},
	{"exchanger 0 mx dkim=pass header.d=example.org\nexchanger 0 mx spf=pass smtp.mailfrom=example.net\n"
         "exchanger 0 mx spf=fail smtp.mailfrom=example.net",
         VERDICT_CONFLICT, "mx says both spf=pass and spf=fail"},
	{"exchanger 0 mx dkim=pass header.d=example.org\nexchanger 0 mx arc=pass\nexchanger 0 mx arc=fail",
         VERDICT_CONFLICT, "mx says both arc=pass and arc=fail"},
	{"exchanger 0 mx dmarc=pass header.from=example.org\nexchanger 0 mx dmarc=pass header.from=example.net\n"
         "exchanger 0 mx dmarc=fail header.from=example.net",
         VERDICT_CONFLICT, "mx says both"},
	{"arc 1 s dmarc=pass header.from=example.org\narc 1 s dmarc=fail header.from=example.org", VERDICT_CONFLICT,
         "s says both"},
	/* none: the same twice, other turns, ids, sources, domains, scopes, and what does not count */
	{"exchanger 0 mx dmarc=pass header.from=example.org\nexchanger 0 mx dmarc=pass header.from=example.org",
         VERDICT_PASS, "mx says dmarc=pass"},
	{"exchanger 0 mx dmarc=fail header.from=example.org\nexchanger 1 mx dmarc=pass header.from=example.org",
         VERDICT_PASS, "mx says dmarc=pass"},
	{"exchanger 0 mx dmarc=fail header.from=example.org\nexchanger 0 mx2 dmarc=pass header.from=example.org",
         VERDICT_PASS, "mx2 says dmarc=pass"},
	{"exchanger 0 mx dmarc=fail header.from=example.org\nlist 0 mx dmarc=pass header.from=example.org",
         VERDICT_PASS, "mx says dmarc=pass"},
	{"arc 1 s dmarc=pass header.from=example.org\narc 2 s dmarc=fail header.from=example.org", VERDICT_PASS,
         "s says dmarc=pass"},
	/* a mail has one From: which domain it is of makes no second question */
	{"exchanger 0 mx dmarc=pass header.from=example.org\nexchanger 0 mx dmarc=fail header.from=example.net",
         VERDICT_CONFLICT, "mx says both dmarc=pass and dmarc=fail"},
	{"exchanger 0 mx dmarc=pass header.from=example.net\nexchanger 0 mx dmarc=pass header.from=example.org",
         VERDICT_CONFLICT, "mx says both dmarc=pass of example.net and dmarc=pass of example.org"},
	{"exchanger 0 mx dmarc=pass header.from=example.org\nexchanger 0 mx dmarc=pass header.from=example.org",
         VERDICT_PASS, "mx says dmarc=pass"},
	{"exchanger 0 mx dkim=pass header.d=example.org\nexchanger 0 mx spf=pass smtp.mailfrom=example.net\n"
         "exchanger 0 mx spf=none smtp.helo=example.net",
         VERDICT_PASS, "mx says dkim=pass"},
	{"exchanger 0 mx dmarc=pass header.from=example.org\nexchanger 0 mx dmarc=fail header.from=example.org!",
         VERDICT_PASS, "mx says dmarc=pass"},
	{"exchanger 0 mx dmarc=fail header.from=example.org\nexchanger 0 mx dmarc=pass header.from=example.org!",
         VERDICT_FAIL, "mx says dmarc=fail"},
	{"exchanger 0 mx dmarc=fail header.from=example.org\nexchanger 0 mx dmarc=bestguesspass "
         "header.from=example.org",
         VERDICT_FAIL, "mx says dmarc=fail"},
	{"exchanger 0 mx dmarc=pass header.from=example.org\nexchanger 0 mx dmarc=fail", VERDICT_PASS,
         "mx says dmarc=pass"},
	/* one id in several ways of writing */
	{"exchanger 0 mx dmarc=fail header.from=example.org\nexchanger 0 \"mx\" dmarc=pass header.from=example.org",
         VERDICT_CONFLICT, "mx says both"},
	{"exchanger 0 m\xc3\xbcnchen.example dmarc=fail header.from=example.org\n"
         "exchanger 0 XN--mnchen-3ya.example dmarc=pass header.from=example.org",
         VERDICT_CONFLICT, "XN--mnchen-3ya.example says both"},
};

static void test_domain(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(domain_table); i++) {
		g_autoptr(GPtrArray) claims = read_claims(domain_table[i].claims);

		check_verdict(&domain_table[i], verdict_of_domain(claims, "example.org", false));
	}
}

/* Alignment strict. */
static void test_strict(void **state)
{
	static const struct verdict_case cases[] = {
		{"exchanger 0 mx dkim=pass header.d=example.org", VERDICT_PASS, "mx says dkim=pass of example.org"},
		{"exchanger 0 mx dkim=pass header.d=a.example.org", VERDICT_NONE, "nobody"},
		{"exchanger 0 mx dkim=pass header.d=a.example.org\nexchanger 0 mx dkim=pass header.d=example.org",
	         VERDICT_PASS, "mx says dkim=pass of example.org"},
		{"exchanger 0 mx dmarc=pass header.from=example.org", VERDICT_PASS,
	         "mx says dmarc=pass of example.org"},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) claims = read_claims(cases[i].claims);

		check_verdict(&cases[i], verdict_of_domain(claims, "example.org", true));
	}
}

/* Tenants of one public suffix do not vouch for each other. */
static void test_tenants(void **state)
{
	static const struct verdict_case row = {"exchanger 0 mx dkim=pass header.d=eve.github.io\n"
	                                        "exchanger 0 mx dkim=pass header.d=github.io\n"
	                                        "exchanger 0 mx dmarc=pass header.from=eve.github.io",
	                                        VERDICT_NONE, "nobody who is trusted says anything of ada.github.io"};
	g_autoptr(GPtrArray) claims = read_claims(row.claims);

	(void)state;
	check_verdict(&row, verdict_of_domain(claims, "ada.github.io", false));
}

/* For an author who does not stand in From only what is sealed counts. */
static void test_claimed(void **state)
{
	static const char claimed[] = "the address stands in Reply-To, and nothing that is sealed vouches for it";
	static const struct verdict_case cases[] = {
		{"", VERDICT_CLAIMED, claimed},
		{"exchanger 0 mx dkim=pass header.d=example.org", VERDICT_CLAIMED, claimed},
		{"list 1 l dmarc=pass header.from=example.org", VERDICT_CLAIMED, claimed},
		{"exchanger 0 mx dmarc=fail header.from=example.org", VERDICT_CLAIMED, claimed},
		{"arc 1 s dkim=pass header.d=example.org", VERDICT_PASS, "s says dkim=pass of example.org"},
		{"arc 1 s dmarc=pass header.from=example.org", VERDICT_PASS, "s says dmarc=pass of example.org"},
		{"arc 1 s dkim=pass header.d=example.org!", VERDICT_CLAIMED, claimed},
		{"arc 1 s dkim=pass header.d=example.net", VERDICT_CLAIMED, claimed},
		{"arc 1 s dmarc=fail header.from=example.org", VERDICT_CLAIMED, claimed},
		{"arc 1 s spf=pass smtp.mailfrom=example.org", VERDICT_CLAIMED, claimed},
		{"received-spf 0 s spf=pass smtp.mailfrom=example.org", VERDICT_CLAIMED, claimed},
		{"arc 1 s dkim=pass header.d=example.org\narc 1 s spf=pass smtp.helo=a.example\n"
	         "arc 1 s spf=fail smtp.helo=a.example",
	         VERDICT_CLAIMED, claimed},
		{"arc 1 s dkim=pass header.d=example.org\nexchanger 0 mx arc=pass\nexchanger 0 mx arc=fail",
	         VERDICT_CLAIMED, claimed},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) claims = read_claims(cases[i].claims);

		check_verdict(&cases[i], verdict_of_claimed(claims, "example.org", false, "Reply-To"));
	}
}

static void test_claimed_domain(void **state)
{
	g_autoptr(GPtrArray) claims = read_claims("arc 1 s dkim=pass header.d=a.example.org");
	struct verdict_case row = {"dkim=pass of a.example.org", VERDICT_PASS, "s says dkim=pass"};

	(void)state;
	check_verdict(&row, verdict_of_claimed(claims, "example.org", false, "Cc"));
	row.verdict = VERDICT_CLAIMED;
	row.reason = "the address stands in Cc,";
	check_verdict(&row, verdict_of_claimed(claims, "example.org", true, "Cc"));
	check_verdict(&row, verdict_of_claimed(claims, NULL, false, "Cc"));
}

static void test_measure(void **state)
{
	g_autoptr(GPtrArray) claims = read_claims("exchanger 0 mx dkim=pass header.d=example.org\n"
	                                          "exchanger 0 mx dkim=pass header.d=a.example.org!\n"
	                                          "exchanger 0 mx spf=pass smtp.helo=example.net\n"
	                                          "exchanger 0 mx arc=pass");
	static const enum alignment expected[] = {ALIGNMENT_STRICT, ALIGNMENT_RELAXED, ALIGNMENT_NONE};

	(void)state;
	verdict_measure(claims, "example.org");
	for (unsigned i = 0; i < G_N_ELEMENTS(expected); i++) {
		const struct claim *claim = g_ptr_array_index(claims, i);

		assert_true(claim->measured);
		assert_int_equal(claim->alignment, expected[i]);
	}
	assert_false(((const struct claim *)g_ptr_array_index(claims, 3))->measured);
	verdict_measure(claims, NULL);
	for (unsigned i = 0; i < claims->len; i++)
		assert_false(((const struct claim *)g_ptr_array_index(claims, i))->measured);
}

/* The names, from the worst verdict to the best. */
static void test_names(void **state)
{
	static const char *const names[] = {"ambiguous", "fail", "conflict", "claimed", "none", "pass"};

	(void)state;
	for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
		assert_string_equal(verdict_name((enum verdict)i), names[i]);
	assert_int_equal(VERDICT_PASS, G_N_ELEMENTS(names) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_domain),         cmocka_unit_test(test_strict),  cmocka_unit_test(test_tenants),
		cmocka_unit_test(test_claimed),        cmocka_unit_test(test_measure), cmocka_unit_test(test_names),
		cmocka_unit_test(test_claimed_domain),
	};

	return cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}
