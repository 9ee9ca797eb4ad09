/* lease.h - that one process alone follows an account or an archive: asked for, kept while it lives, given back. */
#ifndef PATCHMAILD_LEASE_H
#define PATCHMAILD_LEASE_H

#include <stdbool.h>
#include <stdint.h>

#include "database/store.h"

#define LEASE_ASIDE 5         /* seconds for a statement without which the service goes on as well */
#define LEASE_RENEW 10        /* seconds after which it is asked for again; a third of _patchmail.lease_end() */
#define LEASE_NEVER INT64_MAX /* of `renewal` */

enum lease_kind {
	LEASE_ACCOUNT, /* of IMAP */
	LEASE_ARCHIVE,
};

struct lease {
	enum lease_kind kind;
	const char *name; /* of the account or archive; the caller's */
	char *holder;     /* by which it is ours: holder.h */
	int64_t renewal;  /* when it is to be asked for again; LEASE_NEVER: it is not ours */
	bool lost;        /* another process has it since */
};

void lease_init(struct lease *lease, enum lease_kind kind, const char *name);
void lease_release(struct lease *lease);

/* Ask for it, once more if it is ours already.  One who ended on this machine without lease_give_back() has it no
 * longer.  0, -EBUSY if another process has it, -EAGAIN; and then a reason
 * in words, one line (the caller frees it). */
int lease_take(struct lease *lease, struct store *store, int64_t deadline, char **ret_reason);

/* Is it ours, and the time to ask again has not come? */
bool lease_is_kept(const struct lease *lease);

/* Ask for it again if it is ours and the time has come; call it often.  If that fails, or the store is busy,
 * it tries again. */
void lease_keep(struct lease *lease, struct store *store);

/* Do not keep it: the database does not answer. */
void lease_lapse(struct lease *lease);

/* Others may have it at once.  Nothing is done if the database is away: then it runs out. */
void lease_give_back(struct lease *lease, struct store *store);

#endif
