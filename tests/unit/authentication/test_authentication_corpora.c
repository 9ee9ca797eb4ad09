/* test_authentication_corpora.c - what is read of fields of every shape, of a filter's mails, and of chains of ARC
 * sets.
 *
 * Those of tests/authentication are our own, and what should be read of them is written beside them.  Real fields and
 * other projects' tests may lie beside the project, at ../shared/conformance.  Of these there are only numbers here,
 * and a change of a grammar shows as other numbers; without them there are only ours.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>

#include "authentication/arc.h"
#include "authentication/authentication_results.h"
#include "authentication/received_spf.h"

#define READ "it is read"

/* How many fields there are that are read, or refused for one reason. */
struct count {
	const char *reason;
	unsigned fields;
};

#define OURS "tests/authentication"
#define REAL "../shared/conformance"

static char *data_path(const char *data, const char *name)
{
	const char *top = getenv("top_srcdir");

	return g_build_filename(top ? top : ".", data, name, NULL);
}

static char *load(const char *data, const char *name)
{
	g_autofree char *path = data_path(data, name);
	char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		fail_msg("no %s", path);
	return text;
}

static void add(GHashTable *counts, const char *reason)
{
	gpointer count = g_hash_table_lookup(counts, reason);

	g_hash_table_insert(counts, g_strdup(reason), GUINT_TO_POINTER(GPOINTER_TO_UINT(count) + 1));
}

static void check_counts(const char *name, GHashTable *counts, const struct count *expected)
{
	g_autoptr(GString) differences = g_string_new(NULL);
	GHashTableIter iter;
	gpointer reason, count;

	for (; expected->reason; expected++) {
		count = g_hash_table_lookup(counts, expected->reason);
		if (GPOINTER_TO_UINT(count) != expected->fields)
			g_string_append_printf(differences, "\n%s: %u, not %u", expected->reason,
			                       GPOINTER_TO_UINT(count), expected->fields);
		g_hash_table_remove(counts, expected->reason);
	}
	g_hash_table_iter_init(&iter, counts);
	while (g_hash_table_iter_next(&iter, &reason, &count))
		g_string_append_printf(differences, "\n%s: %u, not 0", (char *)reason, GPOINTER_TO_UINT(count));
	if (differences->len > 0)
		fail_msg("%s:%s", name, differences->str);
}

/* --- One field of every shape ------------------------------------------------------------------------------------ */

static const char *read_results(const char *value)
{
	struct authentication_results results;
	const char *reason = READ;

	if (authentication_results_parse(value, &results, &reason) == 0)
		authentication_results_release(&results);
	return reason;
}

/* After the instance. */
static const char *read_arc_results(const char *value)
{
	const char *end = strchr(value, ';');

	return end ? read_results(end + 1) : "no instance";
}

static const char *read_spf(const char *value)
{
	struct received_spf spf;
	const char *reason = READ;

	if (received_spf_parse(value, &spf, &reason) == 0)
		received_spf_release(&spf);
	return reason;
}

static void check_shapes(const char *name, const char *(*read_field)(const char *), const struct count *expected)
{
	g_autofree char *path = g_strconcat("auth-headers/", name, ".shapes.txt", NULL), *text = load(REAL, path);
	g_autoptr(GHashTable) counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line; line++)
		if (g_str_has_prefix(*line, name) && (*line)[strlen(name)] == ':')
			add(counts, read_field(*line + strlen(name) + 1));
	check_counts(name, counts, expected);
}

/* Of ours, the line before a field says what is read of it. */
static void check_our_shapes(const char *name, const char *(*read_field)(const char *))
{
	g_autofree char *file = g_strconcat(name, ".shapes.txt", NULL), *text = load(OURS, file);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	unsigned count = 0;

	for (char **line = lines; *line; line++)
		if (g_str_has_prefix(*line, name) && (*line)[strlen(name)] == ':') {
			assert_true(line > lines && g_str_has_prefix(line[-1], "# "));
			if (!g_str_equal(read_field(*line + strlen(name) + 1), line[-1] + 2))
				fail_msg("%s\n%s, not %s", *line, read_field(*line + strlen(name) + 1), line[-1] + 2);
			count++;
		}
	assert_true(count > 0);
}

static void test_our_shapes(void **state)
{
	(void)state;
	check_our_shapes("authentication-results", read_results);
	check_our_shapes("arc-authentication-results", read_arc_results);
	check_our_shapes("x-original-authentication-results", read_results);
	check_our_shapes("received-spf", read_spf);
}

static void test_results(void **state)
{
	static const struct count expected[] = {
		{READ, 313},
		{"no authserv-id: it begins with a method", 9},
		{"neither a reason nor a property: there is no `.`", 6},
		{"a value is missing, or has a character that has to be quoted", 3},
		{"no `;` after the authserv-id", 3},
		{"a method without `=`", 2},
		{"a property without `=`", 1},
		{"an address without a domain name", 1},
		{"no result", 1},
		{"something that is neither a reason nor a property", 1},
		{NULL, 0},
	};

	(void)state;
	check_shapes("authentication-results", read_results, expected);
}

static void test_arc_results(void **state)
{
	static const struct count expected[] = {
		{READ, 479},
		{"neither a reason nor a property: there is no `.`", 44},
		{"a value is missing, or has a character that has to be quoted", 4},
		{"no result", 1},
		{NULL, 0},
	};

	(void)state;
	check_shapes("arc-authentication-results", read_arc_results, expected);
}

static void test_original_results(void **state)
{
	static const struct count expected[] = {{READ, 257}, {NULL, 0}};

	(void)state;
	check_shapes("x-original-authentication-results", read_results, expected);
}

static void test_received_spf(void **state)
{
	static const struct count expected[] = {{READ, 49}, {NULL, 0}};

	(void)state;
	check_shapes("received-spf", read_spf, expected);
}

/* --- What a filter writes: mails before and after, some of them as SMTP sessions --------------------------------- */

static void count_fields(const char *path, GHashTable *counts)
{
	static const char name[] = "Authentication-Results:";
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++) {
		g_autoptr(GString) value = NULL;

		if (g_ascii_strncasecmp(*line, name, strlen(name)) != 0)
			continue;
		value = g_string_new(g_strchomp(*line) + strlen(name));
		for (; line[1] && (*line[1] == ' ' || *line[1] == '\t'); line++)
			g_string_append_printf(value, "\n%s", g_strchomp(line[1]));
		add(counts, read_results(value->str));
	}
}

static void check_folder(const char *data, const char *name, const struct count *expected)
{
	g_autofree char *path = data_path(data, name);
	g_autoptr(GHashTable) counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
	const char *file;

	assert_non_null(folder);
	while ((file = g_dir_read_name(folder))) {
		g_autofree char *file_path = g_build_filename(path, file, NULL);

		count_fields(file_path, counts);
	}
	check_counts(name, counts, expected);
}

static void test_our_mails(void **state)
{
	static const struct count expected[] = {{READ, 9}, {"no authserv-id: it begins with a method", 1}, {NULL, 0}};

	(void)state;
	check_folder(OURS, "mails", expected);
}

/* smtp.bits=128/128 has to be quoted, and is not. */
static void test_filter(void **state)
{
	static const struct count before[] = {{READ, 8}, {NULL, 0}};
	static const struct count after[] = {
		{READ, 72}, {"a value has a character that has to be quoted: / = or ?", 12}, {NULL, 0}};

	(void)state;
	check_folder(REAL, "corpora/authentication_milter/source", before);
	check_folder(REAL, "corpora/authentication_milter/example", after);
}

/* --- The ARC test suite ------------------------------------------------------------------------------------------ */

/* One case: what the two lists below are about. */
struct arc_case {
	char *name;
	GString *message;
	char *cv; /* "None", "Pass", "Fail", or nothing: it must not validate */
};

/* Chains that do not validate and have a structure all the same: what is wrong is a signature or a key, or stands in a
 * tag that only who checks the signature looks at. */
static const char *const whole[] = {"ams_fields_b_base64",
                                    "ams_fields_b_mod_headers1",
                                    "ams_fields_b_mod_headers2",
                                    "ams_fields_b_mod_sig",
                                    "ams_fields_bh_base64",
                                    "ams_fields_bh_mod_body",
                                    "ams_fields_bh_mod_sig",
                                    "ams_fields_bh_sim_inl_wsp",
                                    "ams_fields_c_empty",
                                    "ams_fields_c_invalid",
                                    "ams_fields_h_dup2",
                                    "ams_fields_h_empty_added",
                                    "ams_fields_h_order",
                                    "ams_fields_t_empty",
                                    "ams_fields_t_invalid",
                                    "ams_format_tags_val_case",
                                    "ams_format_tags_wsp",
                                    "as_fields_b_512",
                                    "as_fields_b_ams1",
                                    "as_fields_b_asb1",
                                    "as_fields_b_base64",
                                    "as_fields_b_mod_sig",
                                    "as_fields_t_invalid",
                                    "as_format_tags_val_case",
                                    "as_format_tags_wsp",
                                    "cv_fail_i1_ams_invalid",
                                    "cv_fail_i1_as_invalid",
                                    "cv_fail_i2_ams_invalid",
                                    "cv_fail_i2_as1_invalid",
                                    "cv_fail_i2_as2_invalid",
                                    "public_key_invalid",
                                    "public_key_na",
                                    NULL};

/* Chains that validate there and are refused here: a signature over no field, which RFC 6376 section 3.5 does not
 * have. */
static const char *const refused[] = {"ams_fields_h_empty", NULL};

static void check_case(const struct arc_case *test)
{
	struct header_list headers;
	struct arc_chain chain;
	const char *reason = NULL;
	size_t body;
	int error;

	header_list_init(&headers, test->message->str, test->message->len, &body);
	error = arc_read(&headers, &chain, &reason);
	header_list_release(&headers);
	if (g_str_equal(test->cv, "None"))
		assert_true(error == 0 && chain.count == 0);
	else if (g_str_equal(test->cv, "Pass") && !g_strv_contains(refused, test->name) &&
	         (error < 0 || chain.count == 0))
		fail_msg("%s is refused: %s", test->name, reason ? reason : "there is no chain");
	else if (!g_str_equal(test->cv, "Pass") && (error < 0) == g_strv_contains(whole, test->name))
		fail_msg("%s: %s", test->name, reason ? reason : READ);
	else if (g_strv_contains(refused, test->name) && error == 0)
		fail_msg("%s: %s", test->name, READ);
	if (error == 0)
		arc_chain_release(&chain);
}

/* The suite is YAML, but each case has the same lines: `  NAME:`, `    message: |`, the mail, `    cv: VALUE`. */
static unsigned check_suite(char **lines)
{
	struct arc_case test = {NULL, g_string_new(NULL), NULL};
	bool in_message = false;
	unsigned count = 0;

	for (char **line = lines; *line; line++) {
		size_t indent = strspn(*line, " "), length = strlen(*line);

		if (in_message && (indent >= 6 || indent == length)) {
			g_string_append_printf(test.message, "%s\n", indent >= 6 ? *line + 6 : "");
			continue;
		}
		in_message = false;
		if (indent == 2 && g_str_has_suffix(*line, ":")) {
			g_free(test.name);
			test.name = g_strndup(*line + 2, length - 3);
			g_string_truncate(test.message, 0);
		} else if (g_str_has_prefix(*line, "    message:")) {
			in_message = true;
		} else if (g_str_has_prefix(*line, "    cv:")) {
			test.cv = g_strstrip(*line + strlen("    cv:"));
			check_case(&test);
			count++;
		}
	}
	g_free(test.name);
	g_string_free(test.message, TRUE);
	return count;
}

static void test_our_chains(void **state)
{
	g_autofree char *text = load(OURS, "arc.yml");
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	(void)state;
	assert_int_equal(check_suite(lines), 8);
}

static void test_arc_suite(void **state)
{
	g_autofree char *text = load(REAL, "corpora/arc_test_suite/tests/arc-draft-validation-tests.yml");
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	(void)state;
	assert_int_equal(check_suite(lines), 175);
}

#define OUR_TESTS cmocka_unit_test(test_our_shapes), cmocka_unit_test(test_our_mails), cmocka_unit_test(test_our_chains)

int main(void)
{
	static const struct CMUnitTest ours[] = {OUR_TESTS};
	static const struct CMUnitTest all[] = {
		OUR_TESTS,
		cmocka_unit_test(test_results),
		cmocka_unit_test(test_arc_results),
		cmocka_unit_test(test_original_results),
		cmocka_unit_test(test_received_spf),
		cmocka_unit_test(test_filter),
		cmocka_unit_test(test_arc_suite),
	};
	g_autofree char *path = data_path(REAL, "");

	if (g_file_test(path, G_FILE_TEST_IS_DIR))
		return cmocka_run_group_tests_name("authentication_corpora", all, NULL, NULL);
	printf("# Real fields are NOT read: there is no %s\n", path);
	return cmocka_run_group_tests_name("authentication_corpora", ours, NULL, NULL);
}
