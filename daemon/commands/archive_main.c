/* archive_main.c - the program patchmaild-archive, which is the commands of patchmaild that read archives.
 *
 * Started by patchmaild.  It is a program of its own so that no delivery has to load the libraries for compressed
 * files.
 */
#include <string.h>
#include <sysexits.h>

#include <glib.h>

#include "base/log.h"
#include "commands/import.h"
#include "commands/parse.h"
#include "commands/reparse.h"
#include "commands/service_main.h"

static int run(const char *config_path, int count, char **arguments)
{
	static const struct {
		const char *name;
		service_command *run;
	} commands[] = {{"import", import_run}, {"parse", parse_run}, {"reparse", reparse_run}};

	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		if (strcmp(commands[i].name, arguments[0]) == 0)
			return commands[i].run(config_path, count, arguments);
	log_error("this is no command that reads archives: %s", arguments[0]);
	return EX_USAGE;
}

int main(int count, char **arguments)
{
	return service_main("import", run, count, arguments);
}
