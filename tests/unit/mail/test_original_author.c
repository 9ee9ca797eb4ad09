/* test_original_author.c - original_author.c: who wrote a mail, in every form in which lists leave it; and nobody
 * else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <gmime/gmime.h>

#include "mail/author.h"
#include "mail/original_author.h"

#define U "\xef\xbf\xbd" /* U+FFFD */

struct expected {
	const char *block, *name, *email, *source;
	bool encoded;
};

static void check(const struct expected *expected)
{
	struct author author;
	struct header_list headers;
	char *reason = NULL;
	size_t body;

	header_list_init(&headers, expected->block, strlen(expected->block), &body);
	assert_int_equal(author_read(&headers, &author, &reason), 0);
	if (g_strcmp0(author.original.email, expected->email) != 0 ||
	    g_strcmp0(author.original.name, expected->name) != 0 || g_strcmp0(author.source, expected->source) != 0 ||
	    author.encoded != expected->encoded)
		fail_msg("%sgives %s <%s> of %s%s", expected->block, author.original.name, author.original.email,
		         author.source, author.encoded ? ", encoded" : "");
	author_release(&author);
	header_list_release(&headers);
}

#define CHECK_ALL(table)                                         \
	do {                                                     \
		for (size_t i = 0; i < G_N_ELEMENTS(table); i++) \
			check(&table[i]);                        \
	} while (0)

#define VIA "From: Ada Lind via Demo <demo@example.org>\n"

static void test_fields(void **state)
{
	static const struct expected table[] = {
		{VIA "Author: Ada Lind <ada@example.com>\n", "Ada Lind", "ada@example.com", "Author", false},
		{VIA "X-Original-From: =?utf-8?q?Ada_Bj=C3=B6rk_=3Cada=40ex?=\n =?utf-8?q?ample=2Ecom=3E?=\n",
	         "Ada Björk", "ada@example.com", "X-Original-From", false},
		{"From: =?UTF-8?Q?Ada_via_De?=\n =?UTF-8?Q?mo_=3Cdemo=40example=2Eorg=3E?=\n"
	         "X-Original-From: ada@example.com\n",
	         "Ada", "ada@example.com", "X-Original-From", false},
		{VIA "Author: Ada Lind <ada@example.com>\nReply-To: Ada Lind <al@example.com>\n", "Ada Lind",
	         "al@example.com", "Reply-To", false},
		{VIA "X-Original-From: demo@example.org\nReply-To: Ada Lind <ada@example.com>\n", "Ada Lind",
	         "ada@example.com", "Reply-To", false},
		{VIA "X-Original-From: Demo <DEMO@example.org>\n", NULL, NULL, NULL, false},
	};

	(void)state;
	CHECK_ALL(table);
}

/* Sympa, and whoever puts the address into the name. */
static void test_address_in_name(void **state)
{
	static const struct expected table[] = {
		{"From: \"Ada Lind (ada@example.com)\" <demo@example.org>\n", "Ada Lind", "ada@example.com", "From",
	         false},
		{"From: \"Ada Lind (ada@example.com via Demo Mailing List)\" <demo@example.org>\n", "Ada Lind",
	         "ada@example.com", "From", false},
		{"From: \"Ada Lind <ada@example.com> via Demo\" <demo@example.org>\n", "Ada Lind", "ada@example.com",
	         "From", false},
		{"From: \"Demo (on behalf of ada@example.com)\" <demo@example.org>\n", NULL, "ada@example.com", "From",
	         false},
		{"From: \"ada@example.com via Demo\" <demo@example.org>\nReply-To: Ada <ada@example.com>\n", "Ada",
	         "ada@example.com", "From", false},
		{"From: \"ada@example.com\" <demo@example.org>\n", NULL, "ada@example.com", "From", false},
		{"From: ada at example.com via Demo <demo@example.org>\n", NULL, "ada@example.com", "From", false},
		/* two addresses, none, the list's own */
		{"From: \"ada@example.com or bo@example.com\" <demo@example.org>\n", NULL, NULL, NULL, false},
		{"From: \"Ada @ home\" <demo@example.org>\n", NULL, NULL, NULL, false},
		{"From: \"ada@home\" <demo@example.org>\n", NULL, NULL, NULL, false},
		{"From: \"Ada (demo@example.org)\" <demo@example.org>\n", NULL, NULL, NULL, false},
		{"From: Ada at home <demo@example.org>\n", NULL, NULL, NULL, false},
	};

	(void)state;
	CHECK_ALL(table);
}

/* groups.io, dmarc.ietf.org and their like. */
static void test_address_in_address(void **state)
{
	static const struct expected table[] = {
		{"From: \"Ada Lind via lists.example.org\" <ada=example.com@lists.example.org>\nReply-To: "
	         "ada@example.com\n",
	         "Ada Lind", "ada@example.com", "From", true},
		{"From: \"Ada via groups\" <ada=example.com@groups.example.org>\nReply-To: demo@groups.example.org\n",
	         "Ada", "ada@example.com", "From", true},
		{"From: Ada Lind <ada=40example.com@dmarc.example.org>\n", "Ada Lind", "ada@example.com", "From", true},
		{"From: ada=40example.com@dmarc.example.org\nCc: Ada Lind <ada@example.com>\n", "Ada Lind",
	         "ada@example.com", "From", true},
		{"From: Ada <ada.lind_at_example.com@lists.example.org>\nReply-To: ada.lind@example.com\n", "Ada",
	         "ada.lind@example.com", "From", true},
		{"From: \"A via B\" <a+b=example.com@lists.example.org>\nReply-To: a+b@example.com\n", "A",
	         "a+b@example.com", "From", true},
		/* others have such addresses too */
		{"From: Ada <ada=example.com@example.org>\n", NULL, NULL, NULL, false},
		{"From: \"A via B\" <demo+ada=example.com@lists.example.org>\n", NULL, NULL, NULL, false},
		{"From: \"A via B\" <SRS0=x=y=example.com=ada@example.org>\n", NULL, NULL, NULL, false},
		{"From: \"A via B\" <ada=home@lists.example.org>\n", NULL, NULL, NULL, false},
		{"From: \"A via B\" <=example.com@lists.example.org>\n", NULL, NULL, NULL, false},
		{"From: \"A via B\" <ada=@lists.example.org>\n", NULL, NULL, NULL, false},
		{"From: Ada <ada_at_example.com@lists.example.org>\nReply-To: bo@example.com\n", NULL, NULL, NULL,
	         false},
	};

	(void)state;
	CHECK_ALL(table);
}

/* Names that are written otherwise. */
static void test_names(void **state)
{
	static const struct expected table[] = {
		{VIA "Reply-To: \"Lind, Ada\" <ada@example.com>, demo@example.org\n", "Lind, Ada", "ada@example.com",
	         "Reply-To", false},
		{VIA "Reply-To: demo@example.org, Lind Ada <ada@example.com>\n", "Lind Ada", "ada@example.com",
	         "Reply-To", false},
		{VIA "Cc: Bo <bo@example.com>, \"LIND, Ada\" <ada@example.com>\n", "LIND, Ada", "ada@example.com", "Cc",
	         false},
		{"From: \"Ada Lind (via Demo Mailing List)\" <demo@example.org>\nReply-To: Ada Lind "
	         "<ada@example.com>\n",
	         "Ada Lind", "ada@example.com", "Reply-To", false},
		{"From: Demo on behalf of Ada Lind <demo@example.org>\nReply-To: Ada Lind <ada@example.com>\n",
	         "Ada Lind", "ada@example.com", "Reply-To", false},
		{"From: \"Demo (on behalf of Ada Lind)\" <demo@example.org>\nReply-To: Ada Lind <ada@example.com>\n",
	         "Ada Lind", "ada@example.com", "Reply-To", false},
		{"From: Ada Lind über Demo <demo@example.org>\nReply-To: Ada Lind <ada@example.com>\n", "Ada Lind",
	         "ada@example.com", "Reply-To", false},
		{"From: Ada Lind <demo@example.org>\nTo: demo@example.org\nReply-To: Ada Lind <ada@example.com>\n",
	         "Ada Lind", "ada@example.com", "Reply-To", false},
		{"From: Ada Lind <demo@example.org>\nList-Post: <mailto:demo@example.org>\nReply-To: Ada Lind "
	         "<ada@example.com>\n",
	         "Ada Lind", "ada@example.com", "Reply-To", false},
		/* Mailman and raw bytes */
		{"From: Ada Bj" U U "rk via Demo <demo@example.org>\nReply-To: \"Ada Björk\" <ada@example.com>\n",
	         "Ada Björk", "ada@example.com", "Reply-To", false},
		{"From: Ada Bj" U "rk via Demo <demo@example.org>\nReply-To: \"Ada Bj\xf6rk\" <ada@example.com>\n",
	         "Ada Björk", "ada@example.com", "Reply-To", false},
		{"From: " U U U U " via Demo <demo@example.org>\nCc: Öä <ada@example.com>\n", "Öä", "ada@example.com",
	         "Cc", false},
		{"From: Ada Bj" U U U "rk via Demo <demo@example.org>\nReply-To: \"Ada Björk\" <ada@example.com>\n",
	         NULL, NULL, NULL, false},
		{"From: Ada Bj" U U "rk via Demo <demo@example.org>\nReply-To: \"Ada Björks\" <ada@example.com>\n",
	         NULL, NULL, NULL, false},
		{"From: Ada Bj" U U "rk via Demo <demo@example.org>\nReply-To: \"Ada Bjork\" <ada@example.com>\n", NULL,
	         NULL, NULL, false},
		/* without a name */
		{"From: ada--- via Demo <demo@example.org>\nReply-To: ada@example.com\n", NULL, "ada@example.com",
	         "Reply-To", false},
		{"From: ada--- via Demo <demo@example.org>\nReply-To: bo@example.com\nCc: ada@example.com\n", NULL,
	         "ada@example.com", "Cc", false},
		{"From: ada via Demo <demo@example.org>\nReply-To: ada@example.com, demo@example.org\n", NULL,
	         "ada@example.com", "Reply-To", false},
		{VIA "Reply-To: ada.lind@example.com\n", "Ada Lind", "ada.lind@example.com", "Reply-To", false},
	};

	(void)state;
	CHECK_ALL(table);
}

/* A sender gives himself the name that he likes; the list puts his address beside it. */
static void test_false_names(void **state)
{
	static const struct expected table[] = {
		{"From: \"Vic (vic@example.com) via Demo\" <demo@example.org>\nReply-To: \"Vic (vic@example.com)\" "
	         "<eve@example.net>\n",
	         "Vic (vic@example.com)", "eve@example.net", "Reply-To", false},
		{"From: \"vic@example.com via Demo\" <demo@example.org>\nReply-To: vic@example.com, "
	         "\"vic@example.com\" "
	         "<eve@example.net>\n",
	         "vic@example.com", "eve@example.net", "Reply-To", false},
		{"From: \"Vic (vic@example.com) via Demo\" <demo@example.org>\nReply-To: eve@example.net\n", NULL, NULL,
	         NULL, false},
		{"From: vic via Demo <demo@example.org>\nReply-To: vic@example.com\nCc: vic <eve@example.net>\n", "vic",
	         "eve@example.net", "Cc", false},
		{"From: Vic via Demo <demo@example.org>\nAuthor: Vic <vic@example.com>\nCc: Vic <eve@example.net>\n",
	         "Vic", "eve@example.net", "Cc", false},
	};

	(void)state;
	CHECK_ALL(table);
}

/* Several might be the author, or somebody else. */
static void test_nobody(void **state)
{
	static const struct expected table[] = {
		{VIA "Reply-To: bo@example.com\n", NULL, NULL, NULL, false},
		{VIA "Reply-To: Bo Tamm <ada@example.com>\n", NULL, NULL, NULL, false},
		{VIA "Reply-To: ada@example.com, bo@example.com\n", NULL, NULL, NULL, false},
		{VIA "Reply-To: \"Lind, Ada\" <ada@example.com>, Lind Ada <ada@example.net>\n", NULL, NULL, NULL,
	         false},
		{VIA "Cc: ada@example.com\n", NULL, NULL, NULL, false},
		{VIA "Reply-To: demo@example.org\n", NULL, NULL, NULL, false},
		{"From: ada--- via Demo <demo@example.org>\nReply-To: bo@example.com\n", NULL, NULL, NULL, false},
		{"From: ada--- via Demo <demo@example.org>\nReply-To: ada@example.com, ada@example.net\n", NULL, NULL,
	         NULL, false},
		{"From: ada via Demo <demo@example.org>\nCc: ada@example.com\n", NULL, NULL, NULL, false},
		{"From: Ada Lind <demo@example.org>\nTo: demo@example.org\nReply-To: ada@example.com\n", NULL, NULL,
	         NULL, false},
		{"From: Ada Lind <ada@example.org>\nReply-To: Ada Lind <ada@example.com>\n", NULL, NULL, NULL, false},
		{"From: --- via Demo <demo@example.org>\nReply-To: @example.com\n", NULL, NULL, NULL, false},
	};

	(void)state;
	CHECK_ALL(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_address_in_name),
		cmocka_unit_test(test_address_in_address),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_false_names),
		cmocka_unit_test(test_nobody),
	};

	g_mime_init();
	return cmocka_run_group_tests_name("original_author", tests, NULL, NULL);
}
