/* verdicts.h - for the tests of authentication.c: settings and a header go in, what is said of it comes out as a
 * text. */
#ifndef PATCHMAILD_TESTS_VERDICTS_H
#define PATCHMAILD_TESTS_VERDICTS_H

#include <stdbool.h>

/* The header of a mail from example.org, whose exchanger is mx.example.org. */
#define OURS "Authentication-Results: mx.example.org; "
#define STRANGER "Received: from y (y.example.net [192.0.2.1]) by mx.example.org; date\n"
#define ITSELF "Received: from localhost (localhost [127.0.0.1]) by mx.example.org; date\n"
#define ADA "From: Ada <ada@example.org>\n"
#define VIA "From: Ada via demo <demo@lists.example.net>\nReply-To: Ada <ada@example.org>\n"

/* Settings of the group [authentication]. */
#define BELIEVED "trusted_authserv=mx.example.org\nboundary=mx.example.org\n"

/* The verdict and its reason, "VERDICT: REASON"; after " / " that on the author behind the list's address, if there is
 * one.  `wrapped`: From is that of the mail in a wrapper.  The caller frees it. */
char *say_verdict(const char *settings, const char *header, bool wrapped);

/* What is said of each field and result, a line each.  The caller frees it. */
char *say_fields(const char *settings, const char *header);

/* A row of a table, and the check of it. */
struct verdict_row {
	const char *settings, *header;
	const char *said; /* what say_verdict() gives */
};

void check_verdicts(const struct verdict_row *rows, unsigned count);

/* The verdict is neither pass nor fail: nobody who is believed says anything. */
void check_unheard(const char *settings, const char *header);

#endif
