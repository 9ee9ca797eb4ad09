/* test_arc.c - arc.c: the structure of a chain (RFC 8617 sections 4.1, 4.2 and 5.2). */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "authentication/arc.h"

#define TAGS_LENGTH (64u * 1024) /* as in arc.c */

#define AAR "ARC-Authentication-Results: "
#define AMS "ARC-Message-Signature: "
#define AS "ARC-Seal: "
#define RESULTS(i) AAR "i=" i "; l" i ".example.org; dkim=pass header.d=example.net\n"
#define SIGNATURE(i) AMS "i=" i "; a=rsa-sha256; b=YQ==; bh=YQ==; d=l" i ".example.org; h=from; s=s\n"
#define SEAL(i, cv) AS "i=" i "; a=rsa-sha256; b=YQ==; cv=" cv "; d=l" i ".example.org; s=s\n"
#define SET(i, cv) SEAL(i, cv) SIGNATURE(i) RESULTS(i)

#define BAD_AAR "an ARC-Authentication-Results without an instance from 1 to 50"
#define BAD_INSTANCE "an ARC-Seal or ARC-Message-Signature without an instance from 1 to 50"
#define BAD_TAGS "an ARC-Seal or ARC-Message-Signature that is no list of tags"
#define TWICE "two fields of one kind for one instance"
#define HIDDEN "a field of a chain that only some programs see"
#define MISSING "a set with a field missing"
#define SEAL_NEEDS "an ARC-Seal without one of a, b, cv, d, s"
#define SIGNATURE_NEEDS "an ARC-Message-Signature without one of a, b, bh, d, h, s"
#define FIRST_CV "the first ARC-Seal without cv=none"
#define LATER_CV "an ARC-Seal without cv=pass"

static int read_chain(const char *block, struct arc_chain *ret_chain, const char **ret_reason)
{
	struct header_list headers;
	size_t body;
	int error;

	header_list_init(&headers, block, strlen(block), &body);
	error = arc_read(&headers, ret_chain, ret_reason);
	header_list_release(&headers);
	return error;
}

/* Each set as INDEX:SEALER:ID or INDEX:SEALER!REASON. */
static char *text_of(const struct arc_chain *chain)
{
	GString *text = g_string_new(NULL);

	for (unsigned i = 0; i < chain->count; i++) {
		const struct arc_set *set = &chain->sets[i];

		g_string_append_printf(text, "%s%u:%s", i ? " " : "", set->results_index, set->sealer);
		g_string_append_printf(text, set->wrong ? "!%s" : ":%s",
		                       set->wrong ? set->wrong : set->results.authserv_id);
	}
	return g_string_free(text, FALSE);
}

static const struct {
	const char *block, *chain;
} good_table[] = {
	{"", ""},
	{"From: a@example.org\nSubject: ARC-Seal: i=1\nX-ARC-Seal: i=1\nARC-Seals: i=1\n", ""},
	{SET("1", "none"), "2:l1.example.org:l1.example.org"},
	{SET("2", "pass") SET("1", "none"), "5:l1.example.org:l1.example.org 2:l2.example.org:l2.example.org"},
	/* in any order, among others */
	{"A: b\n" RESULTS("2") SET("1", "none") "C: d\n" SEAL("2", "pass") SIGNATURE("2"),
         "4:l1.example.org:l1.example.org 1:l2.example.org:l2.example.org"},
	/* names, tags and what is in them */
	{"arc-seal: i=1;a=RSA-SHA256;b=x;CV=y;cv=NONE;d=L1.example.org;s=s\n" SIGNATURE("1") RESULTS("1"),
         "2:L1.example.org:l1.example.org"},
	{AS "i=1;a=ed25519-sha256;b=x;cv=none;d=l1.example.org;s=s;\n" SIGNATURE("1") RESULTS("1"),
         "2:l1.example.org:l1.example.org"},
	{AS "\n i\n =\n 1\n ;\n a = rsa-sha256\t;\n b=x\n y=\n ; cv\n = none ; d =l1.example.org ; s= s ; \n" SIGNATURE(
		 "1") RESULTS("1"),
         "2:l1.example.org:l1.example.org"},
	{AS "x_1=; t=1; i=1; a=rsa-sha256; b=x==; cv=none; d=m\xc3\xbcnchen.example; s=s\n" SIGNATURE("1") RESULTS("1"),
         "2:m\xc3\xbcnchen.example:l1.example.org"},
	{SEAL("1", "none") AMS
         "i=1; a=rsa-sha256; b=x; bh=x; c=relaxed; d=a.example; h=From: To\n :ARC-Message-Signature; "
         "s=s; x=y; z=\n" RESULTS("1"),
         "2:l1.example.org:l1.example.org"},
	/* the instance of the results */
	{SEAL("1", "none") SIGNATURE("1") AAR "\n i \n\t= 1 ; (e) l1.example.org; none\n",
         "2:l1.example.org:l1.example.org"},
	/* results that cannot be read: the chain can */
	{SEAL("1", "none") SIGNATURE("1") AAR "i=1; l1.example.org\n", "2:l1.example.org!no result"},
	{SEAL("1", "none") SIGNATURE("1") AAR "i=1; spf=pass\n",
         "2:l1.example.org!no authserv-id: it begins with a method"},
	{SEAL("1", "none") SIGNATURE("1") AAR "i=1; l1.example.org; spf=pass (\n",
         "2:l1.example.org!a comment does not end"},
	{SEAL("1", "none") SIGNATURE("1") AAR "i=1; i=1; l1.example.org; spf=pass\n",
         "2:l1.example.org!no authserv-id: it begins with a method"},
	{SEAL("1", "none") SIGNATURE("1") AAR "i=1;\n", "2:l1.example.org!it is empty"},
};

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(good_table); i++) {
		struct arc_chain chain;
		const char *reason = NULL;
		g_autofree char *text = NULL;

		if (read_chain(good_table[i].block, &chain, &reason) < 0)
			fail_msg("%sis refused: %s", good_table[i].block, reason);
		text = text_of(&chain);
		if (strcmp(text, good_table[i].chain) != 0)
			fail_msg("%sgives %s", good_table[i].block, text);
		arc_chain_release(&chain);
		assert_int_equal(chain.count, 0);
		arc_chain_release(&chain);
	}
}

static void check_bad(const char *block, const char *expected)
{
	struct arc_chain chain = {7, NULL};
	const char *reason = "it is read";

	if (read_chain(block, &chain, &reason) != -EBADMSG || strcmp(reason, expected) != 0)
		fail_msg("%.2000sgives: %s", block, reason);
	assert_int_equal(chain.count, 7);
	assert_null(chain.sets);
}

/* Which fields there are. */
static void test_sets(void **state)
{
	(void)state;
	check_bad(SEAL("1", "none") SIGNATURE("1"), MISSING);
	check_bad(SEAL("1", "none") RESULTS("1"), MISSING);
	check_bad(SIGNATURE("1") RESULTS("1"), MISSING);
	check_bad(RESULTS("1"), MISSING);
	check_bad(SET("2", "pass"), MISSING);
	check_bad(SET("3", "pass") SET("1", "none"), MISSING);
	check_bad(SET("1", "none") SEAL("2", "pass") SIGNATURE("2"), MISSING);
	check_bad(SEAL("1", "none") SIGNATURE("2") RESULTS("1"), MISSING);
	check_bad(SET("1", "none") RESULTS("50"), MISSING);
	check_bad(SET("1", "none") SEAL("1", "none"), TWICE);
	check_bad(SET("1", "none") SIGNATURE("1"), TWICE);
	check_bad(SET("1", "none") RESULTS("1"), TWICE);
	check_bad(SET("1", "none") SET("1", "none"), TWICE);
	check_bad(SET("1", "none") AAR "i=001; eve.example; dkim=pass header.d=example.org\n", TWICE);
}

/* Fields that are one of a chain to some programs only: they neither count nor are passed over. */
static void test_hidden(void **state)
{
	static const char *const names[] = {"ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results"};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *blank = g_strdup_printf(SET("1", "none") "%s : i=2; x=y\n", names[i]);
		g_autofree char *tab = g_strdup_printf("%s\t: x\n" SET("1", "none"), names[i]);
		g_autofree char *behind_cr = g_strdup_printf(SET("1", "none") "Subject: x\r%s: i=2; x=y\n", names[i]);

		check_bad(blank, HIDDEN);
		check_bad(tab, HIDDEN);
		check_bad(behind_cr, HIDDEN);
		check_bad(blank + strlen(SET("1", "none")), HIDDEN);
	}
	check_bad("ARC-Seal : i=1; a=rsa-sha256; b=x; cv=none; d=l1.example.org; s=s\n" SIGNATURE("1") RESULTS("1"),
	          HIDDEN);
}

static void test_instances(void **state)
{
	static const char *const aars[] = {"",
	                                   ";",
	                                   "l1.example.org; i=1",
	                                   "i;",
	                                   "=1;",
	                                   "i=;",
	                                   "i=0; x",
	                                   "i=51; x",
	                                   "i=-1; x",
	                                   "i=1 x",
	                                   "i=1",
	                                   "i=1.0; x",
	                                   "i=a; x",
	                                   "i=\"1\"; x",
	                                   "i=1, x",
	                                   "j=1; x",
	                                   "ii=1; x",
	                                   "i==1; x",
	                                   "(i=1; x",
	                                   "i(=1; x",
	                                   "I=1; x",
	                                   "(a) i=1; x",
	                                   "i (b) =1; x",
	                                   "i= (c) 1; x",
	                                   "i=1 (d); x",
	                                   "i=(1; x",
	                                   "i=1(; x",
	                                   "i:1; x",

	                                   "i=4294967297; x",
	                                   "i=1 1; x",
	                                   "i=1\x01; x",
	                                   "i=1; \xe9"};
	static const char *const tags[] = {"0", "51", "", "-1", "a", "1a", "1.0", "1 1", "\"1\"", "(1)", "4294967297"};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(aars); i++) {
		g_autofree char *block = g_strdup_printf(AAR "%s\n" SEAL("1", "none") SIGNATURE("1"), aars[i]);

		check_bad(block, BAD_AAR);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(tags); i++) {
		g_autofree char *seal =
			g_strdup_printf(AS "i=%s; a=rsa-sha256; b=x; cv=none; d=a.example; s=s\n", tags[i]);
		g_autofree char *signature =
			g_strdup_printf(AMS "i=%s; a=rsa-sha256; b=x; bh=x; d=a.example; h=from; s=s\n", tags[i]);

		check_bad(seal, BAD_INSTANCE);
		check_bad(signature, BAD_INSTANCE);
	}
	check_bad(AS "a=rsa-sha256; b=x; cv=none; d=a.example; s=s\n", BAD_INSTANCE);
	check_bad(AMS "I=1; a=rsa-sha256; b=x; bh=x; d=a.example; h=from; s=s\n", BAD_INSTANCE);
}

/* tag-list (RFC 6376 section 3.2) */
static void test_tags(void **state)
{
	static const char *const lists[] = {
		"i",           ";i=1",        "i=1;;a=b", "i=1; a",        "i=1; =b",  "i=1; 1a=b",       "i=1; a-=b",
		"i=1; a b=c",  "i=1; (a)b=c", "i=1;;",    "i=1; a=b; a=c", "i=1; i=1", "i=1; \xc3\xa9=b", "i=1; a=\x01",
		"i=1; a=\xe9", "i=1; _a=b",   ""};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
		g_autofree char *seal = g_strconcat(AS, lists[i], "\n", NULL);
		g_autofree char *signature = g_strconcat(AMS, lists[i], "\n", NULL);
		bool empty = *lists[i] == '\0';

		check_bad(seal, empty ? BAD_INSTANCE : BAD_TAGS);
		check_bad(signature, empty ? BAD_INSTANCE : BAD_TAGS);
	}
}

/* A field of these tags, all but the one that is left out or replaced. */
static char *field_with(const char *name, const char *const tags[], const char *tag, const char *instead)
{
	GString *field = g_string_new(name);

	for (; *tags; tags++)
		if (!tag || strncmp(*tags, tag, strlen(tag)) != 0 || (*tags)[strlen(tag)] != '=')
			g_string_append_printf(field, "%s; ", *tags);
	g_string_append(field, instead);
	g_string_append_c(field, '\n');
	return g_string_free(field, FALSE);
}

static void check_tag(const char *name, const char *const tags[], const char *tag, const char *instead,
                      const char *reason)
{
	g_autofree char *block = field_with(name, tags, tag, instead);

	check_bad(block, reason);
}

static void test_seals(void **state)
{
	static const char *const tags[] = {"i=1", "a=rsa-sha256", "b=x", "cv=none", "d=a.example", "s=s", "t=1", NULL};
	static const char *const needed[] = {"a", "b", "cv", "d", "s"};
	static const char *const empty[] = {"a=", "b= ", "cv=", "d=", "s=\t"};

	(void)state;
	check_tag(AS, tags, NULL, "", MISSING);
	for (size_t i = 0; i < G_N_ELEMENTS(needed); i++) {
		check_tag(AS, tags, needed[i], "", SEAL_NEEDS);
		check_tag(AS, tags, needed[i], empty[i], SEAL_NEEDS);
	}
	check_tag(AS, tags, "cv", "CV=none", SEAL_NEEDS);
	check_tag(AS, tags, NULL, "h=from", "an ARC-Seal with a tag h or bh");
	check_tag(AS, tags, NULL, "h=", "an ARC-Seal with a tag h or bh");
	check_tag(AS, tags, NULL, "bh=x", "an ARC-Seal with a tag h or bh");
	check_tag(AS, tags, "a", "a=rsa-sha1", "an ARC-Seal with an unknown algorithm");
	check_tag(AS, tags, "a", "a=rsa-sha256x", "an ARC-Seal with an unknown algorithm");
	check_tag(AS, tags, "a", "a=rsa", "an ARC-Seal with an unknown algorithm");
	check_tag(AS, tags, "d", "d=example", "an ARC-Seal whose d is no domain");
	check_tag(AS, tags, "d", "d=a.example.", "an ARC-Seal whose d is no domain");
	check_tag(AS, tags, "d", "d=a@a.example", "an ARC-Seal whose d is no domain");
	check_tag(AS, tags, "d", "d=a.exa mple", "an ARC-Seal whose d is no domain");
	check_tag(AS, tags, "d", "d=\"a.example\"", "an ARC-Seal whose d is no domain");
	check_tag(AS, tags, "d", "d=a.example(.b.example)", "an ARC-Seal whose d is no domain");
	check_tag(AS, tags, "cv", "cv=pass", FIRST_CV);
	check_tag(AS, tags, "cv", "cv=fail", FIRST_CV);
	check_tag(AS, tags, "cv", "cv=no ne", FIRST_CV);
	check_tag(AS, tags, "cv", "cv=\"none\"", FIRST_CV);
	check_bad(SET("1", "none") SET("2", "none"), LATER_CV);
	check_bad(SET("1", "none") SET("2", "fail"), LATER_CV);
	check_bad(SET("1", "none") SET("2", "passed"), LATER_CV);
	check_bad(SET("3", "pass") SET("2", "none") SET("1", "none"), LATER_CV);
	check_bad(SET("2", "pass") SET("1", "pass"), FIRST_CV);
	check_bad(SET("2", "pass") SET("1", "fail"), FIRST_CV);
}

static void test_signatures(void **state)
{
	static const char *const tags[] = {"i=1",         "a=rsa-sha256", "b=x", "bh=x",
	                                   "d=a.example", "h=from:to",    "s=s", NULL};
	static const char *const needed[] = {"a", "b", "bh", "d", "h", "s"};
	static const char *const empty[] = {"a=", "b=", "bh= ", "d=", "h=", "s="};
	static const char over[] = "an ARC-Message-Signature over ARC-Seal";

	(void)state;
	check_tag(AMS, tags, NULL, "", MISSING);
	for (size_t i = 0; i < G_N_ELEMENTS(needed); i++) {
		check_tag(AMS, tags, needed[i], "", SIGNATURE_NEEDS);
		check_tag(AMS, tags, needed[i], empty[i], SIGNATURE_NEEDS);
	}
	check_tag(AMS, tags, "a", "a=rsa-sha1", "an ARC-Message-Signature with an unknown algorithm");
	check_tag(AMS, tags, "d", "d=example", "an ARC-Message-Signature whose d is no domain");
	check_tag(AMS, tags, "d", "d=-a.example", "an ARC-Message-Signature whose d is no domain");
	check_tag(AMS, tags, "h", "h=arc-seal", over);
	check_tag(AMS, tags, "h", "h=from: ARC-SEAL\t:to", over);
	check_tag(AMS, tags, "h", "h=from:\n arc-seal", over);
	check_tag(AMS, tags, "h", "h=arc-seals:x-arc-seal", MISSING);
}

/* Fifty sets are a chain, a fifty-first is too much. */
static void test_limit_of_sets(void **state)
{
	g_autoptr(GString) block = g_string_new(NULL);
	struct arc_chain chain;
	const char *reason = NULL;

	(void)state;
	for (int i = ARC_INSTANCES_MAX; i > 0; i--)
		g_string_append_printf(block,
		                       AS "i=%d; a=rsa-sha256; b=x; cv=%s; d=l%d.example.org; s=s\n" AMS
		                          "i=%d; a=rsa-sha256; b=x; bh=x; d=l%d.example.org; h=from; s=s\n" AAR
		                          "i=%d; l%d.example.org; none\n",
		                       i, i == 1 ? "none" : "pass", i, i, i, i, i);
	assert_int_equal(read_chain(block->str, &chain, &reason), 0);
	assert_int_equal(chain.count, ARC_INSTANCES_MAX);
	assert_string_equal(chain.sets[49].sealer, "l50.example.org");
	assert_int_equal(chain.sets[49].results_index, 2);
	assert_string_equal(chain.sets[0].results.authserv_id, "l1.example.org");
	arc_chain_release(&chain);
	g_string_append(block, AAR "i=51; l51.example.org; none\n");
	check_bad(block->str, BAD_AAR);
}

static void test_limit_of_length(void **state)
{
	g_autoptr(GString) seal = g_string_new("i=1; a=rsa-sha256; cv=none; d=a.example; s=s; b=");
	g_autofree char *at = NULL, *over = NULL;
	struct arc_chain chain;
	const char *reason = NULL;

	(void)state;
	while (seal->len < TAGS_LENGTH)
		g_string_append_c(seal, 'x');
	at = g_strconcat(AS, seal->str, "\n" SIGNATURE("1") RESULTS("1"), NULL);
	assert_int_equal(read_chain(at, &chain, &reason), 0);
	arc_chain_release(&chain);
	over = g_strconcat(AS, seal->str, "x\n" SIGNATURE("1") RESULTS("1"), NULL);
	check_bad(over, BAD_TAGS);
}

/* Without any one byte the chain is refused, or has as many sets, each of which a field says. */
static void test_deleted_bytes(void **state)
{
	static const char block[] = SET("2", "pass") SET("1", "none");
	unsigned refused = 0;

	(void)state;
	for (size_t at = 0; at < strlen(block); at++) {
		g_autoptr(GString) shorter = g_string_new(block);
		struct arc_chain chain;
		const char *reason = NULL;

		g_string_erase(shorter, (gssize)at, 1);
		if (read_chain(shorter->str, &chain, &reason) < 0) {
			assert_non_null(reason);
			refused++;
			continue;
		}
		/* A first line that is no field ends the header. */
		assert_int_equal(chain.count, at <= strlen("ARC-Seal:") && chain.count == 0 ? 0 : 2);
		for (unsigned i = 0; i < chain.count; i++)
			assert_non_null(strstr(shorter->str, chain.sets[i].sealer));
		arc_chain_release(&chain);
	}
	assert_true(refused > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_sets),
		cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_instances),
		cmocka_unit_test(test_tags),
		cmocka_unit_test(test_seals),
		cmocka_unit_test(test_signatures),
		cmocka_unit_test(test_limit_of_sets),
		cmocka_unit_test(test_limit_of_length),
		cmocka_unit_test(test_deleted_bytes),
	};

	return cmocka_run_group_tests_name("arc", tests, NULL, NULL);
}
