/* follow.c - the command `follow`: options, configuration, exit status.
 *
 * Called by main() of patchmaild-follow.  One process follows one archive (follow/service.h); SIGHUP makes it read the
 * configuration anew, and a configuration that is bad then leaves the one that it has.
 */
#include "commands/follow.h"

#include <stdbool.h>
#include <sysexits.h>

#include <glib.h>

#include "base/log.h"
#include "base/notify.h"
#include "base/options.h"
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

static void setup_free(struct setup *setup)
{
	if (!setup)
		return;
	ingest_release(&setup->ingest);
	g_clear_pointer(&setup->settings, archive_settings_free);
	g_free(setup);
}

/* Read the configuration of an archive, and get ready; a signal of the service hurries the database.  NULL, and a
 * reason. */
static struct setup *load(const char *config_path, const char *name, const struct follow_service *service,
                          char **ret_reason)
{
	struct setup *setup = g_new0(struct setup, 1);

	if (ingest_init(&setup->ingest, config_path, ret_reason) == 0) {
		store_set_call(setup->ingest.store, follow_service_call(service));
		setup->ingest.call = follow_service_call(service);
		setup->settings = config_archive(&setup->ingest.config, name, ret_reason);
	}
	if (setup->settings)
		return setup;
	setup_free(setup);
	return NULL;
}

/* Go over to the configuration as it is now, if it is good. */
static void reload(const char *config_path, const char *name, struct follow_service *service, struct setup **setup)
{
	g_autofree char *reason = NULL;
	struct setup *fresh;

	notify_reloading();
	fresh = load(config_path, name, service, &reason);
	if (fresh) {
		follow_service_use(service, &fresh->ingest, fresh->settings);
		setup_free(*setup);
		*setup = fresh;
	} else {
		log_warning("%s: not reloaded: %s", name, reason);
	}
	notify_ready();
}

/* Follow the archive to the end; the exit code. */
static int serve(const char *config_path, const char *name, struct follow_service *service, struct setup **setup)
{
	enum follow_service_end end;

	follow_service_use(service, &(*setup)->ingest, (*setup)->settings);
	notify_ready();
	while ((end = follow_service_follow(service)) == FOLLOW_SERVICE_RELOAD)
		reload(config_path, name, service, setup);
	notify_stopping();
	return end == FOLLOW_SERVICE_LEFT_SOME ? EX_TEMPFAIL : EX_OK;
}

int follow_run(const char *config_path, int count, char **arguments)
{
	bool once = false;
	const struct options_row table[] = {{"once", .given = &once}, {0}};
	struct options options = {
		.help = follow_help,
		.table = table,
		.least = 1,
		.most = 1,
		.needs = "needs the name of an archive",
	};
	g_autofree char *reason = NULL;
	struct follow_service *service;
	struct setup *setup;
	const char *name;
	int exit_code = EX_CONFIG;

	if (!options_read(&options, count, arguments, &reason))
		return options_end(g_steal_pointer(&reason));
	name = options.arguments[0];
	service = follow_service_new(name, once);
	setup = load(config_path, name, service, &reason);
	if (setup)
		exit_code = serve(config_path, name, service, &setup);
	else
		log_error("%s", reason);
	follow_service_free(service);
	setup_free(setup);
	return exit_code;
}
