/* reply_mark.c - the marks of replies and forwarded mail in a subject.
 *
 * Called by subject.c.  Promises: no more than the first words of a subject are looked at, and what is a mark by doubt
 * alone is none, since a patch that is taken for a reply is lost.
 */
#include "patch/reply_mark.h"

#include <string.h>
#include <glib.h>

#include "mail/fold.h"
#include "mail/whitespace.h"

#define REPLY_MARK_LENGTH 64 /* bytes up to the colon of a mark */
#define STEPS_MAX 32         /* tags and marks that are gone over */

/* How sure it is that the word is a mark. */
enum surety {
	SURE,    /* always */
	CAPITAL, /* with a capital letter in it; and else as UNSURE */
	UNSURE,  /* by what stands beside it */
	UNKNOWN, /* a word of no table */
};

enum role { REPLY, FORWARD, HAND_ON, TAG };

/* In the form that fold_text() gives. */
static const struct word {
	const char *text;
	enum role role;
	enum surety surety;
} words[] = {
	{"re", REPLY, SURE},
	{"aw", REPLY, CAPITAL}, /* German */
	{"antw", REPLY, CAPITAL},
	{"antwort", REPLY, CAPITAL},
	{"betr", REPLY, UNSURE}, /* Dutch */
	{"antwoord", REPLY, CAPITAL},
	{"sv", REPLY, CAPITAL}, /* Danish, Norwegian, Swedish, Icelandic */
	{"svar", REPLY, CAPITAL},
	{"vedr", REPLY, UNSURE},
	{"ang", REPLY, UNSURE},
	{"vs", REPLY, CAPITAL}, /* Finnish */
	{"vast", REPLY, UNSURE},
	{"vastaus", REPLY, CAPITAL},
	{"vastus", REPLY, CAPITAL}, /* Estonian */
	{"rep", REPLY, UNSURE},     /* French */
	{"reponse", REPLY, CAPITAL},
	{"ref", REPLY, UNSURE},
	{"res", REPLY, UNSURE}, /* Portuguese */
	{"resp", REPLY, UNSURE},
	{"resposta", REPLY, CAPITAL},
	{"respuesta", REPLY, CAPITAL}, /* Spanish */
	{"r", REPLY, UNSURE},          /* Italian */
	{"rif", REPLY, UNSURE},
	{"risposta", REPLY, CAPITAL},
	{"rasp", REPLY, UNSURE}, /* Romanian */
	{"raspuns", REPLY, CAPITAL},
	{"odp", REPLY, CAPITAL}, /* Polish, Czech, Slovak */
	{"odpowiedz", REPLY, CAPITAL},
	{"odpoved", REPLY, CAPITAL},
	{"odg", REPLY, UNSURE}, /* Croatian, Slovenian */
	{"odgovor", REPLY, CAPITAL},
	{"va", REPLY, UNSURE}, /* Hungarian */
	{"valasz", REPLY, CAPITAL},
	{"ats", REPLY, UNSURE},  /* Lithuanian */
	{"atb", REPLY, UNSURE},  /* Welsh, Latvian */
	{"ynt", REPLY, CAPITAL}, /* Turkish */
	{"yanit", REPLY, CAPITAL},
	{"cevap", REPLY, CAPITAL},
	{"bls", REPLY, UNSURE}, /* Indonesian */
	{"jwb", REPLY, UNSURE},
	{"balas", REPLY, CAPITAL},
	{"tl", REPLY, UNSURE}, /* Vietnamese */
	{"tra loi", REPLY, CAPITAL},
	{"ha", REPLY, UNSURE}, /* Russian, in Latin and in Cyrillic letters */
	{"на", REPLY, UNSURE},
	{"отв", REPLY, SURE},
	{"ответ", REPLY, SURE},
	{"відп", REPLY, SURE}, /* Ukrainian */
	{"відповідь", REPLY, SURE},
	{"отг", REPLY, SURE}, /* Bulgarian */
	{"отговор", REPLY, SURE},
	{"одг", REPLY, SURE}, /* Serbian, Macedonian */
	{"одговор", REPLY, SURE},
	{"απ", REPLY, SURE}, /* Greek */
	{"απαντηση", REPLY, SURE},
	{"σχετ", REPLY, SURE},
	{"השב", REPLY, SURE}, /* Hebrew */
	{"תגובה", REPLY, SURE},
	{"رد", REPLY, SURE}, /* Arabic, Persian */
	{"الرد", REPLY, SURE},
	{"پاسخ", REPLY, SURE},
	{"ตอบ", REPLY, SURE},  /* Thai */
	{"回复", REPLY, SURE}, /* Chinese */
	{"答复", REPLY, SURE},
	{"回覆", REPLY, SURE},
	{"回復", REPLY, SURE},
	{"答覆", REPLY, SURE},
	{"返信", REPLY, SURE}, /* Japanese */
	{"回答", REPLY, SURE},
	{"회신", REPLY, SURE}, /* Korean */
	{"답장", REPLY, SURE},
	{"답변", REPLY, SURE},
	{"er", REPLY, UNSURE}, /* Basque */
	{"reply", REPLY, UNSURE},

	{"automatic reply", REPLY, CAPITAL}, /* what nobody wrote */
	{"automatische antwort", REPLY, CAPITAL},
	{"reponse automatique", REPLY, CAPITAL},
	{"respuesta automatica", REPLY, CAPITAL},
	{"resposta automatica", REPLY, CAPITAL},
	{"自动回复", REPLY, SURE},
	{"自动答复", REPLY, SURE},
	{"自動回覆", REPLY, SURE},
	{"out of office", REPLY, CAPITAL},
	{"undeliverable", REPLY, CAPITAL},
	{"recall", REPLY, UNSURE},
	{"撤回", REPLY, SURE},

	{"fwd", HAND_ON, SURE},
	{"fw", HAND_ON, SURE},
	{"wg", FORWARD, UNSURE}, /* German */
	{"weitergeleitet", FORWARD, CAPITAL},
	{"doorst", FORWARD, UNSURE}, /* Dutch */
	{"doorgest", FORWARD, UNSURE},
	{"vb", FORWARD, UNSURE}, /* Swedish, Danish */
	{"vl", FORWARD, UNSURE}, /* Finnish */
	{"fs", FORWARD, UNSURE}, /* Icelandic */
	{"tr", FORWARD, UNSURE}, /* French */
	{"transf", FORWARD, UNSURE},
	{"enc", FORWARD, UNSURE}, /* Portuguese */
	{"rv", FORWARD, UNSURE},  /* Spanish */
	{"i", FORWARD, UNSURE},   /* Italian */
	{"inoltro", FORWARD, CAPITAL},
	{"pd", FORWARD, UNSURE},          /* Polish */
	{"tovabbitas", FORWARD, CAPITAL}, /* Hungarian */
	{"ilt", FORWARD, UNSURE},         /* Turkish */
	{"trs", FORWARD, UNSURE},         /* Indonesian */
	{"yml", FORWARD, UNSURE},         /* Welsh */
	{"ct", FORWARD, UNSURE},          /* Vietnamese */
	{"chuyen tiep", FORWARD, CAPITAL},
	{"пер", FORWARD, UNSURE}, /* Russian */
	{"пересл", FORWARD, SURE},
	{"πρθ", FORWARD, SURE},   /* Greek */
	{"הועבר", FORWARD, SURE}, /* Hebrew */
	{"转发", FORWARD, SURE},  /* Chinese */
	{"轉寄", FORWARD, SURE},
	{"轉發", FORWARD, SURE},
	{"転送", FORWARD, SURE}, /* Japanese */
	{"전달", FORWARD, SURE}, /* Korean */

	{"ext", TAG, UNSURE}, /* mail gateways */
	{"extern", TAG, UNSURE},
	{"external", TAG, UNSURE},
	{"externe", TAG, UNSURE},
	{"externo", TAG, UNSURE},
	{"esterno", TAG, UNSURE},
	{"spam", TAG, UNSURE},
};

/* A word before a colon. */
struct mark {
	enum role role;
	enum surety surety;
	bool capital; /* there is a capital letter in it */
	bool foreign; /* there is a letter beyond ASCII in it */
	size_t letters;
	const char *rest; /* what follows the colon */
};

static const char *skip_digits(const char *text)
{
	while (g_ascii_isdigit(*text))
		text++;
	return text;
}

/* The length of the colon at `text`, 0 if there is none. */
static size_t colon_length(const char *text)
{
	static const char *const colons[] = {":", "：", "﹕", "︓", "∶", "꞉"};

	for (size_t i = 0; i < G_N_ELEMENTS(colons); i++)
		if (g_str_has_prefix(text, colons[i]))
			return strlen(colons[i]);
	return 0;
}

/* Cut off what stands after a word: the count in "re[2]", "re(2)", "re^2", "re*2", and an abbreviation's dot. */
static void cut_count(char *word)
{
	static const char *const forms[] = {"[]", "()", "{}", "^", "*"};
	size_t length = strlen(word);

	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
		char *open = strchr(word, forms[i][0]);
		const char *end = open ? skip_digits(open + 1) : NULL;

		if (open && end > open + 1 && strcmp(end, forms[i] + 1) == 0)
			length = (size_t)(open - word);
	}
	while (length > 0 && (word[length - 1] == ' ' || word[length - 1] == '.'))
		length--;
	word[length] = '\0';
}

static const struct word *find_word(const char *text)
{
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (strcmp(words[i].text, text) == 0)
			return &words[i];
	return NULL;
}

static void look_at_letters(const char *text, const char *end, struct mark *mark)
{
	for (; text < end; text = g_utf8_next_char(text)) {
		gunichar letter = g_utf8_get_char(text);

		mark->capital = mark->capital || g_unichar_isupper(letter);
		mark->foreign = mark->foreign || (letter > 0x7f && g_unichar_isalpha(letter));
		mark->letters += g_unichar_isalpha(letter) ? 1 : 0;
	}
}

const char *reply_mark_skip_bug(const char *text)
{
	const char *digits = text + strlen("bug"), *end;

	if (g_ascii_strncasecmp(text, "bug", strlen("bug")) != 0)
		return NULL;
	digits += *digits == ' ';
	if (*digits++ != '#')
		return NULL;
	end = skip_digits(digits);
	return end > digits && *end == ':' ? end + 1 : NULL;
}

/* Read the word and the colon at the beginning of `text`.  A word of other letters than ASCII's that is in no table may
 * be a reply's as well. */
static bool read_mark(const char *text, struct mark *ret_mark)
{
	const char *colon = text, *bug = reply_mark_skip_bug(text);
	g_autofree char *key = NULL;
	const struct word *word;

	*ret_mark = (struct mark){.role = TAG, .surety = UNSURE, .rest = bug};
	if (bug)
		return true;
	while (*colon && colon - text < REPLY_MARK_LENGTH && colon_length(colon) == 0)
		colon = g_utf8_next_char(colon);
	if (colon_length(colon) == 0 || colon == text)
		return false;
	look_at_letters(text, colon, ret_mark);
	key = fold_text(text, (size_t)(colon - text));
	cut_count(key);
	word = find_word(key);
	if (!word && !(ret_mark->foreign && !strchr(key, ' ')))
		return false;
	ret_mark->role = word ? word->role : REPLY;
	ret_mark->surety = word ? word->surety : UNKNOWN;
	ret_mark->rest = colon + colon_length(colon);
	return true;
}

/* Is it a word that the tags of a patch have: PATCH, RFC, PULL and so on, with a version or a number after it or not;
 * v2, 1/2? */
static bool is_patch_word(const char *word)
{
	static const char *const names[] = {"patch", "patchset", "rfc", "rft", "pull", "rfc/patch", "patch/rfc", NULL};
	g_autofree char *lower = g_ascii_strdown(word, -1);
	const char *slash = strchr(lower, '/');
	size_t length = strlen(lower), digits = length;
	bool version;

	if (slash && slash > lower && g_ascii_isdigit(slash[-1]) && g_ascii_isdigit(slash[1]))
		return true;
	while (digits > 0 && (g_ascii_isdigit(lower[digits - 1]) || lower[digits - 1] == '.'))
		digits--;
	version = digits > 0 && digits < length && lower[digits - 1] == 'v';
	if (version)
		length = digits - 1;
	while (length > 0 && strchr("-_/:", lower[length - 1]))
		length--;
	lower[length] = '\0';
	return length == 0 ? version : g_strv_contains(names, lower);
}

/* The end of the tag that `text` begins with, or NULL.  *ret_patch: it is one that a patch has. */
static const char *skip_tag(const char *text, bool *ret_patch)
{
	static const char *const brackets[][2] = {{"[", "]"}, {"【", "】"},   {"［", "］"}, {"(", ")"},
	                                          {"{", "}"}, {"***", "***"}, {"*", "*"}};

	for (size_t i = 0; i < G_N_ELEMENTS(brackets); i++) {
		const char *open = text + strlen(brackets[i][0]);
		const char *close = g_str_has_prefix(text, brackets[i][0]) ? strstr(open, brackets[i][1]) : NULL;
		g_autofree char *inside = close ? g_strndup(open, MIN((gsize)(close - open), 1000)) : NULL;
		g_auto(GStrv) parts = inside ? g_strsplit_set(inside, " ,[", -1) : NULL;

		*ret_patch = false;
		for (char **part = parts; part && *part; part++)
			*ret_patch = *ret_patch || is_patch_word(*part);
		if (close)
			return close + strlen(brackets[i][1]);
	}
	return NULL;
}

/* Does a patch's tag follow, or a mark that is sure; other tags and marks may stand between? */
static bool leads_to_patch(const char *text)
{
	for (size_t i = 0; i < STEPS_MAX; i++) {
		const char *at = whitespace_skip(text), *end;
		struct mark mark;
		bool patch;

		end = skip_tag(at, &patch);
		if (end && patch)
			return true;
		if (!end && !read_mark(at, &mark))
			return false;
		if (!end && mark.surety == SURE)
			return true;
		text = end ? end : mark.rest;
	}
	return false;
}

static bool is_real(const struct mark *mark, bool refers, bool tagged)
{
	if (mark->surety == SURE || (mark->surety == CAPITAL && mark->capital))
		return true;
	if (leads_to_patch(mark->rest))
		return mark->surety != UNKNOWN || refers;
	return mark->surety != UNKNOWN && refers && !tagged && mark->capital && (mark->letters >= 3 || mark->foreign);
}

static enum reply_mark mark_of(const struct mark *mark, bool refers, bool tagged)
{
	if (mark->role == HAND_ON)
		return tagged ? REPLY_MARK_NONE : REPLY_MARK_FORWARD;
	if (!is_real(mark, refers, tagged))
		return REPLY_MARK_NONE;
	if (mark->role == REPLY || refers)
		return REPLY_MARK_REPLY;
	return tagged ? REPLY_MARK_NONE : REPLY_MARK_FORWARD;
}

enum reply_mark reply_mark_read(const char *text, bool refers, const char **ret_rest)
{
	const char *start = whitespace_skip(text), *at = start;
	enum reply_mark found = REPLY_MARK_NONE;

	*ret_rest = text;
	for (size_t i = 0; i < STEPS_MAX; i++) {
		bool patch;
		const char *end = skip_tag(at, &patch);
		struct mark mark;

		if (end && patch)
			break;
		if (!end && !read_mark(at, &mark))
			break;
		if (!end && mark.role != TAG) {
			found = mark_of(&mark, refers, at > start);
			if (found != REPLY_MARK_NONE && at == start)
				*ret_rest = mark.rest;
			break;
		}
		at = whitespace_skip(end ? end : mark.rest);
	}
	return found;
}
