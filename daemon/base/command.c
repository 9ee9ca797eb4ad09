/* command.c - a command of the configuration while it runs.
 *
 * Used by hook/command.c and follow/fetch.c.  What it says is read and, but for the first words, forgotten.
 */
#include "base/command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/log.h"

static int start_with(GStrv arguments, const char *variable, const char *value, const int files[3], pid_t *ret_pid)
{
	g_auto(GStrv) environment = g_environ_setenv(g_get_environ(), variable, value, TRUE);
	const struct child child = {
		.program = arguments[0],
		.arguments = arguments,
		.environment = environment,
		.files = files,
		.count = 3,
		.group = true,
	};

	return child_start(&child, ret_pid);
}

int command_start(struct command *command, GStrv arguments, const char *variable, const char *value, int input)
{
	int errors[2], status;

	if (pipe2(errors, O_CLOEXEC) < 0)
		return -errno;
	fcntl(errors[0], F_SETFL, O_NONBLOCK);
	*command = (struct command){.ended = -1, .errors = errors[0]};
	status = start_with(arguments, variable, value, (const int[]){input, CHILD_NULL, errors[1]}, &command->pid);
	close(errors[1]);
	if (status == 0) {
		command->ended = child_watch(command->pid);
		status = MIN(command->ended, 0);
		if (status < 0)
			child_end_group(command->pid, 0);
	}
	if (status < 0)
		close(errors[0]);
	else
		command->said = g_string_new(NULL);
	return status;
}

void command_release(struct command *command)
{
	close(command->ended);
	if (command->errors >= 0)
		close(command->errors);
	g_string_free(command->said, TRUE);
	*command = (struct command){.ended = -1, .errors = -1};
}

void command_listen(struct command *command)
{
	char bytes[4096];
	ssize_t got;

	if (command->errors < 0)
		return;
	got = read(command->errors, bytes, sizeof(bytes));
	if (got > 0 && command->said->len < LOG_LINE_MAX)
		g_string_append_len(command->said, bytes, MIN(got, LOG_LINE_MAX));
	if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
		close(command->errors);
		command->errors = -1;
	}
}

char *command_fault(int waited, const char *said)
{
	const char *words = said + strspn(said, " \t\r\n");
	bool exited = WIFEXITED(waited);

	if (exited && WEXITSTATUS(waited) == 0)
		return NULL;
	return g_strdup_printf("the command ended by %s %d%s%.*s", exited ? "exit status" : "signal",
	                       exited ? WEXITSTATUS(waited) : WTERMSIG(waited), *words ? ": " : "",
	                       (int)strcspn(words, "\r\n"), words);
}
