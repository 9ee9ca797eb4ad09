/* lmtp/session: each conversation is held in one piece, a byte at a time and in odd pieces, with the same result. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>

#include "lmtp/session.h"

#define SIZE 1000 /* bytes of a mail */
#define RECIPIENTS 3
#define GREETING "220 mail.example.org LMTP patchmaild\r\n"
#define LHLO "LHLO client.example.org\r\n"
#define LHLO_REPLY                                                                                              \
	"250-mail.example.org\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n" \
	"250-CHUNKING\r\n250 SIZE 1000\r\n"
#define BEGUN GREETING LHLO_REPLY
#define MAIL "MAIL FROM:<alice@example.org>\r\n"
#define RCPT "RCPT TO:<demo@example.org>\r\n"
#define MAIL_OK "250 2.1.0 OK\r\n"
#define RCPT_OK "250 2.1.5 OK\r\n"
#define GO_AHEAD "354 End it with a dot on a line of its own\r\n"
#define READY BEGUN MAIL_OK RCPT_OK /* after LHLO MAIL RCPT */
#define DUE "250 2.0.0 stored\r\n"  /* what the test answers to a mail, for each recipient */
#define TOO_LONG "500 5.5.2 The line is too long\r\n"
#define UNKNOWN "500 5.5.2 There is no such command\r\n"
#define BAD_LINE "500 5.5.2 Only printable characters make a command, and CR LF ends it\r\n"

/* A mail is answered at once. */
static void settle(struct lmtp_session *session, const struct lmtp_event *event)
{
	g_autoptr(GString) lines = g_string_new(NULL);

	for (unsigned i = 0; i < event->recipients; i++)
		g_string_append(lines, DUE);
	lmtp_session_settle(session, event->mail, lines->str);
}

/* A conversation, and what came of it as one text: events without content, with those bytes in place. */
static char *talk(const char *said, size_t length, size_t piece, bool private, GString *events)
{
	const struct lmtp_limits limits = {"mail.example.org", SIZE, RECIPIENTS, private};
	struct lmtp_session *session = lmtp_session_new(&limits);
	GString *out = g_string_new(NULL);
	bool within = false;

	for (size_t from = 0; from < length; from += piece) {
		const char *bytes = said + from;
		size_t left = MIN(piece, length - from);
		struct lmtp_event event;

		do {
			size_t taken = lmtp_session_push(session, bytes, left, &event);

			assert_true(taken <= left);
			bytes += taken;
			left -= taken;
			if (within && event.kind != LMTP_CONTENT && event.kind != LMTP_MORE) {
				g_string_append_c(events, '>');
				within = false;
			}
			switch (event.kind) {
			case LMTP_BEGIN:
				g_string_append_printf(events, "from %s%s%s\n", event.address,
				                       event.private ? " private " : "",
				                       event.list_id ? event.list_id : "");
				break;
			case LMTP_RECIPIENT:
				g_string_append_printf(events, "to %s\n", event.address);
				if (g_str_has_prefix(event.address, "nobody"))
					lmtp_session_refuse(session);
				else
					lmtp_session_accept(session);
				break;
			case LMTP_CONTENT:
				assert_true(event.length > 0);
				if (!within)
					g_string_append_c(events, '<');
				g_string_append_len(events, event.bytes, (gssize)event.length);
				within = true;
				break;
			case LMTP_COMPLETE:
				g_string_append_printf(events, "mail %u for %u\n", (unsigned)event.mail,
				                       event.recipients);
				settle(session, &event);
				break;
			case LMTP_RESET:
				g_string_append(events, "reset\n");
				break;
			case LMTP_CLOSE:
				/* It says so at every call from then on. */
				if (!g_str_has_suffix(events->str, "close\n"))
					g_string_append(events, "close\n");
				assert_int_equal(left, 0);
				break;
			case LMTP_MORE:
				assert_int_equal(left, 0);
			}
		} while (event.kind != LMTP_MORE && event.kind != LMTP_CLOSE);
		lmtp_session_replies(session, out);
	}
	lmtp_session_replies(session, out);
	lmtp_session_free(session);
	return g_string_free(out, FALSE);
}

static void check_bytes(const char *said, size_t length, bool private, const char *events, const char *replies)
{
	static const size_t pieces[] = {1, 2, 3, 7, 4096};
	g_autoptr(GString) whole = g_string_new(NULL);
	g_autofree char *out = talk(said, length, MAX(length, 1), private, whole);

	assert_string_equal(whole->str, events);
	assert_string_equal(out, replies);
	for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
		g_autoptr(GString) some = g_string_new(NULL);
		g_autofree char *same = talk(said, length, pieces[i], private, some);

		assert_string_equal(some->str, whole->str);
		assert_string_equal(same, out);
	}
}

static void check(const char *said, const char *events, const char *replies)
{
	check_bytes(said, strlen(said), false, events, replies);
}

/* After LHLO, MAIL and RCPT. */
static void check_mail(const char *said, const char *events, const char *replies)
{
	g_autofree char *all = g_strconcat(LHLO MAIL RCPT, said, NULL);
	g_autofree char *seen = g_strconcat("from alice@example.org\nto demo@example.org\n", events, NULL);
	g_autofree char *heard = g_strconcat(READY, replies, NULL);

	check(all, seen, heard);
}

/* One command after LHLO, and its reply. */
static void check_command(const char *command, const char *reply)
{
	g_autofree char *said = g_strconcat(LHLO, command, "\r\n", NULL);
	g_autofree char *heard = g_strconcat(BEGUN, reply, "\r\n", NULL);

	check(said, "", heard);
}

static void test_greeting(void **state)
{
	(void)state;
	check("", "", GREETING);
	check(LHLO, "", BEGUN);
	check("lhlo x\r\n", "", BEGUN);
	check("HELO x\r\n", "", GREETING "500 5.5.1 This is LMTP: say LHLO\r\n");
	check("EHLO x\r\n", "", GREETING "500 5.5.1 This is LMTP: say LHLO\r\n");
	check("LHLO\r\n", "", GREETING "501 5.5.4 That is no argument of this command\r\n");
	check(MAIL, "", GREETING "503 5.5.1 LHLO comes first\r\n");
}

static void test_commands(void **state)
{
	(void)state;
	check_command("NOOP", "250 2.0.0 OK");
	check_command("NOOP with words", "250 2.0.0 OK");
	check_command("RSET", "250 2.0.0 OK");
	check_command("RSET x", "501 5.5.4 That is no argument of this command");
	check_command("VRFY alice", "252 2.1.5 Send a mail, and see");
	check_command("EXPN list", "502 5.5.1 That command is not offered");
	check_command("STARTTLS", "502 5.5.1 That command is not offered");
	check_command("XYZZY", "500 5.5.2 There is no such command");
	check_command("", "500 5.5.2 There is no such command");
	check_command("RCPT TO:<demo@example.org>", "503 5.5.1 MAIL comes first");
	check_command("DATA", "503 5.5.1 MAIL comes first");
	check(LHLO "QUIT\r\nNOOP\r\n", "close\n", BEGUN "221 2.0.0 Bye\r\n");
	check_mail("MAIL FROM:<>\r\n", "", "503 5.5.1 A mail is begun already\r\n");
	check_mail("RSET\r\nDATA\r\n", "reset\n", "250 2.0.0 OK\r\n503 5.5.1 MAIL comes first\r\n");
	check_mail("LHLO x\r\nDATA\r\n", "reset\n", LHLO_REPLY "503 5.5.1 MAIL comes first\r\n");
	check_mail("QUIT\r\n", "reset\nclose\n", "221 2.0.0 Bye\r\n");
}

static void check_sender(const char *path, const char *address)
{
	g_autofree char *said = g_strdup_printf(LHLO "MAIL FROM:%s\r\n", path);
	g_autofree char *events = g_strdup_printf("from %s\n", address);

	check(said, events, BEGUN MAIL_OK);
}

static void test_addresses(void **state)
{
	(void)state;
	check_sender("<>", "");
	check_sender("<alice@example.org>", "alice@example.org");
	check_sender(" <alice@example.org>", "alice@example.org");
	check_sender("<Alice+x=y/z@Example.ORG>", "Alice+x=y/z@Example.ORG");
	check_sender("<\"a \\\"b\\\\ c>@\"@example.org>", "a \"b\\ c>@@example.org");
	check_sender("<@one.example,@two.example:alice@example.org>", "alice@example.org");
	check_sender("<alice@[192.0.2.1]>", "alice@[192.0.2.1]");
	check_sender("<alice@[IPv6:2001:db8::1]>", "alice@[IPv6:2001:db8::1]");
	check_sender("<alice>", "alice");
	check_sender("<alice@example.org> BODY=8BITMIME SIZE=1000", "alice@example.org");
	check_sender("<alice@example.org>  body=7bit  size=0 ", "alice@example.org");
	check_sender("<\xc3\xa4@example.org> SMTPUTF8", "\xc3\xa4@example.org");
	static const char *const wrong[] = {"<",
	                                    "alice@example.org",
	                                    "<alice@>",
	                                    "<@example.org>",
	                                    "<a b@example.org>",
	                                    "<\"a@example.org>",
	                                    "<alice@example.org",
	                                    "<a@b@c>",
	                                    "<a@[192.0.2.1>",
	                                    "<@one.example alice@example.org>",
	                                    NULL};
	for (unsigned i = 0; wrong[i]; i++) {
		g_autofree char *command = g_strconcat("MAIL FROM:", wrong[i], NULL);

		check_command(command, "501 5.1.3 That is no address");
	}
	check_command("MAIL TO:<alice@example.org>", "501 5.5.4 That is no argument of this command");
	check_command("MAIL FROM:<alice@example.org>x", "501 5.5.4 That is no argument of this command");
	check_command("MAIL FROM:<\xc3\xa4@example.org>", "553 5.6.7 Such an address needs SMTPUTF8");
}

/* As long as an address may be, and a byte longer. */
static void test_long_addresses(void **state)
{
	enum { AT = 1024 - sizeof("@example.org") + 1 };
	g_autofree char *at = g_strnfill(AT, 'a'), *over = g_strnfill(AT + 1, 'a');
	g_autofree char *sender = g_strdup_printf("%s@example.org", at), *path = g_strdup_printf("<%s>", sender);
	g_autofree char *wrong = g_strdup_printf("MAIL FROM:<%s@example.org>", over);

	(void)state;
	assert_int_equal(strlen(sender), 1024);
	check_sender(path, sender);
	check_command(wrong, "501 5.1.3 That is no address");
}

static void test_parameters(void **state)
{
	(void)state;
	check_command("MAIL FROM:<> SIZE=1001", "552 5.3.4 The mail is too large");
	check_command("MAIL FROM:<> SIZE=99999999999999999999", "552 5.3.4 The mail is too large");
	check_command("MAIL FROM:<> SIZE=999999999999999999999", "501 5.5.4 That is no argument of this command");
	check_command("MAIL FROM:<> SIZE=", "501 5.5.4 That is no argument of this command");
	check_command("MAIL FROM:<> SIZE=-1", "501 5.5.4 That is no argument of this command");
	check_command("MAIL FROM:<> BODY=BINARYMIME", "501 5.5.4 That is no argument of this command");
	check_command("MAIL FROM:<> SMTPUTF8=x", "501 5.5.4 That is no argument of this command");
	check_command("MAIL FROM:<> AUTH=<>", "555 5.5.4 That parameter is not offered");
	check_command("MAIL FROM:<> XDELIVER", "555 5.5.4 That parameter is not offered");
	check_mail("RCPT TO:<b@example.org> NOTIFY=NEVER\r\n", "", "555 5.5.4 That parameter is not offered\r\n");
	check_mail("RCPT TO:<>\r\n", "", "501 5.1.3 That is no address\r\n");
	check_mail("RCPT TO:<\xc3\xa4@example.org>\r\n", "", "553 5.6.7 Such an address needs SMTPUTF8\r\n");
}

/* What `patchmaild deliver` says, where it may. */
static void test_private(void **state)
{
	static const char said[] = LHLO "MAIL FROM:<> XDELIVER\r\nRSET\r\nMAIL FROM:<> XDELIVER=a+2Bb+20c\r\nRSET\r\n"
					"MAIL FROM:<> XDELIVER=+0A\r\nMAIL FROM:<> XDELIVER=+4\r\n";
	static const char replies[] =
		GREETING "250-mail.example.org\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n"
			 "250-SMTPUTF8\r\n250-CHUNKING\r\n250-XDELIVER\r\n250 SIZE 1000\r\n" MAIL_OK
			 "250 2.0.0 OK\r\n" MAIL_OK "250 2.0.0 OK\r\n"
			 "501 5.5.4 That is no argument of this command\r\n"
			 "501 5.5.4 That is no argument of this command\r\n";

	(void)state;
	check_bytes(said, strlen(said), true, "from  private \nreset\nfrom  private a+b c\nreset\n", replies);
}

static void test_data(void **state)
{
	(void)state;
	check_mail("DATA\r\none\r\n.\r\n", "<one\r\n>mail 1 for 1\n", GO_AHEAD DUE);
	check_mail("DATA\r\n.\r\n", "mail 1 for 1\n", GO_AHEAD DUE);
	check_mail("DATA\r\n..\r\n.\r\n", "<.\r\n>mail 1 for 1\n", GO_AHEAD DUE);
	check_mail("DATA\r\n...x\r\n.y\r\n.\r\n", "<..x\r\ny\r\n>mail 1 for 1\n", GO_AHEAD DUE);
	check_mail("DATA\r\na.\r\n.\r\n", "<a.\r\n>mail 1 for 1\n", GO_AHEAD DUE);
	check_mail("DATA\r\none", "<one", GO_AHEAD);
	check_mail("RCPT TO:<b@example.org>\r\nDATA\r\nx\r\n.\r\n", "to b@example.org\n<x\r\n>mail 1 for 2\n",
	           RCPT_OK GO_AHEAD DUE DUE);
	check_mail("DATA\r\nx\r\n.\r\n" MAIL RCPT "DATA\r\ny\r\n.\r\nQUIT\r\n",
	           "<x\r\n>mail 1 for 1\nfrom alice@example.org\nto demo@example.org\n<y\r\n>mail 2 for 1\nclose\n",
	           GO_AHEAD DUE MAIL_OK RCPT_OK GO_AHEAD DUE "221 2.0.0 Bye\r\n");
}

/* Whatever is no CR LF . CR LF is content, so that nobody gets a second mail out of a first one. */
static void test_smuggling(void **state)
{
	static const char *const contents[] = {
		"\n.\n",     "\n.\r\n",   "\r\n.\n",          "\r.\r",           "\r.\r\n",     "\r\n.\r", "\n.\r",
		"\r\r.\r\n", "\n\r.\r\n", "x\n.\r\nRSET\r\n", "\r\n.\rMAIL\r\n", "\r\n.\r\r\n", "x\r.\n",  NULL};

	(void)state;
	for (unsigned i = 0; contents[i]; i++) {
		g_autofree char *said = g_strdup_printf("DATA\r\nx%s\r\n.\r\n", contents[i]);
		g_autofree char *kept = g_strdup(contents[i]);
		g_autofree char *events = NULL;
		char *stuffed = strstr(kept, "\r\n.");

		/* The dot that begins a line goes, if more is on it. */
		if (stuffed)
			memmove(stuffed + 2, stuffed + 3, strlen(stuffed + 3) + 1);
		events = g_strdup_printf("<x%s\r\n>mail 1 for 1\n", kept);
		check_mail(said, events, GO_AHEAD DUE);
	}
	/* A CR before CR LF changes nothing of that. */
	check_mail("DATA\r\nx\r\r\n.\r\n", "<x\r\r\n>mail 1 for 1\n", GO_AHEAD DUE);
}

static void test_no_recipient(void **state)
{
	(void)state;
	check(LHLO MAIL "DATA\r\n", "from alice@example.org\n", BEGUN MAIL_OK "503 5.5.1 There is no recipient\r\n");
	check(LHLO MAIL "RCPT TO:<nobody@example.org>\r\nDATA\r\n", "from alice@example.org\nto nobody@example.org\n",
	      BEGUN MAIL_OK "550 5.1.1 There is no such recipient here\r\n503 5.5.1 There is no recipient\r\n");
	check_mail("RCPT TO:<nobody@example.org>\r\nDATA\r\nx\r\n.\r\n", "to nobody@example.org\n<x\r\n>mail 1 for 1\n",
	           "550 5.1.1 There is no such recipient here\r\n" GO_AHEAD DUE);
	check_mail(RCPT RCPT RCPT "DATA\r\n.\r\n", "to demo@example.org\nto demo@example.org\nmail 1 for 3\n",
	           RCPT_OK RCPT_OK "452 4.5.3 There are too many recipients\r\n" GO_AHEAD DUE DUE DUE);
}

static void test_chunks(void **state)
{
	(void)state;
	check_mail("BDAT 3 LAST\r\none", "<one>mail 1 for 1\n", DUE);
	check_mail("BDAT 0 LAST\r\n", "mail 1 for 1\n", DUE);
	check_mail("BDAT 3\r\none"
	           "bdat 5 last\r\n\r\n.\r\n",
	           "<one\r\n.\r\n>mail 1 for 1\n", "250 2.0.0 3 bytes\r\n" DUE);
	check_mail("BDAT 0\r\n"
	           "BDAT 1 LAST\r\nxNOOP\r\n",
	           "<x>mail 1 for 1\n", "250 2.0.0 0 bytes\r\n" DUE "250 2.0.0 OK\r\n");
	check_mail("BDAT 1\r\nxDATA\r\n", "<x", "250 2.0.0 1 bytes\r\n503 5.5.1 The mail comes by BDAT already\r\n");
	check_mail("BDAT 1\r\nx" RCPT, "<x", "250 2.0.0 1 bytes\r\n503 5.5.1 The mail is on its way already\r\n");
	check_mail("BDAT 1\r\nxRSET\r\nBDAT 4\r\nNOOPNOOP\r\n", "<x>reset\n",
	           "250 2.0.0 1 bytes\r\n250 2.0.0 OK\r\n503 5.5.1 MAIL comes first\r\n250 2.0.0 OK\r\n");
	check(LHLO MAIL "BDAT 6 LAST\r\nQUIT\r\nNOOP\r\n", "from alice@example.org\n",
	      BEGUN MAIL_OK "503 5.5.1 There is no recipient\r\n250 2.0.0 OK\r\n");
	check(LHLO "BDAT 5\r\nxxxxxNOOP\r\n", "", BEGUN "503 5.5.1 MAIL comes first\r\n250 2.0.0 OK\r\n");
}

/* If nobody knows where the next command begins nothing more is read. */
static void test_bad_chunks(void **state)
{
	static const char *const wrong[] = {"BDAT",
	                                    "BDAT x",
	                                    "BDAT -1",
	                                    "BDAT 1 FIRST",
	                                    "BDAT 1 LAST x",
	                                    "BDAT 1LAST",
	                                    "BDAT 0x10",
	                                    "BDAT 999999999999999999999",
	                                    NULL};

	(void)state;
	for (unsigned i = 0; wrong[i]; i++) {
		g_autofree char *said = g_strconcat(wrong[i], "\r\nMAIL FROM:<>\r\n", NULL);

		check_mail(said, "close\n",
		           "501 5.5.4 That is no argument of this command\r\n421 4.5.0 A chunk without a size: "
		           "closing\r\n");
	}
}

static void test_too_large(void **state)
{
	g_autofree char *large = g_strnfill(SIZE + 1, 'x'), *fits = g_strnfill(SIZE - 2, 'y');
	g_autofree char *said = g_strdup_printf("DATA\r\n%s\r\n.\r\n" MAIL RCPT "DATA\r\n%s\r\n.\r\n", fits, large);
	g_autofree char *chunks = g_strdup_printf("BDAT 1001\r\n%sBDAT 1 LAST\r\nzNOOP\r\n", large);
	g_autoptr(GString) events = g_string_new(NULL);
	g_autofree char *all = g_strconcat(LHLO MAIL RCPT, said, NULL), *out = NULL;

	(void)state;
	out = talk(all, strlen(all), 100, false, events);
	assert_non_null(strstr(events->str, "mail 1 for 1\n"));
	assert_null(strstr(events->str, "mail 2"));
	assert_true(g_str_has_suffix(events->str, ">reset\n"));
	assert_true(g_str_has_suffix(out, GO_AHEAD "552 5.3.4 The mail is too large\r\n"));
	g_free(all);
	g_free(out);
	all = g_strconcat(LHLO MAIL RCPT, chunks, NULL);
	g_string_truncate(events, 0);
	out = talk(all, strlen(all), 4096, false, events);
	assert_null(strstr(events->str, "mail 1"));
	assert_true(g_str_has_suffix(out, "552 5.3.4 The mail is too large\r\n552 5.3.4 The mail is too large\r\n"
	                                  "250 2.0.0 OK\r\n"));
}

static void test_lines(void **state)
{
	g_autofree char *longest = g_strnfill(LMTP_LINE_MAX - 7, 'x'), *longer = g_strnfill(LMTP_LINE_MAX - 6, 'x');
	g_autofree char *huge = g_strnfill(10 * LMTP_LINE_MAX, 'x');
	g_autofree char *fits = g_strdup_printf(LHLO "NOOP %s\r\n", longest);
	g_autofree char *large = g_strdup_printf(LHLO "NOOP %s\r\nNOOP\r\n", longer);
	g_autofree char *monster = g_strdup_printf(LHLO "NOOP %s\nRSET\n\r\nNOOP\r\n", huge);
	static const char nul[] = LHLO "NO\0OP\r\nNOOP\r\n";

	(void)state;
	check(fits, "", BEGUN "250 2.0.0 OK\r\n");
	check(large, "", BEGUN TOO_LONG "250 2.0.0 OK\r\n");
	check(monster, "", BEGUN TOO_LONG "250 2.0.0 OK\r\n");
	check_bytes(nul, sizeof(nul) - 1, false, "", BEGUN BAD_LINE "250 2.0.0 OK\r\n");
	check(LHLO "NOOP\nNOOP\r\n", "", BEGUN BAD_LINE);
	check(LHLO "NOOP\n", "", BEGUN);
	check(LHLO "NO\rOP\r\n", "", BEGUN BAD_LINE);
	check(LHLO "NOOP \xff\r\n", "", BEGUN BAD_LINE);
}

static void test_errors(void **state)
{
	g_autoptr(GString) said = g_string_new(LHLO), heard = g_string_new(BEGUN);

	(void)state;
	for (unsigned i = 0; i < LMTP_ERRORS_MAX - 1; i++) {
		g_string_append(said, "X\r\n");
		g_string_append(heard, UNKNOWN);
	}
	/* One that is right forgives them. */
	g_string_append(said, "NOOP\r\n");
	g_string_append(heard, "250 2.0.0 OK\r\n");
	for (unsigned i = 0; i < LMTP_ERRORS_MAX; i++) {
		g_string_append(said, "X\r\n");
		g_string_append(heard, UNKNOWN);
	}
	g_string_append(said, MAIL RCPT "DATA\r\nx\r\n.\r\n");
	g_string_append(heard, "421 4.7.0 Too many errors: closing\r\n");
	check(said->str, "close\n", heard->str);
	/* So are chunks that nobody wanted. */
	g_string_assign(said, LHLO);
	g_string_assign(heard, BEGUN);
	for (unsigned i = 0; i < LMTP_ERRORS_MAX; i++) {
		g_string_append(said, "BDAT 1\r\nx");
		g_string_append(heard, "503 5.5.1 MAIL comes first\r\n");
	}
	g_string_append(heard, "421 4.7.0 Too many errors: closing\r\n");
	check(said->str, "close\n", heard->str);
}

/* Push all of it; give the number of the last mail that has come whole. */
static uint64_t push_all(struct lmtp_session *session, const char *said)
{
	size_t left = strlen(said);
	struct lmtp_event event;
	uint64_t mail = 0;

	do {
		size_t taken = lmtp_session_push(session, said, left, &event);

		said += taken;
		left -= taken;
		if (event.kind == LMTP_RECIPIENT)
			lmtp_session_accept(session);
		if (event.kind == LMTP_COMPLETE)
			mail = event.mail;
	} while (event.kind != LMTP_MORE && event.kind != LMTP_CLOSE);
	return mail;
}

static void check_due(struct lmtp_session *session, const char *lines)
{
	g_autoptr(GString) out = g_string_new(NULL);

	lmtp_session_replies(session, out);
	assert_string_equal(out->str, lines);
}

/* Replies come in the order of the mails, whichever is settled first. */
static void test_order(void **state)
{
	const struct lmtp_limits limits = {"mail.example.org", SIZE, RECIPIENTS, false};
	struct lmtp_session *session = lmtp_session_new(&limits);

	(void)state;
	assert_true(lmtp_session_progress(session) == 0);
	assert_int_equal(push_all(session, LHLO MAIL RCPT "BDAT 1 LAST\r\nx" MAIL RCPT "BDAT 1 LAST\r\nyQUIT\r\n"), 2);
	check_due(session, READY);
	assert_int_equal(lmtp_session_held(session), strlen(MAIL_OK RCPT_OK "221 2.0.0 Bye\r\n"));
	lmtp_session_settle(session, 2, "451 4.3.0 two\r\n");
	check_due(session, "");
	lmtp_session_settle(session, 1, "250 2.0.0 one\r\n");
	check_due(session, "250 2.0.0 one\r\n" MAIL_OK RCPT_OK "451 4.3.0 two\r\n221 2.0.0 Bye\r\n");
	assert_int_equal(lmtp_session_held(session), 0);
	lmtp_session_free(session);
}

/* When the server ends, what has come whole is answered, and what has not is forgotten. */
static void test_end(void **state)
{
	const struct lmtp_limits limits = {"mail.example.org", SIZE, RECIPIENTS, false};
	struct lmtp_session *session = lmtp_session_new(&limits);
	struct lmtp_event event;

	(void)state;
	push_all(session, LHLO);
	check_due(session, BEGUN);
	push_all(session, MAIL RCPT "BDAT 1 LAST\r\nx" MAIL RCPT "DATA\r\nhalf of a m");
	lmtp_session_end(session, "421 4.3.2 Shutting down");
	lmtp_session_end(session, "421 4.3.2 Shutting down");
	lmtp_session_push(session, "ail\r\n.\r\n", 8, &event);
	assert_int_equal(event.kind, LMTP_CLOSE);
	lmtp_session_settle(session, 1, DUE);
	check_due(session, MAIL_OK RCPT_OK DUE MAIL_OK RCPT_OK GO_AHEAD "421 4.3.2 Shutting down\r\n");
	lmtp_session_free(session);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_greeting),     cmocka_unit_test(test_commands),
		cmocka_unit_test(test_addresses),    cmocka_unit_test(test_long_addresses),
		cmocka_unit_test(test_parameters),   cmocka_unit_test(test_private),
		cmocka_unit_test(test_data),         cmocka_unit_test(test_smuggling),
		cmocka_unit_test(test_no_recipient), cmocka_unit_test(test_chunks),
		cmocka_unit_test(test_bad_chunks),   cmocka_unit_test(test_too_large),
		cmocka_unit_test(test_lines),        cmocka_unit_test(test_errors),
		cmocka_unit_test(test_order),        cmocka_unit_test(test_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
