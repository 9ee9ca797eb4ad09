/* growth.c - the program of tests/t/growth.t: reads mails as the parser does, and mboxes as import does.
 *
 * Run under callgrind, which counts the instructions of each call of growth_measure().
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <gmime/gmime.h>

#include "archive/mbox.h"
#include "facts/document.h"

int growth_measure(const char *path, const struct trust_settings *trust);

static int read_mbox(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), status;
	struct mbox *mbox = mbox_new(ingest_read_file, &fd);
	uint64_t offset;

	while ((status = mbox_next(mbox, &offset)) > 0)
		;
	mbox_free(mbox);
	close(fd);
	return status;
}

static int read_mail(const char *path, const struct trust_settings *trust)
{
	g_autofree char *bytes = NULL, *facts = NULL;
	gsize length;

	if (!g_file_get_contents(path, &bytes, &length, NULL))
		return -1;
	facts = facts_of_mail(bytes, length, trust, NULL);
	return strstr(facts, "\"rejected\"") ? 1 : 0;
}

/* What is counted.  0; 1 if the mail is rejected; -1 if the file cannot be read. */
__attribute__((noinline)) int growth_measure(const char *path, const struct trust_settings *trust)
{
	return g_str_has_suffix(path, ".mbox") ? read_mbox(path) : read_mail(path, trust);
}

/* SETTINGS FILE...: prints what each gives.  The first one is read once before, so that what is made once is not
 * counted. */
int main(int count, char **arguments)
{
	struct trust_settings *trust = trust_settings_new();
	g_autofree char *settings = NULL;

	if (count < 3 || !g_file_get_contents(arguments[1], &settings, NULL, NULL) ||
	    !trust_settings_take(trust, settings))
		return 2;
	g_mime_init();
	read_mail(arguments[2], trust);
	for (int i = 2; i < count; i++)
		printf("%d %s\n", growth_measure(arguments[i], trust), arguments[i]);
	g_mime_shutdown();
	trust_settings_free(trust);
	return 0;
}
