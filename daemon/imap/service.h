/* service.h - follows an IMAP account. */
#ifndef PATCHMAILD_IMAP_SERVICE_H
#define PATCHMAILD_IMAP_SERVICE_H

#include <stdbool.h>

/* Follow it to the end; the exit code, as imap_run() in commands/imap.h gives it. */
int imap_service_run(const char *config_path, const char *name, bool once);

#endif
