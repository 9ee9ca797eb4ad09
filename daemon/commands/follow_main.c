/* follow_main.c - the program patchmaild-follow, which is `patchmaild follow`.
 *
 * Started by patchmaild.  It is a program of its own so that no delivery has to load the libraries of
 * systemd.
 */
#include "commands/follow.h"
#include "commands/service_main.h"

int main(int count, char **arguments)
{
	return service_main("follow", follow_run, count, arguments);
}
