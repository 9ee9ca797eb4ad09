/* lmtp_settings.c - what `patchmaild lmtp` does.
 *
 * Read by configuration.c; used by lmtp/ and commands/.
 */
#include "settings/lmtp_settings.h"

#include <string.h>
#include <sys/un.h>

#include "settings/value.h"

#define GROUP "lmtp"

/* One key, and what takes its value (false: it does not fit). */
struct key {
	const char *name;
	bool (*set)(struct lmtp_settings *settings, const char *value);
	const char *form; /* what it must look like, for the message */
};

static bool set_socket(struct lmtp_settings *settings, const char *value)
{
	return value_text(&settings->socket, value) && g_path_is_absolute(settings->socket) &&
	       strlen(settings->socket) < sizeof(((struct sockaddr_un *)NULL)->sun_path);
}

static bool set_socket_mode(struct lmtp_settings *settings, const char *value)
{
	guint64 mode;

	if (!g_ascii_string_to_unsigned(value, 8, 0600, 0777, &mode, NULL) || (mode & 0600) != 0600)
		return false;
	settings->socket_mode = (unsigned)mode;
	return true;
}

static bool set_connections(struct lmtp_settings *settings, const char *value)
{
	return value_number(&settings->connections, value, 1, LMTP_CONNECTIONS_MAX);
}

static bool set_recipients(struct lmtp_settings *settings, const char *value)
{
	return value_number(&settings->recipients_most, value, 100, LMTP_RECIPIENTS_MAX);
}

static bool set_idle_timeout(struct lmtp_settings *settings, const char *value)
{
	return value_number(&settings->idle_timeout, value, 1, 3600);
}

static bool set_size(struct lmtp_settings *settings, const char *value)
{
	return value_size(&settings->size, value);
}

static const struct key keys[] = {
	{"socket", set_socket, "an absolute path of at most 107 bytes"},
	{"socket_mode", set_socket_mode, "an octal mode from 0600 to 0777"},
	{"connections", set_connections, "a number from 1 to " G_STRINGIFY(LMTP_CONNECTIONS_MAX)},
	{"recipients", set_recipients, "a number from 100 to " G_STRINGIFY(LMTP_RECIPIENTS_MAX)},
	{"idle_timeout", set_idle_timeout, "seconds from 1 to 3600"},
	{"size", set_size, "a number of bytes, perhaps with K, M or G after it"},
};

static bool read_key(struct lmtp_settings *settings, const struct key_file_key *written, struct key_file_fault *fault)
{
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		if (g_str_equal(written->name, keys[i].name))
			return keys[i].set(settings, written->value) ||
			       value_refuse(fault, GROUP, written, keys[i].form);
	}
	return value_unknown(fault, GROUP, written, keys, G_N_ELEMENTS(keys), sizeof(*keys));
}

struct lmtp_settings *lmtp_settings_read(const struct key_file *file, struct key_file_fault *ret_fault)
{
	const struct key_file_group *group = file ? key_file_find(file, GROUP) : NULL;
	struct lmtp_settings *settings = g_new(struct lmtp_settings, 1);
	bool fits = true;

	*settings = (struct lmtp_settings){
		.socket_mode = 0660,
		.connections = 100,
		.recipients_most = 1000,
		.idle_timeout = 300,
		.size = (size_t)1 << 30,
	};
	*ret_fault = (struct key_file_fault){0};
	for (unsigned i = 0; group && i < group->keys->len && fits; i++)
		fits = read_key(settings, g_ptr_array_index(group->keys, i), ret_fault);
	if (fits)
		settings->recipients = recipients_read(file, ret_fault);
	if (settings->recipients)
		return settings;
	lmtp_settings_free(settings);
	return NULL;
}

void lmtp_settings_free(struct lmtp_settings *settings)
{
	if (!settings)
		return;
	g_free(settings->socket);
	recipients_free(settings->recipients);
	g_free(settings);
}

bool lmtp_settings_check(const struct key_file *file, struct key_file_fault *ret_fault)
{
	lmtp_settings_free(lmtp_settings_read(file, ret_fault));
	return !ret_fault->reason;
}

bool lmtp_settings_has_group(const char *group)
{
	return g_str_equal(group, GROUP) || g_str_equal(group, RECIPIENTS_GROUP);
}
