/* session.c - a conversation with an IMAP server.
 *
 * Called by service.c and visit.c.  libetpan writes the commands and reads the answers; if it does not do that right,
 * the place says so.  Promises: no credential before TLS has been verified, no name or secret that could break out of a
 * command.
 */
#include "imap/session.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include <libetpan/libetpan.h>

#include "base/deadline.h"
#include "imap/command.h"
#include "imap/login.h"
#include "imap/utf7.h"

/* Opening ------------------------------------------------------------------------------------------------------ */

static int start_tls(struct imap_session *session, char **ret_reason)
{
	int error = mailimap_starttls(session->imap);

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

	if (error != MAILIMAP_NO_ERROR_AUTHENTICATED && error != MAILIMAP_NO_ERROR_NON_AUTHENTICATED) {
		*ret_reason = imap_command_describe(session, "the greeting", error);
		return -EAGAIN;
	}
	/* In a session that has begun there is no STARTTLS any more. */
	if (error == MAILIMAP_NO_ERROR_AUTHENTICATED && endpoint->tls == IMAP_TLS_STARTTLS) {
		*ret_reason = g_strdup("the server takes us for somebody without a login (PREAUTH), and without TLS");
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
	session->spellings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
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

struct imap_answer imap_session_answer(const struct imap_session *session)
{
	return session->answer;
}

bool imap_session_is_sound(const struct imap_session *session)
{
	return !session->spent && !imap_stream_failure(session->stream);
}

void imap_session_give_up(struct imap_session *session)
{
	session->spent = true;
}

void imap_session_free(struct imap_session *session)
{
	if (!session)
		return;
	/* mailimap_free() says LOGOUT and waits for an answer; there is no time for it. */
	imap_stream_allow(session->stream, 0, 0);
	mailimap_free(session->imap);
	g_hash_table_unref(session->spellings);
	g_free(session);
}

/* Logging in --------------------------------------------------------------------------------------------------- */

static int log_in(struct imap_session *session, const struct imap_login *login, char **ret_reason)
{
	int status = imap_login_identify(session, ret_reason);

	if (status == 0)
		status = imap_login(session, login, ret_reason);
	if (status == 0)
		status = ask_capabilities(session, ret_reason);
	/* Some want to know it before the login, others after it, and open no mailbox without. */
	return status < 0 ? status : imap_login_identify(session, ret_reason);
}

int imap_session_log_in(struct imap_session *session, const struct imap_account *account, int call, char **ret_reason)
{
	char *secret = imap_account_secret(account, call, ret_reason);
	const struct imap_login login = {
		.auth = account->auth,
		.host = account->host,
		.port = account->port,
		.user = account->user ? account->user : "",
		.secret = secret,
	};
	int status;

	if (!secret)
		return -ENOKEY;
	status = log_in(session, &login, ret_reason);
	explicit_bzero(secret, strlen(secret));
	g_free(secret);
	return status;
}

/* Mailboxes ---------------------------------------------------------------------------------------------------- */

static char *wire_name(const struct imap_session *session, const char *name, char **ret_reason)
{
	const char *spelling = g_hash_table_lookup(session->spellings, name);
	char *encoded = NULL;

	if (spelling)
		encoded = g_strdup(spelling);
	else if (imap_command_is_safe(name))
		encoded = imap_utf7_encode(name);
	if (!encoded)
		*ret_reason = g_strdup("a mailbox name that is no UTF-8, or has an end of line in it");
	return encoded;
}

int imap_session_select(struct imap_session *session, const char *name, bool read_only,
                        struct imap_mailbox *ret_mailbox, char **ret_reason)
{
	g_autofree char *encoded = wire_name(session, name, ret_reason);
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
	*ret_mailbox = (struct imap_mailbox){0};
	if (info)
		*ret_mailbox = (struct imap_mailbox){info->sel_uidvalidity, info->sel_uidnext, info->sel_exists};
	return 0;
}

#define UID_LENGTH 11 /* bytes of one in an answer, with the blank before it */

/* The UIDs between two. */
static int search(mailimap *imap, uint32_t first, uint32_t last, clist **ret_found)
{
	/* For libetpan 0 is the asterisk. */
	uint32_t end = last == UINT32_MAX ? 0 : last;
	struct mailimap_search_key *key = mailimap_search_key_new_uid(mailimap_set_new_interval(first, end));
	int error = mailimap_uid_search(imap, NULL, key, ret_found);

	mailimap_search_key_free(key);
	return error;
}

/* Of these the mails that came on a day, or later.  libetpan would put the keys into parentheses: public-inbox-imapd
 * 1.9 says BAD to that, and if anything follows a set of UIDs. */
static int search_since(mailimap *imap, uint32_t first, uint32_t last, int64_t since, clist **ret_found)
{
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
	                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	g_autofree char *end = last == UINT32_MAX ? g_strdup("*") : g_strdup_printf("%" PRIu32, last);
	g_autofree char *command = NULL;
	time_t seconds = (time_t)since;
	struct tm day;
	int error;

	gmtime_r(&seconds, &day);
	command = g_strdup_printf("UID SEARCH SINCE %d-%s-%d UID %" PRIu32 ":%s", day.tm_mday, months[day.tm_mon],
	                          day.tm_year + 1900, first, end);
	error = mailimap_custom_command(imap, command);
	if (imap->imap_response_info)
		*ret_found = g_steal_pointer(&imap->imap_response_info->rsp_search_result);
	return error;
}

int imap_session_compare_uids(const void *a, const void *b)
{
	const uint32_t *one = a, *other = b;

	return *one < *other ? -1 : *one > *other;
}

static uint32_t mails_there(const struct imap_session *session)
{
	const struct mailimap_selection_info *info = session->imap->imap_selection_info;

	return info ? info->sel_exists : 0;
}

int imap_session_search(struct imap_session *session, uint32_t first, uint32_t last, int64_t since, GArray **ret_uids,
                        char **ret_reason)
{
	clist *found = NULL;
	int error, status;

	imap_command_allow(session);
	imap_stream_grant(session->stream, (uint64_t)MIN(mails_there(session), IMAP_SESSION_MOST) * UID_LENGTH);
	error = since > 0 ? search_since(session->imap, first, last, since, &found)
	                  : search(session->imap, first, last, &found);
	status = imap_command_status(session, "UID SEARCH", error, -EAGAIN, ret_reason);
	if (status < 0) {
		if (found)
			mailimap_search_result_free(found);
		return status;
	}
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

/* Witnesses ---------------------------------------------------------------------------------------------------- */

/* Which headers tell one mail from another. */
static struct mailimap_fetch_type *telling_headers(void)
{
	static const char *const names[] = {"Message-ID", "Date", "From", "Subject"};
	clist *list = clist_new();

	for (size_t i = 0; list && i < G_N_ELEMENTS(names); i++)
		clist_append(list, strdup(names[i]));
	if (!list)
		g_error("out of memory");
	return mailimap_fetch_type_new_fetch_att(mailimap_fetch_att_new_body_peek_section(
		mailimap_section_new_header_fields(mailimap_header_list_new(list))));
}

/* What an answer has of the mail, as a hash; NULL if it has nothing. */
static char *hash_of_answer(const struct mailimap_msg_att *answer, uint32_t uid)
{
	const struct mailimap_msg_att_body_section *body = NULL;
	bool named = false;

	for (clistiter *item = clist_begin(answer->att_list); item; item = clist_next(item)) {
		const struct mailimap_msg_att_item *attribute = clist_content(item);
		const struct mailimap_msg_att_static *value = attribute->att_data.att_static;

		if (attribute->att_type != MAILIMAP_MSG_ATT_ITEM_STATIC)
			continue;
		if (value->att_type == MAILIMAP_MSG_ATT_UID)
			named = value->att_data.att_uid == uid;
		else if (value->att_type == MAILIMAP_MSG_ATT_BODY_SECTION)
			body = value->att_data.att_body_section;
	}
	if (!named || !body || !body->sec_body_part || body->sec_length == 0)
		return NULL;
	return g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)body->sec_body_part, body->sec_length);
}

static char *hash_of_answers(const clist *answers, uint32_t uid)
{
	char *hash = NULL;

	for (clistiter *item = clist_begin(answers); item && !hash; item = clist_next(item))
		hash = hash_of_answer(clist_content(item), uid);
	return hash;
}

int imap_session_witness(struct imap_session *session, uint32_t uid, char **ret_witness, char **ret_reason)
{
	struct mailimap_set *set = mailimap_set_new_single(uid);
	struct mailimap_fetch_type *type = telling_headers();
	g_autofree char *reason = NULL;
	clist *answers = NULL;
	int error, status;

	imap_command_allow(session);
	error = mailimap_uid_fetch(session->imap, set, type, &answers);
	mailimap_fetch_type_free(type);
	mailimap_set_free(set);
	status = imap_command_status(session, "UID FETCH", error, -EPERM, &reason);
	if (status == -EAGAIN) {
		*ret_reason = g_steal_pointer(&reason);
		return status;
	}
	/* After an error libetpan has freed the answers, and left the pointer. */
	*ret_witness = status == 0 && answers ? hash_of_answers(answers, uid) : NULL;
	if (status == 0 && answers)
		mailimap_fetch_list_free(answers);
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
	g_autofree char *encoded = wire_name(session, name, ret_reason);
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
	return imap_stream_has_news(session->stream);
}

bool imap_session_can_idle(const struct imap_session *session)
{
	return session->imap->imap_state == MAILIMAP_STATE_SELECTED && mailimap_has_idle(session->imap);
}

int imap_session_idle(struct imap_session *session, char **ret_reason)
{
	int status;

	imap_command_allow(session);
	status = imap_command_status(session, "IDLE", mailimap_idle(session->imap), -EPERM, ret_reason);
	/* libetpan reads "no" to IDLE not everywhere. */
	return status == -EAGAIN && !imap_stream_failure(session->stream) ? -EPROTO : status;
}

bool imap_session_wait(struct imap_session *session, int fd, int64_t deadline)
{
	/* An answer that came together with the beginning is in libetpan's buffer already. */
	return session->imap->imap_stream->read_buffer_len > 0 || imap_stream_wait(session->stream, fd, deadline) == 0;
}

int imap_session_idle_done(struct imap_session *session, char **ret_reason)
{
	imap_command_allow(session);
	return imap_command_status(session, "IDLE", mailimap_idle_done(session->imap), -EAGAIN, ret_reason);
}
