/* complaint.h - what goes wrong with a service: told once, and again after a while. */
#ifndef PATCHMAILD_SERVICE_COMPLAINT_H
#define PATCHMAILD_SERVICE_COMPLAINT_H

#include <stdint.h>

#define SERVICE_COMPLAINT_AGAIN 3600 /* seconds after which the same failure is logged again */

struct service_complaint {
	char *said;   /* the last failure that was logged, or NULL; and ... */
	int64_t when; /* ... when */
};

/* Show the failure, and log it unless it was the last one.  `name` is the service's. */
void service_complain(struct service_complaint *complaint, const char *name, const char *reason);

/* It is over: the next one is logged in any case. */
void service_complaint_release(struct service_complaint *complaint);

#endif
