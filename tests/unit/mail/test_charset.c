/* test_charset.c - charset.c: bytes of every character set, of several in one text, and byte order marks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>
#include <gmime/gmime.h>

#include "mail/charset.h"

struct bytes {
	const char *bytes;
	size_t length;
};
#define BYTES(text)                    \
	{                              \
		text, sizeof(text) - 1 \
	}

static const struct {
	const char *declared;
	struct bytes bytes, text;
	const char *problem; /* its end; NULL: none */
} table[] = {
	{"utf-8", BYTES("\xc3\xa9\n"), BYTES("\xc3\xa9\n"), NULL},
	{NULL, BYTES("\xc3\xa9\n"), BYTES("\xc3\xa9\n"), NULL},
	{NULL, BYTES(""), BYTES(""), NULL},
	/* one line is not what is declared */
	{"utf-8", BYTES("\xc3\xa9\n-\xe9\n+\xc3\xa9\n"), BYTES("\xc3\xa9\n-\xc3\xa9\n+\xc3\xa9\n"),
         "utf-8 that it declares; read as windows-1252"},
	{"utf-8", BYTES("\xc3\xa9\n\x81\n\xe9"), BYTES("\xc3\xa9\n\xc2\x81\n\xc3\xa9"),
         "utf-8 that it declares; read as iso-8859-1"},
	{NULL, BYTES("\xc3\xa9\n\x93\xe9\x94\n"), BYTES("\xc3\xa9\n\xe2\x80\x9c\xc3\xa9\xe2\x80\x9d\n"), NULL},
	{"x-none", BYTES("\xc3\xa9\n\xe9\n"), BYTES("\xc3\xa9\n\xc3\xa9\n"), "unknown charset; read as windows-1252"},
	{"us-ascii", BYTES("a\n\xe9\n\xc3\xa9\n"), BYTES("a\n\xc3\xa9\n\xc3\xa9\n"),
         "us-ascii that it declares; read as windows-1252"},
	{"koi8-r", BYTES("\xc1\n"), BYTES("\xd0\xb0\n"), NULL},
	{"gb2312", BYTES("\xb5\xc6\n\xff\n\xb5\xc6\n"), BYTES("\xe7\x81\xaf\n\xc3\xbf\n\xe7\x81\xaf\n"),
         "gb2312 that it declares; read as windows-1252"},
	{"iso-2022-jp", BYTES("\x1b$B$\"\x1b(B\n\xff\n\x1b$B$\"\x1b(B\n"),
         BYTES("\xe3\x81\x82\n\xc3\xbf\n\xe3\x81\x82\n"), "read as windows-1252"},
	{"shift_jis", BYTES("\x82\xa0\n\xff\xff\n\x82\xa0\n"), BYTES("\xe3\x81\x82\n\xc3\xbf\xc3\xbf\n\xe3\x81\x82\n"),
         "read as windows-1252"},
	/* all of it is UTF-8, whatever some lines could be besides */
	{"gbk", BYTES("\xe2\x80\x94\n\xc3\xa4\xc3\xb6\n"), BYTES("\xe2\x80\x94\n\xc3\xa4\xc3\xb6\n"),
         "gbk that it declares; read as utf-8"},
	/* byte order marks */
	{NULL,
         BYTES("\xef\xbb\xbf"
               "diff\n"),
         BYTES("diff\n"), NULL},
	{"utf-8",
         BYTES("\xef\xbb\xbf"
               "diff\n"),
         BYTES("diff\n"), NULL},
	{"iso-8859-1", BYTES("\xef\xbb\xbf\xc3\xa9\n"), BYTES("\xc3\xa9\n"), NULL},
	{"utf-8", BYTES("\xef\xbb\xbf\xc3\xa9\n\xe9\n"), BYTES("\xc3\xa9\n\xc3\xa9\n"),
         "utf-8 that it declares; read as windows-1252"},
	{"us-ascii", BYTES("a\xef\xbb\xbf\n"), BYTES("a\xef\xbb\xbf\n"), "us-ascii that it declares; read as utf-8"},
	{NULL,
         BYTES("\xff\xfe"
               "d\0i\0\xe9\0\n\0"),
         BYTES("di\xc3\xa9\n"), NULL},
	{NULL, BYTES("\xfe\xff\0d\0i\0\xe9\0\n"), BYTES("di\xc3\xa9\n"), NULL},
	{"us-ascii",
         BYTES("\xff\xfe"
               "d\0\n\0"),
         BYTES("d\n"), NULL},
	{"utf-16",
         BYTES("\xff\xfe"
               "d\0\n\0"),
         BYTES("d\n"), NULL},
	{"utf-16le", BYTES("d\0\n\0"), BYTES("d\n"), NULL},
	{NULL,
         BYTES("\xff\xfe\0\0"
               "d\0\0\0\n\0\0\0"),
         BYTES("d\n"), NULL},
	{NULL, BYTES("\0\0\xfe\xff\0\0\0d\0\0\0\n"), BYTES("d\n"), NULL},
	/* where NUL was taken out, or half a character is missing */
	{NULL,
         BYTES("\xff\xfe"
               "diff\n"),
         BYTES("diff\n"), NULL},
	{NULL,
         BYTES("\xff\xfe"
               "d\0i"),
         BYTES("d\0i"), NULL},
	{NULL, BYTES("\xff\xfe"), BYTES(""), NULL},
	{"utf-16", BYTES("diff\xc3\xa9\n"), BYTES("diff\xc3\xa9\n"), "utf-16 that it declares; read as utf-8"},
	{"utf-16", BYTES("a\n\xe9\n\xc3\xa9\n"), BYTES("a\n\xc3\xa9\n\xc3\xa9\n"),
         "utf-16 that it declares; read as windows-1252"},
};

static void test_decoding(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autoptr(GByteArray) bytes = g_byte_array_new(), text = NULL;
		struct message message = {.problems = g_ptr_array_new_with_free_func(g_free)};

		g_byte_array_append(bytes, (const guint8 *)table[i].bytes.bytes, (guint)table[i].bytes.length);
		text = charset_decode(&message, bytes, table[i].declared);
		if (text->len != table[i].text.length ||
		    (text->len > 0 && memcmp(text->data, table[i].text.bytes, text->len) != 0))
			fail_msg("%zu: %.*s", i, (int)text->len, (const char *)text->data);
		assert_int_equal(message.problems->len, table[i].problem != NULL);
		if (table[i].problem)
			assert_true(g_str_has_suffix(g_ptr_array_index(message.problems, 0), table[i].problem));
		g_ptr_array_unref(message.problems);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decoding),
	};

	return cmocka_run_group_tests_name("charset", tests, NULL, NULL);
}
