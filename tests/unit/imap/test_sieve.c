/* test_sieve.c - what of an IMAP server's answers goes on to libetpan: each answer whole, in two pieces cut anywhere,
 * and byte by byte; and libetpan reads all of it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>
#include <libetpan/libetpan.h>

#include "imap/sieve.h"
#include "imap/sieve_fetch.h"
#include "imap/sieve_search.h"

/* Commands as libetpan sends them first. */
enum command { CONNECT, CAPABILITY, LOGIN, SELECT, SEARCH, FETCH, NOOP, STORE, IDLE, LIST, ID };

static const char *const commands[] = {
	[CONNECT] = "",
	[CAPABILITY] = "1 CAPABILITY\r\n",
	[LOGIN] = "1 LOGIN \"somebody\" \"secret\"\r\n",
	[SELECT] = "1 SELECT INBOX\r\n",
	[SEARCH] = "1 UID SEARCH UID 1:9\r\n",
	[FETCH] = "1 UID FETCH 7 BODY.PEEK[]\r\n",
	[NOOP] = "1 NOOP\r\n",
	[STORE] = "1 UID STORE 7 +FLAGS.SILENT (\\Seen)\r\n",
	[IDLE] = "1 IDLE\r\n",
	[LIST] = "1 LIST \"\" *\r\n",
	[ID] = "1 ID NIL\r\n",
};

struct row {
	const char *name;
	enum command command;
	const char *said;
	size_t length;
	const char *expected; /* NULL: it cannot be read */
};

#define SAID(text) text, sizeof(text) - 1
#define SELECTED "* 3 EXISTS\r\n* OK [UIDVALIDITY 77] valid\r\n* OK [UIDNEXT 9] next\r\n1 OK done\r\n"
#define HONEST "* 3 EXISTS\r\n* OK [UIDVALIDITY 77] x\r\n* OK [UIDNEXT 9] y\r\n"
#define MAIL "* 4 FETCH (UID 7 BODY[] {5}\r\nm\r\nil)\r\n1 OK done\r\n"
#define DONE "1 OK done\r\n"

static const struct row rows[] = {
	/* Greetings. */
	{"a greeting", CONNECT, SAID("* OK ready\r\n"), "* OK ready\r\n"},
	{"a greeting without a text", CONNECT, SAID("* OK\r\n"), "* OK done\r\n"},
	{"a greeting that ends with LF", CONNECT, SAID("\r\n\n* ok  ready \n"), "* OK ready\r\n"},
	{"capabilities in a greeting", CONNECT, SAID("* OK [CAPABILITY IMAP4rev1 AUTH=] hello\r\n"), "* OK hello\r\n"},
	{"a code without an end", CONNECT, SAID("* OK [PERMANENTFLAGS () x\r\n"), "* OK PERMANENTFLAGS () x\r\n"},
	{"a greeting in Latin-1 and controls", CONNECT, SAID("* OK gr\xfc\xdf\x01 Gott\0!\r\n"),
         "* OK gr\xfc\xdf? Gott?!\r\n"},
	{"a refusal in place of a greeting", CONNECT, SAID("* NO [UNAVAILABLE] later\r\n"),
         "* BYE [UNAVAILABLE] later\r\n"},
	{"a greeting that is none of IMAP", CONNECT, SAID("+OK POP3 ready\r\n"), NULL},
	{"a greeting of SMTP", CONNECT, SAID("220 mail.example.org ESMTP\r\n"), NULL},
	{"a greeting that is no status", CONNECT, SAID("* HELLO\r\n"), NULL},

	/* CAPABILITY. */
	{"capabilities", CAPABILITY, SAID("* CAPABILITY IMAP4rev1 IDLE\r\n1 OK x\r\n"),
         "* CAPABILITY IMAP4rev1 IDLE\r\n1 OK x\r\n"},
	{"no capabilities", CAPABILITY, SAID("* CAPABILITY\r\n1 OK\r\n"), "* CAPABILITY IMAP4rev1\r\n" DONE},
	{"no line of capabilities", CAPABILITY, SAID("1 OK \r\n"), "* CAPABILITY IMAP4rev1\r\n" DONE},
	{"capabilities that are none", CAPABILITY,
         SAID("* capability imap4rev1 AUTH= AUTH=PLAIN  \"XQ\" X(Y) 8\xc3\xa4 IDLE \r\n1 ok\r\n"),
         "* CAPABILITY IMAP4rev1 AUTH=PLAIN IDLE\r\n" DONE},
	{"a server of IMAP4rev2 alone", CAPABILITY, SAID("* CAPABILITY IMAP4rev2 AUTH=PLAIN\r\n1 OK x\r\n"),
         "* CAPABILITY IMAP4rev1 IMAP4rev2 AUTH=PLAIN IDLE MOVE UIDPLUS SASL-IR\r\n1 OK x\r\n"},
	{"an alert before the capabilities", CAPABILITY,
         SAID("* OK [ALERT] {5}\r\n* NO [OVERQUOTA] full\r\n* CAPABILITY IMAP4rev1\r\n1 OK x\r\n"),
         "* CAPABILITY IMAP4rev1\r\n1 OK x\r\n"},

	/* Statuses with the tag. */
	{"a refusal without a reason", NOOP, SAID("1 NO\r\n"), "1 NO no reason given\r\n"},
	{"a refusal with a code alone", NOOP, SAID("1 NO [INUSE]\r\n"), "1 NO [INUSE] INUSE\r\n"},
	{"a code in small letters, with an argument", NOOP, SAID("1 BAD [limit (5)]  slower\r\n"),
         "1 BAD [LIMIT] slower\r\n"},
	{"a bracket in quotes", NOOP, SAID("1 NO [XFOO \"a]b\" (c d)] text\r\n"), "1 NO [XFOO] text\r\n"},
	{"a quotation mark that is alone", NOOP, SAID("1 NO [XFOO 5\"] text\r\n"), "1 NO [XFOO] text\r\n"},
	{"an empty code", NOOP, SAID("1 OK []  x\r\n"), "1 OK x\r\n"},
	{"a code that libetpan reads in its own way", NOOP, SAID("1 NO [BADCHARSET ({5}\r\nUTF-8)] no\r\n"),
         "1 NO no\r\n"},
	{"a reason in UTF-8", NOOP, SAID("1 NO voll \xe2\x80\x93 b\xc3\xa4h\r\n"),
         "1 NO voll \xe2\x80\x93 b\xc3\xa4h\r\n"},
	{"braces at the end of a reason", NOOP, SAID("1 NO not {5}\r\n"), "1 NO not {5}\r\n"},
	{"a status that has no tag", NOOP, SAID("1 BYE x\r\n"), NULL},
	{"a word that is no status", NOOP, SAID("1 MAYBE\r\n"), NULL},
	{"a tag that was never sent", NOOP, SAID("7 OK x\r\n"), NULL},
	{"a tag alone", NOOP, SAID("1\r\n"), NULL},
	{"words without a tag", NOOP, SAID("Traceback (most recent call last):\r\n"), NULL},
	{"the tag of a command before this one", NOOP, SAID("0 BAD late\r\nDONE BAD what?\r\n1 OK x\r\n"),
         "1 OK x\r\n"},
	{"what nobody knows", NOOP,
         SAID("*\r\n* \r\n* X-FOO (((\r\n* VANISHED (EARLIER) 41,43:116\r\n* -1 EXISTS\r\n* 1 FETCH (FLAGS (\\Seen\r\n"
              "* THREAD (1)\r\n* ID (\"name\" {3}\r\n* 1)\r\n* SEARCH 1\r\n* LIST () NIL x\r\n+ go on\r\n1 OK "
              "x\r\n"),
         "1 OK x\r\n"},
	{"a farewell before a refusal", LOGIN, SAID("* BYE [X] off\r\n1 NO [AUTHENTICATIONFAILED] no\r\n"),
         "1 NO [AUTHENTICATIONFAILED] no\r\n"},
	{"STORE and what it changed", STORE,
         SAID("* 4 FETCH (UID 7 FLAGS (\\Seen) MODSEQ (5))\r\n* OK [HIGHESTMODSEQ 5] x\r\n1 OK [MODIFIED 7] x\r\n"),
         "1 OK x\r\n"},

	/* SELECT. */
	{"a mailbox", SELECT, SAID(HONEST "1 OK [READ-WRITE]\r\n"),
         "* 3 EXISTS\r\n* OK [UIDVALIDITY 77] valid\r\n* OK [UIDNEXT 9] next\r\n1 OK [READ-WRITE] READ-WRITE\r\n"},
	{"odd flags", SELECT,
         SAID("* FLAGS (100% a*b foo]bar [Gmail]/Work \"two words\" \xc3\xa4)\r\n"
              "* OK [PERMANENTFLAGS (\\Seen foo]bar \\*)] x\r\n" HONEST "1 OK done\r\n"),
         SELECTED},
	{"flags as a literal", SELECT, SAID("* FLAGS ({12}\r\n1 NO [a]\r\n* )\r\n" HONEST DONE), SELECTED},
	{"numbers in odd forms", SELECT,
         SAID("*  0003   exists \r\n* OK [ uidvalidity  0077 ] x\r\n* OK [UIDNEXT 9\r\n1 OK done\r\n"), SELECTED},
	{"UIDVALIDITY in the answer itself", SELECT,
         SAID("* 3 EXISTS\r\n* OK [UIDNEXT 9] x\r\n1 OK [UIDVALIDITY 77] done\r\n"), SELECTED},
	{"the mailbox that was open before", SELECT,
         SAID("* 9 EXISTS\r\n* OK [UIDNEXT 99] x\r\n* OK [CLOSED] x\r\n" HONEST DONE), SELECTED},
	{"UIDNEXT 0", SELECT, SAID("* 3 EXISTS\r\n* OK [UIDVALIDITY 77] x\r\n* OK [UIDNEXT 0] x\r\n1 OK done\r\n"),
         "* 3 EXISTS\r\n* OK [UIDVALIDITY 77] valid\r\n1 OK done\r\n"},
	{"more mails than 32 bits count", SELECT, SAID("* 4294967299 EXISTS\r\n* OK [UIDVALIDITY 77]\r\n1 OK done\r\n"),
         "* 4294967295 EXISTS\r\n* OK [UIDVALIDITY 77] valid\r\n1 OK done\r\n"},
	{"UIDVALIDITY of 64 bits", SELECT, SAID("* OK [UIDVALIDITY 1769000000000] x\r\n1 OK done\r\n"), NULL},
	{"UIDVALIDITY that is no number", SELECT, SAID("* OK [UIDVALIDITY -1] x\r\n1 OK done\r\n"), NULL},
	{"no such mailbox", SELECT, SAID("* 3 EXISTS\r\n1 NO [NONEXISTENT] none\r\n"), "1 NO [NONEXISTENT] none\r\n"},

	/* SEARCH. */
	{"UIDs", SEARCH, SAID("* SEARCH 1 2 3\r\n" DONE), "* SEARCH 1 2 3\r\n" DONE},
	{"odd blanks", SEARCH, SAID("*  SEARCH  1\t2  003 \n1  OK\n"), "* SEARCH 1 2 3\r\n" DONE},
	{"no UIDs", SEARCH, SAID("* SEARCH\r\n" DONE), "* SEARCH\r\n" DONE},
	{"a blank in place of UIDs", SEARCH, SAID("* SEARCH \r\n" DONE), "* SEARCH\r\n" DONE},
	{"no answer for no UIDs", SEARCH, SAID(DONE), "* SEARCH\r\n" DONE},
	{"MODSEQ", SEARCH, SAID("* search 1 2 (MODSEQ 917162500)\r\n" DONE), "* SEARCH 1 2\r\n" DONE},
	{"ESEARCH", SEARCH, SAID("* ESEARCH (TAG \"1\") UID ALL 1:3,7,9:8\r\n" DONE), "* SEARCH 1 2 3 7 8 9\r\n" DONE},
	{"ESEARCH with more in it", SEARCH,
         SAID("* ESEARCH (TAG 1) UID MIN 2 MAX 3 COUNT 2 ALL 2,3 MODSEQ 5 PARTIAL (1:2 2:3)\r\n" DONE),
         "* SEARCH 2 3\r\n" DONE},
	{"ESEARCH without UIDs", SEARCH, SAID("* ESEARCH (TAG \"1\") UID COUNT 0\r\n" DONE), "* SEARCH\r\n" DONE},
	{"ESEARCH of another command", SEARCH, SAID("* ESEARCH (TAG \"x\") UID ALL 5\r\n* SEARCH 2\r\n" DONE),
         "* SEARCH\r\n* SEARCH 2\r\n" DONE},
	{"numbers that are no UIDs", SEARCH, SAID("* SEARCH 0 1 4294967295 4294967296 99999999999999999999\r\n" DONE),
         "* SEARCH 1 4294967295\r\n" DONE},
	{"a search where it is not said that no mail is", SEARCH, SAID("1 BAD no\r\n"), "1 BAD no\r\n"},
	{"a search where no mail is", SEARCH, SAID("* 0 EXISTS\r\n1 BAD no messages in mailbox\r\n"),
         "* SEARCH\r\n1 OK no messages in mailbox\r\n"},
	{"a search that is refused for a reason", SEARCH, SAID("1 NO [UNAVAILABLE] x\r\n"), "1 NO [UNAVAILABLE] x\r\n"},
	{"a range without an end", SEARCH, SAID("* SEARCH 5:\r\n" DONE), NULL},
	{"a range up to whatever is last", SEARCH, SAID("* SEARCH 5:*\r\n" DONE), NULL},
	{"a range of more than there may be", SEARCH, SAID("* ESEARCH (TAG \"1\") UID ALL 1:4294967295\r\n" DONE),
         NULL},
	{"a word", SEARCH, SAID("* SEARCH one\r\n" DONE), NULL},
	{"a literal", SEARCH, SAID("* SEARCH {4294967295}\r\n"), NULL},
	{"a parenthesis without an end", SEARCH, SAID("* SEARCH 1 (MODSEQ 5\r\n" DONE), NULL},
	{"message numbers", SEARCH, SAID("* ESEARCH (TAG \"1\") ALL 5\r\n" DONE), NULL},
	{"no more than how many", SEARCH, SAID("* ESEARCH (TAG \"1\") UID COUNT 3\r\n" DONE), NULL},

	/* FETCH. */
	{"a mail", FETCH, SAID("* 4 FETCH (UID 7 BODY[] {5}\r\nm\r\nil)\r\n" DONE), MAIL},
	{"the UID after the mail", FETCH, SAID("* 4 FETCH (BODY[] {5}\r\nm\r\nil UID 7)\r\n" DONE),
         "* 4 FETCH (BODY[] {5}\r\nm\r\nil UID 7)\r\n" DONE},
	{"more items, and flags of all kinds", FETCH,
         SAID("* 4 FETCH (FLAGS (\\Seen $x 100% [a]b foo[ a{5} (x) \\* \"q)\\\"\" \xc3\xa4 ) INTERNALDATE \" "
              "1-Jan-2026 0:0:0"
              " +0000\" RFC822.SIZE 5 MODSEQ (9) X-GM-MSGID 1278455344230334865 X-GM-LABELS (\"\\\\Inbox\" a "
              "{3}\r\n(\"}) UID"
              " 7 BODY[] {5}\r\nm\r\nil)\r\n" DONE),
         MAIL},
	{"an item without a value", FETCH, SAID("* 4 FETCH (UID 7 XFOO BODY[] {5}\r\nm\r\nil)\r\n" DONE), MAIL},
	{"an envelope and a structure", FETCH,
         SAID("* 4 FETCH (ENVELOPE (NIL {3}\r\na)b ((NIL NIL \"x\" \"y\"))) BODYSTRUCTURE ((\"TEXT\" NIL)(NIL)) BODY "
              "((NIL))"
              " UID 7 BODY[] {5}\r\nm\r\nil)\r\n" DONE),
         MAIL},
	{"the old name", FETCH, SAID("* 4 fetch (uid 7 rfc822 {5}\r\nm\r\nil)\n1 ok\n"), MAIL},
	{"the name that was asked for", FETCH, SAID("* 4 FETCH (UID 7 BODY.PEEK[] {5}\r\nm\r\nil)\r\n" DONE), MAIL},
	{"blanks in odd places, and none", FETCH,
         SAID("*  4  FETCH(  UID  0007  BODY[ ]<0>{5+} \r\nm\r\nil ) \r\n" DONE), MAIL},
	{"a literal that may hold NUL", FETCH, SAID("* 4 FETCH (UID 7 BODY[] ~{5}\r\nm\r\nil)\r\n" DONE), MAIL},
	{"a quoted mail", FETCH, SAID("* 4 FETCH (UID 7 BODY[] \"m\r\ni\\l\")\r\n" DONE), MAIL},
	{"a UID in quotes", FETCH, SAID("* 4 FETCH (UID \"7\" BODY[] {5}\r\nm\r\nil)\r\n" DONE), MAIL},
	{"a UID as a literal", FETCH, SAID("* 4 FETCH (UID {1}\r\n7 BODY[] {5}\r\nm\r\nil)\r\n" DONE), MAIL},
	{"the UID twice", FETCH, SAID("* 4 FETCH (UID 7 UID 7 BODY[] {5}\r\nm\r\nil UID 7)\r\n" DONE), MAIL},
	{"the UID in an answer before", FETCH,
         SAID("* 5 FETCH (UID 8)\r\n* 4 FETCH (UID 7)\r\n* 4 FETCH (BODY[] {5}\r\nm\r\nil)\r\n" DONE), MAIL},
	{"the UID in an answer after it", FETCH,
         SAID("* 4 FETCH (BODY[] {5}\r\nm\r\nil)\r\n* 4 FETCH (FLAGS () UID 7)\r\n" DONE),
         "* 4 FETCH (BODY[] {5}\r\nm\r\nil UID 7)\r\n" DONE},
	{"flags in an answer after it", FETCH,
         SAID("* 4 FETCH (UID 7 BODY[] {5}\r\nm\r\nil)\r\n* 4 FETCH (FLAGS (\\Seen))\r\n* 9 FETCH (UID 900 FLAGS "
              "())\r\n" DONE),
         MAIL},
	{"two mails", FETCH,
         SAID("* 4 FETCH (UID 7 BODY[] {1}\r\na)\r\n* 3 EXPUNGE\r\n* 2 EXISTS\r\n* 4 FETCH (BODY[] {1}\r\nb UID "
              "8)\r\n" DONE),
         "* 4 FETCH (UID 7 BODY[] {1}\r\na)\r\n* 4 FETCH (BODY[] {1}\r\nb UID 8)\r\n" DONE},
	{"a mail without a UID, and another", FETCH,
         SAID("* 4 FETCH (BODY[] {1}\r\na)\r\n* 5 FETCH (UID 8 BODY[] {1}\r\nb)\r\n" DONE),
         "* 4 FETCH (BODY[] {1}\r\na)\r\n* 5 FETCH (UID 8 BODY[] {1}\r\nb)\r\n" DONE},
	{"a UID known by a number that means another mail now", FETCH,
         SAID("* 4 FETCH (UID 7)\r\n* 3 EXPUNGE\r\n* 4 FETCH (BODY[] {1}\r\na)\r\n" DONE),
         "* 4 FETCH (BODY[] {1}\r\na)\r\n" DONE},
	{"a part of a mail", FETCH, SAID("* 4 FETCH (UID 7 BODY[]<5> {1}\r\na)\r\n" DONE),
         "* 4 FETCH (UID 7 BODY[]<5> {1}\r\na)\r\n" DONE},
	{"a header, which is no mail", FETCH,
         SAID("* 4 FETCH (UID 7 BODY[HEADER.FIELDS (FROM TO)] {1}\r\na BODY[TEXT] \"x\" BINARY[] {1}\r\nb)\r\n" DONE),
         DONE},
	{"no mail", FETCH, SAID("* 4 FETCH (UID 7 BODY[] NIL)\r\n" DONE), DONE},
	{"an empty mail", FETCH, SAID("* 4 FETCH (UID 7 BODY[] {0}\r\n)\r\n" DONE),
         "* 4 FETCH (UID 7 BODY[] {0}\r\n)\r\n" DONE},
	{"a mail that holds answers", FETCH, SAID("* 4 FETCH (UID 7 BODY[] {9}\r\n1 NO x\r\n\xff)\r\n" DONE),
         "* 4 FETCH (UID 7 BODY[] {9}\r\n1 NO x\r\n\xff)\r\n" DONE},
	{"message number 0", FETCH, SAID("* 0 FETCH (UID 7 BODY[] {1}\r\na)\r\n" DONE),
         "* 1 FETCH (UID 7 BODY[] {1}\r\na)\r\n" DONE},
	{"one parenthesis more", FETCH, SAID("* 4 FETCH (UID 7 BODY[] {5}\r\nm\r\nil)))\r\n" DONE), MAIL},
	{"one parenthesis less", FETCH, SAID("* 4 FETCH (UID 7 FLAGS (\\Seen BODY[] {1}\r\na)\r\n" DONE), NULL},
	{"an end within", FETCH, SAID("* 4 FETCH (UID 7 BODY[]\r\n" DONE), NULL},
	{"a string without an end", FETCH, SAID("* 4 FETCH (UID 7 X \"abc\r\n" DONE), NULL},
	{"a UID over 32 bits", FETCH, SAID("* 4 FETCH (UID 4294967296 BODY[] {1}\r\na)\r\n" DONE), NULL},
	{"a UID that is no number", FETCH, SAID("* 4 FETCH (UID x BODY[] {1}\r\na)\r\n" DONE), NULL},
	{"two UIDs", FETCH, SAID("* 4 FETCH (UID 7 UID 8 BODY[] {1}\r\na)\r\n" DONE), NULL},
	{"a literal over 32 bits", FETCH, SAID("* 4 FETCH (UID 7 BODY[] {4294967296}\r\na"), NULL},
	{"a literal over 64 bits", FETCH, SAID("* 4 FETCH (UID 7 X {99999999999999999999}\r\na"), NULL},

	/* IDLE. */
	{"IDLE", IDLE, SAID("+ idling\r\n"), "+ idling\r\n"},
	{"IDLE without a text, and with a second one", IDLE, SAID("+\r\n+ what?\r\n"), "+ idling\r\n"},
	{"news in front of IDLE", IDLE,
         SAID("* 4 EXISTS\r\n* 1 RECENT\r\n* 2 EXPUNGE\r\n* OK still\r\n* 1 FETCH (FLAGS ())\r\n+ IDLE accepted\r\n"
              "* 5 EXISTS\r\n"),
         "+ idling\r\n"},
	{"IDLE that the server ends", IDLE, SAID("+ idling\r\n1 OK time is up\r\n"), "+ idling\r\n1 OK time is up\r\n"},

	/* LIST and ID. */
	{"mailboxes", LIST, SAID("* LIST (\\HasNoChildren \\UnMarked) \"/\" \"a&b\"\r\n* LIST () NIL INBOX\r\n" DONE),
         "* LIST () \"/\" {3}\r\na&b\r\n* LIST () NIL {5}\r\nINBOX\r\n" DONE},
	{"mailboxes in odd forms", LIST,
         SAID("* LIST (\\Noselect \\X] foo \\ ) \"\\\\\" {7}\r\na\\b \"c\" \r\n* list () \"\" two words \r\n* LIST"
              " (\\NonExistent)\".\" \"x.\xc3\xa4\" (\"CHILDINFO\" (\"SUBSCRIBED\"))\r\n* LIST \"/\" y\r\n" DONE),
         "* LIST (\\Noselect) \"\\\\\" {7}\r\na\\b \"c\"\r\n* LIST () NIL {9}\r\ntwo words\r\n"
         "* LIST (\\Noselect) \".\" {4}\r\nx.\xc3\xa4\r\n* LIST () \"/\" {1}\r\ny\r\n" DONE},
	{"a mailbox without a name", LIST, SAID("* LIST () \"/\" \"\"\r\n" DONE), NULL},
	{"a mailbox with two lines", LIST, SAID("* LIST () \"/\" {3}\r\na\nb\r\n" DONE), DONE},
	{"who the server is", ID, SAID("* ID (\"name\" \"x\" \"vendor\" NIL)\r\n" DONE), "* ID NIL\r\n" DONE},
	{"a server that does not say who it is", ID, SAID(DONE), "* ID NIL\r\n" DONE},
};

/* Pieces --------------------------------------------------------------------------------------------------------- */

/* A sieve that has sent a command, after the greeting. */
static struct imap_sieve *begin(enum command command)
{
	struct imap_sieve *sieve = imap_sieve_new();
	g_autoptr(GString) out = g_string_new(NULL);

	if (command == CONNECT)
		return sieve;
	assert_int_equal(imap_sieve_push(sieve, "* OK x\r\n", 8, out), 0);
	imap_sieve_sent(sieve, commands[command], strlen(commands[command]));
	return sieve;
}

/* What a row gives if the first piece has so many bytes, and each of the others so many. */
static void check(const struct row *row, size_t first, size_t others)
{
	struct imap_sieve *sieve = begin(row->command);
	g_autoptr(GString) out = g_string_new(NULL);
	int status = 0;

	for (size_t i = 0, size = first; i < row->length; i += size, size = others)
		status = imap_sieve_push(sieve, row->said + i, MIN(size, row->length - i), out);
	if ((status == 0) != (row->expected != NULL))
		fail_msg("%s (%zu, %zu): %d", row->name, first, others, status);
	if (row->expected && (out->len != strlen(row->expected) || memcmp(out->str, row->expected, out->len) != 0))
		fail_msg("%s (%zu, %zu): %s", row->name, first, others, out->str);
	imap_sieve_free(sieve);
}

static void test_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		check(&rows[i], rows[i].length, 1);
}

static void test_byte_by_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		check(&rows[i], 1, 1);
}

static void test_cut_anywhere(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		for (size_t first = 1; first < rows[i].length; first++)
			check(&rows[i], first, rows[i].length);
	}
}

/* libetpan ------------------------------------------------------------------------------------------------------- */

/* A server that says what a row says once a command is sent. */
struct server {
	struct imap_sieve *sieve;
	const struct row *row;
	GString *out;
	size_t read;
	bool asked;
};

static ssize_t server_read(mailstream_low *low, void *buffer, size_t size)
{
	struct server *server = low->data;

	if (server->read == server->out->len && server->asked) {
		server->asked = false;
		imap_sieve_push(server->sieve, server->row->said, server->row->length, server->out);
	}
	size = MIN(size, server->out->len - server->read);
	memcpy(buffer, server->out->str + server->read, size);
	server->read += size;
	return size > 0 ? (ssize_t)size : -1;
}

static ssize_t server_write(mailstream_low *low, const void *buffer, size_t size)
{
	struct server *server = low->data;

	imap_sieve_sent(server->sieve, buffer, size);
	server->asked = true;
	return (ssize_t)size;
}

static int server_close(mailstream_low *low)
{
	struct server *server = low->data;

	server->asked = false;
	return 0;
}

static int server_fd(mailstream_low *low)
{
	(void)low;
	return -1;
}

static void server_free(mailstream_low *low)
{
	free(low);
}

static mailstream_low_driver driver = {
	.mailstream_read = server_read,
	.mailstream_write = server_write,
	.mailstream_close = server_close,
	.mailstream_get_fd = server_fd,
	.mailstream_free = server_free,
};

static bool take_mail(int type, struct mailimap_msg_att_body_section *section, const char *bytes, size_t length,
                      void *context)
{
	(void)type;
	(void)section;
	g_string_append_len(context, bytes, (gssize)length);
	return true;
}

static int fetch(mailimap *imap)
{
	struct mailimap_fetch_type *type =
		mailimap_fetch_type_new_fetch_att(mailimap_fetch_att_new_body_peek_section(mailimap_section_new(NULL)));
	struct mailimap_set *set = mailimap_set_new_single(7);
	g_autoptr(GString) mail = g_string_new(NULL);
	clist *answers = NULL;
	int error;

	mailimap_set_msg_body_handler(imap, take_mail, mail);
	error = mailimap_uid_fetch(imap, set, type, &answers);
	if (error == MAILIMAP_NO_ERROR && answers)
		mailimap_fetch_list_free(answers);
	mailimap_fetch_type_free(type);
	mailimap_set_free(set);
	return error;
}

static int search(mailimap *imap)
{
	struct mailimap_search_key *key = mailimap_search_key_new_uid(mailimap_set_new_interval(1, 9));
	clist *found = NULL;
	int error = mailimap_uid_search(imap, NULL, key, &found);

	if (error == MAILIMAP_NO_ERROR)
		mailimap_search_result_free(found);
	mailimap_search_key_free(key);
	return error;
}

static int store(mailimap *imap)
{
	struct mailimap_flag_list *flags = mailimap_flag_list_new_empty();
	struct mailimap_store_att_flags *seen = mailimap_store_att_flags_new_add_flags_silent(flags);
	struct mailimap_set *set = mailimap_set_new_single(7);
	int error;

	mailimap_flag_list_add(flags, mailimap_flag_new_seen());
	error = mailimap_uid_store(imap, set, seen);
	mailimap_store_att_flags_free(seen);
	mailimap_set_free(set);
	return error;
}

static int capability(mailimap *imap)
{
	struct mailimap_capability_data *capabilities = NULL;
	int error = mailimap_capability(imap, &capabilities);

	if (error == MAILIMAP_NO_ERROR)
		mailimap_capability_data_free(capabilities);
	return error;
}

static int list(mailimap *imap)
{
	clist *found = NULL;
	int error = mailimap_list(imap, "", "*", &found);

	if (error == MAILIMAP_NO_ERROR)
		mailimap_list_result_free(found);
	return error;
}

static int identify(mailimap *imap)
{
	struct mailimap_id_params_list *server = NULL;
	int error = mailimap_id(imap, NULL, &server);

	if (error == MAILIMAP_NO_ERROR && server)
		mailimap_id_params_list_free(server);
	return error;
}

static int converse(mailimap *imap, enum command command)
{
	switch (command) {
	case CAPABILITY:
		return capability(imap);
	case LOGIN:
		imap->imap_state = MAILIMAP_STATE_NON_AUTHENTICATED;
		return mailimap_login(imap, "somebody", "secret");
	case SELECT:
		return mailimap_select(imap, "INBOX");
	case SEARCH:
		return search(imap);
	case FETCH:
		return fetch(imap);
	case NOOP:
		return mailimap_noop(imap);
	case STORE:
		return store(imap);
	case IDLE:
		return mailimap_idle(imap);
	case LIST:
		return list(imap);
	case ID:
		return identify(imap);
	default:
		return MAILIMAP_NO_ERROR;
	}
}

/* Was the answer read, be it yes or no? */
static bool is_read(int error)
{
	return error != MAILIMAP_ERROR_STREAM && error != MAILIMAP_ERROR_PARSE && error != MAILIMAP_ERROR_FATAL &&
	       error != MAILIMAP_ERROR_BAD_STATE && error != MAILIMAP_ERROR_MEMORY;
}

/* libetpan 1.9.4 loses its own memory where a server refuses a search or greets with BYE. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libetpan";
}

static void check_with_libetpan(const struct row *row)
{
	static const struct row greeting = {"", CONNECT, SAID("* OK x\r\n"), ""};
	struct server server = {imap_sieve_new(), row->command == CONNECT ? row : &greeting, g_string_new(NULL), 0,
	                        true};
	mailimap *imap = mailimap_new(0, NULL);
	int error = mailimap_connect(imap, mailstream_new(mailstream_low_new(&server, &driver), 8192));

	assert_true(is_read(error));
	server.row = row;
	imap->imap_state = MAILIMAP_STATE_SELECTED;
	imap->imap_selection_info = mailimap_selection_info_new();
	error = converse(imap, row->command);
	if (!is_read(error))
		fail_msg("%s: libetpan says %d", row->name, error);
	imap->imap_state = MAILIMAP_STATE_DISCONNECTED;
	server.asked = false;
	mailimap_free(imap);
	imap_sieve_free(server.sieve);
	g_string_free(server.out, TRUE);
}

static void test_libetpan_reads_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (rows[i].expected)
			check_with_libetpan(&rows[i]);
	}
}

/* What it knows besides ------------------------------------------------------------------------------------------- */

static int push(struct imap_sieve *sieve, const char *said)
{
	g_autoptr(GString) out = g_string_new(NULL);

	return imap_sieve_push(sieve, said, strlen(said), out);
}

static void test_news(void **state)
{
	struct imap_sieve *sieve = begin(SELECT);

	(void)state;
	push(sieve, HONEST DONE);
	assert_false(imap_sieve_has_news(sieve));
	push(sieve, "* 3 EXISTS\r\n* OK still here\r\n* 1 RECENT\r\n* 1 FETCH (FLAGS ())\r\n");
	assert_false(imap_sieve_has_news(sieve));
	/* What is gone is no news, and what came in its place is. */
	push(sieve, "* 1 EXPUNGE\r\n* 2 EXISTS\r\n");
	assert_false(imap_sieve_has_news(sieve));
	push(sieve, "* 3 EXISTS\r\n");
	assert_true(imap_sieve_has_news(sieve));
	imap_sieve_sent(sieve, SAID("2 SELECT INBOX\r\n"));
	push(sieve, HONEST "2 OK x\r\n");
	assert_false(imap_sieve_has_news(sieve));
	imap_sieve_sent(sieve, SAID("3 IDLE\r\n"));
	push(sieve, "* 4 EXISTS\r\n+ idling\r\n");
	assert_true(imap_sieve_has_news(sieve));
	imap_sieve_free(sieve);
}

/* After IDLE, which the server may end first: the answer to DONE is none to the next command. */
static void test_the_end_of_idle(void **state)
{
	struct imap_sieve *sieve = begin(IDLE);
	g_autoptr(GString) out = g_string_new(NULL);

	(void)state;
	push(sieve, "+ idling\r\n1 OK time is up\r\n");
	imap_sieve_sent(sieve, SAID("DONE\r\n"));
	push(sieve, "* BAD Invalid tag\r\nDONE BAD what?\r\n1 OK again\r\n");
	imap_sieve_sent(sieve, SAID("2 UID SEARCH UID 1:3\r\n"));
	assert_int_equal(imap_sieve_push(sieve, SAID("* SEARCH 3\r\n2 OK x\r\n"), out), 0);
	assert_string_equal(out->str, "* SEARCH 3\r\n2 OK x\r\n");
	imap_sieve_free(sieve);
}

/* In clear text, before TLS begins. */
static void test_excess(void **state)
{
	struct imap_sieve *sieve = begin(NOOP);

	(void)state;
	push(sieve, "1 OK begin\r\n");
	assert_false(imap_sieve_has_excess(sieve));
	push(sieve, "2");
	assert_true(imap_sieve_has_excess(sieve));
	imap_sieve_free(sieve);
	sieve = begin(NOOP);
	push(sieve, "1 OK begin\r\n* OK injected\r\n");
	assert_true(imap_sieve_has_excess(sieve));
	imap_sieve_sent(sieve, SAID("2 NOOP\r\n"));
	assert_false(imap_sieve_has_excess(sieve));
	imap_sieve_free(sieve);
}

static void test_farewell(void **state)
{
	struct imap_sieve *sieve = begin(FETCH);

	(void)state;
	assert_null(imap_sieve_farewell(sieve));
	push(sieve, "* BYE [UNAVAILABLE] Server shutting down\r\n");
	assert_string_equal(imap_sieve_farewell(sieve), "Server shutting down");
	push(sieve, "* bye [UNAVAILABLE]\r\n");
	assert_string_equal(imap_sieve_farewell(sieve), "UNAVAILABLE");
	imap_sieve_free(sieve);
}

/* What a server asks for goes on where it is waited for: to SASL, and for a literal. */
static void test_continuations(void **state)
{
	struct imap_sieve *sieve = begin(CONNECT);
	g_autoptr(GString) out = g_string_new(NULL);

	(void)state;
	push(sieve, "* OK x\r\n");
	imap_sieve_sent(sieve, SAID("1 AUTHENTICATE PLAIN\r\n"));
	assert_true(imap_sieve_is_login(sieve));
	imap_sieve_push(sieve, SAID("+\r\n+ PDEyMz4=\r\n"), out);
	assert_string_equal(out->str, "+ \r\n+ PDEyMz4=\r\n");
	imap_sieve_sent(sieve, SAID("AGFBbG9naW4=\r\n"));
	imap_sieve_push(sieve, SAID("1 OK x\r\n"), g_string_truncate(out, 0));
	imap_sieve_sent(sieve, SAID("2 SEL"));
	imap_sieve_sent(sieve, SAID("ECT {5}"));
	imap_sieve_sent(sieve, SAID("\r\n"));
	assert_false(imap_sieve_is_login(sieve));
	imap_sieve_push(sieve, SAID("* OK x\r\n+ go on\r\n"), g_string_truncate(out, 0));
	assert_string_equal(out->str, "+ go on\r\n");
	imap_sieve_sent(sieve, SAID("INBOX\r\n"));
	imap_sieve_push(sieve, SAID("+ once more\r\n" HONEST "2 OK x\r\n"), g_string_truncate(out, 0));
	assert_string_equal(out->str,
	                    "* 3 EXISTS\r\n* OK [UIDVALIDITY 77] valid\r\n* OK [UIDNEXT 9] next\r\n2 OK x\r\n");
	imap_sieve_free(sieve);
}

/* What an error repeats. */
static void test_quote(void **state)
{
	struct imap_sieve *sieve = begin(SEARCH);
	g_autofree char *last = NULL, *quote = NULL, *again = NULL;

	(void)state;
	push(sieve, "* OK first\x01\r\n");
	last = imap_sieve_quote(sieve);
	assert_string_equal(last, "* OK first\\x01");
	assert_true(push(sieve, "* SEARCH 1 2 three 4\r\n") < 0);
	quote = imap_sieve_quote(sieve);
	assert_string_equal(quote, "* SEARCH 1 2 three 4");
	/* Nothing goes on after it. */
	assert_true(push(sieve, "1 OK x\r\n") < 0);
	again = imap_sieve_quote(sieve);
	assert_string_equal(again, quote);
	imap_sieve_free(sieve);
}

static void watch(const char *line, size_t length, void *context)
{
	g_string_append_len(context, line, (gssize)length);
	g_string_append_c(context, '|');
}

/* Who watches sees every line, and no mail. */
static void test_watcher(void **state)
{
	struct imap_sieve *sieve = begin(FETCH);
	g_autoptr(GString) seen = g_string_new(NULL);

	(void)state;
	imap_sieve_watch(sieve, watch, seen);
	push(sieve,
	     "* OK x\r\n* 4 FETCH (UID 7 BODY[] {5}\r\nm\r\nil)\r\n* 5 FETCH (BODY[] \"private\r\nmail\")\r\n\r\n");
	push(sieve, "* LIST () \"/\" {3}\r\nabc\r\n1 OK x\r\n* OK beg");
	imap_sieve_end(sieve);
	assert_string_equal(seen->str, "* OK x|* 4 FETCH (UID 7 BODY[] {5})|* 5 FETCH (BODY[] \")|* LIST () \"/\" {3}"
	                               "|1 OK x|* OK beg|");
	imap_sieve_free(sieve);
}

/* Limits --------------------------------------------------------------------------------------------------------- */

/* So many times a text. */
static int push_times(struct imap_sieve *sieve, const char *text, size_t times, GString *out)
{
	int status = 0;

	for (size_t i = 0; i < times && status == 0; i++)
		status = imap_sieve_push(sieve, text, strlen(text), out);
	return status;
}

/* What the command does not need may be as long as it likes. */
static void test_long_lines(void **state)
{
	struct imap_sieve *sieve = begin(SELECT);
	g_autoptr(GString) out = g_string_new(NULL);

	(void)state;
	push(sieve, "* FLAGS (");
	assert_int_equal(push_times(sieve, "Keyword123 ", 2 * IMAP_SIEVE_LINE / 10, out), 0);
	push(sieve, ")\r\n* LIST {4000000}\r\n");
	assert_int_equal(push_times(sieve, "0123456789", 400000, out), 0);
	push(sieve, "\r\n* OK [ALERT] ");
	assert_int_equal(push_times(sieve, "0123456789", IMAP_SIEVE_LINE / 5, out), 0);
	assert_int_equal(imap_sieve_push(sieve, SAID("\r\n" HONEST "1 OK "), out), 0);
	assert_int_equal(push_times(sieve, "0123456789", IMAP_SIEVE_LINE / 5, out), 0);
	assert_int_equal(imap_sieve_push(sieve, SAID("\r\n"), out), 0);
	assert_true(out->len > 1000 && out->len < 1200);
	assert_true(g_str_has_prefix(out->str, "* 3 EXISTS\r\n") && g_str_has_suffix(out->str, "789\r\n"));
	imap_sieve_free(sieve);
}

/* ... and what it needs not. */
static void test_long_capabilities(void **state)
{
	struct imap_sieve *sieve = begin(CAPABILITY);
	g_autoptr(GString) out = g_string_new(NULL);

	(void)state;
	push(sieve, "* CAPABILITY ");
	assert_int_equal(push_times(sieve, "X0123456789 ", IMAP_SIEVE_LINE / 10, out), 0);
	assert_true(push(sieve, "\r\n1 OK x\r\n") < 0);
	imap_sieve_free(sieve);
}

static void test_many_uids(void **state)
{
	struct imap_sieve *sieve = begin(SEARCH);
	g_autoptr(GString) out = g_string_new(NULL);
	g_autofree char *most = g_strdup_printf("* ESEARCH UID ALL 11:%u\r\n", SIEVE_SEARCH_UIDS + 10);

	(void)state;
	push(sieve, "* SEARCH");
	assert_int_equal(push_times(sieve, " 4294967295", 300000, out), 0);
	/* The last one may go on. */
	assert_int_equal(out->len, strlen("* SEARCH") + strlen(" 4294967295") * 299999);
	push(sieve, "\r\n");
	assert_int_equal(push(sieve, most), 0);
	assert_int_equal(push(sieve, "* ESEARCH UID ALL 1:500000,2000001:2500001\r\n"), -EBADMSG);
	imap_sieve_free(sieve);
}

/* A mail is passed on as it comes: nothing of it stays. */
static void test_long_mail(void **state)
{
	struct imap_sieve *sieve = begin(FETCH);
	g_autoptr(GString) out = g_string_new(NULL), piece = g_string_new(NULL);

	(void)state;
	g_string_set_size(piece, 8192);
	memset(piece->str, 'x', piece->len);
	push(sieve, "* 4 FETCH (UID 7 BODY[] {81920000}\r\n");
	for (int i = 0; i < 10000; i++) {
		g_string_truncate(out, 0);
		assert_int_equal(imap_sieve_push(sieve, piece->str, piece->len, out), 0);
		assert_int_equal(out->len, piece->len);
	}
	g_string_truncate(out, 0);
	imap_sieve_push(sieve, SAID(")\r\n" DONE), out);
	assert_string_equal(out->str, ")\r\n" DONE);
	imap_sieve_free(sieve);
}

static void test_long_quoted_mail(void **state)
{
	struct imap_sieve *sieve = begin(FETCH);
	g_autoptr(GString) out = g_string_new(NULL);

	(void)state;
	push(sieve, "* 4 FETCH (UID 7 BODY[] \"");
	assert_int_equal(push_times(sieve, "01234567", SIEVE_FETCH_QUOTED / 8, out), 0);
	assert_int_equal(push_times(sieve, "8", 1, out), -EBADMSG);
	assert_int_equal(out->len, 0);
	imap_sieve_free(sieve);
}

/* Lists in lists take no stack. */
static void test_deep_lists(void **state)
{
	struct imap_sieve *sieve = begin(FETCH);
	g_autoptr(GString) out = g_string_new(NULL);

	(void)state;
	push(sieve, "* 4 FETCH (UID 7 X ");
	assert_int_equal(push_times(sieve, "((((((((", 500000, out), 0);
	assert_int_equal(push_times(sieve, "))))))))", 500000, out), 0);
	imap_sieve_push(sieve, SAID(" BODY[] {5}\r\nm\r\nil)\r\n" DONE), out);
	assert_string_equal(out->str, MAIL);
	imap_sieve_free(sieve);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_byte_by_byte),
		cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_libetpan_reads_it),
		cmocka_unit_test(test_news),
		cmocka_unit_test(test_the_end_of_idle),
		cmocka_unit_test(test_excess),
		cmocka_unit_test(test_farewell),
		cmocka_unit_test(test_continuations),
		cmocka_unit_test(test_quote),
		cmocka_unit_test(test_watcher),
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_long_capabilities),
		cmocka_unit_test(test_many_uids),
		cmocka_unit_test(test_long_mail),
		cmocka_unit_test(test_long_quoted_mail),
		cmocka_unit_test(test_deep_lists),
	};

	return cmocka_run_group_tests_name("the sieve", tests, NULL, NULL);
}
