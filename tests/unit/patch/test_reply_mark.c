/* test_reply_mark.c - reply_mark.c: which words before a subject mark a reply, and which are the patch's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>

#include "patch/reply_mark.h"

#define NBSP "\xc2\xa0"
#define NARROW_NBSP "\xe2\x80\xaf"
#define RIGHT_TO_LEFT_MARK "\xe2\x80\x8f"
#define ACUTE "\xcc\x81"

static void expect(const char *text, bool refers, enum reply_mark mark, const char *rest)
{
	const char *got_rest;
	enum reply_mark got = reply_mark_read(text, refers, &got_rest);

	if (got != mark)
		fail_msg("\"%s\"%s: %d", text, refers ? " with references" : "", got);
	assert_string_equal(got_rest, rest ? rest : text);
}

/* Marks of replies with and without references. */
static void test_replies(void **state)
{
	static const char *const marks[] = {
		"Re:",
		"RE:",
		"re:",
		"Re :",
		"RE" NBSP ":",
		"Re" NARROW_NBSP ":",
		"Re：",
		"ＲＥ：",
		"R\xc3\xa9p" NBSP ":",
		"Rep"
		"\xcc\x81"
		":",
		"RÉP :",
		"Réf. :",
		"Réponse :",
		"AW:",
		"Aw:",
		"Antw:",
		"Antwort:",
		"ANTWORT：",
		"SV:",
		"Svar:",
		"VS:",
		"Odp:",
		"ODP:",
		"RES:",
		"Res:",
		"res:",
		"Resposta:",
		"Respuesta:",
		"R:",
		"Rif:",
		"RIF :",
		"YNT:",
		"Ynt:",
		"Yan"
		"\xc4\xb1"
		"t:",
		"YANIT:",
		"Vá:",
		"VÁ:",
		"Válasz:",
		"Ats:",
		"Atb:",
		"ATB:",
		"BLS:",
		"Trả lời:",
		"TL:",
		"HA:",
		"НА:",
		"Отв:",
		"ОТВ:",
		"Ответ:",
		"ответ:",
		"Відповідь:",
		"Отг:",
		"Одг:",
		"ΑΠ:",
		"Απάντηση:",
		"ΑΠΑΝΤΗΣΗ:",
		"ΣΧΕΤ:",
		"השב:",
		RIGHT_TO_LEFT_MARK "תגובה:",
		"رد:",
		"ตอบ:",
		"回复:",
		"回复：",
		"回复 ：",
		"答复:",
		"答复：",
		"答复∶",
		"回覆:",
		"回復:",
		"答覆：",
		"返信:",
		"회신:",
		"답장:",
		"Re[2]:",
		"Re(3):",
		"Re^2:",
		"RE[12] :",
		"AW[2]:",
		"答复[2]：",
		"Re*2:",
		"Vedr. :",
		"Ang:",
		"Jwb:",
		"Automatic reply:",
		"自动回复:",
		"Réponse automatique :",
		"Undeliverable:",
		"撤回:",
		"Reply:",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
		g_autofree char *text = g_strconcat(marks[i], " [PATCH 1/2] x", NULL);
		g_autofree char *again = g_strconcat(marks[i], marks[i], " [lamp-devel] Re: [PATCH] x", NULL);
		g_autofree char *rest = g_strconcat(marks[i], " [lamp-devel] Re: [PATCH] x", NULL);
		g_autofree char *tagged = g_strconcat("[External] ", text, NULL);

		expect(text, false, REPLY_MARK_REPLY, " [PATCH 1/2] x");
		expect(text, true, REPLY_MARK_REPLY, " [PATCH 1/2] x");
		expect(again, false, REPLY_MARK_REPLY, rest);
		expect(tagged, false, REPLY_MARK_REPLY, NULL);
	}
}

/* With references these are replies, and else forwarded patches, but for Fwd: and Fw:. */
static void test_forwards(void **state)
{
	static const char *const marks[] = {
		"WG:",  "Wg:",    "Doorst:", "DOORST:", "VB:",   "VL:",    "TR:",   "TR" NBSP ":", "ENC:",
		"Enc:", "RV:",    "I:",      "PD:",     "İLT:",  "ilt:",   "TRS:",  "Továbbítás:", "Chuyển tiếp:",
		"ΠΡΘ:", "הועבר:", "转发:",   "转发：",  "轉寄:", "轉發：", "転送:", "전달:",       "WG[2]:",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
		g_autofree char *text = g_strconcat(marks[i], " [PATCH 1/2] x", NULL);

		expect(text, false, REPLY_MARK_FORWARD, " [PATCH 1/2] x");
		expect(text, true, REPLY_MARK_REPLY, " [PATCH 1/2] x");
	}
	expect("Fwd: [PATCH] x", true, REPLY_MARK_FORWARD, " [PATCH] x");
	expect("FW：[PATCH] x", true, REPLY_MARK_FORWARD, "[PATCH] x");
	expect("Fwd: Re: [PATCH] x", false, REPLY_MARK_FORWARD, " Re: [PATCH] x");
	expect("[lamp-devel] Fwd: [PATCH] x", true, REPLY_MARK_NONE, NULL);
}

/* The tags of lists and of mail gateways that may stand before a mark. */
static void test_tags(void **state)
{
	static const char *const tags[] = {
		"[External] ",     "[EXTERNAL]",        "[lamp-devel] ", "[lamp-devel][EXT] ",
		"(External) ",     "{Spam?} ",          "***SPAM*** ",   "*EXT* ",
		"【外部】",        "［External］ ",     "EXTERNAL: ",    "EXT: ",
		"Extern: ",        "[bug#60788] ",      "bug#60788: ",   "Bug #60788: ",
		"[lamp patches] ", "[dispatch-devel] ", "[] ",           "[lamp - devel] ",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(tags); i++) {
		g_autofree char *re = g_strconcat(tags[i], "Re: x", NULL);
		g_autofree char *res = g_strconcat(tags[i], "RES: [PATCH] x", NULL);
		g_autofree char *patch = g_strconcat(tags[i], "[PATCH] x", NULL);

		expect(re, false, REPLY_MARK_REPLY, NULL);
		expect(res, false, REPLY_MARK_REPLY, NULL);
		expect(patch, true, REPLY_MARK_NONE, NULL);
	}
}

/* Titles of patches that begin with the same words, without any doubt or in doubt. */
static void test_titles(void **state)
{
	static const char *const none[] = {
		/* the tags of a patch stand before them */
		"[PATCH] Re: x",
		"[PATCH v2 1/2] RES: [PATCH] x",
		"[RFC] Re: x",
		"[RFCv2] Re: x",
		"[1/2] AW: x",
		"[v2] Re: x",
		"[-v2] Re: x",
		"[GIT PULL] Re: x",
		"[lamp-devel] [PATCH] Re: x",
		"[RFC/PATCH] 回复: x",
		"[PATCHSET] Re: x",
		/* no colon, or another word */
		"Re enable x",
		"Re",
		"Remove x: y",
		"Re-enable: x",
		"Re[]: x",
		"Re[2: x",
		"Re[x]: y",
		"Awake: x",
		"lamp: x",
		"lamp: [PATCH] x",
		"Subject: [PATCH] x",
		"größe: x",
		"",
		":",
		"[",
		"[External",
		"回复",
		"回复 x",
		("a word that is so long that no mail program would ever put it before a subject, whatever its "
	         "language: [PATCH] x"),
	};
	static const char *const doubtful[] = {
		"res: fix x", "ref: fix x", "tr: fix x",    "rv: fix x",    "r: fix x",        "R: bump x",
		"ha: fix x",  "HA: fix x",  "fs: fix x",    "TR: fix x",    "sv: fix x",       "vs: fix x",
		"i: fix x",   "va: fix x",  "rep: fix x",   "ext: fix x",   "enc: fix x",      "[net] RES: fix x",
		"odp: fix x", "ats: fix x", "reply: fix x", "Größe: fix x", "größe: [lamp] x",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(none); i++) {
		expect(none[i], false, REPLY_MARK_NONE, NULL);
		expect(none[i], true, REPLY_MARK_NONE, NULL);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(doubtful); i++) {
		expect(doubtful[i], false, REPLY_MARK_NONE, NULL);
		expect(doubtful[i], true, REPLY_MARK_NONE, NULL);
	}
}

/* What the references decide. */
static void test_references(void **state)
{
	static const char *const words[] = {"RES: lamps",
	                                    "Ref: lamps",
	                                    "Rif: lamps",
	                                    "ENC: lamps",
	                                    "Doorst: lamps",
	                                    "Vá: lamps",
	                                    "Res: [lamp-devel] lamps",
	                                    "Ақпарат: [PATCH] x"};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		expect(words[i], false, REPLY_MARK_NONE, NULL);
		expect(words[i], true, REPLY_MARK_REPLY, strchr(words[i], ':') + 1);
	}
}

/* Only the time taken could be wrong. */
static void test_long(void **state)
{
	g_autoptr(GString) text = g_string_new(NULL);
	const char *rest;

	(void)state;
	for (size_t i = 0; i < 100000; i++)
		g_string_append(text, "[a] (b) *c* RES: ");
	assert_int_equal(reply_mark_read(text->str, true, &rest), REPLY_MARK_NONE);
	assert_ptr_equal(rest, text->str);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replies), cmocka_unit_test(test_forwards),   cmocka_unit_test(test_tags),
		cmocka_unit_test(test_titles),  cmocka_unit_test(test_references), cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests_name("reply_mark", tests, NULL, NULL);
}
