/* test_authentication_arc.c - authentication.c: when what a chain says is believed, and each way in which it is not.
 *
 * Ada writes to lists.example.net, which seals her mail; relay.example.com may seal it again; mx.example.org, ours,
 * says whether the chain holds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>
#include <gmime/gmime.h>

#include "authentication/authentication.h"
#include "verdicts.h"

#define AAR(i, results) "ARC-Authentication-Results: i=" i "; " results "\n"
#define AMS(i, d) "ARC-Message-Signature: i=" i "; a=rsa-sha256; b=x; bh=x; d=" d "; h=from; s=s\n"
#define AS(i, d, cv) "ARC-Seal: i=" i "; a=rsa-sha256; b=x; cv=" cv "; d=" d "; s=s\n"
#define SET(i, d, cv, results) AS(i, d, cv) AMS(i, d) AAR(i, results)

#define LIST "lists.example.net"
#define RELAY "relay.example.com"
#define ADAS LIST "; dkim=pass header.d=example.org"
#define ONE SET("1", LIST, "none", ADAS)
#define TWO SET("2", RELAY, "pass", "relay.example.com; arc=pass") ONE

#define SEALERS(d) BELIEVED "arc_trusted_sealers=" d "\n"
#define HOLDS OURS "arc=pass\n"

#define NOBODY "none: nobody who is trusted says anything of example.org"
#define VOUCHED "pass: ARC set 1, sealed by lists.example.net, says dkim=pass of example.org"
#define FROM_LIST "none: nobody who is trusted says anything of lists.example.net / "
#define CLAIMED "claimed: the address stands in Reply-To, and nothing that is sealed vouches for it"

static void test_vouched(void **state)
{
	static const struct verdict_row rows[] = {
		{SEALERS(LIST), HOLDS STRANGER ONE ADA, VOUCHED},
		{SEALERS(LIST), HOLDS STRANGER ONE VIA, FROM_LIST VOUCHED},
		/* where the chain stands does not matter */
		{SEALERS(LIST), HOLDS ONE STRANGER VIA, FROM_LIST VOUCHED},
		{SEALERS(LIST), VIA HOLDS STRANGER AAR("1", ADAS) "A: b\n" AMS("1", LIST) AS("1", LIST, "none"),
	         FROM_LIST VOUCHED},
		{SEALERS(LIST), HOLDS STRANGER SET("1", LIST, "none", LIST "; dmarc=pass header.from=example.org") VIA,
	         FROM_LIST "pass: ARC set 1, sealed by lists.example.net, says dmarc=pass of example.org"},
		{SEALERS(LIST), HOLDS STRANGER SET("1", LIST, "none", LIST "; dkim=pass header.d=a.example.org") VIA,
	         FROM_LIST "pass: ARC set 1, sealed by lists.example.net, says dkim=pass of a.example.org"},
		/* the id in a set may be any: who sealed it says so */
		{SEALERS(LIST), HOLDS STRANGER SET("1", LIST, "none", "a.b; dkim=pass header.d=example.org") VIA,
	         FROM_LIST VOUCHED},
		/* two seals, both trusted */
		{SEALERS(LIST " " RELAY), HOLDS STRANGER TWO VIA, FROM_LIST VOUCHED},
		{SEALERS(LIST " " RELAY),
	         HOLDS STRANGER SET("2", RELAY, "pass", ADAS) SET("1", LIST, "none", "a.b; none") VIA,
	         FROM_LIST "pass: ARC set 2, sealed by relay.example.com, says dkim=pass of example.org"},
		/* the second one is enough for what it says itself */
		{SEALERS(RELAY), HOLDS STRANGER SET("2", RELAY, "pass", ADAS) ONE VIA,
	         FROM_LIST "pass: ARC set 2, sealed by relay.example.com, says dkim=pass of example.org"},
		/* sealers are compared as domains are */
		{SEALERS("LISTS.Example.NET"), HOLDS STRANGER SET("1", "lists.EXAMPLE.net", "none", ADAS) VIA,
	         FROM_LIST "pass: ARC set 1, sealed by lists.EXAMPLE.net, says dkim=pass of example.org"},
		{SEALERS("m\xc3\xbcnchen.example"), HOLDS STRANGER SET("1", "xn--mnchen-3ya.example", "none", ADAS) VIA,
	         FROM_LIST "pass: ARC set 1, sealed by xn--mnchen-3ya.example, says dkim=pass of example.org"},
		/* what a set says against it */
		{SEALERS(LIST), HOLDS STRANGER SET("1", LIST, "none", LIST "; dmarc=fail header.from=example.org") ADA,
	         "fail: ARC set 1, sealed by lists.example.net, says dmarc=fail of example.org"},
		{SEALERS(LIST), HOLDS STRANGER SET("1", LIST, "none", LIST "; dmarc=fail header.from=example.org") VIA,
	         FROM_LIST CLAIMED},
	};
	g_autofree char *wrapped = say_verdict(SEALERS(LIST), HOLDS STRANGER ONE ADA, true);

	(void)state;
	check_verdicts(rows, G_N_ELEMENTS(rows));
	assert_string_equal(wrapped, VOUCHED);
}

/* Nobody who is believed says that the chain holds, or not that alone. */
static void test_not_verified(void **state)
{
	static const char *const headers[] = {
		STRANGER ONE,
		OURS "none\n" STRANGER ONE,
		OURS "arc=fail\n" STRANGER ONE,
		OURS "arc=none\n" STRANGER ONE,
		OURS "arc=passed\n" STRANGER ONE,
		OURS "arc/2=pass\n" STRANGER ONE,
		OURS "arc=pass a.b=c a.b=c\n" STRANGER ONE,
		OURS "arc=pass (\n" STRANGER ONE,
		OURS "x-arc=pass\n" STRANGER ONE,
		OURS "none; arc=pass\n" STRANGER ONE,
		"Authentication-Results: mx.example.org 2; arc=pass\n" STRANGER ONE,
		/* where anybody may say it, or who may not */
		STRANGER HOLDS ONE,
		STRANGER ONE HOLDS,
		"Authentication-Results: " LIST "; arc=pass\n" STRANGER ONE,
		"Authentication-Results: a.mx.example.org; arc=pass\n" STRANGER ONE,
		"Authentication-Results: arc=pass\n" STRANGER ONE,
		"X-Original-Authentication-Results: mx.example.org; arc=pass\n" STRANGER ONE,
		/* the chain of itself */
		STRANGER SET("1", LIST, "none", "mx.example.org; arc=pass; dkim=pass header.d=example.org"),
		STRANGER SET("2", LIST, "pass", "mx.example.org; arc=pass; dkim=pass header.d=example.org") ONE,
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(headers); i++) {
		g_autofree char *header = g_strconcat(headers[i], VIA, NULL),
				*as_ada = g_strconcat(headers[i], ADA, NULL);
		g_autofree char *said = say_verdict(SEALERS(LIST), header, false);

		if (strcmp(said, FROM_LIST CLAIMED) != 0)
			fail_msg("%s gives %s", header, said);
		check_unheard(SEALERS(LIST), as_ada);
	}
}

/* A set that only some verifiers see: Eve sends a chain of her own that holds, and writes sets of the list's host on
 * top; or she seals a mail of the list's that she changed, and hides that she did. */
static void test_hidden(void **state)
{
	static const char eves[] = SET("1", "eve.example", "none", "eve.example; none");
	static const char *const forged[] = {
		"ARC-Seal : i=2; a=rsa-sha256; b=x; cv=pass; d=" LIST "; s=s\n"
		"ARC-Message-Signature : i=2; a=rsa-sha256; b=x; bh=x; d=" LIST "; h=from; s=s\n"
		"ARC-Authentication-Results : i=2; " ADAS "\n",
		AS("2", LIST, "pass") AMS("2", LIST) "ARC-Authentication-Results\t: i=2; " ADAS "\n",
		AS("2", LIST, "pass") AMS("2", LIST) "ARC-Authentication-Results: (a) i=2; " ADAS "\n",
	};
	static const char *const hiding[] = {
		"ARC-Seal : i=2; a=rsa-sha256; b=x; cv=pass; d=eve.example; s=s\n"
		"ARC-Message-Signature : i=2; a=rsa-sha256; b=x; bh=x; d=eve.example; h=from; s=s\n"
		"ARC-Authentication-Results : i=2; eve.example; none\n",
		"X: y\rARC-Seal: i=2; a=rsa-sha256; b=x; cv=pass; d=eve.example; s=s\n",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(forged); i++) {
		g_autofree char *header = g_strconcat(HOLDS STRANGER, forged[i], eves, ADA, NULL);

		check_unheard(SEALERS(LIST), header);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(hiding); i++) {
		g_autofree char *header = g_strconcat(HOLDS STRANGER, hiding[i], ONE, ADA, NULL);

		check_unheard(SEALERS(LIST), header);
	}
}

/* Two who are believed do not agree about the chain at one turn. */
static void test_disagreed(void **state)
{
	static const char two[] = "trusted_authserv=mx.example.org mx2.example.org\nboundary=mx.example.org\n"
				  "arc_trusted_sealers=" LIST "\n";
	static const char path[] = SEALERS(LIST) "position=path\n";
	const struct verdict_row rows[] = {
		{two, HOLDS "Authentication-Results: mx2.example.org; arc=pass\n" STRANGER ONE VIA, FROM_LIST VOUCHED},
		{two, HOLDS "Authentication-Results: mx2.example.org; arc=fail\n" STRANGER ONE VIA, FROM_LIST CLAIMED},
		{two, "Authentication-Results: mx2.example.org; arc=none\n" HOLDS STRANGER ONE VIA, FROM_LIST CLAIMED},
		{two, "Authentication-Results: mx2.example.org; none\n" HOLDS STRANGER ONE VIA, FROM_LIST VOUCHED},
		{two, HOLDS STRANGER "Authentication-Results: mx2.example.org; arc=fail\n" ONE VIA, FROM_LIST VOUCHED},
		{SEALERS(LIST), OURS "arc=pass; arc=fail\n" STRANGER ONE ADA,
	         "conflict: mx.example.org says both arc=pass and arc=fail"},
		{SEALERS(LIST), OURS "arc=pass; arc=pass\n" STRANGER ONE ADA, VOUCHED},
		/* at an earlier turn the chain held */
		{path, OURS "arc=fail\n" ITSELF HOLDS STRANGER ONE VIA, FROM_LIST VOUCHED},
		{path, OURS "arc=fail\n" ITSELF STRANGER HOLDS ONE VIA, FROM_LIST CLAIMED},
	};

	(void)state;
	check_verdicts(rows, G_N_ELEMENTS(rows));
}

/* The chain holds, and one of those who sealed it from that set on is not trusted. */
static void test_sealers(void **state)
{
	static const struct verdict_row rows[] = {
		{BELIEVED, HOLDS STRANGER ONE VIA, FROM_LIST CLAIMED},
		{SEALERS(RELAY), HOLDS STRANGER ONE VIA, FROM_LIST CLAIMED},
		{SEALERS("example.net"), HOLDS STRANGER ONE VIA, FROM_LIST CLAIMED},
		{SEALERS("a.lists.example.net"), HOLDS STRANGER ONE VIA, FROM_LIST CLAIMED},
		{SEALERS(LIST), HOLDS STRANGER SET("1", "a." LIST, "none", ADAS) VIA, FROM_LIST CLAIMED},
		{SEALERS(LIST), HOLDS STRANGER SET("1", LIST ".example.com", "none", ADAS) VIA, FROM_LIST CLAIMED},
		{SEALERS(LIST), HOLDS STRANGER TWO VIA, FROM_LIST CLAIMED},
		{SEALERS(RELAY), HOLDS STRANGER TWO VIA, FROM_LIST CLAIMED},
		{SEALERS("mx.example.org"), HOLDS STRANGER TWO VIA, FROM_LIST CLAIMED},
		/* a stranger between two who are trusted: what is below it may be his */
		{SEALERS(LIST " " RELAY),
	         HOLDS STRANGER SET("3", RELAY, "pass", RELAY "; arc=pass")
	                 SET("2", "eve.example", "pass", "eve.example; none") ONE VIA,
	         FROM_LIST CLAIMED},
		{SEALERS(LIST " " RELAY),
	         HOLDS STRANGER SET("3", RELAY, "pass", ADAS) SET("2", "eve.example", "pass", "eve.example; none")
	                 ONE VIA,
	         FROM_LIST "pass: ARC set 3, sealed by relay.example.com, says dkim=pass of example.org"},
		/* the seal counts, not who signed the message */
		{SEALERS(LIST), HOLDS STRANGER AS("1", "eve.example", "none") AMS("1", LIST) AAR("1", ADAS) VIA,
	         FROM_LIST CLAIMED},
		{SEALERS(LIST), HOLDS STRANGER AS("1", LIST, "none") AMS("1", "eve.example") AAR("1", ADAS) VIA,
	         FROM_LIST VOUCHED},
	};

	(void)state;
	check_verdicts(rows, G_N_ELEMENTS(rows));
}

/* The chain holds, they say, and there is no chain. */
static void test_structure(void **state)
{
	static const char *const chains[] = {
		"",
		AAR("1", ADAS),
		AS("1", LIST, "none") AMS("1", LIST),
		AS("1", LIST, "none") AAR("1", ADAS),
		AMS("1", LIST) AAR("1", ADAS),
		SET("2", LIST, "pass", ADAS),
		SET("1", LIST, "pass", ADAS),
		SET("1", LIST, "fail", ADAS),
		ONE AAR("1", "a.b; none"),
		AAR("1", "a.b; none") ONE,
		ONE ONE,
		ONE AAR("2", ADAS),
		ONE AAR("3", ADAS),
		ONE AAR("0", ADAS),
		ONE AAR("51", ADAS),
		ONE "ARC-Authentication-Results: " ADAS "\n",
		ONE "ARC-Seal: x\n",
		SET("3", LIST, "pass", ADAS) ONE,
		SET("2", LIST, "fail", ADAS) ONE,
		SET("2", LIST, "none", ADAS) ONE,
		SET("51", LIST, "pass", ADAS),
		/* a chain whose set does not say it, or not so that it can be read */
		SET("1", LIST, "none", LIST "; none"),
		SET("1", LIST, "none", LIST "; spf=pass smtp.mailfrom=ada@example.org"),
		SET("1", LIST, "none", LIST "; dkim=fail header.d=example.org"),
		SET("1", LIST, "none", LIST "; dkim=pass header.d=example.com"),
		SET("1", LIST, "none", LIST "; dkim=pass header.i=@example.org"),
		SET("1", LIST, "none", LIST "; dkim=pass header.d=example.org; dkim=pass ("),
		SET("1", LIST, "none", "dkim=pass header.d=example.org"),
		SET("1", LIST, "none", LIST " 2; dkim=pass header.d=example.org"),
		SET("1", LIST, "none", LIST "; dkim=pass header.d=example.org(x)"),
		SET("1", LIST, "none", LIST "; dmarc=pass header.from=a.example.org"),
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(chains); i++) {
		g_autofree char *via = g_strconcat(HOLDS STRANGER, chains[i], VIA, NULL);
		g_autofree char *ada = g_strconcat(HOLDS STRANGER, chains[i], ADA, NULL);
		g_autofree char *said = say_verdict(SEALERS(LIST), via, false);

		if (strcmp(said, FROM_LIST CLAIMED) != 0)
			fail_msg("%s gives %s", via, said);
		said = (g_free(said), say_verdict(SEALERS(LIST), ada, false));
		if (!g_str_has_prefix(said, "none: "))
			fail_msg("%s gives %s", ada, said);
	}
}

/* A set that contradicts itself is a conflict for who stands in From, and vouches for nobody else. */
static void test_conflict(void **state)
{
#define TORN SET("1", LIST, "none", ADAS "; dmarc=pass header.from=example.org; dmarc=fail header.from=example.org")
	static const struct verdict_row rows[] = {
		{SEALERS(LIST), HOLDS STRANGER TORN ADA,
	         "conflict: ARC set 1, sealed by lists.example.net, says both dmarc=pass and dmarc=fail"},
		{SEALERS(LIST), HOLDS STRANGER TORN VIA,
	         "conflict: ARC set 1, sealed by lists.example.net, says both dmarc=pass and dmarc=fail / " CLAIMED},
		/* in a set that does not count it is nothing */
		{SEALERS(RELAY), HOLDS STRANGER TORN ADA, NOBODY},
		/* two sets are about two moments */
		{SEALERS(LIST " " RELAY),
	         HOLDS STRANGER SET("2", RELAY, "pass", RELAY "; dmarc=fail header.from=example.org")
	                 SET("1", LIST, "none", LIST "; dmarc=pass header.from=example.org") ADA,
	         "pass: ARC set 1, sealed by lists.example.net, says dmarc=pass of example.org"},
	};

	(void)state;
	check_verdicts(rows, G_N_ELEMENTS(rows));
}

static void test_fields(void **state)
{
	g_autofree char *fields = say_fields(SEALERS(RELAY), HOLDS STRANGER TWO ADA);
	g_autofree char *broken = say_fields(SEALERS(LIST), HOLDS STRANGER AAR("1", ADAS) AAR("7", ADAS) ADA);
	g_autofree char *unread = say_fields(SEALERS(LIST), HOLDS STRANGER SET("1", LIST, "none", LIST) ADA);

	(void)state;
	assert_string_equal(
		fields,
		"0 Authentication-Results mx.example.org counts: its authserv-id is trusted, and so is its "
		"place\n"
		"4 ARC-Authentication-Results relay.example.com counts: somebody trusted says arc=pass, and its "
		"sealers are trusted\n"
		"7 ARC-Authentication-Results lists.example.net: a sealer from here on is not trusted\n"
		"  0 0 exchanger arc=pass: mx.example.org\n"
		"  4 2 arc arc=pass: ARC set 2, sealed by relay.example.com,\n"
		"  7 1 arc dkim=pass example.org strict: a sealer from here on is not trusted\n");
	assert_string_equal(broken,
	                    "0 Authentication-Results mx.example.org counts: its authserv-id is trusted, and so is its "
	                    "place\n"
	                    "2 ARC-Authentication-Results -: a set with a field missing\n"
	                    "3 ARC-Authentication-Results -: a set with a field missing\n"
	                    "  0 0 exchanger arc=pass: mx.example.org\n");
	assert_string_equal(unread,
	                    "0 Authentication-Results mx.example.org counts: its authserv-id is trusted, and so is its "
	                    "place\n"
	                    "4 ARC-Authentication-Results -: no result\n"
	                    "  0 0 exchanger arc=pass: mx.example.org\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vouched),   cmocka_unit_test(test_not_verified), cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_disagreed), cmocka_unit_test(test_sealers),      cmocka_unit_test(test_structure),
		cmocka_unit_test(test_conflict),  cmocka_unit_test(test_fields),
	};

	g_mime_init();
	return cmocka_run_group_tests_name("authentication_arc", tests, NULL, NULL);
}
