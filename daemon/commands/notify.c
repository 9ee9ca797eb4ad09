/* notify.c - the command `notify`: options, configuration, exit status.
 *
 * Called by main() of patchmaild-notify.  One process serves one hook (hook/service.h); SIGHUP makes it read the
 * configuration anew, and a configuration that is bad then leaves the one that it has.
 */
#include "commands/notify.h"

#include <stdbool.h>
#include <sysexits.h>

#include <glib.h>

#include "base/log.h"
#include "base/notify.h"
#include "base/options.h"
#include "hook/service.h"
#include "settings/configuration.h"

const char notify_help[] = "usage: patchmaild -c FILE notify [--once] NAME\n"
			   "\n"
			   "Delivers events to the URL or the command in [notify NAME], each as soon as it is "
			   "committed.  Runs until\n"
			   "SIGTERM; SIGHUP makes it read the configuration anew.\n"
			   "\n"
			   "  --once  deliver what is due, and end\n";

/* What a configuration says, and what is made of it. */
struct setup {
	struct config config;
	struct hook_settings *settings;
	struct hook_receiver *receiver;
	struct store *store;
};

static void setup_free(struct setup *setup)
{
	if (!setup)
		return;
	g_clear_pointer(&setup->receiver, hook_receiver_free);
	g_clear_pointer(&setup->settings, hook_settings_free);
	g_clear_pointer(&setup->store, store_free);
	config_release(&setup->config);
	g_free(setup);
}

/* Read the configuration of a hook, and get ready.  NULL, and a reason. */
static struct setup *load(const char *config_path, const char *name, const struct hook_service *service,
                          char **ret_reason)
{
	struct setup *setup = g_new0(struct setup, 1);
	int call = hook_service_call(service);

	config_init(&setup->config);
	if (!config_path || config_load(&setup->config, config_path, ret_reason) == 0)
		setup->settings = config_hook(&setup->config, name, ret_reason);
	if (setup->settings)
		setup->receiver = hook_receiver_new(setup->settings, call, ret_reason);
	if (setup->receiver) {
		setup->store = store_new(setup->config.conninfo, setup->config.connect_timeout);
		store_set_call(setup->store, call);
		return setup;
	}
	setup_free(setup);
	return NULL;
}

static void use(struct hook_service *service, const struct setup *setup)
{
	hook_service_use(service, setup->store, setup->config.timeout, setup->settings, setup->receiver);
}

/* Go over to the configuration as it is now, if it is good. */
static void reload(const char *config_path, const char *name, struct hook_service *service, struct setup **setup)
{
	g_autofree char *reason = NULL;
	struct setup *fresh;

	notify_reloading();
	fresh = load(config_path, name, service, &reason);
	if (fresh) {
		use(service, fresh);
		setup_free(*setup);
		*setup = fresh;
	} else {
		log_warning("hook %s: not reloaded: %s", name, reason);
	}
	notify_ready();
}

/* Serve the hook to the end; the exit code. */
static int serve(const char *config_path, const char *name, struct hook_service *service, struct setup **setup)
{
	enum hook_service_end end;

	use(service, *setup);
	notify_ready();
	while ((end = hook_service_follow(service)) == HOOK_SERVICE_RELOAD)
		reload(config_path, name, service, setup);
	notify_stopping();
	if (end == HOOK_SERVICE_WRONG)
		return EX_CONFIG;
	return end == HOOK_SERVICE_LEFT_SOME ? EX_TEMPFAIL : EX_OK;
}

int notify_run(const char *config_path, int count, char **arguments)
{
	bool once = false;
	const struct options_row table[] = {{"once", .given = &once}, {0}};
	struct options options = {
		.help = notify_help,
		.table = table,
		.least = 1,
		.most = 1,
		.needs = "needs the name of a hook",
	};
	g_autofree char *reason = NULL;
	struct hook_service *service;
	struct setup *setup;
	const char *name;
	int exit_code = EX_CONFIG;

	if (!options_read(&options, count, arguments, &reason))
		return options_end(g_steal_pointer(&reason));
	name = options.arguments[0];
	service = hook_service_new(name, once);
	setup = load(config_path, name, service, &reason);
	if (setup)
		exit_code = serve(config_path, name, service, &setup);
	else
		log_error("%s", reason);
	hook_service_free(service);
	setup_free(setup);
	return exit_code;
}
