/* service_main.c - what main() of the programs does that are commands and run beside `patchmaild` itself.
 *
 * Used by archive_main.c, doctor_main.c, follow_main.c, imap_main.c, lmtp_main.c and notify_main.c.
 */
#include "commands/service_main.h"

#include <signal.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"

int service_main(const char *name, service_command *run, int count, char **arguments)
{
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	memory_end_with(EX_TEMPFAIL, STDERR_FILENO, "patchmaild: out of memory\n");
	if (count < 3) {
		log_error("this is a part of patchmaild: call patchmaild %s", name);
		return EX_USAGE;
	}
	return run(*arguments[1] ? arguments[1] : NULL, count - 2, arguments + 2);
}
