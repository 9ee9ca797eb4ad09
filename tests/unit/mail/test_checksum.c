/* test_checksum.c - the examples of FIPS 180, and GLib's answer for other lengths. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>

#include "mail/checksum.h"

static void check(const char *text, const char *sha256, const char *sha1)
{
	g_autofree char *one = checksum_sha256(text, strlen(text)), *other = checksum_sha1(text, strlen(text));

	assert_string_equal(one, sha256);
	assert_string_equal(other, sha1);
}

static void test_examples(void **state)
{
	(void)state;
	check("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	      "da39a3ee5e6b4b0d3255bfef95601890afd80709");
	check("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
	      "a9993e364706816aba3e25717850c26c9cd0d89d");
	check("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
	      "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
}

static void test_lengths(void **state)
{
	char bytes[1000];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 7);
	for (size_t length = 0; length <= sizeof(bytes); length++) {
		g_autofree char *sha256 = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, length);
		g_autofree char *sha1 = g_compute_checksum_for_data(G_CHECKSUM_SHA1, (const guchar *)bytes, length);
		g_autofree char *one = checksum_sha256(bytes, length), *other = checksum_sha1(bytes, length);

		assert_string_equal(one, sha256);
		assert_string_equal(other, sha1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
