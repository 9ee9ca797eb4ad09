/* doctor_main.c - the program patchmaild-doctor, which is `patchmaild doctor`.
 *
 * Started by patchmaild.  It is a program of its own since it looks at IMAP accounts too, and no delivery has to load
 * the libraries for that.
 */
#include "commands/doctor.h"
#include "commands/service_main.h"

int main(int count, char **arguments)
{
	return service_main("doctor", doctor_run, count, arguments);
}
