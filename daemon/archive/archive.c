/* archive.c - archives of mail.
 *
 * Used by the commands that read archives.
 */
#include "archive/archive.h"

#include <errno.h>
#include <sys/stat.h>

#include <glib.h>

#include "archive/maildir.h"
#include "archive/path.h"
#include "archive/public_inbox.h"
#include "archive/visit.h"

struct mail_archive {
	char *path;
	const char *kind;
	char *inbox_kind;
	uint64_t size;
	struct public_inbox *inbox;
};

int mail_archive_open(const char *path, struct mail_archive **ret_archive, char **ret_reason)
{
	struct stat status;
	struct mail_archive *archive;

	if (stat(path, &status) < 0) {
		int failure = -errno;

		*ret_reason = g_strdup_printf("%s: cannot be read: %s", path, g_strerror(-failure));
		return failure;
	}
	struct public_inbox *inbox = NULL;
	int found = S_ISDIR(status.st_mode) ? public_inbox_open(path, &inbox, ret_reason) : 0;

	if (found < 0)
		return found;
	archive = g_new0(struct mail_archive, 1);
	archive->inbox = inbox;
	archive->inbox_kind = inbox ? public_inbox_kind(inbox) : NULL;
	archive->path = g_strdup(path);
	archive->kind = !S_ISDIR(status.st_mode) ? "an mbox" : maildir_is(path) ? "a Maildir" : "a folder of mails";
	archive->size = S_ISDIR(status.st_mode) ? 0 : (uint64_t)status.st_size;
	*ret_archive = archive;
	return 0;
}

void mail_archive_free(struct mail_archive *archive)
{
	if (archive == NULL)
		return;
	public_inbox_free(archive->inbox);
	g_free(archive->inbox_kind);
	g_free(archive->path);
	g_free(archive);
}

const char *mail_archive_kind(const struct mail_archive *archive)
{
	return archive->inbox ? archive->inbox_kind : archive->kind;
}

uint64_t mail_archive_size(struct mail_archive *archive)
{
	return archive->inbox ? public_inbox_size(archive->inbox) : archive->size;
}

struct path_visit {
	const struct mail_archive_visitor *visitor;
	const char *place;
};

static void give(void *context, ingest_reader *read, void *read_context, const char *position)
{
	const struct path_visit *visit = context;

	visit->visitor->mail(visit->visitor->context, &(struct mail_archive_mail){.position = position,
	                                                                          .place = visit->place,
	                                                                          .read = read,
	                                                                          .context = read_context});
}

static void unreadable(void *context, const char *path, int failure)
{
	const struct path_visit *visit = context;

	visit->visitor->unreadable(visit->visitor->context, path, g_strerror(-failure));
}

static bool stopped(const void *context)
{
	const struct path_visit *visit = context;

	return visit->visitor->stopped(visit->visitor->context);
}

void mail_archive_visit(struct mail_archive *archive, const struct mail_archive_visitor *visitor)
{
	struct visit whole = {.visitor = visitor};
	struct path_visit visit = {visitor, archive->path};
	const struct path_visitor inner = {&visit, give, unreadable, stopped};

	if (archive->inbox)
		public_inbox_visit(archive->inbox, &whole);
	else
		path_visit(archive->path, &inner);
	visit_release(&whole);
}
