/* options.c - the options and arguments of a command.
 *
 * Used by each command of patchmaild.
 */
#include "base/options.h"

#include <stdio.h>
#include <sysexits.h>

#include <glib.h>

#include "base/log.h"

/* What getopt finds for the first row of a table; more than any character. */
#define FIRST_ROW 256

/* The command's options for getopt; the caller frees them. */
static struct option *list_known(const struct options_row *table)
{
	int rows = 0;
	struct option *known;

	while (table && table[rows].name)
		rows++;
	known = g_new0(struct option, (size_t)rows + 2);
	for (int i = 0; i < rows; i++)
		known[i] = (struct option){table[i].name, table[i].needs ? required_argument : no_argument, NULL,
		                           FIRST_ROW + i};
	known[rows] = (struct option){"help", no_argument, NULL, 'h'};
	return known;
}

/* The letters of the table, as getopt wants them: a `+` and a `:` first; the caller frees them. */
static char *list_letters(const struct options_row *table)
{
	GString *letters = g_string_new("+:h");

	for (; table && table->name; table++) {
		if (table->letter)
			g_string_append_printf(letters, "%c%s", table->letter, table->needs ? ":" : "");
	}
	return g_string_free(letters, FALSE);
}

/* The row of what getopt found, NULL if it is none. */
static const struct options_row *find_row(const struct options_row *table, int found)
{
	for (int i = 0; table && table[i].name; i++) {
		if (found == FIRST_ROW + i || (found && found == table[i].letter))
			return &table[i];
	}
	return NULL;
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

/* The long option that getopt found, by what it stands for; NULL if there is none. */
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

/* The option of a row is there.  NULL, or what is wrong. */
static char *take(const struct options_row *row)
{
	g_autofree char *name = g_strconcat("--", row->name, NULL);

	if (row->needs)
		return options_set(row->value, name, row->needs);
	*row->given = true;
	return NULL;
}

bool options_read(struct options *options, int count, char **arguments, char **ret_reason)
{
	g_autofree char *where = g_strconcat(" of ", arguments[0], NULL), *wrong = NULL;
	g_autofree struct option *known = list_known(options->table);
	g_autofree char *letters = list_letters(options->table);
	int option;

	opterr = 0;
	optind = 0;
	while (!wrong && (option = getopt_long(count, arguments, letters, known, NULL)) != -1) {
		const struct options_row *row = find_row(options->table, option);

		if (option == 'h') {
			fputs(options->help, stdout);
			return false;
		}
		wrong = row ? take(row) : options_wrong(option, arguments, known, where);
	}
	if (wrong) {
		*ret_reason = g_steal_pointer(&wrong);
		return false;
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
