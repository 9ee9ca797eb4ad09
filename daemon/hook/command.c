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
#include "base/deadline.h"
#include "base/log.h"
#include "base/notify.h"
#include "hook/result.h"

/* A command that runs. */
struct run {
	pid_t pid;
	int ended;         /* can be read when it has ended */
	int input, errors; /* our ends of its pipes; -1: closed */
	int call;          /* -1: we are called already */
	GString *lines;    /* for its input */
	size_t written;
	GString *said; /* its first words on stderr */
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

static int start_with(const struct hook_settings *settings, int input, int errors, pid_t *ret_pid)
{
	const int files[] = {input, CHILD_NULL, errors};
	GStrv environment = g_environ_setenv(g_get_environ(), "PATCHMAILD_HOOK", settings->name, TRUE);
	const struct child child = {
		.program = settings->command[0],
		.arguments = settings->command,
		.environment = environment,
		.files = files,
		.count = G_N_ELEMENTS(files),
		.group = true,
	};
	int status = child_start(&child, ret_pid);

	g_strfreev(environment);
	return status;
}

static void set_nonblocking(int fd)
{
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

/* 0, or a negative errno. */
static int start(const struct hook_settings *settings, struct run *run)
{
	int input[2] = {-1, -1}, errors[2] = {-1, -1}, status;

	if (pipe2(input, O_CLOEXEC) < 0 || pipe2(errors, O_CLOEXEC) < 0)
		status = -errno;
	else
		status = start_with(settings, input[0], errors[1], &run->pid);
	close_end(&input[0]);
	close_end(&errors[1]);
	run->input = input[1];
	run->errors = errors[0];
	if (status < 0)
		return status;
	set_nonblocking(run->input);
	set_nonblocking(run->errors);
	run->ended = child_watch(run->pid);
	if (run->ended >= 0)
		return 0;
	status = run->ended;
	child_end_group(run->pid, 0);
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

/* Read a piece of what it says. */
static void listen_to(struct run *run)
{
	char bytes[4096];
	ssize_t got = read(run->errors, bytes, sizeof(bytes));

	if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
		close_end(&run->errors);
	if (got > 0 && run->said->len < LOG_LINE_MAX)
		g_string_append_len(run->said, bytes, MIN(got, LOG_LINE_MAX));
}

/* Wait until it has ended: 0; -ETIMEDOUT or, if we were called away, -EINTR. */
static int wait_for(struct run *run)
{
	bool called = false;

	while (deadline_left(run->deadline) > 0) {
		struct pollfd items[] = {
			{.fd = run->ended, .events = POLLIN},
			{.fd = run->input, .events = POLLOUT},
			{.fd = run->errors, .events = POLLIN},
			{.fd = called ? -1 : run->call, .events = POLLIN},
		};
		int64_t alive = g_get_monotonic_time() + notify_interval();

		deadline_poll(items, G_N_ELEMENTS(items), deadline_earlier(run->deadline, alive));
		notify_alive();
		if (items[1].revents)
			feed(run);
		if (items[2].revents)
			listen_to(run);
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
		if (run->errors >= 0)
			listen_to(run);
		hook_result_of_command(child_wait(run->pid, run->deadline), run->said->str, ret_result);
		return 0;
	}
	child_end_group(run->pid, HOOK_COMMAND_GRACE);
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
		.ended = -1,
		.input = -1,
		.errors = -1,
		.call = call,
		.lines = lines_of(events),
		.said = g_string_new(NULL),
		.deadline = deadline_after(settings->timeout),
	};
	int status = start(settings, &run);

	if (status == 0) {
		status = finish(settings, &run, ret_result);
	} else {
		g_autofree char *reason = g_strdup_printf("%s: %s", settings->command[0], g_strerror(-status));

		hook_result_fail(ret_result, reason);
		status = 0;
	}
	close_end(&run.ended);
	close_end(&run.input);
	close_end(&run.errors);
	g_string_free(run.lines, TRUE);
	g_string_free(run.said, TRUE);
	return status;
}
