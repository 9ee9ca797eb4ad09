/* filter.h - which system calls a parser may make: those that reading mail needs, and no others (seccomp(2)). */
#ifndef PATCHMAILD_PARSER_FILTER_H
#define PATCHMAILD_PARSER_FILTER_H

#include <stdbool.h>
#include <stdint.h>

/* What a filter is for. */
struct filter {
	int socket;         /* the descriptor to which the process may send */
	bool files;         /* may it open files, to read them?  If not, it is told that it has no right to (EACCES) */
	bool instrumented;  /* may it do what sanitizers and the counting of lines do? */
	uint32_t processor; /* of which the calls are: an SCMP_ARCH_ of seccomp_arch_add(3), 0 for this one */
};

/* From now on this process may make these calls and no others, nor may what it would start: it ends by SIGSYS at any
 * other one.  It must have no new privileges (PR_SET_NO_NEW_PRIVS) before.  0, or a negative errno: -ENOSYS if the
 * program was built without libseccomp, or what the kernel says that has no filters. */
int filter_apply(const struct filter *filter);

/* Write the filter to `fd` instead, as libseccomp describes filters for people.  0 or a negative errno. */
int filter_describe(const struct filter *filter, int fd);

#endif
