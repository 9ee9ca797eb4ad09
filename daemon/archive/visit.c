/* visit.c - gives mails to the visitor of an archive.
 *
 * Used by the readers of all formats.  Promises that a mail that cannot be read to its end is not given, if it is not
 * larger than mails are.
 */
#include "archive/visit.h"

#include <string.h>

#include <glib.h>

#define FIRST_SPACE (64u * 1024)
#define KEPT_SPACE (1024u * 1024) /* what is larger is freed after use */

void visit_release(struct visit *visit)
{
	g_clear_pointer(&visit->bytes, g_free);
	visit->space = 0;
}

int visit_gather(struct visit *visit, ingest_reader *read, void *context, size_t *ret_length)
{
	size_t length = 0;

	if (visit->space > KEPT_SPACE)
		visit_release(visit);
	while (length < VISIT_WHOLE) {
		ssize_t got;

		if (length == visit->space) {
			visit->space = MIN(VISIT_WHOLE, MAX(FIRST_SPACE, 2 * visit->space));
			visit->bytes = g_realloc(visit->bytes, visit->space);
		}
		got = read(context, visit->bytes + length, visit->space - length, INT64_MAX);
		if (got < 0)
			return (int)got;
		*ret_length = length += (size_t)got;
		if (got == 0)
			return 1;
	}
	return 0;
}

/* What is left of the gathered bytes, and the reader of those after them. */
struct rest {
	const char *bytes;
	size_t length;
	ingest_reader *read;
	void *context;
};

static ssize_t read_rest(void *context, char *buffer, size_t size, int64_t deadline)
{
	struct rest *rest = context;

	if (rest->length == 0)
		return rest->read ? rest->read(rest->context, buffer, size, deadline) : 0;
	size = MIN(size, rest->length);
	memcpy(buffer, rest->bytes, size);
	rest->bytes += size;
	rest->length -= size;
	return (ssize_t)size;
}

void visit_give(struct visit *visit, size_t length, ingest_reader *read, void *context,
                const struct mail_archive_mail *mail)
{
	struct rest rest = {visit->bytes, length, read, context};
	struct mail_archive_mail whole = *mail;

	whole.read = read_rest;
	whole.context = &rest;
	visit->visitor->mail(visit->visitor->context, &whole);
}

bool visit_stopped(const struct visit *visit)
{
	return visit->visitor->stopped(visit->visitor->context);
}

const char *visit_mark(const struct visit *visit, const char *place)
{
	return visit->visitor->mark ? visit->visitor->mark(visit->visitor->context, place) : NULL;
}

void visit_unreadable(const struct visit *visit, const char *path, char *reason)
{
	visit->visitor->unreadable(visit->visitor->context, path, reason);
	g_free(reason);
}

void visit_anew(const struct visit *visit, const char *place, const char *reason)
{
	if (visit->visitor->anew)
		visit->visitor->anew(visit->visitor->context, place, reason);
}
