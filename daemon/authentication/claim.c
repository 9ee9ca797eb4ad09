/* claim.c - one result of a field.
 *
 * Called by authentication.c.
 */
#include "authentication/claim.h"

#include <string.h>

struct method {
	const char *name;
	const char *const
		*results; /* RFC 8601 sections 2.7.1 and 2.7.2, RFC 7489 section 11.2, RFC 8617 section 10.2 */
	const char *type,
		*properties[2]; /* where its domain stands, the first that is there; NULL: it speaks of no domain */
};

static const char *const dkim_results[] = {"none", "pass", "fail", "policy", "neutral", "temperror", "permerror", NULL};
static const char *const spf_results[] = {"none",    "pass",      "fail",      "softfail", "policy",
                                          "neutral", "temperror", "permerror", NULL};
static const char *const dmarc_results[] = {"none", "pass", "fail", "temperror", "permerror", NULL};
static const char *const arc_results[] = {"none", "pass", "fail", NULL};

static const struct method methods[] = {
	{"dkim", dkim_results, "header", {"d", NULL}},
	{"spf", spf_results, "smtp", {"mailfrom", "helo"}},
	{"dmarc", dmarc_results, "header", {"from", NULL}},
	{"arc", arc_results, NULL, {NULL, NULL}},
};

void claim_free(void *data)
{
	struct claim *claim = data;

	g_free(claim->authserv_id);
	g_free(claim->by);
	g_free(claim->method);
	g_free(claim->result);
	g_free(claim->identity);
	g_free(claim->scope);
	g_free(claim);
}

bool claim_says(const struct claim *claim, const char *method, const char *result)
{
	return !claim->reason && strcmp(claim->method, method) == 0 && strcmp(claim->result, result) == 0;
}

static const struct method *find_method(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(methods); i++)
		if (strcmp(methods[i].name, name) == 0)
			return &methods[i];
	return NULL;
}

static bool is_repeated(const struct authentication_result *result)
{
	for (unsigned i = 1; i < result->properties->len; i++) {
		const struct authentication_property *property = g_ptr_array_index(result->properties, i);

		if (authentication_result_property(result, property->type, property->name) != property)
			return true;
	}
	return false;
}

/* What stands after the @ of an address, or the whole text if there is no @. */
static char *domain_of(const char *address)
{
	const char *at = strrchr(address, '@');

	return alignment_domain(at ? at + 1 : address);
}

/* The domain that a result speaks of.  NULL, or why there is none. */
static const char *read_identity(const struct authentication_result *result, const struct method *method,
                                 struct claim *claim)
{
	const struct authentication_property *property = NULL;

	if (!method->type)
		return NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(method->properties) && !property; i++)
		if (method->properties[i])
			property = authentication_result_property(result, method->type, method->properties[i]);
	if (!property)
		return "it does not say of which domain";
	/* In header.d=example.org(.example.net or "example.org"x.y=z.example.net the signer's whole domain may have
	 * been the longer one. */
	if (property->glued)
		return "something touches its domain";
	claim->identity =
		strcmp(claim->method, "spf") == 0 ? domain_of(property->value) : alignment_domain(property->value);
	if (strcmp(claim->method, "spf") == 0)
		claim->scope = g_ascii_strdown(property->name, -1);
	return claim->identity ? NULL : "its domain is not a full domain name";
}

static const char *read_result(const struct authentication_result *result, struct claim *claim)
{
	const struct method *method = find_method(claim->method);
	const char *wrong;

	if (!method)
		return "its method is not looked at";
	if (result->version != 1)
		return "its method has a version other than 1";
	if (!g_strv_contains(method->results, claim->result))
		return "its method has no such result";
	if (is_repeated(result))
		return "a property of it stands there twice";
	wrong = read_identity(result, method, claim);
	return strcmp(claim->result, "pass") == 0 || strcmp(claim->result, "fail") == 0 ? wrong : NULL;
}

struct claim *claim_of_result(const struct authentication_result *result)
{
	struct claim *claim = g_new0(struct claim, 1);

	claim->method = g_ascii_strdown(result->method, -1);
	claim->result = g_ascii_strdown(result->result, -1);
	claim->reason = read_result(result, claim);
	return claim;
}

struct claim *claim_of_received_spf(const struct received_spf *spf)
{
	static const char *const keys[][2] = {{"envelope-from", "mailfrom"}, {"helo", "helo"}};
	struct claim *claim = g_new0(struct claim, 1);

	claim->source = SOURCE_RECEIVED_SPF;
	claim->method = g_strdup("spf");
	claim->result = g_ascii_strdown(spf->result, -1);
	if (!g_strv_contains(spf_results, claim->result))
		claim->reason = "spf has no such result";
	for (size_t i = 0; i < G_N_ELEMENTS(keys) && !claim->identity; i++) {
		const char *value = received_spf_value(spf, keys[i][0]);

		claim->identity = value ? domain_of(value) : NULL;
		claim->scope = claim->identity ? g_strdup(keys[i][1]) : NULL;
	}
	return claim;
}

const char *claim_source_name(enum source source)
{
	static const char *const names[] = {
		[SOURCE_EXCHANGER] = "exchanger",       [SOURCE_LIST] = "list",   [SOURCE_ARC] = "arc",
		[SOURCE_RECEIVED_SPF] = "received-spf", [SOURCE_OTHER] = "other",
	};

	return names[source];
}
