/* repositories.h - which repositories a public-inbox has, and what their branches are at. */
#ifndef PATCHMAILD_REPOSITORIES_H
#define PATCHMAILD_REPOSITORIES_H

#include <stdint.h>

#include <glib.h>

struct repository {
	char *folder;  /* the repository itself, bare or a .git */
	char *place;   /* the same as an absolute path without links */
	char *tip;     /* the commit that HEAD is at; NULL: there is none */
	char *shallow; /* "", or a digest of where its history is cut off */
	unsigned version;
	uint64_t commits; /* that there are; 0: not counted */
};

/* The repositories of a path, in the order of their epochs: a GPtrArray of struct repository (the caller unrefs it),
 * which may be empty; or a negative errno. */
int repositories_find(const char *path, GPtrArray **ret_repositories);

/* Read `tip` and `shallow`.  0, or a negative errno with a reason. */
int repository_look(struct repository *repository, char **ret_reason);

/* Does `commit` stand in the history of the tip?  1, 0, or a negative errno with a reason. */
int repository_has(const struct repository *repository, const char *commit, char **ret_reason);

/* Count the commits. */
uint64_t repository_count(struct repository *repository);

#endif
