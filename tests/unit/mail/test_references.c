/* test_references.c - references.c: Message-IDs in every form that mail programs gave them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <gmime/gmime.h>

#include "mail/limits.h"
#include "mail/references.h"

#define PEOPLE "From: Ada Lind <ada@example.org>\nTo: demo@example.net, \"Bo Tamm\" <Bo@Example.com>\n"

static GPtrArray *read_block(const char *block)
{
	struct header_list headers;
	GPtrArray *references;
	size_t body;

	header_list_init(&headers, block, strlen(block), &body);
	references = references_read(&headers);
	header_list_release(&headers);
	return references;
}

static const struct {
	const char *fields, *references;
} table[] = {
	{"", ""},
	{"In-Reply-To: <a@x>\n", "<a@x>"},
	{"References: <a@x> <b@x> <c@x>\n", "<c@x> <b@x> <a@x>"},
	{"In-Reply-To: <c@x>\nReferences: <a@x> <b@x> <c@x>\n", "<c@x> <b@x> <a@x>"},
	/* each once, the nearest first, whatever the order of the fields */
	{"References: <a@x> <b@x> <a@x>\nIn-Reply-To: <b@x>\n", "<b@x> <a@x>"},
	{"In-Reply-To: J's mail of <a@x>\nIn-Reply-To: <b@x>\nReferences: <c@x>\nReferences: <d@x>\n",
         "<a@x> <b@x> <c@x> <d@x>"},
	{"In-Reply-To: nothing\nReferences: <a@x\n", "a@x <a@x>"},
	/* several ids */
	{"In-Reply-To: <a@x> <b@x>\n", "<a@x> <b@x>"},
	{"In-Reply-To: <a@x>,<b@x>\nReferences: <c@x>\n", "<a@x> <b@x> <c@x>"},
	{"In-Reply-To: <a@x>\n\t<b@x>\nIn-Reply-To: <c@x>\n", "<a@x> <b@x> <c@x>"},
	/* text around them, and people in it */
	{"In-Reply-To: Your message of \"Tue, 10 Mar 2026\" <a@x>\n", "<a@x>"},
	{"In-Reply-To: <a@x> (Bo Tamm's message of \"Tue, 10 Mar\")\n", "<a@x>"},
	{"In-Reply-To: <a@x> from \"Bo Tamm\" at Mar 10, 26 09:00:00 am\n", "<a@x>"},
	{"In-Reply-To: Message from Bo Tamm <bo@example.com> of Tuesday <a@x>\n", "<a@x>"},
	{"In-Reply-To: \"Bo Tamm\" <bo@example.com>'s message of Tuesday <a@x>\n", "<a@x>"},
	{"In-Reply-To: Message from demo@example.net of Tuesday\nReferences: <a@x>\n", "<a@x>"},
	{"In-Reply-To: ada@example.org's message\n", ""},
	{"In-Reply-To: Your message of Tuesday\n", ""},
	{"In-Reply-To: <a@x> <(Bo> <Tamm's> <message> <of> <\"Tue,> <> <@> <10@> <@mar> <09:00:00>\n", "<a@x>"},
	{"In-Reply-To: <1234>\n", "<1234>"},
	{"In-Reply-To: <bo@example.com>\n", "<bo@example.com>"},
	/* encoded words */
	{"In-Reply-To: =?utf-8?q?=3Ca=40x=3E?=\n", "<a@x>"},
	{"In-Reply-To: =?utf-8?q?=3Ca=40?=\n =?utf-8?q?x=3E?=\n", "<a@x>"},
	{"References: =?utf-8?b?PGFAeD4gPGJAeD4=?=\n", "<b@x> <a@x>"},
	{"In-Reply-To: =?utf-8?q?a=40x?=\n", "<a@x> a@x"},
	/* without brackets, or with too many or too few */
	{"In-Reply-To: a@x\n", "<a@x> a@x"},
	{"In-Reply-To: message a@x of Tuesday\n", "<a@x> a@x"},
	{"In-Reply-To: a@x, b@x\n", "<a@x> a@x <b@x> b@x"},
	{"In-Reply-To: <a@x\n", "<a@x> a@x"},
	{"In-Reply-To: a@x>\n", "<a@x> a@x"},
	{"In-Reply-To: a@x <b@x>\n", "<b@x>"},
	{"References: a@x b@x\n", "b@x <b@x> a@x <a@x>"},
	{"In-Reply-To: <<a@x>>\n", "<a@x> <<a@x>"},
	{"In-Reply-To: @ a@ @x @@\n", ""},
	/* folded within */
	{"In-Reply-To: <a-long-name@\n x>\n", "<a-long-name@x> <a-long-name@ x>"},
};

static void test_forms(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autofree char *block = g_strconcat(PEOPLE, table[i].fields, NULL), *got = NULL;
		GPtrArray *references = read_block(block);

		g_ptr_array_add(references, NULL);
		got = g_strjoinv(" ", (char **)references->pdata);
		if (strcmp(got, table[i].references) != 0)
			fail_msg("%sgives \"%s\"", table[i].fields, got);
		g_ptr_array_unref(references);
	}
}

/* Only the time taken could be wrong. */
static void test_many(void **state)
{
	g_autoptr(GString) block = g_string_new("To: ");
	GPtrArray *references;

	(void)state;
	for (int i = 0; i < 50000; i++)
		g_string_append_printf(block, "%d@x, ", i);
	g_string_append(block, "\nIn-Reply-To: text ");
	for (int i = 0; i < 50000; i++)
		g_string_append_printf(block, "<%d@x> ", 2 * i);
	g_string_append(block, "\n");
	references = read_block(block->str);
	assert_int_equal(references->len, LIMITS_REFERENCES);
	assert_string_equal(g_ptr_array_index(references, 0), "<50000@x>");
	g_ptr_array_unref(references);
}

/* Of a long References field the nearest are read. */
static void test_limit(void **state)
{
	g_autoptr(GString) block = g_string_new("References:");
	GPtrArray *references;

	(void)state;
	for (unsigned i = 0; i < LIMITS_REFERENCES * 3; i++)
		g_string_append_printf(block, "\n <%u@x>", i);
	g_string_append(block, "\n");
	references = read_block(block->str);
	assert_int_equal(references->len, LIMITS_REFERENCES);
	assert_string_equal(g_ptr_array_index(references, 0), "<2999@x>");
	g_ptr_array_unref(references);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_limit),
	};

	g_mime_init();
	return cmocka_run_group_tests_name("references", tests, NULL, NULL);
}
