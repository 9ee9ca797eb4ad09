/* parse_file.c - parses one mail in a file.
 *
 * Used by explain.
 */
#include "commands/parse_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include <glib.h>

#include "base/deadline.h"
#include "base/log.h"
#include "ingest/read.h"
#include "mail/limits.h"
#include "settings/configuration.h"

static int read_mail(const char *path, char **ret_bytes, size_t *ret_length)
{
	bool standard_input = strcmp(path, "-") == 0;
	int fd = standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	int status;

	if (fd < 0)
		return -errno;
	status = ingest_read(ingest_read_file, &fd, LIMITS_MESSAGE_SIZE_MAX + 1, deadline_after(CONFIG_TIMEOUT_DEFAULT),
	                     ret_bytes, ret_length);
	if (!standard_input)
		close(fd);
	return status;
}

int parse_file(struct parser_pool *parsers, const char *path, const char *list_id, char **ret_facts)
{
	g_autofree char *bytes = NULL;
	size_t length = 0;
	struct parser_result result = {0};
	int status = read_mail(path, &bytes, &length);

	if (status < 0) {
		log_error("%s: cannot be read: %s", path, g_strerror(-status));
		return EX_NOINPUT;
	}
	parser_pool_submit(parsers, &(struct parser_mail){bytes, length, list_id}, parse_refusal(length), 0);
	parser_pool_wait(parsers);
	parser_pool_next(parsers, &result);
	if (result.facts == NULL)
		log_error("%s: %s", path, result.reason);
	g_free(result.reason);
	*ret_facts = result.facts;
	return result.facts == NULL ? EX_TEMPFAIL : EX_OK;
}

const char *parse_refusal(size_t length)
{
	if (length == 0)
		return "empty input";
	return length > LIMITS_MESSAGE_SIZE_MAX ? "the message is larger than any that may be configured" : NULL;
}
