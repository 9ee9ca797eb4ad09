/* memory.h - how a process ends that gets no more memory, and how little of it others allow. */
#ifndef PATCHMAILD_MEMORY_H
#define PATCHMAILD_MEMORY_H

#include <stdint.h>
#include <sys/resource.h>

/* What getrlimit(2) takes: glibc has a type of its own for it. */
#ifdef __GLIBC__
typedef __rlimit_resource_t memory_resource;
#else
typedef int memory_resource;
#endif

/* From now on the process ends with this status, not by a signal, if GLib gets no memory; before that it writes `line`
 * to `fd`.  The line stays the caller's; NULL: nothing is written. */
void memory_end_with(int status, int fd, const char *line);

/* The most bytes that this process and those that it starts may have, by the hard limits of addresses (RLIMIT_AS) and
 * of data (RLIMIT_DATA), whichever is less; UINT64_MAX without one. */
uint64_t memory_allowed(void);

#endif
