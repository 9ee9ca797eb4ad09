/* uids.h - the mails that a command is about. */
#ifndef PATCHMAILD_IMAP_UIDS_H
#define PATCHMAILD_IMAP_UIDS_H

#include <stdint.h>

/* Some mails; `count` is not 0. */
struct imap_uids {
	const uint32_t *uids;
	unsigned count;
};

#endif
