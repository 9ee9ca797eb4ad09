/* archive_settings.c - the settings of one archive that is followed.
 *
 * Read by configuration.c; used by follow/ and commands/follow.c.
 */
#include "settings/archive_settings.h"

#include <string.h>

#include "settings/value.h"

#define GROUP "archive "

/* One key, and what takes its value (false: it does not fit). */
struct key {
	const char *name;
	bool (*set)(struct archive_settings *settings, const char *value);
	const char *form; /* what it must look like, for the message */
};

static bool set_path(struct archive_settings *settings, const char *value)
{
	return value_text(&settings->path, value) && g_path_is_absolute(settings->path);
}

static bool set_list_id(struct archive_settings *settings, const char *value)
{
	return value_text(&settings->list_id, value);
}

static bool set_command(struct archive_settings *settings, const char *value)
{
	return value_command(&settings->command, value);
}

static bool set_interval(struct archive_settings *settings, const char *value)
{
	return value_number(&settings->interval, value, 1, ARCHIVE_SECONDS);
}

static bool set_command_timeout(struct archive_settings *settings, const char *value)
{
	return value_number(&settings->command_timeout, value, 1, ARCHIVE_SECONDS);
}

static const struct key keys[] = {
	{"path", set_path, "an absolute path"},
	{"list_id", set_list_id, "a list id"},
	{"command", set_command, "an absolute path and arguments"},
	{"interval", set_interval, "seconds from 1 to " G_STRINGIFY(ARCHIVE_SECONDS)},
	{"command_timeout", set_command_timeout, "seconds from 1 to " G_STRINGIFY(ARCHIVE_SECONDS)},
};

void archive_settings_free(struct archive_settings *settings)
{
	if (!settings)
		return;
	g_free(settings->name);
	g_free(settings->path);
	g_free(settings->list_id);
	g_strfreev(settings->command);
	g_free(settings);
}

/* The name of the archive of a group, or NULL if it is of another kind. */
static const char *archive_of(const char *group)
{
	return g_str_has_prefix(group, GROUP) && group[strlen(GROUP)] ? group + strlen(GROUP) : NULL;
}

bool archive_settings_has_group(const char *group)
{
	return archive_of(group) != NULL;
}

static const struct key *find_key(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (g_str_equal(keys[i].name, name))
			return &keys[i];
	return NULL;
}

static bool read_keys(struct archive_settings *settings, const struct key_file_group *group,
                      struct key_file_fault *fault)
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
static bool check(const struct archive_settings *settings, unsigned line, struct key_file_fault *fault)
{
	if (strchr(settings->name, ' '))
		return key_file_blame(fault, line, "the name of an archive has a blank in it: [archive %s]",
		                      settings->name);
	if (strlen(settings->name) > ARCHIVE_NAME_MAX)
		return key_file_blame(fault, line, "the name of an archive is longer than %d bytes", ARCHIVE_NAME_MAX);
	if (!settings->path)
		return key_file_blame(fault, line, "[archive %s] needs a path", settings->name);
	return true;
}

static struct archive_settings *settings_new(const char *name)
{
	struct archive_settings *settings = g_new(struct archive_settings, 1);

	*settings = (struct archive_settings){
		.name = g_strdup(name),
		.interval = ARCHIVE_INTERVAL,
		.command_timeout = ARCHIVE_COMMAND,
	};
	return settings;
}

struct archive_settings *archive_settings_read(const struct key_file *file, const char *name,
                                               struct key_file_fault *ret_fault)
{
	g_autofree char *title = g_strconcat(GROUP, name, NULL);
	const struct key_file_group *group = key_file_find(file, title);
	struct archive_settings *settings;

	*ret_fault = (struct key_file_fault){0};
	if (!group) {
		key_file_blame(ret_fault, 0, "there is no [archive %s]", name);
		return NULL;
	}
	settings = settings_new(name);
	if (read_keys(settings, group, ret_fault) && check(settings, group->line, ret_fault))
		return settings;
	archive_settings_free(settings);
	return NULL;
}

bool archive_settings_check(const struct key_file *file, struct key_file_fault *ret_fault)
{
	*ret_fault = (struct key_file_fault){0};
	for (unsigned i = 0; i < file->groups->len && !ret_fault->reason; i++) {
		const struct key_file_group *group = g_ptr_array_index(file->groups, i);
		const char *name = archive_of(group->name);

		if (name)
			archive_settings_free(archive_settings_read(file, name, ret_fault));
	}
	return !ret_fault->reason;
}
