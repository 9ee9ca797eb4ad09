/* test_list_id.c - list_id.c: the lists that a mail names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <gmime/gmime.h>

#include "mail/list_id.h"

static void check(const char *block, const char *expected)
{
	g_autoptr(GString) got = g_string_new(NULL);
	g_autoptr(GPtrArray) list_ids = NULL;
	struct header_list headers;
	size_t body;

	header_list_init(&headers, block, strlen(block), &body);
	list_ids = list_id_read(&headers);
	header_list_release(&headers);
	for (unsigned i = 0; i < list_ids->len; i++) {
		const struct list_id *list_id = g_ptr_array_index(list_ids, i);

		g_string_append_printf(got, "%s=%s;", list_id->field, list_id->id);
	}
	if (strcmp(got->str, expected) != 0)
		fail_msg("%sgives %s", block, got->str);
}

static void test_forms(void **state)
{
	(void)state;
	check("", "");
	check("List-Id: A list <a.example.org>\n", "List-Id=a.example.org;");
	check("List-Id: a.example.org\n", "List-Id=a.example.org;");
	check("List-Id:\n A <list> of\n\tmine <a.example.org>\n", "List-Id=a.example.org;");
	check("List-Id: =?utf-8?q?=C3=A4?= <a.example.org>\n", "List-Id=a.example.org;");
	check("List-Id: <a.example.org> (a comment)\n", "List-Id=a.example.org;");
}

/* By field, whatever their order in the header. */
static void test_order(void **state)
{
	(void)state;
	check("X-list: c\nX-Mailing-List: b.example.org\nLIST-ID: <a>\nList-Id: <d>\n",
	      "List-Id=a;List-Id=d;X-Mailing-List=b.example.org;X-List=c;");
	check("List-Id: <a>\nX-List: a\n", "List-Id=a;X-List=a;");
}

static void test_none(void **state)
{
	(void)state;
	check("List-Id: two words\nX-Mailing-List:\nX-List: <>\n", "");
	check("List-Id: <never.closed\n", "");
	check("List-Id: closed> <\n", "");
	check("List-Post: <mailto:a@example.org>\nX-List-Id: <a>\n", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_none),
	};

	g_mime_init();
	return cmocka_run_group_tests_name("list ids", tests, NULL, NULL);
}
