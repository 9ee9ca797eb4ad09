/* imap_main.c - the program patchmaild-imap, which is `patchmaild imap`.
 *
 * Started by patchmaild.  It is a program of its own so that no delivery has to load the libraries for IMAP, TLS and
 * systemd.
 */
#include <signal.h>
#include <string.h>
#include <sysexits.h>

#include "base/log.h"
#include "commands/imap.h"

/* patchmaild-imap CONFIGURATION ARGUMENT...: what patchmaild makes of its own; an empty configuration is none. */
int main(int count, char **arguments)
{
	signal(SIGPIPE, SIG_IGN);
	if (count < 3) {
		log_error("this is a part of patchmaild: call patchmaild imap");
		return EX_USAGE;
	}
	return imap_run(*arguments[1] ? arguments[1] : NULL, count - 2, arguments + 2);
}
