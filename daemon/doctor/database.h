/* database.h - looks at the database: can it be reached, is it of this version, and what it says itself. */
#ifndef PATCHMAILD_DOCTOR_DATABASE_H
#define PATCHMAILD_DOCTOR_DATABASE_H

#include "doctor/findings.h"
#include "settings/configuration.h"

/* Connect as a delivery would, and ask patchmail.doctor(). */
void doctor_look_at_database(struct findings *findings, const struct config *config);

#endif
