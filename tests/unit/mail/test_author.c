/* test_author.c - From, and the author behind a list's From. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <gmime/gmime.h>

#include "mail/author.h"

static int read_author(const char *block, struct author *ret_author, char **ret_reason)
{
	struct header_list headers;
	size_t body;
	int result;

	header_list_init(&headers, block, strlen(block), &body);
	result = author_read(&headers, ret_author, ret_reason);
	header_list_release(&headers);
	return result;
}

static void assert_text(const char *got, const char *expected)
{
	if (!expected)
		assert_null(got);
	else
		assert_string_equal(got, expected);
}

static const struct {
	const char *from, *name, *email;
} forms[] = {
	{"\"Doe, J\" <j@example.org>", "Doe, J", "j@example.org"},
	{"J Doe <j@example.org>", "J Doe", "j@example.org"},
	{"j at example.org (J Doe)", "J Doe", "j@example.org"},
	{"J Doe <j at example.org>", "J Doe", "j@example.org"},
	{"j@example.org (J Doe)", "J Doe", "j@example.org"},
	{"j@example.org", NULL, "j@example.org"},
	{"<j@example.org>", NULL, "j@example.org"},
	{"J [work] <j@example.org>", "J [work]", "j@example.org"},
	{"J\n <j@example.org>", "J", "j@example.org"},
	{"=?utf-8?q?J=C3=A9?= <j@example.org>", "J\xc3\xa9", "j@example.org"},
	{"=?utf-8?b?YQ==?= =?utf-8?b?Yg==?= <j@example.org>", "ab", "j@example.org"},
	{"J\xc3\xa9 <j@example.org>", "J\xc3\xa9", "j@example.org"},
	{"J\xe9 <j@example.org>", "J\xc3\xa9", "j@example.org"},
	{"j@k <k@example.org>", "j@k", "k@example.org"},
	{"a@b via list <l@example.org>", "a@b via list", "l@example.org"},
	{"J <j@example.org", "J", "j@example.org"},
	{"J Doe j@example.org", NULL, "j@example.org"},
	{"J <j@example.org>, K <k@example.org>", "J", "j@example.org"},
};

static void test_forms(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
		g_autofree char *block = g_strdup_printf("From: %s\n", forms[i].from), *reason = NULL;
		struct author author;

		assert_int_equal(read_author(block, &author, &reason), 0);
		assert_text(author.from.email, forms[i].email);
		assert_text(author.from.name, forms[i].name);
		assert_null(author.original.email);
		author_release(&author);
	}
}

static void test_no_author(void **state)
{
	static const char *const blocks[] = {"Subject: x\n",
	                                     "From:\n",
	                                     "From: J Doe\n",
	                                     "From: J <.com>\n",
	                                     "From: @\n",
	                                     "From: J <j@>\n",
	                                     "From: undisclosed-recipients:;\n"};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(blocks); i++) {
		struct author author;
		char *reason = NULL;

		assert_int_equal(read_author(blocks[i], &author, &reason), -EBADMSG);
		assert_non_null(reason);
		g_free(reason);
	}
}

static const struct {
	const char *block, *name, *email, *source;
} originals[] = {
	{"From: J via list <l@example.org>\nReply-To: J <j@example.org>\n", "J", "j@example.org", "Reply-To"},
	{"From: 'J' via list <l@example.org>\nReply-To: J <j@example.org>\n", "J", "j@example.org", "Reply-To"},
	{"From: \"Doe, J via list\" <l@example.org>\nReply-To: \"Doe, J\" <j@example.org>\n", "Doe, J", "j@example.org",
         "Reply-To"},
	{"From: J via list <l@example.org>\nCc: K <k@example.org>,\n J <j@example.org>\n", "J", "j@example.org", "Cc"},
	{"From: J via list <l@example.org>\nCc: K <k@example.org>\nCc: J <j@example.org>\n", "J", "j@example.org",
         "Cc"},
	{"From: J via list <l@example.org>\nCc: J <c@example.org>\nReply-To: J <j@example.org>\n", "J", "j@example.org",
         "Reply-To"},
	{"From: J via list <l@example.org>\nX-Original-From: J <j@example.org>\nReply-To: J <r@example.org>\n", "J",
         "j@example.org", "X-Original-From"},
	{"From: J via list <l@example.org>\nX-Original-From: j@example.org\n", "J", "j@example.org", "X-Original-From"},
	{"From: J via list <l@example.org>\nX-Original-From: nonsense\nReply-To: J <j@example.org>\n", "J",
         "j@example.org", "Reply-To"},
	{"From: l@example.org\nX-Original-From: J <j@example.org>\n", "J", "j@example.org", "X-Original-From"},
	{"From: J via list <l@example.org>\nReply-To: J <L@example.org>\n", NULL, NULL, NULL},
	{"From: J via list <l@example.org>\nReply-To: K <k@example.org>\n", NULL, NULL, NULL},
	{"From: J <j@example.org>\nReply-To: J <k@example.org>\n", NULL, NULL, NULL},
	{"From: l@example.org\nReply-To: k@example.org\nX-Original-From: \n", NULL, NULL, NULL},
	{"From: '' via list <l@example.org>\nReply-To: k@example.org\n", NULL, NULL, NULL},
};

static void test_originals(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(originals); i++) {
		struct author author;
		char *reason = NULL;

		assert_int_equal(read_author(originals[i].block, &author, &reason), 0);
		assert_text(author.original.email, originals[i].email);
		assert_text(author.original.name, originals[i].name);
		assert_text(author.source, originals[i].source);
		author_release(&author);
	}
}

/* Whose it is if author_is_single() says that there is one; NULL: it does not. */
static const struct {
	const char *block, *email;
} singles[] = {
	{"From: J <j@example.org>\n", "j@example.org"},
	{"From: j@example.org\n", "j@example.org"},
	{"From: <j@example.org>\n", "j@example.org"},
	{"From: j@example.org (J)\n", "j@example.org"},
	{"FROM: J\n <j@example.org>\n", "j@example.org"},
	{"From: =?utf-8?q?J=2C_K?= <j@example.org>\n", "j@example.org"},
	{"From: J\xc3\xa9 <j@example.org>\n", "j@example.org"},
	{"From: J\xe9 <j@example.org>\n", "j@example.org"},
	{"From: \"J\" <j@m\xc3\xbcnchen.example>\n", "j@xn--mnchen-3ya.example"},
	/* another address in a quoted name or in a comment */
	{"From: \"k@example.net\" <j@example.org>\n", "j@example.org"},
	{"From: \"K <k@example.net>\" <j@example.org>\n", "j@example.org"},
	{"From: (k@example.net) <j@example.org>\n", "j@example.org"},
	{"From: j@example.org (k@example.net)\n", "j@example.org"},
	{"From: J (<k@example.net>) <j@example.org>\n", "j@example.org"},
	{"From: =?utf-8?q?k=40example=2Enet?= <j@example.org>\n", "j@example.org"},
	{"From: =?utf-8?q?=3Ck=40example=2Enet=3E?= <j@example.org>\n", "j@example.org"},
	{"From: \"j@k\"@example.org\n", "\"j@k\"@example.org"},
	{"From: J <j@example.org\n", "j@example.org"},
	/* what only some programs take for From, or for one more */
	{"From : j@example.org\n", NULL},
	{"From\t: j@example.org\n", NULL},
	{"From: j@example.org\nFrom : k@example.net\n", NULL},
	{"From : k@example.net\nFrom: j@example.org\n", NULL},
	{"From: j@example.org\nSubject: x\rFrom: k@example.net\n", NULL},
	{"From: j@example.org\nSubject: x\r\rfrom\t: k@example.net\n", NULL},
	{"From: j@example.org\nSubject: x\n y\rFROM: k@example.net\n", NULL},
	{"From: j@example.org\nSubject: x\rFromage: k@example.net\n", "j@example.org"},
	{"From: j@example.org\nSubject: x From: k@example.net\n", "j@example.org"},
	/* bytes of which each program makes other characters */
	{"From: J <j@m\xfcnchen.example>\n", NULL},
	/* two fields, two mailboxes, none */
	{"Subject: x\n", NULL},
	{"From: j@example.org\nFrom: j@example.org\n", NULL},
	{"From: j@example.org\nSubject: x\nfrom: k@example.net\n", NULL},
	{"From: j@example.org\nFROM :\n", NULL},
	{"From: j@example.org, k@example.net\n", NULL},
	{"From: J <j@example.org>, K <k@example.net>\n", NULL},
	{"From: J <j@example.org> K <k@example.net>\n", NULL},
	{"From: <j@example.org> <k@example.net>\n", NULL},
	{"From: j@example.org <k@example.net>\n", NULL},
	{"From: j@example.org, k\n", NULL},
	{"From: k, j@example.org\n", NULL},
	{"From: <@example.net:j@example.org>\n", NULL},
	{"From: j@example.org@example.net\n", NULL},
	{"From: =?utf-8?q?j=40example=2Eorg?=\n", NULL},
	{"From: J\n", NULL},
	{"From:\n", NULL},
	/* groups */
	{"From: a: j@example.org;\n", NULL},
	{"From: a: j@example.org, k@example.net;\n", NULL},
	{"From: a:;, j@example.org\n", NULL},
	{"From: a:;\n", NULL},
	/* masked */
	{"From: j at example.org (J)\n", NULL},
	{"From: J <j at example.org>\n", NULL},
	{"From: \"k@example.net\" <j at example.org>\n", NULL},
	/* what one reader takes for the address and another one not */
	{"From: j@example.org (<k@example.org>)\n", NULL},
	{"From: j@example.org (K <k@example.org>)\n", NULL},
	{"From: j@example.org (\\) <k@example.org>)\n", NULL},
	{"From: j@example.org \"<k@example.org>\"\n", NULL},
	{"From: \"<k@example.org>\" j@example.org\n", NULL},
	{"From: J <j@example.org> (\n", NULL},
	{"From: J \"<j@example.org>\n", NULL},
	{"From: j@example.net(.example.org\n", NULL},
};

static char *repeat(const char *begin, const char *unit, unsigned count, const char *end)
{
	GString *text = g_string_new(begin);

	for (unsigned i = 0; i < count; i++)
		g_string_append(text, unit);
	g_string_append(text, end);
	return g_string_free(text, FALSE);
}

/* The address of From, or of the author behind it; NULL if there is none. */
static char *read_email(const char *block, bool original)
{
	struct author author = {0};
	g_autofree char *reason = NULL;
	struct header_list headers;
	char *email = NULL;
	size_t body;

	header_list_init(&headers, block, strlen(block), &body);
	if (author_read(&headers, &author, &reason) == 0) {
		email = g_strdup(original ? author.original.email : author.from.email);
		author_release(&author);
	}
	header_list_release(&headers);
	return email;
}

/* GMime takes time that grows with the square of what it is given: what is long is read here, and is not single. */
static void test_long(void **state)
{
	g_autofree char *commas = repeat("From: ", "a,", 500000, " J <j@example.org>\n");
	g_autofree char *dots = repeat("From: a", ".a", 200000, "\n");
	g_autofree char *at = repeat("From: <", "a", 308, "@example.org>\n");
	g_autofree char *over = repeat("From: <", "a", 309, "@example.org>\n");
	g_autofree char *of_commas = read_email(commas, false), *of_dots = read_email(dots, false);
	g_autofree char *of_at = read_email(at, false), *of_over = read_email(over, false);
	struct header_list headers;
	size_t body;

	(void)state;
	assert_string_equal(of_commas, "j@example.org");
	assert_null(of_dots);
	assert_int_equal(strlen(of_at), 320);
	assert_null(of_over);
	header_list_init(&headers, commas, strlen(commas), &body);
	assert_false(author_is_single(&headers));
	header_list_release(&headers);
}

#define VIA "From: Ada via demo <demo@example.org>\n"

/* The lists of addresses in which the author is looked for. */
static void test_lists(void **state)
{
	static const char *const found[] = {
		VIA "Cc: Eve <e@example.net>, Ada <ada@example.org>\n",
		VIA "Cc: Lovelace, Eve <e@example.net>, \"Ada\" <ada@example.org>\n",
		VIA "Cc: \"Eve, e@example.net, \" <e@example.net>,\n Ada <ada@example.org>, x\n",
		VIA "Cc: e@example.net (Eve, (a@b, c)), ada@example.org (Ada)\n",
		VIA "Cc: undisclosed: e@example.net, f@example.net;, Ada <ada@example.org>\n",
		VIA "Cc: a\n , b\n , @,,Ada <ada@example.org>\n",
		VIA "Cc: Eve <e@example.net>\nCc: Ada <ada@example.org>\n",
		"From: \"Lovelace, Ada via demo\" <demo@example.org>\nReply-To: Eve <e@b>, \"Lovelace, Ada\" "
		"<ada@example.org>\n",
		"From: \"Lovelace, Ada via demo\" <demo@example.org>\nReply-To: Eve <e@b>, Lovelace, Ada "
		"<ada@example.org>\n",
	};
	g_autofree char *many = repeat(VIA "Cc: ", "Eve <e@example.net>, ", 3000, "Ada <ada@example.org>\n");
	g_autofree char *too_many = repeat(VIA "Cc: ", "Eve <e@example.net>, ", 4000, "Ada <ada@example.org>\n");
	g_autofree char *of_many = read_email(many, true), *of_too_many = read_email(too_many, true);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(found); i++) {
		g_autofree char *email = read_email(found[i], true);

		if (g_strcmp0(email, "ada@example.org") != 0)
			fail_msg("%sgives %s", found[i], email ? email : "nobody");
	}
	assert_string_equal(of_many, "ada@example.org");
	assert_null(of_too_many);
}

/* Either there is no single author, or it is the one whom author_read() gives. */
static void test_single(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(singles); i++) {
		struct header_list headers;
		struct author author;
		char *reason = NULL;
		size_t body;

		header_list_init(&headers, singles[i].block, strlen(singles[i].block), &body);
		if (author_is_single(&headers) != (singles[i].email != NULL))
			fail_msg("%s: %s", singles[i].block, singles[i].email ? "not single" : "single");
		if (singles[i].email) {
			assert_int_equal(author_read(&headers, &author, &reason), 0);
			assert_string_equal(author.from.email, singles[i].email);
			author_release(&author);
		}
		header_list_release(&headers);
	}
}

/* GMime would follow these groups by recursion until the stack ends. */
static void test_many_groups(void **state)
{
	g_autoptr(GString) block = g_string_new("From: ");
	struct author author;
	char *reason = NULL;

	(void)state;
	for (int i = 0; i < 500000; i++)
		g_string_append(block, "a:");
	g_string_append(block, " J <j@example.org>\nCc: x\n");
	assert_int_equal(read_author(block->str, &author, &reason), 0);
	assert_string_equal(author.from.email, "j@example.org");
	author_release(&author);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),       cmocka_unit_test(test_no_author), cmocka_unit_test(test_originals),
		cmocka_unit_test(test_single),      cmocka_unit_test(test_long),      cmocka_unit_test(test_lists),
		cmocka_unit_test(test_many_groups),
	};

	g_mime_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
