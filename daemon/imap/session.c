/* session.c - a conversation with an IMAP server.
 *
 * Called by service.c and visit.c.  libetpan writes the commands and reads the answers; if it does not do that right, the
 * place says so.  Promises: no credential before TLS has been verified, no name or secret that could break out of a command.
 */
#include "imap/session.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include <libetpan/libetpan.h>

#include "base/deadline.h"
#include "base/log.h"

struct imap_session {
	mailimap *imap;
	struct imap_stream *stream;
	unsigned seconds; /* for a command */
	uint32_t exists;  /* mails in the mailbox when it was opened */
};

/* What takes the body that is fetched now. */
struct delivery {
	struct imap_session *session;
	imap_sink *sink;
	void *context;
	uint64_t left; /* bytes that it may still have */
	bool taken;    /* something came */
	bool broken;   /* the sink broke off */
};

/* Commands ----------------------------------------------------------------------------------------------------- */

/* The next command may take as long as one may. */
static void allow(struct imap_session *session)
{
	imap_stream_allow(session->stream, deadline_after(session->seconds), IMAP_SESSION_ANSWER);
}

/* Is the connection to blame for what a command came to, and not the answer of a server that is well?  That may also say BAD
 * (MAILIMAP_ERROR_PROTOCOL): it does not know the command, or what it is about. */
static bool is_broken(const struct imap_session *session, int error)
{
	switch (error) {
	case MAILIMAP_ERROR_STREAM:
	case MAILIMAP_ERROR_PARSE:
	case MAILIMAP_ERROR_FATAL:
	case MAILIMAP_ERROR_MEMORY:
	case MAILIMAP_ERROR_BAD_STATE:
		return true;
	default:
		return imap_stream_failure(session->stream) != NULL;
	}
}

/* What a command came to, in words. */
static char *describe(const struct imap_session *session, const char *command, int error)
{
	const char *failure = imap_stream_failure(session->stream), *said = session->imap->imap_response;
	g_autofree char *line = said ? log_first_line(said) : NULL;

	if (failure)
		return g_strdup_printf("%s: %s", command, failure);
	if (is_broken(session, error))
		return g_strdup_printf("%s: the server's answer cannot be read", command);
	return g_strdup_printf("%s: the server says %s", command, line && *line ? line : "no");
}

/* 0, `refused` where a server that is well says no, or -EAGAIN. */
static int judge(const struct imap_session *session, const char *command, int error, int refused, char **ret_reason)
{
	if (error == MAILIMAP_NO_ERROR)
		return 0;
	*ret_reason = describe(session, command, error);
	return is_broken(session, error) ? -EAGAIN : refused;
}

/* libetpan does not quote: a text in a command must not be able to end it. */
static bool is_safe(const char *text)
{
	return !text[strcspn(text, "\r\n")];
}

/* Opening ------------------------------------------------------------------------------------------------------ */

static int start_tls(struct imap_session *session, char **ret_reason)
{
	mailstream *stream = session->imap->imap_stream;
	int error = mailimap_starttls(session->imap);

	/* What came behind the answer came in clear text, and would be taken for what TLS protects (CVE-2011-0411).  libetpan
	 * looks for it too, and says so in the server's words. */
	if (stream->read_buffer_len > 0) {
		*ret_reason = g_strdup("STARTTLS: the server sent more before TLS began");
		return -EAGAIN;
	}
	if (judge(session, "STARTTLS", error, -EAGAIN, ret_reason) < 0)
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
	return judge(session, "CAPABILITY", error, -EAGAIN, ret_reason);
}

static int greet(struct imap_session *session, const struct imap_endpoint *endpoint, char **ret_reason)
{
	int error =
		mailimap_connect(session->imap, mailstream_new(imap_stream_low(session->stream), IMAP_STREAM_BUFFER));

	if (error != MAILIMAP_NO_ERROR_NON_AUTHENTICATED) {
		*ret_reason = error == MAILIMAP_NO_ERROR_AUTHENTICATED
		                      ? g_strdup("the server takes us for somebody without a login")
		                      : describe(session, "the greeting", error);
		return -EAGAIN;
	}
	if (endpoint->tls == IMAP_TLS_STARTTLS && start_tls(session, ret_reason) < 0)
		return -EAGAIN;
	allow(session);
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
	allow(session);
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

	if (!is_safe(user) || !is_safe(secret)) {
		*ret_reason = g_strdup("a user or secret with an end of line in it");
		return -EACCES;
	}
	allow(session);
	error = authenticate(session, auth, user, secret);
	status = judge(session, "the login", error, -EACCES, ret_reason);
	return status < 0 ? status : ask_capabilities(session, ret_reason);
}

/* Mailboxes ---------------------------------------------------------------------------------------------------- */

/* One character in modified UTF-7's alphabet: six bits. */
static void append_six_bits(GString *text, unsigned bits)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

	g_string_append_c(text, alphabet[bits & 63]);
}

/* A run of characters that are not printable ASCII, as UTF-16 in base64 without padding. */
static void append_shifted(GString *text, const char *begin, const char *end)
{
	g_autofree gunichar2 *units = g_utf8_to_utf16(begin, end - begin, NULL, NULL, NULL);
	unsigned bits = 0, count = 0;

	g_string_append_c(text, '&');
	for (const gunichar2 *unit = units; *unit; unit++) {
		bits = bits << 16 | *unit;
		for (count += 16; count >= 6; count -= 6)
			append_six_bits(text, bits >> (count - 6));
		bits &= (1U << count) - 1;
	}
	if (count > 0)
		append_six_bits(text, bits << (6 - count));
	g_string_append_c(text, '-');
}

static bool is_direct(const char *c)
{
	return *c >= 0x20 && *c <= 0x7e;
}

/* A name as it goes over the wire: modified UTF-7 (RFC 3501 section 5.1.3); NULL where it is no UTF-8 or has an end of line. */
static char *encode_name(const char *name)
{
	g_autoptr(GString) text = g_string_new(NULL);

	if (!is_safe(name) || !g_utf8_validate(name, -1, NULL))
		return NULL;
	for (const char *next = name; *next;) {
		const char *end = next;

		while (*end && !is_direct(end))
			end++;
		if (end > next)
			append_shifted(text, next, end);
		else if (*next == '&')
			g_string_append(text, "&-");
		else
			g_string_append_c(text, *next);
		next = end > next ? end : next + 1;
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *wire_name(const char *name, char **ret_reason)
{
	char *encoded = encode_name(name);

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
	allow(session);
	error = read_only ? mailimap_examine(session->imap, encoded) : mailimap_select(session->imap, encoded);
	status = judge(session, command, error, -ENOENT, ret_reason);
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

static int compare_uids(const void *a, const void *b)
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
	allow(session);
	status = judge(session, "UID SEARCH", mailimap_uid_search(session->imap, NULL, key, &found), -EAGAIN,
	               ret_reason);
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
	g_array_sort(*ret_uids, compare_uids);
	return 0;
}

/* Mails -------------------------------------------------------------------------------------------------------- */

static bool take_body(int type, struct mailimap_msg_att_body_section *section, const char *bytes, size_t length,
                      void *context)
{
	struct delivery *delivery = context;

	(void)type;
	(void)section;
	/* It goes on to the sink: what is read from now on may be as much as any answer again. */
	if (length <= delivery->left)
		imap_stream_grant(delivery->session->stream, length);
	delivery->left -= MIN(length, delivery->left);
	delivery->taken = true;
	if (!delivery->broken)
		delivery->broken = !delivery->sink(bytes, length, delivery->context);
	return !delivery->broken;
}

/* What a server sent in answer to a fetch. */
struct contents {
	unsigned wanted; /* answers with the whole body of the mail that was asked for */
	unsigned other;  /* with whatever else went to the sink */
};

static bool is_whole(const struct mailimap_msg_att_body_section *body)
{
	return (!body->sec_section || !body->sec_section->sec_spec) && body->sec_origin_octet == 0;
}

/* Flags of this or any other mail may come at any time, with its UID or without (RFC 3501 section 7). */
static void count_answer(const struct mailimap_msg_att *answer, uint32_t uid, struct contents *contents)
{
	unsigned bodies = 0, parts = 0;
	bool named = false;

	for (clistiter *item = clist_begin(answer->att_list); item; item = clist_next(item)) {
		const struct mailimap_msg_att_item *attribute = clist_content(item);
		const struct mailimap_msg_att_static *value = attribute->att_data.att_static;

		if (attribute->att_type != MAILIMAP_MSG_ATT_ITEM_STATIC)
			continue;
		switch (value->att_type) {
		case MAILIMAP_MSG_ATT_UID:
			named = value->att_data.att_uid == uid;
			break;
		case MAILIMAP_MSG_ATT_BODY_SECTION:
			*(is_whole(value->att_data.att_body_section) ? &bodies : &parts) += 1;
			break;
		case MAILIMAP_MSG_ATT_RFC822:
		case MAILIMAP_MSG_ATT_RFC822_HEADER:
		case MAILIMAP_MSG_ATT_RFC822_TEXT:
			parts++;
			break;
		default:
			break;
		}
	}
	if (named && bodies == 1 && parts == 0)
		contents->wanted++;
	else if (bodies + parts > 0)
		contents->other++;
}

/* Nothing came of a mail, for a reason that is in *ret_reason or not.  A server may say "no" also because the mail is gone:
 * does it still know the UID? */
static int judge_nothing(struct imap_session *session, uint32_t uid, char **ret_reason)
{
	g_autofree char *said = g_steal_pointer(ret_reason);
	g_autoptr(GArray) uids = NULL;
	int status;

	allow(session);
	/* Only now it may say that the mail has gone. */
	status = judge(session, "NOOP", mailimap_noop(session->imap), -EAGAIN, ret_reason);
	if (status == 0)
		status = imap_session_search(session, uid, uid, 0, &uids, ret_reason);
	if (status < 0)
		return status;
	*ret_reason = said ? g_steal_pointer(&said) : g_strdup("UID FETCH: the server gives nothing of the mail");
	return uids->len > 0 ? -EPERM : -ENOENT;
}

static int judge_contents(struct imap_session *session, const clist *answers, uint32_t uid, bool taken,
                          char **ret_reason)
{
	struct contents contents = {0};

	for (clistiter *answer = answers ? clist_begin(answers) : NULL; answer; answer = clist_next(answer))
		count_answer(clist_content(answer), uid, &contents);
	if (!taken)
		return judge_nothing(session, uid, ret_reason);
	if (contents.wanted == 1 && contents.other == 0)
		return 0;
	*ret_reason = g_strdup("UID FETCH: the server sent something else than the mail");
	return -EAGAIN;
}

static struct mailimap_fetch_type *whole_mail(void)
{
	return mailimap_fetch_type_new_fetch_att(mailimap_fetch_att_new_body_peek_section(mailimap_section_new(NULL)));
}

int imap_session_fetch(struct imap_session *session, uint32_t uid, imap_sink *sink, void *context, char **ret_reason)
{
	struct delivery delivery = {session, sink, context, IMAP_SESSION_BODY, false, false};
	struct mailimap_set *set = mailimap_set_new_single(uid);
	struct mailimap_fetch_type *type = whole_mail();
	clist *answers = NULL;
	int error, status;

	imap_stream_allow(session->stream, deadline_after(session->seconds * IMAP_SESSION_BODY_TIMES),
	                  IMAP_SESSION_ANSWER);
	mailimap_set_msg_body_handler(session->imap, take_body, &delivery);
	error = mailimap_uid_fetch(session->imap, set, type, &answers);
	mailimap_set_msg_body_handler(session->imap, NULL, NULL);
	mailimap_fetch_type_free(type);
	mailimap_set_free(set);
	if (delivery.broken) {
		*ret_reason = g_strdup("the mail could not be kept");
		return -EIO;
	}
	status = judge(session, "UID FETCH", error, -EPERM, ret_reason);
	/* After an error libetpan has freed the answers, and left the pointer. */
	if (status == -EPERM)
		return judge_nothing(session, uid, ret_reason);
	if (status < 0)
		return status;
	status = judge_contents(session, answers, uid, delivery.taken, ret_reason);
	if (answers)
		mailimap_fetch_list_free(answers);
	return status;
}

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

int imap_session_flag(struct imap_session *session, uint32_t uid, const char *flag, char **ret_reason)
{
	struct mailimap_flag_list *flags = mailimap_flag_list_new_empty();
	struct mailimap_store_att_flags *store = mailimap_store_att_flags_new_add_flags_silent(flags);
	struct mailimap_set *set = mailimap_set_new_single(uid);
	int error;

	mailimap_flag_list_add(flags, flag_of(flag));
	allow(session);
	error = mailimap_uid_store(session->imap, set, store);
	mailimap_store_att_flags_free(store);
	mailimap_set_free(set);
	return judge(session, "UID STORE", error, -EPERM, ret_reason);
}

static int expunge(struct imap_session *session, uint32_t uid, char **ret_reason)
{
	struct mailimap_set *set = mailimap_set_new_single(uid);
	int error;

	allow(session);
	error = mailimap_uid_expunge(session->imap, set);
	mailimap_set_free(set);
	return judge(session, "UID EXPUNGE", error, -EPERM, ret_reason);
}

/* Without UIDPLUS an EXPUNGE would take with it what others have marked. */
int imap_session_delete(struct imap_session *session, uint32_t uid, char **ret_reason)
{
	int status;

	if (!mailimap_has_uidplus(session->imap)) {
		*ret_reason = g_strdup("the server has no UIDPLUS, without which a mail cannot be removed alone");
		return -ENOTSUP;
	}
	status = imap_session_flag(session, uid, "\\Deleted", ret_reason);
	return status < 0 ? status : expunge(session, uid, ret_reason);
}

static int copy_and_delete(struct imap_session *session, uint32_t uid, const char *encoded, char **ret_reason)
{
	struct mailimap_set *set = mailimap_set_new_single(uid);
	int status;

	allow(session);
	status = judge(session, "UID COPY", mailimap_uid_copy(session->imap, set, encoded), -EPERM, ret_reason);
	mailimap_set_free(set);
	return status < 0 ? status : imap_session_delete(session, uid, ret_reason);
}

int imap_session_move(struct imap_session *session, uint32_t uid, const char *name, char **ret_reason)
{
	g_autofree char *encoded = wire_name(name, ret_reason);
	struct mailimap_set *set;
	int status;

	if (!encoded)
		return -EPERM;
	if (!mailimap_has_extension(session->imap, "MOVE")) {
		if (mailimap_has_uidplus(session->imap))
			return copy_and_delete(session, uid, encoded, ret_reason);
		*ret_reason = g_strdup("the server has neither MOVE nor UIDPLUS");
		return -ENOTSUP;
	}
	set = mailimap_set_new_single(uid);
	allow(session);
	status = judge(session, "UID MOVE", mailimap_uid_move(session->imap, set, encoded), -EPERM, ret_reason);
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
	allow(session);
	return judge(session, "IDLE", mailimap_idle(session->imap), -EAGAIN, ret_reason);
}

bool imap_session_wait(struct imap_session *session, int fd, int64_t deadline)
{
	/* What came together with the answer is in libetpan's buffer already. */
	return session->imap->imap_stream->read_buffer_len > 0 || imap_stream_wait(session->stream, fd, deadline) == 0;
}

int imap_session_idle_done(struct imap_session *session, char **ret_reason)
{
	allow(session);
	return judge(session, "IDLE", mailimap_idle_done(session->imap), -EAGAIN, ret_reason);
}
