/* command.h - one command line of LMTP (RFC 2033, RFC 5321 section 4.1) as a verb and its parameters.  Pure. */
#ifndef PATCHMAILD_LMTP_COMMAND_H
#define PATCHMAILD_LMTP_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LMTP_ADDRESS_MAX 1024 /* bytes of an address; RFC 5321 section 4.5.3.1 asks for 256, UTF-8 may take more */

enum lmtp_verb {
	LMTP_LHLO,
	LMTP_MAIL,
	LMTP_RCPT,
	LMTP_DATA,
	LMTP_BDAT,
	LMTP_RSET,
	LMTP_NOOP,
	LMTP_VRFY,
	LMTP_HELP,
	LMTP_QUIT,
	LMTP_HELO,   /* HELO and EHLO, which LMTP does not have (RFC 2033 section 4.1) */
	LMTP_ABSENT, /* a command of SMTP that is not offered */
	LMTP_UNKNOWN,
};

struct lmtp_command {
	enum lmtp_verb verb;
	/* MAIL and RCPT: the mailbox as it is compared, without a source route, its local part without quotes and
	 * backslashes; "" of MAIL FROM:<>. */
	char *address;
	bool utf8;         /* MAIL ... SMTPUTF8 (RFC 6531) */
	uint64_t size;     /* MAIL ... SIZE= (RFC 1870), BDAT (RFC 3030) */
	bool last;         /* BDAT ... LAST */
	bool private;      /* MAIL ... XDELIVER (client.h) */
	char *list_id;     /* MAIL ... XDELIVER=, or NULL */
	const char *fault; /* the reply, code and text without CR LF, if it cannot be taken; else NULL */
};

/* Read a line without its CR LF; it may hold any bytes.  lmtp_command_release() what it gives. */
void lmtp_command_read(const char *line, size_t length, struct lmtp_command *ret_command);
void lmtp_command_release(struct lmtp_command *command);

/* A text as xtext (RFC 3461 section 4), and back: NULL if it is none, or has a control character.  The caller frees
 * it. */
char *lmtp_xtext(const char *text);
char *lmtp_xtext_read(const char *text);

#endif
