/* test_mbox.c - messages cut out of mbox files, read in pieces of every size. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <glib.h>

#include <inttypes.h>
#include <sys/wait.h>

#include "archive/mbox.h"

#define B "From b@example.org Tue Mar 10 09:00:00 2026"

/* The messages of a file, each as "OFFSET|TEXT", read `size` bytes at a time. */
static GPtrArray *read_fd(int fd, size_t size)
{
	GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
	struct mbox *mbox = mbox_new(ingest_read_file, &fd);
	g_autofree char *buffer = g_malloc(size);
	uint64_t offset;

	while (mbox_next(mbox, &offset) == 1) {
		GString *text = g_string_new(NULL);
		ssize_t got;

		g_string_printf(text, "%" PRIu64 "|", offset);
		while ((got = mbox_read(mbox, buffer, size, INT64_MAX)) > 0)
			g_string_append_len(text, buffer, got);
		assert_int_equal(got, 0);
		assert_int_equal(mbox_read(mbox, buffer, size, INT64_MAX), 0);
		g_ptr_array_add(found, g_string_free(text, FALSE));
	}
	assert_int_equal(mbox_next(mbox, &offset), 0);
	mbox_free(mbox);
	return found;
}

static int open_text(const char *text, size_t length)
{
	FILE *file = tmpfile();
	int fd = dup(fileno(file));

	assert_int_equal(write(fd, text, length), length);
	lseek(fd, 0, SEEK_SET);
	fclose(file);
	return fd;
}

/* The file holds these messages, however it is read. */
static void check(const char *text, const char *const *expected)
{
	static const size_t sizes[] = {1, 2, 3, 7, 64, 65536};

	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
		int fd = open_text(text, strlen(text));
		g_autoptr(GPtrArray) found = read_fd(fd, sizes[i]);
		unsigned count = 0;

		close(fd);
		for (; expected[count] != NULL; count++) {
			assert_true(count < found->len);
			assert_string_equal(g_ptr_array_index(found, count), expected[count]);
		}
		assert_int_equal(found->len, count);
	}
}
#define CHECK(text, ...) check(text, (const char *const[]){__VA_ARGS__, NULL})

static void test_cutting(void **state)
{
	(void)state;
	check("", (const char *const[]){NULL});
	CHECK("From a\nA: 1\n\nbody\n", "0|A: 1\n\nbody\n");
	CHECK("From a\nA: 1\n\nbody\n\n" B "\nB: 2\n\nmore\n\n", "0|A: 1\n\nbody\n", "19|B: 2\n\nmore\n");
	CHECK("From a\r\nA: 1\r\n\r\nbody\r\n\r\n" B "\r\nB: 2\r\n", "0|A: 1\r\n\r\nbody\r\n", "24|B: 2\r\n");
	/* Several empty lines: one belongs to the mbox. */
	CHECK("From a\nA: 1\n\n\n\n" B "\nB: 2\n\n\n", "0|A: 1\n\n\n", "15|B: 2\n\n");
	/* No newline at the end, nothing after the line, a message of nothing. */
	CHECK("From a\nA: 1\n\nbody", "0|A: 1\n\nbody");
	CHECK("From a", "0|");
	CHECK("From a\n\n" B "\nB: 2\n", "0|", "8|B: 2\n");
}

static void test_from_lines(void **state)
{
	(void)state;
	/* Only after an empty line, and only with the blank. */
	CHECK("From a\nA: 1\n\n" B "\nFromage\n\nFromage 09:00:00 2026\n\n " B "\n", "0|A: 1\n",
	      "13|Fromage\n\nFromage 09:00:00 2026\n\n " B "\n");
	CHECK("From a\nA: 1\n\nbody\n" B "\n", "0|A: 1\n\nbody\n" B "\n");
	CHECK("From a\nFrom: b\n" B "\n\nx\n", "0|From: b\n" B "\n\nx\n");
	CHECK("From a\nA: 1\n\n\r" B "\n", "0|A: 1\n\n\r" B "\n");
}

/* A date makes a line "From " the first one of a message, in every form that programs write. */
static void test_dates(void **state)
{
	static const struct {
		const char *line;
		bool begins;
	} lines[] = {
		{"From b@example.org Tue Mar 10 09:00:00 2026", true},
		{"From b@example.org  Tue Mar  9 09:00:00 2026  ", true},
		{"From - Tue Mar 10 09:00:00 2026", true},
		{"From MAILER-DAEMON Tue Mar 10 09:00 2026", true},
		{"From b at example.org  Tue Mar 10 09:00:00 2026", true},
		{"From b@example.org Tue Mar 10 09:00:00 2026 +0100", true},
		{"From b@example.org Tue Mar 10 09:00:00 +0100 2026", true},
		{"From b@example.org Tue Mar 10 09:00:00 CET 2026", true},
		{"From mboxrd@z Thu Jan  1 00:00:00 1970", true},
		{"From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001", true},
		{"From b@example.org Tue Mar 10 09:00:00 2026\r", true},
		{"From the report that Bo wrote we know the reason.", false},
		{"From 10:15 on it worked", false},
		{"From 09:00:00 to 10:00:00", false},
		{"From 9 to 5: 2026", false},
		{"From Bo: see 2026", false},
		{"From Tue Mar 10 2026", false},
		{"From x 9:00:00 20260", false},
		{"From x 09:00:00 20260", false},
		{"From :", false},
		{"From 09:00", false},
		{"From ", false},
	};
	g_autofree char *padding = g_strnfill(MBOX_FROM_MAX, 'x');
	g_autofree char *expected = NULL,
			*too_long = g_strdup_printf("From a\nA: 1\n\nFrom %s Tue Mar 10 09:00:00 2026\n", padding);

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
		g_autofree char *text = g_strdup_printf("From a\nA: 1\n\n%s\nB: 2\n", lines[i].line);
		g_autofree char *whole = g_strdup_printf("0|A: 1\n\n%s\nB: 2\n", lines[i].line);

		if (lines[i].begins)
			CHECK(text, "0|A: 1\n", "13|B: 2\n");
		else
			CHECK(text, whole);
	}
	expected = g_strdup_printf("0|%s", too_long + strlen("From a\n"));
	CHECK(too_long, expected);
}

static void test_quoting(void **state)
{
	(void)state;
	CHECK("From a\n\n>From x\n>>From y\n> From z\n>Fromage\nx >From\n>>>\n",
	      "0|\nFrom x\n>From y\n> From z\n>Fromage\nx >From\n>>>\n");
	CHECK("From a\nA: 1\n\n>From x", "0|A: 1\n\nFrom x");
}

static void test_plain(void **state)
{
	(void)state;
	/* No mbox: one message, nothing undone. */
	CHECK("A: 1\n\n>From x\n\nFrom y\n\n", "0|A: 1\n\n>From x\n\nFrom y\n\n");
	CHECK("\nFrom a\nA: 1\n", "0|\nFrom a\nA: 1\n");
	CHECK("Fro", "0|Fro");
	CHECK(">From a\nA: 1\n", "0|>From a\nA: 1\n");
}

static void test_long_lines(void **state)
{
	g_autoptr(GString) text = g_string_new("From a\n"), expected = g_string_new("0|");
	g_autofree char *line = g_strnfill(200000, 'x'), *quotes = g_strnfill(200000, '>');
	g_autofree char *some = g_strnfill(MBOX_QUOTE_MAX - 1, '>');

	(void)state;
	g_string_append_printf(text, "%s\n%s>From \n>%sFrom \n\n" B "\nlast\n", line, quotes, some);
	g_string_append_printf(expected, "%s\n%s>From \n%sFrom \n", line, quotes, some);
	for (size_t size = 1000; size < 300000; size = size * 7 + 1) {
		int fd = open_text(text->str, text->len);
		g_autoptr(GPtrArray) found = read_fd(fd, size);

		close(fd);
		assert_int_equal(found->len, 2);
		assert_string_equal(g_ptr_array_index(found, 0), expected->str);
		assert_non_null(strstr(g_ptr_array_index(found, 1), "|last\n"));
	}
}

/* A message is left before its end: the next one is found all the same. */
static void test_skipping(void **state)
{
	static const char text[] = "From a\nA: 1\n\nbody\n\n" B "\nB: 2\n";
	int fd = open_text(text, strlen(text));
	struct mbox *mbox = mbox_new(ingest_read_file, &fd);
	char buffer[3];
	uint64_t offset;

	(void)state;
	assert_int_equal(mbox_next(mbox, &offset), 1);
	assert_int_equal(mbox_read(mbox, buffer, sizeof(buffer), INT64_MAX), sizeof(buffer));
	assert_int_equal(mbox_next(mbox, &offset), 1);
	assert_int_equal(offset, 19);
	assert_int_equal(mbox_next(mbox, &offset), 0);
	mbox_free(mbox);
	close(fd);
}

/* mboxcl: Content-Length says where a message ends, if the first one has a right one. */
static void test_lengths(void **state)
{
	(void)state;
	/* Quoted as in mboxcl, or not as in mboxcl2, where a line "From " shows that. */
	CHECK("From a\nContent-Length: 8\n\n>From x\n\n" B "\nB: 2\n", "0|Content-Length: 8\n\nFrom x\n", "35|B: 2\n");
	CHECK("From a\nContent-Length: 58\n\n>From x\n\n" B "\nx\nyz\n\n" B "\nB: 2\n",
	      "0|Content-Length: 58\n\n>From x\n\n" B "\nx\nyz\n", "86|B: 2\n");
	CHECK("From a\r\nContent-Length:\t3\r\n\r\nx\r\n\r\n" B "\r\nB: 2\r\n", "0|Content-Length:\t3\r\n\r\nx\r\n",
	      "34|B: 2\r\n");
	/* No empty line after it, two of them, or the end. */
	CHECK("From a\nContent-Length: 2\n\nx\n" B "\nB: 2\n", "0|Content-Length: 2\n\nx\n", "28|B: 2\n");
	CHECK("From a\nContent-Length: 2\n\nx\n\n\n" B "\nB: 2\n", "0|Content-Length: 2\n\nx\n", "30|B: 2\n");
	CHECK("From a\nContent-Length: 2\n\nx\n", "0|Content-Length: 2\n\nx\n");
	CHECK("From a\nContent-Length: 0\n\n\n" B "\nB: 2\n", "0|Content-Length: 0\n\n", "27|B: 2\n");
	/* Later ones may have none, or a wrong one. */
	CHECK("From a\nContent-Length: 2\n\nx\n\n" B "\nB: 2\n\ny\n\n" B "\nContent-Length: 99\n\nz\n\n" B "\nC: 3\n",
	      "0|Content-Length: 2\n\nx\n", "29|B: 2\n\ny\n", "82|Content-Length: 99\n\nz\n", "149|C: 3\n");
}

/* A wrong one does nothing, nor does one that a sender wrote into an mbox of another kind. */
static void test_wrong_lengths(void **state)
{
	static const char *const lengths[] = {"1",   "4",  "5",          "999999999999999999999999", "-1",
	                                      "abc", "99", "4294967298", "18446744073709551617"};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++) {
		g_autofree char *text = g_strdup_printf("From a\nContent-Length: %s\n\nx\n\n" B "\nB: 2\n", lengths[i]);
		g_autofree char *first = g_strdup_printf("0|Content-Length: %s\n\nx\n", lengths[i]);
		g_autofree char *second = g_strdup_printf("%zu|B: 2\n", strlen(text) - strlen(B "\nB: 2\n"));

		CHECK(text, first, second);
	}
	CHECK("From a\nA: 1\n\n" B "\nContent-Length: 54\n\nx\n\n" B "\nB: 2\n\n" B "\nC: 3\n", "0|A: 1\n",
	      "13|Content-Length: 54\n\nx\n", "80|B: 2\n", "130|C: 3\n");
}

/* Larger than the window, and than what is followed. */
static void test_large_lengths(void **state)
{
	(void)state;
	for (size_t length = 100000; length <= MBOX_LENGTH_MAX * 2; length = length * 9 + 1) {
		g_autoptr(GString) text = g_string_new(NULL);
		g_autofree char *rest = g_strnfill(length - strlen("\n" B "\n\n"), 'x');
		bool followed = length <= MBOX_LENGTH_MAX;
		int fd;

		g_string_printf(text, "From a\nContent-Length: %zu\n\n\n" B "\n%s\n\n" B "\nlast\n", length, rest);
		fd = open_text(text->str, text->len);
		g_autoptr(GPtrArray) found = read_fd(fd, 10000);

		close(fd);
		assert_int_equal(found->len, followed ? 2 : 3);
		assert_int_equal(strstr(g_ptr_array_index(found, 0), "xxx") != NULL, followed);
	}
}

/* Each place is found again in a new reader, and the next message is the same. */
static void test_places(void **state)
{
	static const char *const texts[] = {
		"From a\nA: 1\n\nbody\n\n" B "\nB: 2\n\n\n" B "\nC: 3\n\n>From x\n\n" B "\nD: 4",
		"From a\nContent-Length: 2\n\nx\n\n" B "\nB: 2\n\ny\n\n" B "\nContent-Length: 0\n\n\n" B "\nD: 4\n\n",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		int fd = open_text(texts[i], strlen(texts[i]));
		g_autoptr(GPtrArray) all = read_fd(fd, 100);

		assert_int_equal(all->len, 4);
		for (unsigned taken = 1; taken <= all->len; taken++) {
			struct mbox *mbox;
			struct mbox_place place;
			char buffer[1000];
			uint64_t offset;

			lseek(fd, 0, SEEK_SET);
			mbox = mbox_new(ingest_read_file, &fd);
			for (unsigned j = 0; j < taken; j++)
				assert_int_equal(mbox_next(mbox, &offset), 1);
			while (mbox_read(mbox, buffer, 3, INT64_MAX) > 0)
				;
			mbox_place(mbox, &place);
			assert_int_equal(place.begin, offset);
			mbox_free(mbox);

			lseek(fd, 0, SEEK_SET);
			mbox = mbox_new(ingest_read_file, &fd);
			assert_int_equal(mbox_go_to(mbox, &place), MBOX_FITS);
			assert_int_equal(mbox_next(mbox, &offset), taken < all->len);
			if (taken < all->len) {
				ssize_t got = mbox_read(mbox, buffer, sizeof(buffer), INT64_MAX);
				g_autofree char *text = g_strdup_printf("%" PRIu64 "|%.*s", offset, (int)got, buffer);

				assert_string_equal(text, g_ptr_array_index(all, taken));
			}
			mbox_free(mbox);

			/* Another byte before it. */
			place.digest[0] ^= 1;
			lseek(fd, 0, SEEK_SET);
			mbox = mbox_new(ingest_read_file, &fd);
			assert_int_equal(mbox_go_to(mbox, &place), MBOX_OTHER);
			mbox_free(mbox);
			place.end = strlen(texts[i]) + 1;
			lseek(fd, 0, SEEK_SET);
			mbox = mbox_new(ingest_read_file, &fd);
			assert_int_equal(mbox_go_to(mbox, &place), MBOX_OTHER);
			mbox_free(mbox);
		}
		close(fd);
	}
}

/* NUL bytes are bytes. */
static void test_nul(void **state)
{
	static const char text[] = "From a\nA\0B\n\0\n\n" B "\n";
	int fd = open_text(text, sizeof(text) - 1);
	struct mbox *mbox = mbox_new(ingest_read_file, &fd);
	char buffer[64];
	uint64_t offset;

	(void)state;
	assert_int_equal(mbox_next(mbox, &offset), 1);
	assert_int_equal(mbox_read(mbox, buffer, sizeof(buffer), INT64_MAX), 6);
	assert_memory_equal(buffer, "A\0B\n\0\n", 6);
	mbox_free(mbox);
	close(fd);
}

/* A pipe whose writer gives one byte at a time; and a descriptor that cannot be read. */
static void test_pipe(void **state)
{
	static const char text[] = "From a\n\n>From x\n\n" B "\ny\n";
	g_autoptr(GPtrArray) found = NULL;
	struct mbox *mbox;
	uint64_t offset;
	int ends[2];
	pid_t writer;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	writer = fork();
	if (writer == 0) {
		close(ends[0]);
		for (const char *next = text; *next != '\0'; next++) {
			if (write(ends[1], next, 1) != 1)
				_exit(1);
			usleep(500);
		}
		_exit(0);
	}
	close(ends[1]);
	found = read_fd(ends[0], 100);
	waitpid(writer, NULL, 0);
	assert_int_equal(found->len, 2);
	assert_string_equal(g_ptr_array_index(found, 0), "0|\nFrom x\n");
	assert_string_equal(g_ptr_array_index(found, 1), "17|y\n");
	close(ends[0]);

	mbox = mbox_new(ingest_read_file, &ends[0]);
	assert_int_equal(mbox_next(mbox, &offset), -EBADF);
	mbox_free(mbox);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cutting),       cmocka_unit_test(test_from_lines),
		cmocka_unit_test(test_dates),         cmocka_unit_test(test_quoting),
		cmocka_unit_test(test_plain),         cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_skipping),      cmocka_unit_test(test_nul),
		cmocka_unit_test(test_pipe),          cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_wrong_lengths), cmocka_unit_test(test_large_lengths),
		cmocka_unit_test(test_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
