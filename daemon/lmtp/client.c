/* client.c - hands a mail to a server on this machine.
 *
 * Used by commands/deliver.c.  Promises that it says "stored" only after the server has said that all of the mail is
 * done with.
 */
#include "lmtp/client.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <glib.h>

#include "base/deadline.h"
#include "lmtp/command.h"

#define REPLIES_MAX 65536 /* bytes of all that the server says */

struct client {
	int fd;
	int64_t deadline;
	GString *said; /* by the server */
	size_t read;   /* of it */
};

static int open_socket(const char *path, int *ret_fd)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), status = 0;

	if (fd < 0)
		return -errno;
	/* One that is full of others who wait is as good as none. */
	if (g_strlcpy(address.sun_path, path, sizeof(address.sun_path)) >= sizeof(address.sun_path))
		status = -ENAMETOOLONG;
	else if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
		status = -errno;
	if (status < 0)
		close(fd);
	else
		*ret_fd = fd;
	return status;
}

static int send_all(const struct client *client, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t sent = send(client->fd, bytes, length, MSG_NOSIGNAL);
		int status = 0;

		if (sent < 0 && errno == EAGAIN)
			status = deadline_wait(client->fd, POLLOUT, client->deadline);
		else if (sent < 0 && errno != EINTR)
			status = -errno;
		if (status < 0)
			return status;
		bytes += MAX(sent, 0);
		length -= (size_t)MAX(sent, 0);
	}
	return 0;
}

static int receive(struct client *client)
{
	char bytes[4096];
	int status = deadline_wait(client->fd, POLLIN, client->deadline);
	ssize_t got = status < 0 ? 0 : recv(client->fd, bytes, sizeof(bytes), 0);

	if (status < 0)
		return status;
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (got <= 0)
		return got < 0 ? -errno : -ECONNRESET;
	g_string_append_len(client->said, bytes, got);
	return client->said->len > REPLIES_MAX ? -EMSGSIZE : 0;
}

/* The next line, without its CR LF.  NULL, and a negative errno. */
static char *next_line(struct client *client, int *ret_status)
{
	const char *end;

	while (!(end = memchr(client->said->str + client->read, '\n', client->said->len - client->read))) {
		*ret_status = receive(client);
		if (*ret_status < 0)
			return NULL;
	}
	const char *begin = client->said->str + client->read;
	size_t length = (size_t)(end - begin);

	client->read += length + 1;
	return g_strndup(begin, length > 0 && begin[length - 1] == '\r' ? length - 1 : length);
}

/* The next reply: its last line; does one of them name that extension?  NULL, and a negative errno. */
static char *next_reply(struct client *client, const char *extension, bool *ret_named, int *ret_status)
{
	for (;;) {
		g_autofree char *line = next_line(client, ret_status);

		if (!line)
			return NULL;
		if (strlen(line) >= 4 && extension && g_ascii_strcasecmp(line + 4, extension) == 0)
			*ret_named = true;
		if (strlen(line) < 4 || line[3] != '-')
			return g_steal_pointer(&line);
	}
}

/* The next reply has to begin with this.  0 or a negative errno. */
static int expect(struct client *client, const char *code, const char *extension)
{
	bool named = !extension;
	int status = 0;
	g_autofree char *reply = next_reply(client, extension, &named, &status);

	if (!reply)
		return status;
	return g_str_has_prefix(reply, code) && named ? 0 : -EPROTO;
}

/* See that a server is there, and one of ours. */
static int greet(struct client *client)
{
	static const char command[] = "LHLO deliver\r\n";
	int status = send_all(client, command, strlen(command));

	if (status == 0)
		status = expect(client, "220", NULL);
	if (status == 0)
		status = expect(client, "250", "XDELIVER");
	return status;
}

static int hand_over(const struct client *client, const char *list_id, const char *bytes, size_t length)
{
	g_autofree char *list = list_id ? lmtp_xtext(list_id) : NULL;
	g_autofree char *commands =
		g_strdup_printf("MAIL FROM:<> XDELIVER%s%s\r\nRCPT TO:<postmaster>\r\nBDAT %zu LAST\r\n",
	                        list ? "=" : "", list ? list : "", length);
	int status = send_all(client, commands, strlen(commands));

	return status == 0 ? send_all(client, bytes, length) : status;
}

/* What the server says at last.  Other replies than those of base/outcome.c say nothing of the mail. */
static int read_outcome(const char *reply, struct outcome *ret_outcome)
{
	static const enum outcome_kind kinds[] = {OUTCOME_STORED, OUTCOME_DEFERRED, OUTCOME_REFUSED};

	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		const struct outcome_rule *rule = outcome_rule(kinds[i]);
		g_autofree char *begin = g_strdup_printf("%d %s ", rule->lmtp_code, rule->status);

		if (!g_str_has_prefix(reply, begin))
			continue;
		outcome_set(ret_outcome, kinds[i], "%s", reply + strlen(begin));
		return 0;
	}
	return -EPROTO;
}

static int take_outcome(struct client *client, struct outcome *ret_outcome)
{
	g_autofree char *reply = NULL;
	int status = expect(client, "250", NULL);

	if (status == 0)
		status = expect(client, "250", NULL);
	if (status == 0)
		reply = next_reply(client, NULL, NULL, &status);
	return reply ? read_outcome(reply, ret_outcome) : status;
}

/* Connect, and see that it is one of ours; client_release() in both cases. */
static int connect_client(struct client *client, const char *path, int64_t deadline)
{
	int status = open_socket(path, &client->fd);

	client->said = g_string_new(NULL);
	client->deadline = deadline_earlier(deadline, deadline_after(LMTP_CLIENT_PATIENCE));
	return status < 0 ? status : greet(client);
}

static void client_release(struct client *client)
{
	if (client->fd >= 0)
		close(client->fd);
	g_string_free(client->said, TRUE);
}

int lmtp_client_deliver(const char *path, const char *list_id, const char *bytes, size_t length, int64_t deadline,
                        struct outcome *ret_outcome)
{
	struct client client = {.fd = -1};
	int status = connect_client(&client, path, deadline);

	client.deadline = deadline;
	if (status == 0)
		status = hand_over(&client, list_id, bytes, length);
	if (status == 0)
		status = take_outcome(&client, ret_outcome);
	client_release(&client);
	return status;
}

int lmtp_client_try(const char *path)
{
	struct client client = {.fd = -1};
	int status = connect_client(&client, path, INT64_MAX);

	client_release(&client);
	return status;
}
