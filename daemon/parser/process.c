/* process.c - starts, feeds, reads and restarts a process that parses mail.
 *
 * Used by the pool.  Promises that nothing but the settings and bytes of the mail goes in, that nothing but a complete,
 * bounded, well-formed reply comes out, and that nothing here waits.  What runs in the other process is in
 * parser/worker.c.
 */
#include "build-config.h"

#include "parser/process.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>

#include "base/child.h"
#include "base/deadline.h"
#include "base/memory.h"
#include "base/programs.h"
#include "facts/head.h"
#include "mail/limits.h"
#include "parser/sandbox.h"
#include "settings/configuration.h"

#define EXIT_NOT_LOADED 127 /* the dynamic linker found a library missing */
#define PARTS 6             /* of what is sent: two requests, and their texts */
#define FIRST_READ 32768    /* bytes of facts that may come along with the head of a reply */

struct parser_process {
	char *program, *trust;
	const char *sandbox;
	pid_t worker; /* -1 without one */
	int socket;   /* to the worker; -1 without one */

	bool settled;              /* the worker has the settings */
	struct parser_hello hello; /* what it says first ... */
	size_t hello_length;       /* ... and how much of that is there: before all of it is, no mail is to blame */
	unsigned lacks;            /* what the sandboxes of all workers lacked, of enum sandbox_lack */

	/* The mail at work, and this try at it. */
	struct parser_mail mail;
	const char *reason;
	int64_t deadline, end; /* of the mail, of the try */
	unsigned tries;
	bool own_fault; /* as far as is known, it is the mail that ended the tries before */
	char *fault;    /* what the mail does, once it is rejected for that; or NULL */
	int failed;     /* 0, or the negative errno with which the try failed before it began: no worker, no time */

	/* What goes out. */
	struct parser_request settings, request;
	struct iovec parts[PARTS];
	size_t size, sent; /* bytes */

	/* What comes in: how many bytes there are of the head, and of the facts. */
	struct parser_reply reply;
	size_t head_length, facts_length;
	char *facts; /* NULL before the head is there */
};

/* Why a try at a mail failed. */
enum trial { TRIAL_OWN_FAULT, TRIAL_OUTSIDE, TRIAL_NO_TIME };

/* Starting and ending ------------------------------------------------------------------------------------------- */

/* What the new process gets: its end of the socket, /dev/null, default signals, nothing of the environment. */
static int spawn(const struct parser_process *parser, int socket, pid_t *ret_pid)
{
	g_autofree char *self = g_strdup_printf("%d", (int)getpid());
	char *arguments[] = {(char *)"patchmaild-parser", self, (char *)parser->sandbox, NULL}, *environment[] = {NULL};
	const int files[] = {CHILD_NULL, CHILD_NULL, CHILD_NULL, socket};
	const struct child child = {parser->program, arguments, environment, files, G_N_ELEMENTS(files), false};

	return child_start(&child, ret_pid);
}

/* End the worker if it still runs: its wait status. */
static int end_worker(struct parser_process *parser)
{
	int waited;

	if (parser->socket >= 0)
		close(parser->socket);
	waited = child_end(parser->worker);
	parser->socket = -1;
	parser->worker = -1;
	return waited;
}

int parser_process_start(struct parser_process *parser)
{
	int sockets[2], status;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) < 0)
		return -errno;
	if (parser->worker > 0)
		end_worker(parser);
	status = spawn(parser, sockets[1], &parser->worker);
	close(sockets[1]);
	if (status < 0) {
		close(sockets[0]);
		parser->worker = -1;
		return status;
	}
	parser->socket = sockets[0];
	parser->settled = false;
	parser->hello_length = 0;
	return 0;
}

struct parser_process *parser_process_new(const char *program, const char *trust, const char *sandbox)
{
	struct parser_process *parser = g_new(struct parser_process, 1);

	*parser = (struct parser_process){
		.program = program == NULL ? programs_find("patchmaild-parser", PARSER_PROGRAM) : g_strdup(program),
		.trust = g_strdup(trust),
		.sandbox = sandbox,
		.worker = -1,
		.socket = -1,
	};
	return parser;
}

void parser_process_dismiss(struct parser_process *parser)
{
	if (parser->socket >= 0)
		close(parser->socket);
	parser->socket = -1;
}

void parser_process_forget(struct parser_process *parser)
{
	if (parser->worker > 0)
		end_worker(parser);
	g_clear_pointer(&parser->facts, g_free);
}

void parser_process_free(struct parser_process *parser)
{
	if (parser == NULL)
		return;
	parser_process_dismiss(parser);
	/* Without a socket it ends by itself, and at once. */
	if (parser->worker > 0)
		child_wait(parser->worker, deadline_after(PARSER_PROCESS_PATIENCE));
	g_free(parser->facts);
	g_free(parser->fault);
	g_free(parser->program);
	g_free(parser->trust);
	g_free(parser);
}

/* Sending ------------------------------------------------------------------------------------------------------- */

static size_t length_of(const char *text)
{
	return text == NULL ? 0 : strlen(text);
}

static void add_part(struct parser_process *parser, unsigned *count, const void *bytes, size_t length)
{
	parser->parts[*count] = (struct iovec){(void *)bytes, length};
	parser->size += length;
	++*count;
}

/* Lay out what is to be sent: the settings if the worker has none yet, and the mail. */
static void lay_out(struct parser_process *parser)
{
	size_t settings_length = parser->settled ? 0 : length_of(parser->trust);
	unsigned count = 0;

	parser->settings = (struct parser_request){
		.magic = PARSER_MAGIC,
		.kind = PARSER_SETTINGS,
		.text_length = settings_length,
	};
	parser->request = (struct parser_request){
		.magic = PARSER_MAGIC,
		.kind = parser->reason == NULL ? PARSER_PARSE : PARSER_REJECT,
		.text_length = length_of(parser->reason),
		.list_id_length = length_of(parser->mail.list_id),
		.length = parser->mail.length,
	};
	parser->size = 0;
	parser->sent = 0;
	add_part(parser, &count, &parser->settings, settings_length > 0 ? sizeof(parser->settings) : 0);
	add_part(parser, &count, parser->trust, settings_length);
	add_part(parser, &count, &parser->request, sizeof(parser->request));
	add_part(parser, &count, parser->reason, parser->request.text_length);
	add_part(parser, &count, parser->mail.list_id, parser->request.list_id_length);
	add_part(parser, &count, parser->mail.bytes, parser->mail.length);
}

/* The parts that are not sent yet; how many. */
static unsigned rest_of(const struct parser_process *parser, struct iovec rest[PARTS])
{
	size_t skip = parser->sent;
	unsigned count = 0;

	for (unsigned i = 0; i < PARTS; i++) {
		const struct iovec *part = &parser->parts[i];
		size_t gone = MIN(skip, part->iov_len);

		skip -= gone;
		if (gone < part->iov_len)
			rest[count++] = (struct iovec){(char *)part->iov_base + gone, part->iov_len - gone};
	}
	return count;
}

/* 0 when all is sent, -EAGAIN when the socket takes no more, or another negative errno. */
static int send_rest(struct parser_process *parser)
{
	while (parser->sent < parser->size) {
		struct iovec rest[PARTS];
		struct msghdr message = {.msg_iov = rest, .msg_iovlen = rest_of(parser, rest)};
		ssize_t sent = sendmsg(parser->socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (sent >= 0)
			parser->sent += (size_t)sent;
		else if (errno != EINTR)
			return -errno;
	}
	parser->settled = true;
	return 0;
}

/* Receiving ----------------------------------------------------------------------------------------------------- */

static size_t reply_limit(const struct parser_process *parser)
{
	size_t factor = PARSER_PROCESS_REPLY_FACTOR;

	if (parser->mail.length > (LIMITS_FACTS_SIZE - PARSER_PROCESS_REPLY_BASE) / factor)
		return LIMITS_FACTS_SIZE;
	return PARSER_PROCESS_REPLY_BASE + factor * parser->mail.length;
}

/* The quote that ends the string whose text begins at `at`, or NULL. */
static const char *end_of_string(const char *at, const char *end)
{
	while ((at = memchr(at, '"', (size_t)(end - at))) != NULL) {
		size_t slashes = 0;

		/* Before the text stands its first quote. */
		while (at[-1 - (ssize_t)slashes] == '\\')
			slashes++;
		if (slashes % 2 == 0)
			return at;
		at++;
	}
	return NULL;
}

/* Does one JSON object begin at the start and end at the end, and nowhere else?  Only strings and brackets are looked
 * at: the database reads all of it.  But nothing that a worker says may look like the facts of two mails, or of half a
 * one, when it stands among those of others. */
static bool is_one_object(const char *text, size_t length)
{
	const char *end = text + length;
	unsigned depth = 0;

	for (const char *at = text; at < end; at++) {
		if (*at == '{' || *at == '[') {
			depth++;
		} else if (*at == '}' || *at == ']') {
			if (depth == 0 || (--depth == 0 && at + 1 < end))
				return false;
		} else if (*at == '"') {
			at = end_of_string(at + 1, end);
			if (at == NULL)
				return false;
		}
	}
	return depth == 0;
}

/* Facts are one line of text. */
static bool well_formed(const char *facts, size_t length)
{
	if (length < 2 || facts[0] != '{' || facts[length - 1] != '}' || memchr(facts, '\n', length) != NULL)
		return false;
	return g_utf8_validate(facts, (gssize)length, NULL) && is_one_object(facts, length);
}

/* What recvmsg() gives into these parts: a number of bytes, -EAGAIN if there are none, or another negative errno. */
static ssize_t receive(int fd, struct iovec *parts, size_t count)
{
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = count};
	ssize_t got;

	do
		got = recvmsg(fd, &message, MSG_DONTWAIT);
	while (got < 0 && errno == EINTR);
	if (got == 0)
		return -EPIPE;
	return got < 0 ? -errno : got;
}

static bool is_ready(const struct parser_process *parser)
{
	return parser->hello_length == sizeof(parser->hello);
}

/* Is there a sandbox, if there has to be one? */
static bool is_sandboxed(const struct parser_process *parser)
{
	return (parser->hello.lacks & SANDBOX_NEEDS) == 0 || !g_str_equal(parser->sandbox, CONFIG_SANDBOX_REQUIRED);
}

/* What a new worker says first.  0, or a negative errno: -EPERM without the sandbox that there has to be. */
static int receive_hello(struct parser_process *parser)
{
	while (!is_ready(parser)) {
		struct iovec part = {(char *)&parser->hello + parser->hello_length,
		                     sizeof(parser->hello) - parser->hello_length};
		ssize_t got = receive(parser->socket, &part, 1);

		if (got < 0)
			return (int)got;
		parser->hello_length += (size_t)got;
	}
	if (parser->hello.magic != PARSER_MAGIC)
		return -EPROTO;
	if (!is_sandboxed(parser))
		return -EPERM;
	parser->lacks |= parser->hello.lacks;
	return 0;
}

/* Make room for the facts, and put the first of them there.  0; -EPROTO, -ENOMEM. */
static int take_head(struct parser_process *parser, const char *first, size_t length)
{
	const struct parser_reply *reply = &parser->reply;

	if (reply->magic != PARSER_MAGIC || reply->length > reply_limit(parser) || length > reply->length)
		return -EPROTO;
	parser->facts = g_try_malloc((size_t)reply->length + 1);
	if (parser->facts == NULL)
		return -ENOMEM;
	memcpy(parser->facts, first, length);
	parser->facts_length = length;
	return 0;
}

/* The head of the reply, and what comes along with it.  0, or a negative errno. */
static int receive_head(struct parser_process *parser)
{
	char first[FIRST_READ];

	while (parser->head_length < sizeof(parser->reply)) {
		size_t missing = sizeof(parser->reply) - parser->head_length;
		struct iovec parts[] = {{(char *)&parser->reply + parser->head_length, missing},
		                        {first, sizeof(first)}};
		ssize_t got = receive(parser->socket, parts, G_N_ELEMENTS(parts));

		if (got < 0)
			return (int)got;
		parser->head_length += MIN((size_t)got, missing);
		if ((size_t)got >= missing)
			return take_head(parser, first, (size_t)got - missing);
	}
	return 0;
}

/* 0 when the reply is there; -EAGAIN; -EPROTO for one that is not right; -ENOMEM; or another negative errno. */
static int receive_reply(struct parser_process *parser)
{
	int status = receive_hello(parser);

	if (status == 0 && parser->facts == NULL)
		status = receive_head(parser);
	while (status == 0 && parser->facts_length < parser->reply.length) {
		size_t missing = (size_t)parser->reply.length - parser->facts_length;
		/* Where the NUL will stand there is room for one byte more, which may not follow. */
		struct iovec part = {parser->facts + parser->facts_length, missing + 1};
		ssize_t got = receive(parser->socket, &part, 1);

		if (got < 0)
			return (int)got;
		parser->facts_length += (size_t)got;
	}
	if (status < 0)
		return status;
	if (parser->facts_length > parser->reply.length)
		return -EPROTO;
	parser->facts[parser->facts_length] = '\0';
	return well_formed(parser->facts, parser->facts_length) ? 0 : -EPROTO;
}

/* Failures ------------------------------------------------------------------------------------------------------ */

/* Is it a signal that a process brings on itself? */
static bool own_signal(int signal_number)
{
	static const int own[] = {SIGSEGV, SIGABRT, SIGBUS, SIGSYS, SIGXCPU, SIGXFSZ, SIGILL, SIGFPE, SIGTRAP};

	for (size_t i = 0; i < G_N_ELEMENTS(own); i++) {
		if (own[i] == signal_number)
			return true;
	}
	return false;
}

/* A worker got no more memory.  If it may not have what any mail may take, that is no fault of this mail. */
static enum trial fault_of_memory(char **ret_reason)
{
	uint64_t allowed = memory_allowed(), mebibyte = 1024 * 1024;

	if (allowed >= PARSER_PROCESS_MEMORY) {
		*ret_reason = g_strdup_printf("the parser needs more than %" G_GUINT64_FORMAT " MiB of memory",
		                              PARSER_PROCESS_MEMORY / mebibyte);
		return TRIAL_OWN_FAULT;
	}
	*ret_reason = g_strdup_printf("the parser needs more memory than the %" G_GUINT64_FORMAT
	                              " MiB that this process may have (ulimit -v)",
	                              allowed / mebibyte);
	return TRIAL_OUTSIDE;
}

/* As <signal.h> has it; in words if the C library does not know that.  The caller frees it. */
static char *signal_name(int number)
{
#if HAVE_SIGABBREV_NP
	const char *name = sigabbrev_np(number);

	return g_strconcat("SIG", name ? name : "?", NULL);
#else
	return g_strdup(strsignal(number));
#endif
}

/* Whose fault it was that a worker ended, and in words how. */
static enum trial fault_of_end(int wait_status, char **ret_reason)
{
	if (WIFSIGNALED(wait_status)) {
		int number = WTERMSIG(wait_status);
		g_autofree char *name = signal_name(number);

		*ret_reason = g_strdup_printf("the parser ended by signal %d (%s)%s", number, name,
		                              number == SIGSYS ? ": it asked for what its sandbox does not allow" : "");
		return own_signal(number) ? TRIAL_OWN_FAULT : TRIAL_OUTSIDE;
	}
	if (WEXITSTATUS(wait_status) == PARSER_EXIT_MEMORY)
		return fault_of_memory(ret_reason);
	*ret_reason = g_strdup_printf("the parser ended with status %d", WEXITSTATUS(wait_status));
	switch (WEXITSTATUS(wait_status)) {
	case PARSER_EXIT_SETUP:
	case EXIT_NOT_LOADED:
		return TRIAL_OUTSIDE;
	default:
		return TRIAL_OWN_FAULT;
	}
}

/* A worker ended before it was ready: it has seen nothing of the mail. */
static enum trial fault_of_start(int wait_status, char **ret_reason)
{
	g_autofree char *how = NULL;

	if (WIFSIGNALED(wait_status) && WTERMSIG(wait_status) == SIGSYS)
		how = g_strdup("what filters system calls around patchmaild (SystemCallFilter= in a unit) has to allow "
		               "seccomp and landlock_..., or [patchmaild] to have sandbox=off");
	else
		fault_of_end(wait_status, &how);
	*ret_reason = g_strdup_printf("the parser could not be set up: %s", how);
	return TRIAL_OUTSIDE;
}

char *parser_process_lacks_text(unsigned lacks)
{
	static const struct {
		unsigned lack;
		const char *text;
	} texts[] = {
		{SANDBOX_NO_FILTER, "there is no filter of system calls (seccomp)"},
		{SANDBOX_NO_USER, "the parser stays root, since it cannot become another user"},
		{SANDBOX_NO_LANDLOCK, "there is no Landlock, so each parser loads all character sets when it starts"},
	};
	GString *text = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		if (lacks & texts[i].lack)
			g_string_append_printf(text, "%s%s", text->len > 0 ? "; " : "", texts[i].text);
	}
	return g_string_free(text, FALSE);
}

/* Why there is not the sandbox that there has to be; the caller frees it. */
static char *missing_sandbox(const struct parser_process *parser)
{
	g_autofree char *lacks = parser_process_lacks_text(parser->hello.lacks & SANDBOX_NEEDS);

	return g_strdup_printf("sandbox=%s in [patchmaild] cannot be had here: %s", parser->sandbox, lacks);
}

/* A try has failed with `failure`: end the worker and say whose fault it was. */
static enum trial fault_of_failure(struct parser_process *parser, int failure, char **ret_reason)
{
	bool started = parser->socket >= 0;
	/* It may have said something before it ended that nobody has read. */
	int hello = started ? receive_hello(parser) : 0, wait_status = started ? end_worker(parser) : 0;

	if (failure == -ETIMEDOUT && deadline_left(parser->deadline) == 0) {
		*ret_reason = g_strdup("the parser was not done in time");
		return TRIAL_NO_TIME;
	}
	if (!started) {
		*ret_reason = g_strdup_printf("%s cannot be started: %s", parser->program, g_strerror(-failure));
		return TRIAL_OUTSIDE;
	}
	if (hello == -EPERM) {
		*ret_reason = missing_sandbox(parser);
		return TRIAL_OUTSIDE;
	}
	if (failure == -ETIMEDOUT) {
		*ret_reason = g_strdup("the parser was not done within its time limit");
		return hello == 0 ? TRIAL_OWN_FAULT : TRIAL_OUTSIDE;
	}
	if (failure == -EPROTO) {
		*ret_reason = g_strdup("the parser gave no proper answer");
		return TRIAL_OWN_FAULT;
	}
	if (failure == -ENOMEM) {
		*ret_reason = g_strdup("out of memory");
		return TRIAL_OUTSIDE;
	}
	return hello == 0 ? fault_of_end(wait_status, ret_reason) : fault_of_start(wait_status, ret_reason);
}

/* A mail ------------------------------------------------------------------------------------------------------- */

static void begin_try(struct parser_process *parser)
{
	int64_t own = MIN((int64_t)PARSER_PROCESS_SECONDS * G_USEC_PER_SEC, deadline_left(parser->deadline) * 2 / 5);

	parser->tries++;
	parser->end = deadline_earlier(parser->deadline, g_get_monotonic_time() + own);
	parser->head_length = 0;
	parser->facts_length = 0;
	g_clear_pointer(&parser->facts, g_free);
	if (own <= 0)
		parser->failed = -ETIMEDOUT;
	else
		parser->failed = parser->socket >= 0 ? 0 : parser_process_start(parser);
	lay_out(parser);
}

void parser_process_begin(struct parser_process *parser, const struct parser_mail *mail, const char *reason,
                          int64_t deadline)
{
	parser->mail = *mail;
	parser->reason = reason;
	parser->deadline = deadline;
	parser->tries = 0;
	parser->own_fault = true;
	g_clear_pointer(&parser->fault, g_free);
	begin_try(parser);
	/* What does not fit goes out later; what goes wrong is seen then. */
	if (parser->failed == 0)
		send_rest(parser);
}

/* What came of this try: 0 if the facts are there, -EINPROGRESS if it is not over, or a negative errno. */
static int go_on(struct parser_process *parser)
{
	int status = parser->failed;

	if (status == 0)
		status = send_rest(parser);
	if (status == 0)
		status = receive_reply(parser);
	if (status != -EAGAIN || parser->failed != 0)
		return status;
	return deadline_left(parser->end) > 0 ? -EINPROGRESS : -ETIMEDOUT;
}

static void set_facts(struct parser_process *parser, char *facts, size_t length, struct parser_result *ret_result)
{
	*ret_result = (struct parser_result){
		.status = parser->fault == NULL ? 0 : -EBADMSG,
		.facts = facts,
		.length = length,
		.reason = g_steal_pointer(&parser->fault),
	};
}

/* All tries have failed: false if the mail is to blame, and there are tries to have it rejected for that. */
static bool give_up(struct parser_process *parser, char *reason, struct parser_result *ret_result)
{
	if (parser->reason != NULL) {
		char *facts = facts_of_unread(parser->mail.bytes, parser->mail.length, parser->reason);

		g_free(reason);
		set_facts(parser, facts, strlen(facts), ret_result);
	} else if (parser->own_fault) {
		parser->fault = reason;
		parser->reason = reason;
		parser->tries = 0;
		return false;
	} else {
		*ret_result = (struct parser_result){.status = -EAGAIN, .reason = reason};
	}
	return true;
}

/* A try has ended with `failure`.  True and the result if it was the last one; else there is to be another. */
static bool end_try(struct parser_process *parser, int failure, struct parser_result *ret_result)
{
	char *reason;
	enum trial trial = fault_of_failure(parser, failure, &reason);

	parser->own_fault = parser->own_fault && trial == TRIAL_OWN_FAULT;
	if (parser->tries == PARSER_PROCESS_TRIES || trial == TRIAL_NO_TIME)
		return give_up(parser, reason, ret_result);
	g_free(reason);
	return false;
}

bool parser_process_go_on(struct parser_process *parser, struct parser_result *ret_result)
{
	for (;;) {
		int status = go_on(parser);

		if (status == -EINPROGRESS)
			return false;
		if (status == 0) {
			set_facts(parser, g_steal_pointer(&parser->facts), parser->facts_length, ret_result);
			return true;
		}
		if (end_try(parser, status, ret_result))
			return true;
		begin_try(parser);
	}
}

unsigned parser_process_lacks(const struct parser_process *parser)
{
	return parser->lacks;
}

void parser_process_wants(const struct parser_process *parser, struct pollfd *ret_item, int64_t *ret_deadline)
{
	*ret_item = (struct pollfd){
		.fd = parser->socket,
		.events = parser->sent < parser->size ? POLLOUT : POLLIN,
	};
	*ret_deadline = parser->failed == 0 ? parser->end : 0;
}
