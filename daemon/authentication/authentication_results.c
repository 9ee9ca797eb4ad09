/* authentication_results.c - the grammar of Authentication-Results (RFC 8601 section 2.2).
 *
 * Called by authentication.c, and by arc.c for what follows the instance of an ARC-Authentication-Results field.
 * A recursive-descent parser without recursion: each function reads one production, leaves the cursor after it, and
 * gives NULL or the reason why the field cannot be read.
 */
#include "authentication/authentication_results.h"

#include <errno.h>
#include <string.h>

#include "mail/lexical.h"

static const char open_comment[] = "a comment does not end";

static void property_free(void *data)
{
	struct authentication_property *property = data;

	g_free(property->type);
	g_free(property->name);
	g_free(property->value);
	g_free(property);
}

static void result_free(void *data)
{
	struct authentication_result *result = data;

	g_free(result->method);
	g_free(result->result);
	g_free(result->reason);
	g_ptr_array_unref(result->properties);
	g_free(result);
}

void authentication_results_release(struct authentication_results *results)
{
	g_clear_pointer(&results->authserv_id, g_free);
	g_clear_pointer(&results->results, g_ptr_array_unref);
}

const struct authentication_property *authentication_result_property(const struct authentication_result *result,
                                                                     const char *type, const char *name)
{
	for (unsigned i = 0; i < result->properties->len; i++) {
		const struct authentication_property *property = g_ptr_array_index(result->properties, i);

		if (g_ascii_strcasecmp(property->type, type) == 0 && g_ascii_strcasecmp(property->name, name) == 0)
			return property;
	}
	return NULL;
}

static const char *skip_cfws(struct lexical *text)
{
	return lexical_skip_cfws(text) < 0 ? open_comment : NULL;
}

/* [CFWS] and a character. */
static const char *skip_sign(struct lexical *text, char sign, const char *without)
{
	const char *wrong = skip_cfws(text);

	if (wrong)
		return wrong;
	return lexical_skip_char(text, sign) ? NULL : without;
}

/* value = token / quoted-string */
static const char *read_value(struct lexical *text, char **ret_value)
{
	g_autofree char *run = NULL;

	if (*text->at == '"') {
		*ret_value = lexical_quoted_string(text);
		return *ret_value ? NULL : "a quoted string does not end";
	}
	run = lexical_dot_atoms(text);
	if (!run)
		return "a value is missing, or has a character that has to be quoted";
	if (!lexical_is_token(run))
		return "a value has a character that has to be quoted: / = or ?";
	*ret_value = g_steal_pointer(&run);
	return NULL;
}

/* The domain after the @ of a pvalue. */
static const char *read_domain(struct lexical *text, const char *local_part, char **ret_value)
{
	g_autofree char *domain = lexical_dot_atoms(text);

	if (!domain || !lexical_is_domain(domain))
		return "an address without a domain name";
	*ret_value = g_strdup_printf("%s@%s", local_part, domain);
	return NULL;
}

/* Is it the beginning of a signature, which OpenDKIM writes without the quotes that a `/` or `=` in it asks for? */
static bool is_signature(const struct authentication_property *property, const char *run)
{
	return g_ascii_strcasecmp(property->type, "header") == 0 && g_ascii_strcasecmp(property->name, "b") == 0 &&
	       !run[strspn(run, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "+/=")];
}

/* pvalue without the CFWS around it: value / [ [ local-part ] "@" ] domain-name.  A domain name is a token. */
static const char *read_pvalue(struct lexical *text, struct authentication_property *property)
{
	struct lexical ahead = *text;
	g_autofree char *local_part = *ahead.at == '"' ? lexical_quoted_string(&ahead) : lexical_dot_atoms(&ahead);
	bool quoted = *text->at == '"';

	if (*ahead.at != '@' && local_part && !quoted && is_signature(property, local_part)) {
		*text = ahead;
		property->value = g_steal_pointer(&local_part);
		return NULL;
	}
	if (*ahead.at != '@')
		return read_value(text, &property->value);
	if (local_part && !quoted && !lexical_is_dot_atom(local_part))
		return "an address with a malformed local part";
	ahead.at++;
	*text = ahead;
	return read_domain(text, local_part ? local_part : "", &property->value);
}

/* propspec from after its ptype: [CFWS] "." [CFWS] property [CFWS] "=" pvalue */
static const char *read_property(struct lexical *text, struct authentication_property *property)
{
	const char *wrong = skip_sign(text, '.', "neither a reason nor a property: there is no `.`");

	if (!wrong)
		wrong = skip_cfws(text);
	if (wrong)
		return wrong;
	property->name = lexical_keyword(text);
	if (!property->name)
		return "a property without a name";
	wrong = skip_sign(text, '=', "a property without `=`");
	if (!wrong)
		wrong = skip_cfws(text);
	if (!wrong)
		wrong = read_pvalue(text, property);
	if (wrong)
		return wrong;
	property->glued = *text->at && !strchr(" \t\n;", *text->at);
	return skip_cfws(text);
}

/* "reason" [CFWS] "=" [CFWS] value, from after its first word */
static const char *read_reason(struct lexical *text, struct authentication_result *result)
{
	const char *wrong = skip_sign(text, '=', "a reason without `=`");

	if (!wrong)
		wrong = skip_cfws(text);
	return wrong ? wrong : read_value(text, &result->reason);
}

static bool ends(const struct lexical *text)
{
	return *text->at == ';' || *text->at == '\0';
}

/* Is a word, after which the cursor stands, that of a reason?  A property may have a ptype of that name. */
static bool is_reason(const char *word, struct lexical text)
{
	return g_ascii_strcasecmp(word, "reason") == 0 && lexical_skip_cfws(&text) >= 0 && *text.at == '=';
}

/* [ CFWS reasonspec ] [ CFWS 1*propspec ] */
static const char *read_details(struct lexical *text, struct authentication_result *result)
{
	for (bool first = true;; first = false) {
		int skipped = lexical_skip_cfws(text);
		struct authentication_property *property;
		g_autofree char *word = NULL;
		const char *wrong;

		if (skipped < 0)
			return open_comment;
		if (ends(text))
			return NULL;
		word = lexical_keyword(text);
		if (!word)
			return "something that is neither a reason nor a property";
		if (result->properties->len == 0 && skipped == 0)
			return "no blank before a reason or property";
		if (first && is_reason(word, *text)) {
			wrong = read_reason(text, result);
			if (wrong)
				return wrong;
			continue;
		}
		if (result->properties->len >= AUTHENTICATION_RESULTS_PROPERTIES)
			return "too many properties";
		property = g_new0(struct authentication_property, 1);
		g_ptr_array_add(result->properties, property);
		property->type = g_steal_pointer(&word);
		wrong = read_property(text, property);
		if (wrong)
			return wrong;
	}
}

/* "/" [CFWS] method-version [CFWS], if it is there */
static const char *read_method_version(struct lexical *text, struct authentication_result *result)
{
	const char *wrong;

	if (!lexical_skip_char(text, '/'))
		return NULL;
	wrong = skip_cfws(text);
	if (wrong)
		return wrong;
	result->version = lexical_number(text);
	return result->version < 0 ? "a method's version is no number" : skip_cfws(text);
}

/* resinfo from after its method: [ "/" version ] "=" result and what follows */
static const char *read_result(struct lexical *text, struct authentication_result *result)
{
	const char *wrong = skip_cfws(text);

	if (!wrong)
		wrong = read_method_version(text, result);
	if (wrong)
		return wrong;
	if (!lexical_skip_char(text, '='))
		return "a method without `=`";
	wrong = skip_cfws(text);
	if (wrong)
		return wrong;
	result->result = lexical_keyword(text);
	return result->result ? read_details(text, result) : "a method without a result";
}

/* After a `;`: a result, or `none` if that is all there is. */
static const char *read_resinfo(struct lexical *text, struct authentication_results *results, bool *none)
{
	struct authentication_result *result;
	g_autofree char *method = lexical_keyword(text);
	const char *wrong;

	if (!method)
		return "a `;` without a method after it";
	wrong = skip_cfws(text);
	if (wrong)
		return wrong;
	if (g_ascii_strcasecmp(method, "none") == 0 && ends(text)) {
		*none = true;
		return results->results->len > 0 ? "`none` beside results" : NULL;
	}
	if (results->results->len >= AUTHENTICATION_RESULTS_MAX)
		return "too many results";
	result = g_new0(struct authentication_result, 1);
	result->method = g_steal_pointer(&method);
	result->version = 1;
	result->properties = g_ptr_array_new_with_free_func(property_free);
	g_ptr_array_add(results->results, result);
	return read_result(text, result);
}

/* no-result / 1*resinfo, and the `;` too many */
static const char *read_all_results(struct lexical *text, struct authentication_results *results)
{
	bool none = false;

	if (*text->at == '\0')
		return "no result";
	while (lexical_skip_char(text, ';')) {
		const char *wrong = skip_cfws(text);

		if (!wrong && *text->at == '\0' && (none || results->results->len > 0))
			return NULL;
		if (!wrong)
			wrong = none ? "`none` beside results" : read_resinfo(text, results, &none);
		if (wrong)
			return wrong;
	}
	return *text->at == '\0' ? NULL : "no `;` after the authserv-id";
}

/* Does the field begin with a result, as those of Microsoft do? */
static bool begins_with_method(struct lexical text)
{
	g_autofree char *method = lexical_keyword(&text);

	return method && lexical_skip_cfws(&text) >= 0 && (*text.at == '=' || *text.at == '/');
}

/* [CFWS] authserv-id [ CFWS authres-version ] [CFWS] */
static const char *read_identifier(struct lexical *text, struct authentication_results *results)
{
	const char *wrong = skip_cfws(text), *begin;
	int skipped, version;

	if (!wrong && *text->at == '\0')
		wrong = "it is empty";
	if (!wrong && begins_with_method(*text))
		wrong = "no authserv-id: it begins with a method";
	begin = text->at;
	if (!wrong)
		wrong = read_value(text, &results->authserv_id);
	if (wrong)
		return wrong;
	if (strlen(results->authserv_id) > AUTHENTICATION_RESULTS_ID)
		return "its authserv-id is too long";
	results->escaped = memchr(begin, '\\', (size_t)(text->at - begin)) != NULL;
	skipped = lexical_skip_cfws(text);
	if (skipped < 0)
		return open_comment;
	if (skipped == 0 || !g_ascii_isdigit(*text->at))
		return NULL;
	version = lexical_number(text);
	return version == 1 ? skip_cfws(text) : "a version other than 1";
}

/* Has a text a backslash, or an odd number of quotes? */
static bool is_loose(const char *text, const char *end)
{
	unsigned quotes = 0;

	for (; text < end; text++) {
		if (*text == '\\')
			return true;
		quotes += *text == '"';
	}
	return quotes % 2 == 1;
}

/* Checkers write words of the sender's into comments, such as the address in MAIL FROM, and some of them just so: then
 * a `)` in it ends the comment, and what follows looks like their own word.  Such an address has to be quoted, and the
 * `)` parts its quotes.  No checker writes such a comment otherwise. */
static bool has_loose_comment(struct lexical text)
{
	while (*text.at) {
		g_autofree char *string = lexical_quoted_string(&text);
		const char *begin = text.at;

		if (lexical_skip_comment(&text)) {
			if (is_loose(begin, text.at))
				return true;
		} else if (!string) {
			text.at++;
		}
	}
	return false;
}

int authentication_results_parse(const char *value, struct authentication_results *ret_results, const char **ret_reason)
{
	struct authentication_results results = {.results = g_ptr_array_new_with_free_func(result_free)};
	struct lexical text = {value};
	const char *wrong = NULL;

	if (strlen(value) > AUTHENTICATION_RESULTS_LENGTH)
		wrong = "it is too long";
	else if (!lexical_is_text(value))
		wrong = "it has a control character, or is not UTF-8";
	if (!wrong)
		wrong = read_identifier(&text, &results);
	if (!wrong)
		wrong = read_all_results(&text, &results);
	if (wrong) {
		authentication_results_release(&results);
		*ret_reason = wrong;
		return -EBADMSG;
	}
	results.loose = has_loose_comment((struct lexical){value});
	*ret_results = results;
	return 0;
}
