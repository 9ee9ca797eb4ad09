/* fuzz_mbox.c - archive/mbox on anything: the same messages whatever pieces it is read in, none longer than the file;
 * and from each place that it names, a new reader goes on with the next message. */
#include <assert.h>
#include <stdint.h>
#include <string.h>
#include <glib.h>

#include "archive/kind.h"
#include "archive/mbox.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A file that gives so many bytes at a time. */
struct file {
	const char *bytes;
	size_t left, piece;
};

static ssize_t read_piece(void *context, char *buffer, size_t size, int64_t deadline)
{
	struct file *file = context;

	(void)deadline;
	size = MIN(MIN(size, file->left), file->piece);
	memcpy(buffer, file->bytes, size);
	file->bytes += size;
	file->left -= size;
	return (ssize_t)size;
}

/* The rest of the messages, each with its offset; their number. */
static unsigned read_all(struct mbox *mbox, size_t piece, GString *text)
{
	g_autofree char *buffer = g_malloc(piece);
	uint64_t offset;
	unsigned count = 0;

	for (; mbox_next(mbox, &offset) == 1; count++) {
		ssize_t got;

		g_string_append_printf(text, "(%lu)", (unsigned long)offset);
		while ((got = mbox_read(mbox, buffer, piece, INT64_MAX)) > 0)
			g_string_append_len(text, buffer, got);
		assert(got == 0);
	}
	return count;
}

static GString *read_pieces(const char *bytes, size_t size, size_t piece, unsigned *ret_count)
{
	struct file file = {bytes, size, piece};
	struct mbox *mbox = mbox_new(read_piece, &file);
	GString *text = g_string_new(NULL);

	*ret_count = read_all(mbox, piece, text);
	mbox_free(mbox);
	return text;
}

/* Stop after so many messages, and go on in another reader. */
static void check_place(const char *bytes, size_t size, unsigned taken, const GString *whole)
{
	struct file file = {bytes, size, 100}, again = file;
	struct mbox *mbox = mbox_new(read_piece, &file);
	g_autoptr(GString) text = g_string_new(NULL);
	struct mbox_place place;
	uint64_t offset;
	char buffer[512];

	for (unsigned i = 0; i < taken; i++) {
		assert(mbox_next(mbox, &offset) == 1);
		while (mbox_read(mbox, buffer, sizeof(buffer), INT64_MAX) > 0)
			;
	}
	mbox_place(mbox, &place);
	mbox_free(mbox);
	mbox = mbox_new(read_piece, &again);
	assert(mbox_go_to(mbox, &place) == MBOX_FITS);
	read_all(mbox, 100, text);
	assert(text->len <= whole->len);
	assert(memcmp(whole->str + whole->len - text->len, text->str, text->len) == 0);
	mbox_free(mbox);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const size_t pieces[] = {1, 7, 1000};
	const char *bytes = (const char *)data;
	unsigned count, others;
	g_autoptr(GString) whole = read_pieces(bytes, size, size + 1, &count);

	kind_of(bytes, size, true);
	for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
		g_autoptr(GString) some = read_pieces(bytes, size, pieces[i], &others);

		assert(g_string_equal(some, whole) && others == count);
	}
	if (size > 5 && memcmp(bytes, "From ", 5) == 0)
		for (unsigned taken = 1; taken <= MIN(count, 5u); taken++)
			check_place(bytes, size, taken, whole);
	return 0;
}
