/* parse.c - the command `parse`.
 *
 * Called by main.  One mail a file, one line of JSON a mail, through the same parser processes as every delivery.
 */
#include "commands/parse.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include <glib.h>

#include "base/deadline.h"
#include "base/log.h"
#include "base/options.h"
#include "ingest/ingest.h"
#include "mail/limits.h"
#include "parser/pool.h"
#include "settings/configuration.h"

const char parse_help[] = "usage: patchmaild [-c FILE] parse FILE...\n"
			  "\n"
			  "Prints what each mail says, as one line of JSON a file; see patchmaild-facts(5).  Uses no "
			  "database, and of the\n"
			  "configuration only who is believed about senders.  `-` is standard input.\n";

/* What is in memory at a time: so many mails, so many bytes of them, and one mail more. */
#define PARSE_FILES 200
#define PARSE_BYTES (32u * 1024 * 1024)

/* A file at work. */
struct file {
	const char *path;
	char *bytes;
	size_t length;
	int status; /* a negative errno where it could not be read */
};

static void file_free(void *data)
{
	struct file *file = data;

	g_free(file->bytes);
	g_free(file);
}

static int read_mail(struct file *file)
{
	bool standard_input = g_str_equal(file->path, "-");
	int fd = standard_input ? STDIN_FILENO : open(file->path, O_RDONLY | O_CLOEXEC);
	int status;

	if (fd < 0)
		return -errno;
	status = ingest_read(ingest_read_file, &fd, LIMITS_MESSAGE_SIZE_MAX + 1, deadline_after(CONFIG_TIMEOUT_DEFAULT),
	                     &file->bytes, &file->length);
	if (!standard_input)
		close(fd);
	return status;
}

/* Read a file and give it to the parsers; one that cannot be read is not given to them. */
static struct file *begin(struct parser_pool *parsers, const char *path, const char *list_id)
{
	struct file *file = g_new0(struct file, 1);
	const char *reason = NULL;

	file->path = path;
	file->status = read_mail(file);
	if (file->status < 0)
		return file;
	if (file->length == 0)
		reason = "empty input";
	else if (file->length > LIMITS_MESSAGE_SIZE_MAX)
		reason = "the message is larger than any that may be configured";
	parser_pool_submit(parsers, &(struct parser_mail){file->bytes, file->length, list_id}, reason, 0);
	return file;
}

/* The facts of the file that was begun with first; 0 or an exit code. */
static int end(struct parser_pool *parsers, const struct file *file, char **ret_facts)
{
	struct parser_result result = {0};

	if (file->status < 0) {
		log_error("%s: cannot be read: %s", file->path, g_strerror(-file->status));
		return EX_NOINPUT;
	}
	parser_pool_wait(parsers);
	parser_pool_next(parsers, &result);
	ingest_report_sandbox(parsers);
	if (result.facts == NULL)
		log_error("%s: %s", file->path, result.reason);
	g_free(result.reason);
	*ret_facts = result.facts;
	return result.facts == NULL ? EX_TEMPFAIL : EX_OK;
}

int parse_file(struct parser_pool *parsers, const char *path, const char *list_id, char **ret_facts)
{
	struct file *file = begin(parsers, path, list_id);
	int status = end(parsers, file, ret_facts);

	file_free(file);
	return status;
}

/* Start the parsers under the configuration; 0, or an exit code. */
static int start_parsers(const char *config_path, struct parser_pool **ret_parsers)
{
	g_autofree char *reason = NULL;
	struct config config;
	int status = 0;

	config_init(&config);
	if (config_path != NULL)
		status = config_load(&config, config_path, &reason);
	if (status == 0)
		status = parser_pool_start_configured(&config, CONFIG_TIMEOUT_DEFAULT, ret_parsers, &reason);
	if (status < 0)
		log_error("%s", reason);
	config_release(&config);
	return status < 0 ? EX_TEMPFAIL : EX_OK;
}

/* Print the facts of the file that was begun with first; 0 or an exit code. */
static int print_first(struct parser_pool *parsers, GQueue *files, size_t *bytes)
{
	struct file *file = g_queue_pop_head(files);
	g_autofree char *facts = NULL;
	int status = end(parsers, file, &facts);

	if (status == EX_OK)
		puts(facts);
	*bytes -= file->length;
	file_free(file);
	return status;
}

/* Print the facts of all, in their order, while others are parsed; the exit code of the last one that failed, or 0. */
static int print_all(struct parser_pool *parsers, const struct options *options)
{
	g_autoptr(GQueue) files = g_queue_new();
	int exit_code = EX_OK, begun = 0;
	size_t bytes = 0;

	while (begun < options->count || !g_queue_is_empty(files)) {
		if (begun < options->count && files->length < PARSE_FILES && bytes < PARSE_BYTES) {
			struct file *file = begin(parsers, options->arguments[begun++], NULL);

			bytes += file->length;
			g_queue_push_tail(files, file);
			parser_pool_go_on(parsers, NULL);
		} else {
			int status = print_first(parsers, files, &bytes);

			exit_code = status == EX_OK ? exit_code : status;
		}
	}
	return exit_code;
}

int parse_run(const char *config_path, int count, char **arguments)
{
	struct options options = {.help = parse_help, .least = 1, .most = INT_MAX, .needs = "needs a file"};
	struct parser_pool *parsers;
	char *reason = NULL;
	int exit_code;

	if (!options_read(&options, count, arguments, &reason))
		return options_end(reason);
	exit_code = start_parsers(config_path, &parsers);
	if (exit_code != EX_OK)
		return exit_code;
	exit_code = print_all(parsers, &options);
	parser_pool_free(parsers);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		log_error("the output cannot be written");
		return EX_IOERR;
	}
	return exit_code;
}
