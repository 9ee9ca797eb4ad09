/* service.h - follows an archive: runs the command that brings more mail there, reads what is new, waits for more, and
 * begins anew when anything fails. */
#ifndef PATCHMAILD_FOLLOW_SERVICE_H
#define PATCHMAILD_FOLLOW_SERVICE_H

#include <stdbool.h>

#include "ingest/ingest.h"
#include "settings/archive_settings.h"

struct follow_service;

/* Why a service came to an end. */
enum follow_service_end {
	FOLLOW_SERVICE_STOPPED,  /* SIGTERM or SIGINT */
	FOLLOW_SERVICE_RELOAD,   /* SIGHUP: it goes on with the next follow_service_follow() */
	FOLLOW_SERVICE_DONE,     /* with `once`: it took everything there was */
	FOLLOW_SERVICE_LEFT_SOME /* with `once`: it did not */
};

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
enum follow_service_end follow_service_follow(struct follow_service *service);

#endif
