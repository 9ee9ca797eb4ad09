/* end.h - why a service came to an end. */
#ifndef PATCHMAILD_SERVICE_END_H
#define PATCHMAILD_SERVICE_END_H

enum service_end {
	SERVICE_STOPPED,   /* SIGTERM or SIGINT */
	SERVICE_RELOAD,    /* SIGHUP: it goes on when it is followed again */
	SERVICE_WRONG,     /* the database does not take what the configuration says */
	SERVICE_DONE,      /* once: it did all that there was to do */
	SERVICE_LEFT_SOME, /* once: it did not */
};

#endif
