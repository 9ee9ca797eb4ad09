/* imap.c - the command `imap`.
 *
 * Called by main() of patchmaild-imap.
 */
#include "commands/imap.h"

#include <glib.h>

#include "base/options.h"
#include "imap/service.h"

const char imap_help[] = "usage: patchmaild -c FILE imap [--once] ACCOUNT\n"
			 "\n"
			 "Follows the mailboxes of the account in [imap ACCOUNT], and takes every mail of them once.  "
			 "Runs until SIGTERM;\n"
			 "SIGHUP makes it read the configuration anew.\n"
			 "\n"
			 "  --once  take what is there, and end\n";

int imap_run(const char *config_path, int count, char **arguments)
{
	struct options options = {
		.help = imap_help,
		.takes_once = true,
		.least = 1,
		.most = 1,
		.needs = "needs an account",
	};
	g_autofree char *reason = NULL;

	if (!options_read(&options, count, arguments, &reason))
		return options_end(g_steal_pointer(&reason));
	return imap_service_run(config_path, options.arguments[0], options.once);
}
