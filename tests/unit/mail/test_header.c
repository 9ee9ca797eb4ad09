/* test_header.c - cutting and decoding header fields. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <gmime/gmime.h>

#include "mail/header.h"

static void check_block(const char *bytes, size_t length, const char *text, size_t body)
{
	struct header_list list;
	g_autofree char *got = NULL;
	size_t got_body;

	header_list_init(&list, bytes, length, &got_body);
	got = header_list_text(&list);
	assert_string_equal(got, text);
	assert_int_equal(got_body, body);
	header_list_release(&list);
}

static void test_cut(void **state)
{
	(void)state;
	check_block("A: b\nC:d\n\nbody", 14, "A: b\nC: d", 10);
	check_block("A: b\r\nC:\td\r\n\r\nbody", 18, "A: b\nC: d", 14);
	check_block("A: b\r\r\n\nx", 9, "A: b", 8);
	check_block("A: b\n c\n\td\nE: \n\n", 16, "A: b\n c\n\td\nE: ", 16);
	check_block("A:\n b\n \n c\n\nx", 13, "A: \n b\n \n c", 12);
	check_block("A: b", 4, "A: b", 4);
	check_block("A : b\n\n", 7, "A: b", 7);
	check_block("", 0, "", 0);
	check_block("\nA: b\n", 6, "", 1);
	check_block(" A: b\n", 6, "", 0);
	check_block("no field\nA: b\n", 14, "", 0);
	check_block("A: b\nno field\nC: d\n", 19, "A: b", 5);
	check_block(":x\n", 3, "", 0);
	check_block("A: b\0c\0\n\nx", 10, "A: bc", 9);
	check_block("A\xe9: b\n\n", 7, "", 0);
}

static void test_plain(void **state)
{
	static const char bytes[] = "A: b\nB : b\nC\t: b\nD: b\0c\nE: b\n \0c\nF:\r\n b\r\nG: :\n\n";
	static const bool plain[] = {true, false, false, false, false, true, true};
	struct header_list list;
	size_t body;

	(void)state;
	header_list_init(&list, bytes, sizeof(bytes) - 1, &body);
	assert_int_equal(list.fields->len, G_N_ELEMENTS(plain));
	for (size_t i = 0; i < G_N_ELEMENTS(plain); i++) {
		const struct header_field *field = g_ptr_array_index(list.fields, i);

		assert_int_equal(field->plain, plain[i]);
	}
	header_list_release(&list);
}

static void test_text_of_odd_bytes(void **state)
{
	static const char long_run[] =
		"A: \xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9";
	struct header_list list;
	g_autofree char *text = NULL;
	size_t body;

	(void)state;
	check_block("A: caf\xe9 x\n", 10, "A: caf=?unknown-8bit?q?=E9?= x", 10);
	check_block("A: \xc3\xa9\xe9\n", 7, "A: \xc3\xa9=?unknown-8bit?q?=E9?=", 7);
	check_block("A: \xe9\xe8\n", 6, "A: =?unknown-8bit?q?=E9=E8?=", 6);
	header_list_init(&list, long_run, strlen(long_run), &body);
	text = header_list_text(&list);
	assert_true(g_str_has_suffix(text, "=E9?= =?unknown-8bit?q?=E9?="));
	assert_true(strchr(text, ' ') - text < 75);
	header_list_release(&list);
}

static void test_find(void **state)
{
	static const char block[] = "a: 1\nB: 2\nA: 3\n\n";
	struct header_list list;
	size_t body;

	(void)state;
	header_list_init(&list, block, strlen(block), &body);
	assert_string_equal(header_first(&list, "A"), "1");
	assert_string_equal(header_first(&list, "b"), "2");
	assert_null(header_first(&list, "C"));
	assert_string_equal(header_nth(&list, "A", 1)->value, "3");
	assert_string_equal(header_nth(&list, "A", 1)->name, "A");
	assert_null(header_nth(&list, "A", 2));
	header_list_release(&list);
}

static const struct {
	const char *raw, *decoded;
} decodings[] = {
	{"", ""},
	{"  a\n  b\t c ", "a b c"},
	{"=?utf-8?q?caf=C3=A9?= x", "caf\xc3\xa9 x"},
	{"=?ISO-8859-2?Q?=B3?=", "\xc5\x82"},
	{"=?utf-8?q?a?= =?utf-8?q?b?= c", "ab c"},
	{"=?utf-8?q?=C3?=\n =?utf-8?q?=A9?=", "\xc3\xa9"},
	{"=?utf-8?b?ww==?= =?utf-8?b?qQ==?=", "\xc3\xa9"},
	{"=?utf-8?b?YQ==?=\n =?UTF-8?B?YmM=?= d", "abc d"},
	{"=?utf-8?b?YQ==?= x =?utf-8?b?Yg==?=", "a x b"},
	{"=?utf-8?b?YQ?= b", "a b"},
	{"=?utf-8?b?!!!?= =?utf-8?q?b?=", "=?utf-8?b?!!!?= b"},
	{"=?utf-8?q?a", "=?utf-8?q?a"},
	{"=?", "=?"},
	{"=?=?=?", "=?=?=?"},
	{"raw \xc3\xa9", "raw \xc3\xa9"},
	{"raw \xe9 \x93", "raw \xc3\xa9 \xe2\x80\x9c"},
	{"\x81", "\xc2\x81"},
	{"\xc3\xa9 \xe9", "\xc3\xa9 \xc3\xa9"},
	{"a\xc2\xa0 b", "a b"},
};

static void test_decode(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(decodings); i++) {
		g_autofree char *decoded = header_decode(decodings[i].raw);

		assert_string_equal(decoded, decodings[i].decoded);
	}
}

static void test_decode_gives_utf8(void **state)
{
	(void)state;
	for (int c = 1; c < 256; c++) {
		char raw[] = {'a', (char)c, 'b', '\0'};
		g_autofree char *word = g_strdup_printf("=?utf-8?q?=%02X?=", (unsigned)c);
		g_autofree char *decoded = header_decode(raw), *from_word = header_decode(word);

		assert_true(g_utf8_validate(decoded, -1, NULL));
		assert_true(g_utf8_validate(from_word, -1, NULL));
	}
}

static void test_mend(void **state)
{
	g_autofree char *mended = header_mend("=?utf-8?b?YQ==?= =?utf-8?b?Yg==?= \xe9 <a@example.org>");

	(void)state;
	assert_string_equal(mended, "=?utf-8?b?YWI=?= \xc3\xa9 <a@example.org>");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_text_of_odd_bytes),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_decode),
		cmocka_unit_test(test_mend),
		cmocka_unit_test(test_decode_gives_utf8),
	};

	g_mime_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
