/* test_document.c - the JSON document of a mail. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>
#include <gmime/gmime.h>
#include <jansson.h>

#include "facts/document.h"
#include "facts/head.h"

#define SHA256_OF_NOTHING "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static json_t *load(const char *bytes, size_t length)
{
	g_autofree char *text = facts_of_mail(bytes, length, NULL, NULL);
	json_t *facts = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

	assert_null(strchr(text, '\n'));
	assert_non_null(facts);
	return facts;
}

static void check_keys(json_t *object, const char *expected)
{
	g_autoptr(GString) keys = g_string_new(NULL);
	const char *key;
	json_t *value;

	json_object_foreach (object, key, value)
		g_string_append_printf(keys, "%s ", key);
	assert_string_equal(keys->str, expected);
}

#define SHA1 "0123456789abcdef0123456789abcdef01234567"

static const char *text_at(json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static void test_keys(void **state)
{
	static const char mail[] = "From: J <j@example.org>\n\nx\n";
	json_t *facts = load(mail, strlen(mail));

	(void)state;
	check_keys(facts,
	           "facts size sha256 problems kind message_id message_id_made wrapped_message_id references list_ids "
	           "date date_source "
	           "author original_author subject headers content diff hash patch_id files pull_url hints depends_on "
	           "change_id authentication ");
	check_keys(json_object_get(facts, "authentication"),
	           "verdict reason original_verdict original_reason fields results ");
	check_keys(json_object_get(facts, "author"), "name email ");
	check_keys(json_object_get(facts, "subject"), "text reply prefixes title version number total ");
	check_keys(json_object_get(facts, "hints"), "state delegate ignore action_required ");
	assert_int_equal(json_integer_value(json_object_get(facts, "facts")), FACTS_VERSION);
	assert_int_equal(json_integer_value(json_object_get(facts, "size")), strlen(mail));
	assert_true(json_is_null(json_object_get(facts, "date")));
	assert_true(json_is_null(json_object_get(facts, "original_author")));
	json_decref(facts);
}

static void test_values(void **state)
{
	static const char mail[] = "From: J via list <l@example.org>\nReply-To: J <j@example.org>\nMessage-ID: <a@x>\n"
				   "Date: Tue, 10 Feb 2026 07:59:47 +0100\nList-Id: <l>\nSubject: [PATCH v3 2/4] t\n"
				   "References: <b@x>\n\nx\nDepends-on: <c@x>\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n";
	json_t *facts = load(mail, strlen(mail)), *subject = json_object_get(facts, "subject");
	json_t *original = json_object_get(facts, "original_author");
	json_t *list_id = json_array_get(json_object_get(facts, "list_ids"), 0);
	json_t *dependency = json_array_get(json_object_get(facts, "depends_on"), 0);

	(void)state;
	assert_string_equal(text_at(facts, "kind"), "patch");
	assert_string_equal(text_at(facts, "date"), "2026-02-10T06:59:47Z");
	assert_string_equal(text_at(facts, "date_source"), "Date");
	assert_string_equal(text_at(original, "email"), "j@example.org");
	assert_string_equal(text_at(original, "source"), "Reply-To");
	assert_string_equal(text_at(list_id, "field"), "List-Id");
	assert_string_equal(text_at(list_id, "id"), "l");
	assert_string_equal(text_at(dependency, "message_id"), "<c@x>");
	assert_int_equal(json_integer_value(json_object_get(subject, "version")), 3);
	assert_int_equal(json_integer_value(json_object_get(subject, "number")), 2);
	assert_int_equal(json_integer_value(json_object_get(subject, "total")), 4);
	assert_int_equal(strlen(text_at(facts, "hash")), 40);
	json_decref(facts);
}

/* Keys that are there only in a mail that says so. */
static void test_relations(void **state)
{
	static const char mail[] = "From: j@example.org\nMessage-ID: <a@x>\nSubject: [PATCH v5.1 2/4] t\n\nx\n"
				   "Supersedes: <c@x>\nprerequisite-patch-id: " SHA1 "\n"
				   "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n-- \n2.39\n\nbase-commit: " SHA1 "\n"
				   "prerequisite-patch-id: " SHA1 "\nprerequisite-change-id: lamp:v3\n";
	static const char reply[] = "From: j@example.org\nSubject: Re: t\nSupersedes: <c@x>\n\nSupersedes: <c@x>\n"
				    "Based-on: <c@x>\nbase-commit: " SHA1 "\n-- \nbase-commit: " SHA1 "\n";
	json_t *facts = load(mail, strlen(mail));
	json_t *depends_on = json_object_get(facts, "depends_on");
	json_t *supersedes = json_object_get(facts, "supersedes");

	(void)state;
	assert_int_equal(json_array_size(depends_on), 2);
	assert_string_equal(text_at(json_array_get(depends_on, 0), "git_patch_id"), SHA1);
	assert_string_equal(text_at(json_array_get(depends_on, 1), "change_id"), "lamp");
	assert_int_equal(json_integer_value(json_object_get(json_array_get(depends_on, 1), "version")), 3);
	assert_int_equal(json_array_size(supersedes), 1);
	assert_string_equal(json_string_value(json_array_get(supersedes, 0)), "<c@x>");
	assert_string_equal(text_at(facts, "base_commit"), SHA1);
	assert_int_equal(json_integer_value(json_object_get(json_object_get(facts, "subject"), "minor")), 1);
	assert_string_equal(text_at(facts, "content"), "x\nSupersedes: <c@x>\nprerequisite-patch-id: " SHA1);
	json_decref(facts);

	facts = load(reply, strlen(reply));
	assert_int_equal(json_array_size(json_object_get(facts, "depends_on")), 0);
	assert_null(json_object_get(facts, "supersedes"));
	assert_null(json_object_get(facts, "base_commit"));
	json_decref(facts);
}

static void test_rejected(void **state)
{
	json_t *facts = load("", 0);
	static const char mail[] = "From: nobody\nSubject: caf\xe9\nMessage-ID: <a@x>\n\nx\n";

	(void)state;
	check_keys(facts, "facts size sha256 problems rejected message_id subject ");
	assert_string_equal(text_at(facts, "sha256"), SHA256_OF_NOTHING);
	assert_non_null(text_at(facts, "rejected"));
	assert_true(json_is_null(json_object_get(facts, "message_id")));
	assert_true(json_is_null(json_object_get(facts, "subject")));
	json_decref(facts);
	facts = load(mail, strlen(mail));
	assert_string_equal(text_at(facts, "message_id"), "<a@x>");
	assert_string_equal(text_at(facts, "subject"), "caf\xc3\xa9");
	json_decref(facts);
}

static void test_rejected_by_caller(void **state)
{
	static const char mail[] = "From x\nSubject: s\n\nx\n";
	g_autofree char *text = facts_of_rejected(mail, strlen(mail), "odd \xff reason");
	json_t *facts = json_loads(text, 0, NULL);

	(void)state;
	assert_string_equal(text_at(facts, "rejected"), "odd \xef\xbf\xbd reason");
	assert_string_equal(text_at(facts, "subject"), "s");
	json_decref(facts);
}

/* Every byte at every place of a small mail: always one valid document. */
static void test_odd_bytes(void **state)
{
	static const char mail[] = "From: J <j@x>\nSubject: =?utf-8?q?a?=\nContent-Type: text/plain; charset=x\n\nb\n";
	const size_t length = strlen(mail);

	(void)state;
	for (size_t i = 0; i < length; i++) {
		static const unsigned char odd[] = {0, 1, '\n', '\r', '"', '<', 0x80, 0xc3, 0xed, 0xff};

		for (size_t j = 0; j < sizeof(odd); j++) {
			char copy[sizeof(mail)];

			memcpy(copy, mail, sizeof(mail));
			copy[i] = (char)odd[j];
			json_decref(load(copy, length));
		}
	}
}

/* A mail cut off anywhere. */
static void test_cut_off(void **state)
{
	static const char mail[] =
		"From J\r\nFrom: J <j@x>\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\nYWJj\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
		"From: K <k@x>\r\n\r\nx\r\n--b--\r\n";

	(void)state;
	for (size_t i = 0; i <= strlen(mail); i++) {
		g_autofree char *copy = g_memdup2(mail, i);

		json_decref(load(copy ? copy : "", i));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_relations),
		cmocka_unit_test(test_rejected),
		cmocka_unit_test(test_rejected_by_caller),
		cmocka_unit_test(test_odd_bytes),
		cmocka_unit_test(test_cut_off),
	};

	g_mime_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
