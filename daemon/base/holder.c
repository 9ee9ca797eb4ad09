/* holder.c - the name of a process.
 *
 * Used by cursor.c.  A lease in the database outlives a process that was killed; the next one on the same machine can
 * see that, and need not wait.  If it cannot see that (another machine or container, no /proc), nobody counts as gone.
 */
#include "base/holder.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

#define FIELDS_BEFORE_START 19 /* in /proc/PID/stat (proc(5)), between the state and when it began */

/* When a process began, in ticks since the machine did; 0 if that cannot be seen. */
static uint64_t start_of(intmax_t pid)
{
	g_autofree char *path = g_strdup_printf("/proc/%" PRIdMAX "/stat", pid), *text = NULL;
	g_auto(GStrv) fields = NULL;
	const char *name_end;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return 0;
	/* The name of the program may hold anything. */
	name_end = strrchr(text, ')');
	if (!name_end || name_end[1] != ' ')
		return 0;
	fields = g_strsplit(name_end + 2, " ", -1);
	if (g_strv_length(fields) <= FIELDS_BEFORE_START)
		return 0;
	return g_ascii_strtoull(fields[FIELDS_BEFORE_START], NULL, 10);
}

/* What the numbers of processes belong to: this start of the machine, and the namespace.  NULL if that is not known. */
static char *place(void)
{
	g_autofree char *boot = NULL, *space = g_file_read_link("/proc/self/ns/pid", NULL);

	if (!space || !g_file_get_contents("/proc/sys/kernel/random/boot_id", &boot, NULL, NULL))
		return NULL;
	return g_strdup_printf("%s %s", g_strstrip(boot), space);
}

char *holder_name(void)
{
	g_autofree char *here = place();
	intmax_t pid = getpid();

	if (!here)
		here = g_strdup_printf("an unknown place, %08" PRIx32 "%08" PRIx32, g_random_int(), g_random_int());
	return g_strdup_printf("process %" PRIdMAX " of %s, started %" PRIu64 " in %s", pid, g_get_host_name(),
	                       start_of(pid), here);
}

char *holder_in_words(const char *name)
{
	return g_strndup(name, strcspn(name, ","));
}

bool holder_is_gone(const char *name)
{
	g_autofree char *here = place();
	const char *start = strstr(name, ", started "), *in = start ? strstr(start, " in ") : NULL;
	uint64_t began, now;
	int64_t pid;

	if (!here || !in || !g_str_equal(in + strlen(" in "), here) || !g_str_has_prefix(name, "process "))
		return false;
	pid = g_ascii_strtoll(name + strlen("process "), NULL, 10);
	began = g_ascii_strtoull(start + strlen(", started "), NULL, 10);
	if (pid <= 0 || began == 0)
		return false;
	if (kill((pid_t)pid, 0) < 0 && errno == ESRCH)
		return true;
	/* Another process may have got its number.  One that is there and cannot be seen may be it. */
	now = start_of(pid);
	return now != 0 && now != began;
}
