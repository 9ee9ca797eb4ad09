/* service.h - follows an archive: runs the command that brings more mail there, reads what is new, waits for more, and
 * begins anew when anything fails. */
#ifndef PATCHMAILD_FOLLOW_SERVICE_H
#define PATCHMAILD_FOLLOW_SERVICE_H

#include <stdbool.h>

#include "ingest/ingest.h"
#include "service/end.h"
#include "settings/archive_settings.h"

struct follow_service;

/* Nothing is read yet; from now on SIGTERM, SIGINT and SIGHUP are the service's.  `archive`, its name, stays the
 * caller's.  `once`: run the command, take what is there, and end. */
struct follow_service *follow_service_new(const char *archive, bool once);

/* Also gives the archive back, so that another process may follow it at once, and ends the command. */
void follow_service_free(struct follow_service *service);

/* A descriptor that can be read when a signal has come: for store_set_call(). */
int follow_service_call(const struct follow_service *service);

/* Follow the archive with these, which stay the caller's until it hands in others or frees the service; a command that
 * runs is ended. */
void follow_service_use(struct follow_service *service, struct ingest *ingest, const struct archive_settings *settings);

/* Follow the archive until one of these ends.  Logs and reports by itself what fails. */
enum service_end follow_service_follow(struct follow_service *service);

#endif
