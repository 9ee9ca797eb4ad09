/* parser.c - the program patchmaild-parser: mails in, their facts out, on the socket that parser_process.c gave it.
 *
 * Started by patchmaild for itself, never by hand.  It is a program of its own so that hostile mail is read where there
 * is no password, no connection and no memory of another mail's process, and so that the libraries that read mail are
 * loaded while the other process connects to the database.
 */
#include <gmime/gmime.h>

#include "facts.h"
#include "parser_worker.h"

static struct trust_settings *trust;

static char *facts_of(const char *bytes, size_t length, const char *reason)
{
	return reason == NULL ? facts_of_mail(bytes, length, trust) : facts_of_rejected(bytes, length, reason);
}

int main(int count, char **arguments)
{
	int status;

	trust = trust_settings_new();
	if (count == 3 && !trust_settings_take(trust, arguments[2]))
		return PARSER_EXIT_SETUP;
	g_mime_init();
	status = parser_worker_run(count, arguments, facts_of);
	g_mime_shutdown();
	trust_settings_free(trust);
	return status;
}
