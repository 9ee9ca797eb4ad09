/* receiver.c - who gets the events of a hook.
 *
 * Used by service.c and commands/notify.c.
 */
#include "hook/receiver.h"

#include "hook/command.h"
#include "hook/post.h"

struct hook_receiver {
	const struct hook_settings *settings;
	int call;
	GPtrArray *secrets;     /* of a URL, else NULL */
	struct hook_post *post; /* likewise */
};

struct hook_receiver *hook_receiver_new(const struct hook_settings *settings, int call, char **ret_reason)
{
	GPtrArray *secrets = settings->url ? hook_settings_secrets(settings, call, ret_reason) : NULL;
	struct hook_receiver *receiver;

	if (settings->url && !secrets)
		return NULL;
	receiver = g_new0(struct hook_receiver, 1);
	receiver->settings = settings;
	receiver->call = call;
	receiver->secrets = secrets;
	if (settings->url)
		receiver->post = hook_post_new(settings, secrets, call);
	return receiver;
}

void hook_receiver_free(struct hook_receiver *receiver)
{
	if (!receiver)
		return;
	hook_post_free(receiver->post);
	g_clear_pointer(&receiver->secrets, g_ptr_array_unref);
	g_free(receiver);
}

unsigned hook_receiver_most(const struct hook_receiver *receiver)
{
	return receiver->post ? 1 : receiver->settings->batch;
}

int hook_receiver_deliver(struct hook_receiver *receiver, const GPtrArray *events, struct hook_result *ret_result)
{
	int status;

	if (receiver->post)
		status = hook_post_deliver(receiver->post, g_ptr_array_index(events, 0), ret_result);
	else
		status = hook_command_run(receiver->settings, events, receiver->call, ret_result);
	if (status < 0)
		return status;
	return receiver->post ? 1 : (int)events->len;
}
