/* test_authentication_attacks.c - authentication.c: what a stranger can write so that it looks like the word of a host
 * that is believed.  None of it may give `pass`, nor `fail`, which is a word of theirs too.
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

#define FORGED OURS "dkim=pass header.d=example.org; dmarc=pass header.from=example.org\n"
#define NOBODY "none: nobody who is trusted says anything of example.org"
#define FORGED_FAIL OURS "dmarc=fail header.from=example.org\n"
#define LIST "lists.example.net"
#define SEALED                                                                                       \
	"ARC-Seal: i=1; a=rsa-sha256; b=x; cv=none; d=" LIST "; s=s\n"                               \
	"ARC-Message-Signature: i=1; a=rsa-sha256; b=x; bh=x; d=" LIST "; h=from; s=s\n"             \
	"ARC-Authentication-Results: i=1; mx.example.org; arc=pass; dkim=pass header.d=example.org;" \
	" dmarc=pass header.from=example.org\n"

/* Everybody is trusted who can be, as far as a stranger may not write it. */
static const char *const settings_table[] = {
	BELIEVED,
	BELIEVED "position=path\n",
	"trusted_authserv=mx.example.org\nlist_authserv=" LIST "\nboundary=mx.example.org " LIST "\nposition=path\n"
	"arc_trusted_sealers=" LIST " mx.example.org\nreceived_spf=yes\n",
};

static void check_header(const char *header)
{
	for (size_t i = 0; i < G_N_ELEMENTS(settings_table); i++)
		check_unheard(settings_table[i], header);
}

/* Whatever stands below the topmost Received of ours, wherever it stands there. */
static void test_below(void **state)
{
	static const char *const attacks[] = {
		FORGED,
		FORGED_FAIL,
		FORGED FORGED FORGED,
		FORGED STRANGER,
		FORGED ITSELF,
		FORGED ITSELF ITSELF STRANGER,
		ITSELF FORGED ITSELF STRANGER,
		STRANGER FORGED STRANGER,
		FORGED "Received: from l (" LIST " [192.0.2.8]) by mx.example.org; date\n" STRANGER,
		FORGED "Received: from m (mx.example.org [192.0.2.7]) by " LIST "; date\n" STRANGER,
		"Authentication-Results: " LIST "; dkim=pass header.d=example.org\n" STRANGER,
		"AUTHENTICATION-RESULTS: MX.EXAMPLE.ORG; DKIM=PASS HEADER.D=EXAMPLE.ORG\n",
		"Authentication-Results : mx.example.org; dkim=pass header.d=example.org\n",
		"Authentication-Results:\n\tmx.example.org;\n\tdkim=pass\n\theader.d=example.org\n",
		"Authentication-Results:\r\n mx.example.org;\r\n dkim=pass header.d=example.org\r\n",
		"Authentication-Results: \"mx.example.org\" 1; dkim=pass header.d=example.org;\n",
		"Received-SPF: pass receiver=mx.example.org; envelope-from=ada@example.org\n",
		OURS "arc=pass\n" SEALED,
		SEALED OURS "arc=pass\n" STRANGER,
		SEALED,
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(attacks); i++) {
		g_autofree char *above = g_strconcat(STRANGER, attacks[i], ADA, NULL);
		g_autofree char *behind = g_strconcat(STRANGER ADA, attacks[i], NULL);
		g_autofree char *honest = g_strconcat(OURS "dkim=none; arc=none\n" STRANGER, attacks[i], ADA, NULL);
		/* Ours has no Received at all, or one that nobody can read. */
		g_autofree char *alone =
			g_strconcat("A: b\n", strstr(attacks[i], "Received: ") ? "" : attacks[i], ADA, NULL);
		g_autofree char *torn =
			g_strconcat("Received: from x( (y.example.net [192.0.2.1]) by mx.example.org; date\n",
		                    attacks[i], ADA, NULL);

		check_header(above);
		check_header(behind);
		check_header(honest);
		check_header(alone);
		check_header(torn);
	}
}

/* What a client calls itself and writes in the envelope, in the Received of ours. */
static void test_clients(void **state)
{
	static const char *const traces[] = {
		"from mx.example.org (y.example.net [192.0.2.1]) by mx.example.org",
		"from x; (y.example.net [192.0.2.1]) by mx.example.org",
		"from x;by (y.example.net [192.0.2.1]) by mx.example.org",
		"from x(y (y.example.net [192.0.2.1]) by mx.example.org for <a)b@example.org>",
		"from x\"y (y.example.net [192.0.2.1]) by mx.example.org for <a\"b@example.org>",
		"from x (mx.example.org [127.0.0.1]) (y.example.net [192.0.2.1]) by mx.example.org",
		"from [192.0.2.1] (helo=[127.0.0.1]) by mx.example.org",
		"from unknown (HELO [127.0.0.1]) (192.0.2.1) by mx.example.org",
		"from unknown (HELO mx.example.org) (192.0.2.1) by mx.example.org",
		"from [127.0.0.1] (y.example.net [192.0.2.1]) by mx.example.org",
		"from x (mx.example.org.example.net [192.0.2.1]) by mx.example.org",
		"from x (mx.example.org [192.0.2.1] (may be forged)) by mx.example.org",
		"from x ([192.0.2.1] helo=mx.example.org) by mx.example.org",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(traces); i++) {
		g_autofree char *header =
			g_strconcat("Received: ", traces[i], "; date\n" FORGED ITSELF FORGED STRANGER ADA, NULL);

		check_header(header);
	}
}

/* Fields that no mail server writes so, even where only ours can have written them; and a From that not all see. */
static void test_spelling(void **state)
{
	static const char *const headers[] = {
		"Authentication-Results : mx.example.org; dkim=pass header.d=example.org\n" STRANGER ADA,
		"Authentication-Results\t: mx.example.org; dmarc=pass header.from=example.org\n" STRANGER ADA,
		"Authentication-Results: x; none\rAuthentication-Results: mx.example.org; dkim=pass "
		"header.d=example.org\n" STRANGER ADA,
		FORGED "Received : from y (y.example.net [192.0.2.1]) by mx.example.org; date\n" ADA,
		"Received : from y (y.example.net [192.0.2.1]) by y.example.net\n" FORGED STRANGER ADA,
	};
	static const char *const authors[] = {
		"From : Ada <ada@example.org>\n",
		ADA "From : Eve <eve@example.net>\n",
		"From : Eve <eve@example.net>\n" ADA,
		ADA "Subject: x\rFrom: Eve <eve@example.net>\n",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(headers); i++)
		check_header(headers[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(authors); i++) {
		g_autofree char *header = g_strconcat(FORGED STRANGER, authors[i], NULL);
		g_autofree char *said = say_verdict(BELIEVED, header, false);

		if (!g_str_has_prefix(said, "ambiguous: "))
			fail_msg("%sgives %s", header, said);
	}
}

/* Ids that look like ours, above the Received as if another of our hosts had let them through. */
static void test_ids(void **state)
{
	static const char *const ids[] = {
		"mx.example.org.eve.example",
		"eve-mx.example.org",
		"eve.mx.example.org",
		"example.org",
		"org",
		"mx.example.or",
		"mx",
		"eve.example (mx.example.org)",
		"(mx.example.org) eve.example",
		"(mx.example.org;) eve.example",
		"\"eve.example mx.example.org\"",
		"\"mx.example.org;\"",
		"\"mx.example.org \"",
		"\"mx.example.org\\\\\"",
		"eve.example/mx.example.org",
		"eve.example=mx.example.org",
		"eve.example@mx.example.org",
		"eve.example; mx.example.org",
		"eve.example\n mx.example.org",
		"eve.example, mx.example.org",
		"mx.example.org eve.example",
		"mx.example.org 2",
		"mx.example.org 10",
		"mx.example.org 1 1",
		"mx.example.org/1",
		"mx.exam\xe2\x80\x8bple.org",
		"mx.exam\xc2\xadple.org",
		("mx\xe3\x80\x82"
	         "example.org"),
		"m\xef\xbd\x98.example.org",
		"mx.example.org\xc2\xa0",
		"mx.example.org\x01",
		"\xd0\xbcx.example.org",
		"xn--mx-example-.org",
		"(",
		"\"mx.example.org",
		"",
		"spf=none; mx.example.org",
	};
	static const char any[] = "trusted_authserv=mx.example.org\nposition=any\n";

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(ids); i++) {
		g_autofree char *header = g_strdup_printf("Authentication-Results: %s; dkim=pass header.d=example.org; "
		                                          "dmarc=pass header.from=example.org\n" STRANGER ADA,
		                                          ids[i]);

		check_header(header);
		check_unheard(any, header);
	}
}

/* Values that the sender of a mail chose, in a field that our exchanger wrote. */
static void test_values(void **state)
{
	static const char *const results[] = {
		/* the d= of a signature, put there as it came */
		"dkim=pass header.d=example.org(.eve.example",
		"dkim=pass header.d=example.org(.eve.example)",
		"dkim=pass header.d=example.org'.eve.example",
		"dkim=pass header.d=example.org\".eve.example",
		"dkim=pass header.d=\"example.org\".eve.example",
		"dkim=pass header.d=\"example.org\"x.y=z.eve.example",
		"dkim=pass header.d=\"example.org\"(.eve.example)",
		"dkim=pass header.d=example.org(x)y.z=a.eve.example",
		"dkim=pass header.d=example.org/.eve.example",
		"dkim=pass header.d=example.org\\.eve.example",
		"dkim=pass header.d=example.org,.eve.example",
		"dkim=pass header.d=@example.org",
		"dkim=pass header.d=x@example.org",
		"dkim=pass header.d=\"example.org\n .eve.example\"",
		"dkim=pass header.d=exam\xe2\x80\x8bple.org",
		"dkim=pass header.d=example.org.",
		"dkim=pass header.d=org",
		"dkim=pass header.d=notexample.org",
		"dkim=pass header.d=example.org.eve.example",
		"dkim=pass header.i=@example.org",
		"dkim=pass header.d=eve.example header.i=@example.org",
		"dkim=pass header.d=eve.example header.d=example.org",
		"dkim=pass header.d=example.org header.D=eve.example",
		"dkim=pass header.d=eve.example header.from=example.org",
		"dkim=pass header.d=eve.example smtp.d=example.org",
		"dkim=pass (header.d=example.org) header.d=eve.example",
		"dkim=pass header.d=eve.example (; dkim=pass header.d=example.org)",
		"dkim=pass reason=\"; dkim=pass header.d=example.org\" header.d=eve.example",
		"dkim=pass reason=\"\\\"; dkim=pass header.d=example.org\" header.d=eve.example",
		"dkim=pass (\\) ; dkim=pass header.d=example.org) header.d=eve.example",
		"dkim=pass (a (b) ; dkim=pass header.d=example.org) header.d=eve.example",
		"dkim=pass header.d=eve.example header.s=\"; dkim=pass header.d=example.org\"",
		"dkim/2=pass header.d=example.org",
		"dkim=pass/1 header.d=example.org",
		"dkim=bestguesspass header.d=example.org",
		/* the envelope */
		"spf=pass smtp.mailfrom=ada@example.org",
		"spf=pass smtp.mailfrom=\"; dkim=pass header.d=example.org\"@eve.example",
		"spf=pass smtp.mailfrom=\"a\\\"; dkim=pass header.d=example.org\"@eve.example",
		"spf=pass smtp.mailfrom=x@eve.example smtp.helo=\"; dkim=pass header.d=example.org\"",
		"spf=pass smtp.mailfrom=eve.example (a; dmarc=pass header.from=example.org)",
		"spf=tempfail smtp.mailfrom=example.org",
		"spf=pass smtp.mailfrom=x@eve.example header.from=example.org header.d=example.org",
		/* From */
		"dmarc=pass header.from=eve.example",
		"dmarc=pass header.from=example.org.eve.example",
		"dmarc=pass header.from=sub.example.org",
		"dmarc=pass header.from=\"Ada <ada@example.org>\"",
		"dmarc=pass header.from=ada@example.org",
		"dmarc=pass",
		"dmarc=bestguesspass header.from=example.org",
		"x-dmarc=pass header.from=example.org",
		"dkim-atps=pass header.from=example.org",
		"none; dkim=pass header.d=example.org",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(results); i++) {
		g_autofree char *header = g_strconcat(OURS, results[i], "\n" STRANGER ADA, NULL);

		check_header(header);
	}
}

/* Words of the sender that a checker of ours wrote into its field as they came, such as the address in MAIL FROM, and
 * the identity of a signature; each makes the rest of it look like the checker's own word. */
static void test_copied(void **state)
{
	static const char limited[] =
		"trusted_authserv=mx.example.org:dkim+dmarc spf.example.org:spf\nboundary=mx.example.org\n";
	static const char *const of_spf[] = {
		"spf=pass smtp.mailfrom=eve.example (envelope-from=\"a); dmarc=pass header.from=example.org; x-z=pass "
		"(b\"@eve.example; receiver=x)\n",
		"spf=pass smtp.mailfrom=eve.example (envelope-from=a); dmarc=pass header.from=example.org; x-z=pass "
		"(b@eve.example; receiver=x)\n",
		"spf=none (a); dkim=pass header.d=example.org; x-z=pass (b@eve.example; receiver=x)\n",
		"x-a=b; dkim=pass header.d=example.org; spf=none\n",
	};
	/* One host that checks all of it, with one id: what was copied gives no pass. */
	static const char *const of_all[] = {
		("spf=pass (domain of \"a); dkim=pass header.d=example.org; x-z=pass (b\"@eve.example designates it) "
	         "smtp.mailfrom=\"\\\"a); dkim=pass header.d=example.org; x-z=pass (b\\\"@eve.example\"\n"),
		"spf=pass (domain of \"\\\"a\\\\\"); dkim=pass header.d=example.org; x-z=pass (b\"@eve.example\" is)\n",
		"dkim=none; spf=pass (a\"b); dmarc=pass header.from=example.org\n",
		"dmarc=none; spf=pass (a); dmarc=pass header.from=example.org; x-z=pass (b)\n",
		"dmarc=fail header.from=eve.example; spf=pass (a); dmarc=pass header.from=example.org; x-z=pass (b)\n",
		"dmarc=pass header.from=eve.example; spf=pass (a); dmarc=pass header.from=example.org; x-z=pass (b)\n",
	};
	static const char *const signatures[] = {
		"dkim=pass header.d=eve.example header.i=a; dmarc=pass header.from=example.org; x=pass "
		"y.z=@eve.example\n",
		"dkim=pass header.d=eve.example header.i=a; dkim=pass header.d=example.org header.i=@eve.example\n",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(of_spf); i++) {
		g_autofree char *same = g_strconcat(OURS, of_spf[i], STRANGER ADA, NULL);
		g_autofree char *own =
			g_strconcat("Authentication-Results: spf.example.org; ", of_spf[i], STRANGER ADA, NULL);

		check_unheard(limited, same);
		check_unheard(limited, own);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(of_all); i++) {
		g_autofree char *header = g_strconcat(OURS, of_all[i], STRANGER ADA, NULL);
		g_autofree char *said = say_verdict(BELIEVED, header, false);

		if (!g_str_has_prefix(said, "none: ") && !g_str_has_prefix(said, "conflict: "))
			fail_msg("%sgives %s", header, said);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(signatures); i++) {
		g_autofree char *header = g_strconcat(
			OURS, signatures[i],
			STRANGER "DKIM-Signature: d=eve.example; s=s; i=a=3B=20d...@eve.example; b=x\n" ADA, NULL);

		check_unheard(BELIEVED, header);
		check_unheard(limited, header);
	}
}

/* Of which methods an id may speak. */
static void test_methods(void **state)
{
	static const char path[] = "trusted_authserv=mx.example.org:dmarc\nlist_authserv=" LIST
				   ":dkim+arc\nboundary=mx.example.org " LIST "\nposition=path\n";
	static const struct verdict_row rows[] = {
		{path, OURS "dmarc=pass header.from=example.org\n" STRANGER ADA,
	         "pass: mx.example.org says dmarc=pass of example.org"},
		{path, OURS "DMARC=pass header.from=example.org; x-csa=none; iprev=pass\n" STRANGER ADA,
	         "pass: mx.example.org says dmarc=pass of example.org"},
		{path, OURS "dkim=pass header.d=example.org\n" STRANGER ADA, NOBODY},
		{path, OURS "dmarc=pass header.from=example.org; DKIM=none\n" STRANGER ADA, NOBODY},
		{path, "Authentication-Results: " LIST "; dkim=pass header.d=example.org\n" STRANGER ADA,
	         "pass: the list's host " LIST " says dkim=pass of example.org"},
		{path, "Authentication-Results: " LIST "; dmarc=pass header.from=example.org\n" STRANGER ADA, NOBODY},
		{"trusted_authserv=mx.example.org:dkim MX.EXAMPLE.ORG:dmarc\nboundary=mx.example.org\n",
	         OURS "dmarc=pass header.from=example.org; dkim=none\n" STRANGER ADA,
	         "pass: mx.example.org says dmarc=pass of example.org"},
	};
	g_autofree char *fields = say_fields(path, OURS "dkim=pass header.d=example.org\n" STRANGER ADA);

	(void)state;
	check_verdicts(rows, G_N_ELEMENTS(rows));
	assert_non_null(strstr(fields, "it speaks of a method that the settings do not give its authserv-id"));
}

/* Fields of other names, and fields that are no field of the header. */
static void test_elsewhere(void **state)
{
	static const char *const headers[] = {
		"X-Original-" FORGED STRANGER ADA,
		"X-Mailman-Original-" FORGED STRANGER ADA,
		"X-" FORGED STRANGER ADA,
		"Old-" FORGED STRANGER ADA,
		"ARC-" FORGED STRANGER ADA,
		"Subject: x\n " FORGED STRANGER ADA,
		"Subject: x\r " FORGED STRANGER ADA,
		STRANGER ADA "\n" FORGED,
		ADA "\n" FORGED STRANGER,
		STRANGER ADA "Content-Type: message/rfc822\n\n" FORGED STRANGER ADA,
		ADA
		"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: message/rfc822\n\n" FORGED STRANGER ADA
		"\n--x--\n",
		ADA "no field\n" FORGED STRANGER,
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(headers); i++)
		check_header(headers[i]);
}

/* A forged field does not shut out ours, and ours not what it leaves open. */
static void test_contradiction(void **state)
{
	g_autofree char *fail =
		say_verdict(BELIEVED, OURS "dmarc=fail header.from=example.org\n" STRANGER FORGED ADA, false);
	g_autofree char *pass =
		say_verdict(BELIEVED, OURS "dmarc=pass header.from=example.org\n" STRANGER FORGED_FAIL ADA, false);
	g_autofree char *any = say_verdict("trusted_authserv=mx.example.org\nposition=any\n",
	                                   OURS "dmarc=fail header.from=example.org\n" STRANGER FORGED ADA, false);

	(void)state;
	assert_string_equal(fail, "fail: mx.example.org says dmarc=fail of example.org");
	assert_string_equal(pass, "pass: mx.example.org says dmarc=pass of example.org");
	assert_true(g_str_has_prefix(any, "conflict: "));
}

static char *repeat(const char *begin, const char *unit, unsigned count, const char *end)
{
	GString *text = g_string_new(begin);

	for (unsigned i = 0; i < count; i++)
		g_string_append(text, unit);
	g_string_append(text, end);
	return g_string_free(text, FALSE);
}

/* Thousands of fields below ours change nothing, and are counted. */
static void test_many_fields(void **state)
{
	static const char ours[] = OURS "dkim=pass header.d=example.org\n" STRANGER;
	g_autofree char *below = repeat(ours, FORGED_FAIL, 5000, ADA), *said = say_verdict(BELIEVED, below, false);
	g_autofree char *alone = repeat(STRANGER, FORGED, 5000, ADA), *spf = NULL,
			*fields = say_fields(BELIEVED, below);
	g_autofree char *last = g_strdup_printf("%u unread\n", 5001 - AUTHENTICATION_FIELDS);

	(void)state;
	assert_string_equal(said, "pass: mx.example.org says dkim=pass of example.org");
	assert_true(g_str_has_suffix(fields, last));
	check_header(alone);
	spf = repeat(STRANGER, "Received-SPF: pass receiver=mx.example.org\n", 5000, ADA);
	check_header(spf);
}

/* Above ours nobody writes so many; if somebody does, what stands after them is not read. */
static void test_limit_of_fields(void **state)
{
	g_autofree char *at =
		repeat("", "Authentication-Results: x; none\n", AUTHENTICATION_FIELDS - 1, FORGED STRANGER ADA);
	g_autofree char *over =
		repeat("", "Authentication-Results: x; none\n", AUTHENTICATION_FIELDS, FORGED STRANGER ADA);
	g_autofree char *said = say_verdict(BELIEVED, at, false);

	(void)state;
	assert_true(g_str_has_prefix(said, "pass: "));
	check_header(over);
}

static void test_limit_of_results(void **state)
{
	g_autofree char *field = repeat("Authentication-Results: x", "; a=b", 100, "\n");
	g_autofree char *full = repeat("", field, AUTHENTICATION_CLAIMS / 100, FORGED STRANGER ADA);
	g_autofree char *less = repeat("", field, AUTHENTICATION_CLAIMS / 100 - 1, FORGED STRANGER ADA);
	g_autofree char *said = say_verdict(BELIEVED, less, false), *fields = say_fields(BELIEVED, full);

	(void)state;
	assert_true(g_str_has_prefix(said, "pass: "));
	assert_true(g_str_has_suffix(fields, "\n2 unread\n"));
	check_header(full);
}

/* The same many times over in ARC and Received. */
static void test_many_others(void **state)
{
	g_autofree char *sets = repeat(OURS "arc=pass\n" STRANGER, SEALED, 2000, ADA);
	g_autofree char *traces = repeat(STRANGER, ITSELF FORGED, 2000, ADA);
	g_autofree char *results = repeat(STRANGER,
	                                  "ARC-Authentication-Results: i=1; mx.example.org; dkim=pass "
	                                  "header.d=example.org\n",
	                                  5000, ADA);

	(void)state;
	check_header(sets);
	check_header(traces);
	check_header(results);
}

/* With position=any somebody removed what names our id: what he may have overlooked is not believed. */
static void test_disguised(void **state)
{
	static const char any[] = "trusted_authserv=mx.example.org xn--bcher-kva.example\nposition=any\n";
	static const char *const attacks[] = {
		"Authentication-Results : mx.example.org; dkim=pass header.d=example.org\n",
		"Authentication-Results\t: mx.example.org; dkim=pass header.d=example.org\n",
		"Authentication-Results: \"mx.exampl\\e.org\"; dkim=pass header.d=example.org\n",
		"Authentication-Results: \"\\mx.example.org\"; dkim=pass header.d=example.org\n",
		"Authentication-Results: b\303\274cher.example; dkim=pass header.d=example.org\n",
	};
	static const struct verdict_row honest[] = {
		{any, "Authentication-Results: (a) MX.example.org; dkim=pass header.d=example.org\n" ADA,
	         "pass: MX.example.org says dkim=pass of example.org"},
		{any, "Authentication-Results: \"mx.example.org\"; dkim=pass header.d=example.org\n" ADA,
	         "pass: mx.example.org says dkim=pass of example.org"},
		{any, "Authentication-Results: xn--bcher-kva.example; dkim=pass header.d=example.org\n" ADA,
	         "pass: xn--bcher-kva.example says dkim=pass of example.org"},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(attacks); i++) {
		g_autofree char *header = g_strconcat(attacks[i], ADA, NULL);

		check_unheard(any, header);
	}
	check_verdicts(honest, G_N_ELEMENTS(honest));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_below),
		cmocka_unit_test(test_clients),
		cmocka_unit_test(test_spelling),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_copied),
		cmocka_unit_test(test_methods),
		cmocka_unit_test(test_elsewhere),
		cmocka_unit_test(test_contradiction),
		cmocka_unit_test(test_disguised),
		cmocka_unit_test(test_many_fields),
		cmocka_unit_test(test_limit_of_fields),
		cmocka_unit_test(test_limit_of_results),
		cmocka_unit_test(test_many_others),
	};

	g_mime_init();
	return cmocka_run_group_tests_name("authentication_attacks", tests, NULL, NULL);
}
