/* received_spf.c - the grammar of Received-SPF (RFC 7208 section 9.1).
 *
 * Called by authentication.c.
 */
#include "authentication/received_spf.h"

#include <errno.h>
#include <string.h>

#include "mail/lexical.h"

static const char open_comment[] = "a comment does not end";

void received_spf_release(struct received_spf *spf)
{
	g_clear_pointer(&spf->result, g_free);
	g_clear_pointer(&spf->pairs, g_hash_table_unref);
}

const char *received_spf_value(const struct received_spf *spf, const char *key)
{
	return g_hash_table_lookup(spf->pairs, key);
}

/* The name of a key: a letter, then letters, digits, `-`, `_` and `.` (RFC 7208 section 7.1, name). */
static char *read_key(struct lexical *text)
{
	const char *begin = text->at;

	if (!g_ascii_isalpha(*begin))
		return NULL;
	while (g_ascii_isalnum(*text->at) || (*text->at && strchr("-_.", *text->at)))
		text->at++;
	return g_ascii_strdown(begin, text->at - begin);
}

static char *read_value(struct lexical *text)
{
	const char *begin = text->at;

	if (*begin == '"')
		return lexical_quoted_string(text);
	text->at += strcspn(begin, " \t\n;()\"");
	return text->at > begin ? g_strndup(begin, (gsize)(text->at - begin)) : NULL;
}

/* key [CFWS] "=" ( dot-atom / quoted-string ), and the CFWS around the value */
static const char *read_pair(struct lexical *text, struct received_spf *spf)
{
	g_autofree char *key = read_key(text), *value = NULL;

	if (!key)
		return "something that is no key";
	if (g_hash_table_size(spf->pairs) >= RECEIVED_SPF_PAIRS)
		return "too many keys";
	if (lexical_skip_cfws(text) < 0)
		return open_comment;
	if (!lexical_skip_char(text, '='))
		return "a key without `=`";
	if (lexical_skip_cfws(text) < 0)
		return open_comment;
	value = read_value(text);
	if (!value)
		return "a key without a value";
	if (g_hash_table_contains(spf->pairs, key))
		return "a key that stands there twice";
	g_hash_table_insert(spf->pairs, g_steal_pointer(&key), g_steal_pointer(&value));
	return lexical_skip_cfws(text) < 0 ? open_comment : NULL;
}

/* key-value-pair *( ";" [CFWS] key-value-pair ) [";"] */
static const char *read_pairs(struct lexical *text, struct received_spf *spf)
{
	while (*text->at) {
		const char *wrong = read_pair(text, spf);

		if (wrong)
			return wrong;
		if (*text->at && !lexical_skip_char(text, ';'))
			return "no `;` between two keys";
		if (lexical_skip_cfws(text) < 0)
			return open_comment;
	}
	return NULL;
}

/* [CFWS] result FWS [comment FWS] */
static const char *read_result(struct lexical *text, struct received_spf *spf)
{
	if (lexical_skip_cfws(text) < 0)
		return open_comment;
	spf->result = lexical_keyword(text);
	if (!spf->result)
		return "no result";
	switch (lexical_skip_cfws(text)) {
	case 0:
		return *text->at ? "no blank after the result" : NULL;
	case 1:
		return NULL;
	default:
		return open_comment;
	}
}

int received_spf_parse(const char *value, struct received_spf *ret_spf, const char **ret_reason)
{
	struct received_spf spf = {.pairs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free)};
	struct lexical text = {value};
	const char *wrong = NULL;

	if (strlen(value) > RECEIVED_SPF_LENGTH)
		wrong = "it is too long";
	else if (!lexical_is_text(value))
		wrong = "it has a control character, or is not UTF-8";
	if (!wrong)
		wrong = read_result(&text, &spf);
	if (!wrong)
		wrong = read_pairs(&text, &spf);
	if (wrong) {
		received_spf_release(&spf);
		*ret_reason = wrong;
		return -EBADMSG;
	}
	*ret_spf = spf;
	return 0;
}
