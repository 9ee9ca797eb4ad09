/* main.c - the program patchmaild-parser: mails in, their facts out, on the socket that parser/process.c gave it.
 *
 * Started by patchmaild for itself, never by hand.  It is a program of its own so that hostile mail is read where there
 * is no password, no connection and no memory of another mail's process, and so that the libraries that read mail are
 * loaded while the other process connects to the database.
 */
#include <gmime/gmime.h>
#include <jansson.h>

#include "authentication/alignment.h"
#include "facts/document.h"
#include "parser/worker.h"

static struct trust_settings *trust;

/* What libraries read from files when they want it first. */
static void prepare(void)
{
	alignment_prepare();
	json_object_seed(0);
	g_random_int();
	g_get_charset(NULL);
}

static bool take_settings(const char *text)
{
	return trust_settings_take(trust, text);
}

static char *facts_of(const struct parser_mail *mail, const char *reason)
{
	return reason == NULL ? facts_of_mail(mail->bytes, mail->length, trust, mail->list_id)
	                      : facts_of_rejected(mail->bytes, mail->length, reason);
}

int main(int count, char **arguments)
{
	static const struct parser_program program = {prepare, take_settings, facts_of};
	int status;

	json_set_alloc_funcs(g_malloc, g_free); /* memory fails one way, memory_end_with()'s */
	trust = trust_settings_new();
	g_mime_init();
	status = parser_worker_run(count, arguments, &program);
	g_mime_shutdown();
	trust_settings_free(trust);
	return status;
}
