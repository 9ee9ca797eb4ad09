/* login.c - logs in at an IMAP server.
 *
 * Called by session.c.  libetpan puts 8-bit letters into quoted strings and long tokens into one line, and keeps to itself
 * what a server says of a token; so all of this is written here, but for SCRAM.  Promises: no user or secret can break out
 * of a command, and nothing secret gets into a reason.
 */
#include "build-config.h"

#include "imap/login.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>
#include <jansson.h>

#include "base/log.h"

/* A command, and what answers each `+` of the server: the rest of it, or the next word of a SASL exchange. */
struct talk {
	GPtrArray *lines; /* of char *; the command first */
	char *challenge;  /* the last one, NULL: none with a text */
};

static void wipe_text(void *text)
{
	explicit_bzero(text, strlen(text));
	g_free(text);
}

static void talk_init(struct talk *talk)
{
	*talk = (struct talk){.lines = g_ptr_array_new_with_free_func(wipe_text)};
}

static void talk_release(struct talk *talk)
{
	g_ptr_array_unref(talk->lines);
	g_free(talk->challenge);
}

/* Talking ---------------------------------------------------------------------------------------------------------- */

static int send_bytes(struct imap_session *session, const char *bytes)
{
	size_t left = strlen(bytes);

	while (left > 0) {
		ssize_t sent = mailstream_write(session->imap->imap_stream, bytes, left);

		if (sent < 0)
			return MAILIMAP_ERROR_STREAM;
		bytes += sent;
		left -= (size_t)sent;
	}
	return MAILIMAP_NO_ERROR;
}

static int send_line(struct imap_session *session, const char *line)
{
	int error = send_bytes(session, line);

	if (error == MAILIMAP_NO_ERROR)
		error = send_bytes(session, "\r\n");
	if (error == MAILIMAP_NO_ERROR && mailstream_flush(session->imap->imap_stream) < 0)
		error = MAILIMAP_ERROR_STREAM;
	return error;
}

/* The server has said what came of it; libetpan's error. */
static int take_end(struct imap_session *session)
{
	struct mailimap_response *response = NULL;
	int error, type = MAILIMAP_RESP_COND_STATE_BAD;

	error = mailimap_parse_response(session->imap, &response);
	if (error != MAILIMAP_NO_ERROR)
		return error;
	if (response->rsp_resp_done->rsp_type == MAILIMAP_RESP_DONE_TYPE_TAGGED)
		type = response->rsp_resp_done->rsp_data.rsp_tagged->rsp_cond_state->rsp_type;
	mailimap_response_free(response);
	return type == MAILIMAP_RESP_COND_STATE_OK ? MAILIMAP_NO_ERROR : MAILIMAP_ERROR_LOGIN;
}

/* Answer a `+`; when there is nothing left to say "*" ends the exchange (RFC 3501 section 6.2.2). */
static int answer(struct imap_session *session, struct talk *talk, unsigned turn, const char *line)
{
	const char *text = line + 1 + strspn(line + 1, " ");
	size_t length = strcspn(text, "\r\n");

	if (length > 0) {
		g_free(talk->challenge);
		talk->challenge = g_strndup(text, length);
	}
	return send_line(session, turn < talk->lines->len ? g_ptr_array_index(talk->lines, turn) : "*");
}

/* The bytes of the literal that a line announces at its end, "{N}" or "{N+}"; 0: it announces none. */
static uint64_t literal_of(const char *line)
{
	const char *open = strrchr(line, '{');
	char *end;
	uint64_t bytes = open && g_ascii_isdigit(open[1]) ? g_ascii_strtoull(open + 1, &end, 10) : 0;

	if (bytes == 0)
		return 0;
	end += *end == '+';
	return g_str_equal(end, "}\r\n") || g_str_equal(end, "}\n") || g_str_equal(end, "}") ? bytes : 0;
}

/* Pass over an answer that nobody asked for, with the literals in it, so that no line of them is taken for another. */
static int pass_over(struct imap_session *session, const char *line)
{
	uint64_t left = literal_of(line);

	while (left > 0) {
		const char *more = mailimap_read_line(session->imap);
		uint64_t length = more ? session->imap->imap_stream_buffer->len : 0;

		if (!more)
			return MAILIMAP_ERROR_STREAM;
		/* The rest of the answer is in the line in which its literal ends. */
		left = length > left ? literal_of(more + left) : left - length;
	}
	return MAILIMAP_NO_ERROR;
}

/* Send the command, and see what comes of it; libetpan's error.  What the server tells besides is not looked at: it says
 * again what it can do when it is asked. */
static int hold(struct imap_session *session, struct talk *talk)
{
	unsigned turn = 1;
	int error;

	imap_command_allow(session);
	error = mailimap_send_current_tag(session->imap);
	if (error == MAILIMAP_NO_ERROR)
		error = send_line(session, g_ptr_array_index(talk->lines, 0));
	while (error == MAILIMAP_NO_ERROR) {
		const char *line = mailimap_read_line(session->imap);

		if (!line)
			error = MAILIMAP_ERROR_STREAM;
		else if (*line == '+')
			error = answer(session, talk, turn++, line);
		else if (*line == '*')
			error = pass_over(session, line);
		else
			return take_end(session);
	}
	return error;
}

/* What the server offers ------------------------------------------------------------------------------------------- */

/* The ways of AUTHENTICATE that the server offers, as "AUTH=X, AUTH=Y and LOGIN" (the caller frees it). */
static char *offers(struct imap_session *session)
{
	const struct mailimap_connection_info *info = session->imap->imap_connection_info;
	const struct mailimap_capability_data *data = info ? info->imap_capability : NULL;
	bool login = !mailimap_has_extension(session->imap, "LOGINDISABLED");
	g_autoptr(GString) text = g_string_new(NULL);

	for (clistiter *item = data ? clist_begin(data->cap_list) : NULL; item; item = clist_next(item)) {
		const struct mailimap_capability *each = clist_content(item);
		const char *name = each->cap_type == MAILIMAP_CAPABILITY_AUTH_TYPE ? each->cap_data.cap_auth_type : NULL;

		if (name)
			g_string_append_printf(text, "%sAUTH=%s", text->len > 0 ? ", " : "", name);
	}
	if (login)
		g_string_append(text, text->len > 0 ? " and LOGIN" : "LOGIN");
	if (text->len == 0)
		g_string_append(text, "no way to log in, perhaps without TLS");
	return log_first_line(text->str);
}

static bool has_mechanism(struct imap_session *session, const char *name)
{
	return mailimap_has_authentication(session->imap, name);
}

static int not_offered(struct imap_session *session, const char *what, char **ret_reason)
{
	g_autofree char *others = offers(session);

	*ret_reason = g_strdup_printf("the login: the server does not offer %s, but %s", what, others);
	return -EACCES;
}

/* The ways in ------------------------------------------------------------------------------------------------------ */

/* "the login: the server says no", and what else it said; 0, -EACCES, -EAGAIN. */
static int end_login(struct imap_session *session, int error, char **ret_reason)
{
	int status = imap_command_status(session, "the login", error, -EACCES, ret_reason);

	if (status == 0)
		session->imap->imap_state = MAILIMAP_STATE_AUTHENTICATED;
	return status;
}

/* What a server has against a token (RFC 7628 section 3.2.2, and Google's likeness of it), in words; NULL: it did not say.
 * The caller frees it. */
static char *token_fault(const char *challenge)
{
	gsize length = 0;
	g_autofree guchar *bytes = challenge ? g_base64_decode(challenge, &length) : NULL;
	json_t *said = bytes ? json_loadb((const char *)bytes, length, 0, NULL) : NULL;
	const char *status = json_string_value(json_object_get(said, "status"));
	const char *scope = json_string_value(json_object_get(said, "scope"));
	g_autofree char *text = NULL;

	if (status)
		text = g_strdup_printf("it does not take the token, status %s%s%s", status, scope ? ", scope " : "",
		                       scope ? scope : "");
	json_decref(said);
	return text ? log_first_line(text) : NULL;
}

/* AUTHENTICATE with a first answer, which may hold NUL, and what to say to a challenge after it (NULL: nothing). */
static int authenticate(struct imap_session *session, const char *mechanism, const GString *first, const char *last,
                        char **ret_reason)
{
	bool at_once = mailimap_has_extension(session->imap, "SASL-IR"); /* RFC 4959 */
	char *encoded = g_base64_encode((const guchar *)first->str, first->len);
	g_autofree char *fault = NULL, *said = NULL;
	struct talk talk;
	int status;

	talk_init(&talk);
	at_once = at_once && strlen(encoded) < IMAP_LOGIN_LINE;
	g_ptr_array_add(talk.lines, g_strdup_printf("AUTHENTICATE %s%s%s", mechanism, at_once ? " " : "",
	                                            !at_once      ? ""
	                                            : *encoded ? encoded
	                                                       : "="));
	if (at_once)
		wipe_text(encoded);
	else
		g_ptr_array_add(talk.lines, encoded);
	if (last)
		g_ptr_array_add(talk.lines, g_strdup(last));
	status = end_login(session, hold(session, &talk), &said);
	fault = status < 0 && last ? token_fault(talk.challenge) : NULL;
	if (status < 0)
		*ret_reason = fault ? g_strdup_printf("%s; %s", said, fault) : g_steal_pointer(&said);
	talk_release(&talk);
	return status;
}

/* Append a string (RFC 3501 section 4.3): quoted, or a literal, for which the server has to say `+` before the rest. */
static void add_string(GPtrArray *lines, GString *line, const char *text)
{
	if (g_str_is_ascii(text)) {
		g_string_append_c(line, '"');
		for (const char *letter = text; *letter; letter++) {
			if (*letter == '"' || *letter == '\\')
				g_string_append_c(line, '\\');
			g_string_append_c(line, *letter);
		}
		g_string_append_c(line, '"');
		return;
	}
	g_string_append_printf(line, "{%zu}", strlen(text));
	g_ptr_array_add(lines, g_strdup(line->str));
	g_string_assign(line, text);
}

static int log_in(struct imap_session *session, const struct imap_login *login, char **ret_reason)
{
	GString *line = g_string_new("LOGIN ");
	struct talk talk;
	int status;

	talk_init(&talk);
	add_string(talk.lines, line, login->user);
	g_string_append_c(line, ' ');
	add_string(talk.lines, line, login->secret);
	g_ptr_array_add(talk.lines, g_string_free(line, FALSE));
	status = end_login(session, hold(session, &talk), ret_reason);
	talk_release(&talk);
	return status;
}

/* PLAIN (RFC 4616) wherever it is offered: it takes letters that LOGIN does not. */
static int with_password(struct imap_session *session, const struct imap_login *login, char **ret_reason)
{
	GString *first;
	int status;

	if (!has_mechanism(session, "PLAIN"))
		return mailimap_has_extension(session->imap, "LOGINDISABLED")
		               ? not_offered(session, "AUTH=PLAIN", ret_reason)
		               : log_in(session, login, ret_reason);
	first = g_string_new_len("", 1);
	g_string_append(first, login->user);
	g_string_append_c(first, '\0');
	g_string_append(first, login->secret);
	status = authenticate(session, "PLAIN", first, NULL, ret_reason);
	explicit_bzero(first->str, first->len);
	g_string_free(first, TRUE);
	return status;
}

/* libetpan lets Cyrus SASL do it, which may not have it here: then nothing is sent. */
static int with_scram(struct imap_session *session, const struct imap_login *login, char **ret_reason)
{
	static const char *const names[] = {"SCRAM-SHA-256", "SCRAM-SHA-1"};
	const char *name = NULL;
	int error, before = session->imap->imap_tag;

	for (size_t i = 0; i < G_N_ELEMENTS(names) && !name; i++)
		name = has_mechanism(session, names[i]) ? names[i] : NULL;
	if (!name)
		return not_offered(session, "AUTH=SCRAM-SHA-256", ret_reason);
	imap_command_allow(session);
	error = mailimap_authenticate(session->imap, name, NULL, NULL, NULL, login->user, login->user, login->secret,
	                              NULL);
	if (error == MAILIMAP_NO_ERROR || session->imap->imap_tag != before)
		return end_login(session, error, ret_reason);
	*ret_reason = g_strdup_printf("the login: Cyrus SASL has no %s on this machine (Debian: libsasl2-modules)", name);
	return -EACCES;
}

static int with_xoauth2(struct imap_session *session, const struct imap_login *login, char **ret_reason)
{
	g_autoptr(GString) first = g_string_new(NULL);
	int status;

	if (!has_mechanism(session, "XOAUTH2"))
		return not_offered(session, "AUTH=XOAUTH2", ret_reason);
	g_string_printf(first, "user=%s\001auth=Bearer %s\001\001", login->user, login->secret);
	status = authenticate(session, "XOAUTH2", first, "", ret_reason);
	explicit_bzero(first->str, first->len);
	return status;
}

/* RFC 7628 section 3.1; the user as a saslname (RFC 5801 section 4). */
static int with_oauthbearer(struct imap_session *session, const struct imap_login *login, char **ret_reason)
{
	g_autoptr(GString) first = g_string_new(login->user);
	int status;

	if (!has_mechanism(session, "OAUTHBEARER"))
		return not_offered(session, "AUTH=OAUTHBEARER", ret_reason);
	g_string_replace(first, "=", "=3D", 0);
	g_string_replace(first, ",", "=2C", 0);
	g_string_prepend(first, "n,a=");
	g_string_append_printf(first, ",\001host=%s\001port=%u\001auth=Bearer %s\001\001", login->host, login->port,
	                       login->secret);
	status = authenticate(session, "OAUTHBEARER", first, "AQ==", ret_reason);
	explicit_bzero(first->str, first->len);
	return status;
}

/* RFC 4505, with our name for a trace. */
static int as_anonymous(struct imap_session *session, char **ret_reason)
{
	g_autoptr(GString) trace = g_string_new(PACKAGE_NAME);

	if (!has_mechanism(session, "ANONYMOUS"))
		return not_offered(session, "AUTH=ANONYMOUS", ret_reason);
	return authenticate(session, "ANONYMOUS", trace, NULL, ret_reason);
}

/* The server has let us in with its greeting. */
static int is_preauthenticated(const struct imap_login *login, char **ret_reason)
{
	if (login->auth == IMAP_AUTH_PREAUTH || login->auth == IMAP_AUTH_ANONYMOUS)
		return 0;
	*ret_reason = g_strdup("the server takes us for somebody without a login (PREAUTH): auth=preauth, if that is right");
	return -EACCES;
}

/* ------------------------------------------------------------------------------------------------------------------ */

static bool is_token(const char *text)
{
	for (; *text; text++)
		if (g_ascii_iscntrl(*text) || *text == ' ')
			return false;
	return true;
}

/* What no user or secret may hold, or NULL. */
static const char *check(const struct imap_login *login)
{
	bool token = login->auth == IMAP_AUTH_XOAUTH2 || login->auth == IMAP_AUTH_OAUTHBEARER;

	if (!imap_command_is_safe(login->user) || !imap_command_is_safe(login->secret))
		return "a user or secret with an end of line in it";
	return token && (!is_token(login->secret) || !is_token(login->user))
	               ? "a token or its user with a blank or a control character in it"
	               : NULL;
}

int imap_login(struct imap_session *session, const struct imap_login *login, char **ret_reason)
{
	const char *wrong = check(login);

	if (wrong) {
		*ret_reason = g_strdup(wrong);
		return -EACCES;
	}
	if (session->imap->imap_state == MAILIMAP_STATE_AUTHENTICATED)
		return is_preauthenticated(login, ret_reason);
	imap_stream_hide(session->stream, login->secret);
	switch (login->auth) {
	case IMAP_AUTH_XOAUTH2:
		return with_xoauth2(session, login, ret_reason);
	case IMAP_AUTH_OAUTHBEARER:
		return with_oauthbearer(session, login, ret_reason);
	case IMAP_AUTH_SCRAM:
		return with_scram(session, login, ret_reason);
	case IMAP_AUTH_ANONYMOUS:
		return as_anonymous(session, ret_reason);
	case IMAP_AUTH_PREAUTH:
		*ret_reason = g_strdup("the server wants a login, and auth=preauth has none");
		return -EACCES;
	default:
		return with_password(session, login, ret_reason);
	}
}

int imap_login_identify(struct imap_session *session, char **ret_reason)
{
	g_autofree char *reason = NULL;
	struct talk talk;
	int status;

	if (!mailimap_has_extension(session->imap, "ID"))
		return 0;
	talk_init(&talk);
	g_ptr_array_add(talk.lines,
	                g_strdup("ID (\"name\" \"" PACKAGE_NAME "\" \"version\" \"" PACKAGE_VERSION "\")"));
	status = imap_command_status(session, "ID", hold(session, &talk), 0, &reason);
	talk_release(&talk);
	/* A server that refuses it works all the same. */
	if (status < 0)
		*ret_reason = g_steal_pointer(&reason);
	return status;
}
