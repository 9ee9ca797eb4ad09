/* fuzz_subject.c - subject.c on any text; what it promises of the result must hold. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "patch/subject.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *raw = g_strndup((const char *)data, size);
	g_autofree char *text = g_utf8_make_valid(raw, -1);
	struct subject subject;

	subject_init(&subject, text, size % 2 == 0);
	assert(strcmp(subject.text, text) == 0);
	assert(subject.version >= 0 && subject.version <= SUBJECT_NUMBER_MAX);
	assert(subject.number >= -1 && subject.number <= SUBJECT_NUMBER_MAX);
	assert(subject.total >= -1 && subject.total <= SUBJECT_NUMBER_MAX);
	assert((subject.number < 0) == (subject.total < 0));
	assert(g_utf8_validate(subject.title, -1, NULL));
	for (guint i = 0; i < subject.prefixes->len; i++) {
		const char *prefix = g_ptr_array_index(subject.prefixes, i);

		assert(*prefix && !strpbrk(prefix, ",]") && g_utf8_validate(prefix, -1, NULL));
		assert(g_ascii_strcasecmp(prefix, "PATCH") != 0);
	}
	subject_release(&subject);
	return 0;
}
