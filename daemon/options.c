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

/* Take one option; false where the command has none such. */
static bool take(struct options *options, int option)
{
	switch (option) {
	case 'l':
		options->list_id = optarg;
		return options->takes_list_id;
	case 'o':
		options->once = true;
		return options->takes_once;
	default:
		return false;
	}
}

bool options_read(struct options *options, int count, char **arguments, char **ret_reason)
{
	static const struct option known[] = {
		{"list-id", required_argument, NULL, 'l'},
		{"once", no_argument, NULL, 'o'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int option;

	opterr = 0;
	optind = 0;
	while ((option = getopt_long(count, arguments, "+h", known, NULL)) != -1) {
		if (option == 'h') {
			fputs(options->help, stdout);
			return false;
		}
		if (!take(options, option)) {
			*ret_reason = g_strdup_printf("bad option of %s: %s", arguments[0], arguments[optind - 1]);
			return false;
		}
	}
	options->count = count - optind;
	options->arguments = arguments + optind;
	if (options->count >= options->least && options->count <= options->most)
		return true;
	*ret_reason = g_strdup_printf("%s %s", arguments[0], options->needs);
	return false;
}

int options_end(char *reason)
{
	if (reason == NULL)
		return EX_OK;
	log_error("%s", reason);
	g_free(reason);
	return EX_USAGE;
}
