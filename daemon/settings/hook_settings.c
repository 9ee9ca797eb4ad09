/* hook_settings.c - the settings of one hook, and its secrets.
 *
 * Read by configuration.c; used by hook/ and commands/notify.c.
 */
#include "settings/hook_settings.h"

#include <string.h>

#include "settings/secret.h"
#include "settings/value.h"

#define GROUP "notify "
#define SECONDS_MAX 86400
#define DAYS_MAX 3650
#define STANDARD_SECRET "whsec_"

/* One key, and what takes its value (false: it does not fit). */
struct key {
	const char *name;
	bool (*set)(struct hook_settings *settings, const char *value);
	const char *form; /* what it must look like, for the message */
};

/* A URL that a program can ask for. */
static bool is_http(const char *url)
{
	g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED, NULL);
	const char *scheme = uri ? g_uri_get_scheme(uri) : "", *host = uri ? g_uri_get_host(uri) : NULL;

	return host && *host && (g_str_equal(scheme, "http") || g_str_equal(scheme, "https"));
}

static bool set_url(struct hook_settings *settings, const char *value)
{
	return value_text(&settings->url, value) && strlen(settings->url) <= HOOK_URL_MAX && is_http(settings->url);
}

static bool set_command(struct hook_settings *settings, const char *value)
{
	return value_command(&settings->command, value);
}

static bool set_secret_file(struct hook_settings *settings, const char *value)
{
	return value_text(&settings->secret_file, value) && g_path_is_absolute(settings->secret_file);
}

static bool set_credential(struct hook_settings *settings, const char *value)
{
	return value_text(&settings->credential, value) && !strchr(settings->credential, '/');
}

static bool set_ca_file(struct hook_settings *settings, const char *value)
{
	return value_text(&settings->ca_file, value);
}

static bool set_cleartext(struct hook_settings *settings, const char *value)
{
	int found = value_choice(value, (const char *const[]){"no", "yes", NULL});

	settings->cleartext = found == 1;
	return found >= 0;
}

static bool set_filter(struct hook_settings *settings, const char *value)
{
	return value_text(&settings->filter, value);
}

static bool set_base_url(struct hook_settings *settings, const char *value)
{
	return value_text(&settings->base_url, value) &&
	       (g_str_has_prefix(settings->base_url, "http://") || g_str_has_prefix(settings->base_url, "https://"));
}

static bool set_from(struct hook_settings *settings, const char *value)
{
	return value_text(&settings->from, value) &&
	       (value_choice(settings->from, (const char *const[]){"now", "beginning", NULL}) >= 0 ||
	        g_ascii_string_to_unsigned(settings->from, 10, 0, G_MAXINT64, NULL, NULL));
}

static bool set_give_up(struct hook_settings *settings, const char *value)
{
	return value_number(&settings->give_up, value, 1, DAYS_MAX);
}

static bool set_timeout(struct hook_settings *settings, const char *value)
{
	return value_number(&settings->timeout, value, 1, HOOK_TIMEOUT_MAX);
}

static bool set_poll(struct hook_settings *settings, const char *value)
{
	return value_number(&settings->poll, value, 1, SECONDS_MAX);
}

static bool set_batch(struct hook_settings *settings, const char *value)
{
	return value_number(&settings->batch, value, 1, HOOK_BATCH_MAX);
}

static const struct key keys[] = {
	{"url", set_url, "a URL that begins with https:// or http://"},
	{"command", set_command, "an absolute path and arguments"},
	{"secret_file", set_secret_file, "an absolute path"},
	{"credential", set_credential, "the name of a credential"},
	{"tls_ca_file", set_ca_file, "a file"},
	{"cleartext", set_cleartext, "no or yes"},
	{"filter", set_filter, "a filter of events, such as category=series-completed"},
	{"base_url", set_base_url, "a URL that begins with https:// or http://"},
	{"from", set_from, "now, beginning or a position"},
	{"give_up", set_give_up, "days from 1 to " G_STRINGIFY(DAYS_MAX)},
	{"timeout", set_timeout, "seconds from 1 to " G_STRINGIFY(HOOK_TIMEOUT_MAX)},
	{"poll", set_poll, "seconds from 1 to " G_STRINGIFY(SECONDS_MAX)},
	{"batch", set_batch, "a number from 1 to " G_STRINGIFY(HOOK_BATCH_MAX)},
};

void hook_settings_free(struct hook_settings *settings)
{
	if (!settings)
		return;
	g_free(settings->name);
	g_free(settings->url);
	g_strfreev(settings->command);
	g_free(settings->secret_file);
	g_free(settings->credential);
	g_free(settings->ca_file);
	g_free(settings->filter);
	g_free(settings->base_url);
	g_free(settings->from);
	g_free(settings);
}

/* The name of the hook of a group, or NULL if it is of another kind. */
static const char *hook_of(const char *group)
{
	return g_str_has_prefix(group, GROUP) && group[strlen(GROUP)] ? group + strlen(GROUP) : NULL;
}

bool hook_settings_has_group(const char *group)
{
	return hook_of(group) != NULL;
}

static const struct key *find_key(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (g_str_equal(keys[i].name, name))
			return &keys[i];
	return NULL;
}

static bool read_keys(struct hook_settings *settings, const struct key_file_group *group, struct key_file_fault *fault)
{
	for (unsigned i = 0; i < group->keys->len; i++) {
		const struct key_file_key *key = g_ptr_array_index(group->keys, i);
		const struct key *known = find_key(key->name);

		if (!known)
			return value_unknown(fault, group->name, key, keys, G_N_ELEMENTS(keys), sizeof(*keys));
		if (!known->set(settings, key->value))
			return value_refuse(fault, group->name, key, known->form);
	}
	return true;
}

/* What the settings have to be together. */
static bool check(const struct hook_settings *settings, unsigned line, struct key_file_fault *fault)
{
	const char *wrong = NULL;

	if (strchr(settings->name, ' '))
		return key_file_blame(fault, line, "the name of a hook has a blank in it: [notify %s]", settings->name);
	if ((settings->url != NULL) == (settings->command != NULL))
		wrong = "needs one of url and command";
	else if (settings->secret_file && settings->credential)
		wrong = "has both secret_file and credential";
	else if (settings->command && (settings->secret_file || settings->credential || settings->ca_file))
		wrong = "has a command: secret_file, credential and tls_ca_file are for a url";
	return !wrong || key_file_blame(fault, line, "[notify %s] %s", settings->name, wrong);
}

static struct hook_settings *settings_new(const char *name)
{
	struct hook_settings *settings = g_new0(struct hook_settings, 1);

	settings->name = g_strdup(name);
	settings->filter = g_strdup("");
	settings->base_url = g_strdup("");
	settings->from = g_strdup("now");
	settings->give_up = HOOK_GIVE_UP;
	settings->timeout = HOOK_TIMEOUT;
	settings->poll = HOOK_POLL;
	settings->batch = HOOK_BATCH;
	return settings;
}

struct hook_settings *hook_settings_read(const struct key_file *file, const char *name,
                                         struct key_file_fault *ret_fault)
{
	g_autofree char *title = g_strconcat(GROUP, name, NULL);
	const struct key_file_group *group = key_file_find(file, title);
	struct hook_settings *settings;

	*ret_fault = (struct key_file_fault){0};
	if (!group) {
		key_file_blame(ret_fault, 0, "there is no [notify %s]", name);
		return NULL;
	}
	settings = settings_new(name);
	if (read_keys(settings, group, ret_fault) && check(settings, group->line, ret_fault))
		return settings;
	hook_settings_free(settings);
	return NULL;
}

bool hook_settings_check(const struct key_file *file, struct key_file_fault *ret_fault)
{
	*ret_fault = (struct key_file_fault){0};
	for (unsigned i = 0; i < file->groups->len && !ret_fault->reason; i++) {
		const struct key_file_group *group = g_ptr_array_index(file->groups, i);
		const char *name = hook_of(group->name);

		if (name)
			hook_settings_free(hook_settings_read(file, name, ret_fault));
	}
	return !ret_fault->reason;
}

/* The secrets ------------------------------------------------------------------------------------------------------ */

/* As the free function of GBytes: the length is not known to it, and a secret may hold NUL. */
struct bytes {
	size_t length;
	guchar data[];
};

static void wipe_bytes(void *data)
{
	struct bytes *bytes = data;

	explicit_bzero(bytes->data, bytes->length);
	g_free(bytes);
}

static GBytes *bytes_of(const void *data, size_t length)
{
	struct bytes *bytes = g_malloc0(sizeof(*bytes) + length);

	bytes->length = length;
	memcpy(bytes->data, data, length);
	return g_bytes_new_with_free_func(bytes->data, length, wipe_bytes, bytes);
}

/* NULL if it is no base64. */
static GBytes *decode(const char *text)
{
	size_t length = 0, size = strlen(text);
	g_autofree guchar *data = NULL;
	GBytes *bytes = NULL;

	if (size > 0 && size % 4 == 0 && strspn(text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "+/=") == size) {
		data = g_base64_decode(text, &length);
		bytes = length > 0 ? bytes_of(data, length) : NULL;
		explicit_bzero(data, length);
	}
	return bytes;
}

static char *read_text(const struct hook_settings *settings, int call, size_t *ret_length, char **ret_reason)
{
	if (settings->secret_file)
		return secret_of_file(settings->secret_file, call, ret_length, ret_reason);
	if (settings->credential)
		return secret_of_credential(settings->credential, call, ret_length, ret_reason);
	*ret_length = 0;
	return g_strdup("");
}

/* Take the secrets of a text.  NULL, or what is wrong. */
static const char *take_lines(char *text, GPtrArray *secrets)
{
	char *rest = text, *line;

	while ((line = strsep(&rest, "\r\n"))) {
		GBytes *secret;

		if (!*line)
			continue;
		secret = g_str_has_prefix(line, STANDARD_SECRET) ? decode(line + strlen(STANDARD_SECRET))
		                                                 : bytes_of(line, strlen(line));
		if (!secret)
			return "what follows " STANDARD_SECRET " is no base64";
		g_ptr_array_add(secrets, secret);
	}
	return secrets->len > HOOK_SECRETS ? "there are more than " G_STRINGIFY(HOOK_SECRETS) " secrets" : NULL;
}

GPtrArray *hook_settings_secrets(const struct hook_settings *settings, int call, char **ret_reason)
{
	g_autoptr(GPtrArray) secrets = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	size_t length = 0;
	char *text = read_text(settings, call, &length, ret_reason);
	const char *wrong;

	if (!text)
		return NULL;
	wrong = memchr(text, '\0', length) ? "there is a NUL in the secret" : take_lines(text, secrets);
	explicit_bzero(text, length);
	g_free(text);
	if (!wrong && secrets->len == 0 && (settings->secret_file || settings->credential))
		wrong = "the secret is empty";
	if (!wrong)
		return g_steal_pointer(&secrets);
	*ret_reason = g_strdup_printf("[notify %s]: %s", settings->name, wrong);
	return NULL;
}
