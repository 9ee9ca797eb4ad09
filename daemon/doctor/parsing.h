/* parsing.h - looks at the parser: does a process start, and read a mail? */
#ifndef PATCHMAILD_DOCTOR_PARSING_H
#define PATCHMAILD_DOCTOR_PARSING_H

#include "doctor/findings.h"
#include "settings/configuration.h"

/* Start a parser process as a delivery would, and let it read a mail of ours. */
void doctor_look_at_parser(struct findings *findings, const struct config *config);

#endif
