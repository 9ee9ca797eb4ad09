/* visits.h - what the tests of archives share: a folder for files, and visits that note what they are given. */
#ifndef PATCHMAILD_TEST_VISITS_H
#define PATCHMAILD_TEST_VISITS_H

#include <stdbool.h>

#include <glib.h>

#define VISITS_SEPARATOR "From ada@example.org Tue Mar 10 09:00:00 2026\n"

/* A temporary folder; setup and teardown of cmocka. */
extern char *visits_root;
int visits_make_root(void **state);
int visits_remove_root(void **state);

/* A path in it (the caller frees it); write a file, and its folders; make folders. */
char *visits_path(const char *name);
void visits_write(const char *name, const char *text);
void visits_append(const char *name, const char *text);
void visits_make_folder(const char *name);

/* Run a command of the shell in that folder. */
void visits_run(const char *command);

/* A mail with this subject, and the same in an mbox.  The caller frees them. */
char *visits_mail(const char *subject);
char *visits_mbox(const char *first, ...) G_GNUC_NULL_TERMINATED;

/* What a person sees of an archive, who keeps its marks. */
struct visits {
	GHashTable *marks;
	unsigned most;     /* mails a visit; 0: all */
	GString *mails;    /* the subjects of the last visit, joined by blanks; "-NAME" is one that was removed */
	GString *problems; /* its "PATH: REASON" and "anew PATH: REASON", a line each, without the folder */
	unsigned given;
};

struct visits *visits_new(void);
void visits_free(struct visits *visits);

/* Open and visit it, once.  What it is, or the reason why it is none (the caller frees it). */
char *visits_look(struct visits *visits, const char *name);

/* The same; it is `kind`, and gives these mails and problems. */
void visits_check(struct visits *visits, const char *name, const char *kind, const char *mails, const char *problems);

#endif
