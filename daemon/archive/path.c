/* path.c - visits the mails of a path.
 *
 * Used by `import` and `reparse`.  Promises that one file that cannot be read does not keep the others from being.
 */
#include "archive/path.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>

#include "archive/maildir.h"
#include "archive/mbox.h"

static bool stopped(const struct path_visitor *visitor)
{
	return visitor->stopped(visitor->context);
}

static ssize_t read_mbox(void *context, char *buffer, size_t size, int64_t deadline)
{
	(void)deadline;
	return mbox_read(context, buffer, size);
}

static void visit_mbox(const struct path_visitor *visitor, int fd, const char *path)
{
	struct mbox *mbox = mbox_new(fd);
	uint64_t offset;
	int status = 0;

	while (!stopped(visitor) && (status = mbox_next(mbox, &offset)) > 0) {
		g_autofree char *position = g_strdup_printf("%s:%" PRIu64, path, offset);

		visitor->mail(visitor->context, read_mbox, mbox, position);
	}
	if (status < 0)
		visitor->unreadable(visitor->context, path, status);
	mbox_free(mbox);
}

static void visit_file(const struct path_visitor *visitor, const char *path, bool one_mail)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		visitor->unreadable(visitor->context, path, -errno);
		return;
	}
	if (one_mail)
		visitor->mail(visitor->context, ingest_read_file, &fd, path);
	else
		visit_mbox(visitor, fd, path);
	close(fd);
}

static void visit_folder(const struct path_visitor *visitor, const char *path)
{
	g_autoptr(GPtrArray) files = NULL;
	int status = maildir_is(path) ? maildir_list(path, &files) : maildir_list_folder(path, &files);

	if (status < 0) {
		visitor->unreadable(visitor->context, path, status);
		return;
	}
	for (unsigned i = 0; i < files->len && !stopped(visitor); i++)
		visit_file(visitor, g_ptr_array_index(files, i), true);
}

void path_visit(const char *path, const struct path_visitor *visitor)
{
	struct stat status;

	if (stat(path, &status) < 0)
		visitor->unreadable(visitor->context, path, -errno);
	else if (S_ISDIR(status.st_mode))
		visit_folder(visitor, path);
	else
		visit_file(visitor, path, false);
}
