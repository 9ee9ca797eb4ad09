/* verdict.c - what the claims of trusted hosts come to.
 *
 * Called by authentication.c.  dkim=pass speaks for the domain that signed, dmarc=pass for that of From, spf=pass for
 * the envelope's alone.  A signature that does not hold says no more than a missing one (RFC 6376 section 6.1).
 */
#include "authentication/verdict.h"

#include <string.h>

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[] = {
		[VERDICT_AMBIGUOUS] = "ambiguous", [VERDICT_FAIL] = "fail", [VERDICT_CONFLICT] = "conflict",
		[VERDICT_CLAIMED] = "claimed",     [VERDICT_NONE] = "none", [VERDICT_PASS] = "pass",
	};

	return names[verdict];
}

void verdict_measure(const GPtrArray *claims, const char *domain)
{
	for (unsigned i = 0; i < claims->len; i++) {
		struct claim *claim = g_ptr_array_index(claims, i);

		claim->measured = domain && claim->identity;
		if (claim->measured)
			claim->alignment = alignment_of(claim->identity, domain);
	}
}

/* What two results have in common that may not differ: whose word, at which turn, on what.  A mail has one From and one
 * chain, so a host has one word each on these. */
static char *question_of(const struct claim *claim)
{
	const char *id = claim->authserv_id ? claim->authserv_id : "";
	const char *identity = strcmp(claim->method, "spf") == 0 ? claim->identity : NULL;
	g_autofree char *lower = g_ascii_strdown(id, -1), *domain = alignment_domain(id);

	return g_strdup_printf("%d %d\n%s\n%s\n%s\n%s", (int)claim->source, claim->turn, domain ? domain : lower,
	                       claim->method, identity ? identity : "", claim->scope ? claim->scope : "");
}

static bool contradicts(const struct claim *claim, const struct claim *other)
{
	return strcmp(other->result, claim->result) != 0 ||
	       (claim->identity && other->identity && strcmp(other->identity, claim->identity) != 0);
}

/* A mail may have several signatures, and one of them several times. */
static bool may_differ(const struct claim *claim)
{
	return strcmp(claim->method, "dkim") == 0;
}

/* The first claim that counts and that an earlier one contradicts, which is *ret_other; NULL if there is none. */
static const struct claim *find_conflict(const GPtrArray *claims, const struct claim **ret_other)
{
	g_autoptr(GHashTable) answers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (unsigned i = 0; i < claims->len; i++) {
		struct claim *claim = g_ptr_array_index(claims, i), *other;
		g_autofree char *question = NULL;

		if (claim->reason || may_differ(claim))
			continue;
		question = question_of(claim);
		other = g_hash_table_lookup(answers, question);
		if (other && contradicts(claim, other)) {
			*ret_other = other;
			return claim;
		}
		g_hash_table_insert(answers, g_steal_pointer(&question), claim);
	}
	return NULL;
}

static bool is_aligned(const char *identity, const char *domain, bool strict)
{
	return alignment_of(identity, domain) >= (strict ? ALIGNMENT_STRICT : ALIGNMENT_RELAXED);
}

/* The first claim that the author's domain stands behind the mail. */
static const struct claim *find_pass(const GPtrArray *claims, const char *domain, bool strict, bool only_sealed)
{
	for (unsigned i = 0; i < claims->len; i++) {
		const struct claim *claim = g_ptr_array_index(claims, i);

		if (only_sealed && claim->source != SOURCE_ARC)
			continue;
		if (claim_says(claim, "dkim", "pass") && is_aligned(claim->identity, domain, strict))
			return claim;
		if (claim_says(claim, "dmarc", "pass") && strcmp(claim->identity, domain) == 0)
			return claim;
	}
	return NULL;
}

/* The first claim of that method on the domain whatever its result is, or with that result. */
static const struct claim *find_claim(const GPtrArray *claims, const char *method, const char *result,
                                      const char *domain)
{
	for (unsigned i = 0; i < claims->len; i++) {
		const struct claim *claim = g_ptr_array_index(claims, i);

		if (!claim->reason && strcmp(claim->method, method) == 0 && claim->identity &&
		    strcmp(claim->identity, domain) == 0 && (!result || strcmp(claim->result, result) == 0))
			return claim;
	}
	return NULL;
}

static struct verdict_with_reason verdict_from(enum verdict verdict, const struct claim *claim)
{
	return (struct verdict_with_reason){verdict, g_strdup_printf("%s says %s=%s of %s", claim->by, claim->method,
	                                                             claim->result, claim->identity)};
}

/* Nothing counts for or against: say what there is nevertheless. */
static struct verdict_with_reason verdict_without_proof(const GPtrArray *claims, const char *domain)
{
	const struct claim *claim = find_claim(claims, "dmarc", NULL, domain);

	if (!claim)
		claim = find_claim(claims, "dkim", NULL, domain);
	if (claim)
		return verdict_from(VERDICT_NONE, claim);
	return (struct verdict_with_reason){VERDICT_NONE,
	                                    g_strdup_printf("nobody who is trusted says anything of %s", domain)};
}

static char *conflict_in_words(const struct claim *claim, const struct claim *other)
{
	bool same = strcmp(claim->result, other->result) == 0;

	return g_strdup_printf("%s says both %s=%s%s%s and %s=%s%s%s", claim->by, other->method, other->result,
	                       same ? " of " : "", same ? other->identity : "", claim->method, claim->result,
	                       same ? " of " : "", same ? claim->identity : "");
}

struct verdict_with_reason verdict_of_domain(const GPtrArray *claims, const char *domain, bool strict)
{
	const struct claim *other = NULL, *claim = find_conflict(claims, &other);

	if (claim)
		return (struct verdict_with_reason){VERDICT_CONFLICT, conflict_in_words(claim, other)};
	claim = find_pass(claims, domain, strict, false);
	if (claim)
		return verdict_from(VERDICT_PASS, claim);
	claim = find_claim(claims, "dmarc", "fail", domain);
	return claim ? verdict_from(VERDICT_FAIL, claim) : verdict_without_proof(claims, domain);
}

struct verdict_with_reason verdict_of_claimed(const GPtrArray *claims, const char *domain, bool strict,
                                              const char *where)
{
	const struct claim *other = NULL, *claim = NULL;

	if (domain && !find_conflict(claims, &other))
		claim = find_pass(claims, domain, strict, true);
	if (claim)
		return verdict_from(VERDICT_PASS, claim);
	return (struct verdict_with_reason){
		VERDICT_CLAIMED,
		g_strdup_printf("the address stands in %s, and nothing that is sealed vouches for it", where)};
}
