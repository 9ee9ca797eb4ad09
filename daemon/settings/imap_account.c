/* imap_account.c - the settings of one IMAP account, and its secret.
 *
 * Read by settings/configuration.c; used by imap/ and commands/imap.c.
 */
#include "settings/imap_account.h"

#include <string.h>

#include "settings/host.h"
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
	g_autofree char *host = NULL, *text = NULL;

	if (!value_text(&text, value))
		return false;
	host = host_normalize(text);
	g_free(account->host);
	account->host = g_steal_pointer(&host);
	return account->host != NULL;
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

static const char *const auths[] = {
	[IMAP_AUTH_PLAIN] = "plain",
	[IMAP_AUTH_SCRAM] = "scram",
	[IMAP_AUTH_XOAUTH2] = "xoauth2",
	[IMAP_AUTH_OAUTHBEARER] = "oauthbearer",
	[IMAP_AUTH_ANONYMOUS] = "anonymous",
	[IMAP_AUTH_PREAUTH] = "preauth",
	NULL,
};

static bool set_auth(struct imap_account *account, const char *value)
{
	int found = value_choice(value, auths);

	if (found >= 0)
		account->auth = (enum imap_auth)found;
	return found >= 0;
}

static bool set_password_file(struct imap_account *account, const char *value)
{
	return value_text(&account->password_file, value) && g_path_is_absolute(account->password_file);
}

static bool set_password_command(struct imap_account *account, const char *value)
{
	return value_command(&account->password_command, value);
}

static bool set_credential(struct imap_account *account, const char *value)
{
	return value_text(&account->credential, value) && !strchr(account->credential, '/');
}

/* A name as it is written: in quotes it is no pattern. */
static void add_mailbox(struct imap_account *account, const char *name, const char *written)
{
	struct imap_account_mailbox *mailbox = imap_account_mailbox_new(name, NULL);

	mailbox->pattern = g_str_equal(name, written) && strpbrk(name, "*%");
	g_ptr_array_add(account->mailboxes, mailbox);
}

static bool set_mailbox(struct imap_account *account, const char *value)
{
	g_autofree char *name = NULL;
	bool fits = value_text(&name, value);

	if (fits)
		add_mailbox(account, name, value);
	return fits;
}

static bool set_list_id(struct imap_account *account, const char *value)
{
	struct imap_account_mailbox *mailbox;

	if (account->mailboxes->len == 0)
		add_mailbox(account, "INBOX", "INBOX");
	mailbox = g_ptr_array_index(account->mailboxes, account->mailboxes->len - 1);
	return value_text(&mailbox->list_id, value) && !mailbox->list_id[strcspn(mailbox->list_id, " \t<>@")];
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

/* An atom (RFC 3501 section 9), or \Flagged, which was written with two backslashes once. */
static bool set_flag(struct imap_account *account, const char *value)
{
	const char *text = g_str_has_prefix(value, "\\\\") ? value + 1 : value;
	const char *name = g_ascii_strcasecmp(text, "\\Flagged") == 0 ? text + 1 : text;

	return value_text(&account->flag, text) && !name[strspn(name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "$._-")];
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

static bool set_trace(struct imap_account *account, const char *value)
{
	return value_text(&account->trace, value) && g_path_is_absolute(value);
}

static const struct key keys[] = {
	{"host", set_host, "a host name or an address, without a port"},
	{"port", set_port, "a number from 1 to 65535"},
	{"tls", set_tls, "implicit, starttls or none"},
	{"ca_file", set_ca_file, "a file"},
	{"user", set_user, "a name"},
	{"auth", set_auth, "plain, scram, xoauth2, oauthbearer, anonymous or preauth"},
	{"password_file", set_password_file, "an absolute path"},
	{"password_command", set_password_command, "an absolute path and arguments"},
	{"credential", set_credential, "the name of a credential"},
	{"mailbox", set_mailbox, "the name of a mailbox"},
	{"list_id", set_list_id, "a list id such as list.example.org, without < > and @"},
	{"after", set_after, "nothing, seen, flag, move or delete"},
	{"folder", set_folder, "the name of a mailbox"},
	{"flag", set_flag, "\\Flagged or a keyword"},
	{"poll_interval", set_poll_interval, "seconds from 1 to 86400"},
	{"idle_renew", set_idle_renew, "seconds from 1 to 1740"},
	{"command_timeout", set_command_timeout, "seconds from 1 to 90"},
	{"idle", set_idle, "no or yes"},
	{"since", set_since, "a day such as 2026-01-31"},
	{"attempts", set_attempts, "a number from 1 to 1000"},
	{"trace", set_trace, "an absolute path"},
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
	g_free(account->trace);
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

/* What a group of a mailbox may have. */
static const char *const mailbox_keys[] = {"list_id"};

/* Take a key of the table above. */
static bool set_key(struct imap_account *account, const struct key_file_group *group, const struct key_file_key *key,
                    struct key_file_fault *fault)
{
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (g_str_equal(keys[i].name, key->name))
			return keys[i].set(account, key->value) || value_refuse(fault, group->name, key, keys[i].form);
	return value_unknown(fault, group->name, key, keys, G_N_ELEMENTS(keys), sizeof(*keys));
}

/* The mailbox comes before its list, in whatever order they stand. */
static bool read_keys(struct imap_account *account, const struct key_file_group *group, struct key_file_fault *fault)
{
	const struct key_file_key *mailbox = key_file_key(group, "mailbox");
	bool fits = !mailbox || set_key(account, group, mailbox, fault);

	for (unsigned i = 0; i < group->keys->len && fits; i++) {
		const struct key_file_key *key = g_ptr_array_index(group->keys, i);

		if (key != mailbox)
			fits = set_key(account, group, key, fault);
	}
	return fits;
}

/* Is it a mailbox that the account has already?  INBOX is the same in any case (RFC 3501 section 5.1). */
static bool has_mailbox(const struct imap_account *account, const char *name)
{
	bool inbox = g_ascii_strcasecmp(name, "INBOX") == 0;

	for (unsigned i = 0; i < account->mailboxes->len; i++) {
		const struct imap_account_mailbox *mailbox = g_ptr_array_index(account->mailboxes, i);

		if (g_str_equal(mailbox->name, name) || (inbox && g_ascii_strcasecmp(mailbox->name, "INBOX") == 0))
			return true;
	}
	return false;
}

/* One more mailbox: its group has no key but list_id. */
static bool read_mailbox(struct imap_account *account, const char *written, const struct key_file_group *group,
                         struct key_file_fault *fault)
{
	g_autofree char *name = NULL;
	bool fits = true;

	if (!value_text(&name, written) || *written == ' ' || written[strlen(written) - 1] == ' ')
		return key_file_blame(fault, group->line, "odd quotes or two blanks around the name of a mailbox: [%s]",
		                      group->name);
	if (has_mailbox(account, name))
		return key_file_blame(fault, group->line, "[%s] is followed already, by [imap %s] or another group",
		                      group->name, account->name);
	add_mailbox(account, name, written);
	for (unsigned i = 0; i < group->keys->len && fits; i++) {
		const struct key_file_key *key = g_ptr_array_index(group->keys, i);

		fits = g_str_equal(key->name, mailbox_keys[0])
		               ? set_key(account, group, key, fault)
		               : value_unknown(fault, group->name, key, mailbox_keys, 1, sizeof(*mailbox_keys));
	}
	return fits;
}

static bool read_mailboxes(struct imap_account *account, const struct key_file *file, struct key_file_fault *fault)
{
	bool fits = true;

	for (unsigned i = 0; i < file->groups->len && fits; i++) {
		const struct key_file_group *group = g_ptr_array_index(file->groups, i);
		const char *name = mailbox_of(group->name, account->name);

		if (name)
			fits = read_mailbox(account, name, group, fault);
	}
	return fits;
}

static bool needs_secret(const struct imap_account *account)
{
	return account->auth != IMAP_AUTH_ANONYMOUS && account->auth != IMAP_AUTH_PREAUTH;
}

/* Who we are: what is missing or too much, or NULL. */
static const char *check_login(const struct imap_account *account)
{
	int secrets =
		(account->password_file != NULL) + (account->password_command != NULL) + (account->credential != NULL);

	if (!needs_secret(account))
		return secrets > 0 || account->user ? "has a user or a secret, of which its auth makes no use"
		       : !account->host             ? "needs a host"
		       : account->auth == IMAP_AUTH_PREAUTH && account->tls == IMAP_TLS_STARTTLS
		               ? "has auth=preauth, and then it is too late for tls=starttls"
		               : NULL;
	if (!account->host || !account->user)
		return "needs host and user";
	return secrets == 1 ? NULL : "needs one of password_file, password_command and credential";
}

/* What the settings have to be together. */
static bool check(const struct imap_account *account, unsigned line, struct key_file_fault *fault)
{
	const char *wrong = check_login(account);

	if (strchr(account->name, ' '))
		return key_file_blame(fault, line, "the name of an account has a blank in it: [imap %s]",
		                      account->name);
	if (!wrong && account->after == IMAP_ACCOUNT_MOVE && !account->folder)
		wrong = "needs a folder for after=move";
	if (!wrong && account->after == IMAP_ACCOUNT_MOVE && has_mailbox(account, account->folder))
		return key_file_blame(fault, line, "[imap %s] moves mail into %s, which it follows", account->name,
		                      account->folder);
	if (!wrong && account->after == IMAP_ACCOUNT_FLAG && !account->flag)
		wrong = "needs a flag for after=flag";
	return !wrong || key_file_blame(fault, line, "[imap %s] %s", account->name, wrong);
}

static struct imap_account *account_new(const char *name)
{
	struct imap_account *account = g_new0(struct imap_account, 1);

	account->name = g_strdup(name);
	account->mailboxes = g_ptr_array_new_with_free_func((GDestroyNotify)imap_account_mailbox_free);
	account->poll_interval = IMAP_ACCOUNT_POLL;
	account->idle_renew = IMAP_ACCOUNT_IDLE_RENEW;
	account->command_timeout = IMAP_ACCOUNT_COMMAND;
	account->idle = true;
	account->attempts = IMAP_ACCOUNT_ATTEMPTS;
	return account;
}

struct imap_account *imap_account_read(const struct key_file *file, const char *name, struct key_file_fault *ret_fault)
{
	g_autofree char *title = g_strconcat(ACCOUNT, name, NULL);
	const struct key_file_group *group = key_file_find(file, title);
	struct imap_account *account;
	bool right;

	*ret_fault = (struct key_file_fault){0};
	if (!group) {
		key_file_blame(ret_fault, 0, "there is no [imap %s]", name);
		return NULL;
	}
	account = account_new(name);
	right = read_keys(account, group, ret_fault) && read_mailboxes(account, file, ret_fault);
	if (account->mailboxes->len == 0)
		add_mailbox(account, "INBOX", "INBOX");
	if (!right || !check(account, group->line, ret_fault)) {
		imap_account_free(account);
		return NULL;
	}
	if (account->port == 0)
		account->port = account->tls == IMAP_TLS_IMPLICIT ? 993 : 143;
	return account;
}

/* A mailbox belongs to an account, and has a name. */
static bool check_mailbox(const struct key_file *file, const struct key_file_group *group, struct key_file_fault *fault)
{
	const char *rest = behind(group->name, MAILBOX), *blank = rest ? strchr(rest, ' ') : NULL;
	g_autofree char *name = blank ? g_strndup(rest, (gsize)(blank - rest)) : NULL;
	g_autofree char *title = g_strconcat(ACCOUNT, name, NULL);

	if (!blank)
		return key_file_blame(fault, group->line, "[%s] has to be [mailbox ACCOUNT NAME]", group->name);
	return key_file_find(file, title) ||
	       key_file_blame(fault, group->line, "[%s] is of an account that is not there: [%s]", group->name, title);
}

bool imap_account_check(const struct key_file *file, struct key_file_fault *ret_fault)
{
	*ret_fault = (struct key_file_fault){0};
	for (unsigned i = 0; i < file->groups->len && !ret_fault->reason; i++) {
		const struct key_file_group *group = g_ptr_array_index(file->groups, i);
		const char *name = behind(group->name, ACCOUNT);

		if (name)
			imap_account_free(imap_account_read(file, name, ret_fault));
		else if (behind(group->name, MAILBOX))
			check_mailbox(file, group, ret_fault);
	}
	return !ret_fault->reason;
}

/* The secret ------------------------------------------------------------------------------------------------------- */

/* Leave the first line of a text.  What is wrong with it, or NULL. */
static const char *take_line(char *text, size_t length)
{
	if (memchr(text, '\0', length))
		return "there is a NUL in the secret: it is to be plain text in UTF-8";
	text[strcspn(text, "\r\n")] = '\0';
	return *text ? NULL : "the secret is empty";
}

char *imap_account_secret(const struct imap_account *account, int call, char **ret_reason)
{
	const char *wrong;
	size_t length = 0;
	char *text;

	if (!needs_secret(account))
		return g_strdup("");
	if (account->password_file)
		text = secret_of_file(account->password_file, call, &length, ret_reason);
	else if (account->password_command)
		text = secret_of_command(account->password_command, call, &length, ret_reason);
	else
		text = secret_of_credential(account->credential, call, &length, ret_reason);
	wrong = text ? take_line(text, length) : NULL;
	if (!wrong)
		return text;
	explicit_bzero(text, length);
	g_free(text);
	*ret_reason = g_strdup(wrong);
	return NULL;
}
