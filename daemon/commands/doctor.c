/* doctor.c - the command `doctor`: looks at one thing after the other, prints what was found.
 *
 * Called by main() of patchmaild-doctor.  Promises to change nothing, and an exit code that monitoring understands.
 */
#include "commands/doctor.h"

#include <stdbool.h>
#include <stdio.h>
#include <sysexits.h>

#include <glib.h>

#include "base/log.h"
#include "base/options.h"
#include "doctor/accounts.h"
#include "doctor/database.h"
#include "doctor/findings.h"
#include "doctor/parsing.h"
#include "doctor/services.h"
#include "doctor/settings.h"

const char doctor_help[] =
	"usage: patchmaild [-c FILE] doctor [--json]\n"
	"\n"
	"Looks at the configuration, the database, the role, projects, policies, Patchwork's time zone, the parser,\n"
	"IMAP accounts, hooks, and what the last hour did, and says what to do.  Changes nothing.  Run it as the user\n"
	"that delivers.  Exit status: 0 all is well, 1 a warning, 2 a failure, 3 nothing could be looked at.\n"
	"\n"
	"  --json  print one line of JSON\n";

static void look_at_all(struct findings *findings, const char *config_path)
{
	struct config config;

	if (doctor_read_settings(findings, config_path, &config) == 0) {
		doctor_look_at_database(findings, &config);
		doctor_look_at_parser(findings, &config);
		doctor_look_at_accounts(findings, &config);
		doctor_look_at_hooks(findings, &config);
		doctor_look_at_socket(findings, &config);
	}
	config_release(&config);
}

int doctor_run(const char *config_path, int count, char **arguments)
{
	bool json = false;
	const struct options_row table[] = {{"json", .given = &json}, {0}};
	struct options options = {.help = doctor_help, .table = table, .needs = "takes no arguments"};
	g_autofree char *reason = NULL;
	struct findings findings;
	int exit_code;

	if (!options_read(&options, count, arguments, &reason))
		return options_end(g_steal_pointer(&reason)) == EX_OK ? EX_OK : DOCTOR_UNKNOWN;
	findings_init(&findings);
	look_at_all(&findings, config_path);
	if (json)
		findings_print_json(&findings);
	else
		findings_print(&findings);
	exit_code = (int)findings_worst(&findings);
	findings_release(&findings);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		log_error("the output cannot be written");
		return DOCTOR_UNKNOWN;
	}
	return exit_code;
}
