/* pull_request.h - finds a git request-pull in a text. */
#ifndef PATCHMAILD_PULL_REQUEST_H
#define PATCHMAILD_PULL_REQUEST_H

/* "URL" or "URL ref" of the pull request in a text, white space folded, or NULL.  The caller frees it. */
char *pull_request_find(const char *text);

#endif
