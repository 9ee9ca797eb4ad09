/* lmtp.c - the command `lmtp`: options, configuration, exit status.
 *
 * Called by main() of patchmaild-lmtp.  Serves the client at standard input and output, or all that connect to a socket
 * (lmtp/server.h); SIGHUP makes it read the configuration anew, and one that is bad then leaves the one that it has.
 */
#include "commands/lmtp.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include <glib.h>

#include "base/log.h"
#include "base/notify.h"
#include "base/options.h"
#include "ingest/ingest.h"
#include "lmtp/listener.h"
#include "lmtp/server.h"
#include "settings/lmtp_settings.h"

const char lmtp_help[] =
	"usage: patchmaild [-c FILE] lmtp [--listen PATH]\n"
	"\n"
	"Takes mail by LMTP from the client at standard input and output.\n"
	"\n"
	"  --listen PATH  take it from all clients that connect to this Unix socket, or to those that\n"
	"                 systemd hands over, until SIGTERM; SIGHUP: read the configuration anew\n";

/* What a configuration says, and what is made of it. */
struct setup {
	struct ingest ingest;
	struct lmtp_settings *settings;
};

static void setup_free(struct setup *setup)
{
	if (!setup)
		return;
	ingest_release(&setup->ingest);
	lmtp_settings_free(setup->settings);
	g_free(setup);
}

/* Read the configuration, and get ready.  NULL, and a reason. */
static struct setup *load(const char *config_path, char **ret_reason)
{
	struct setup *setup = g_new0(struct setup, 1);

	if (ingest_init(&setup->ingest, config_path, ret_reason) == 0)
		setup->settings = config_lmtp(&setup->ingest.config, ret_reason);
	if (setup->settings)
		return setup;
	setup_free(setup);
	return NULL;
}

/* Go over to the configuration as it is now, if it is good. */
static void reload(const char *config_path, struct setup **setup)
{
	g_autofree char *reason = NULL;
	struct setup *fresh;

	notify_reloading();
	fresh = load(config_path, &reason);
	if (fresh) {
		setup_free(*setup);
		*setup = fresh;
	} else {
		log_warning("not reloaded: %s", reason);
	}
	notify_ready();
}

/* Serve to the end; the exit code. */
static int serve(const char *config_path, struct lmtp_server *server, struct setup **setup)
{
	enum lmtp_server_end end;

	while ((end = lmtp_server_run(server, &(*setup)->ingest, (*setup)->settings)) == LMTP_SERVER_RELOAD)
		reload(config_path, setup);
	return end == LMTP_SERVER_FAILED ? EX_TEMPFAIL : EX_OK;
}

static int serve_all(const char *config_path, const char *path, struct lmtp_server *server, struct setup **setup)
{
	g_autofree char *reason = NULL;
	struct lmtp_listener listener;
	int exit_code = EX_TEMPFAIL;

	if (lmtp_listener_open(&listener, path, (*setup)->settings->socket_mode, &reason) < 0) {
		log_error("%s", reason);
		return exit_code;
	}
	lmtp_server_listen(server, &listener);
	notify_ready();
	exit_code = serve(config_path, server, setup);
	lmtp_listener_close(&listener);
	return exit_code;
}

/* Postfix's spawn(8) makes the client's socket stderr too: what we say there would look like replies. */
static void guard_output(void)
{
	struct stat out, err;
	int null;

	if (fstat(STDOUT_FILENO, &out) < 0 || fstat(STDERR_FILENO, &err) < 0 || out.st_dev != err.st_dev ||
	    out.st_ino != err.st_ino || !S_ISSOCK(err.st_mode))
		return;
	null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (null >= 0)
		dup2(null, STDERR_FILENO);
	if (null > STDERR_FILENO)
		close(null);
}

/* A client who gets no answer defers his mail; one who gets this does too, and knows why. */
static void excuse(const char *reason)
{
	g_autofree char *line = log_first_line(reason);

	dprintf(STDOUT_FILENO, "421 4.3.5 %s\r\n", line);
}

int lmtp_run(const char *config_path, int count, char **arguments)
{
	const char *path = NULL;
	const struct options_row table[] = {{"listen", "the path of a socket", .value = &path}, {0}};
	struct options options = {.help = lmtp_help, .table = table, .needs = "takes no arguments"};
	g_autofree char *reason = NULL;
	struct lmtp_server *server;
	struct setup *setup;
	int exit_code = EX_CONFIG;

	if (!options_read(&options, count, arguments, &reason))
		return options_end(g_steal_pointer(&reason));
	if (!path)
		guard_output();
	server = lmtp_server_new();
	setup = load(config_path, &reason);
	if (!setup) {
		log_error("%s", reason);
		if (!path)
			excuse(reason);
	} else if (path) {
		exit_code = serve_all(config_path, path, server, &setup);
	} else {
		lmtp_server_serve(server, STDIN_FILENO, STDOUT_FILENO);
		exit_code = serve(config_path, server, &setup);
	}
	lmtp_server_free(server);
	setup_free(setup);
	return exit_code;
}
