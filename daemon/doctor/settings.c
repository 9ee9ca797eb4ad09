/* settings.c - looks at the configuration file: does it say what can be used, and who may read it?
 *
 * Used by the command doctor, before anything else.
 */
#include "doctor/settings.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <libpq-fe.h>

#include "settings/value.h"

/* Does the connection string hold a password? */
static bool has_password(const struct config *config)
{
	PQconninfoOption *options = config->conninfo ? PQconninfoParse(config->conninfo, NULL) : NULL;
	bool found = false;

	for (const PQconninfoOption *option = options; option && option->keyword; option++)
		found = found || (strcmp(option->keyword, "password") == 0 && option->val && *option->val);
	PQconninfoFree(options);
	return found;
}

static void look_at_mode(struct findings *findings, const char *path, const struct config *config)
{
	g_autofree char *remedy = g_strdup_printf("chmod o-rwx,g-w %s, and chgrp it to the group that delivers", path);
	struct stat status;

	if (stat(path, &status) < 0)
		return;
	if (status.st_mode & S_IWOTH)
		findings_say(findings, FINDING_FAILURE, "configuration", remedy, "everybody may change %s", path);
	else if ((status.st_mode & S_IROTH) && has_password(config))
		findings_say(findings, FINDING_WARNING, "configuration", remedy,
		             "everybody may read %s, and a password is in it", path);
}

int doctor_read_settings(struct findings *findings, const char *path, struct config *config)
{
	g_autofree char *reason = NULL;
	int status;

	config_init(config);
	if (!path) {
		findings_add(findings, FINDING_OK, "configuration",
		             "there is none (-c FILE): libpq's environment and defaults say which database", NULL);
		return 0;
	}
	status = config_load(config, path, &reason);
	if (status < 0) {
		findings_add(findings, FINDING_FAILURE, "configuration", reason,
		             status == -EINVAL ? "mend that line; patchmaild.conf(5)"
		             : status == -ENOENT
		                     ? "make it of contrib/patchmaild.conf.sample, or mend the path after -c"
		                     : "give this user the right to read it, or run this as one who has it");
		return status;
	}
	look_at_mode(findings, path, config);
	findings_say(findings, FINDING_OK, "configuration", NULL, "%s, with %u group%s", path,
	             config->file->groups->len, config->file->groups->len == 1 ? "" : "s");
	return 0;
}

GPtrArray *doctor_groups(const struct config *config, const char *word)
{
	GPtrArray *names = g_ptr_array_new();
	g_autofree char *begin = g_strconcat(word, " ", NULL);

	for (unsigned i = 0; config->file && i < config->file->groups->len; i++) {
		const struct key_file_group *group = g_ptr_array_index(config->file->groups, i);

		if (g_str_has_prefix(group->name, begin))
			g_ptr_array_add(names, group->name + strlen(begin));
	}
	return names;
}

char *doctor_place(const struct config *config, const char *word, const char *name)
{
	g_autofree char *title = name ? g_strdup_printf("%s %s", word, name) : g_strdup(word);
	const struct key_file_group *group = config->file ? key_file_find(config->file, title) : NULL;

	return g_strdup_printf("see [%s] at %s:%u", title, config->path, group ? group->line : 0);
}

static json_t *names_of(const struct config *config, const char *word)
{
	g_autoptr(GPtrArray) names = doctor_groups(config, word);
	json_t *array = json_array();

	for (unsigned i = 0; i < names->len; i++)
		json_array_append_new(array, json_string(g_ptr_array_index(names, i)));
	return array;
}

/* The lists that mail is given by accounts. */
static void add_account_lists(const struct config *config, json_t *lists)
{
	g_autoptr(GPtrArray) names = doctor_groups(config, "imap");

	for (unsigned i = 0; i < names->len; i++) {
		g_autofree char *reason = NULL;
		struct imap_account *account = config_imap_account(config, g_ptr_array_index(names, i), &reason);

		for (unsigned j = 0; account && j < account->mailboxes->len; j++) {
			const struct imap_account_mailbox *mailbox = g_ptr_array_index(account->mailboxes, j);

			if (mailbox->list_id)
				json_array_append_new(lists, json_string(mailbox->list_id));
		}
		imap_account_free(account);
	}
}

/* And by [recipients], where a key with an @ is an address. */
static void add_recipient_lists(const struct config *config, json_t *lists)
{
	const struct key_file_group *group = config->file ? key_file_find(config->file, RECIPIENTS_GROUP) : NULL;

	for (unsigned i = 0; group && i < group->keys->len; i++) {
		const struct key_file_key *key = g_ptr_array_index(group->keys, i);

		g_autofree char *list_id = NULL;

		if (strchr(key->name, '@') && value_text(&list_id, key->value))
			json_array_append_new(lists, json_string(list_id));
	}
}

/* Is anybody believed about senders, at least of one list? */
static bool trusts_anybody(const struct config *config)
{
	static const char *const keys[] = {"trusted_authserv", "list_authserv", "arc_trusted_sealers"};

	for (unsigned i = 0; config->file && i < config->file->groups->len; i++) {
		const struct key_file_group *group = g_ptr_array_index(config->file->groups, i);

		for (size_t j = 0; j < G_N_ELEMENTS(keys); j++)
			if (key_file_key(group, keys[j]))
				return true;
	}
	return false;
}

json_t *doctor_settings_document(const struct config *config)
{
	json_t *lists = json_array();
	json_t *document = json_pack("{s:b, s:b, s:o, s:o, s:o, s:o}", "role", 1, "trusts", trusts_anybody(config),
	                             "lists", lists, "trusted_lists", names_of(config, "list"), "accounts",
	                             names_of(config, "imap"), "hooks", names_of(config, "notify"));

	add_account_lists(config, lists);
	add_recipient_lists(config, lists);
	return document;
}
