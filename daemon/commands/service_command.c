/* service_command.c - what the commands do alike that run until they are told to end.
 *
 * Used by follow.c, imap.c and notify.c.
 */
#include "commands/service_command.h"

#include <sysexits.h>

#include <glib.h>

#include "base/log.h"
#include "base/notify.h"
#include "base/options.h"

/* A service that runs. */
struct run {
	const struct service_kind *kind;
	const char *config_path, *name;
	void *service, *setup;
};

/* Go over to the configuration as it is now, if it is good. */
static void reload(struct run *run)
{
	g_autofree char *reason = NULL;
	void *fresh;

	notify_reloading();
	fresh = run->kind->load(run->config_path, run->name, run->service, &reason);
	if (fresh) {
		run->kind->use(run->service, fresh);
		run->kind->unload(run->setup);
		run->setup = fresh;
	} else {
		log_warning("%s%s: not reloaded: %s", run->kind->title, run->name, reason);
	}
	notify_ready();
}

/* To the end; the exit code. */
static int serve(struct run *run)
{
	enum service_end end;

	run->kind->use(run->service, run->setup);
	notify_ready();
	while ((end = run->kind->follow(run->service)) == SERVICE_RELOAD)
		reload(run);
	notify_stopping();
	if (end == SERVICE_WRONG)
		return EX_CONFIG;
	return end == SERVICE_LEFT_SOME ? EX_TEMPFAIL : EX_OK;
}

int service_command_run(const struct service_kind *kind, const char *config_path, int count, char **arguments)
{
	bool once = false;
	const struct options_row table[] = {{"once", .given = &once}, {0}};
	struct options options = {
		.help = kind->help,
		.table = table,
		.least = 1,
		.most = 1,
		.needs = kind->needs,
	};
	struct run run = {.kind = kind, .config_path = config_path};
	g_autofree char *reason = NULL;
	int exit_code = EX_CONFIG;

	if (!options_read(&options, count, arguments, &reason))
		return options_end(g_steal_pointer(&reason));
	run.name = options.arguments[0];
	run.service = kind->begin(run.name, once);
	run.setup = kind->load(config_path, run.name, run.service, &reason);
	if (run.setup)
		exit_code = serve(&run);
	else
		log_error("%s", reason);
	kind->end(run.service);
	kind->unload(run.setup);
	return exit_code;
}
