/* authentication_results.h - the grammar of Authentication-Results (RFC 8601 section 2.2), and nothing else.
 *
 * A field goes in; its parts, or the reason why it cannot be read, come out.  What the parts are worth is
 * authentication.h's.
 */
#ifndef PATCHMAILD_AUTHENTICATION_RESULTS_H
#define PATCHMAILD_AUTHENTICATION_RESULTS_H

#include <stdbool.h>
#include <glib.h>

#define AUTHENTICATION_RESULTS_LENGTH (64u * 1024) /* bytes of a field */
#define AUTHENTICATION_RESULTS_ID 255              /* bytes of an authserv-id; each result in the facts has it */
#define AUTHENTICATION_RESULTS_MAX 100             /* results in a field */
#define AUTHENTICATION_RESULTS_PROPERTIES 50       /* properties of a result */

/* One `ptype.property=pvalue`, such as header.d=example.org. */
struct authentication_property {
	char *type, *name; /* as written; ASCII case does not matter */
	char *value;       /* without quotes */
	bool glued;        /* something touches the value: what was looked up may have been longer than what is read */
};

/* One result of one method. */
struct authentication_result {
	char *method;          /* as written; ASCII case does not matter */
	int version;           /* of the method, 1 if none is given */
	char *result;          /* as written; ASCII case does not matter */
	char *reason;          /* NULL without one */
	GPtrArray *properties; /* of struct authentication_property, in order */
};

struct authentication_results {
	char *authserv_id; /* without quotes */
	bool escaped;      /* a backslash stands in it as it is written */
	bool loose; /* a comment has a backslash, or a quote without another one: text that somebody else chose may
	                     * have run out of it */
	GPtrArray *results; /* of struct authentication_result, in order; no results if the field says `none` */
};

/* Read a field's raw value.  Returns 0, or -EBADMSG and the reason in words, a constant.  A field is refused whole: by
 * a syntax error, without an authserv-id (it begins with `method=`, as Microsoft writes it), with a version other than
 * 1, with `none` beside results, or over the limits above.  Two things are tolerated that the grammar does not have: a
 * `;` at the end, and a `/` or `=` in a header.b without quotes, as OpenDKIM writes one signature in eight.  UTF-8 is
 * taken wherever RFC 6532 allows it.  The caller releases the results. */
int authentication_results_parse(const char *value, struct authentication_results *ret_results,
                                 const char **ret_reason);
void authentication_results_release(struct authentication_results *results);

/* The property of that type and name, or NULL: the first of them.  Owned by the result. */
const struct authentication_property *authentication_result_property(const struct authentication_result *result,
                                                                     const char *type, const char *name);

#endif
