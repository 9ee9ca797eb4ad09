/* trust.h - whose word on a mail's sender counts: the settings, read from key-file groups.
 *
 * [authentication] holds them for every list; [list LIST-ID] sets some of them anew for the mail of one list.
 * patchmaild.conf(5) describes the keys.  Without them nobody is believed.
 */
#ifndef PATCHMAILD_TRUST_H
#define PATCHMAILD_TRUST_H

#include <stdbool.h>
#include <stddef.h>
#include <glib.h>

#define TRUST_SETTINGS_SIZE (1024u * 1024) /* bytes of the groups that are read here, without blanks and comments */

/* Where a field with a trusted authserv-id may stand. */
enum trust_position {
	TRUST_BOUNDARY, /* above the topmost Received of a host of the boundary */
	TRUST_PATH,     /* and below it, as far as these hosts had the mail from each other or themselves */
	TRUST_ANYWHERE, /* wherever it is */
};

/* The methods of authentication, as bits. */
enum trust_method {
	TRUST_DKIM = 1,
	TRUST_SPF = 2,
	TRUST_DMARC = 4,
	TRUST_ARC = 8,
	TRUST_EVERY_METHOD = TRUST_DKIM | TRUST_SPF | TRUST_DMARC | TRUST_ARC,
};

/* An authserv-id, and of which methods it may speak. */
struct trust_authserv {
	char *id;
	unsigned methods;
};

/* No member is NULL. */
struct trust {
	struct trust_authserv *trusted_authserv; /* those of our own mail exchanger; after the last one an id is NULL */
	struct trust_authserv *list_authserv;    /* those of the list's host, likewise */
	GStrv boundary;                          /* hosts as they name themselves in Received, `by` */
	GStrv arc_trusted_sealers;               /* domains */
	enum trust_position position;
	bool strict;       /* alignment: only equal domains belong together */
	bool received_spf; /* Received-SPF is looked at */
};

struct trust_settings;

/* Settings without anything. */
struct trust_settings *trust_settings_new(void);
void trust_settings_free(struct trust_settings *settings);

/* Is it one of the groups that are read here? */
bool trust_settings_has_group(const char *group);

/* The table of their keys, each row of which begins with a name. */
const void *trust_settings_keys(size_t *ret_count, size_t *ret_size);

/* Take the groups of a key file that are read here over what is there.  NULL, or what is wrong in words, which
 * never repeat a value, in which group, and with which key if it is not about the whole group (the caller frees all
 * three, and sets them to NULL before). */
char *trust_settings_read(struct trust_settings *settings, GKeyFile *file, char **ret_group, char **ret_key);

/* As the text of a key file, for another process; NULL if nothing is set.  The caller frees it. */
char *trust_settings_text(const struct trust_settings *settings);

/* Take such a text.  False if it is not one. */
bool trust_settings_take(struct trust_settings *settings, const char *text);

/* Those for the mail of a list; NULL or an unknown list: the general ones.  Owned by the settings. */
const struct trust *trust_settings_for(const struct trust_settings *settings, const char *list_id);

/* Nobody is believed.  Lives as long as the process. */
const struct trust *trust_nobody(void);

/* The bit of a method, ASCII case ignored; 0 for one that says nothing of a sender. */
unsigned trust_method(const char *name);

/* Is a text among those of a list, ASCII case ignored? */
bool trust_names(const GStrv list, const char *text);

#endif
