/* test_findings.c - findings.c: which is the worst, and that nothing in them can do anything to a terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>

#include "doctor/findings.h"

static void test_worst(void **state)
{
	struct findings findings;

	(void)state;
	findings_init(&findings);
	assert_int_equal(findings_worst(&findings), FINDING_OK);
	findings_add(&findings, FINDING_OK, "a", "fine", NULL);
	assert_int_equal(findings_worst(&findings), 0);
	findings_add(&findings, FINDING_FAILURE, "b", "broken", "mend it");
	findings_add(&findings, FINDING_WARNING, "c", "odd", NULL);
	assert_int_equal(findings_worst(&findings), 2);
	findings_release(&findings);
}

static void test_levels(void **state)
{
	(void)state;
	assert_int_equal(finding_level_of("ok"), FINDING_OK);
	assert_int_equal(finding_level_of("warning"), FINDING_WARNING);
	assert_int_equal(finding_level_of("failure"), FINDING_FAILURE);
	/* What a newer database says and we do not know is no good news. */
	assert_int_equal(finding_level_of("disaster"), FINDING_FAILURE);
	assert_int_equal(finding_level_of(NULL), FINDING_FAILURE);
}

static void test_escapes(void **state)
{
	const struct finding *finding;
	struct findings findings;

	(void)state;
	findings_init(&findings);
	findings_say(&findings, FINDING_WARNING, "a\nb", "\033[2J", "%s", "line\nok  c: d\x7f");
	finding = g_ptr_array_index(findings.all, 0);
	assert_string_equal(finding->subject, "a\\x0ab");
	assert_string_equal(finding->words, "line\\x0aok  c: d\\x7f");
	assert_string_equal(finding->remedy, "\\x1b[2J");
	findings_release(&findings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_worst),
		cmocka_unit_test(test_levels),
		cmocka_unit_test(test_escapes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
