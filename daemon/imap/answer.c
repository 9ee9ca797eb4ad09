/* answer.c - what follows from the reason for which an IMAP server says no.
 *
 * Called by command.c for every command that is refused.  Pure: tables, and nothing else.  The words are those of
 * Exchange and Office 365, Gmail, Yahoo and Dovecot, which each say some of this without a code.
 */
#include "imap/answer.h"

#include <stddef.h>
#include <string.h>

#include <glib.h>

static const struct {
	const char *code;
	enum imap_advice advice;
	const char *means;
} codes[] = {
	{"UNAVAILABLE", IMAP_ADVICE_LATER, NULL},
	{"INUSE", IMAP_ADVICE_LATER, NULL},
	{"SERVERBUG", IMAP_ADVICE_LATER, NULL},
	{"CORRUPTION", IMAP_ADVICE_LATER, NULL},
	{"LIMIT", IMAP_ADVICE_SLOWER, NULL},
	{"THROTTLED", IMAP_ADVICE_SLOWER, NULL},
	{"OVERQUOTA", IMAP_ADVICE_SLOWER, NULL},
	{"CLIENTBUG", IMAP_ADVICE_RECONNECT, "the server did not expect this command"},
	{"AUTHENTICATIONFAILED", IMAP_ADVICE_REJECTED, "the user or the secret is wrong"},
	{"AUTHORIZATIONFAILED", IMAP_ADVICE_PERSON, "the secret is right, but this user may not log in so"},
	{"EXPIRED", IMAP_ADVICE_PERSON, "the secret is no longer valid"},
	{"PRIVACYREQUIRED", IMAP_ADVICE_PERSON, "the server wants TLS: set tls"},
	{"CONTACTADMIN", IMAP_ADVICE_PERSON, "the server's administrator has to be asked"},
	{"NONEXISTENT", IMAP_ADVICE_ABSENT, NULL},
	{"TRYCREATE", IMAP_ADVICE_ABSENT, NULL},
	{"NOPERM", IMAP_ADVICE_DENIED, NULL},
	{"READ-ONLY", IMAP_ADVICE_DENIED, NULL},
	{"CANNOT", IMAP_ADVICE_DENIED, NULL},
};

/* The first that is found counts. */
static const struct {
	const char *words;
	enum imap_advice advice;
} texts[] = {
	{"not connected", IMAP_ADVICE_RECONNECT}, /* "User is authenticated but not connected." */
	{"not authenticated", IMAP_ADVICE_RECONNECT},
	{"not logged in", IMAP_ADVICE_RECONNECT},
	{"login first", IMAP_ADVICE_RECONNECT},
	{"log in first", IMAP_ADVICE_RECONNECT},
	{"session expired", IMAP_ADVICE_RECONNECT},
	{"session invalidated", IMAP_ADVICE_RECONNECT}, /* "AccessTokenExpired" of Office 365 */
	{"accesstokenexpired", IMAP_ADVICE_RECONNECT},
	{"throttled", IMAP_ADVICE_SLOWER},
	{"backoff", IMAP_ADVICE_SLOWER},
	{"rate limit", IMAP_ADVICE_SLOWER},
	{"bandwidth", IMAP_ADVICE_SLOWER},
	{"too many", IMAP_ADVICE_SLOWER}, /* "simultaneous connections", "login attempts" */
	{"maximum number of connections", IMAP_ADVICE_SLOWER},
	{"application-specific password", IMAP_ADVICE_PERSON},
	{"log in via your web browser", IMAP_ADVICE_PERSON},
	{"web login required", IMAP_ADVICE_PERSON},
	{"not enabled for imap", IMAP_ADVICE_PERSON},
	{"try again", IMAP_ADVICE_LATER},
	{"temporar", IMAP_ADVICE_LATER}, /* "Temporary system error", "temporarily" */
	{"server unavailable", IMAP_ADVICE_LATER},
	{"service unavailable", IMAP_ADVICE_LATER},
	{"server busy", IMAP_ADVICE_LATER},
	{"server error", IMAP_ADVICE_LATER},
	{"internal error", IMAP_ADVICE_LATER},
	{"invalid credentials", IMAP_ADVICE_REJECTED},
	{"authentication failed", IMAP_ADVICE_REJECTED},
	{"doesn't exist", IMAP_ADVICE_ABSENT},
	{"does not exist", IMAP_ADVICE_ABSENT},
	{"no such mailbox", IMAP_ADVICE_ABSENT},
	{"unknown mailbox", IMAP_ADVICE_ABSENT},
	{"permission denied", IMAP_ADVICE_DENIED},
	{"access denied", IMAP_ADVICE_DENIED},
};

/* Office 365: "Request is throttled. Suggested Backoff Time: 299961 milliseconds". */
static unsigned seconds_of(const char *lower)
{
	const char *said = strstr(lower, "backoff time: ");
	guint64 milliseconds = said ? g_ascii_strtoull(said + strlen("backoff time: "), NULL, 10) : 0;

	return (unsigned)MIN(milliseconds / 1000 + (milliseconds % 1000 > 0), (guint64)IMAP_ANSWER_WAIT_MOST);
}

static enum imap_advice advice_of_text(const char *lower)
{
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		if (strstr(lower, texts[i].words))
			return texts[i].advice;
	}
	return IMAP_ADVICE_NONE;
}

struct imap_answer imap_answer_read(const char *code, const char *text)
{
	g_autofree char *lower = g_ascii_strdown(text ? text : "", -1);
	struct imap_answer answer = {.advice = advice_of_text(lower), .seconds = seconds_of(lower)};

	for (size_t i = 0; code && i < G_N_ELEMENTS(codes); i++) {
		if (g_ascii_strcasecmp(code, codes[i].code) == 0) {
			answer.advice = codes[i].advice;
			answer.means = codes[i].means;
		}
	}
	return answer;
}
