/* lmtp_main.c - the program patchmaild-lmtp, which is `patchmaild lmtp`.
 *
 * Started by patchmaild.  It is a program of its own so that no delivery has to load the libraries for systemd.
 */
#include "commands/lmtp.h"
#include "commands/service_main.h"

int main(int count, char **arguments)
{
	return service_main("lmtp", lmtp_run, count, arguments);
}
