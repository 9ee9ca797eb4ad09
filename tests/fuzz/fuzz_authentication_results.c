/* fuzz_authentication_results.c - the grammars of Authentication-Results, Received-SPF and Received on any text, and
 * the tokens that they are made of.
 *
 * What is read has to be the same when it is written in quotes throughout and read again, a comment after it has to
 * change nothing, and what is refused has to have a reason.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "authentication/authentication_results.h"
#include "authentication/claim.h"
#include "authentication/received.h"
#include "mail/lexical.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Each token leaves the cursor within the text, after what it took. */
static void check_tokens(const char *value)
{
	char *(*const tokens[])(struct lexical *) = {lexical_quoted_string, lexical_dot_atoms, lexical_keyword};
	struct lexical text = {value};
	int skipped;

	for (size_t i = 0; i < G_N_ELEMENTS(tokens); i++) {
		struct lexical here = {value};
		g_autofree char *token = tokens[i](&here);

		assert(here.at >= value && here.at <= value + strlen(value));
		assert((token != NULL) == (here.at > value));
		assert(!token || strlen(token) <= (size_t)(here.at - value));
	}
	skipped = lexical_skip_cfws(&text);
	assert(skipped < 0 || (skipped == 1) == (text.at > value));
	text.at = value;
	assert((lexical_number(&text) >= 0) == (text.at > value));
	assert(!lexical_is_domain(value) || !strpbrk(value, " \t\n()\"@;=/_\\,"));
}

static void append_quoted(GString *field, const char *value)
{
	g_string_append_c(field, '"');
	for (; *value; value++) {
		if (strchr("\"\\", *value))
			g_string_append_c(field, '\\');
		g_string_append_c(field, *value);
	}
	g_string_append_c(field, '"');
}

static void append_result(GString *field, const struct authentication_result *result)
{
	assert(result->properties->len <= AUTHENTICATION_RESULTS_PROPERTIES);
	g_string_append_printf(field, ";%s/%d=%s", result->method, result->version, result->result);
	if (result->reason) {
		g_string_append(field, " reason=");
		append_quoted(field, result->reason);
	}
	for (unsigned i = 0; i < result->properties->len; i++) {
		const struct authentication_property *property = g_ptr_array_index(result->properties, i);

		g_string_append_printf(field, " %s.%s=", property->type, property->name);
		append_quoted(field, property->value);
	}
}

/* A field that says the same; longer, perhaps, than a field may be. */
static char *canonical(const struct authentication_results *results)
{
	GString *field = g_string_new(NULL);

	assert(results->results->len <= AUTHENTICATION_RESULTS_MAX);
	append_quoted(field, results->authserv_id);
	for (unsigned i = 0; i < results->results->len; i++)
		append_result(field, g_ptr_array_index(results->results, i));
	if (results->results->len == 0)
		g_string_append(field, ";none");
	return g_string_free(field, FALSE);
}

/* What speaks for a domain names one that stands in the field. */
static void check_claims(const struct authentication_results *results)
{
	for (unsigned i = 0; i < results->results->len; i++) {
		struct claim *claim = claim_of_result(g_ptr_array_index(results->results, i));
		g_autofree char *again = claim->identity ? alignment_domain(claim->identity) : NULL;

		assert(g_strcmp0(again, claim->identity) == 0);
		assert(!claim->identity || lexical_is_domain(claim->identity));
		if (claim_says(claim, "dkim", "pass") || claim_says(claim, "dmarc", "pass"))
			assert(claim->identity);
		claim_free(claim);
	}
}

static void check_again(const char *value, const char *expected)
{
	struct authentication_results results;
	const char *reason = NULL;
	g_autofree char *field = NULL;

	if (strlen(value) > AUTHENTICATION_RESULTS_LENGTH)
		return;
	assert(authentication_results_parse(value, &results, &reason) == 0);
	field = canonical(&results);
	assert(strcmp(field, expected) == 0);
	authentication_results_release(&results);
}

static void check_results(const char *value)
{
	struct authentication_results results = {0};
	const char *reason = NULL;
	g_autofree char *field = NULL, *longer = g_strconcat("(\")", value, " (;a=b (\\)) c.d=\"e) ", NULL);

	if (authentication_results_parse(value, &results, &reason) < 0) {
		assert(reason && *reason && !results.authserv_id && !results.results);
		return;
	}
	assert(lexical_is_text(value));
	field = canonical(&results);
	check_again(field, field);
	check_again(longer, field);
	check_claims(&results);
	authentication_results_release(&results);
}

static void check_spf(const char *value)
{
	struct received_spf spf;
	const char *reason = NULL;
	struct claim *claim;

	if (received_spf_parse(value, &spf, &reason) < 0) {
		assert(reason && *reason);
		return;
	}
	assert(g_hash_table_size(spf.pairs) <= RECEIVED_SPF_PAIRS && strstr(value, spf.result));
	claim = claim_of_received_spf(&spf);
	assert(!claim->identity || lexical_is_domain(claim->identity));
	claim_free(claim);
	received_spf_release(&spf);
}

/* A host's own name stays in its field, and no other client is taken, whatever the client says before and after it. */
static void check_received(const char *value)
{
	const char *end = strchr(value, ';');
	g_autofree char *before = g_strndup(value, end ? (size_t)(end - value) : strlen(value));
	g_autofree char *field =
		g_strdup_printf("from %s (y.example.net [192.0.2.1])\n by mx.example.org with SMTP for %s; x", before,
	                        end ? end + 1 : "");
	struct received received;
	bool found = false;

	if (received_parse(value, &received) == 0)
		received_release(&received);
	if (received_parse(field, &received) < 0)
		return;
	for (unsigned i = 0; i < received.by->len; i++)
		found = found || strcmp(g_ptr_array_index(received.by, i), "mx.example.org") == 0;
	assert(found && !received.from_itself);
	assert(!received.peer || strcmp(received.peer, "y.example.net") == 0);
	received_release(&received);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *value = g_strndup((const char *)data, size);

	check_tokens(value);
	check_results(value);
	check_spf(value);
	check_received(value);
	return 0;
}
