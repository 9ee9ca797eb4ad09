/* alignment.c - whether two domains belong together.
 *
 * Called by authentication.c.  Promises: two tenants of one public suffix are never aligned.
 */
#include "alignment.h"

#include <stdbool.h>
#include <string.h>
#include <glib.h>
#include <libpsl.h>

#include "lexical.h"

char *alignment_domain(const char *domain)
{
	g_autofree char *unicode = NULL;

	if (!lexical_is_domain(domain))
		return NULL;
	unicode = g_hostname_to_unicode(domain);
	/* Compatibility characters may have become dots, blanks or nothing. */
	return unicode && lexical_is_domain(unicode) ? g_steal_pointer(&unicode) : NULL;
}

/* The list, read once; never freed, as it lives as long as the process. */
static const psl_ctx_t *public_suffixes(void)
{
	static psl_ctx_t *list;

	if (!list)
		list = psl_latest(NULL);
	return list ? list : psl_builtin();
}

enum alignment alignment_of(const char *domain, const char *other)
{
	const char *organisation, *other_organisation;

	if (strcmp(domain, other) == 0)
		return ALIGNMENT_STRICT;
	organisation = psl_registrable_domain(public_suffixes(), domain);
	other_organisation = psl_registrable_domain(public_suffixes(), other);
	return organisation && g_strcmp0(organisation, other_organisation) == 0 ? ALIGNMENT_RELAXED : ALIGNMENT_NONE;
}

const char *alignment_name(enum alignment alignment)
{
	static const char *const names[] = {
		[ALIGNMENT_NONE] = "none", [ALIGNMENT_RELAXED] = "relaxed", [ALIGNMENT_STRICT] = "strict"};

	return names[alignment];
}
