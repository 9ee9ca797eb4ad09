/* configuration.c - reads the configuration.
 *
 * Used by the pipeline at the start, before anything else.
 * Says what is wrong in one line that names the file, and its line or group and key, and never repeats a value.
 */
#include "settings/configuration.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "settings/key_lines.h"

/* One key: where it is written, and what takes its value (false: it does not fit). */
struct key {
	const char *group, *name;
	bool (*set)(struct config *config, const char *value);
	const char *form; /* what it must look like, for the message */
};

static bool set_seconds(unsigned *seconds, const char *value)
{
	guint64 number;

	if (!g_ascii_string_to_unsigned(value, 10, 1, CONFIG_SECONDS_MAX, &number, NULL))
		return false;
	*seconds = (unsigned)number;
	return true;
}

static bool set_conninfo(struct config *config, const char *value)
{
	g_free(config->conninfo);
	config->conninfo = g_strdup(value);
	return *value != '\0';
}

static bool set_connect_timeout(struct config *config, const char *value)
{
	return set_seconds(&config->connect_timeout, value);
}

static bool set_timeout(struct config *config, const char *value)
{
	return set_seconds(&config->timeout, value);
}

static bool set_max_message_size(struct config *config, const char *value)
{
	static const char units[] = "KMG";
	g_autofree char *digits = g_strdup(value);
	size_t length = strlen(digits);
	const char *unit = length > 1 ? strchr(units, g_ascii_toupper(digits[length - 1])) : NULL;
	unsigned shift = 0;
	guint64 number;

	if (unit != NULL) {
		shift = 10 * (unsigned)(unit - units + 1);
		digits[length - 1] = '\0';
	}
	if (!g_ascii_string_to_unsigned(digits, 10, 1, SIZE_MAX >> shift, &number, NULL))
		return false;
	config->max_message_size = (size_t)number << shift;
	return true;
}

static bool set_parsers(struct config *config, const char *value)
{
	guint64 number;

	if (!g_ascii_string_to_unsigned(value, 10, 1, CONFIG_PARSERS_MAX, &number, NULL))
		return false;
	config->parsers = (unsigned)number;
	return true;
}

static bool set_raw(struct config *config, const char *value)
{
	static const char *const known[] = {"none", CONFIG_RAW_DEFAULT, "all"};

	for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
		if (g_str_equal(value, known[i])) {
			config->raw = known[i];
			return true;
		}
	}
	return false;
}

static const struct key keys[] = {
	{"database", "conninfo", set_conninfo, "a libpq connection string"},
	{"database", "connect_timeout", set_connect_timeout, "seconds from 1 to 3600"},
	{"patchmaild", "timeout", set_timeout, "seconds from 1 to 3600"},
	{"patchmaild", "max_message_size", set_max_message_size, "a number of bytes, perhaps with K, M or G after it"},
	{"patchmaild", "parsers", set_parsers, "a number from 1 to " G_STRINGIFY(CONFIG_PARSERS_MAX)},
	{"archive", "raw", set_raw, "none, quarantined or all"},
};

void config_init(struct config *config)
{
	*config = (struct config){
		.connect_timeout = CONFIG_CONNECT_TIMEOUT_DEFAULT,
		.timeout = CONFIG_TIMEOUT_DEFAULT,
		.raw = CONFIG_RAW_DEFAULT,
		.trust = trust_settings_new(),
	};
}

void config_release(struct config *config)
{
	g_clear_pointer(&config->conninfo, g_free);
	g_clear_pointer(&config->trust, trust_settings_free);
	g_clear_pointer(&config->file, g_key_file_unref);
}

static const struct key *find_key(const char *group, const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		if (g_str_equal(keys[i].group, group) && (name == NULL || g_str_equal(keys[i].name, name)))
			return &keys[i];
	}
	return NULL;
}

/* Take one group, whose keys are all known; NULL, or what is wrong. */
static char *read_group(struct config *config, GKeyFile *file, const char *group)
{
	g_auto(GStrv) names = g_key_file_get_keys(file, group, NULL, NULL);

	for (char **name = names; name != NULL && *name != NULL; name++) {
		const struct key *key = find_key(group, *name);
		g_autofree char *value = g_key_file_get_string(file, group, *name, NULL);

		g_assert(key != NULL);
		if (value == NULL || !key->set(config, value))
			return g_strdup_printf("%s in [%s] has to be %s", *name, group, key->form);
	}
	return NULL;
}

/* Is there such a group, or such a key in it? */
static bool knows(const char *group, const char *key)
{
	if (trust_settings_has_group(group))
		return key == NULL || trust_settings_has_key(key);
	if (imap_account_has_group(group))
		return key == NULL || imap_account_has_key(group, key);
	if (hook_settings_has_group(group))
		return key == NULL || hook_settings_has_key(key);
	return find_key(group, key) != NULL;
}

/* The whole file; NULL and a negative errno. */
static char *read_text(const char *path, int *ret_status)
{
	g_autofree char *text = g_malloc(CONFIG_SIZE_MAX + 1);
	FILE *file = fopen(path, "re");
	size_t length;

	*ret_status = file == NULL ? -errno : 0;
	if (file == NULL)
		return NULL;
	length = fread(text, 1, CONFIG_SIZE_MAX + 1, file);
	if (ferror(file))
		*ret_status = -errno;
	else if (length > CONFIG_SIZE_MAX)
		*ret_status = -EFBIG;
	fclose(file);
	if (*ret_status < 0)
		return NULL;
	text[length] = '\0';
	return g_strdup(text);
}

/* Read the file as GLib has it.  0, or a negative errno and a reason. */
static int read_file(const char *path, GKeyFile *file, char **ret_reason)
{
	g_autofree char *text = NULL, *wrong = NULL;
	unsigned line;
	int status = 0;

	text = read_text(path, &status);
	if (text == NULL) {
		*ret_reason = g_strdup_printf("%s: the configuration cannot be read: %s", path, g_strerror(-status));
		return status;
	}
	wrong = key_lines_check(text, knows, &line);
	if (wrong != NULL) {
		*ret_reason = g_strdup_printf("%s:%u: %s", path, line, wrong);
		return -EINVAL;
	}
	if (g_key_file_load_from_data(file, text, strlen(text), G_KEY_FILE_NONE, NULL))
		return 0;
	*ret_reason = g_strdup_printf("%s: not a key file ([group], then key=value lines, in UTF-8)", path);
	return -EINVAL;
}

int config_load(struct config *config, const char *path, char **ret_reason)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autofree char *wrong = NULL;
	g_auto(GStrv) groups = NULL;
	int status = read_file(path, file, ret_reason);

	if (status < 0)
		return status;
	groups = g_key_file_get_groups(file, NULL);
	for (char **group = groups; *group != NULL && wrong == NULL; group++) {
		if (!trust_settings_has_group(*group) && !imap_account_has_group(*group) &&
		    !hook_settings_has_group(*group))
			wrong = read_group(config, file, *group);
	}
	if (wrong == NULL)
		wrong = trust_settings_read(config->trust, file);
	if (wrong == NULL)
		wrong = imap_account_check(file);
	if (wrong == NULL)
		wrong = hook_settings_check(file);
	if (wrong == NULL) {
		config->file = g_steal_pointer(&file);
		return 0;
	}
	*ret_reason = g_strdup_printf("%s: %s", path, wrong);
	return -EINVAL;
}

char *config_imap_account(const struct config *config, const char *name, struct imap_account **ret_account)
{
	if (config->file == NULL)
		return g_strdup("an IMAP account needs a configuration");
	return imap_account_read(config->file, name, ret_account);
}

char *config_hook(const struct config *config, const char *name, struct hook_settings **ret_settings)
{
	if (config->file == NULL)
		return g_strdup("a hook needs a configuration");
	return hook_settings_read(config->file, name, ret_settings);
}
