/* stream.h - the wire to an IMAP server: TCP, TLS that is verified, a deadline and a number of bytes for everything,
 * and a sieve for what the server says.
 *
 * Stands under libetpan, which verifies no certificate, knows no deadline, lets a server make it read without end, and
 * reads only what its grammar has.
 */
#ifndef PATCHMAILD_IMAP_STREAM_H
#define PATCHMAILD_IMAP_STREAM_H

#include <stdbool.h>
#include <stdint.h>
#include <libetpan/libetpan.h>

#include "settings/imap_account.h"

#define IMAP_STREAM_BUFFER 8192 /* bytes that libetpan reads and writes at a time */

struct imap_endpoint {
	const char *host;
	unsigned port;
	enum imap_tls tls;
	const char *ca_file; /* PEM; NULL: the system's */
	unsigned silence;    /* seconds that the server may be silent while it is its turn */
	int call;            /* as in deadline_wait_called() */
	const char *trace;   /* a file that gets the conversation; NULL: none */
};

struct imap_stream;

/* Connect to one of the host's addresses, and with IMAP_TLS_IMPLICIT shake hands: TLS 1.2 or later, a chain that is
 * trusted, the host's name in the certificate.  With IMAP_TLS_NONE the address has to be a loopback one.  0, or -EAGAIN
 * and a reason in words, one line (the caller frees it). */
int imap_stream_open(const struct imap_endpoint *endpoint, int64_t deadline, struct imap_stream **ret_stream,
                     char **ret_reason);

/* Shake hands on a connection that was opened with IMAP_TLS_STARTTLS, once the server has agreed.  0, or -EAGAIN and a
 * reason; then nothing may be sent on it any more. */
int imap_stream_start_tls(struct imap_stream *stream, int64_t deadline, char **ret_reason);

/* What follows has to be done by then, and with no more than so many bytes from the server.  At first nothing may; 0
 * and 0: what is still sent is a farewell. */
void imap_stream_allow(struct imap_stream *stream, int64_t deadline, uint64_t bytes);

/* The server may send so many bytes more. */
void imap_stream_grant(struct imap_stream *stream, uint64_t bytes);

/* For libetpan; freed with mailstream_low_free(), which frees the stream. */
mailstream_low *imap_stream_low(struct imap_stream *stream);

/* Wait until the server tells of another number of mails, or answers, or fails: 0.  -EINTR where `fd` can be read,
 * -ETIMEDOUT. */
int imap_stream_wait(struct imap_stream *stream, int fd, int64_t deadline);

/* Has the server told of another number of mails since the mailbox was opened, but for those that are gone? */
bool imap_stream_has_news(const struct imap_stream *stream);

/* This is a secret: in what is shown of the conversation "..." stands for it. */
void imap_stream_hide(struct imap_stream *stream, const char *secret);

/* Why reading or writing failed, in words; NULL: it did not.  Owned by the stream. */
const char *imap_stream_failure(const struct imap_stream *stream);

/* What the server said last, to quote it; the caller frees it. */
char *imap_stream_quote(const struct imap_stream *stream);

#endif
