/* notify_main.c - the program patchmaild-notify, which is `patchmaild notify`.
 *
 * Started by patchmaild.  It is a program of its own so that no delivery has to load the libraries for HTTP, TLS and
 * systemd.
 */
#include <signal.h>
#include <string.h>
#include <sysexits.h>

#include "base/log.h"
#include "commands/notify.h"

/* patchmaild-imap CONFIGURATION ARGUMENT...: what patchmaild makes of its own; an empty configuration is none. */
int main(int count, char **arguments)
{
	signal(SIGPIPE, SIG_IGN);
	if (count < 3) {
		log_error("this is a part of patchmaild: call patchmaild notify");
		return EX_USAGE;
	}
	return notify_run(*arguments[1] ? arguments[1] : NULL, count - 2, arguments + 2);
}
