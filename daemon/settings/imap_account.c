/* imap_account.c - the settings of one IMAP account, and its secret.
 *
 * Read by settings/configuration.c; used by imap/ and commands/imap.c.
 */
#include "settings/imap_account.h"

#include <string.h>

#include "settings/secret.h"
#include "settings/value.h"

#define ACCOUNT "imap "
#define MAILBOX "mailbox "
#define SECONDS_MAX 86400

/* One key, and what takes its value (false: it does not fit). */
struct key {
	const char *name;
	bool (*set)(struct imap_account *account, const char *value);
	const char *form; /* what it must look like, for the message */
};

static bool set_host(struct imap_account *account, const char *value)
{
	return value_text(&account->host, value);
}

static bool set_port(struct imap_account *account, const char *value)
{
	return value_number(&account->port, value, 1, 65535);
}

static bool set_tls(struct imap_account *account, const char *value)
{
	int found = value_choice(value, (const char *const[]){"implicit", "starttls", "none", NULL});

	if (found >= 0)
		account->tls = (enum imap_tls)found;
	return found >= 0;
}

static bool set_ca_file(struct imap_account *account, const char *value)
{
	return value_text(&account->ca_file, value);
}

static bool set_user(struct imap_account *account, const char *value)
{
	return value_text(&account->user, value);
}

static bool set_auth(struct imap_account *account, const char *value)
{
	int found = value_choice(value, (const char *const[]){"plain", "scram", "xoauth2", NULL});

	if (found >= 0)
		account->auth = (enum imap_auth)found;
	return found >= 0;
}

static bool set_password_file(struct imap_account *account, const char *value)
{
	return value_text(&account->password_file, value) && g_path_is_absolute(value);
}

static bool set_password_command(struct imap_account *account, const char *value)
{
	g_clear_pointer(&account->password_command, g_strfreev);
	return g_shell_parse_argv(value, NULL, &account->password_command, NULL) &&
	       g_path_is_absolute(account->password_command[0]);
}

static bool set_credential(struct imap_account *account, const char *value)
{
	return value_text(&account->credential, value) && !strchr(value, '/');
}

static void add_mailbox(struct imap_account *account, const char *name)
{
	size_t length = strlen(name);
	bool quoted = length > 2 && name[0] == '"' && name[length - 1] == '"';
	g_autofree char *plain = quoted ? g_strndup(name + 1, length - 2) : g_strdup(name);
	struct imap_account_mailbox *mailbox = imap_account_mailbox_new(plain, NULL);

	mailbox->pattern = !quoted && strpbrk(name, "*%");
	g_ptr_array_add(account->mailboxes, mailbox);
}

static bool set_mailbox(struct imap_account *account, const char *value)
{
	add_mailbox(account, value);
	return *value != '\0' && !value[strcspn(value, "\r\n")];
}

static bool set_list_id(struct imap_account *account, const char *value)
{
	struct imap_account_mailbox *mailbox;

	if (account->mailboxes->len == 0)
		add_mailbox(account, "INBOX");
	mailbox = g_ptr_array_index(account->mailboxes, account->mailboxes->len - 1);
	return value_text(&mailbox->list_id, value);
}

static bool set_after(struct imap_account *account, const char *value)
{
	int found = value_choice(value, (const char *const[]){"nothing", "seen", "flag", "move", "delete", NULL});

	if (found >= 0)
		account->after = (enum imap_account_after)found;
	return found >= 0;
}

static bool set_folder(struct imap_account *account, const char *value)
{
	return value_text(&account->folder, value);
}

/* An atom (RFC 3501 section 9), or \Flagged. */
static bool set_flag(struct imap_account *account, const char *value)
{
	const char *name = g_ascii_strcasecmp(value, "\\Flagged") == 0 ? value + 1 : value;

	return value_text(&account->flag, value) && !name[strspn(name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "$._-")];
}

static bool set_poll_interval(struct imap_account *account, const char *value)
{
	return value_number(&account->poll_interval, value, 1, SECONDS_MAX);
}

static bool set_idle_renew(struct imap_account *account, const char *value)
{
	return value_number(&account->idle_renew, value, 1, 29 * 60);
}

static bool set_command_timeout(struct imap_account *account, const char *value)
{
	return value_number(&account->command_timeout, value, 1, IMAP_ACCOUNT_COMMAND_MOST);
}

static bool set_idle(struct imap_account *account, const char *value)
{
	int found = value_choice(value, (const char *const[]){"no", "yes", NULL});

	account->idle = found == 1;
	return found >= 0;
}

static bool set_since(struct imap_account *account, const char *value)
{
	g_autofree char *text = g_strconcat(value, "T00:00:00Z", NULL);
	g_autoptr(GDateTime) day = g_date_time_new_from_iso8601(text, NULL);

	if (!day || strlen(value) != strlen("2026-01-31"))
		return false;
	account->since = g_date_time_to_unix(day);
	return account->since > 0;
}

static bool set_attempts(struct imap_account *account, const char *value)
{
	return value_number(&account->attempts, value, 1, 1000);
}

static const struct key keys[] = {
	{"host", set_host, "a host name or an address"},
	{"port", set_port, "a number from 1 to 65535"},
	{"tls", set_tls, "implicit, starttls or none"},
	{"ca_file", set_ca_file, "a file"},
	{"user", set_user, "a name"},
	{"auth", set_auth, "plain, scram or xoauth2"},
	{"password_file", set_password_file, "an absolute path"},
	{"password_command", set_password_command, "an absolute path and arguments"},
	{"credential", set_credential, "the name of a credential"},
	{"mailbox", set_mailbox, "the name of a mailbox"},
	{"list_id", set_list_id, "a list id"},
	{"after", set_after, "nothing, seen, flag, move or delete"},
	{"folder", set_folder, "the name of a mailbox"},
	{"flag", set_flag, "\\Flagged or a keyword"},
	{"poll_interval", set_poll_interval, "seconds from 1 to 86400"},
	{"idle_renew", set_idle_renew, "seconds from 1 to 1740"},
	{"command_timeout", set_command_timeout, "seconds from 1 to 90"},
	{"idle", set_idle, "no or yes"},
	{"since", set_since, "a day such as 2026-01-31"},
	{"attempts", set_attempts, "a number from 1 to 1000"},
};

struct imap_account_mailbox *imap_account_mailbox_new(const char *name, const char *list_id)
{
	struct imap_account_mailbox *mailbox = g_new0(struct imap_account_mailbox, 1);

	mailbox->name = g_strdup(name);
	mailbox->list_id = g_strdup(list_id);
	return mailbox;
}

void imap_account_mailbox_free(struct imap_account_mailbox *mailbox)
{
	if (!mailbox)
		return;
	g_free(mailbox->name);
	g_free(mailbox->list_id);
	g_free(mailbox);
}

void imap_account_free(struct imap_account *account)
{
	if (!account)
		return;
	g_free(account->name);
	g_free(account->host);
	g_free(account->ca_file);
	g_free(account->user);
	g_free(account->password_file);
	g_strfreev(account->password_command);
	g_free(account->credential);
	g_ptr_array_unref(account->mailboxes);
	g_free(account->folder);
	g_free(account->flag);
	g_free(account);
}

/* The text after a prefix of a group's name, or NULL. */
static const char *behind(const char *group, const char *prefix)
{
	return g_str_has_prefix(group, prefix) && group[strlen(prefix)] ? group + strlen(prefix) : NULL;
}

/* The mailbox of a group [mailbox ACCOUNT NAME], or NULL if it is not of that account. */
static const char *mailbox_of(const char *group, const char *account)
{
	const char *rest = behind(group, MAILBOX);
	size_t length = strlen(account);

	return rest && g_str_has_prefix(rest, account) && rest[length] == ' ' && rest[length + 1] ? rest + length + 1
	                                                                                          : NULL;
}

bool imap_account_has_group(const char *group)
{
	return behind(group, ACCOUNT) || behind(group, MAILBOX);
}

bool imap_account_has_key(const char *group, const char *name)
{
	if (behind(group, MAILBOX))
		return g_str_equal(name, "list_id");
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		if (g_str_equal(keys[i].name, name))
			return true;
	}
	return false;
}

static char *set_key(struct imap_account *account, GKeyFile *file, const char *group, const char *name)
{
	g_autofree char *value = g_key_file_get_string(file, group, name, NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		if (!g_str_equal(keys[i].name, name))
			continue;
		if (value && keys[i].set(account, value))
			return NULL;
		return g_strdup_printf("%s in [%s] has to be %s", name, group, keys[i].form);
	}
	return g_strdup_printf("unknown key %s in [%s]", name, group);
}

static char *read_keys(struct imap_account *account, GKeyFile *file, const char *group)
{
	g_auto(GStrv) names = g_key_file_get_keys(file, group, NULL, NULL);
	char *wrong = NULL;

	/* The mailbox comes before its list, in whatever order they stand. */
	for (char **name = names; name && *name && !wrong; name++)
		if (g_str_equal(*name, "mailbox"))
			wrong = set_key(account, file, group, *name);
	for (char **name = names; name && *name && !wrong; name++)
		if (!g_str_equal(*name, "mailbox"))
			wrong = set_key(account, file, group, *name);
	return wrong;
}

/* The other mailboxes: their groups have no key but list_id. */
static char *read_mailboxes(struct imap_account *account, GKeyFile *file)
{
	g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);

	for (char **group = groups; *group; group++) {
		const char *name = mailbox_of(*group, account->name);
		g_auto(GStrv) names = name ? g_key_file_get_keys(file, *group, NULL, NULL) : NULL;

		if (name)
			add_mailbox(account, name);
		for (char **key = names; key && *key; key++) {
			char *wrong = g_str_equal(*key, "list_id")
			                      ? set_key(account, file, *group, *key)
			                      : g_strdup_printf("unknown key %s in [%s]", *key, *group);

			if (wrong)
				return wrong;
		}
	}
	return NULL;
}

/* What the settings have to be together. */
static char *check(const struct imap_account *account)
{
	int secrets =
		(account->password_file != NULL) + (account->password_command != NULL) + (account->credential != NULL);

	if (!account->host || !account->user)
		return g_strdup_printf("[imap %s] needs host and user", account->name);
	if (secrets != 1)
		return g_strdup_printf("[imap %s] needs one of password_file, password_command and credential",
		                       account->name);
	if (account->after == IMAP_ACCOUNT_MOVE && !account->folder)
		return g_strdup_printf("[imap %s] needs a folder for after=move", account->name);
	if (account->after == IMAP_ACCOUNT_FLAG && !account->flag)
		return g_strdup_printf("[imap %s] needs a flag for after=flag", account->name);
	return NULL;
}

char *imap_account_read(GKeyFile *file, const char *name, struct imap_account **ret_account)
{
	g_autofree char *group = g_strconcat(ACCOUNT, name, NULL);
	struct imap_account *account = g_new0(struct imap_account, 1);
	char *wrong;

	account->name = g_strdup(name);
	account->mailboxes = g_ptr_array_new_with_free_func((GDestroyNotify)imap_account_mailbox_free);
	account->poll_interval = IMAP_ACCOUNT_POLL;
	account->idle_renew = IMAP_ACCOUNT_IDLE_RENEW;
	account->command_timeout = IMAP_ACCOUNT_COMMAND;
	account->idle = true;
	account->attempts = IMAP_ACCOUNT_ATTEMPTS;
	wrong = g_key_file_has_group(file, group) ? read_keys(account, file, group)
	                                          : g_strdup_printf("there is no [imap %s]", name);
	if (!wrong)
		wrong = read_mailboxes(account, file);
	if (!wrong)
		wrong = check(account);
	if (wrong) {
		imap_account_free(account);
		return wrong;
	}
	if (account->mailboxes->len == 0)
		add_mailbox(account, "INBOX");
	if (account->port == 0)
		account->port = account->tls == IMAP_TLS_IMPLICIT ? 993 : 143;
	*ret_account = account;
	return NULL;
}

char *imap_account_check(GKeyFile *file)
{
	g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
	char *wrong = NULL;

	for (char **group = groups; *group && !wrong; group++) {
		const char *name = behind(*group, ACCOUNT);
		struct imap_account *account = NULL;

		if (name && strchr(name, ' '))
			wrong = g_strdup_printf("the name of an account has a blank in it: [%s]", *group);
		else if (name)
			wrong = imap_account_read(file, name, &account);
		imap_account_free(account);
	}
	return wrong;
}

/* The secret ------------------------------------------------------------------------------------------------------- */

char *imap_account_secret(const struct imap_account *account, char **ret_reason)
{
	char *text;

	if (account->password_file)
		text = secret_of_file(account->password_file, ret_reason);
	else if (account->password_command)
		text = secret_of_command(account->password_command, ret_reason);
	else
		text = secret_of_credential(account->credential, ret_reason);
	if (!text)
		return NULL;
	text[strcspn(text, "\r\n")] = '\0';
	if (*text)
		return text;
	g_free(text);
	*ret_reason = g_strdup("the secret is empty");
	return NULL;
}
