/* server.h - serves clients of LMTP: one, or all that connect, in one loop. */
#ifndef PATCHMAILD_LMTP_SERVER_H
#define PATCHMAILD_LMTP_SERVER_H

#include "ingest/ingest.h"
#include "lmtp/listener.h"
#include "settings/lmtp_settings.h"

#define LMTP_WAITING (32u * 1024 * 1024) /* bytes of mails in memory that wait for the pipeline, before more are read */

enum lmtp_server_end {
	LMTP_SERVER_DONE,   /* the one client is gone, or SIGTERM has come */
	LMTP_SERVER_RELOAD, /* SIGHUP has come: no mail is on its way, and the clients wait for lmtp_server_run() */
	LMTP_SERVER_FAILED, /* the reason is logged */
};

struct lmtp_server;

/* From here on signals come by a descriptor. */
struct lmtp_server *lmtp_server_new(void);
void lmtp_server_free(struct lmtp_server *server);

/* Clients connect there; it stays the caller's, until lmtp_server_run() has closed it because of SIGTERM. */
void lmtp_server_listen(struct lmtp_server *server, struct lmtp_listener *listener);

/* Serve this one client, with whom the server ends. */
void lmtp_server_serve(struct lmtp_server *server, int in, int out);

/* Serve.  Both are the caller's, and have to be there until the end, or until the next call after a reload. */
enum lmtp_server_end lmtp_server_run(struct lmtp_server *server, struct ingest *ingest,
                                     const struct lmtp_settings *settings);

#endif
