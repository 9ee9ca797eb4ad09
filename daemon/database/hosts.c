/* hosts.c - the servers that a connection string names.
 *
 * Used by connection.c.  libpq goes on to the next server if one refuses, but its asynchronous interface knows no
 * deadline, neither for a server that is silent nor for a name server.  So the names are looked up here, and what did
 * not answer in time is taken off the list that libpq gets.
 */
#include "database/hosts.h"

#include <errno.h>
#include <string.h>

#include <glib.h>

#include "base/deadline.h"
#include "base/resolve.h"

/* Empty strings are what libpq has a default for. */
struct host {
	char *name, *address, *port;
	struct resolve *lookup; /* of the name, while it is not finished */
};

struct hosts {
	GPtrArray *list; /* of struct host; empty where libpq is to say what is wrong with the options */
	bool differ;
	char *failure; /* why a name was not found, or NULL */
};

/* Options -------------------------------------------------------------------------------------------------------- */

static const char *value_of(const PQconninfoOption *options, const char *name)
{
	for (; options && options->keyword; options++) {
		if (strcmp(options->keyword, name) == 0)
			return options->val;
	}
	return NULL;
}

PQconninfoOption *hosts_defaults(const PQconninfoOption *options)
{
	const char *service = value_of(options, "service");

	/* It is looked for there alone. */
	if (service)
		g_setenv("PGSERVICE", service, TRUE);
	return PQconndefaults();
}

const char *hosts_option(const PQconninfoOption *options, const PQconninfoOption *defaults, const char *name)
{
	const char *given = value_of(options, name);

	return given ? given : value_of(defaults, name);
}

/* The list ------------------------------------------------------------------------------------------------------- */

static void host_free(void *data)
{
	struct host *host = data;

	resolve_free(host->lookup);
	g_free(host->name);
	g_free(host->address);
	g_free(host->port);
	g_free(host);
}

static struct host *host_new(const char *name, const char *address, const char *port)
{
	struct host *host = g_new0(struct host, 1);

	host->name = g_strdup(name);
	host->address = g_strdup(address);
	host->port = g_strdup(port);
	return host;
}

static struct host *at(const struct hosts *hosts, unsigned position)
{
	return g_ptr_array_index(hosts->list, position);
}

/* A socket's path, or a number: libpq has nothing to look up. */
static bool is_address(const char *name)
{
	const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST};
	struct addrinfo *found = NULL;

	if (*name == '/' || *name == '@')
		return true;
	if (getaddrinfo(name, NULL, &hints, &found) != 0)
		return false;
	freeaddrinfo(found);
	return true;
}

static const char *element(const GStrv list, unsigned count, unsigned i)
{
	return i < count ? list[i] : "";
}

/* The items of a comma-separated list: an empty one has one that is empty. */
static GStrv split(const char *value, unsigned *ret_count)
{
	GStrv list = g_strsplit(value && *value ? value : " ", ",", -1);

	if (!value || !*value)
		**list = '\0';
	*ret_count = g_strv_length(list);
	return list;
}

struct hosts *hosts_new(const PQconninfoOption *options, const PQconninfoOption *defaults)
{
	const char *name = hosts_option(options, defaults, "host"), *port = hosts_option(options, defaults, "port");
	const char *address = hosts_option(options, defaults, "hostaddr");
	struct hosts *hosts = g_new0(struct hosts, 1);
	unsigned names, addresses, ports, count;
	g_auto(GStrv) name_list = split(name, &names), address_list = split(address, &addresses);
	g_auto(GStrv) port_list = split(port, &ports);

	hosts->list = g_ptr_array_new_with_free_func(host_free);
	count = address && *address ? addresses : names;
	if ((name && *name && names != count) || (ports != 1 && ports != count))
		return hosts;
	for (unsigned i = 0; i < count; i++) {
		struct host *host = host_new(element(name_list, names, i), element(address_list, addresses, i),
		                             port_list[ports == 1 ? 0 : i]);

		if (*host->name && !*host->address && !is_address(host->name))
			host->lookup = resolve_start(host->name, NULL, 0);
		g_ptr_array_add(hosts->list, host);
	}
	return hosts;
}

void hosts_free(struct hosts *hosts)
{
	if (!hosts)
		return;
	g_ptr_array_unref(hosts->list);
	g_free(hosts->failure);
	g_free(hosts);
}

bool hosts_wait(const struct hosts *hosts, int64_t deadline)
{
	for (unsigned i = 0; i < hosts->list->len; i++) {
		if (at(hosts, i)->lookup && !resolve_wait(at(hosts, i)->lookup, deadline))
			return false;
	}
	return true;
}

static bool has_names(const struct hosts *hosts)
{
	for (unsigned i = 0; i < hosts->list->len; i++) {
		if (at(hosts, i)->lookup)
			return true;
	}
	return false;
}

unsigned hosts_count(const struct hosts *hosts)
{
	return hosts->list->len;
}

/* Looking up ----------------------------------------------------------------------------------------------------- */

/* An entry of the new list for each address. */
static void add_addresses(GPtrArray *list, const struct host *host, const struct addrinfo *addresses)
{
	for (; addresses; addresses = addresses->ai_next) {
		char text[NI_MAXHOST];

		if (getnameinfo(addresses->ai_addr, addresses->ai_addrlen, text, sizeof(text), NULL, 0,
		                NI_NUMERICHOST) == 0)
			g_ptr_array_add(list, host_new(host->name, text, host->port));
	}
}

static void finish(struct hosts *hosts, int call, int64_t deadline)
{
	GPtrArray *list = g_ptr_array_new_with_free_func(host_free);

	for (unsigned i = 0; i < hosts->list->len; i++) {
		struct host *host = at(hosts, i);
		/* And one share is for connecting. */
		int64_t share = g_get_monotonic_time() + deadline_left(deadline) / (hosts->list->len - i + 1);
		struct addrinfo *found = NULL;

		g_clear_pointer(&hosts->failure, g_free);
		if (!host->lookup) {
			g_ptr_array_add(list, host_new(host->name, host->address, host->port));
		} else if (resolve_finish(host->lookup, call, share, &found, &hosts->failure) == 0) {
			add_addresses(list, host, found);
			freeaddrinfo(found);
		}
	}
	g_ptr_array_unref(hosts->list);
	hosts->list = list;
	hosts->differ = true;
}

int hosts_finish(struct hosts *hosts, int call, int64_t deadline, char **ret_reason)
{
	if (has_names(hosts))
		finish(hosts, call, deadline);
	if (hosts->list->len > 0 || !hosts->failure)
		return 0;
	*ret_reason = g_strdup(hosts->failure);
	return -EAGAIN;
}

/* Trying --------------------------------------------------------------------------------------------------------- */

/* libpq gives defaults for what is empty here. */
static bool same(const char *ours, const char *theirs)
{
	return !*ours || !theirs || strcmp(ours, theirs) == 0;
}

unsigned hosts_position(const struct hosts *hosts, unsigned from, const PGconn *handle)
{
	const char *name = PQhost(handle), *address = PQhostaddr(handle), *port = PQport(handle);

	for (unsigned i = from; i < hosts->list->len; i++) {
		const struct host *host = at(hosts, i);

		if (same(*host->name ? host->name : host->address, name) && same(host->address, address) &&
		    same(host->port, port))
			return i;
	}
	return from;
}

bool hosts_strike(struct hosts *hosts, unsigned position)
{
	if (position < hosts->list->len)
		g_ptr_array_remove_index(hosts->list, position);
	hosts->differ = true;
	return hosts->list->len > 0;
}

bool hosts_differ(const struct hosts *hosts)
{
	return hosts->differ;
}

/* The items with commas between them; NULL if all are empty. */
static char *join(const struct hosts *hosts, size_t offset)
{
	GString *value = g_string_new(NULL);
	bool given = false;

	for (unsigned i = 0; i < hosts->list->len; i++) {
		const char *item = G_STRUCT_MEMBER(char *, at(hosts, i), offset);

		g_string_append_printf(value, "%s%s", i == 0 ? "" : ",", item);
		given = given || *item;
	}
	return g_string_free(value, !given);
}

void hosts_values(const struct hosts *hosts, char **ret_host, char **ret_hostaddr, char **ret_port)
{
	*ret_host = join(hosts, G_STRUCT_OFFSET(struct host, name));
	*ret_hostaddr = join(hosts, G_STRUCT_OFFSET(struct host, address));
	*ret_port = join(hosts, G_STRUCT_OFFSET(struct host, port));
}
