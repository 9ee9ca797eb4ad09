/* test_spool.c - a message that comes in pieces: CRLF becomes LF wherever it is cut, and what is in memory and in the
 * file is one. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>

#include "base/spool.h"

/* What is in it, read `size` bytes at a time. */
static GByteArray *read_all(struct spool *spool, size_t size)
{
	GByteArray *bytes = g_byte_array_new();
	g_autofree char *buffer = g_malloc(size);
	ssize_t got;

	while ((got = spool_read(spool, buffer, size, 0)) > 0)
		g_byte_array_append(bytes, (const guint8 *)buffer, (guint)got);
	assert_int_equal(got, 0);
	assert_int_equal(spool_read(spool, buffer, size, 0), 0);
	return bytes;
}

static void check_content(struct spool *spool, size_t size, const char *expected, size_t length)
{
	GByteArray *bytes = read_all(spool, size);

	assert_int_equal(bytes->len, length);
	assert_memory_equal(bytes->data, expected, length);
	g_byte_array_unref(bytes);
}

/* The text in three pieces, cut at every two places. */
static void check(const char *text, size_t length, const char *expected, size_t expected_length)
{
	for (size_t first = 0; first <= length; first++) {
		for (size_t second = first; second <= length; second++) {
			struct spool *spool = spool_new();

			assert_true(spool_write(spool, text, first));
			assert_true(spool_write(spool, text + first, second - first));
			assert_true(spool_write(spool, text + second, length - second));
			assert_true(spool_finish(spool));
			assert_int_equal(spool_size(spool), expected_length);
			check_content(spool, 3, expected, expected_length);
			spool_free(spool);
		}
	}
}
#define CHECK(text, expected) check(text, sizeof(text) - 1, expected, sizeof(expected) - 1)

static void test_line_ends(void **state)
{
	(void)state;
	CHECK("", "");
	CHECK("\r\n", "\n");
	CHECK("a\r\nb\r\n", "a\nb\n");
	CHECK("a\nb\n", "a\nb\n");
	CHECK("a\rb", "a\rb");
	CHECK("\r", "\r");
	CHECK("a\r\r\nb", "a\r\nb");
	CHECK("\r\r\r", "\r\r\r");
	CHECK("\n\r\n\r", "\n\n\r");
	CHECK("a\0\r\n\0b", "a\0\n\0b");
	CHECK("\r\0\n", "\r\0\n");
}

static void test_one_by_one(void **state)
{
	static const char text[] = "From: a\r\n\r\n\rb\r\r\nc\n\r";
	static const char expected[] = "From: a\n\n\rb\r\nc\n\r";
	struct spool *spool = spool_new();

	(void)state;
	for (size_t i = 0; i < sizeof(text) - 1; i++)
		assert_true(spool_write(spool, text + i, 1));
	assert_true(spool_finish(spool));
	check_content(spool, 1, expected, sizeof(expected) - 1);
	spool_free(spool);
}

/* Bytes that differ, so that none can be lost or change places unseen. */
static char *pattern(size_t length)
{
	char *bytes = g_malloc(length);

	for (size_t i = 0; i < length; i++)
		bytes[i] = (char)('a' + (i * 7 + i / 1000) % 26);
	return bytes;
}

/* Around the end of the memory, in pieces of several sizes; read more than once. */
static void test_file(void **state)
{
	static const size_t lengths[] = {SPOOL_MEMORY - 1, SPOOL_MEMORY, SPOOL_MEMORY + 1, 3 * SPOOL_MEMORY + 5};
	static const size_t pieces[] = {8191, SPOOL_MEMORY + 100}, reads[] = {65536, 1000003};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++) {
		for (size_t j = 0; j < G_N_ELEMENTS(pieces) * G_N_ELEMENTS(reads); j++) {
			const size_t piece = pieces[j % G_N_ELEMENTS(pieces)];
			g_autofree char *bytes = pattern(lengths[i]);
			struct spool *spool = spool_new();

			for (size_t at = 0; at < lengths[i]; at += piece)
				assert_true(spool_write(spool, bytes + at, MIN(piece, lengths[i] - at)));
			assert_true(spool_finish(spool));
			assert_int_equal(spool_size(spool), lengths[i]);
			check_content(spool, reads[j / G_N_ELEMENTS(pieces)], bytes, lengths[i]);
			spool_free(spool);
		}
	}
}

/* A CRLF of which the CR is the last byte in memory. */
static void test_line_end_at_the_border(void **state)
{
	g_autofree char *bytes = pattern(SPOOL_MEMORY - 1);

	(void)state;
	for (size_t cut = 0; cut <= 2; cut++) {
		struct spool *spool = spool_new();
		GByteArray *all;

		assert_true(spool_write(spool, bytes, SPOOL_MEMORY - 1));
		assert_true(spool_write(spool, "\r\n", cut));
		assert_true(spool_write(spool, &"\r\n"[cut], 2 - cut));
		assert_true(spool_write(spool, "\rx\r\n", 4));
		assert_true(spool_finish(spool));
		all = read_all(spool, 4096);
		assert_int_equal(all->len, SPOOL_MEMORY + 3);
		assert_memory_equal(all->data + SPOOL_MEMORY - 1, "\n\rx\n", 4);
		g_byte_array_unref(all);
		spool_free(spool);
	}
}

/* If no file can be made it is reported, and not before one is needed. */
static void test_no_file(void **state)
{
	g_autofree char *bytes = pattern(SPOOL_MEMORY);
	struct spool *spool = spool_new();

	(void)state;
	g_setenv("CACHE_DIRECTORY", "/nonexistent", TRUE);
	assert_true(spool_write(spool, bytes, SPOOL_MEMORY));
	errno = 0;
	assert_false(spool_write(spool, "x", 1));
	assert_int_equal(errno, ENOENT);
	spool_free(spool);
	g_unsetenv("CACHE_DIRECTORY");
	spool_free(NULL);
}

/* Bytes that are as they are to be kept, and are read twice. */
static void test_exact(void **state)
{
	struct spool *spool = spool_new();
	g_autofree char *many = g_strnfill(SPOOL_MEMORY, 'x'), *all = g_strconcat("a\r\nb\r", many, "\r\n", NULL);

	(void)state;
	assert_true(spool_write_exact(spool, "a\r", 2));
	assert_true(spool_write_exact(spool, "\nb\r", 3));
	assert_true(spool_write_exact(spool, many, SPOOL_MEMORY));
	assert_true(spool_write_exact(spool, "\r\n", 2));
	assert_true(spool_finish(spool));
	check_content(spool, 65536, all, strlen(all));
	spool_rewind(spool);
	check_content(spool, 1000000, all, strlen(all));
	spool_free(spool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line_ends), cmocka_unit_test(test_one_by_one),
		cmocka_unit_test(test_file),      cmocka_unit_test(test_line_end_at_the_border),
		cmocka_unit_test(test_no_file),   cmocka_unit_test(test_exact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
