/* main.c - the commands and the options that stand before them.
 *
 * Makes the process what every command expects: descriptors 0 to 2 open, default signals but for SIGPIPE, no mask.
 * A command line that names no command may be a mistyped `deliver` in Postfix's configuration: it ends with 75 and one
 * line, so that the mail stays in the queue.
 */
#include "build-config.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include <glib.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/options.h"
#include "base/outcome.h"
#include "base/programs.h"
#include "commands/deliver.h"
#include "commands/explain.h"
#include "commands/rehash.h"
#include "commands/retry.h"

/* These commands are programs of their own, so that no delivery loads their libraries. */
static int run_program(const char *name, const char *installed, const char *config_path, int count, char **arguments)
{
	g_autofree char *program = programs_find(name, installed);
	g_autofree char **all = g_new0(char *, (size_t)count + 3);

	all[0] = program;
	all[1] = (char *)(config_path != NULL ? config_path : "");
	memcpy(all + 2, arguments, (size_t)count * sizeof(*all));
	execv(program, all);
	log_error("%s cannot be started: %s", program, g_strerror(errno));
	return EX_UNAVAILABLE;
}

static int run_archive(const char *config_path, int count, char **arguments)
{
	return run_program("patchmaild-archive", ARCHIVE_PROGRAM, config_path, count, arguments);
}

static int run_doctor(const char *config_path, int count, char **arguments)
{
	return run_program("patchmaild-doctor", DOCTOR_PROGRAM, config_path, count, arguments);
}

static int run_imap(const char *config_path, int count, char **arguments)
{
	return run_program("patchmaild-imap", IMAP_PROGRAM, config_path, count, arguments);
}

static int run_follow(const char *config_path, int count, char **arguments)
{
	return run_program("patchmaild-follow", FOLLOW_PROGRAM, config_path, count, arguments);
}

static int run_lmtp(const char *config_path, int count, char **arguments)
{
	return run_program("patchmaild-lmtp", LMTP_PROGRAM, config_path, count, arguments);
}

static int run_notify(const char *config_path, int count, char **arguments)
{
	return run_program("patchmaild-notify", NOTIFY_PROGRAM, config_path, count, arguments);
}

static const struct command {
	const char *name;
	int (*run)(const char *config_path, int count, char **arguments);
} commands[] = {
	{"deliver", deliver_run}, {"doctor", run_doctor},  {"explain", explain_run}, {"follow", run_follow},
	{"imap", run_imap},       {"import", run_archive}, {"lmtp", run_lmtp},       {"notify", run_notify},
	{"parse", run_archive},   {"rehash", rehash_run},  {"reparse", run_archive}, {"retry", retry_run},
};

static const char help[] =
	"usage: patchmaild [-c FILE] COMMAND [OPTION]... [ARGUMENT]...\n"
	"\n"
	"Takes mailing-list mail into a PostgreSQL database of patches.\n"
	"\n"
	"  deliver  store one mail from standard input\n"
	"  doctor   look at all that mail needs, and say what to do; for monitoring too\n"
	"  explain  print in words who is believed about a mail's sender, and what policy allows it\n"
	"  follow   read a public-inbox archive as it grows\n"
	"  imap     follow the mailboxes of an IMAP account\n"
	"  import   store the mails of archives: mbox, Maildir, public-inbox and more\n"
	"  lmtp     take mail from an MTA by LMTP\n"
	"  notify   deliver events to a URL or a command\n"
	"  parse    print what mails say, as JSON; needs no database\n"
	"  rehash   compute the hashes of the stored diffs anew\n"
	"  reparse  parse stored mails again, and apply what is read differently today\n"
	"  retry    try the mails in quarantine again that an admin marked\n"
	"\n"
	"  -c, --config FILE  the configuration, see patchmaild.conf(5); without it libpq's environment and defaults\n"
	"      --help         this, or with a command its help\n"
	"      --version      the version\n"
	"\n"
	"See patchmaild(8).\n";

/* A descriptor that is not there would be taken by the next file opened. */
static void open_standard_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		/* Standard input for writing: reading it fails, and so does not look like an empty mail. */
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDWR) != fd)
			exit(EX_TEMPFAIL);
	}
}

static void set_signals(void)
{
	static const int defaults[] = {SIGTERM, SIGINT, SIGHUP, SIGALRM, SIGCHLD};
	sigset_t none;

	for (size_t i = 0; i < G_N_ELEMENTS(defaults); i++)
		signal(defaults[i], SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error like others */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static G_GNUC_PRINTF(1, 2) int bad_usage(const char *format, ...)
{
	const struct outcome_rule *rule = outcome_rule(OUTCOME_DEFERRED);
	g_autofree char *text = NULL, *line = NULL;
	va_list arguments;

	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	line = log_first_line(text);
	fprintf(stderr, "%s %s\n", rule->status, line);
	return rule->exit_code;
}

static int run_command(const char *config_path, int count, char **arguments)
{
	if (count == 0)
		return bad_usage("no command; patchmaild --help lists them");
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
		if (strcmp(commands[i].name, arguments[0]) == 0)
			return commands[i].run(config_path, count, arguments);
	}
	return bad_usage("unknown command: %s", arguments[0]);
}

/* End at once: all is written and released, and the libraries' own tidying takes a millisecond.  A build that counts or
 * checks something does that at the usual end. */
static _Noreturn void leave(int status)
{
	fflush(stdout);
	if (INSTRUMENTED)
		exit(status);
	_exit(status);
}

/* Read the options before the command.  -1 to go on with what stands at `optind`, or an exit code. */
static int read_options(int argc, char **argv, const char **config_path)
{
	static const struct option known[] = {
		{"config", required_argument, NULL, 'c'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{0},
	};
	g_autofree char *wrong = NULL;
	int option;

	opterr = 0;
	while (!wrong && (option = getopt_long(argc, argv, "+:c:h", known, NULL)) != -1) {
		switch (option) {
		case 'c':
			wrong = options_set(config_path, "-c", "a file");
			break;
		case 'h':
			fputs(help, stdout);
			return EX_OK;
		case 'V':
			puts(PACKAGE_STRING);
			return EX_OK;
		default:
			wrong = options_wrong(option, argv, known, "");
		}
	}
	return wrong ? bad_usage("%s", wrong) : -1;
}

int main(int argc, char **argv)
{
	const char *config_path = NULL;
	int status;

	open_standard_streams();
	memory_end_with(EX_TEMPFAIL, STDERR_FILENO, "patchmaild: out of memory\n");
	set_signals();
	status = read_options(argc, argv, &config_path);
	if (status < 0)
		status = run_command(config_path, argc - optind, argv + optind);
	leave(status);
}
