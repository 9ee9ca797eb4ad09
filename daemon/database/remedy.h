/* remedy.h - what an admin does about what PostgreSQL says. */
#ifndef PATCHMAILD_DATABASE_REMEDY_H
#define PATCHMAILD_DATABASE_REMEDY_H

/* About a connection that failed with this message of libpq, which has the server's, as that role to that database.
 * "; " and words, or an empty text if nobody knows, as where the server speaks another language than English (the
 * caller frees it). */
char *remedy_of_refusal(const char *message, const char *role, const char *database);

/* About a role without the rights of a deliverer, or of a notifier (`adds`: "add_deliverer" or "add_notifier").  "; "
 * and words, as above. */
char *remedy_of_rights(const char *adds, const char *role, const char *database);

/* What is wrong with a database without schema patchmail, and what to do. */
char *remedy_of_no_schema(const char *database);

/* A command line that installs the schema there, or brings it up to date. */
char *remedy_install(const char *database);

#endif
