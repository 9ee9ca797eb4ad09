/* test_transfer.c - transfer.c: what base64 holds, and what stands after it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>
#include <gmime/gmime.h>

#include "mail/transfer.h"

#define LINE "TGluZXMgb2YgYmFzZTY0IGhvbGQgNzYgbGV0dGVycywgd2hpY2ggYXJlIDU3IGJ5dGVzIG9mIHRo\n"
#define LINE_TEXT "Lines of base64 hold 76 letters, which are 57 bytes of th"

static const struct {
	const char *encoded, *bytes;
	unsigned problems;
} base64_table[] = {
	{"", "", 0},
	{"\n\n", "\n\n", 0},
	{"aGVsbG8=\n", "hello", 0},
	{"aGVsbG8gYQ==", "hello a", 0},
	{"aGVsbG8K\n", "hello\n", 0},
	{" aGVs\t\r\n bG8K \r\n", "hello\n", 0},
	{LINE LINE "aGVsbG8=\n", LINE_TEXT LINE_TEXT "hello", 0},
	{LINE "!\n " LINE, LINE_TEXT LINE_TEXT, 0},
	{"aGVs!\n bG8K\n", "hello\n", 0},
	{"\n\naGVsbG8K\n\n\n", "hello\n", 0},
	/* cut off */
	{"aGVsbG8", "hello", 0},
	{"aGVsbG8gY", "hello ", 0},
	{"a", "", 0},
	{LINE "aGVsbG8\n\n-- \nfooter\n", LINE_TEXT "hello", 1},
	/* footers */
	{"aGVsbG8=\n-- \nTo leave this list\n", "hello", 1},
	{"aGVsbG8=\n_______\nlist\n", "hello", 1},
	{"aGVsbG8K\n-- \nTo leave this list\n", "hello\n", 1},
	{"aGVsbG8K\n\nUnsubscribe\n", "hello\n", 1},
	{"aGVsbG8=\nUnsubscribe\n", "hello", 1},
	{"aGVsbG8=\nUnsubscribe here\n", "hello", 1},
	{LINE "To leave this list\n", LINE_TEXT, 1},
	{LINE "https://lists.example.org/demo\n", LINE_TEXT, 1},
	/* another block after the padding */
	{"aGVsbG8=\nIHlvdQ==\n", "hello you", 0},
	{"aGVsbG8=IHlvdQ==", "hello you", 0},
	{"aGVsbG8=\n\nIHlvdSBh\n", "hello you a", 0},
	{"aGVsbG8=\nIHlvdQ==\n-- \nfooter", "hello you", 1},
	{"aGVsbG8====\n", "hello", 0},
	/* what was never encoded */
	{"Hello you,\nthis is text.\n", "Hello you,\nthis is text.\n", 1},
	{"Hello\nyou, this is text.\n", "Hello\nyou, this is text.\n", 1},
	{"diff --git a/x b/x\n", "diff --git a/x b/x\n", 1},
	{"====\n", "====\n", 1},
};

static void check(const char *encoding, const char *encoded, const char *bytes, unsigned problems)
{
	g_autofree char *mail = g_strdup_printf("Content-Transfer-Encoding: %s\n\n%s", encoding, encoded);
	g_autoptr(GByteArray) decoded = NULL;
	struct message *message = NULL;
	char *reason = NULL;

	assert_int_equal(message_parse(mail, strlen(mail), &message, &reason), 0);
	decoded = transfer_decode(message, GMIME_PART(message->body));
	if (decoded->len != strlen(bytes) || memcmp(decoded->data, bytes, decoded->len) != 0)
		fail_msg("%s: %.*s", encoded, (int)decoded->len, (const char *)decoded->data);
	if (message->problems->len != problems)
		fail_msg("%s: %u problems", encoded, message->problems->len);
	message_free(message);
}

static void test_base64(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(base64_table); i++)
		check("base64", base64_table[i].encoded, base64_table[i].bytes, base64_table[i].problems);
}

static void test_others(void **state)
{
	(void)state;
	check("7bit", "aGVsbG8=\n", "aGVsbG8=\n", 0);
	check("8bit", "\xe9\r\n", "\xe9\r\n", 0);
	check("quoted-printable", "a=3Db=\nc\n", "a=bc\n", 0);
	check("x-none", "a=3D\n", "a=3D\n", 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_base64),
		cmocka_unit_test(test_others),
	};

	g_mime_init();
	return cmocka_run_group_tests_name("transfer", tests, NULL, NULL);
}
