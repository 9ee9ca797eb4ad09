/* imap.c - the command `imap`: options, configuration, exit status.
 *
 * Called by main() of patchmaild-imap.  One process follows one account (imap/service.h); SIGHUP makes it read the
 * configuration anew, and a configuration that is bad then leaves the one that it has.
 */
#include "commands/imap.h"

#include <stdbool.h>
#include <sysexits.h>

#include <glib.h>

#include "base/log.h"
#include "base/notify.h"
#include "base/options.h"
#include "imap/service.h"
#include "ingest/ingest.h"
#include "settings/imap_account.h"

const char imap_help[] = "usage: patchmaild -c FILE imap [--once] ACCOUNT\n"
			 "\n"
			 "Follows the mailboxes of the account in [imap ACCOUNT], and takes every mail of them once.  "
			 "Runs until SIGTERM;\n"
			 "SIGHUP makes it read the configuration anew.\n"
			 "\n"
			 "  --once  take what is there, and end\n";

/* What a configuration says, and what is made of it. */
struct setup {
	struct ingest ingest;
	struct imap_account *account;
};

static void setup_free(struct setup *setup)
{
	if (!setup)
		return;
	ingest_release(&setup->ingest);
	g_clear_pointer(&setup->account, imap_account_free);
	g_free(setup);
}

/* Read the configuration of an account, and get ready; a signal of the service hurries the database.  NULL, and a
 * reason. */
static struct setup *load(const char *config_path, const char *name, const struct imap_service *service,
                          char **ret_reason)
{
	struct setup *setup = g_new0(struct setup, 1);

	if (ingest_init(&setup->ingest, config_path, ret_reason) == 0) {
		store_set_call(setup->ingest.store, imap_service_call(service));
		setup->ingest.call = imap_service_call(service);
		setup->account = config_imap_account(&setup->ingest.config, name, ret_reason);
	}
	if (setup->account)
		return setup;
	setup_free(setup);
	return NULL;
}

/* Go over to the configuration as it is now, if it is good. */
static void reload(const char *config_path, const char *name, struct imap_service *service, struct setup **setup)
{
	g_autofree char *reason = NULL;
	struct setup *fresh;

	notify_reloading();
	fresh = load(config_path, name, service, &reason);
	if (fresh) {
		imap_service_use(service, &fresh->ingest, fresh->account);
		setup_free(*setup);
		*setup = fresh;
	} else {
		log_warning("%s: not reloaded: %s", name, reason);
	}
	notify_ready();
}

/* Follow the account to the end; the exit code. */
static int serve(const char *config_path, const char *name, struct imap_service *service, struct setup **setup)
{
	enum imap_service_end end;

	imap_service_use(service, &(*setup)->ingest, (*setup)->account);
	notify_ready();
	while ((end = imap_service_follow(service)) == IMAP_SERVICE_RELOAD)
		reload(config_path, name, service, setup);
	notify_stopping();
	return end == IMAP_SERVICE_LEFT_SOME ? EX_TEMPFAIL : EX_OK;
}

int imap_run(const char *config_path, int count, char **arguments)
{
	bool once = false;
	const struct options_row table[] = {{"once", .given = &once}, {0}};
	struct options options = {
		.help = imap_help,
		.table = table,
		.least = 1,
		.most = 1,
		.needs = "needs an account",
	};
	g_autofree char *reason = NULL;
	struct imap_service *service;
	struct setup *setup;
	const char *name;
	int exit_code = EX_CONFIG;

	if (!options_read(&options, count, arguments, &reason))
		return options_end(g_steal_pointer(&reason));
	name = options.arguments[0];
	service = imap_service_new(name, once);
	setup = load(config_path, name, service, &reason);
	if (setup)
		exit_code = serve(config_path, name, service, &setup);
	else
		log_error("%s", reason);
	imap_service_free(service);
	setup_free(setup);
	return exit_code;
}
