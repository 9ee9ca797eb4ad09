/* test_utf7.c - mailbox names in modified UTF-7, against the examples of its RFC and against iconv(3), where that has
 * it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>

#include "imap/utf7.h"

#define WIRE "UTF-7-IMAP" /* as glibc calls it, since 2.36 */

static void check(const char *name, const char *expected)
{
	g_autofree char *encoded = imap_utf7_encode(name), *decoded = imap_utf7_decode(expected);

	assert_string_equal(encoded, expected);
	assert_string_equal(decoded, name);
}

/* RFC 3501 section 5.1.3. */
static void test_examples(void **state)
{
	(void)state;
	check("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-");
	check("☺!", "&Jjo-!");
	check("台北日本語", "&U,BTF2XlZyyKng-");
	check("Entwürfe", "Entw&APw-rfe");
	check("", "");
}

static void test_printable_stands_for_itself(void **state)
{
	char name[0x7f - 0x20 + 1] = "", *end = name;

	(void)state;
	for (char c = 0x20; c < 0x7f; c++)
		if (c != '&')
			*end++ = c;
	check(name, name);
	check("&", "&-");
	check("A&B", "A&-B");
	check("&&-", "&-&--");
	check("ä&ö", "&AOQ-&-&APY-");
}

/* Controls are shifted as well: nothing that ends a command comes out. */
static void test_controls(void **state)
{
	(void)state;
	check("\t", "&AAk-");
	check("a\r\nb", "a&AA0ACg-b");
	check("\x7f", "&AH8-");
}

/* One, two and three units of UTF-16 leave 2, 4 and no bits over. */
static void test_every_remainder(void **state)
{
	(void)state;
	check("é", "&AOk-");
	check("éé", "&AOkA6Q-");
	check("ééé", "&AOkA6QDp-");
	check("\U0001f600", "&2D3eAA-"); /* a surrogate pair */
	check("é\U0001f600", "&AOnYPd4A-");
	check("\U0010ffff", "&2,,f,w-");
}

static void test_no_utf8(void **state)
{
	static const char *const names[] = {
		"\xff",
		"a\x80",
		"\xc3",
		"\xc0\xaf",         /* overlong */
		"\xed\xa0\x80",     /* half a surrogate pair */
		"\xf4\x90\x80\x80", /* behind the last character */
		"\xe2\x82",
		"A&B\xfe\xfe",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		assert_null(imap_utf7_encode(names[i]));
}

static void check_round_trip(const char *name)
{
	g_autofree char *encoded = imap_utf7_encode(name);
	g_autofree char *decoded = g_convert(encoded, -1, "UTF-8", WIRE, NULL, NULL, NULL);
	g_autofree char *ours = imap_utf7_decode(encoded);

	assert_non_null(encoded);
	assert_string_equal(ours, name);
	assert_non_null(decoded);
	assert_string_equal(decoded, name);
	for (const char *c = encoded; *c; c++)
		assert_true(*c >= 0x20 && *c <= 0x7e);
}

/* skip() would say "not ok" in TAP. */
static bool lacks_iconv(void)
{
	g_autofree char *found = g_convert("a", -1, "UTF-8", WIRE, NULL, NULL, NULL);

	if (!found)
		print_message("# not tried: iconv does not know %s\n", WIRE);
	return !found;
}

/* Cut anywhere, a name is its characters so far, or none. */
static void test_every_prefix(void **state)
{
	static const char name[] = "INBOX/Entwürfe & Co/台北\t日本語/\U0001f600\U0010ffff-é&é,é";

	(void)state;
	if (lacks_iconv())
		return;
	for (size_t length = 0; length < sizeof(name); length++) {
		g_autofree char *prefix = g_strndup(name, length);

		if (g_utf8_validate(prefix, -1, NULL))
			check_round_trip(prefix);
		else
			assert_null(imap_utf7_encode(prefix));
	}
}

/* Every character, alone and between others. */
static void test_every_character(void **state)
{
	(void)state;
	if (lacks_iconv())
		return;
	for (gunichar character = 1; character <= 0x10ffff; character += character < 0x3000 ? 1 : 0x101) {
		g_autoptr(GString) name = g_string_new(NULL);

		if (!g_unichar_validate(character))
			continue;
		g_string_append_unichar(name, character);
		check_round_trip(name->str);
		g_string_append(name, "x&é");
		g_string_append_unichar(name, character);
		check_round_trip(name->str);
	}
}

/* What is not as an encoder writes it is no modified UTF-7: else two names would be one. */
static void test_no_utf7(void **state)
{
	static const char *const names[] = {
		"ä",          /* UTF-8 as it is */
		"a\xff",      /* neither */
		"a\tb",       /* a control character as it is */
		"A & B",      /* an & that is not shifted */
		"&",          /* ... at the end */
		"&AOQ",       /* a run without an end */
		"&AO.Q-",     /* a character that is not in the alphabet */
		"&AOR-",      /* bits that are left over */
		"&AOQA-",     /* half a unit more */
		"&A-",        /* half a unit */
		"&AGE-",      /* a printable character, shifted */
		"&AOQ-&APY-", /* two runs for one */
		"&2AA-",      /* half a surrogate pair */
		"&AAA-",      /* NUL */
		"&AOQAAAD2-", /* ... among others */
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *decoded = imap_utf7_decode(names[i]);

		if (decoded)
			fail_msg("%s", names[i]);
	}
}

static void test_lines(void **state)
{
	(void)state;
	assert_true(imap_utf7_is_line("Lists/Entwürfe 台北"));
	assert_true(imap_utf7_is_line(""));
	assert_false(imap_utf7_is_line("a\nb"));
	assert_false(imap_utf7_is_line("a\x1b[2Jb"));
	assert_false(imap_utf7_is_line("a\xc2\x85"));
	assert_false(imap_utf7_is_line("a\xe2\x80\xa8"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),        cmocka_unit_test(test_printable_stands_for_itself),
		cmocka_unit_test(test_controls),        cmocka_unit_test(test_every_remainder),
		cmocka_unit_test(test_no_utf8),         cmocka_unit_test(test_every_prefix),
		cmocka_unit_test(test_every_character), cmocka_unit_test(test_no_utf7),
		cmocka_unit_test(test_lines),
	};

	return cmocka_run_group_tests_name("modified UTF-7", tests, NULL, NULL);
}
