/* blobs.c - reads blobs by git cat-file --batch.
 *
 * Used by archive/public_inbox.  Promises that a blob is given whole or fails.
 */
#include "archive/blobs.h"

#include <errno.h>
#include <string.h>

#include <glib.h>

#include "archive/git.h"

struct blobs {
	struct git *git;
	uint64_t left; /* unread bytes, with the newline after the blob */
};

int blobs_open(const char *git_dir, struct blobs **ret_blobs, char **ret_reason)
{
	static const char *const arguments[] = {"cat-file", "--batch", NULL};
	struct blobs *blobs = g_new0(struct blobs, 1);
	int status = git_start(git_dir, arguments, -1, true, &blobs->git, ret_reason);

	if (status < 0) {
		g_free(blobs);
		return status;
	}
	*ret_blobs = blobs;
	return 0;
}

void blobs_close(struct blobs *blobs)
{
	if (blobs == NULL)
		return;
	git_end(blobs->git, NULL);
	g_free(blobs);
}

ssize_t blobs_read(void *context, char *buffer, size_t size, int64_t deadline)
{
	struct blobs *blobs = context;
	ssize_t got;

	(void)deadline;
	if (blobs->left <= 1)
		return 0;
	got = git_read(blobs->git, buffer, MIN(size, blobs->left - 1));
	if (got > 0)
		blobs->left -= (uint64_t)got;
	return got == 0 ? -EIO : got;
}

/* Read what is left of the one before, and the newline. */
static int skip(struct blobs *blobs)
{
	char scratch[4096];

	while (blobs->left > 0) {
		ssize_t got = git_read(blobs->git, scratch, MIN(sizeof(scratch), blobs->left));

		if (got <= 0)
			return got < 0 ? (int)got : -EIO;
		blobs->left -= (uint64_t)got;
	}
	return 0;
}

/* Ask, and read "ID TYPE SIZE" or "ID missing". */
static int64_t ask(struct blobs *blobs, const char *id)
{
	g_autofree char *question = g_strdup_printf("%s\n", id);
	char answer[256], *end;
	const char *size;
	int64_t length;
	int status = git_write(blobs->git, question, strlen(question));

	if (status == 0)
		status = git_read_word(blobs->git, '\n', answer, sizeof(answer)) - 1;
	if (status < 0)
		return status == -1 ? -EIO : status;
	if (g_str_has_suffix(answer, " missing"))
		return -ENOENT;
	size = g_strstr_len(answer, -1, " blob ");
	length = size ? g_ascii_strtoll(size + strlen(" blob "), &end, 10) : -1;
	return length < 0 || *end != '\0' ? -EIO : length;
}

int64_t blobs_find(struct blobs *blobs, const char *id, char **ret_reason)
{
	int64_t size = skip(blobs);

	if (size == 0)
		size = ask(blobs, id);
	if (size == -ENOENT)
		*ret_reason = g_strdup_printf("the repository does not have its object %s", id);
	else if (size < 0)
		*ret_reason = g_strdup_printf("git cannot read its object %s", id);
	else
		blobs->left = (uint64_t)size + 1;
	return size;
}
