/* test_kind.c - what files are, by their first bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>

#include "archive/kind.h"

static const struct {
	const char *text;
	enum kind kind;
} rows[] = {
	{"", KIND_EMPTY},
	{"From: a@example.org\nSubject: x\n\nbody\n", KIND_MAIL},
	{"Subject: x\r\n\r\nbody\r\n", KIND_MAIL},
	{"X-Odd: 1\nX-Odd: 2\n folded\nReceived: by x\n\n", KIND_MAIL},
	{"subject : blank before the colon\n\n", KIND_MAIL},
	{"X-Odd: 1\nno field\nDate: then\n\n", KIND_MAIL},
	{">From a@example.org\nSubject: x\n\n", KIND_MAIL},
	{"Subject: no end", KIND_MAIL},
	{"From a@example.org Tue Mar 10 09:00:00 2026\nSubject: x\n\n", KIND_MBOX},
	{"From a@example.org Tue Mar 10 09:00:00 2026\n", KIND_MBOX},
	{"From a at example.org  Tue Mar 10 09:00:00 2026\nFrom: a at example.org (A)\n", KIND_MBOX},
	{"From a\nSubject: x\n\n", KIND_MBOX},
	{"From a\n>From b\nSubject: x\n\n", KIND_MBOX},
	{"From a\n\nbody\n", KIND_MBOX},
	{"From a\r\n\r\nbody\r\n", KIND_MBOX},
	{"From a", KIND_MBOX},
	{"From here on it is prose.\nMore.\n", KIND_OTHER},
	{"no mail\n", KIND_OTHER},
	{"\nSubject: after an empty line\n\n", KIND_OTHER},
	{" folded: x\nSubject: x\n\n", KIND_OTHER},
	{"Title: something else\nName: value\n\nSubject: x\n", KIND_OTHER},
	{"ref: refs/heads/master\n", KIND_OTHER},
	{"[core]\n\tbare = true\n", KIND_OTHER},
	{"<html><body>", KIND_OTHER},
	{"Subject without a colon\n", KIND_OTHER},
	{"\xff\xfe\x01", KIND_OTHER},
	{"\x1f\x8b\x08", KIND_GZIP},
	{"BZh91AY", KIND_BZIP2},
	{"\x28\xb5\x2f\xfd", KIND_ZSTD},
	{"PK\x03\x04", KIND_OTHER},
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		enum kind kind = kind_of(rows[i].text, strlen(rows[i].text), TRUE);

		if (kind != rows[i].kind)
			fail_msg("%s: %d", rows[i].text, (int)kind);
	}
	assert_int_equal(kind_of("\xfd"
	                         "7zXZ\0\1",
	                         7, FALSE),
	                 KIND_XZ);
}

/* Wherever a file is cut off, nothing behind its end is looked at. */
static void test_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		for (size_t length = 0; length < strlen(rows[i].text); length++) {
			g_autofree char *exact = g_memdup2(rows[i].text, length);

			kind_of(exact, length, TRUE);
			kind_of(exact, length, FALSE);
			if (length > 0)
				assert_non_null(kind_other(exact, length));
		}
}

/* A tar by its checksum, with ustar's name or without. */
static void test_tar(void **state)
{
	char block[10240] = "name";
	unsigned sum = 0;

	(void)state;
	memcpy(block + 148, "        ", 8);
	for (size_t i = 0; i < 512; i++)
		sum += (unsigned char)block[i];
	g_snprintf(block + 148, 7, "%06o", sum);
	assert_int_equal(kind_of(block, sizeof(block), FALSE), KIND_TAR);
	assert_int_equal(kind_of(block, 511, FALSE), KIND_OTHER);
	block[0]++;
	assert_int_equal(kind_of(block, sizeof(block), FALSE), KIND_OTHER);
	memset(block, 0, sizeof(block));
	assert_int_equal(kind_of(block, sizeof(block), TRUE), KIND_TAR);
	assert_int_equal(kind_of(block, sizeof(block), FALSE), KIND_OTHER);
	assert_int_equal(kind_of(block, 512, TRUE), KIND_OTHER);
	assert_int_equal(kind_of(block, 1025, TRUE), KIND_OTHER);
}

static void test_words(void **state)
{
	(void)state;
	assert_string_equal(kind_other("PK\x03\x04", 4), "is a zip file; unpack it");
	assert_string_equal(kind_other("a\0b", 3), "is no mail, but binary data");
	assert_string_equal(kind_other("text", 4), "is no mail: it does not begin with header fields");
	assert_string_equal(kind_other("From text", 9), "begins with \"From \", but no mail follows that line");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_tar),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
