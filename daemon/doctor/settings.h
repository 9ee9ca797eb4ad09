/* settings.h - looks at the configuration file. */
#ifndef PATCHMAILD_DOCTOR_SETTINGS_H
#define PATCHMAILD_DOCTOR_SETTINGS_H

#include <jansson.h>

#include "doctor/findings.h"
#include "settings/configuration.h"

/* Read the configuration of a path, NULL: there is none, and who may read it.  0, or a negative errno, with a finding
 * that names the file and the line, and then nothing of it can be used; config_release() it in both cases. */
int doctor_read_settings(struct findings *findings, const char *path, struct config *config);

/* The names after a word in names of groups: of "[imap work]" and "imap" that is "work".  To be called with
 * g_ptr_array_unref(); they are the configuration's. */
GPtrArray *doctor_groups(const struct config *config, const char *word);

/* What patchmail.doctor() is told of a configuration; json_decref() it. */
json_t *doctor_settings_document(const struct config *config);

/* Where a group stands, for what to do: "see [imap work] at FILE:LINE" (the caller frees it). */
char *doctor_place(const struct config *config, const char *word, const char *name);

#endif
