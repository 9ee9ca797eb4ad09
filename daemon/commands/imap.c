/* imap.c - the command `imap`: options, configuration, exit status.
 *
 * Called by main() of patchmaild-imap.  One process follows one account (imap/service.h); what services have in
 * common is in service_command.h.
 */
#include "commands/imap.h"

#include <stdbool.h>

#include <glib.h>

#include "commands/service_command.h"
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

static void unload(void *context)
{
	struct setup *setup = context;

	if (!setup)
		return;
	ingest_release(&setup->ingest);
	g_clear_pointer(&setup->account, imap_account_free);
	g_free(setup);
}

/* Read the configuration of an account, and get ready; a signal of the service hurries the database.  NULL, and a
 * reason. */
static void *load(const char *config_path, const char *name, const void *service, char **ret_reason)
{
	struct setup *setup = g_new0(struct setup, 1);

	if (ingest_init(&setup->ingest, config_path, ret_reason) == 0) {
		store_set_call(setup->ingest.store, imap_service_call(service));
		setup->ingest.call = imap_service_call(service);
		setup->account = config_imap_account(&setup->ingest.config, name, ret_reason);
	}
	if (setup->account)
		return setup;
	unload(setup);
	return NULL;
}

static void use(void *service, void *context)
{
	struct setup *setup = context;

	imap_service_use(service, &setup->ingest, setup->account);
}

static void *begin(const char *name, bool once)
{
	return imap_service_new(name, once);
}

static void end(void *service)
{
	imap_service_free(service);
}

static enum service_end follow(void *service)
{
	return imap_service_follow(service);
}

int imap_run(const char *config_path, int count, char **arguments)
{
	const struct service_kind kind = {
		.help = imap_help,
		.needs = "needs an account",
		.title = "",
		.begin = begin,
		.end = end,
		.load = load,
		.unload = unload,
		.use = use,
		.follow = follow,
	};

	return service_command_run(&kind, config_path, count, arguments);
}
