/* service_command.h - what the commands do alike that run until they are told to end: options, reading the
 * configuration anew, exit status. */
#ifndef PATCHMAILD_SERVICE_COMMAND_H
#define PATCHMAILD_SERVICE_COMMAND_H

#include <stdbool.h>

#include "service/end.h"

/* A kind of service, and of what a configuration gives it. */
struct service_kind {
	const char *help;
	const char *needs; /* what is said if the name of what it serves is missing */
	const char *title; /* what stands before that name when a configuration is refused */
	/* From now on SIGTERM, SIGINT and SIGHUP are the service's.  `name` stays the caller's. */
	void *(*begin)(const char *name, bool once);
	void (*end)(void *service);
	/* Read a configuration, and get ready.  NULL, and a reason (the caller frees it). */
	void *(*load)(const char *config_path, const char *name, const void *service, char **ret_reason);
	void (*unload)(void *setup); /* also of NULL */
	/* Go on with what was loaded, which stays there until the next one is used. */
	void (*use)(void *service, void *setup);
	enum service_end (*follow)(void *service);
};

/* Run it with PROGRAM [--once] NAME; SIGHUP makes it read the configuration anew, and one that is bad then leaves the
 * one that it has.  Gives the exit code: 0 after SIGTERM or SIGINT, and with --once if everything went well; 64 bad
 * usage, 75 with --once if anything did not, 78 bad configuration. */
int service_command_run(const struct service_kind *kind, const char *config_path, int count, char **arguments);

#endif
