/* test_trust.c - trust.c: the settings of who is believed, for every list and for one, and as a text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "authentication/trust.h"

static void append_names(GString *text, const char *key, const GStrv names)
{
	g_autofree char *joined = g_strjoinv(" ", names);

	assert_non_null(names);
	if (*joined)
		g_string_append_printf(text, "%s{%s} ", key, joined);
}

static void append_authservs(GString *text, const char *key, const struct trust_authserv *authservs)
{
	static const struct {
		const char *name;
		unsigned bit;
	} methods[] = {{":dkim", TRUST_DKIM}, {":spf", TRUST_SPF}, {":dmarc", TRUST_DMARC}, {":arc", TRUST_ARC}};

	assert_non_null(authservs);
	if (authservs->id)
		g_string_append_printf(text, "%s{", key);
	for (const struct trust_authserv *each = authservs; each->id; each++) {
		g_string_append_printf(text, "%s%s", each > authservs ? " " : "", each->id);
		for (size_t i = 0; i < G_N_ELEMENTS(methods) && each->methods != TRUST_EVERY_METHOD; i++)
			g_string_append(text, each->methods & methods[i].bit ? methods[i].name : "");
	}
	g_string_append(text, authservs->id ? "} " : "");
}

/* What is set, in short. */
static char *text_of(const struct trust *trust)
{
	static const char *const positions[] = {
		[TRUST_BOUNDARY] = "", [TRUST_PATH] = "path ", [TRUST_ANYWHERE] = "any "};
	GString *text = g_string_new(NULL);

	append_authservs(text, "ids", trust->trusted_authserv);
	append_authservs(text, "list", trust->list_authserv);
	append_names(text, "hosts", trust->boundary);
	append_names(text, "sealers", trust->arc_trusted_sealers);
	g_string_append(text, positions[trust->position]);
	g_string_append(text, trust->strict ? "strict " : "");
	g_string_append(text, trust->received_spf ? "spf " : "");
	return g_string_free(text, FALSE);
}

static char *read_settings(struct trust_settings *settings, const char *text)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autofree char *group = NULL, *key = NULL;

	assert_true(g_key_file_load_from_data(file, text, strlen(text), G_KEY_FILE_NONE, NULL));
	return trust_settings_read(settings, file, &group, &key);
}

static void check_for(const struct trust_settings *settings, const char *list_id, const char *expected)
{
	g_autofree char *text = text_of(trust_settings_for(settings, list_id));

	if (strcmp(text, expected) != 0)
		fail_msg("for %s: %s", list_id ? list_id : "all", text);
}

/* A file, and what is set for every list. */
static const struct {
	const char *file, *text;
} good_table[] = {
	{"", ""},
	{"[authentication]\n", ""},
	{"[database]\nconninfo=x\n[patchmaild]\ntimeout=1\n", ""},
	{"[authentication]\ntrusted_authserv=mx.example.org\nboundary=mx.example.org\n",
         "ids{mx.example.org} hosts{mx.example.org} "},
	{"[authentication]\ntrusted_authserv=a.example, b.example\t c.example,,d \nboundary=x\n",
         "ids{a.example b.example c.example d} hosts{x} "},
	{"[authentication]\ntrusted_authserv=mx:dkim+dmarc, spf.mx:spf\nlist_authserv=l:ARC+Dkim l:spf\nposition=any\n",
         "ids{mx:dkim:dmarc spf.mx:spf} list{l:dkim:arc l:spf} any "},
	{"[authentication]\ntrusted_authserv=mx:dkim+spf+dmarc+arc+arc\nboundary=x\n", "ids{mx} hosts{x} "},
	{"[authentication]\nlist_authserv=lists.example.org\nboundary=lists.example.org\n",
         "list{lists.example.org} hosts{lists.example.org} "},
	{"[authentication]\nboundary=a b\n", "hosts{a b} "},
	{"[authentication]\narc_trusted_sealers=example.org m\xc3\xbcnchen.example\n",
         "sealers{example.org m\xc3\xbcnchen.example} "},
	{"[authentication]\ntrusted_authserv=mx\nposition=any\n", "ids{mx} any "},
	{"[authentication]\ntrusted_authserv=mx\nboundary=mx\nposition=path\n", "ids{mx} hosts{mx} path "},
	{"[authentication]\nposition=boundary\nalignment=relaxed\nreceived_spf=no\n", ""},
	{"[authentication]\nalignment=strict\nreceived_spf=yes\n", "strict spf "},
	{"[authentication]\ntrusted_authserv=\nboundary=\narc_trusted_sealers= , \n", ""},
	/* the last one counts */
	{"[authentication]\nalignment=strict\nalignment=relaxed\n", ""},
};

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(good_table); i++) {
		struct trust_settings *settings = trust_settings_new();
		g_autofree char *wrong = read_settings(settings, good_table[i].file);

		if (wrong)
			fail_msg("%s: %s", good_table[i].file, wrong);
		check_for(settings, NULL, good_table[i].text);
		check_for(settings, "demo.example.org", good_table[i].text);
		trust_settings_free(settings);
	}
}

#define IDS "names, each with or without `:` and methods with `+` between them (dkim, spf, dmarc, arc)"

/* A file, and what is wrong in it. */
static const struct {
	const char *file, *wrong;
} bad_table[] = {
	{"[authentication]\ntrusted_authservs=secret\n", "unknown key trusted_authservs in [authentication]"},
	{"[authentication]\nTrusted_authserv=secret\n", "unknown key Trusted_authserv in [authentication]"},
	{"[list demo.example.org]\nhost=secret\n", "unknown key host in [list demo.example.org]"},
	{"[authentication]\nposition=secret\n", "position in [authentication] has to be boundary, path or any"},
	{"[authentication]\nposition=\n", "position in [authentication] has to be boundary, path or any"},
	{"[authentication]\nposition=ANY\n", "position in [authentication] has to be boundary, path or any"},
	{"[authentication]\nposition=any path\n", "position in [authentication] has to be boundary, path or any"},
	{"[authentication]\nalignment=secret\n", "alignment in [authentication] has to be relaxed or strict"},
	{"[authentication]\nreceived_spf=1\n", "received_spf in [authentication] has to be no or yes"},
	{"[authentication]\nreceived_spf=true\n", "received_spf in [authentication] has to be no or yes"},
	{"[authentication]\ntrusted_authserv=\xff\xfe\n", "trusted_authserv in [authentication] has to be " IDS},
	{"[authentication]\ntrusted_authserv=mx:\nposition=any\n",
         "trusted_authserv in [authentication] has to be " IDS},
	{"[authentication]\ntrusted_authserv=mx:dkim,spf\nboundary=x\n[list a]\nlist_authserv=mx:spam\n",
         "list_authserv in [list a] has to be " IDS},
	{"[authentication]\ntrusted_authserv=mx:dkim+\nboundary=x\n",
         "trusted_authserv in [authentication] has to be " IDS},
	{"[authentication]\ntrusted_authserv=:dkim\nboundary=x\n",
         "trusted_authserv in [authentication] has to be " IDS},
	{"[authentication]\ntrusted_authserv=mx:dkim:spf\nboundary=x\n",
         "trusted_authserv in [authentication] has to be " IDS},
	{"[authentication]\ntrusted_authserv=mx : dkim\nboundary=x\n",
         "trusted_authserv in [authentication] has to be " IDS},
	{"[list a]\nboundary=\xff\n", "boundary in [list a] has to be names of hosts"},
	{"[authentication]\narc_trusted_sealers=\xff\n", "arc_trusted_sealers in [authentication] has to be domains"},
	/* somebody is trusted wherever he writes */
	{"[authentication]\ntrusted_authserv=secret\n",
         "[authentication] trusts somebody and has neither boundary nor position=any"},
	{"[authentication]\nlist_authserv=secret\nposition=path\n",
         "[authentication] trusts somebody and has neither boundary nor position=any"},
	{"[authentication]\ntrusted_authserv=secret\nboundary= ,\n",
         "[authentication] trusts somebody and has neither boundary nor position=any"},
	{"[list a]\ntrusted_authserv=secret\n", "[list a] trusts somebody and has neither boundary nor position=any"},
	{"[authentication]\ntrusted_authserv=secret\nboundary=secret\n[list a]\nboundary=\n",
         "[list a] trusts somebody and has neither boundary nor position=any"},
	{"[authentication]\ntrusted_authserv=secret\nposition=any\n[list a]\nposition=boundary\n",
         "[list a] trusts somebody and has neither boundary nor position=any"},
	/* which of the two would count? */
	{"[list a]\nalignment=strict\n[list A]\nalignment=relaxed\n", "[list a] and [list A] are one list"},
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(bad_table); i++) {
		struct trust_settings *settings = trust_settings_new();
		g_autofree char *wrong = read_settings(settings, bad_table[i].file);

		if (g_strcmp0(wrong, bad_table[i].wrong) != 0)
			fail_msg("%s: %s", bad_table[i].file, wrong ? wrong : "it is read");
		trust_settings_free(settings);
	}
}

/* The settings of one list over the general ones. */
static void test_lists(void **state)
{
	struct trust_settings *settings = trust_settings_new();
	g_autofree char *wrong =
		read_settings(settings, "[list First.example.org]\nlist_authserv=l.example\nalignment=relaxed\n"
	                                "[authentication]\ntrusted_authserv=mx\nboundary=mx\nalignment=strict\n"
	                                "[list second.example.org]\ntrusted_authserv=\nreceived_spf=yes\n"
	                                "[list  third]\narc_trusted_sealers=a.example\n");

	(void)state;
	assert_null(wrong);
	check_for(settings, NULL, "ids{mx} hosts{mx} strict ");
	check_for(settings, "", "ids{mx} hosts{mx} strict ");
	check_for(settings, "unknown.example.org", "ids{mx} hosts{mx} strict ");
	check_for(settings, "first.example.org", "ids{mx} list{l.example} hosts{mx} ");
	check_for(settings, "FIRST.EXAMPLE.ORG", "ids{mx} list{l.example} hosts{mx} ");
	check_for(settings, "second.example.org", "hosts{mx} strict spf ");
	check_for(settings, "second.example.or", "ids{mx} hosts{mx} strict ");
	check_for(settings, "third", "ids{mx} hosts{mx} strict ");
	trust_settings_free(settings);
	trust_settings_free(NULL);
}

static void test_groups(void **state)
{
	(void)state;
	assert_true(trust_settings_has_group("authentication"));
	assert_true(trust_settings_has_group("list a"));
	assert_false(trust_settings_has_group("list "));
	assert_false(trust_settings_has_group("list"));
	assert_false(trust_settings_has_group("lista"));
	assert_false(trust_settings_has_group("Authentication"));
	assert_false(trust_settings_has_group("authentication "));
	assert_false(trust_settings_has_group("database"));
	assert_false(trust_settings_has_group(""));
}

static void test_nobody(void **state)
{
	g_autofree char *text = text_of(trust_nobody());
	struct trust_settings *settings = trust_settings_new();

	(void)state;
	assert_string_equal(text, "");
	check_for(settings, NULL, "");
	check_for(settings, "demo.example.org", "");
	assert_null(trust_settings_text(settings));
	trust_settings_free(settings);
}

/* A text goes to the process that parses, and means the same there. */
static void check_text(const struct trust_settings *settings, const char *list_id)
{
	g_autofree char *text = trust_settings_text(settings);
	g_autofree char *expected = text_of(trust_settings_for(settings, list_id));
	struct trust_settings *other = trust_settings_new();

	assert_non_null(text);
	assert_true(trust_settings_take(other, text));
	check_for(other, list_id, expected);
	trust_settings_free(other);
}

static void test_text(void **state)
{
	struct trust_settings *settings = trust_settings_new();
	g_autofree char *wrong = read_settings(
		settings,
		"[database]\nconninfo=secret\n"
		"[authentication]\ntrusted_authserv=\\smx  a\\\\b m\xc3\xbcnchen.example\\t\nboundary=mx,mx2\n"
		"position=path\nalignment=strict\nreceived_spf=yes\n"
		"[list First.example.org]\nlist_authserv=l.example\nalignment=relaxed\n"
		"[list second]\ntrusted_authserv=\nposition=any\n");
	g_autofree char *text = trust_settings_text(settings);

	(void)state;
	assert_null(wrong);
	check_for(settings, NULL, "ids{mx a\\b m\xc3\xbcnchen.example} hosts{mx mx2} path strict spf ");
	assert_null(strstr(text, "secret"));
	check_text(settings, NULL);
	check_text(settings, "first.example.org");
	check_text(settings, "second");
	check_text(settings, "other");
	trust_settings_free(settings);
}

/* As many lists as a site may have; and more than are read. */
static void test_size(void **state)
{
	struct trust_settings *settings = trust_settings_new(), *over = trust_settings_new();
	GString *file = g_string_new("[authentication]\ntrusted_authserv=mx\nboundary=mx\n");
	g_autofree char *wrong = NULL, *too_long = NULL;

	(void)state;
	for (int i = 0; i < 10000; i++)
		g_string_append_printf(file, "[list list-%d.example.org]\nlist_authserv=l%d.example.org\n", i, i);
	assert_true(file->len > 4 * 131072);
	wrong = read_settings(settings, file->str);
	assert_null(wrong);
	check_text(settings, "list-9999.example.org");
	check_for(settings, "list-9999.example.org", "ids{mx} list{l9999.example.org} hosts{mx} ");
	for (int i = 10000; i < 30000; i++)
		g_string_append_printf(file, "[list list-%d.example.org]\nlist_authserv=l%d.example.org\n", i, i);
	too_long = read_settings(over, file->str);
	assert_string_equal(too_long, "[authentication] and the groups of lists together have more than 1048576 bytes");
	g_string_free(file, TRUE);
	trust_settings_free(settings);
	trust_settings_free(over);
}

/* The general group has so many bytes in its name, keys and values. */
static char *read_of_size(size_t size)
{
	struct trust_settings *settings = trust_settings_new();
	GString *file = g_string_new("[authentication]\ntrusted_authserv=");
	size_t rest = size - strlen("authentication") - strlen("trusted_authserv");
	char *wrong;

	/* An id has at most 255 bytes. */
	for (; rest > 255; rest -= 200)
		g_string_append_printf(file, "%0199d,", 0);
	g_string_append_printf(file, "%0*d\nposition=any\n", (int)rest - (int)strlen("positionany"), 0);
	wrong = read_settings(settings, file->str);
	g_string_free(file, TRUE);
	trust_settings_free(settings);
	return wrong;
}

static void test_size_at_limit(void **state)
{
	g_autofree char *at = read_of_size(TRUST_SETTINGS_SIZE), *over = read_of_size(TRUST_SETTINGS_SIZE + 1);

	(void)state;
	assert_null(at);
	assert_string_equal(over, "[authentication] and the groups of lists together have more than 1048576 bytes");
}

static void test_take(void **state)
{
	static const char *const texts[] = {"x", "[authentication]\nx=y\n", "[authentication]\ntrusted_authserv=mx\n",
	                                    "[authentication\n", "[authentication]\nposition=everywhere\n"};
	struct trust_settings *settings = trust_settings_new();

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		struct trust_settings *refusing = trust_settings_new();

		if (trust_settings_take(refusing, texts[i]))
			fail_msg("%s is taken", texts[i]);
		trust_settings_free(refusing);
	}
	assert_true(trust_settings_take(settings, ""));
	assert_true(trust_settings_take(settings, "[other]\nx=y\n"));
	check_for(settings, NULL, "");
	/* over what is there */
	assert_true(trust_settings_take(settings, "[authentication]\ntrusted_authserv=mx\nboundary=mx\n"));
	assert_true(trust_settings_take(settings, "[authentication]\ntrusted_authserv=mx2\n[list a]\nboundary=b\n"));
	check_for(settings, NULL, "ids{mx2} hosts{mx} ");
	check_for(settings, "a", "ids{mx2} hosts{b} ");
	trust_settings_free(settings);
}

static void test_names(void **state)
{
	char *list[] = {"mx.example.org", "A", NULL};

	(void)state;
	assert_true(trust_names(list, "mx.example.org"));
	assert_true(trust_names(list, "MX.Example.Org"));
	assert_true(trust_names(list, "a"));
	assert_false(trust_names(list, ""));
	assert_false(trust_names(list, "example.org"));
	assert_false(trust_names(list, "x.example.org"));
	assert_false(trust_names(list, "mx.example.org."));
	assert_false(trust_names(list, "mx.example.org.example.net"));
	assert_false(trust_names(list, "a mx.example.org"));
	assert_false(trust_names(trust_nobody()->boundary, ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),   cmocka_unit_test(test_bad),           cmocka_unit_test(test_lists),
		cmocka_unit_test(test_groups), cmocka_unit_test(test_nobody),        cmocka_unit_test(test_text),
		cmocka_unit_test(test_size),   cmocka_unit_test(test_size_at_limit), cmocka_unit_test(test_take),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests_name("trust", tests, NULL, NULL);
}
