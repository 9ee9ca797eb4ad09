/* session.c - a conversation with an IMAP server.
 *
 * Called by service.c and visit.c.  libetpan writes the commands and reads the answers; if it does not do that right,
 * the place says so.  Promises: no credential before TLS has been verified, no name or secret that could break out of a
 * command.
 */
#include "imap/session.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include <libetpan/libetpan.h>

#include "base/deadline.h"
#include "imap/command.h"
#include "imap/utf7.h"

/* Opening ------------------------------------------------------------------------------------------------------ */

static int start_tls(struct imap_session *session, char **ret_reason)
{
	mailstream *stream = session->imap->imap_stream;
	int error = mailimap_starttls(session->imap);

	/* What came after the answer came in clear text, and would be taken for what TLS protects (CVE-2011-0411).
	 * libetpan looks for it too, and says so in the server's words. */
	if (stream->read_buffer_len > 0) {
		*ret_reason = g_strdup("STARTTLS: the server sent more before TLS began");
		return -EAGAIN;
	}
	if (imap_command_status(session, "STARTTLS", error, -EAGAIN, ret_reason) < 0)
		return -EAGAIN;
	return imap_stream_start_tls(session->stream, deadline_after(session->seconds), ret_reason);
}

/* Anew after TLS and after the login: what was said before may be forged, or be less. */
static int ask_capabilities(struct imap_session *session, char **ret_reason)
{
	struct mailimap_capability_data *capabilities = NULL;
	int error = mailimap_capability(session->imap, &capabilities);

	if (capabilities)
		mailimap_capability_data_free(capabilities);
	if (error == MAILIMAP_NO_ERROR && !capabilities)
		error = MAILIMAP_ERROR_PARSE;
	return imap_command_status(session, "CAPABILITY", error, -EAGAIN, ret_reason);
}

static int greet(struct imap_session *session, const struct imap_endpoint *endpoint, char **ret_reason)
{
	int error =
		mailimap_connect(session->imap, mailstream_new(imap_stream_low(session->stream), IMAP_STREAM_BUFFER));

	if (error != MAILIMAP_NO_ERROR_NON_AUTHENTICATED) {
		*ret_reason = error == MAILIMAP_NO_ERROR_AUTHENTICATED
		                      ? g_strdup("the server takes us for somebody without a login")
		                      : imap_command_describe(session, "the greeting", error);
		return -EAGAIN;
	}
	if (endpoint->tls == IMAP_TLS_STARTTLS && start_tls(session, ret_reason) < 0)
		return -EAGAIN;
	imap_command_allow(session);
	return ask_capabilities(session, ret_reason);
}

int imap_session_open(const struct imap_endpoint *endpoint, struct imap_session **ret_session, char **ret_reason)
{
	struct imap_session *session;
	struct imap_stream *stream;

	if (imap_stream_open(endpoint, deadline_after(endpoint->silence), &stream, ret_reason) < 0)
		return -EAGAIN;
	session = g_new0(struct imap_session, 1);
	session->stream = stream;
	session->seconds = endpoint->silence;
	session->imap = mailimap_new(0, NULL);
	if (!session->imap)
		g_error("out of memory");
	imap_command_allow(session);
	if (greet(session, endpoint, ret_reason) < 0) {
		imap_session_free(session);
		return -EAGAIN;
	}
	*ret_session = session;
	return 0;
}

void imap_session_free(struct imap_session *session)
{
	if (!session)
		return;
	/* mailimap_free() says LOGOUT and waits for an answer; there is no time for it. */
	imap_stream_allow(session->stream, 0, 0);
	mailimap_free(session->imap);
	g_free(session);
}

/* Logging in --------------------------------------------------------------------------------------------------- */

static int authenticate(struct imap_session *session, enum imap_auth auth, const char *user, const char *secret)
{
	switch (auth) {
	case IMAP_AUTH_XOAUTH2:
		return mailimap_oauth2_authenticate(session->imap, user, secret);
	case IMAP_AUTH_SCRAM:
		return mailimap_authenticate(session->imap, "SCRAM-SHA-256", NULL, NULL, NULL, user, user, secret,
		                             NULL);
	default:
		if (mailimap_has_extension(session->imap, "LOGINDISABLED"))
			return mailimap_authenticate(session->imap, "PLAIN", NULL, NULL, NULL, user, user, secret,
			                             NULL);
		return mailimap_login(session->imap, user, secret);
	}
}

int imap_session_login(struct imap_session *session, enum imap_auth auth, const char *user, const char *secret,
                       char **ret_reason)
{
	int error, status;

	if (!imap_command_is_safe(user) || !imap_command_is_safe(secret)) {
		*ret_reason = g_strdup("a user or secret with an end of line in it");
		return -EACCES;
	}
	imap_command_allow(session);
	error = authenticate(session, auth, user, secret);
	status = imap_command_status(session, "the login", error, -EACCES, ret_reason);
	return status < 0 ? status : ask_capabilities(session, ret_reason);
}

/* Mailboxes ---------------------------------------------------------------------------------------------------- */

static char *wire_name(const char *name, char **ret_reason)
{
	char *encoded = imap_command_is_safe(name) ? imap_utf7_encode(name) : NULL;

	if (!encoded)
		*ret_reason = g_strdup("a mailbox name that is no UTF-8, or has an end of line in it");
	return encoded;
}

int imap_session_select(struct imap_session *session, const char *name, bool read_only,
                        struct imap_mailbox *ret_mailbox, char **ret_reason)
{
	g_autofree char *encoded = wire_name(name, ret_reason);
	const char *command = read_only ? "EXAMINE" : "SELECT";
	const struct mailimap_selection_info *info;
	int error, status;

	if (!encoded)
		return -ENOENT;
	imap_command_allow(session);
	error = read_only ? mailimap_examine(session->imap, encoded) : mailimap_select(session->imap, encoded);
	status = imap_command_status(session, command, error, -ENOENT, ret_reason);
	if (status < 0)
		return status;
	info = session->imap->imap_selection_info;
	if (!info || info->sel_uidvalidity == 0) {
		*ret_reason = g_strdup_printf("%s: the server gives the mailbox no UIDVALIDITY", command);
		return -EAGAIN;
	}
	session->exists = info->sel_exists;
	*ret_mailbox = (struct imap_mailbox){info->sel_uidvalidity, info->sel_uidnext, info->sel_exists};
	return 0;
}

static struct mailimap_search_key *since_key(int64_t since)
{
	time_t seconds = (time_t)since;
	struct tm day;

	gmtime_r(&seconds, &day);
	return mailimap_search_key_new_since(mailimap_date_new(day.tm_mday, day.tm_mon + 1, day.tm_year + 1900));
}

/* Takes both. */
static struct mailimap_search_key *both_keys(struct mailimap_search_key *one, struct mailimap_search_key *other)
{
	clist *keys = clist_new();

	if (!keys || clist_append(keys, one) < 0 || clist_append(keys, other) < 0)
		g_error("out of memory");
	return mailimap_search_key_new_multiple(keys);
}

int imap_session_compare_uids(const void *a, const void *b)
{
	const uint32_t *one = a, *other = b;

	return *one < *other ? -1 : *one > *other;
}

int imap_session_search(struct imap_session *session, uint32_t first, uint32_t last, int64_t since, GArray **ret_uids,
                        char **ret_reason)
{
	struct mailimap_search_key *key = mailimap_search_key_new_uid(mailimap_set_new_interval(first, last));
	clist *found = NULL;
	int status;

	if (since > 0)
		key = both_keys(key, since_key(since));
	imap_command_allow(session);
	status = imap_command_status(session, "UID SEARCH", mailimap_uid_search(session->imap, NULL, key, &found),
	                             -EAGAIN, ret_reason);
	mailimap_search_key_free(key);
	if (status < 0)
		return status;
	*ret_uids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	for (clistiter *item = found ? clist_begin(found) : NULL; item; item = clist_next(item)) {
		uint32_t uid = *(uint32_t *)clist_content(item);

		/* `n:*` is also the last mail if that is below n; and a server may say anything. */
		if (uid >= first && uid <= last)
			g_array_append_val(*ret_uids, uid);
	}
	if (found)
		mailimap_search_result_free(found);
	g_array_sort(*ret_uids, imap_session_compare_uids);
	return 0;
}

/* Mails -------------------------------------------------------------------------------------------------------- */

/* "\\Seen", "\\Flagged", "\\Deleted", or a keyword. */
static struct mailimap_flag *flag_of(const char *name)
{
	char *keyword;

	if (g_ascii_strcasecmp(name, "\\Seen") == 0)
		return mailimap_flag_new_seen();
	if (g_ascii_strcasecmp(name, "\\Flagged") == 0)
		return mailimap_flag_new_flagged();
	if (g_ascii_strcasecmp(name, "\\Deleted") == 0)
		return mailimap_flag_new_deleted();
	keyword = strdup(name); /* libetpan frees it */
	if (!keyword)
		g_error("out of memory");
	return mailimap_flag_new_flag_keyword(keyword);
}

int imap_session_flag(struct imap_session *session, struct imap_uids mails, const char *flag, char **ret_reason)
{
	struct mailimap_flag_list *flags = mailimap_flag_list_new_empty();
	struct mailimap_store_att_flags *store = mailimap_store_att_flags_new_add_flags_silent(flags);
	struct mailimap_set *set = imap_command_set(mails);
	int error;

	mailimap_flag_list_add(flags, flag_of(flag));
	imap_command_allow(session);
	error = mailimap_uid_store(session->imap, set, store);
	mailimap_store_att_flags_free(store);
	mailimap_set_free(set);
	return imap_command_status(session, "UID STORE", error, -EPERM, ret_reason);
}

static int expunge(struct imap_session *session, struct imap_uids mails, char **ret_reason)
{
	struct mailimap_set *set = imap_command_set(mails);
	int error;

	imap_command_allow(session);
	error = mailimap_uid_expunge(session->imap, set);
	mailimap_set_free(set);
	return imap_command_status(session, "UID EXPUNGE", error, -EPERM, ret_reason);
}

/* Without UIDPLUS an EXPUNGE would take with it what others have marked. */
int imap_session_delete(struct imap_session *session, struct imap_uids mails, char **ret_reason)
{
	int status;

	if (!mailimap_has_uidplus(session->imap)) {
		*ret_reason = g_strdup("the server has no UIDPLUS, without which a mail cannot be removed alone");
		return -ENOTSUP;
	}
	status = imap_session_flag(session, mails, "\\Deleted", ret_reason);
	return status < 0 ? status : expunge(session, mails, ret_reason);
}

static int copy_and_delete(struct imap_session *session, uint32_t uid, const char *encoded, char **ret_reason)
{
	struct mailimap_set *set = mailimap_set_new_single(uid);
	int status;

	imap_command_allow(session);
	status = imap_command_status(session, "UID COPY", mailimap_uid_copy(session->imap, set, encoded), -EPERM,
	                             ret_reason);
	mailimap_set_free(set);
	return status < 0 ? status : imap_session_delete(session, (struct imap_uids){&uid, 1}, ret_reason);
}

/* One by one: after a failure no more than one is copied, and still there. */
static int copy_and_delete_each(struct imap_session *session, struct imap_uids mails, const char *encoded,
                                char **ret_reason)
{
	int status = 0;

	for (unsigned i = 0; i < mails.count && status == 0; i++)
		status = copy_and_delete(session, mails.uids[i], encoded, ret_reason);
	return status;
}

int imap_session_move(struct imap_session *session, struct imap_uids mails, const char *name, char **ret_reason)
{
	g_autofree char *encoded = wire_name(name, ret_reason);
	struct mailimap_set *set;
	int status;

	if (!encoded)
		return -EPERM;
	if (!mailimap_has_extension(session->imap, "MOVE")) {
		if (mailimap_has_uidplus(session->imap))
			return copy_and_delete_each(session, mails, encoded, ret_reason);
		*ret_reason = g_strdup("the server has neither MOVE nor UIDPLUS");
		return -ENOTSUP;
	}
	set = imap_command_set(mails);
	imap_command_allow(session);
	status = imap_command_status(session, "UID MOVE", mailimap_uid_move(session->imap, set, encoded), -EPERM,
	                             ret_reason);
	mailimap_set_free(set);
	return status;
}

/* Waiting ------------------------------------------------------------------------------------------------------ */

bool imap_session_has_news(const struct imap_session *session)
{
	const struct mailimap_selection_info *info = session->imap->imap_selection_info;

	return info && info->sel_exists != session->exists;
}

bool imap_session_can_idle(const struct imap_session *session)
{
	return session->imap->imap_state == MAILIMAP_STATE_SELECTED && mailimap_has_idle(session->imap);
}

int imap_session_idle(struct imap_session *session, char **ret_reason)
{
	imap_command_allow(session);
	return imap_command_status(session, "IDLE", mailimap_idle(session->imap), -EAGAIN, ret_reason);
}

bool imap_session_wait(struct imap_session *session, int fd, int64_t deadline)
{
	/* What came together with the answer is in libetpan's buffer already. */
	return session->imap->imap_stream->read_buffer_len > 0 || imap_stream_wait(session->stream, fd, deadline) == 0;
}

int imap_session_idle_done(struct imap_session *session, char **ret_reason)
{
	imap_command_allow(session);
	return imap_command_status(session, "IDLE", mailimap_idle_done(session->imap), -EAGAIN, ret_reason);
}
