/* import_stop.c - the signals of an import.
 *
 * Used by import.c.  Promises that the second signal is not held up by anything.
 */
#include "commands/import_stop.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

static volatile sig_atomic_t caught;
static int descriptor = -1;

static void stop(int number)
{
	static const char words[] = "\nstopping after the mails that are on their way; the same again stops at once\n";
	static const uint64_t one = 1;
	int kept = errno;
	ssize_t written;

	caught = number;
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	written = write(descriptor, &one, sizeof(one));
	/* A person waits at a terminal, and would press the key again. */
	if (isatty(STDERR_FILENO))
		written = write(STDERR_FILENO, words, sizeof(words) - 1);
	(void)written;
	errno = kept;
}

int import_stop_init(void)
{
	struct sigaction action = {.sa_handler = stop, .sa_flags = SA_RESTART};

	descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (descriptor < 0)
		return -errno;
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	return descriptor;
}

int import_stop_signal(void)
{
	return caught;
}

void import_stop_end(void)
{
	if (caught != 0)
		raise(caught);
}
