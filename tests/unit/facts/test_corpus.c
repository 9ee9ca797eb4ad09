/* test_corpus.c - whole mails and the facts that they must give.
 *
 * Every NAME.mail of the corpus folder is a case, and NAME.facts.json holds its facts, pretty printed with the keys in
 * their order.  A bug report becomes a file here: put the mail in, make the facts with
 *     patchmaild parse NAME.mail | python3 -m json.tool --no-ensure-ascii > NAME.facts.json
 * and mend by hand what is wrong in them.  A NAME.conf beside them says who is believed about the sender: patchmaild
 * -c.
 *
 * The folder is the argument of the program, else $CORPUS_DIR, else tests/corpus in $top_srcdir.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>
#include <gmime/gmime.h>
#include <jansson.h>

#include "facts/document.h"

#define MAIL_SUFFIX ".mail"
#define FACTS_SUFFIX ".facts.json"
#define CONF_SUFFIX ".conf"

static const char *corpus;

static char *print(json_t *value)
{
	char *text = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
	char *copy = g_strdup(text ? text : "nothing");

	free(text);
	return copy;
}

static void add_difference(GString *differences, const char *key, json_t *expected, json_t *actual)
{
	g_autofree char *expected_text = print(expected), *actual_text = print(actual);

	g_string_append_printf(differences, "\n%s:\n  expected %s\n  got      %s", key, expected_text, actual_text);
}

/* Compare two documents key by key; objects within are taken apart too. */
static void compare(const char *parent, json_t *expected, json_t *actual, GString *differences)
{
	json_t *value;
	const char *key;

	json_object_foreach (expected, key, value) {
		g_autofree char *name = g_strconcat(parent, *parent ? "." : "", key, NULL);
		json_t *other = json_object_get(actual, key);

		if (json_is_object(value) && json_is_object(other))
			compare(name, value, other, differences);
		else if (!other || !json_equal(value, other))
			add_difference(differences, name, value, other);
	}
	json_object_foreach (actual, key, value) {
		g_autofree char *name = g_strconcat(parent, *parent ? "." : "", key, NULL);

		if (!json_object_get(expected, key))
			add_difference(differences, name, NULL, value);
	}
}

static char *key_order(json_t *object)
{
	GString *keys = g_string_new(NULL);
	json_t *value;
	const char *key;

	json_object_foreach (object, key, value)
		g_string_append_printf(keys, "%s ", key);
	return g_string_free(keys, FALSE);
}

/* The settings of a case; nobody is believed if it has none. */
static struct trust_settings *read_trust(const char *name)
{
	g_autofree char *file = g_strconcat(name, CONF_SUFFIX, NULL), *path = g_build_filename(corpus, file, NULL);
	g_autofree char *text = NULL;
	struct trust_settings *trust = trust_settings_new();

	if (g_file_get_contents(path, &text, NULL, NULL) && !trust_settings_take(trust, text))
		fail_msg("%s is no settings", path);
	return trust;
}

static json_t *actual_facts(const char *name)
{
	g_autofree char *file = g_strconcat(name, MAIL_SUFFIX, NULL), *path = g_build_filename(corpus, file, NULL);
	g_autofree char *bytes = NULL, *text = NULL;
	struct trust_settings *trust;
	json_t *facts;
	size_t length;

	if (!g_file_get_contents(path, &bytes, &length, NULL))
		fail_msg("%s cannot be read", path);
	trust = read_trust(name);
	text = facts_of_mail(bytes, length, trust, NULL);
	trust_settings_free(trust);
	facts = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	if (!facts)
		fail_msg("the facts of %s are no JSON: %s", name, text);
	return facts;
}

static json_t *expected_facts(const char *name)
{
	g_autofree char *file = g_strconcat(name, FACTS_SUFFIX, NULL), *path = g_build_filename(corpus, file, NULL);
	json_error_t error;
	json_t *facts = json_load_file(path, JSON_REJECT_DUPLICATES, &error);

	if (!facts)
		fail_msg("%s, line %d: %s", path, error.line, error.text);
	return facts;
}

/* The case whose name is in *state. */
static void test_mail(void **state)
{
	const char *name = *state;
	json_t *expected = expected_facts(name), *actual = actual_facts(name);
	g_autofree char *expected_order = key_order(expected), *actual_order = key_order(actual);
	GString *differences = g_string_new(NULL);
	g_autofree char *text = NULL;

	compare("", expected, actual, differences);
	json_decref(expected);
	json_decref(actual);
	text = g_string_free(differences, FALSE);
	if (*text)
		fail_msg("%s: %s", name, text);
	assert_string_equal(actual_order, expected_order);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names of all cases, sorted.  Facts without a mail are a case as well, one that fails. */
static GPtrArray *find_cases(void)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
	GDir *folder = g_dir_open(corpus, 0, NULL);
	const char *file;

	while (folder && (file = g_dir_read_name(folder))) {
		const char *suffix = g_str_has_suffix(file, MAIL_SUFFIX) ? MAIL_SUFFIX : FACTS_SUFFIX;
		g_autofree char *name = g_strndup(file, strlen(file) - MIN(strlen(file), strlen(suffix)));

		if (!g_str_has_suffix(file, suffix) || g_hash_table_contains(known, name))
			continue;
		g_ptr_array_add(names, name);
		g_hash_table_add(known, g_steal_pointer(&name));
	}
	g_clear_pointer(&folder, g_dir_close);
	g_ptr_array_sort(names, compare_names);
	return names;
}

static char *corpus_folder(int argc, char **argv)
{
	const char *folder = argc > 1 ? argv[1] : g_getenv("CORPUS_DIR"), *source = g_getenv("top_srcdir");

	return folder ? g_strdup(folder) : g_build_filename(source ? source : ".", "tests", "corpus", NULL);
}

int main(int argc, char **argv)
{
	g_autofree char *folder = corpus_folder(argc, argv);
	g_autoptr(GPtrArray) names = NULL;
	g_autofree struct CMUnitTest *tests = NULL;

	g_mime_init();
	corpus = folder;
	names = find_cases();
	if (names->len == 0) {
		g_printerr("there is no mail in %s\n", corpus);
		return EXIT_FAILURE;
	}
	tests = g_new0(struct CMUnitTest, names->len);
	for (guint i = 0; i < names->len; i++) {
		tests[i].name = g_ptr_array_index(names, i);
		tests[i].test_func = test_mail;
		tests[i].initial_state = g_ptr_array_index(names, i);
	}
	return _cmocka_run_group_tests("corpus", tests, names->len, NULL, NULL);
}
