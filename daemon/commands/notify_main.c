/* notify_main.c - the program patchmaild-notify, which is `patchmaild notify`.
 *
 * Started by patchmaild.  It is a program of its own so that no delivery has to load the libraries for HTTP, TLS and
 * systemd.
 */
#include "commands/notify.h"
#include "commands/service_main.h"

int main(int count, char **arguments)
{
	return service_main("notify", notify_run, count, arguments);
}
