/* fuzz_sieve.c - sieve.c on any answers to any command, whose number the first byte is, whole and in pieces: the same
 * comes out, in memory that has a limit, and libetpan reads it. */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <glib.h>
#include <libetpan/libetpan.h>

#include "imap/sieve.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void); /* NOLINT */

/* libetpan forgets what it has read when a command is refused. */
const char *__lsan_default_suppressions(void) /* NOLINT */
{
	return "leak:libetpan.so\n";
}

static const char *const commands[] = {
	"",
	"1 CAPABILITY\r\n",
	"1 LOGIN a b\r\n",
	"1 SELECT INBOX\r\n",
	"1 UID SEARCH UID 1:9\r\n",
	"1 UID FETCH 7 BODY.PEEK[]\r\n",
	"1 NOOP\r\n",
	"1 IDLE\r\n",
	"1 LIST \"\" *\r\n",
	"1 ID NIL\r\n",
};

static struct imap_sieve *begin(size_t command)
{
	struct imap_sieve *sieve = imap_sieve_new();
	g_autoptr(GString) out = g_string_new(NULL);

	if (command == 0)
		return sieve;
	imap_sieve_push(sieve, "* OK x\r\n", 8, out);
	imap_sieve_sent(sieve, commands[command], strlen(commands[command]));
	return sieve;
}

static GString *answer(size_t command, const char *said, size_t size, size_t piece)
{
	struct imap_sieve *sieve = begin(command);
	GString *out = g_string_new(NULL);
	g_autofree char *quote = NULL;
	int status = 0;

	for (size_t i = 0; i < size; i += piece)
		status = imap_sieve_push(sieve, said + i, MIN(piece, size - i), out);
	g_string_append_printf(out, "|%d %d", status, imap_sieve_has_news(sieve));
	quote = imap_sieve_quote(sieve);
	g_string_append(out, quote);
	imap_sieve_free(sieve);
	return out;
}

/* libetpan ------------------------------------------------------------------------------------------------------- */

struct server {
	struct imap_sieve *sieve;
	const char *said;
	size_t size;
	GString *out;
	size_t read;
	bool unreadable;
};

static ssize_t server_read(mailstream_low *low, void *buffer, size_t size)
{
	struct server *server = low->data;

	if (server->read == server->out->len && server->size > 0) {
		server->unreadable = imap_sieve_push(server->sieve, server->said, server->size, server->out) < 0;
		server->size = 0;
	}
	size = MIN(size, server->out->len - server->read);
	memcpy(buffer, server->out->str + server->read, size);
	server->read += size;
	return size > 0 ? (ssize_t)size : -1;
}

static ssize_t server_write(mailstream_low *low, const void *buffer, size_t size)
{
	struct server *server = low->data;

	imap_sieve_sent(server->sieve, buffer, size);
	return (ssize_t)size;
}

static int server_close(mailstream_low *low)
{
	(void)low;
	return 0;
}

static int server_fd(mailstream_low *low)
{
	(void)low;
	return -1;
}

static void server_free(mailstream_low *low)
{
	free(low);
}

static mailstream_low_driver driver = {
	.mailstream_read = server_read,
	.mailstream_write = server_write,
	.mailstream_close = server_close,
	.mailstream_get_fd = server_fd,
	.mailstream_free = server_free,
};

static int ask(mailimap *imap, size_t command)
{
	struct mailimap_capability_data *capabilities = NULL;
	struct mailimap_search_key *key;
	clist *found = NULL;
	int error;

	switch (command) {
	case 1:
		error = mailimap_capability(imap, &capabilities);
		if (error == MAILIMAP_NO_ERROR)
			mailimap_capability_data_free(capabilities);
		return error;
	case 3:
		return mailimap_select(imap, "INBOX");
	case 4:
		key = mailimap_search_key_new_uid(mailimap_set_new_interval(1, 9));
		error = mailimap_uid_search(imap, NULL, key, &found);
		mailimap_search_key_free(key);
		if (error == MAILIMAP_NO_ERROR)
			mailimap_search_result_free(found);
		return error;
	case 6:
		return mailimap_noop(imap);
	case 8:
		error = mailimap_list(imap, "", "*", &found);
		if (error == MAILIMAP_NO_ERROR)
			mailimap_list_result_free(found);
		return error;
	default:
		return MAILIMAP_NO_ERROR;
	}
}

/* What the sieve makes of an answer libetpan can read, if the answer has an end. */
static void check_with_libetpan(size_t command, const char *said, size_t size)
{
	struct server server = {imap_sieve_new(), "* OK x\r\n", 8, g_string_new(NULL), 0, false};
	mailimap *imap = mailimap_new(0, NULL);
	int error = mailimap_connect(imap, mailstream_new(mailstream_low_new(&server, &driver), 8192));

	assert(error == MAILIMAP_NO_ERROR_NON_AUTHENTICATED);
	server.said = said;
	server.size = size;
	imap->imap_state = MAILIMAP_STATE_SELECTED;
	imap->imap_selection_info = mailimap_selection_info_new();
	assert(ask(imap, command) != MAILIMAP_ERROR_PARSE || server.unreadable);
	imap->imap_state = MAILIMAP_STATE_DISCONNECTED;
	mailimap_free(imap);
	imap_sieve_free(server.sieve);
	g_string_free(server.out, TRUE);
}

/* ---------------------------------------------------------------------------------------------------------------- */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t command = size > 0 ? (uint8_t)(data[0] - '0') % G_N_ELEMENTS(commands) : 0;
	const char *said = (const char *)data + (size > 0);
	g_autoptr(GString) whole = NULL, bytes = NULL, pieces = NULL;

	size -= size > 0;
	whole = answer(command, said, size, MAX(size, 1));
	bytes = answer(command, said, size, 1);
	pieces = answer(command, said, size, 7);
	assert(g_string_equal(whole, bytes));
	assert(g_string_equal(whole, pieces));
	/* No more than what came, but for what ranges stand for. */
	assert(command == 4 || whole->len <= 4 * size + 8192);
	check_with_libetpan(command, said, size);
	return 0;
}
