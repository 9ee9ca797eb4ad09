/* config.c - reads the configuration.
 *
 * Used by the pipeline at the start, before anything else.
 * Says what is wrong in one line that names file, group and key, and never repeats a value.
 */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <glib.h>

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

static const struct key keys[] = {
	{"database", "conninfo", set_conninfo, "a libpq connection string"},
	{"database", "connect_timeout", set_connect_timeout, "seconds from 1 to 3600"},
	{"patchmaild", "timeout", set_timeout, "seconds from 1 to 3600"},
	{"patchmaild", "max_message_size", set_max_message_size, "a number of bytes, with K, M or G behind it or not"},
};

void config_init(struct config *config)
{
	*config = (struct config){
		.connect_timeout = CONFIG_CONNECT_TIMEOUT_DEFAULT,
		.timeout = CONFIG_TIMEOUT_DEFAULT,
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

/* Take one group; NULL, or what is wrong. */
static char *read_group(struct config *config, GKeyFile *file, const char *group)
{
	g_auto(GStrv) names = g_key_file_get_keys(file, group, NULL, NULL);

	if (find_key(group, NULL) == NULL)
		return g_strdup_printf("unknown group [%s]", group);
	for (char **name = names; name != NULL && *name != NULL; name++) {
		const struct key *key = find_key(group, *name);
		g_autofree char *value = NULL;

		if (key == NULL)
			return g_strdup_printf("unknown key %s in [%s]", *name, group);
		value = g_key_file_get_string(file, group, *name, NULL);
		if (value == NULL || !key->set(config, value))
			return g_strdup_printf("%s in [%s] has to be %s", *name, group, key->form);
	}
	return NULL;
}

/* Why GLib could not read the file, without its text: that one repeats the line. */
static int load_failure(const GError *error, const char *path, char **ret_reason)
{
	if (error->domain == G_FILE_ERROR) {
		*ret_reason = g_strdup_printf("%s: the configuration cannot be read: %s", path, error->message);
		return error->code == G_FILE_ERROR_NOENT ? -ENOENT : -EACCES;
	}
	*ret_reason = g_strdup_printf("%s: not a key file ([group], then key=value lines, in UTF-8)", path);
	return -EINVAL;
}

int config_load(struct config *config, const char *path, char **ret_reason)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autoptr(GError) error = NULL;
	g_autofree char *wrong = NULL;
	g_auto(GStrv) groups = NULL;

	if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, &error))
		return load_failure(error, path, ret_reason);
	groups = g_key_file_get_groups(file, NULL);
	for (char **group = groups; *group != NULL && wrong == NULL; group++) {
		if (!trust_settings_has_group(*group) && !imap_account_has_group(*group))
			wrong = read_group(config, file, *group);
	}
	if (wrong == NULL)
		wrong = trust_settings_read(config->trust, file);
	if (wrong == NULL)
		wrong = imap_account_check(file);
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
