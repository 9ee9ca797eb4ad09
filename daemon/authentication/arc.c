/* arc.c - the structure of an Authenticated Received Chain (RFC 8617 sections 4 and 5.2).
 *
 * Called by authentication.c.
 */
#include "authentication/arc.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "mail/lexical.h"

#define TAGS_LENGTH (64u * 1024) /* bytes of an ARC-Seal or ARC-Message-Signature */

enum kind { KIND_RESULTS, KIND_SIGNATURE, KIND_SEAL, KIND_COUNT };

static const char *const kinds[] = {
	[KIND_RESULTS] = "ARC-Authentication-Results",
	[KIND_SIGNATURE] = "ARC-Message-Signature",
	[KIND_SEAL] = "ARC-Seal",
};

/* Which fields were seen, for the question whether the sets are whole. */
struct reading {
	struct arc_set sets[ARC_INSTANCES_MAX];
	bool seen[ARC_INSTANCES_MAX][KIND_COUNT];
	unsigned highest;
};

static void set_release(struct arc_set *set)
{
	authentication_results_release(&set->results);
	g_clear_pointer(&set->sealer, g_free);
}

void arc_chain_release(struct arc_chain *chain)
{
	for (unsigned i = 0; i < chain->count; i++)
		set_release(&chain->sets[i]);
	g_clear_pointer(&chain->sets, g_free);
	chain->count = 0;
}

/* A tag-list (RFC 6376 section 3.2) as name to value, folds taken out; NULL if it is not one. */
static GHashTable *read_tags(const char *value)
{
	g_autoptr(GHashTable) tags = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_auto(GStrv) specs = NULL;

	if (strlen(value) > TAGS_LENGTH || !lexical_is_text(value))
		return NULL;
	specs = g_strsplit(value, ";", -1);
	for (char **spec = specs; *spec; spec++) {
		char *equals = strchr(*spec, '=');
		g_autofree char *name = NULL;

		if (!equals && spec[1] == NULL && *g_strstrip(*spec) == '\0')
			break;
		if (!equals)
			return NULL;
		name = g_strstrip(g_strndup(*spec, (gsize)(equals - *spec)));
		if (!g_ascii_isalpha(*name) || name[strspn(name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_")])
			return NULL;
		if (g_hash_table_contains(tags, name))
			return NULL;
		g_hash_table_insert(tags, g_steal_pointer(&name), g_strstrip(g_strdup(equals + 1)));
	}
	return g_steal_pointer(&tags);
}

static bool has_tags(GHashTable *tags, const char *const names[])
{
	for (; *names; names++) {
		const char *value = g_hash_table_lookup(tags, *names);

		if (!value || !*value)
			return false;
	}
	return true;
}

/* The instance of a text such as "7", 0 if it is not one. */
static unsigned instance_of(const char *text)
{
	struct lexical digits = {text};
	int number = lexical_number(&digits);

	return number < 1 || number > ARC_INSTANCES_MAX || *digits.at ? 0 : (unsigned)number;
}

static bool is_algorithm(const char *name)
{
	return g_ascii_strcasecmp(name, "rsa-sha256") == 0 || g_ascii_strcasecmp(name, "ed25519-sha256") == 0;
}

/* Does a signature cover a field of that name? */
static bool covers(const char *names, const char *wanted)
{
	g_auto(GStrv) list = g_strsplit(names, ":", -1);

	for (char **name = list; *name; name++)
		if (g_ascii_strcasecmp(g_strstrip(*name), wanted) == 0)
			return true;
	return false;
}

static const char *read_seal(GHashTable *tags, unsigned instance, struct arc_set *set)
{
	static const char *const needed[] = {"a", "b", "cv", "d", "s", NULL};
	const char *cv = g_hash_table_lookup(tags, "cv"), *sealer = g_hash_table_lookup(tags, "d");

	if (!has_tags(tags, needed))
		return "an ARC-Seal without one of a, b, cv, d, s";
	if (g_hash_table_contains(tags, "h") || g_hash_table_contains(tags, "bh"))
		return "an ARC-Seal with a tag h or bh";
	if (!is_algorithm(g_hash_table_lookup(tags, "a")))
		return "an ARC-Seal with an unknown algorithm";
	if (!lexical_is_domain(sealer))
		return "an ARC-Seal whose d is no domain";
	if (g_ascii_strcasecmp(cv, instance == 1 ? "none" : "pass") != 0)
		return instance == 1 ? "the first ARC-Seal without cv=none" : "an ARC-Seal without cv=pass";
	set->sealer = g_strdup(sealer);
	return NULL;
}

static const char *read_signature(GHashTable *tags)
{
	static const char *const needed[] = {"a", "b", "bh", "d", "h", "s", NULL};

	if (!has_tags(tags, needed))
		return "an ARC-Message-Signature without one of a, b, bh, d, h, s";
	if (!is_algorithm(g_hash_table_lookup(tags, "a")))
		return "an ARC-Message-Signature with an unknown algorithm";
	if (!lexical_is_domain(g_hash_table_lookup(tags, "d")))
		return "an ARC-Message-Signature whose d is no domain";
	if (covers(g_hash_table_lookup(tags, "h"), "ARC-Seal"))
		return "an ARC-Message-Signature over ARC-Seal";
	return NULL;
}

static void skip_fws(struct lexical *text)
{
	text->at += strspn(text->at, " \t\n");
}

/* arc-info = instance [CFWS] ";" authres-payload; the rest of the value, NULL if it does not begin so.  The grammar
 * allows comments and `I=` there; nobody writes them, and verifiers do not agree on whether such a field is one. */
static const char *read_instance(const char *value, unsigned *ret_instance)
{
	struct lexical text = {value};
	int number;

	if (!lexical_is_text(value))
		return NULL;
	skip_fws(&text);
	if (!lexical_skip_char(&text, 'i'))
		return NULL;
	skip_fws(&text);
	if (!lexical_skip_char(&text, '='))
		return NULL;
	skip_fws(&text);
	number = lexical_number(&text);
	skip_fws(&text);
	if (number < 1 || number > ARC_INSTANCES_MAX || !lexical_skip_char(&text, ';'))
		return NULL;
	*ret_instance = (unsigned)number;
	return text.at;
}

/* Takes note of a field, which belongs to that instance. */
static const char *enter(struct reading *reading, unsigned instance, enum kind kind)
{
	bool *seen = &reading->seen[instance - 1][kind];

	if (*seen)
		return "two fields of one kind for one instance";
	*seen = true;
	reading->highest = MAX(reading->highest, instance);
	return NULL;
}

static const char *read_results(struct reading *reading, const char *value, unsigned index)
{
	unsigned instance;
	const char *payload = read_instance(value, &instance), *wrong;
	struct arc_set *set;

	if (!payload)
		return "an ARC-Authentication-Results without an instance from 1 to 50";
	wrong = enter(reading, instance, KIND_RESULTS);
	if (wrong)
		return wrong;
	set = &reading->sets[instance - 1];
	set->results_index = index;
	authentication_results_parse(payload, &set->results, &set->wrong);
	return NULL;
}

static const char *read_tagged(struct reading *reading, const char *value, enum kind kind)
{
	g_autoptr(GHashTable) tags = read_tags(value);
	const char *number = tags ? g_hash_table_lookup(tags, "i") : NULL, *wrong;
	unsigned instance = number ? instance_of(number) : 0;

	if (!tags)
		return "an ARC-Seal or ARC-Message-Signature that is no list of tags";
	if (instance == 0)
		return "an ARC-Seal or ARC-Message-Signature without an instance from 1 to 50";
	wrong = enter(reading, instance, kind);
	if (wrong)
		return wrong;
	return kind == KIND_SEAL ? read_seal(tags, instance, &reading->sets[instance - 1]) : read_signature(tags);
}

/* One verifier takes `ARC-Seal : ` for a seal, another one for a field that it does not know.  So such a field can
 * neither count nor be passed over: the one forges a set on top of a chain that was verified, the other hides a set
 * that was. */
static const char *read_field(struct reading *reading, const struct header_field *field, unsigned index)
{
	for (enum kind kind = KIND_RESULTS; kind < KIND_COUNT; kind++) {
		if (header_hides(field, kinds[kind]))
			return "a field of a chain that only some programs see";
		if (g_ascii_strcasecmp(field->name, kinds[kind]) != 0)
			continue;
		return kind == KIND_RESULTS ? read_results(reading, field->value, index)
		                            : read_tagged(reading, field->value, kind);
	}
	return NULL;
}

static const char *check_sets(const struct reading *reading)
{
	for (unsigned i = 0; i < reading->highest; i++)
		for (enum kind kind = KIND_RESULTS; kind < KIND_COUNT; kind++)
			if (!reading->seen[i][kind])
				return "a set with a field missing";
	return NULL;
}

int arc_read(const struct header_list *headers, struct arc_chain *ret_chain, const char **ret_reason)
{
	struct reading *reading = g_new0(struct reading, 1);
	const char *wrong = NULL;

	for (unsigned i = 0; i < headers->fields->len && !wrong; i++)
		wrong = read_field(reading, g_ptr_array_index(headers->fields, i), i);
	if (!wrong)
		wrong = check_sets(reading);
	if (wrong) {
		for (unsigned i = 0; i < ARC_INSTANCES_MAX; i++)
			set_release(&reading->sets[i]);
		*ret_reason = wrong;
	} else {
		ret_chain->count = reading->highest;
		ret_chain->sets = g_memdup2(reading->sets, reading->highest * sizeof(reading->sets[0]));
	}
	g_free(reading);
	return wrong ? -EBADMSG : 0;
}
