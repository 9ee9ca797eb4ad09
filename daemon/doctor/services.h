/* services.h - looks at what else the configuration names: receivers of events, the socket of `patchmaild lmtp`. */
#ifndef PATCHMAILD_DOCTOR_SERVICES_H
#define PATCHMAILD_DOCTOR_SERVICES_H

#include "doctor/findings.h"
#include "settings/configuration.h"

/* Can what each hook needs be used: its secrets, its command, its file of certificates?  Nothing is delivered. */
void doctor_look_at_hooks(struct findings *findings, const struct config *config);

/* Does a `patchmaild lmtp` answer at the socket of [lmtp], if one is named? */
void doctor_look_at_socket(struct findings *findings, const struct config *config);

#endif
