/* command.c - hands events to a command.
 *
 * Used by receiver.c.  Promises to wait for nothing but the command itself: not for what it started, nor for whoever
 * has its pipes.  What it prints on stderr is read and, but for the first line, forgotten; its stdout is /dev/null.
 */
#include "hook/command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/child.h"
#include "base/command.h"
#include "base/deadline.h"
#include "base/notify.h"
#include "hook/result.h"

/* A command that runs. */
struct run {
	struct command command;
	int input;      /* our end of its pipe; -1: closed */
	int call;       /* -1: we are called already */
	GString *lines; /* for its input */
	size_t written;
	int64_t deadline;
};

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* What stands between the values of a document may be a newline, and then is a blank here. */
static GString *lines_of(const GPtrArray *events)
{
	GString *lines = g_string_new(NULL);

	for (unsigned i = 0; i < events->len; i++) {
		const struct hook_event *event = g_ptr_array_index(events, i);
		size_t start = lines->len;

		g_string_append(lines, event->document);
		g_strdelimit(lines->str + start, "\r\n", ' ');
		g_string_append_c(lines, '\n');
	}
	return lines;
}

/* Starting -------------------------------------------------------------------------------------------------------- */

/* 0, or a negative errno. */
static int start(const struct hook_settings *settings, struct run *run)
{
	int input[2], status;

	if (pipe2(input, O_CLOEXEC) < 0)
		return -errno;
	status = command_start(&run->command, settings->command, "PATCHMAILD_HOOK", settings->name, input[0]);
	close(input[0]);
	run->input = input[1];
	fcntl(run->input, F_SETFL, fcntl(run->input, F_GETFL) | O_NONBLOCK);
	return status;
}

/* Running --------------------------------------------------------------------------------------------------------- */

/* Give it what its pipe takes. */
static void feed(struct run *run)
{
	ssize_t written = write(run->input, run->lines->str + run->written, run->lines->len - run->written);

	if (written > 0)
		run->written += (size_t)written;
	else if (written < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (written < 0 || run->written == run->lines->len)
		close_end(&run->input);
}

/* Wait until it has ended: 0; -ETIMEDOUT or, if we were called away, -EINTR. */
static int wait_for(struct run *run)
{
	bool called = false;

	while (deadline_left(run->deadline) > 0) {
		struct pollfd items[] = {
			{.fd = run->command.ended, .events = POLLIN},
			{.fd = run->input, .events = POLLOUT},
			{.fd = run->command.errors, .events = POLLIN},
			{.fd = called ? -1 : run->call, .events = POLLIN},
		};
		int64_t alive = g_get_monotonic_time() + notify_interval();

		deadline_poll(items, G_N_ELEMENTS(items), deadline_earlier(run->deadline, alive));
		notify_alive();
		if (items[1].revents)
			feed(run);
		if (items[2].revents)
			command_listen(&run->command);
		if (items[0].revents)
			return 0;
		if (items[3].revents) {
			called = true;
			run->deadline = deadline_earlier(run->deadline, deadline_after(DEADLINE_HURRY));
		}
	}
	return called ? -EINTR : -ETIMEDOUT;
}

static int finish(const struct hook_settings *settings, struct run *run, struct hook_result *ret_result)
{
	g_autofree char *late = NULL;
	int status = wait_for(run);

	if (status == 0) {
		command_listen(&run->command);
		hook_result_of_command(child_wait(run->command.pid, run->deadline), run->command.said->str, ret_result);
		return 0;
	}
	child_end_group(run->command.pid, HOOK_COMMAND_GRACE);
	if (status == -EINTR)
		return status;
	late = g_strdup_printf("the command took longer than %u seconds", settings->timeout);
	hook_result_fail(ret_result, late);
	return 0;
}

int hook_command_run(const struct hook_settings *settings, const GPtrArray *events, int call,
                     struct hook_result *ret_result)
{
	struct run run = {
		.input = -1,
		.call = call,
		.lines = lines_of(events),
		.deadline = deadline_after(settings->timeout),
	};
	int status = start(settings, &run);

	if (status == 0) {
		status = finish(settings, &run, ret_result);
		command_release(&run.command);
	} else {
		g_autofree char *reason = g_strdup_printf("%s: %s", settings->command[0], g_strerror(-status));

		hook_result_fail(ret_result, reason);
		status = 0;
	}
	close_end(&run.input);
	g_string_free(run.lines, TRUE);
	return status;
}
