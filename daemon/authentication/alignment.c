/* alignment.c - whether two domains belong together.
 *
 * Called by authentication.c.  Promises: two tenants of one public suffix are never aligned.
 */
#include "authentication/alignment.h"

#include <stdbool.h>
#include <string.h>
#include <glib.h>
#include <libpsl.h>

#include "mail/lexical.h"

/* A label in lower case as it is compared, NULL for what is not one.  An A-label becomes its U-label if there and back
 * gives the same, and else stays.  A U-label has to be one: no other character is mapped, since who checks a signature
 * may look up what stands there. */
static char *normal_label(const char *label)
{
	bool encoded = g_hostname_is_ascii_encoded(label);
	g_autofree char *ascii = NULL, *unicode = NULL, *again = NULL;

	if (g_str_is_ascii(label) && !encoded)
		return g_strdup(label);
	ascii = encoded ? g_strdup(label) : g_hostname_to_ascii(label);
	unicode = ascii && g_str_is_ascii(ascii) ? g_hostname_to_unicode(ascii) : NULL;
	if (!encoded)
		return unicode && strcmp(unicode, label) == 0 ? g_steal_pointer(&unicode) : NULL;
	again = unicode ? g_hostname_to_ascii(unicode) : NULL;
	if (g_strcmp0(again, label) == 0)
		return g_steal_pointer(&unicode);
	return g_str_is_ascii(label) ? g_strdup(label) : NULL;
}

char *alignment_domain(const char *domain)
{
	g_autofree char *lower = g_ascii_strdown(domain, -1);
	g_auto(GStrv) labels = g_strsplit(lower, ".", -1);
	g_autofree char *normal_domain = NULL;

	if (!lexical_is_domain(domain))
		return NULL;
	for (char **label = labels; *label; label++) {
		char *normal = normal_label(*label);

		if (!normal)
			return NULL;
		g_free(*label);
		*label = normal;
	}
	normal_domain = g_strjoinv(".", labels);
	return lexical_is_domain(normal_domain) ? g_steal_pointer(&normal_domain) : NULL;
}

/* The list, read once; never freed, as it lives as long as the process. */
static const psl_ctx_t *public_suffixes(void)
{
	static psl_ctx_t *list;

	if (!list)
		list = psl_latest(NULL);
	return list ? list : psl_builtin();
}

void alignment_prepare(void)
{
	public_suffixes();
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
