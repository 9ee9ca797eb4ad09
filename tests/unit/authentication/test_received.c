/* test_received.c - received.c: who took a mail, and from whom, whatever a client calls itself. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "authentication/received.h"

/* `by` with blanks between its words, the peer, and whether the client is a loopback address. */
struct good {
	const char *value, *by, *peer;
	bool from_itself;
};

static void check_good(const struct good *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct received received;
		g_autofree char *by = NULL;

		if (received_parse(cases[i].value, &received) < 0)
			fail_msg("%s cannot be read", cases[i].value);
		g_ptr_array_add(received.by, NULL);
		by = g_strjoinv(" ", (char **)received.by->pdata);
		if (strcmp(by, cases[i].by) != 0 || g_strcmp0(received.peer, cases[i].peer) != 0 ||
		    received.from_itself != cases[i].from_itself)
			fail_msg("%s gives by %s, peer %s, from itself %d", cases[i].value, by,
			         received.peer ? received.peer : "none", received.from_itself);
		received_release(&received);
	}
}

/* Fields as hosts write them. */
static void test_hosts(void **state)
{
	static const struct good cases[] = {
		/* Postfix */
		{"from mail.example.net (mail.example.net [192.0.2.1])\n"
	         "\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\n"
	         "\tby mx.example.org (Postfix) with ESMTPS id 4A\n"
	         "\tfor <demo@lists.example.org>; Tue, 10 Feb 2026 06:59:47 +0000 (UTC)",
	         "mx.example.org", "mail.example.net", false},
		{"from localhost (localhost [127.0.0.1])\n\tby mx.example.org (Postfix) with ESMTP id 4A; x",
	         "mx.example.org", "localhost", true},
		{"from mx.example.org (localhost.localdomain [127.0.0.1]) by mx.example.org", "mx.example.org",
	         "localhost.localdomain", true},
		{"from x (unknown [127.0.0.2]) by mx.example.org", "mx.example.org", "unknown", true},
		{"from x (localhost [IPv6:::1]) by mx.example.org", "mx.example.org", "localhost", true},
		{"from x (localhost [ipv6:::1]) by mx.example.org", "mx.example.org", "localhost", true},
		{"from x (y.example.net [IPv6:2001:db8::1]) by mx.example.org", "mx.example.org", "y.example.net",
	         false},
		{"by mx.example.org (Postfix, from userid 0) id 4A; x", "mx.example.org", NULL, false},
		/* Sendmail */
		{"from x (y.example.net [192.0.2.1]) by mx.example.org (8.17.1/8.17.1) with ESMTP id 4A; x",
	         "mx.example.org", "y.example.net", false},
		{"from x (localhost [127.0.0.1] (may be forged)) by mx.example.org", "mx.example.org", NULL, false},
		{"from x ([192.0.2.1]) by mx.example.org", "mx.example.org", NULL, false},
		{"from x ([127.0.0.1]) by mx.example.org", "mx.example.org", NULL, true},
		{"from x (ada@localhost [127.0.0.1]) by mx.example.org", "mx.example.org", NULL, false},
		{"from x (IDENT:ada@localhost [127.0.0.1]) by mx.example.org", "mx.example.org", NULL, false},
		/* Exim */
		{"from y.example.net ([192.0.2.1] helo=x)\n\tby mx.example.org with esmtps", "mx.example.org", NULL,
	         false},
		{"from y.example.net ([192.0.2.1] helo=[127.0.0.1]) by mx.example.org", "mx.example.org", NULL, false},
		{"from [192.0.2.1] (helo=x) by mx.example.org with esmtp", "mx.example.org", NULL, false},
		{"from [192.0.2.1] (port=25 helo=[127.0.0.1]) by mx.example.org", "mx.example.org", NULL, false},
		{"from [192.0.2.1] (helo=[127.0.0.1]) by mx.example.org", "mx.example.org", NULL, false},
		{"from [192.0.2.1] (ident=[127.0.0.1]) by mx.example.org", "mx.example.org", NULL, false},
		{"from localhost ([127.0.0.1] helo=mx.example.org) by mx.example.org", "mx.example.org", NULL, false},
		/* qmail, and others that say first what the client calls itself */
		{"from unknown (HELO x) (192.0.2.1)\n  by mx.example.org with SMTP; x", "mx.example.org", NULL, false},
		{"from unknown (HELO [127.0.0.1]) (192.0.2.1)\n  by mx.example.org with SMTP", "mx.example.org", NULL,
	         false},
		{"from unknown (EHLO [127.0.0.1]) (192.0.2.1) by mx.example.org", "mx.example.org", NULL, false},
		{"from [192.0.2.1] (HELO [IPv6:::1]) by mx.example.org", "mx.example.org", NULL, false},
		{"(qmail 12 invoked by uid 0); 10 Feb 2026 06:59:47 -0000", "uid", NULL, false},
		/* others */
		{"by 192.0.2.7 with SMTP id 4A; Tue, 10 Feb 2026 06:59:47 -0800 (PST)", "192.0.2.7", NULL, false},
		{"FROM x (y.example.net [192.0.2.1]) BY mx.example.org", "mx.example.org", "y.example.net", false},
		{"from x (y.example.net [192.0.2.1])by(a)mx.example.org", "a mx.example.org", "y.example.net", false},
		{"(a) from (b) x (y.example.net [192.0.2.1]) by\n (c (d))\n mx.example.org;", "c d mx.example.org",
	         NULL, false},
		{"from x by mx.example.org via TCP with SMTP id 4A for a@example.org; x", "mx.example.org", NULL,
	         false},
		{"from x (y.example.net [192.0.2.1]) by mx.example.org by relay.example.org",
	         "mx.example.org relay.example.org", "y.example.net", false},
		{"from x by \"mx.example.org\"", "mx.example.org", NULL, false},
		{"", "", NULL, false},
		{" ; by", "", NULL, false},
		{"by", "", NULL, false},
		{"from", "", NULL, false},
	};

	(void)state;
	check_good(cases, G_N_ELEMENTS(cases));
}

/* What the client says of itself is in the host's field, word for word with some hosts: the host's name stays there,
 * and no peer is made up. */
static void test_clients(void **state)
{
	static const struct good cases[] = {
		{"from by (y.example.net [192.0.2.1]) by mx.example.org", "y.example.net [192.0.2.1] by mx.example.org",
	         "y.example.net", false},
		{"from from (y.example.net [192.0.2.1]) by mx.example.org", "mx.example.org", "y.example.net", false},
		{"from [127.0.0.1] (y.example.net [192.0.2.1]) by mx.example.org", "mx.example.org", "y.example.net",
	         false},
		{"from localhost[127.0.0.1] (y.example.net [192.0.2.1]) by mx.example.org", "mx.example.org",
	         "y.example.net", false},
		{"from x by other.example (y.example.net [192.0.2.1]) by mx.example.org",
	         "other.example mx.example.org", NULL, false},
		{"from x; (y.example.net [192.0.2.1]) by mx.example.org; x", "mx.example.org", NULL, false},
		{"from x;by other.example (y.example.net [192.0.2.1]) by mx.example.org; x",
	         "other.example mx.example.org", NULL, false},
		{"from x(y (y.example.net [192.0.2.1]) by mx.example.org for <a)b@example.org>; x", "mx.example.org",
	         NULL, false},
		{"from x\"y (y.example.net [192.0.2.1]) by mx.example.org for <\"a@example.org>; x", "mx.example.org",
	         NULL, false},
		{"from x\\ (y.example.net [192.0.2.1]) by mx.example.org; x", "mx.example.org", "y.example.net", false},
		{"from x (localhost [127.0.0.1]) (y.example.net [192.0.2.1]) by mx.example.org", "mx.example.org", NULL,
	         false},
		{"from x(localhost [127.0.0.1]) (y.example.net [192.0.2.1]) by mx.example.org", "mx.example.org", NULL,
	         false},
		{"from x ([127.0.0.1]) ([192.0.2.1]) by mx.example.org", "mx.example.org", NULL, false},
		{"from x([127.0.0.1])y (y.example.net [192.0.2.1]) by mx.example.org", "mx.example.org", NULL, false},
		{"from x([127.0.0.1])by (y.example.net [192.0.2.1]) by mx.example.org",
	         "y.example.net [192.0.2.1] by mx.example.org", NULL, false},
		{"from x([127.0.0.1])y (192.0.2.1) by mx.example.org", "mx.example.org", NULL, false},
		{"from x([127.0.0.1])by (192.0.2.1) by mx.example.org", "192.0.2.1 by mx.example.org", NULL, false},
		{"from ([127.0.0.1])x (192.0.2.1) by mx.example.org", "mx.example.org", NULL, false},
		{"from x ([127.0.0.1]) by mx.example.org for <a@[192.0.2.1]>", "mx.example.org", NULL, false},
		{"from \"x (localhost [127.0.0.1])\" (y.example.net [192.0.2.1]) by mx.example.org", "mx.example.org",
	         NULL, false},
		{"from (. (y.example.net [192.0.2.1]) by mx.example.org for ) x ([127.0.0.1]); x", "mx.example.org",
	         NULL, false},
		{"from \"x (y.example.net [192.0.2.1]) by mx.example.org for <\" ([127.0.0.1])@a>; x", "mx.example.org",
	         NULL, false},
		{"\"from\" x ([127.0.0.1]) by mx.example.org", "mx.example.org", NULL, false},
		/* addresses and names that only look like it */
		{"from x (y.example.net [1127.0.0.1]) by mx.example.org", "mx.example.org", "y.example.net", false},
		{"from x (y.example.net [IPv6:::1:127.0.0.1]) by mx.example.org", "mx.example.org", "y.example.net",
	         false},
		{"from x (y.example.net [::ffff:127.0.0.1]) by mx.example.org", "mx.example.org", "y.example.net",
	         false},
		{"from x (y.example.net 127.0.0.1) by mx.example.org", "mx.example.org", NULL, false},
		{"from x (127.0.0.1) by mx.example.org", "mx.example.org", NULL, false},
		{"from x (localhost [127.0.0.1) by mx.example.org", "mx.example.org", NULL, false},
		{"from x (localhost [127.0.0.1].) by mx.example.org", "mx.example.org", NULL, false},
		{"from x (localhost [127.0.0.1] ) by mx.example.org", "mx.example.org", NULL, false},
		{"from x (localhost [127.0.0.1\\]) by mx.example.org", "mx.example.org", NULL, false},
		{"from x (a localhost [127.0.0.1]) by mx.example.org", "mx.example.org", NULL, false},
		{"from x (a\n localhost [127.0.0.1]) by mx.example.org", "mx.example.org", NULL, false},
		{"from x ((localhost) [127.0.0.1]) by mx.example.org", "mx.example.org", NULL, false},
		{"from x y (localhost [127.0.0.1]) by mx.example.org", "mx.example.org", NULL, false},
		{"with from x (localhost [127.0.0.1]) by mx.example.org", "mx.example.org", NULL, false},
		{"(a) x from y (localhost [127.0.0.1]) by mx.example.org", "mx.example.org", NULL, false},
	};

	(void)state;
	check_good(cases, G_N_ELEMENTS(cases));
}

static void test_unreadable(void **state)
{
	static const char *const values[] = {
		"from x (y.example.net [192.0.2.1] by mx.example.org",
		"from x( (y.example.net [192.0.2.1]) by mx.example.org; x",
		"from x (y.example.net [192.0.2.1]\\) by mx.example.org",
		"from \"x (y.example.net [192.0.2.1]) by mx.example.org",
		"from x by mx.example.org \"",
		"(",
		"from x by mx.example.org\x01",
		"from x\r by mx.example.org",
		"from \xe9 by mx.example.org",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
		struct received received = {NULL, NULL, false};

		if (received_parse(values[i], &received) != -EBADMSG)
			fail_msg("%s can be read", values[i]);
		assert_null(received.by);
		assert_null(received.peer);
	}
}

/* A field of a mebibyte is read too, whatever it is filled with. */
static void test_long(void **state)
{
	static const char *const units[] = {"by x ", "(", ";", " ", "\"\"", "by(by)", "x", "[", "\\"};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
		g_autoptr(GString) value = g_string_new("from x (y.example.net [192.0.2.1]) by mx.example.org ");
		struct received received;

		while (value->len < 1024 * 1024)
			g_string_append(value, units[i]);
		if (received_parse(value->str, &received) < 0) {
			assert_string_equal(units[i], "(");
			continue;
		}
		assert_string_equal(g_ptr_array_index(received.by, 0), "mx.example.org");
		if (*units[i] == '[')
			assert_null(received.peer);
		else
			assert_string_equal(received.peer, "y.example.net");
		received_release(&received);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_clients),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests_name("received", tests, NULL, NULL);
}
