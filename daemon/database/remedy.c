/* remedy.c - what an admin does about what PostgreSQL says, with the names that belong to it.
 *
 * Used by connection.c, store.c and hook.c: whoever reads a deferral in the mail log has nothing but that line.
 */
#include "database/remedy.h"

#include <string.h>

#include <glib.h>

/* As an argument of a shell: in quotes only if it needs them. */
static char *argument(const char *text)
{
	return *text && !text[strspn(text, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_./@+-")] ? g_strdup(text)
	                                                                                      : g_shell_quote(text);
}

/* A message has both texts; what to do has %1 for the role, %2 for the database, %3 for whose this process is. */
static const struct remedy {
	const char *begins, *has, *words;
} remedies[] = {
	{"role ", "does not exist", "make it as the server's superuser: createuser %1"},
	{"database ", "does not exist", "make it as the server's superuser: createdb %2"},
	{"Peer authentication failed", "",
         "this process is of the user %3: run it as the user %1, or name a role of that name"},
	{"Ident authentication failed", "",
         "this process is of the user %3: run it as the user %1, or name a role of that name"},
	{"password authentication failed", "",
         "set the role's password with psql's \\password %1, and write it into conninfo or a password file"},
	{"no password supplied", "", "write the password of %1 into conninfo or a password file"},
	{"no pg_hba.conf entry", "", "the server's pg_hba.conf wants a line for database %2 and role %1"},
	{"permission denied for database", "", "the database's owner says: GRANT CONNECT ON DATABASE %2 TO %1"},
	{"No such file or directory", "Is the server running", "on Debian pg_lsclusters shows which servers run"},
	{"Connection refused", "", "on Debian pg_lsclusters shows which servers run, and at which port"},
	{"too many clients", "", "raise max_connections, or put PgBouncer between"},
	{"remaining connection slots", "", "raise max_connections, or put PgBouncer between"},
};

char *remedy_of_refusal(const char *message, const char *role, const char *database)
{
	for (size_t i = 0; i < G_N_ELEMENTS(remedies); i++) {
		const char *found = strstr(message, remedies[i].begins);
		g_autoptr(GString) words = NULL;

		if (!found || !strstr(found, remedies[i].has))
			continue;
		words = g_string_new(remedies[i].words);
		/* The names last, so that no name is taken for a mark. */
		g_string_replace(words, "%3", g_get_user_name(), 0);
		g_string_replace(words, "%2", database, 1);
		g_string_replace(words, "%1", role, 1);
		return g_strconcat("; ", words->str, NULL);
	}
	return g_strdup("");
}

char *remedy_of_rights(const char *adds, const char *role, const char *database)
{
	g_autofree char *place = argument(database);

	return g_strdup_printf("; as the owner of the schema: psql -c \"SELECT patchmail.%s('%s')\" %s", adds, role,
	                       place);
}

char *remedy_install(const char *database)
{
	g_autofree char *place = argument(database);

	return g_strdup_printf("psql -f %s/install.sql %s", SQL_FOLDER, place);
}

char *remedy_of_no_schema(const char *database)
{
	g_autofree char *command = remedy_install(database);

	return g_strdup_printf("patchmaild's schema is not in the database %s; as its owner: %s", database, command);
}
