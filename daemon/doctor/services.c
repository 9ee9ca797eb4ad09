/* services.c - looks at what the other services need.
 *
 * Used by the command doctor.
 */
#include "doctor/services.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "doctor/settings.h"
#include "lmtp/client.h"

/* What is wrong with what a hook needs, in words, or NULL (the caller frees it). */
static char *hook_fault(const struct hook_settings *settings)
{
	char *reason = NULL;
	GPtrArray *secrets;

	if (settings->command && access(settings->command[0], X_OK) < 0)
		return g_strdup_printf("its command %s cannot be run: %s", settings->command[0], g_strerror(errno));
	if (settings->ca_file && access(settings->ca_file, R_OK) < 0)
		return g_strdup_printf("its ca_file %s cannot be read: %s", settings->ca_file, g_strerror(errno));
	secrets = hook_settings_secrets(settings, -1, &reason);
	if (secrets)
		g_ptr_array_unref(secrets);
	return reason;
}

void doctor_look_at_hooks(struct findings *findings, const struct config *config)
{
	g_autoptr(GPtrArray) names = doctor_groups(config, "notify");

	for (unsigned i = 0; i < names->len; i++) {
		const char *name = g_ptr_array_index(names, i);
		g_autofree char *subject = g_strdup_printf("hook %s", name), *reason = NULL;
		g_autofree char *place = doctor_place(config, "notify", name), *fault = NULL;
		struct hook_settings *settings = config_hook(config, name, &reason);

		fault = settings ? hook_fault(settings) : g_strdup(reason);
		if (fault)
			findings_add(findings, FINDING_FAILURE, subject, fault, place);
		else
			findings_say(findings, FINDING_OK, subject, NULL, "%s can be used; nothing was delivered",
			             settings->url ? "its secret" : "its command");
		hook_settings_free(settings);
	}
}

/* What to do about a socket where nobody of ours answers. */
static const char *socket_remedy(int status)
{
	switch (-status) {
	case EACCES:
		return "run this as the user that delivers, or give that one the group of the socket (socket_mode in "
		       "[lmtp])";
	case EPROTO:
		return "it is not the socket of patchmaild lmtp: name that one in [lmtp]";
	default:
		return "systemctl enable --now patchmaild-lmtp.socket";
	}
}

void doctor_look_at_socket(struct findings *findings, const struct config *config)
{
	g_autofree char *reason = NULL;
	struct lmtp_settings *settings = config_lmtp(config, &reason);
	int status;

	if (settings && settings->socket) {
		status = lmtp_client_try(settings->socket);
		if (status < 0)
			findings_say(findings, FINDING_WARNING, "lmtp", socket_remedy(status),
			             "no patchmaild lmtp answers at %s: %s; deliver stores mail by itself",
			             settings->socket, g_strerror(-status));
		else
			findings_say(findings, FINDING_OK, "lmtp", NULL, "a server answers at %s", settings->socket);
	}
	lmtp_settings_free(settings);
}
