/* findings.h - what the doctor found: a list of findings, each with what to do. */
#ifndef PATCHMAILD_DOCTOR_FINDINGS_H
#define PATCHMAILD_DOCTOR_FINDINGS_H

#include <stdbool.h>
#include <glib.h>

/* How bad it is.  The numbers are the exit statuses by which monitoring plug-ins say the same. */
enum finding_level {
	FINDING_OK = 0,
	FINDING_WARNING = 1, /* it works, and may not tomorrow; or some mail is not where it should be */
	FINDING_FAILURE = 2, /* mail waits, or is held or ignored, until somebody does something */
};

struct finding {
	enum finding_level level;
	char *subject; /* what was looked at */
	char *words;   /* what was found */
	char *remedy;  /* what to do, NULL: nothing, or `words` say it */
};

struct findings {
	GPtrArray *all; /* of struct finding, in the order in which they were found */
};
void findings_init(struct findings *findings);
void findings_release(struct findings *findings);

/* Add one; all texts are copied, `remedy` may be NULL.  What mail or a server said may be in them. */
void findings_add(struct findings *findings, enum finding_level level, const char *subject, const char *words,
                  const char *remedy);
void findings_say(struct findings *findings, enum finding_level level, const char *subject, const char *remedy,
                  const char *format, ...) G_GNUC_PRINTF(5, 6);

/* The level of that name ("ok", "warning", "failure"); any other is a failure. */
enum finding_level finding_level_of(const char *name);

/* How bad the worst is. */
enum finding_level findings_worst(const struct findings *findings);

/* Print them: a line that sums up, as monitoring plug-ins begin, and a line for each, with one for what to do.  All is
 * safe for terminals. */
void findings_print(const struct findings *findings);

/* Print them as one line of JSON. */
void findings_print_json(const struct findings *findings);

#endif
