/* host.h - the names and addresses of hosts, as people write them. */
#ifndef PATCHMAILD_HOST_H
#define PATCHMAILD_HOST_H

/* A host as it is looked up and as certificates name it: [::1] without its brackets, a name in lower case without a
 * dot at its end, a name in other letters than ASCII in its IDNA form (RFC 5890), 127.1 as 127.0.0.1.  NULL if it
 * is neither a name nor an address, as a URL and HOST:PORT are not.  The caller frees it. */
char *host_normalize(const char *text);

#endif
