/* follow.c - the command `follow`: options, configuration, exit status.
 *
 * Called by main() of patchmaild-follow.  One process follows one archive (follow/service.h); what services have in
 * common is in service_command.h.
 */
#include "commands/follow.h"

#include <stdbool.h>

#include <glib.h>

#include "commands/service_command.h"
#include "follow/service.h"
#include "ingest/ingest.h"
#include "settings/archive_settings.h"

const char follow_help[] =
	"usage: patchmaild -c FILE follow [--once] NAME\n"
	"\n"
	"Reads the public-inbox archive in [archive NAME] as it grows, and takes every mail of it once.  "
	"Runs until\n"
	"SIGTERM; SIGHUP makes it read the configuration anew.\n"
	"\n"
	"  --once  run the command, take what is there, and end\n";

/* What a configuration says, and what is made of it. */
struct setup {
	struct ingest ingest;
	struct archive_settings *settings;
};

static void unload(void *context)
{
	struct setup *setup = context;

	if (!setup)
		return;
	ingest_release(&setup->ingest);
	g_clear_pointer(&setup->settings, archive_settings_free);
	g_free(setup);
}

/* Read the configuration of an archive, and get ready; a signal of the service hurries the database.  NULL, and a
 * reason. */
static void *load(const char *config_path, const char *name, const void *service, char **ret_reason)
{
	struct setup *setup = g_new0(struct setup, 1);

	if (ingest_init(&setup->ingest, config_path, ret_reason) == 0) {
		store_set_call(setup->ingest.store, follow_service_call(service));
		setup->ingest.call = follow_service_call(service);
		setup->settings = config_archive(&setup->ingest.config, name, ret_reason);
	}
	if (setup->settings)
		return setup;
	unload(setup);
	return NULL;
}

static void use(void *service, void *context)
{
	struct setup *setup = context;

	follow_service_use(service, &setup->ingest, setup->settings);
}

static void *begin(const char *name, bool once)
{
	return follow_service_new(name, once);
}

static void end(void *service)
{
	follow_service_free(service);
}

static enum service_end follow(void *service)
{
	return follow_service_follow(service);
}

int follow_run(const char *config_path, int count, char **arguments)
{
	const struct service_kind kind = {
		.help = follow_help,
		.needs = "needs the name of an archive",
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
