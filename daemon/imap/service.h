/* service.h - follows an IMAP account: connects, visits its mailboxes, waits for more, and begins anew when anything
 * fails. */
#ifndef PATCHMAILD_IMAP_SERVICE_H
#define PATCHMAILD_IMAP_SERVICE_H

#include <stdbool.h>

#include "ingest/ingest.h"
#include "service/end.h"
#include "settings/imap_account.h"

struct imap_service;

/* Nothing connects yet; from now on SIGTERM, SIGINT and SIGHUP are the service's.  `account`, its name, stays the
 * caller's.  `once`: take what is there, and end. */
struct imap_service *imap_service_new(const char *account, bool once);

/* Also gives the account back, so that another process may follow it at once. */
void imap_service_free(struct imap_service *service);

/* A descriptor that can be read when a signal has come: for store_set_call(). */
int imap_service_call(const struct imap_service *service);

/* Follow the account with these, which stay the caller's until it hands in others or frees the service; a connection to
 * the server that was made with the former ones is closed. */
void imap_service_use(struct imap_service *service, struct ingest *ingest, const struct imap_account *account);

/* Follow the account until one of these ends.  Logs and reports by itself what fails. */
enum service_end imap_service_follow(struct imap_service *service);

#endif
