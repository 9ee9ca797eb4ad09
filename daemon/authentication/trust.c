/* trust.c - whose word on a mail's sender counts.
 *
 * Read by settings/configuration.c in the process that has the configuration, and handed as text to the one that parses
 * mail.
 */
#include "authentication/trust.h"

#include <string.h>

#define GENERAL "authentication"
#define OF_LIST "list "

struct trust_settings {
	GKeyFile *file;    /* only groups that are read here, with values that fit */
	size_t size;       /* bytes of these groups, keys and values */
	GHashTable *lists; /* of char *: the list id in lower case, or "" for the general ones, to struct trust */
};

/* One key, and what takes its value (false: it does not fit). */
struct key {
	const char *name;
	bool (*set)(struct trust *trust, const char *value);
	const char *form; /* what it must look like, for the message */
};

/* Names with blanks or commas between them. */
static bool set_names(GStrv *names, const char *value)
{
	g_auto(GStrv) words = g_strsplit_set(value, " \t,", -1);
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

	for (char **word = words; *word; word++)
		if (**word)
			g_strv_builder_add(builder, *word);
	g_strfreev(*names);
	*names = g_strv_builder_end(builder);
	return true;
}

static const struct {
	const char *name;
	enum trust_method bit;
} methods[] = {{"dkim", TRUST_DKIM}, {"spf", TRUST_SPF}, {"dmarc", TRUST_DMARC}, {"arc", TRUST_ARC}};

unsigned trust_method(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(methods); i++)
		if (g_ascii_strcasecmp(methods[i].name, name) == 0)
			return methods[i].bit;
	return 0;
}

/* `ID` or `ID:METHOD+METHOD`; false if it is neither. */
static bool read_authserv(const char *word, struct trust_authserv *ret_authserv)
{
	const char *colon = strchr(word, ':');
	g_auto(GStrv) names = g_strsplit(colon ? colon + 1 : "", "+", -1);
	unsigned bits = colon ? 0 : TRUST_EVERY_METHOD;

	for (char **name = names; *name; name++) {
		if (trust_method(*name) == 0)
			return false;
		bits |= trust_method(*name);
	}
	if (colon == word || bits == 0)
		return false;
	*ret_authserv = (struct trust_authserv){g_strndup(word, colon ? (gsize)(colon - word) : strlen(word)), bits};
	return true;
}

static void free_authservs(struct trust_authserv *authservs)
{
	for (struct trust_authserv *each = authservs; each->id; each++)
		g_free(each->id);
	g_free(authservs);
}

static struct trust_authserv *copy_authservs(const struct trust_authserv *authservs)
{
	size_t count = 0;
	struct trust_authserv *copy;

	while (authservs[count].id)
		count++;
	copy = g_memdup2(authservs, (count + 1) * sizeof(*copy));
	for (size_t i = 0; i < count; i++)
		copy[i].id = g_strdup(copy[i].id);
	return copy;
}

static bool set_authservs(struct trust_authserv **authservs, const char *value)
{
	g_auto(GStrv) words = g_strsplit_set(value, " \t,", -1);
	struct trust_authserv *set = g_new0(struct trust_authserv, g_strv_length(words) + 1), *next = set;
	bool fits = true;

	for (char **word = words; *word && fits; word++)
		if (**word && (fits = read_authserv(*word, next)))
			next++;
	free_authservs(fits ? *authservs : set);
	if (fits)
		*authservs = set;
	return fits;
}

static bool set_choice(bool *choice, const char *value, const char *no, const char *yes)
{
	*choice = g_str_equal(value, yes);
	return *choice || g_str_equal(value, no);
}

static bool set_trusted_authserv(struct trust *trust, const char *value)
{
	return set_authservs(&trust->trusted_authserv, value);
}

static bool set_list_authserv(struct trust *trust, const char *value)
{
	return set_authservs(&trust->list_authserv, value);
}

static bool set_boundary(struct trust *trust, const char *value)
{
	return set_names(&trust->boundary, value);
}

static bool set_arc_trusted_sealers(struct trust *trust, const char *value)
{
	return set_names(&trust->arc_trusted_sealers, value);
}

static bool set_position(struct trust *trust, const char *value)
{
	static const char *const names[] = {
		[TRUST_BOUNDARY] = "boundary", [TRUST_PATH] = "path", [TRUST_ANYWHERE] = "any"};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		if (g_str_equal(value, names[i])) {
			trust->position = (enum trust_position)i;
			return true;
		}
	}
	return false;
}

static bool set_alignment(struct trust *trust, const char *value)
{
	return set_choice(&trust->strict, value, "relaxed", "strict");
}

static bool set_received_spf(struct trust *trust, const char *value)
{
	return set_choice(&trust->received_spf, value, "no", "yes");
}

#define AUTHSERVS "names, each with or without `:` and methods with `+` between them (dkim, spf, dmarc, arc)"

static const struct key keys[] = {
	{"trusted_authserv", set_trusted_authserv, AUTHSERVS},
	{"list_authserv", set_list_authserv, AUTHSERVS},
	{"boundary", set_boundary, "names of hosts"},
	{"arc_trusted_sealers", set_arc_trusted_sealers, "domains"},
	{"position", set_position, "boundary, path or any"},
	{"alignment", set_alignment, "relaxed or strict"},
	{"received_spf", set_received_spf, "no or yes"},
};

static void trust_free(void *data)
{
	struct trust *trust = data;

	free_authservs(trust->trusted_authserv);
	free_authservs(trust->list_authserv);
	g_strfreev(trust->boundary);
	g_strfreev(trust->arc_trusted_sealers);
	g_free(trust);
}

static struct trust *trust_copy(const struct trust *trust)
{
	struct trust *copy = g_memdup2(trust, sizeof(*trust));

	copy->trusted_authserv = copy_authservs(trust->trusted_authserv);
	copy->list_authserv = copy_authservs(trust->list_authserv);
	copy->boundary = g_strdupv(trust->boundary);
	copy->arc_trusted_sealers = g_strdupv(trust->arc_trusted_sealers);
	return copy;
}

const struct trust *trust_nobody(void)
{
	static char *none[] = {NULL};
	static struct trust_authserv no_id[] = {{NULL, 0}};
	static const struct trust nobody = {no_id, no_id, none, none, TRUST_BOUNDARY, false, false};

	return &nobody;
}

struct trust_settings *trust_settings_new(void)
{
	struct trust_settings *settings = g_new0(struct trust_settings, 1);

	settings->file = g_key_file_new();
	settings->lists = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, trust_free);
	g_hash_table_insert(settings->lists, g_strdup(""), trust_copy(trust_nobody()));
	return settings;
}

void trust_settings_free(struct trust_settings *settings)
{
	if (!settings)
		return;
	g_key_file_unref(settings->file);
	g_hash_table_unref(settings->lists);
	g_free(settings);
}

bool trust_settings_has_group(const char *group)
{
	return g_str_equal(group, GENERAL) ||
	       (g_str_has_prefix(group, OF_LIST) && group[strlen(OF_LIST)] && !strpbrk(group, "[]"));
}

static const struct key *find_key(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (g_str_equal(keys[i].name, name))
			return &keys[i];
	return NULL;
}

const void *trust_settings_keys(size_t *ret_count, size_t *ret_size)
{
	*ret_count = G_N_ELEMENTS(keys);
	*ret_size = sizeof(*keys);
	return keys;
}

/* Take a key of a group.  NULL, or what is wrong. */
static char *read_key(struct trust_settings *settings, GKeyFile *file, const char *group, const char *name,
                      struct trust *trust)
{
	const struct key *key = find_key(name);
	g_autofree char *value = NULL;

	if (!key)
		return g_strdup_printf("unknown key %s in [%s]", name, group);
	value = g_key_file_get_string(file, group, name, NULL);
	if (!value || !key->set(trust, value))
		return g_strdup_printf("%s in [%s] has to be %s", name, group, key->form);
	g_key_file_set_string(settings->file, group, name, value);
	settings->size += strlen(name) + strlen(value);
	return NULL;
}

/* Take the keys of a group.  NULL, or what is wrong, and with which key, if it is one (the caller frees both). */
static char *read_group(struct trust_settings *settings, GKeyFile *file, const char *group, struct trust *trust,
                        char **ret_key)
{
	g_auto(GStrv) names = g_key_file_get_keys(file, group, NULL, NULL);

	settings->size += strlen(group);
	for (char **name = names; name && *name; name++) {
		char *wrong = read_key(settings, file, group, *name, trust);

		if (wrong) {
			*ret_key = g_strdup(*name);
			return wrong;
		}
	}
	if (settings->size > TRUST_SETTINGS_SIZE)
		return g_strdup_printf("[authentication] and the groups of lists together have more than %u bytes",
		                       TRUST_SETTINGS_SIZE);
	if ((trust->trusted_authserv->id || trust->list_authserv->id) && !*trust->boundary &&
	    trust->position != TRUST_ANYWHERE)
		return g_strdup_printf("[%s] trusts somebody and has neither boundary nor position=any", group);
	return NULL;
}

/* The settings of a list's group: the general ones, and its own over them.  NULL, or what is wrong. */
static char *read_list(struct trust_settings *settings, GKeyFile *file, const char *group, GHashTable *groups_of_lists,
                       char **ret_key)
{
	g_autofree char *list_id = g_ascii_strdown(group + strlen(OF_LIST), -1);
	const char *other = g_hash_table_lookup(groups_of_lists, list_id);
	struct trust *trust;

	if (other)
		return g_strdup_printf("[%s] and [%s] are one list", other, group);
	g_hash_table_insert(groups_of_lists, g_strdup(list_id), g_strdup(group));
	trust = trust_copy(g_hash_table_lookup(settings->lists, ""));
	g_hash_table_insert(settings->lists, g_steal_pointer(&list_id), trust);
	return read_group(settings, file, group, trust, ret_key);
}

char *trust_settings_read(struct trust_settings *settings, GKeyFile *file, char **ret_group, char **ret_key)
{
	g_autoptr(GHashTable) groups_of_lists = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
	struct trust *general = g_hash_table_lookup(settings->lists, "");
	const char *group = GENERAL;
	char *wrong =
		g_key_file_has_group(file, GENERAL) ? read_group(settings, file, GENERAL, general, ret_key) : NULL;

	for (char **each = groups; *each && !wrong; each++) {
		if (g_str_equal(*each, GENERAL) || !trust_settings_has_group(*each))
			continue;
		group = *each;
		wrong = read_list(settings, file, group, groups_of_lists, ret_key);
	}
	if (wrong)
		*ret_group = g_strdup(group);
	return wrong;
}

char *trust_settings_text(const struct trust_settings *settings)
{
	gsize length;
	char *text = g_key_file_to_data(settings->file, &length, NULL);

	if (length == 0)
		g_clear_pointer(&text, g_free);
	return text;
}

bool trust_settings_take(struct trust_settings *settings, const char *text)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autofree char *wrong = NULL, *group = NULL, *key = NULL;

	if (!g_key_file_load_from_data(file, text, strlen(text), G_KEY_FILE_NONE, NULL))
		return false;
	wrong = trust_settings_read(settings, file, &group, &key);
	return !wrong;
}

const struct trust *trust_settings_for(const struct trust_settings *settings, const char *list_id)
{
	g_autofree char *key = g_ascii_strdown(list_id ? list_id : "", -1);
	const struct trust *trust = g_hash_table_lookup(settings->lists, key);

	return trust ? trust : g_hash_table_lookup(settings->lists, "");
}

bool trust_names(const GStrv list, const char *text)
{
	for (char **name = list; *name; name++)
		if (g_ascii_strcasecmp(*name, text) == 0)
			return true;
	return false;
}
