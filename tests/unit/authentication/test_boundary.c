/* test_boundary.c - boundary.c: how far down a header its fields are ours, whatever a client writes there.
 *
 * The hosts of the boundary are mx.example.org and lists.example.org, others are of example.net.  Each field is given
 * as the number of its turn, or `-` if anybody may have written it; a Received counts to what stands below it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "authentication/boundary.h"

#define STRANGER "(y.example.net [192.0.2.1])"
#define FROM_STRANGER "Received: from x " STRANGER " by mx.example.org; date\n"
#define FROM_ITSELF "Received: from localhost (localhost [127.0.0.1]) by mx.example.org; date\n"
#define OF_OTHERS "Received: from z (z [192.0.2.9]) by y.example.net; date\n"

static char *turns_of(const char *header, bool path)
{
	static char *hosts[] = {"mx.example.org", "lists.example.org", NULL};
	GString *text = g_string_new(NULL);
	struct header_list headers;
	GArray *turns;
	size_t body;

	header_list_init(&headers, header, strlen(header), &body);
	turns = boundary_turns(&headers, hosts, path);
	assert_int_equal(turns->len, headers.fields->len);
	for (unsigned i = 0; i < turns->len; i++) {
		int turn = g_array_index(turns, int, i);

		if (turn == BOUNDARY_BEYOND)
			g_string_append_c(text, '-');
		else
			g_string_append_printf(text, "%d", turn);
	}
	g_array_unref(turns);
	header_list_release(&headers);
	return g_string_free(text, FALSE);
}

struct header_case {
	const char *header;
	const char *turns; /* position=boundary */
	const char *path;  /* position=path */
};

static void check_headers(const struct header_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		g_autofree char *turns = turns_of(cases[i].header, false), *path = turns_of(cases[i].header, true);

		if (strcmp(turns, cases[i].turns) != 0 || strcmp(path, cases[i].path) != 0)
			fail_msg("%s\ngives %s, on the path %s", cases[i].header, turns, path);
	}
}

static void test_none(void **state)
{
	static const struct header_case cases[] = {
		{"", "", ""},
		{"A: b\nFrom: x\n", "--", "--"},
		{"A: b\n" OF_OTHERS "A: b\n", "---", "---"},
		/* another's name, and what only looks like ours */
		{"A: b\nReceived: from x " STRANGER " by a.mx.example.org\nA: b\n", "---", "---"},
		{"A: b\nReceived: from x " STRANGER " by mx.example.org.example.net\nA: b\n", "---", "---"},
		{"A: b\nReceived: from x " STRANGER " by example.org\nA: b\n", "---", "---"},
		{"A: b\nReceived: from mx.example.org (mx.example.org [192.0.2.7]) by y.example.net\nA: b\n", "---",
	         "---"},
		{"A: b\nReceived: from x " STRANGER " with mx.example.org\nA: b\n", "---", "---"},
		{"A: b\nX-Received: from x " STRANGER " by mx.example.org\nA: b\n", "---", "---"},
		{"A: b\nReceived-SPF: pass by mx.example.org\nA: b\n", "---", "---"},
		{"A: b\nReceived: by [mx.example.org]\nA: b\n", "---", "---"},
	};

	(void)state;
	check_headers(cases, G_N_ELEMENTS(cases));
}

static void test_topmost(void **state)
{
	static const struct header_case cases[] = {
		{FROM_STRANGER, "-", "-"},
		{"A: b\n" FROM_STRANGER "A: b\n", "0--", "0--"},
		{"A: b\nA: b\n" FROM_STRANGER OF_OTHERS "A: b\n", "00---", "00---"},
		{"A: b\nRECEIVED: FROM x " STRANGER " BY MX.Example.Org\nA: b\n", "0--", "0--"},
		/* no host writes it so, and what it hides may be anybody's */
		{"A: b\nReceived : from x " STRANGER " by mx.example.org\nA: b\n", "---", "---"},
		{"A: b\nReceived : by y.example.net\nA: b\n" FROM_STRANGER, "----", "----"},
		{"A: b\nReceived:\n\tfrom x\n\t" STRANGER "\n\tby mx.example.org\n\t(Postfix)\nA: b\n", "0--", "0--"},
		{"A: b\nReceived: by mx.example.org (Postfix, from userid 0)\nA: b\n", "0--", "0--"},
		{"A: b\nReceived: from x (y.example.net [IPv6:2001:db8::1]) by mx.example.org\nA: b\n", "0--", "0--"},
		/* hosts after ours, such as that of the mailbox */
		{"A: b\nReceived: from mx.example.org (mx.example.org [192.0.2.7]) by store.example.org\nA: "
	         "b\n" FROM_STRANGER "A: b\n",
	         "000--", "000--"},
		/* forged below, however it looks */
		{"A: b\n" FROM_STRANGER "A: b\n" FROM_ITSELF "A: b\n", "0----", "0----"},
		{"A: b\n" FROM_STRANGER "A: b\n" FROM_ITSELF FROM_STRANGER "A: b\n", "0-----", "0-----"},
		{"A: b\n" FROM_STRANGER "A: b\n" OF_OTHERS FROM_ITSELF "A: b\n", "0-----", "0-----"},
		{"A: b\n" FROM_STRANGER "A: b\n" FROM_STRANGER, "0---", "0---"},
	};

	(void)state;
	check_headers(cases, G_N_ELEMENTS(cases));
}

/* A host that had the mail from itself, or from another one of ours. */
static void test_path(void **state)
{
	static const struct header_case cases[] = {
		{FROM_ITSELF "A: b\n" FROM_STRANGER "A: b\n", "----", "11--"},
		{"A: b\n" FROM_ITSELF "A: b\n" FROM_STRANGER "A: b\n", "0----", "011--"},
		{"A: b\n" FROM_ITSELF "A: b\n" FROM_ITSELF "A: b\n" FROM_STRANGER "A: b\n", "0------", "01122--"},
		/* the same host again and again */
		{FROM_ITSELF FROM_ITSELF FROM_ITSELF FROM_ITSELF "A: b\n", "-----", "123--"},
		{"A: b\n" FROM_ITSELF "A: b\nReceived : from x " STRANGER " by mx.example.org\nA: b\n", "0----",
	         "0----"},
		/* nothing of ours below: what stands there may be a client's on our host */
		{"A: b\n" FROM_ITSELF "A: b\n", "0--", "0--"},
		{"A: b\n" FROM_ITSELF "A: b\n" OF_OTHERS "A: b\n", "0----", "0----"},
		/* names that the host found, of either of ours */
		{"A: b\nReceived: from x (lists.example.org [192.0.2.8]) by mx.example.org\nA: b\n" FROM_STRANGER
	         "A: b\n",
	         "0----", "011--"},
		{"A: b\nReceived: from x (MX.example.ORG [IPv6:2001:db8::8]) by lists.example.org\nA: b\n" FROM_STRANGER
	         "A: b\n",
	         "0----", "011--"},
		{"A: b\nReceived: from x (localhost [IPv6:::1]) by lists.example.org\nA: b\n" FROM_STRANGER "A: b\n",
	         "0----", "011--"},
		{"A: b\nReceived: from x ([127.0.0.1]) by lists.example.org\nA: b\n" FROM_STRANGER "A: b\n", "0----",
	         "011--"},
		/* what others say of us counts after ours, and not in between */
		{"A: b\nReceived: from x (mx.example.org [192.0.2.7]) by store.example.net\nA: b\n" FROM_ITSELF "A: b\n"
	         "Received: from x (mx.example.org [192.0.2.7]) by store.example.net\n" FROM_STRANGER "A: b\n",
	         "000-----", "000-----"},
	};

	(void)state;
	check_headers(cases, G_N_ELEMENTS(cases));
}

/* Strangers who would be one of ours: below them nothing counts. */
static void test_strangers(void **state)
{
	static const char *const clients[] = {
		/* what a client calls itself, beside what the host found */
		"from mx.example.org " STRANGER,
		"from localhost " STRANGER,
		"from [127.0.0.1] " STRANGER,
		"from by " STRANGER,
		"from x; " STRANGER,
		"from x;by " STRANGER,
		"from mx.example.org; " STRANGER,
		"from x(y " STRANGER,
		"from (y " STRANGER,
		"from \"y " STRANGER,
		"from x) " STRANGER,
		"from x\" " STRANGER,
		"from x\\ " STRANGER,
		"from x(mx.example.org [127.0.0.1]) " STRANGER,
		"from x([127.0.0.1])y " STRANGER,
		"from x([127.0.0.1])by " STRANGER,
		"from x([127.0.0.1])by (192.0.2.1)",
		"from x (mx.example.org [192.0.2.7]) " STRANGER,
		"from \"mx.example.org (localhost [127.0.0.1])\" " STRANGER,
		"from by mx.example.org (localhost [127.0.0.1]) " STRANGER,
		/* names and addresses that are not ours, or not proven */
		"from x (a.mx.example.org [192.0.2.1])",
		"from x (mx.example.org.example.net [192.0.2.1])",
		"from x (example.org [192.0.2.1])",
		"from x (mx.example.org [192.0.2.1] (may be forged))",
		"from x (mx.example.org)",
		"from x (mx.example.org 192.0.2.1)",
		"from mx.example.org",
		"from mx.example.org ([192.0.2.1])",
		"from x ([192.0.2.1] helo=mx.example.org)",
		"from x ([192.0.2.1] helo=[127.0.0.1])",
		"from [192.0.2.1] (helo=[127.0.0.1])",
		"from [192.0.2.1] (helo=mx.example.org)",
		"from unknown (HELO [127.0.0.1]) (192.0.2.1)",
		"from unknown (HELO mx.example.org) (192.0.2.1)",
		"from x (y.example.net [IPv6:2001:db8::127.0.0.1])",
		"from x (y.example.net [1127.0.0.1])",
		"from x (ident@localhost [127.0.0.1])",
	};

	/* and what it says to whom the mail goes */
	static const char *const recipients[] = {"<demo@lists.example.org>",
	                                         "<a)b@example.org>",
	                                         "<a\"b@example.org>",
	                                         "<a;b@example.org>",
	                                         "<\"a (b\"@example.org>",
	                                         "<) x ([127.0.0.1])@example.org>",
	                                         "<\" ([127.0.0.1])@example.org>"};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(clients) * G_N_ELEMENTS(recipients); i++) {
		g_autofree char *field = g_strdup_printf(
			"Received: %s\n by mx.example.org (Postfix) with ESMTP id 4A\n for %s; date\n",
			clients[i / G_N_ELEMENTS(recipients)], recipients[i % G_N_ELEMENTS(recipients)]);
		g_autofree char *header = g_strconcat("A: b\n", field, "A: b\n", FROM_ITSELF, FROM_STRANGER, NULL);
		g_autofree char *turns = turns_of(header, false), *path = turns_of(header, true);

		/* Or not even above it, where what the client says makes the field one that nobody can read. */
		if (strcmp(turns, path) != 0 || !g_str_has_suffix(turns, "----"))
			fail_msg("%sgives %s, on the path %s", field, turns, path);
	}
}

/* A Received that cannot be read ends it, above ours too. */
static void test_unreadable(void **state)
{
	static const struct header_case cases[] = {
		{"A: b\nReceived: (by mx.example.org\nA: b\n" FROM_STRANGER "A: b\n", "-----", "-----"},
		{"A: b\nReceived: from x by mx.example.org \xe9\nA: b\n" FROM_STRANGER "A: b\n", "-----", "-----"},
		{"A: b\nReceived: from x by mx.example.org \x01\nA: b\n" FROM_STRANGER "A: b\n", "-----", "-----"},
		{"A: b\n" FROM_STRANGER "Received: (\nA: b\n", "0---", "0---"},
		{"A: b\n" FROM_ITSELF "A: b\nReceived: (\nA: b\n" FROM_STRANGER "A: b\n", "0------", "0------"},
	};

	(void)state;
	check_headers(cases, G_N_ELEMENTS(cases));
}

static void test_no_hosts(void **state)
{
	static char *nobody[] = {NULL};
	struct header_list headers;
	GArray *turns;
	size_t body;

	(void)state;
	header_list_init(&headers, FROM_ITSELF "A: b\n", strlen(FROM_ITSELF "A: b\n"), &body);
	turns = boundary_turns(&headers, nobody, true);
	for (unsigned i = 0; i < turns->len; i++)
		assert_int_equal(g_array_index(turns, int, i), BOUNDARY_BEYOND);
	g_array_unref(turns);
	header_list_release(&headers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none),      cmocka_unit_test(test_topmost),    cmocka_unit_test(test_path),
		cmocka_unit_test(test_strangers), cmocka_unit_test(test_unreadable), cmocka_unit_test(test_no_hosts),
	};

	return cmocka_run_group_tests_name("boundary", tests, NULL, NULL);
}
