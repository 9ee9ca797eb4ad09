/* key_file.h - a key file: [group], then key=value lines, `#` comments; what stands where.
 *
 * Values are what is written: a backslash is a backslash.  Blanks around a value do not belong to it.  The name of a
 * group may have blanks and brackets in it; that of a key may be an address, as far as no blank and no = is in it.
 * Lines may end with CR LF, and the file may begin with a byte order mark.
 * Refused is whatever may be meant in two ways: groups and keys that are there twice, comments after a value, other
 * control characters, odd blanks, another encoding than UTF-8.
 */
#ifndef PATCHMAILD_KEY_FILE_H
#define PATCHMAILD_KEY_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <glib.h>

struct key_file_key {
	char *name, *value;
	unsigned line;
};

struct key_file_group {
	char *name;
	unsigned line;
	GPtrArray *keys; /* of struct key_file_key, in their order */
};

struct key_file {
	GPtrArray *groups; /* of struct key_file_group, in their order */
};

/* Something that is wrong, and the number of its line; 0: it is about the whole file. */
struct key_file_fault {
	char *reason; /* in words, never with a value; NULL: nothing is wrong */
	unsigned line;
};

/* Read a text of so many bytes.  NULL, and what is wrong (key_file_fault_release()). */
struct key_file *key_file_parse(const char *text, size_t length, struct key_file_fault *ret_fault);
void key_file_free(struct key_file *file);
typedef struct key_file key_file;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(key_file, key_file_free)

/* The group of that name, or NULL. */
const struct key_file_group *key_file_find(const struct key_file *file, const char *name);

/* That key of a group, or NULL; `group` may be NULL. */
const struct key_file_key *key_file_key(const struct key_file_group *group, const char *name);

/* Of the names that the rows of a table begin with, `count` rows of `size` bytes, the one that is most like a name;
 * NULL if none is much like it. */
const char *key_file_suggest(const char *name, const void *table, size_t count, size_t size);

/* Note a fault, if there is none yet.  Gives false. */
bool key_file_blame(struct key_file_fault *fault, unsigned line, const char *format, ...) G_GNUC_PRINTF(3, 4);
void key_file_fault_release(struct key_file_fault *fault);

#endif
