/* doctor.h - the command `doctor`: looks at all that mail needs, and says what to do. */
#ifndef PATCHMAILD_DOCTOR_H
#define PATCHMAILD_DOCTOR_H

#define DOCTOR_UNKNOWN 3 /* the exit code if nothing could be looked at, as monitoring plug-ins have it */

extern const char doctor_help[];

/* Run it; `arguments` begin with the command's name.  Gives the exit code: 0 all is well, 1 a warning, 2 a failure, 3
 * bad usage, or what was found could not be printed. */
int doctor_run(const char *config_path, int count, char **arguments);

#endif
