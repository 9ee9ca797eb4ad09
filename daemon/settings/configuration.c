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

#include "settings/conninfo.h"
#include "settings/value.h"

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
	g_autofree char *wrong = conninfo_fault(value);

	g_free(config->conninfo);
	config->conninfo = g_strdup(value);
	return wrong == NULL;
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
	return value_size(&config->max_message_size, value);
}

static bool set_parsers(struct config *config, const char *value)
{
	guint64 number;

	if (!g_ascii_string_to_unsigned(value, 10, 1, CONFIG_PARSERS_MAX, &number, NULL))
		return false;
	config->parsers = (unsigned)number;
	return true;
}

/* One of three words. */
static bool set_word(const char **word, const char *const known[3], const char *value)
{
	for (size_t i = 0; i < 3; i++) {
		if (g_str_equal(value, known[i])) {
			*word = known[i];
			return true;
		}
	}
	return false;
}

static bool set_raw(struct config *config, const char *value)
{
	static const char *const known[] = {"none", CONFIG_RAW_DEFAULT, "all"};

	return set_word(&config->raw, known, value);
}

static bool set_sandbox(struct config *config, const char *value)
{
	static const char *const known[] = {CONFIG_SANDBOX_REQUIRED, CONFIG_SANDBOX_BEST_EFFORT, CONFIG_SANDBOX_OFF};

	return set_word(&config->sandbox, known, value);
}

static const struct key keys[] = {
	{"database", "conninfo", set_conninfo, "a libpq connection string"},
	{"database", "connect_timeout", set_connect_timeout, "seconds from 1 to 3600"},
	{"patchmaild", "timeout", set_timeout, "seconds from 1 to 3600"},
	{"patchmaild", "max_message_size", set_max_message_size, "a number of bytes, perhaps with K, M or G after it"},
	{"patchmaild", "parsers", set_parsers, "a number from 1 to " G_STRINGIFY(CONFIG_PARSERS_MAX)},
	{"patchmaild", "sandbox", set_sandbox, "required, best-effort or off"},
	{"archive", "raw", set_raw, "none, quarantined or all"},
};

void config_init(struct config *config)
{
	*config = (struct config){
		.connect_timeout = CONFIG_CONNECT_TIMEOUT_DEFAULT,
		.timeout = CONFIG_TIMEOUT_DEFAULT,
		.raw = CONFIG_RAW_DEFAULT,
		.sandbox = CONFIG_SANDBOX_BEST_EFFORT,
		.trust = trust_settings_new(),
	};
}

void config_release(struct config *config)
{
	g_clear_pointer(&config->conninfo, g_free);
	g_clear_pointer(&config->trust, trust_settings_free);
	g_clear_pointer(&config->file, key_file_free);
	g_clear_pointer(&config->path, g_free);
}

static const struct key *find_key(const char *group, const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		if (g_str_equal(keys[i].group, group) && (name == NULL || g_str_equal(keys[i].name, name)))
			return &keys[i];
	}
	return NULL;
}

/* The name of a key that is not in its group. */
static bool unknown(const char *group, const struct key_file_key *written, struct key_file_fault *fault)
{
	const char *names[G_N_ELEMENTS(keys)];
	size_t count = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (g_str_equal(keys[i].group, group))
			names[count++] = keys[i].name;
	return value_unknown(fault, group, written, names, count, sizeof(*names));
}

/* Note a value that does not fit. */
static bool refuse(const struct key_file_group *group, const struct key_file_key *written, const struct key *key,
                   struct key_file_fault *fault)
{
	g_autofree char *words = key->set == set_conninfo ? conninfo_fault(written->value) : NULL;

	if (!words)
		return value_refuse(fault, group->name, written, key->form);
	return key_file_blame(fault, written->line, "%s in [%s] has to be %s: %s", written->name, group->name,
	                      key->form, words);
}

/* Take one group of the table above. */
static bool read_group(struct config *config, const struct key_file_group *group, struct key_file_fault *fault)
{
	for (unsigned i = 0; i < group->keys->len; i++) {
		const struct key_file_key *written = g_ptr_array_index(group->keys, i);
		const struct key *key = find_key(group->name, written->name);

		if (key == NULL)
			return unknown(group->name, written, fault);
		if (!key->set(config, written->value))
			return refuse(group, written, key, fault);
	}
	return true;
}

/* Is it a group that somebody reads? */
static bool check_group(const struct key_file_group *group, struct key_file_fault *fault)
{
	static const char *const names[] = {"database", "patchmaild", "archive", "authentication", "list",
	                                    "imap",     "mailbox",    "notify",  "lmtp",           "recipients"};
	g_autofree char *word = g_strndup(group->name, strcspn(group->name, " "));
	const char *like = key_file_suggest(word, names, G_N_ELEMENTS(names), sizeof(*names));

	if (trust_settings_has_group(group->name) || imap_account_has_group(group->name) ||
	    hook_settings_has_group(group->name) || lmtp_settings_has_group(group->name) ||
	    archive_settings_has_group(group->name) || find_key(group->name, NULL) != NULL)
		return true;
	/* Those that have a name of their own after the word. */
	return like != NULL ? key_file_blame(fault, group->line, "unknown group [%s]: perhaps [%s%s]", group->name,
	                                     like, strstr("list imap mailbox notify", like) != NULL ? " ..." : "")
	                    : key_file_blame(fault, group->line, "unknown group [%s]", group->name);
}

/* Hand over a group that authentication/ reads, which has no key_file: it knows of files no more than a text. */
static bool copy_group(GKeyFile *copy, const struct key_file_group *group, struct key_file_fault *fault)
{
	size_t count, size;
	const void *table = trust_settings_keys(&count, &size);

	/* So that the group is there if it has no key. */
	g_key_file_set_string(copy, group->name, "x", "");
	g_key_file_remove_key(copy, group->name, "x", NULL);
	for (unsigned i = 0; i < group->keys->len; i++) {
		const struct key_file_key *key = g_ptr_array_index(group->keys, i);
		const char *like = key_file_suggest(key->name, table, count, size);

		if (like == NULL || !g_str_equal(like, key->name))
			return value_unknown(fault, group->name, key, table, count, size);
		g_key_file_set_string(copy, group->name, key->name, key->value);
	}
	return true;
}

static bool read_trust(struct config *config, const struct key_file *file, struct key_file_fault *fault)
{
	g_autoptr(GKeyFile) copy = g_key_file_new();
	const struct key_file_group *group;
	const struct key_file_key *key;
	g_autofree char *wrong = NULL, *in = NULL, *on = NULL;

	for (unsigned i = 0; i < file->groups->len; i++) {
		group = g_ptr_array_index(file->groups, i);
		if (trust_settings_has_group(group->name) && !copy_group(copy, group, fault))
			return false;
	}
	wrong = trust_settings_read(config->trust, copy, &in, &on);
	if (wrong == NULL)
		return true;
	group = key_file_find(file, in);
	key = on != NULL ? key_file_key(group, on) : NULL;
	return key_file_blame(fault, key != NULL ? key->line : group->line, "%s", wrong);
}

static bool read_groups(struct config *config, const struct key_file *file, struct key_file_fault *fault)
{
	bool fits = true;

	for (unsigned i = 0; i < file->groups->len && fits; i++) {
		const struct key_file_group *group = g_ptr_array_index(file->groups, i);

		fits = check_group(group, fault);
		if (fits && find_key(group->name, NULL) != NULL)
			fits = read_group(config, group, fault);
	}
	return fits && read_trust(config, file, fault) && imap_account_check(file, fault) &&
	       hook_settings_check(file, fault) && lmtp_settings_check(file, fault) &&
	       archive_settings_check(file, fault);
}

/* The whole file (the caller frees it); NULL and a negative errno. */
static char *read_text(const char *path, size_t *ret_length, int *ret_status)
{
	g_autofree char *text = g_malloc(CONFIG_SIZE_MAX + 1);
	FILE *file = fopen(path, "re");

	*ret_status = file == NULL ? -errno : 0;
	if (file == NULL)
		return NULL;
	*ret_length = fread(text, 1, CONFIG_SIZE_MAX + 1, file);
	if (ferror(file))
		*ret_status = -errno;
	else if (*ret_length > CONFIG_SIZE_MAX)
		*ret_status = -EFBIG;
	fclose(file);
	if (*ret_status < 0)
		return NULL;
	text[*ret_length] = '\0';
	return g_steal_pointer(&text);
}

/* A fault as a reason (the caller frees it), with the file and the line; releases it. */
static char *reason_of(const char *path, struct key_file_fault *fault)
{
	char *reason = fault->line > 0 ? g_strdup_printf("%s:%u: %s", path, fault->line, fault->reason)
	                               : g_strdup_printf("%s: %s", path, fault->reason);

	key_file_fault_release(fault);
	return reason;
}

int config_load(struct config *config, const char *path, char **ret_reason)
{
	g_autoptr(key_file) file = NULL;
	g_autofree char *text = NULL;
	struct key_file_fault fault;
	size_t length = 0;
	int status = 0;

	text = read_text(path, &length, &status);
	if (text == NULL) {
		*ret_reason = g_strdup_printf("%s: the configuration cannot be read: %s", path, g_strerror(-status));
		return status;
	}
	file = key_file_parse(text, length, &fault);
	if (file == NULL || !read_groups(config, file, &fault)) {
		*ret_reason = reason_of(path, &fault);
		return -EINVAL;
	}
	config->file = g_steal_pointer(&file);
	config->path = g_strdup(path);
	return 0;
}

struct imap_account *config_imap_account(const struct config *config, const char *name, char **ret_reason)
{
	struct key_file_fault fault = {0};
	struct imap_account *account = NULL;

	if (config->file == NULL)
		*ret_reason = g_strdup("an IMAP account needs a configuration");
	else
		account = imap_account_read(config->file, name, &fault);
	if (fault.reason != NULL)
		*ret_reason = reason_of(config->path, &fault);
	return account;
}

struct hook_settings *config_hook(const struct config *config, const char *name, char **ret_reason)
{
	struct key_file_fault fault = {0};
	struct hook_settings *settings = NULL;

	if (config->file == NULL)
		*ret_reason = g_strdup("a hook needs a configuration");
	else
		settings = hook_settings_read(config->file, name, &fault);
	if (fault.reason != NULL)
		*ret_reason = reason_of(config->path, &fault);
	return settings;
}

struct archive_settings *config_archive(const struct config *config, const char *name, char **ret_reason)
{
	struct key_file_fault fault = {0};
	struct archive_settings *settings = NULL;

	if (config->file == NULL)
		*ret_reason = g_strdup("an archive that is followed needs a configuration");
	else
		settings = archive_settings_read(config->file, name, &fault);
	if (fault.reason != NULL)
		*ret_reason = reason_of(config->path, &fault);
	return settings;
}

struct lmtp_settings *config_lmtp(const struct config *config, char **ret_reason)
{
	struct key_file_fault fault = {0};
	struct lmtp_settings *settings = lmtp_settings_read(config->file, &fault);

	if (fault.reason != NULL)
		*ret_reason = reason_of(config->path, &fault);
	return settings;
}
