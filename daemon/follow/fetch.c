/* fetch.c - runs the command that brings more mail into an archive.
 *
 * Used by service.c.  Promises that no more than one runs, that none takes longer than it may, and that a failing one
 * is run ever more seldom.
 */
#include "follow/fetch.h"

#include <errno.h>

#include "base/child.h"
#include "base/deadline.h"

void follow_fetch_init(struct follow_fetch *fetch, const struct archive_settings *settings)
{
	*fetch = (struct follow_fetch){.settings = settings, .next = settings->command ? 0 : INT64_MAX};
}

static void forget(struct follow_fetch *fetch)
{
	command_release(&fetch->command);
	fetch->runs = false;
}

void follow_fetch_release(struct follow_fetch *fetch)
{
	if (!fetch->runs)
		return;
	child_end_group(fetch->command.pid, FOLLOW_FETCH_GRACE);
	forget(fetch);
}

static int fail(struct follow_fetch *fetch, char *reason, char **ret_reason)
{
	double pause = deadline_back_off(++fetch->failures, FOLLOW_BACK_OFF, FOLLOW_BACK_OFF_MOST);

	fetch->next = g_get_monotonic_time() + (int64_t)(MAX(pause, fetch->settings->interval) * G_USEC_PER_SEC);
	*ret_reason = reason;
	return -ECHILD;
}

static int start(struct follow_fetch *fetch, char **ret_reason)
{
	const struct archive_settings *settings = fetch->settings;
	int status =
		command_start(&fetch->command, settings->command, "PATCHMAILD_ARCHIVE", settings->name, CHILD_NULL);

	if (status < 0)
		return fail(fetch, g_strdup_printf("%s: %s", settings->command[0], g_strerror(-status)), ret_reason);
	fetch->runs = true;
	fetch->limit = deadline_after(settings->command_timeout);
	fetch->next = deadline_after(settings->interval);
	return 0;
}

static int end_late(struct follow_fetch *fetch, char **ret_reason)
{
	child_end_group(fetch->command.pid, FOLLOW_FETCH_GRACE);
	forget(fetch);
	return fail(fetch, g_strdup_printf("the command took longer than %u seconds", fetch->settings->command_timeout),
	            ret_reason);
}

static int take_end(struct follow_fetch *fetch, char **ret_reason)
{
	int waited;
	char *fault;

	command_listen(&fetch->command);
	waited = child_wait(fetch->command.pid, deadline_after(1));
	fault = command_fault(waited, fetch->command.said->str);
	forget(fetch);
	if (fault)
		return fail(fetch, fault, ret_reason);
	fetch->failures = 0;
	return 1;
}

int follow_fetch_go_on(struct follow_fetch *fetch, char **ret_reason)
{
	if (!fetch->runs)
		return deadline_left(fetch->next) == 0 ? start(fetch, ret_reason) : 0;
	command_listen(&fetch->command);
	if (deadline_wait(fetch->command.ended, POLLIN, 0) == 0)
		return take_end(fetch, ret_reason);
	return deadline_left(fetch->limit) == 0 ? end_late(fetch, ret_reason) : 0;
}

int64_t follow_fetch_wants(const struct follow_fetch *fetch, struct pollfd items[FOLLOW_FETCH_ITEMS])
{
	items[0] = (struct pollfd){.fd = fetch->runs ? fetch->command.ended : -1, .events = POLLIN};
	items[1] = (struct pollfd){.fd = fetch->runs ? fetch->command.errors : -1, .events = POLLIN};
	return fetch->runs ? fetch->limit : fetch->next;
}
