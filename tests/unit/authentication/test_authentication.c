/* test_authentication.c - authentication.c: whole headers, the verdicts on them and why; who is believed, where, and
 * about what.  test_authentication_arc.c has chains, test_authentication_attacks.c what would be believed and must not
 * be.
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

#define NOBODY "none: nobody who is trusted says anything of example.org"
#define DKIM_PASS "dkim=pass header.d=example.org\n"
#define DMARC_PASS "dmarc=pass header.from=example.org\n"
#define SAYS_DKIM "pass: mx.example.org says dkim=pass of example.org"
#define SAYS_DMARC "pass: mx.example.org says dmarc=pass of example.org"

/* Nobody is believed until an admin says so. */
static void test_nobody(void **state)
{
	static const struct verdict_row rows[] = {
		{"", ADA, NOBODY},
		{"", OURS DKIM_PASS STRANGER ADA, NOBODY},
		{"boundary=mx.example.org\n", OURS DKIM_PASS STRANGER ADA, NOBODY},
		{"position=any\n", OURS DKIM_PASS STRANGER ADA, NOBODY},
		{"arc_trusted_sealers=mx.example.org\nreceived_spf=yes\nalignment=strict\n",
	         OURS DKIM_PASS STRANGER ADA, NOBODY},
		{BELIEVED, OURS DKIM_PASS STRANGER ADA, SAYS_DKIM},
	};

	(void)state;
	check_verdicts(rows, G_N_ELEMENTS(rows));
}

/* Where a field stands. */
static void test_positions(void **state)
{
	static const char any[] = "trusted_authserv=mx.example.org\nposition=any\n",
			  path[] = BELIEVED "position=path\n";
	const struct verdict_row rows[] = {
		{BELIEVED, OURS DKIM_PASS STRANGER ADA, SAYS_DKIM},
		{BELIEVED, "A: b\n" OURS DKIM_PASS "A: b\n" STRANGER ADA, SAYS_DKIM},
		{BELIEVED, ADA OURS DKIM_PASS STRANGER, SAYS_DKIM},
		{BELIEVED, STRANGER OURS DKIM_PASS ADA, NOBODY},
		{BELIEVED, OURS DKIM_PASS ADA, NOBODY},
		{BELIEVED, ITSELF OURS DKIM_PASS STRANGER ADA, NOBODY},
		{path, ITSELF OURS DKIM_PASS STRANGER ADA, SAYS_DKIM},
		{path, OURS DKIM_PASS ITSELF STRANGER ADA, SAYS_DKIM},
		{path, ITSELF STRANGER OURS DKIM_PASS ADA, NOBODY},
		{path, ITSELF OURS DKIM_PASS ADA, NOBODY},
		{path, STRANGER OURS DKIM_PASS STRANGER ADA, NOBODY},
		{any, OURS DKIM_PASS ADA, SAYS_DKIM},
		{any, STRANGER OURS DKIM_PASS ADA, SAYS_DKIM},
		{any, STRANGER STRANGER ADA OURS DKIM_PASS, SAYS_DKIM},
	};

	(void)state;
	check_verdicts(rows, G_N_ELEMENTS(rows));
}

/* Whose field it is: the whole id, ASCII case and A-labels aside. */
static void test_ids(void **state)
{
	static const struct {
		const char *id;
		bool is_ours;
	} cases[] = {
		{"mx.example.org", true},
		{"MX.Example.ORG", true},
		{"\"mx.example.org\"", true},
		{"(a) mx.example.org (b) 1", true},
		{"xn--mnchen-3ya.example", true},
		{"XN--Mnchen-3YA.example", true},
		{"m\xc3\xbcnchen.example", true},
		{"xn--fa-hia.example", true},
		{"fa\xc3\x9f.example", true},
		{"mail", true},
		{"MAIL", true},
		{"example.org", false},
		{"mx", false},
		{"a.mx.example.org", false},
		{"amx.example.org", false},
		{"mx.example.org.", false},
		{"mx.example.org.example.net", false},
		{"mx.example.orgs", false},
		{"\"mx.example.org \"", false},
		{"\" mx.example.org\"", false},
		{"\"mx.example.org;\"", false},
		{"\"mx.example.org mail\"", false},
		{"\"\"", false},
		{"y.example.net (mx.example.org)", false},
		{"mx.exam\xe2\x80\x8bple.org", false},
		{"m\xef\xbd\x98.example.org", false},
		{"fass.example", false},
		{"munchen.example", false},
		{"mail.", false},
	};
	static const char settings[] =
		"trusted_authserv=mx.example.org m\xc3\xbcnchen.example xn--fa-hia.example mail\n"
		"boundary=mx.example.org\n";

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *header =
			g_strdup_printf("Authentication-Results: %s; " DKIM_PASS STRANGER ADA, cases[i].id);
		g_autofree char *said = say_verdict(settings, header, false);

		if (g_str_has_prefix(said, "pass: ") != cases[i].is_ours ||
		    g_str_equal(said, NOBODY) == cases[i].is_ours)
			fail_msg("%s gives %s", cases[i].id, said);
	}
}

/* What a result is worth for ada@example.org. */
static void test_meaning(void **state)
{
	static const struct verdict_row rows[] = {
		{BELIEVED, OURS "none\n" STRANGER ADA, NOBODY},
		{BELIEVED, OURS DMARC_PASS STRANGER ADA, SAYS_DMARC},
		{BELIEVED, OURS "dkim=pass header.d=a.example.org\n" STRANGER ADA,
	         "pass: mx.example.org says dkim=pass of a.example.org"},
		{BELIEVED "alignment=strict\n", OURS "dkim=pass header.d=a.example.org\n" STRANGER ADA, NOBODY},
		{BELIEVED "alignment=strict\n", OURS DKIM_PASS STRANGER ADA, SAYS_DKIM},
		{BELIEVED, OURS "dkim=pass header.d=example.net\n" STRANGER ADA, NOBODY},
		{BELIEVED, OURS "dkim=pass header.d=example.net header.i=@example.org\n" STRANGER ADA, NOBODY},
		{BELIEVED, OURS "dkim=pass header.i=@example.org\n" STRANGER ADA, NOBODY},
		{BELIEVED, OURS "dkim=pass header.i=ada@example.org header.s=s header.b=b\n" STRANGER ADA, NOBODY},
		{BELIEVED, OURS "dmarc=pass header.from=a.example.org\n" STRANGER ADA, NOBODY},
		{BELIEVED, OURS "dmarc=pass header.from=example.net\n" STRANGER ADA, NOBODY},
		{BELIEVED, OURS "dmarc=pass header.d=example.org\n" STRANGER ADA, NOBODY},
		{BELIEVED, OURS "dmarc=fail header.from=example.org\n" STRANGER ADA,
	         "fail: mx.example.org says dmarc=fail of example.org"},
		{BELIEVED, OURS "dmarc=fail header.from=example.net\n" STRANGER ADA, NOBODY},
		{BELIEVED, OURS "dmarc=none header.from=example.org\n" STRANGER ADA,
	         "none: mx.example.org says dmarc=none of example.org"},
		/* a broken signature counts as no signature */
		{BELIEVED, OURS "dkim=fail header.d=example.org\n" STRANGER ADA,
	         "none: mx.example.org says dkim=fail of example.org"},
		{BELIEVED, OURS "dkim=fail header.d=example.org; " DKIM_PASS STRANGER ADA, SAYS_DKIM},
		/* spf speaks for the envelope, which a list writes anew */
		{BELIEVED, OURS "spf=pass smtp.mailfrom=ada@example.org\n" STRANGER ADA, NOBODY},
		{BELIEVED, OURS "spf=fail smtp.mailfrom=ada@example.org\n" STRANGER ADA, NOBODY},
		/* errors are no answer */
		{BELIEVED, OURS "dkim=temperror header.d=example.org\n" STRANGER ADA,
	         "none: mx.example.org says dkim=temperror of example.org"},
		{BELIEVED, OURS "dmarc=temperror header.from=example.org\n" STRANGER ADA,
	         "none: mx.example.org says dmarc=temperror of example.org"},
		{BELIEVED,
	         OURS "dkim=permerror header.d=example.org; dkim=temperror header.d=example.org\n" STRANGER ADA,
	         "none: mx.example.org says dkim=permerror of example.org"},
		/* others in the field */
		{BELIEVED,
	         OURS "iprev=pass policy.iprev=192.0.2.1; auth=pass smtp.auth=ada@example.org; x=y\n" STRANGER ADA,
	         NOBODY},
		{BELIEVED, OURS "spf=tempfail smtp.mailfrom=example.org; " DKIM_PASS STRANGER ADA, SAYS_DKIM},
		/* A-labels, U-labels, capitals */
		{BELIEVED,
	         OURS "dkim=pass header.d=xn--mnchen-3ya.example\n" STRANGER "From: a@m\xc3\xbcnchen.example\n",
	         "pass: mx.example.org says dkim=pass of m\xc3\xbcnchen.example"},
		{BELIEVED,
	         OURS "dmarc=pass header.from=m\xc3\xbcnchen.example\n" STRANGER "From: a@XN--mnchen-3ya.Example\n",
	         "pass: mx.example.org says dmarc=pass of m\xc3\xbcnchen.example"},
		{BELIEVED, OURS "DKIM=PASS HEADER.D=Example.ORG\n" STRANGER "From: Ada <ada@EXAMPLE.org>\n", SAYS_DKIM},
	};

	(void)state;
	check_verdicts(rows, G_N_ELEMENTS(rows));
}

/* Several fields, one a test; and contradictions. */
static void test_conflicts(void **state)
{
	static const char path[] = BELIEVED "position=path\n";
	static const char two[] = "trusted_authserv=mx.example.org mx2.example.org\nboundary=mx.example.org\n";
	static const char any[] = "trusted_authserv=mx.example.org\nposition=any\n";
	static const char conflict[] = "conflict: mx.example.org says both dmarc=pass and dmarc=fail";
	const struct verdict_row rows[] = {
		{BELIEVED, OURS "dmarc=none header.from=example.net\n" OURS "spf=none\n" OURS DKIM_PASS STRANGER ADA,
	         SAYS_DKIM},
		{BELIEVED, OURS DMARC_PASS OURS DMARC_PASS STRANGER ADA, SAYS_DMARC},
		{BELIEVED, OURS DMARC_PASS OURS "dmarc=fail header.from=example.org\n" STRANGER ADA, conflict},
		{BELIEVED, OURS "dmarc=pass header.from=example.org; dmarc=fail header.from=example.org\n" STRANGER ADA,
	         conflict},
		{BELIEVED, OURS "dmarc=pass header.from=example.org; dmarc=fail header.from=EXAMPLE.org\n" STRANGER ADA,
	         conflict},
		{BELIEVED,
	         OURS DMARC_PASS
	         "Authentication-Results: \"MX.example.org\"; dmarc=fail header.from=example.org\n" STRANGER ADA,
	         "conflict: MX.example.org says both dmarc=pass and dmarc=fail"},
		{BELIEVED, OURS "dmarc=fail header.from=example.org; " DKIM_PASS OURS DMARC_PASS STRANGER ADA,
	         "conflict: mx.example.org says both dmarc=fail and dmarc=pass"},
		{BELIEVED,
	         OURS "spf=pass smtp.mailfrom=example.net; spf=fail smtp.mailfrom=example.net; " DKIM_PASS STRANGER ADA,
	         "conflict: mx.example.org says both spf=pass and spf=fail"},
		{BELIEVED,
	         OURS "spf=pass smtp.mailfrom=example.net; spf=none smtp.helo=y.example.net; " DKIM_PASS STRANGER ADA,
	         SAYS_DKIM},
		{BELIEVED, OURS "arc=pass\n" OURS "arc=fail\n" OURS DKIM_PASS STRANGER ADA,
	         "conflict: mx.example.org says both arc=pass and arc=fail"},
		{BELIEVED, OURS "dmarc=pass header.from=example.org; dmarc=fail header.from=example.net\n" STRANGER ADA,
	         "conflict: mx.example.org says both dmarc=pass and dmarc=fail"},
		{BELIEVED,
	         OURS "dmarc=pass header.from=example.net\n" OURS "dmarc=pass header.from=example.org\n" STRANGER ADA,
	         "conflict: mx.example.org says both dmarc=pass of example.net and dmarc=pass of example.org"},
		{BELIEVED, OURS "dmarc=none\n" OURS "dmarc=pass header.from=example.org\n" STRANGER ADA,
	         "conflict: mx.example.org says both dmarc=none and dmarc=pass"},
		{BELIEVED, OURS "dkim=pass header.d=example.org; dkim=fail header.d=example.org\n" STRANGER ADA,
	         SAYS_DKIM},
		/* what does not count contradicts nothing */
		{BELIEVED, OURS DMARC_PASS STRANGER OURS "dmarc=fail header.from=example.org\n" ADA, SAYS_DMARC},
		{BELIEVED,
	         OURS "dmarc=pass header.from=example.org; dmarc/2=fail header.from=example.org\n" STRANGER ADA,
	         SAYS_DMARC},
		{BELIEVED, OURS DMARC_PASS OURS "dmarc=fail header.from=example.org (\n" STRANGER ADA, SAYS_DMARC},
		/* two hosts, two turns: pass can't be had by forging */
		{two,
	         OURS
	         "dmarc=fail header.from=example.org\nAuthentication-Results: mx2.example.org; " DMARC_PASS STRANGER
	                 ADA,
	         "pass: mx2.example.org says dmarc=pass of example.org"},
		{path, OURS "dmarc=fail header.from=example.org\n" ITSELF OURS DMARC_PASS STRANGER ADA, SAYS_DMARC},
		{path, OURS DMARC_PASS ITSELF OURS "dmarc=fail header.from=example.org\n" STRANGER ADA, SAYS_DMARC},
		{path, OURS DMARC_PASS OURS "dmarc=fail header.from=example.org\n" ITSELF STRANGER ADA, conflict},
		/* without turns all is one */
		{any, OURS DMARC_PASS ITSELF OURS "dmarc=fail header.from=example.org\n" STRANGER ADA, conflict},
	};

	(void)state;
	check_verdicts(rows, G_N_ELEMENTS(rows));
}

/* The list's host, whom one may believe too. */
static void test_list(void **state)
{
	static const char list[] = "list_authserv=lists.example.net\nboundary=mx.example.org lists.example.net\n"
				   "position=path\n";
	static const char both[] = "trusted_authserv=mx.example.org\nlist_authserv=lists.example.net\n"
				   "boundary=mx.example.org lists.example.net\nposition=path\n";
#define LIST "Authentication-Results: lists.example.net; "
#define FROM_LIST "Received: from l (lists.example.net [192.0.2.8]) by mx.example.org; date\n"
#define LIST_ITSELF "Received: from l (localhost [127.0.0.1]) by lists.example.net; date\n"
#define TO_LIST "Received: from y (y.example.net [192.0.2.1]) by lists.example.net; date\n"
	const struct verdict_row rows[] = {
		{list, FROM_LIST LIST DKIM_PASS TO_LIST ADA,
	         "pass: the list's host lists.example.net says dkim=pass of example.org"},
		{list, FROM_LIST LIST_ITSELF LIST DMARC_PASS TO_LIST ADA,
	         "pass: the list's host lists.example.net says dmarc=pass of example.org"},
		{list, FROM_LIST LIST "dmarc=fail header.from=example.org\n" TO_LIST ADA,
	         "fail: the list's host lists.example.net says dmarc=fail of example.org"},
		{list, FROM_LIST TO_LIST LIST DKIM_PASS ADA, NOBODY},
		{list, OURS DKIM_PASS FROM_LIST TO_LIST ADA, NOBODY},
		{list, STRANGER LIST DKIM_PASS TO_LIST ADA, NOBODY},
		/* ours says that the list broke it, the list that it was whole */
		{both, OURS "dmarc=fail header.from=example.org\n" FROM_LIST LIST DKIM_PASS TO_LIST ADA,
	         "pass: the list's host lists.example.net says dkim=pass of example.org"},
		{both, OURS "dmarc=fail header.from=example.org\n" FROM_LIST TO_LIST LIST DKIM_PASS ADA,
	         "fail: mx.example.org says dmarc=fail of example.org"},
		{both,
	         FROM_LIST LIST "dmarc=pass header.from=example.org; dmarc=fail header.from=example.org\n" TO_LIST ADA,
	         "conflict: the list's host lists.example.net says both dmarc=pass and dmarc=fail"},
		/* of the address that the list puts into From it says nothing of the author */
		{both, FROM_LIST LIST DKIM_PASS TO_LIST VIA,
	         "none: nobody who is trusted says anything of lists.example.net / claimed: the address stands in "
	         "Reply-To, "
	         "and nothing that is sealed vouches for it"},
		{both, OURS "dkim=pass header.d=lists.example.net\n" FROM_LIST LIST DKIM_PASS TO_LIST VIA,
	         "pass: mx.example.org says dkim=pass of lists.example.net / claimed: the address stands in Reply-To, "
	         "and "
	         "nothing that is sealed vouches for it"},
	};

	(void)state;
	check_verdicts(rows, G_N_ELEMENTS(rows));
}

/* From names none, two, or a group. */
#define AMBIGUOUS "ambiguous: From does not name exactly one mailbox"

static void test_ambiguous(void **state)
{
	static const char *const froms[] = {
		ADA ADA,
		ADA "From: Eve <eve@example.net>\n",
		"From: Eve <eve@example.net>\n" ADA,
		ADA "A: b\nfrom : eve@example.net\n",
		"From: ada@example.org, eve@example.net\n",
		"From: Eve <eve@example.net>, Ada <ada@example.org>\n",
		"From: ada@example.org <eve@example.net>\n",
		"From: demo: ada@example.org;\n",
		"From: demo: ada@example.org, eve@example.net;\n",
		"From: ada at example.org (Ada)\n",
		"From: Ada <ada@example.org> (\n",
		"From: eve@example.org (<ada@example.org>)\n",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(froms); i++) {
		g_autofree char *header = g_strconcat(OURS DKIM_PASS OURS DMARC_PASS STRANGER, froms[i], NULL);
		g_autofree char *said = say_verdict(BELIEVED, header, false);
		g_autofree char *wrapped = say_verdict(BELIEVED, header, true);

		/* Some of these names have an address that may be the author's: that one is no better known. */
		if (strcmp(said, AMBIGUOUS " / " AMBIGUOUS) != 0)
			assert_string_equal(said, AMBIGUOUS);
		assert_string_equal(wrapped, said);
	}
}

/* The other address is no better known than From, and nothing is measured. */
static void test_ambiguous_original(void **state)
{
	static const char header[] = OURS DKIM_PASS STRANGER VIA "From: x@example.org\n";
	g_autofree char *said = say_verdict(BELIEVED, header, false), *fields = say_fields(BELIEVED, header);

	(void)state;
	assert_string_equal(said, AMBIGUOUS " / " AMBIGUOUS);
	assert_non_null(strstr(fields, "dkim=pass example.org: mx.example.org\n"));
}

static void test_odd_domains(void **state)
{
	static const struct verdict_row rows[] = {
		{BELIEVED, OURS DKIM_PASS STRANGER "From: ada@localhost\n",
	         "none: the domain in From is not a full domain name"},
		{BELIEVED, OURS DKIM_PASS STRANGER "From: ada@[192.0.2.1]\n",
	         "none: the domain in From is not a full domain name"},
		{BELIEVED, OURS DKIM_PASS STRANGER "From: ada@example.org.\n", SAYS_DKIM},
		{BELIEVED, OURS DKIM_PASS STRANGER "From: \"eve@example.net\"@example.org\n", SAYS_DKIM},
		{BELIEVED, OURS "dkim=pass header.d=example.net\n" STRANGER "From: \"eve@example.net\"@example.org\n",
	         NOBODY},
		{BELIEVED, OURS DKIM_PASS STRANGER "From:\n", "no author"},
		{BELIEVED, OURS DKIM_PASS STRANGER, "no author"},
	};

	(void)state;
	check_verdicts(rows, G_N_ELEMENTS(rows));
}

/* An author who stands elsewhere than in From. */
static void test_claimed(void **state)
{
	static const struct verdict_row rows[] = {
		{BELIEVED, OURS DKIM_PASS OURS DMARC_PASS STRANGER VIA,
	         "none: nobody who is trusted says anything of lists.example.net / claimed: the address stands in "
	         "Reply-To, "
	         "and nothing that is sealed vouches for it"},
		{BELIEVED,
	         OURS DKIM_PASS STRANGER "From: Ada via demo <demo@lists.example.net>\nCc: Ada <ada@example.org>\n",
	         "none: nobody who is trusted says anything of lists.example.net / claimed: the address stands in Cc, "
	         "and "
	         "nothing that is sealed vouches for it"},
		{BELIEVED,
	         OURS DKIM_PASS STRANGER "From: demo@lists.example.net\nX-Original-From: Ada <ada@example.org>\n",
	         "none: nobody who is trusted says anything of lists.example.net / claimed: the address stands in "
	         "X-Original-From, and nothing that is sealed vouches for it"},
		{BELIEVED, OURS "dkim=pass header.d=example.net\n" STRANGER VIA,
	         "pass: mx.example.org says dkim=pass of example.net / claimed: the address stands in Reply-To, and "
	         "nothing "
	         "that is sealed vouches for it"},
	};
	g_autofree char *wrapped = say_verdict(BELIEVED, OURS DKIM_PASS OURS DMARC_PASS STRANGER ADA, true);

	(void)state;
	check_verdicts(rows, G_N_ELEMENTS(rows));
	assert_string_equal(wrapped,
	                    "claimed: the address stands in a mail within the mail, and nothing that is sealed "
	                    "vouches for it");
}

/* Received-SPF: the topmost one, above ours, by ours; and Authentication-Results has the last word. */
static void test_received_spf(void **state)
{
	static const char on[] = "received_spf=yes\n" BELIEVED;
	static const struct {
		const char *settings, *header, *fields;
	} cases[] = {
		{BELIEVED, "Received-SPF: pass receiver=mx.example.org; envelope-from=a@example.org\n" STRANGER ADA,
	         "0 Received-SPF -: received_spf is not set\n"
	         "  0 0 received-spf spf=pass example.org strict: received_spf is not set\n"},
		{on, "Received-SPF: pass receiver=MX.example.org; envelope-from=a@example.org\n" STRANGER ADA,
	         "0 Received-SPF - counts: its receiver and its place are trusted\n"
	         "  0 0 received-spf spf=pass example.org strict: Received-SPF\n"},
		{on, "Received-SPF: pass receiver=y.example.net; envelope-from=a@example.org\n" STRANGER ADA,
	         "0 Received-SPF -: its receiver is no host of the boundary\n"
	         "  0 0 received-spf spf=pass example.org strict: its receiver is no host of the boundary\n"},
		{on, "Received-SPF: pass\n" STRANGER ADA,
	         "0 Received-SPF -: its receiver is no host of the boundary\n"
	         "  0 0 received-spf spf=pass: its receiver is no host of the boundary\n"},
		{on, STRANGER "Received-SPF: pass receiver=mx.example.org\n" ADA,
	         "1 Received-SPF -: it stands where anybody can have written it\n"
	         "  1 0 received-spf spf=pass: it stands where anybody can have written it\n"},
		{on,
	         "Received-SPF: none receiver=mx.example.org\nReceived-SPF: pass receiver=mx.example.org\n" STRANGER
	                 ADA,
	         "0 Received-SPF - counts: its receiver and its place are trusted\n"
	         "1 Received-SPF -: only the topmost one counts\n"
	         "  0 0 received-spf spf=none: Received-SPF\n"},
		{on, "Received-SPF: (\nReceived-SPF: pass receiver=mx.example.org\n" STRANGER ADA,
	         "0 Received-SPF -: a comment does not end\n"
	         "1 Received-SPF -: only the topmost one counts\n"},
		{on, "Received-SPF: fail receiver=mx.example.org; helo=y.example.net\n" OURS "spf=none\n" STRANGER ADA,
	         "0 Received-SPF - counts: its receiver and its place are trusted\n"
	         "1 Authentication-Results mx.example.org counts: its authserv-id is trusted, and so is its place\n"
	         "  0 0 received-spf spf=fail y.example.net none: Authentication-Results speaks of spf\n"
	         "  1 0 exchanger spf=none: mx.example.org\n"},
		{on, "Received-SPF: fail receiver=mx.example.org\n" STRANGER OURS "spf=none\n" ADA,
	         "0 Received-SPF - counts: its receiver and its place are trusted\n"
	         "2 Authentication-Results mx.example.org: it stands where anybody can have written it\n"
	         "  0 0 received-spf spf=fail: Received-SPF\n"
	         "  2 -1 exchanger spf=none: it stands where anybody can have written it\n"},
		/* the path does not matter here, and anywhere is not enough */
		{"received_spf=yes\nposition=path\n" BELIEVED,
	         ITSELF "Received-SPF: pass receiver=mx.example.org\n" STRANGER ADA,
	         "1 Received-SPF -: it stands where anybody can have written it\n"
	         "  1 0 received-spf spf=pass: it stands where anybody can have written it\n"},
		{"received_spf=yes\nposition=any\n" BELIEVED,
	         STRANGER "Received-SPF: pass receiver=mx.example.org\n" ADA,
	         "1 Received-SPF -: it stands where anybody can have written it\n"
	         "  1 0 received-spf spf=pass: it stands where anybody can have written it\n"},
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *fields = say_fields(cases[i].settings, cases[i].header);

		if (strcmp(fields, cases[i].fields) != 0)
			fail_msg("%s%sgives\n%s", cases[i].settings, cases[i].header, fields);
		check_unheard(cases[i].settings, cases[i].header);
	}
}

/* What is kept of each field and result: which field, whose word, about what, and why it counts or not. */
static void test_fields(void **state)
{
	static const char header[] =
		"Received: from mx.example.org by store.example.org\n" OURS
		"dkim=pass header.d=a.example.org; dkim=fail header.d=example.net; iprev=pass; spf=tempfail\n"
		"Authentication-Results: y.example.net; dmarc=pass header.from=example.org\n" OURS "none\n"
		"Authentication-Results: spf=pass smtp.mailfrom=example.org\n" STRANGER OURS
		"spf=pass smtp.helo=example.org\n"
		"X-Original-Authentication-Results: mx.example.org; none\n" ADA;
	g_autofree char *fields = say_fields(BELIEVED, header);

	(void)state;
	assert_string_equal(
		fields,
		"1 Authentication-Results mx.example.org counts: its authserv-id is trusted, and so is its place\n"
		"2 Authentication-Results y.example.net: no setting names its authserv-id\n"
		"3 Authentication-Results mx.example.org counts: its authserv-id is trusted, and so is its place\n"
		"4 Authentication-Results -: no authserv-id: it begins with a method\n"
		"6 Authentication-Results mx.example.org: it stands where anybody can have written it\n"
		"  1 0 exchanger dkim=pass a.example.org relaxed: mx.example.org\n"
		"  1 0 exchanger dkim=fail example.net none: mx.example.org\n"
		"  1 0 exchanger iprev=pass: its method is not looked at\n"
		"  1 0 exchanger spf=tempfail: its method has no such result\n"
		"  2 0 other dmarc=pass example.org strict: no setting names its authserv-id\n"
		"  6 -1 exchanger spf=pass example.org strict: it stands where anybody can have written it\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nobody),       cmocka_unit_test(test_positions),
		cmocka_unit_test(test_ids),          cmocka_unit_test(test_meaning),
		cmocka_unit_test(test_conflicts),    cmocka_unit_test(test_list),
		cmocka_unit_test(test_ambiguous),    cmocka_unit_test(test_ambiguous_original),
		cmocka_unit_test(test_odd_domains),  cmocka_unit_test(test_claimed),
		cmocka_unit_test(test_received_spf), cmocka_unit_test(test_fields),
	};

	g_mime_init();
	return cmocka_run_group_tests_name("authentication", tests, NULL, NULL);
}
