/* complaint.c - what goes wrong with a service.
 *
 * Used by the services' loops.
 */
#include "service/complaint.h"

#include <glib.h>

#include "base/log.h"
#include "base/notify.h"

void service_complain(struct service_complaint *complaint, const char *name, const char *reason)
{
	int64_t now = g_get_monotonic_time();

	notify_status("%s", reason);
	if (g_strcmp0(complaint->said, reason) == 0 &&
	    now - complaint->when < (int64_t)SERVICE_COMPLAINT_AGAIN * G_USEC_PER_SEC)
		return;
	log_warning("%s: %s", name, reason);
	g_free(complaint->said);
	complaint->said = g_strdup(reason);
	complaint->when = now;
}

void service_complaint_release(struct service_complaint *complaint)
{
	g_clear_pointer(&complaint->said, g_free);
}
