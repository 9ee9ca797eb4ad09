/* notify.c - the command `notify`: options, configuration, exit status.
 *
 * Called by main() of patchmaild-notify.  One process serves one hook (hook/service.h); what services have in
 * common is in service_command.h.
 */
#include "commands/notify.h"

#include <stdbool.h>

#include <glib.h>

#include "commands/service_command.h"
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

static void unload(void *context)
{
	struct setup *setup = context;

	if (!setup)
		return;
	g_clear_pointer(&setup->receiver, hook_receiver_free);
	g_clear_pointer(&setup->settings, hook_settings_free);
	g_clear_pointer(&setup->store, store_free);
	config_release(&setup->config);
	g_free(setup);
}

/* Read the configuration of a hook, and get ready.  NULL, and a reason. */
static void *load(const char *config_path, const char *name, const void *service, char **ret_reason)
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
	unload(setup);
	return NULL;
}

static void use(void *service, void *context)
{
	struct setup *setup = context;

	hook_service_use(service, setup->store, setup->config.timeout, setup->settings, setup->receiver);
}

static void *begin(const char *name, bool once)
{
	return hook_service_new(name, once);
}

static void end(void *service)
{
	hook_service_free(service);
}

static enum service_end follow(void *service)
{
	return hook_service_follow(service);
}

int notify_run(const char *config_path, int count, char **arguments)
{
	const struct service_kind kind = {
		.help = notify_help,
		.needs = "needs the name of a hook",
		.title = "hook ",
		.begin = begin,
		.end = end,
		.load = load,
		.unload = unload,
		.use = use,
		.follow = follow,
	};

	return service_command_run(&kind, config_path, count, arguments);
}
