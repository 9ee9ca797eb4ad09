/* options.c - the options and arguments of a command.
 *
 * Used by each command of patchmaild.
 */
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>

#include <glib.h>

#include "log.h"

/* What getopt may find for the command: known[] has room for all and the end. */
static void list_known(const struct options *options, struct option *known)
{
	*known++ = (struct option){"help", no_argument, NULL, 'h'};
	if (options->takes_list_id)
		*known++ = (struct option){"list-id", required_argument, NULL, 'l'};
	if (options->takes_once)
		*known++ = (struct option){"once", no_argument, NULL, 'o'};
	*known = (struct option){0};
}

/* Are there as many arguments as it takes?  The first one too many is named. */
static bool check_count(const struct options *options, const char *command, char **ret_reason)
{
	if (options->count > options->most)
		*ret_reason = g_strdup_printf("%s %s: %s", command, options->needs, options->arguments[options->most]);
	else if (options->count < options->least)
		*ret_reason = g_strdup_printf("%s %s", command, options->needs);
	else
		return true;
	return false;
}

bool options_read(struct options *options, int count, char **arguments, char **ret_reason)
{
	struct option known[4];
	int option;

	list_known(options, known);
	opterr = 0;
	optind = 0;
	while ((option = getopt_long(count, arguments, "+h", known, NULL)) != -1) {
		switch (option) {
		case 'l':
			options->list_id = optarg;
			break;
		case 'o':
			options->once = true;
			break;
		case 'h':
			fputs(options->help, stdout);
			return false;
		default:
			*ret_reason = g_strdup_printf("bad option of %s: %s", arguments[0], arguments[optind - 1]);
			return false;
		}
	}
	options->count = count - optind;
	options->arguments = arguments + optind;
	return check_count(options, arguments[0], ret_reason);
}

int options_end(char *reason)
{
	if (reason == NULL)
		return EX_OK;
	log_error("%s", reason);
	g_free(reason);
	return EX_USAGE;
}
