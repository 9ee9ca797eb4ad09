/* fuzz_key_file.c - the configuration's key file on any text.
 *
 * What is read stands in the text at the line that is named, no group or key is there twice, and it is the same when it
 * is written plainly and read again.  What is refused has a reason, and a line that the text has.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/key_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Is this in that line of the text, counted from 1? */
static bool stands_in(const char *text, size_t length, unsigned line, const char *word)
{
	const char *end = text + length;
	const char *stop;

	for (; line > 1; line--) {
		text = memchr(text, '\n', (size_t)(end - text));
		assert(text);
		text++;
	}
	stop = memchr(text, '\n', (size_t)(end - text));
	return memmem(text, (size_t)((stop ? stop : end) - text), word, strlen(word)) != NULL;
}

static void write_group(GString *plain, const struct key_file_group *group, const char *text, size_t length)
{
	g_string_append_printf(plain, "[%s]\n", group->name);
	assert(stands_in(text, length, group->line, group->name));
	for (unsigned i = 0; i < group->keys->len; i++) {
		const struct key_file_key *key = g_ptr_array_index(group->keys, i);

		assert(*key->name && key_file_key(group, key->name) == key);
		assert(stands_in(text, length, key->line, key->name) && stands_in(text, length, key->line, key->value));
		g_string_append_printf(plain, "%s=%s\n", key->name, key->value);
	}
}

static GString *write_plainly(const struct key_file *file, const char *text, size_t length)
{
	GString *plain = g_string_new(NULL);

	for (unsigned i = 0; i < file->groups->len; i++) {
		const struct key_file_group *group = g_ptr_array_index(file->groups, i);

		assert(key_file_find(file, group->name) == group);
		write_group(plain, group, text, length);
	}
	return plain;
}

static void check_file(const struct key_file *file, const char *text, size_t length)
{
	struct key_file_fault fault = {0};
	GString *plain = write_plainly(file, text, length);
	struct key_file *again = key_file_parse(plain->str, plain->len, &fault);
	GString *twice;

	assert(again && !fault.reason);
	twice = write_plainly(again, plain->str, plain->len);
	assert(g_string_equal(plain, twice));
	g_string_free(plain, TRUE);
	g_string_free(twice, TRUE);
	key_file_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct key_file_fault fault = {0};
	struct key_file *file = key_file_parse(text, size, &fault);
	unsigned lines = 1;

	assert((file == NULL) == (fault.reason != NULL));
	for (size_t i = 0; i < size; i++)
		lines += text[i] == '\n';
	assert(fault.line <= lines);
	if (file)
		check_file(file, text, size);
	key_file_free(file);
	key_file_fault_release(&fault);
	return 0;
}
