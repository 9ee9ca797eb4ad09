/* withhold.c - runs a command under a kernel that has less, for sandbox.t and units.t.
 *
 * Usage: withhold CALL... -- COMMAND [ARGUMENT...]         there are no such system calls
 *        withhold kill:CALL... -- COMMAND [ARGUMENT...]    they end the process, as under the filter of a systemd unit
 *        withhold --only CALL... -- COMMAND [ARGUMENT...]  all others do
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "build-config.h"

#if HAVE_SECCOMP

#include <seccomp.h>

/* The other way to a filter. */
static int withhold_prctl(scmp_filter_ctx context)
{
	return seccomp_rule_add(context, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(prctl), 1,
	                        SCMP_A0_64(SCMP_CMP_EQ, PR_SET_SECCOMP, 0));
}

static int withhold(scmp_filter_ctx context, const char *name)
{
	bool kill = strncmp(name, "kill:", 5) == 0;
	const char *call = kill ? name + 5 : name;
	int status = seccomp_rule_add(context, kill ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_ERRNO(ENOSYS),
	                              seccomp_syscall_resolve_name(call), 0);

	return status == 0 && !kill && strcmp(call, "seccomp") == 0 ? withhold_prctl(context) : status;
}

/* One that this processor, or libseccomp, does not have is passed over, as by systemd. */
static int allow(scmp_filter_ctx context, const char *name)
{
	int call = seccomp_syscall_resolve_name(name);

	return call == __NR_SCMP_ERROR ? 0 : seccomp_rule_add(context, SCMP_ACT_ALLOW, call, 0);
}

int main(int count, char **arguments)
{
	bool only = count > 1 && strcmp(arguments[1], "--only") == 0;
	scmp_filter_ctx context = seccomp_init(only ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_ALLOW);
	int i, status = 0;

	for (i = 1 + only; i < count && strcmp(arguments[i], "--") != 0 && status == 0; i++)
		status = only ? allow(context, arguments[i]) : withhold(context, arguments[i]);
	if (status < 0 || i + 1 >= count || seccomp_load(context) < 0) {
		fprintf(stderr, "withhold: cannot\n");
		return 99;
	}
	seccomp_release(context);
	execvp(arguments[i + 1], arguments + i + 1);
	perror(arguments[i + 1]);
	return 99;
}

#else

int main(void)
{
	return 99;
}

#endif
