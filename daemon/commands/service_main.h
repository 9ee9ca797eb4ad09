/* service_main.h - what main() of the programs does that are commands and run beside `patchmaild` itself. */
#ifndef PATCHMAILD_SERVICE_MAIN_H
#define PATCHMAILD_SERVICE_MAIN_H

typedef int service_command(const char *config_path, int count, char **arguments);

/* Run the command with PROGRAM CONFIGURATION ARGUMENT..., as patchmaild starts the program; an empty configuration is
 * none.  `name` is the command's.  The exit code. */
int service_main(const char *name, service_command *run, int count, char **arguments);

#endif
