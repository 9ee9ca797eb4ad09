/* trace.h - the conversation with an IMAP server, written to a file for people: a line for each of either side, with
 * the time.  Who writes to it leaves out secrets.
 */
#ifndef PATCHMAILD_IMAP_TRACE_H
#define PATCHMAILD_IMAP_TRACE_H

#define IMAP_TRACE_MOST (16L * 1024 * 1024) /* bytes of a file, before it becomes FILE.old */

struct imap_trace;

/* Append to a file, which only its owner can read.  0, or -EAGAIN and a reason in words (the caller frees it). */
int imap_trace_open(const char *path, struct imap_trace **ret_trace, char **ret_reason);
void imap_trace_free(struct imap_trace *trace);

/* "2026-01-31 12:00:00.123Z WHO TEXT".  The text is one printable line.  What cannot be written is lost. */
void imap_trace_write(struct imap_trace *trace, const char *who, const char *text);

#endif
