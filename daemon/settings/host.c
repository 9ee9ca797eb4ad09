/* host.c - the names and addresses of hosts, as people write them.
 *
 * Used by imap_account.c.  So that whoever looks up a host and whoever checks its certificate have the same name.
 */
#include "settings/host.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>

#include <glib.h>

/* Is it an IPv6 address, perhaps with a zone (RFC 4007)? */
static bool is_ipv6(const char *text)
{
	g_autofree char *address = g_strndup(text, strcspn(text, "%"));
	struct in6_addr binary;

	return inet_pton(AF_INET6, address, &binary) == 1;
}

/* The four numbers of an IPv4 address, of which people write fewer; NULL if it is none. */
static char *dotted(const char *text)
{
	char numbers[INET_ADDRSTRLEN];
	struct in_addr binary;

	if (text[strspn(text, G_CSET_DIGITS ".xXabcdefABCDEF")] || !inet_aton(text, &binary))
		return NULL;
	return g_strdup(inet_ntop(AF_INET, &binary, numbers, sizeof(numbers)));
}

/* A name in ASCII letters without the dot at its end, or NULL. */
static char *name_of(const char *text)
{
	g_autofree char *name = g_strdup(text), *ascii = NULL;
	size_t length = strlen(name);

	if (length > 0 && name[length - 1] == '.')
		name[--length] = '\0';
	ascii = length > 0 ? g_hostname_to_ascii(name) : NULL;
	if (!ascii || !*ascii || *ascii == '.' || strstr(ascii, "..") || strlen(ascii) > 253 ||
	    ascii[strspn(ascii, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-._")])
		return NULL;
	return g_ascii_strdown(ascii, -1);
}

char *host_normalize(const char *text)
{
	size_t length = strlen(text);
	bool bracketed = length > 2 && text[0] == '[' && text[length - 1] == ']';
	g_autofree char *inside = bracketed ? g_strndup(text + 1, length - 2) : g_strdup(text);
	char *address = dotted(inside);

	if (address || is_ipv6(inside))
		return address ? address : g_steal_pointer(&inside);
	return bracketed ? NULL : name_of(inside);
}
