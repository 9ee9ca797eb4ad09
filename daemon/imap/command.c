/* command.c - how a command to an IMAP server begins and ends.
 *
 * Called by session.c and fetch.c.
 */
#include "imap/command.h"

#include <errno.h>
#include <string.h>

#include "base/deadline.h"
#include "base/log.h"

void imap_command_allow(struct imap_session *session)
{
	session->answer = (struct imap_answer){0};
	imap_stream_allow(session->stream, deadline_after(session->seconds), IMAP_COMMAND_ANSWER);
}

/* Did the connection fail, and not a server that works say no?  It may say BAD too (MAILIMAP_ERROR_PROTOCOL): it does
 * not know the command, or what it is about. */
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

/* Of the code in brackets libetpan keeps the name, if it does not know it. */
static const char *code_of(const struct imap_session *session)
{
	const struct mailimap_response_info *info = session->imap->imap_response_info;

	return !info ? NULL : info->rsp_trycreate ? "TRYCREATE" : info->rsp_atom;
}

char *imap_command_describe(const struct imap_session *session, const char *command, int error)
{
	const char *failure = imap_stream_failure(session->stream), *said = session->imap->imap_response;
	const struct imap_answer answer = imap_answer_read(code_of(session), said);
	g_autofree char *line = said ? log_first_line(said) : NULL;

	if (failure)
		return g_strdup_printf("%s: %s", command, failure);
	if (is_broken(session, error)) {
		g_autofree char *quote = imap_stream_quote(session->stream);

		return g_strdup_printf("%s: the server's answer cannot be read: %s", command, quote);
	}
	return g_strdup_printf("%s: the server says %s%s%s%s", command, line && *line ? line : "no",
	                       answer.means ? " (" : "", answer.means ? answer.means : "", answer.means ? ")" : "");
}

int imap_command_status(struct imap_session *session, const char *command, int error, int refused, char **ret_reason)
{
	if (error == MAILIMAP_NO_ERROR)
		return 0;
	*ret_reason = imap_command_describe(session, command, error);
	if (is_broken(session, error)) {
		session->spent = true;
		session->answer = (struct imap_answer){.advice = IMAP_ADVICE_RECONNECT};
		return -EAGAIN;
	}
	session->answer = imap_answer_read(code_of(session), session->imap->imap_response);
	session->spent |= refused == -EAGAIN;
	return refused;
}

struct mailimap_set *imap_command_set(struct imap_uids mails)
{
	struct mailimap_set *set = mailimap_set_new_empty();
	unsigned first = 0;

	if (!set)
		g_error("out of memory");
	for (unsigned i = 1; i <= mails.count; i++) {
		if (i < mails.count && mails.uids[i] == mails.uids[i - 1] + 1)
			continue;
		if (mailimap_set_add_interval(set, mails.uids[first], mails.uids[i - 1]) != MAILIMAP_NO_ERROR)
			g_error("out of memory");
		first = i;
	}
	return set;
}

bool imap_command_is_safe(const char *text)
{
	return !text[strcspn(text, "\r\n")];
}
