/* authentication.c - which fields of a header count, what they say, and the verdict.
 *
 * Called by submission.c and list_verdict.c.  A field counts by whose word it is (the settings name its authserv-id)
 * and by where it stands (only believed hosts can have written there).
 */
#include "authentication/authentication.h"

#include <string.h>

#include "authentication/arc.h"
#include "authentication/boundary.h"
#include "authentication/signature.h"

static const char arc_results[] = "ARC-Authentication-Results";
static const char odd[] = "it is written as no mail server writes it: with a blank before the colon, or NUL";
static const char copied[] = "a signature of the mail has text in it that may have been copied here";
static const char below[] = "it stands where anybody can have written it";

/* What is at hand while the fields of a header are read. */
struct reading {
	const struct header_list *headers;
	const struct trust *trust;
	GArray *turns; /* boundary_turns() */
	struct authentication *authentication;
	bool signature_text; /* signature_has_text() */
	bool received_spf;   /* the topmost Received-SPF has been seen */
};

static void field_free(void *data)
{
	struct authentication_field *field = data;

	g_free(field->authserv_id);
	g_free(field);
}

void authentication_release(struct authentication *authentication)
{
	g_clear_pointer(&authentication->fields, g_ptr_array_unref);
	g_clear_pointer(&authentication->claims, g_ptr_array_unref);
	g_clear_pointer(&authentication->author.reason, g_free);
	g_clear_pointer(&authentication->original.reason, g_free);
}

static void add_field(struct reading *reading, unsigned index, const char *name, const char *authserv_id, bool counts,
                      const char *reason)
{
	struct authentication_field *field = g_new(struct authentication_field, 1);

	*field = (struct authentication_field){index, name, g_strdup(authserv_id), counts, reason};
	g_ptr_array_add(reading->authentication->fields, field);
}

/* Takes a claim of a field, which counts if `by` says whose word it is; else `reason` is why it does not. */
static void add_claim(struct reading *reading, struct claim *claim, unsigned index, const char *by, const char *reason)
{
	if (reading->authentication->claims->len >= AUTHENTICATION_CLAIMS) {
		reading->authentication->unread++;
		claim_free(claim);
		return;
	}
	claim->index = index;
	claim->by = g_strdup(by);
	if (!by)
		claim->reason = reason;
	g_ptr_array_add(reading->authentication->claims, claim);
}

static void add_results(struct reading *reading, const struct authentication_results *results, enum source source,
                        int turn, unsigned index, const char *by, const char *reason)
{
	for (unsigned i = 0; i < results->results->len; i++) {
		struct claim *claim = claim_of_result(g_ptr_array_index(results->results, i));

		claim->source = source;
		claim->turn = turn;
		claim->authserv_id = g_strdup(results->authserv_id);
		add_claim(reading, claim, index, by, reason);
	}
}

/* An id as it is compared: a domain with its A-labels as U-labels, or as it stands (RFC 8601 section 5). */
static char *comparable(const char *authserv_id)
{
	char *domain = alignment_domain(authserv_id);

	return domain ? domain : g_ascii_strdown(authserv_id, -1);
}

/* The methods of which an id may speak, 0 if it is not among those. */
static unsigned methods_of(const struct trust_authserv *authservs, const char *authserv_id)
{
	g_autofree char *wanted = authservs->id ? comparable(authserv_id) : NULL;
	unsigned methods = 0;

	for (; authservs->id; authservs++) {
		g_autofree char *listed = comparable(authservs->id);

		if (strcmp(listed, wanted) == 0)
			methods |= authservs->methods;
	}
	return methods;
}

static enum source source_of(const struct trust *trust, const char *authserv_id, unsigned *ret_methods)
{
	*ret_methods = methods_of(trust->trusted_authserv, authserv_id);
	if (*ret_methods)
		return SOURCE_EXCHANGER;
	*ret_methods = methods_of(trust->list_authserv, authserv_id);
	return *ret_methods ? SOURCE_LIST : SOURCE_OTHER;
}

static bool names_domain(const GStrv names, const char *domain)
{
	g_autofree char *wanted = comparable(domain);

	for (char **name = names; *name; name++) {
		g_autofree char *listed = comparable(*name);

		if (strcmp(listed, wanted) == 0)
			return true;
	}
	return false;
}

/* The turn in which a field was written, 0 for all if position=any. */
static int turn_of(const struct reading *reading, unsigned index)
{
	return reading->trust->position == TRUST_ANYWHERE ? 0 : g_array_index(reading->turns, int, index);
}

static bool lists_literally(const struct trust_authserv *authservs, const char *authserv_id)
{
	for (; authservs->id; authservs++)
		if (g_ascii_strcasecmp(authservs->id, authserv_id) == 0)
			return true;
	return false;
}

/* With position=any somebody removed what was forged: what is written so that it may have been overlooked is not
 * believed. */
static bool is_literal(const struct trust *trust, const struct authentication_results *results)
{
	return !results->escaped && (lists_literally(trust->trusted_authserv, results->authserv_id) ||
	                             lists_literally(trust->list_authserv, results->authserv_id));
}

/* The methods of which results speak. */
static unsigned spoken_methods(const struct authentication_results *results)
{
	unsigned methods = 0;

	for (unsigned i = 0; i < results->results->len; i++) {
		const struct authentication_result *result = g_ptr_array_index(results->results, i);

		methods |= trust_method(result->method);
	}
	return methods;
}

/* Why results of a host that is believed may not all be its own word; NULL: they are.  What a stranger made it write
 * comes after a result that the host wrote, so one that is not its to give makes the rest none too. */
static const char *doubt_words(const struct reading *reading, const struct authentication_results *results,
                               unsigned methods)
{
	unsigned spoken = spoken_methods(results);

	if (spoken & ~methods)
		return "it speaks of a method that the settings do not give its authserv-id";
	if (results->loose)
		return "a comment in it may be text that the sender chose";
	return reading->signature_text && (spoken & (TRUST_DKIM | TRUST_ARC)) ? copied : NULL;
}

/* Why an Authentication-Results field does not count; NULL: it does. */
static const char *doubt_results(const struct reading *reading, const struct header_field *field,
                                 const struct authentication_results *results, int turn, unsigned methods)
{
	if (methods == 0)
		return "no setting names its authserv-id";
	if (turn == BOUNDARY_BEYOND)
		return below;
	if (!field->plain)
		return odd;
	if (reading->trust->position == TRUST_ANYWHERE && !is_literal(reading->trust, results))
		return "its authserv-id is not written as in the settings";
	return doubt_words(reading, results, methods);
}

static void read_results(struct reading *reading, const struct header_field *field, unsigned index)
{
	static const char name[] = "Authentication-Results";
	struct authentication_results results;
	int turn = turn_of(reading, index);
	g_autofree char *by = NULL;
	const char *reason = NULL;
	enum source source;
	unsigned methods;

	if (authentication_results_parse(field->value, &results, &reason) < 0) {
		add_field(reading, index, name, NULL, false, reason);
		return;
	}
	source = source_of(reading->trust, results.authserv_id, &methods);
	reason = doubt_results(reading, field, &results, turn, methods);
	if (!reason)
		by = g_strdup_printf("%s%s", source == SOURCE_LIST ? "the list's host " : "", results.authserv_id);
	add_field(reading, index, name, results.authserv_id, by != NULL,
	          reason ? reason : "its authserv-id is trusted, and so is its place");
	add_results(reading, &results, source, turn, index, by, reason);
	authentication_results_release(&results);
}

/* Why a Received-SPF field does not count; NULL: it does. */
static const char *doubt_received_spf(const struct reading *reading, const struct header_field *field,
                                      const struct received_spf *spf, unsigned index)
{
	const char *receiver = received_spf_value(spf, "receiver");

	if (!reading->trust->received_spf)
		return "received_spf is not set";
	if (!receiver || !trust_names(reading->trust->boundary, receiver))
		return "its receiver is no host of the boundary";
	if (!field->plain)
		return odd;
	return g_array_index(reading->turns, int, index) == 0 ? NULL : below;
}

static void read_received_spf(struct reading *reading, const struct header_field *field, unsigned index)
{
	static const char name[] = "Received-SPF";
	struct received_spf spf;
	const char *reason = NULL;

	if (reading->received_spf) {
		add_field(reading, index, name, NULL, false, "only the topmost one counts");
		return;
	}
	reading->received_spf = true;
	if (received_spf_parse(field->value, &spf, &reason) < 0) {
		add_field(reading, index, name, NULL, false, reason);
		return;
	}
	reason = doubt_received_spf(reading, field, &spf, index);
	add_field(reading, index, name, NULL, !reason, reason ? reason : "its receiver and its place are trusted");
	add_claim(reading, claim_of_received_spf(&spf), index, reason ? NULL : "Received-SPF", reason);
	received_spf_release(&spf);
}

/* Authentication-Results has the last word on spf. */
static void overrule_received_spf(const GPtrArray *claims)
{
	struct claim *overruled = NULL;
	bool spoken = false;

	for (unsigned i = 0; i < claims->len; i++) {
		struct claim *claim = g_ptr_array_index(claims, i);

		if (claim->source == SOURCE_RECEIVED_SPF)
			overruled = claim;
		else if (!claim->reason && strcmp(claim->method, "spf") == 0)
			spoken = true;
	}
	if (overruled && !overruled->reason && spoken)
		overruled->reason = "Authentication-Results speaks of spf";
}

/* Does somebody who is trusted say arc=pass, and nothing else of arc at the same turn? */
static bool is_chain_verified(const GPtrArray *claims)
{
	bool passed = false;

	for (unsigned i = 0; i < claims->len; i++) {
		const struct claim *claim = g_ptr_array_index(claims, i);

		if (claim->reason || strcmp(claim->method, "arc") != 0)
			continue;
		for (unsigned j = 0; j < i; j++) {
			const struct claim *other = g_ptr_array_index(claims, j);

			if (!other->reason && strcmp(other->method, "arc") == 0 && other->turn == claim->turn &&
			    strcmp(other->result, claim->result) != 0)
				return false;
		}
		passed = passed || strcmp(claim->result, "pass") == 0;
	}
	return passed;
}

/* A set of a chain counts if each sealer from it to the last one is trusted. */
static void read_set(struct reading *reading, const struct arc_set *set, unsigned instance, const char *doubt)
{
	g_autofree char *by = NULL;

	if (set->wrong) {
		add_field(reading, set->results_index, arc_results, NULL, false, set->wrong);
		return;
	}
	if (!doubt)
		doubt = doubt_words(reading, &set->results, TRUST_EVERY_METHOD);
	if (!doubt)
		by = g_strdup_printf("ARC set %u, sealed by %s,", instance, set->sealer);
	add_field(reading, set->results_index, arc_results, set->results.authserv_id, !doubt,
	          doubt ? doubt : "somebody trusted says arc=pass, and its sealers are trusted");
	add_results(reading, &set->results, SOURCE_ARC, (int)instance, set->results_index, by, doubt);
}

static void read_chain(struct reading *reading)
{
	struct arc_chain chain;
	const char *wrong = NULL, *doubt = NULL;

	if (arc_read(reading->headers, &chain, &wrong) < 0) {
		for (unsigned i = 0; i < reading->headers->fields->len; i++) {
			const struct header_field *field = g_ptr_array_index(reading->headers->fields, i);

			if (g_ascii_strcasecmp(field->name, arc_results) == 0 &&
			    reading->authentication->fields->len < AUTHENTICATION_FIELDS)
				add_field(reading, i, arc_results, NULL, false, wrong);
		}
		return;
	}
	if (!is_chain_verified(reading->authentication->claims))
		doubt = "nobody who is trusted says arc=pass";
	for (unsigned i = chain.count; i > 0; i--) {
		if (!doubt && !names_domain(reading->trust->arc_trusted_sealers, chain.sets[i - 1].sealer))
			doubt = "a sealer from here on is not trusted";
		read_set(reading, &chain.sets[i - 1], i, doubt);
	}
	arc_chain_release(&chain);
}

static void read_fields(struct reading *reading)
{
	for (unsigned i = 0; i < reading->headers->fields->len; i++) {
		const struct header_field *field = g_ptr_array_index(reading->headers->fields, i);
		bool results = g_ascii_strcasecmp(field->name, "Authentication-Results") == 0;

		if (!results && g_ascii_strcasecmp(field->name, "Received-SPF") != 0)
			continue;
		if (reading->authentication->fields->len >= AUTHENTICATION_FIELDS)
			reading->authentication->unread++;
		else if (results)
			read_results(reading, field, i);
		else
			read_received_spf(reading, field, i);
	}
}

/* The domain of an address, as it is compared; NULL without one. */
static char *domain_of(const struct mailbox *mailbox)
{
	const char *at = mailbox->email ? strrchr(mailbox->email, '@') : NULL;

	return at ? alignment_domain(at + 1) : NULL;
}

static void reach_verdicts(struct authentication *authentication, const struct authentication_author *who,
                           const struct trust *trust)
{
	const struct author *author = who->author;
	g_autofree char *domain = domain_of(&author->from), *original = domain_of(&author->original);

	verdict_measure(authentication->claims, who->single ? domain : NULL);
	if (!who->single)
		authentication->author = (struct verdict_with_reason){
			VERDICT_AMBIGUOUS, g_strdup("From does not name exactly one mailbox")};
	else if (who->wrapped)
		authentication->author =
			verdict_of_claimed(authentication->claims, domain, trust->strict, "a mail within the mail");
	else if (!domain)
		authentication->author = (struct verdict_with_reason){
			VERDICT_NONE, g_strdup("the domain in From is not a full domain name")};
	else
		authentication->author = verdict_of_domain(authentication->claims, domain, trust->strict);
	if (!author->original.email)
		return;
	authentication->original =
		who->single ? verdict_of_claimed(authentication->claims, original, trust->strict, author->source)
			    : (struct verdict_with_reason){VERDICT_AMBIGUOUS, g_strdup(authentication->author.reason)};
}

static int compare_fields(const void *a, const void *b)
{
	const struct authentication_field *const *one = a, *const *other = b;

	return (*one)->index < (*other)->index ? -1 : (*one)->index > (*other)->index;
}

static int compare_claims(const void *a, const void *b)
{
	const struct claim *const *one = a, *const *other = b;

	return (*one)->index < (*other)->index ? -1 : (*one)->index > (*other)->index;
}

void authentication_read(const struct header_list *headers, const struct authentication_author *author,
                         const struct trust *trust, struct authentication *ret_authentication)
{
	struct authentication authentication = {
		.fields = g_ptr_array_new_with_free_func(field_free),
		.claims = g_ptr_array_new_with_free_func(claim_free),
	};
	struct reading reading = {headers,
	                          trust,
	                          boundary_turns(headers, trust->boundary, trust->position == TRUST_PATH),
	                          &authentication,
	                          signature_has_text(headers),
	                          false};

	read_fields(&reading);
	overrule_received_spf(authentication.claims);
	read_chain(&reading);
	g_ptr_array_sort(authentication.fields, compare_fields);
	g_ptr_array_sort(authentication.claims, compare_claims);
	reach_verdicts(&authentication, author, trust);
	g_array_unref(reading.turns);
	*ret_authentication = authentication;
}
