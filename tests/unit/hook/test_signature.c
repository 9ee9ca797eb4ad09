/* test_signature.c - signatures, against the vector of Standard Webhooks and others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <glib.h>

#include "hook/signature.h"

static GPtrArray *secrets_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
}

static void test_vector(void **state)
{
	g_autoptr(GPtrArray) secrets = secrets_new();
	g_autofree char *signature = NULL;
	size_t length;
	guchar *secret = g_base64_decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", &length);

	(void)state;
	g_ptr_array_add(secrets, g_bytes_new_take(secret, length));
	signature = hook_signature(secrets, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}");
	assert_string_equal(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

static void test_several(void **state)
{
	g_autoptr(GPtrArray) secrets = secrets_new(), one = secrets_new(), other = secrets_new();
	g_autofree char *both = NULL, *first = NULL, *second = NULL, *joined = NULL;

	(void)state;
	g_ptr_array_add(one, g_bytes_new("a\0b", 3));
	g_ptr_array_add(other, g_bytes_new("a", 1));
	g_ptr_array_add(secrets, g_bytes_new("a\0b", 3));
	g_ptr_array_add(secrets, g_bytes_new("a", 1));
	both = hook_signature(secrets, "7", 1, "{}");
	first = hook_signature(one, "7", 1, "{}");
	second = hook_signature(other, "7", 1, "{}");
	joined = g_strjoin(" ", first, second, NULL);
	assert_string_not_equal(first, second);
	assert_string_equal(both, joined);
	assert_string_equal(first, "v1,9ocrhB6oaUJo+PZVQ+f5aYu7ohXKsMaqxLhnLPqPxWU=");
}

static void test_none(void **state)
{
	g_autoptr(GPtrArray) secrets = secrets_new();

	(void)state;
	assert_null(hook_signature(secrets, "7", 1, "{}"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vector),
		cmocka_unit_test(test_several),
		cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
