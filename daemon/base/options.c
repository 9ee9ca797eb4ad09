/* options.c - the options and arguments of a command.
 *
 * Used by each command of patchmaild.
 */
#include "base/options.h"

#include <stdio.h>
#include <sysexits.h>

#include <glib.h>

#include "base/log.h"

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

/* The long option that getopt found, by what it stands for; NULL where there is none. */
static const char *long_name(const struct option *known, int value)
{
	for (; known->name; known++) {
		if (known->val == value)
			return known->name;
	}
	return NULL;
}

char *options_wrong(int found, char *const *arguments, const struct option *known, const char *where)
{
	const char *argument = arguments[optind - 1], *name = optopt > 0 ? long_name(known, optopt) : NULL;
	bool is_long = g_str_has_prefix(argument, "--");

	if (found == ':' && is_long)
		return g_strdup_printf("option%s without its value: %s", where, argument);
	if (found == ':')
		return g_strdup_printf("option%s without its value: -%c", where, optopt);
	if (name && is_long)
		return g_strdup_printf("option%s that takes no value: --%s", where, name);
	if (optopt == 'c' && !is_long)
		return g_strdup_printf("bad option%s: -c; it stands before the command", where);
	if (optopt > 0 && !is_long)
		return g_strdup_printf("bad option%s: -%c", where, optopt);
	return g_strdup_printf("bad option%s: %s", where, argument);
}

char *options_set(const char **value, const char *name, const char *needs)
{
	if (*value)
		return g_strdup_printf("option given twice: %s", name);
	if (!*optarg)
		return g_strdup_printf("option without its value: %s needs %s", name, needs);
	*value = optarg;
	return NULL;
}

bool options_read(struct options *options, int count, char **arguments, char **ret_reason)
{
	g_autofree char *where = g_strconcat(" of ", arguments[0], NULL);
	struct option known[4];
	int option;

	list_known(options, known);
	opterr = 0;
	optind = 0;
	while ((option = getopt_long(count, arguments, "+:h", known, NULL)) != -1) {
		char *wrong = NULL;

		switch (option) {
		case 'l':
			wrong = options_set(&options->list_id, "--list-id", "a list id");
			break;
		case 'o':
			options->once = true;
			break;
		case 'h':
			fputs(options->help, stdout);
			return false;
		default:
			wrong = options_wrong(option, arguments, known, where);
		}
		if (wrong) {
			*ret_reason = wrong;
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
