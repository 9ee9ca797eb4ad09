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

struct mail_archive {
	char *path;
	const char *kind;
	uint64_t size;
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
	archive = g_new0(struct mail_archive, 1);
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
	g_free(archive->path);
	g_free(archive);
}

const char *mail_archive_kind(const struct mail_archive *archive)
{
	return archive->kind;
}

uint64_t mail_archive_size(struct mail_archive *archive)
{
	return archive->size;
}

struct visit {
	const struct mail_archive_visitor *visitor;
	const char *place;
};

static void give(void *context, ingest_reader *read, void *read_context, const char *position)
{
	const struct visit *visit = context;

	visit->visitor->mail(visit->visitor->context, &(struct mail_archive_mail){.position = position,
	                                                                          .place = visit->place,
	                                                                          .read = read,
	                                                                          .context = read_context});
}

static void unreadable(void *context, const char *path, int failure)
{
	const struct visit *visit = context;

	visit->visitor->unreadable(visit->visitor->context, path, g_strerror(-failure));
}

static bool stopped(const void *context)
{
	const struct visit *visit = context;

	return visit->visitor->stopped(visit->visitor->context);
}

void mail_archive_visit(struct mail_archive *archive, const struct mail_archive_visitor *visitor)
{
	struct visit visit = {visitor, archive->path};
	const struct path_visitor inner = {&visit, give, unreadable, stopped};

	path_visit(archive->path, &inner);
}
