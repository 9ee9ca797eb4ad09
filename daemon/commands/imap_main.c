/* imap_main.c - the program patchmaild-imap, which is `patchmaild imap`.
 *
 * Started by patchmaild.  It is a program of its own so that no delivery has to load the libraries for IMAP, TLS and
 * systemd.
 */
#include "commands/imap.h"
#include "commands/service_main.h"

int main(int count, char **arguments)
{
	return service_main("imap", imap_run, count, arguments);
}
