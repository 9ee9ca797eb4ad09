/* hook_settings.h - the settings of one hook, which is a receiver of events: [notify NAME] of a key file.
 *
 * patchmaild.conf(5) describes the keys.
 */
#ifndef PATCHMAILD_HOOK_SETTINGS_H
#define PATCHMAILD_HOOK_SETTINGS_H

#include <stdbool.h>
#include <glib.h>

#include "base/key_file.h"

#define HOOK_TIMEOUT 30      /* seconds of a delivery */
#define HOOK_TIMEOUT_MAX 600 /* the most that it may be set to */
#define HOOK_POLL 60         /* seconds between two looks if nothing is heard */
#define HOOK_BATCH 100       /* events that one run of a command gets */
#define HOOK_BATCH_MAX 1000
#define HOOK_GIVE_UP 14   /* days after which an event is dead */
#define HOOK_SECRETS 4    /* while one takes the place of another, a delivery is signed with both */
#define HOOK_URL_MAX 2000 /* bytes of a URL */

struct hook_settings {
	char *name;
	char *url;              /* exactly one of the two is set */
	GStrv command;          /* an absolute path and arguments */
	char *secret_file;      /* at most one of the two is set, and for a URL alone */
	char *credential;       /* the name of one that systemd hands over */
	char *ca_file;          /* PEM; NULL: the system's */
	bool cleartext;         /* http:// to other machines too */
	char *filter;           /* as patchmail.events_after() takes it; never NULL */
	char *base_url;         /* what the URLs in events begin with; never NULL */
	char *from;             /* where a new hook begins: "now", "beginning" or a position; never NULL */
	unsigned give_up;       /* days */
	unsigned timeout, poll; /* seconds */
	unsigned batch;
};

/* Is it a group that is read here? */
bool hook_settings_has_group(const char *group);

/* Check all such groups of a key file.  False, and what is wrong. */
bool hook_settings_check(const struct key_file *file, struct key_file_fault *ret_fault);

/* Read one (the caller frees it).  NULL, and what is wrong. */
struct hook_settings *hook_settings_read(const struct key_file *file, const char *name,
                                         struct key_file_fault *ret_fault);
void hook_settings_free(struct hook_settings *settings);

/* Read the secrets, one a line, of GBytes: "whsec_" and base64 (Standard Webhooks), else the bytes of the line as they
 * are.  An empty array if deliveries are not signed; NULL, and a reason in words, one line (the caller frees both).
 * `call` as in secret.h. */
GPtrArray *hook_settings_secrets(const struct hook_settings *settings, int call, char **ret_reason);

#endif
