/* imap_account.h - the settings of one IMAP account, read from key-file groups, and its secret.
 *
 * [imap ACCOUNT] holds them; [mailbox ACCOUNT NAME] names one more mailbox of it, with a list of its own.  NAME may
 * have blanks and brackets in it.  patchmaild.conf(5) describes the keys.
 */
#ifndef PATCHMAILD_IMAP_ACCOUNT_H
#define PATCHMAILD_IMAP_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>

#include "base/key_file.h"

#define IMAP_ACCOUNT_POLL 300        /* seconds between two looks if there is no IDLE */
#define IMAP_ACCOUNT_IDLE_RENEW 1500 /* seconds after which IDLE is renewed; servers may give up after 1800 */
#define IMAP_ACCOUNT_COMMAND 60      /* seconds that the server may take for an answer ... */
#define IMAP_ACCOUNT_COMMAND_MOST 90 /* ... so that three of them are less than systemd waits for a sign of life */
#define IMAP_ACCOUNT_ATTEMPTS 5      /* tries of a mail that is deferred, before it is quarantined */

enum imap_tls {
	IMAP_TLS_IMPLICIT, /* from the first byte (RFC 8314) */
	IMAP_TLS_STARTTLS, /* after the greeting, and never without (RFC 3501 section 6.2.1) */
	IMAP_TLS_NONE,     /* only to this machine */
};

enum imap_auth {
	IMAP_AUTH_PLAIN,       /* AUTHENTICATE PLAIN, or LOGIN if the server has no PLAIN */
	IMAP_AUTH_SCRAM,       /* SCRAM-SHA-256 (RFC 7677) */
	IMAP_AUTH_XOAUTH2,     /* the secret is an access token */
	IMAP_AUTH_OAUTHBEARER, /* likewise (RFC 7628) */
	IMAP_AUTH_ANONYMOUS,   /* RFC 4505; without a secret */
	IMAP_AUTH_PREAUTH,     /* we are known by the way we come (RFC 3501 section 7.1.4); without user and secret */
};

/* What becomes of a mail once it is in the database. */
enum imap_account_after {
	IMAP_ACCOUNT_NOTHING,
	IMAP_ACCOUNT_SEEN,
	IMAP_ACCOUNT_FLAG,
	IMAP_ACCOUNT_MOVE,
	IMAP_ACCOUNT_DELETE
};

struct imap_account_mailbox {
	char *name;    /* in UTF-8 */
	char *list_id; /* the list that its mail came by; NULL: what the headers say */
	bool pattern;  /* it stands for all mailboxes that it matches, as in LIST (RFC 3501 section 6.3.8) */
};

struct imap_account {
	char *name;
	char *host;
	unsigned port; /* 993, with STARTTLS or without TLS 143 */
	enum imap_tls tls;
	char *ca_file; /* NULL: the system's */
	char *user;    /* NULL: IMAP_AUTH_ANONYMOUS or IMAP_AUTH_PREAUTH */
	enum imap_auth auth;
	char *password_file; /* exactly one of the three is set, or none if there is no secret */
	GStrv password_command;
	char *credential;     /* the name of one that systemd hands over */
	GPtrArray *mailboxes; /* of struct imap_account_mailbox; the first one that is there has IDLE */
	enum imap_account_after after;
	char *folder;                       /* of IMAP_ACCOUNT_MOVE */
	char *flag;                         /* of IMAP_ACCOUNT_FLAG */
	unsigned poll_interval, idle_renew; /* seconds */
	unsigned command_timeout;           /* seconds for an answer of the server; for a mail's body ten times that */
	bool idle;
	int64_t since; /* seconds since 1970; 0: every mail */
	unsigned attempts;
	char *trace; /* a file that gets the conversation with the server; NULL: none */
};

/* A mailbox, with copies of both. */
struct imap_account_mailbox *imap_account_mailbox_new(const char *name, const char *list_id);
void imap_account_mailbox_free(struct imap_account_mailbox *mailbox);

/* Is it a group that is read here? */
bool imap_account_has_group(const char *group);

/* Check all such groups of a key file.  False, and what is wrong. */
bool imap_account_check(const struct key_file *file, struct key_file_fault *ret_fault);

/* Read an account (the caller frees it).  NULL, and what is wrong. */
struct imap_account *imap_account_read(const struct key_file *file, const char *name, struct key_file_fault *ret_fault);
void imap_account_free(struct imap_account *account);

/* Get the secret: the file's first line, the first line that the command prints, or the credential; an empty text
 * if the account has none.  A file that others than its owner and group can read is refused.  The caller frees it.
 * `call` is a descriptor or -1: if it can be read, nothing is waited for any more.  NULL, and in *ret_reason why
 * (likewise). */
char *imap_account_secret(const struct imap_account *account, int call, char **ret_reason);

#endif
