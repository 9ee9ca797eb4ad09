/* process.c - starts, feeds, reads and restarts the process that parses mail.
 *
 * Used by the pipeline and by `parse`.  Promises that nothing but the settings and bytes of the mail goes in, that nothing but a
 * complete, bounded, well-formed reply comes out, and that no wait goes on past its deadline.  What runs in the
 * other process is in parser/worker.c.
 */
#include "parser/process.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>
#include <jansson.h>

#include "base/child.h"
#include "base/deadline.h"
#include "base/programs.h"
#include "facts/document.h"
#include "mail/limits.h"

#define EXIT_NOT_LOADED 127 /* the dynamic linker found a library missing */

struct parser_process {
	char *program, *trust;
	pid_t worker; /* -1 without one */
	int socket;   /* to the worker; -1 without one */

	bool settled; /* the worker has the settings */

	/* The mail at work. */
	struct parser_mail mail;
	const char *reason;
	int fed; /* 0, or the negative errno that feeding it ended with */
};

/* How a try at a mail ended. */
enum trial { TRIAL_DONE, TRIAL_OWN_FAULT, TRIAL_OUTSIDE, TRIAL_NO_TIME };

/* What the new process gets: its end of the socket, /dev/null, default signals, nothing of the environment. */
static int spawn(const struct parser_process *parser, int socket, pid_t *ret_pid)
{
	g_autofree char *self = g_strdup_printf("%d", (int)getpid());
	char *arguments[] = {(char *)"patchmaild-parser", self, NULL}, *environment[] = {NULL};
	const int files[] = {CHILD_NULL, CHILD_NULL, CHILD_NULL, socket};
	const struct child child = {parser->program, arguments, environment, files, G_N_ELEMENTS(files)};

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

static int start_worker(struct parser_process *parser)
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
	return 0;
}

int parser_process_start(const char *program, const char *trust, struct parser_process **ret_parser)
{
	struct parser_process *parser = g_new(struct parser_process, 1);
	int status;

	*parser = (struct parser_process){
		.program = program == NULL ? programs_find("patchmaild-parser", PARSER_PROGRAM) : g_strdup(program),
		.trust = g_strdup(trust),
		.worker = -1,
		.socket = -1,
	};
	status = start_worker(parser);
	if (status < 0) {
		parser_process_free(parser);
		return status;
	}
	*ret_parser = parser;
	return 0;
}

void parser_process_dismiss(struct parser_process *parser)
{
	if (parser->socket >= 0)
		close(parser->socket);
	parser->socket = -1;
}

void parser_process_free(struct parser_process *parser)
{
	if (parser == NULL)
		return;
	parser_process_dismiss(parser);
	/* Without a socket it ends by itself, and at once. */
	if (parser->worker > 0)
		child_wait(parser->worker, deadline_after(PARSER_PROCESS_PATIENCE));
	g_free(parser->program);
	g_free(parser->trust);
	g_free(parser);
}

static int send_all(int fd, const void *bytes, size_t length, int64_t deadline)
{
	const char *next = bytes;

	while (length > 0) {
		ssize_t sent = send(fd, next, length, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (sent >= 0) {
			next += sent;
			length -= (size_t)sent;
		} else if (errno == EAGAIN) {
			int status = deadline_wait(fd, POLLOUT, deadline);

			if (status < 0)
				return status;
		} else if (errno != EINTR) {
			return -errno;
		}
	}
	return 0;
}

static int receive_all(int fd, void *bytes, size_t length, int64_t deadline)
{
	char *next = bytes;

	while (length > 0) {
		int status = deadline_wait(fd, POLLIN, deadline);
		ssize_t got;

		if (status < 0)
			return status;
		got = recv(fd, next, length, MSG_DONTWAIT);
		if (got == 0)
			return -EPIPE;
		if (got < 0 && errno != EINTR && errno != EAGAIN)
			return -errno;
		if (got > 0) {
			next += got;
			length -= (size_t)got;
		}
	}
	return 0;
}

static size_t length_of(const char *text)
{
	return text == NULL ? 0 : strlen(text);
}

static int send_frame(const struct parser_process *parser, enum parser_kind kind, const char *text,
                      const struct parser_mail *mail, int64_t deadline)
{
	struct parser_request request = {
		.magic = PARSER_MAGIC,
		.kind = kind,
		.text_length = length_of(text),
		.list_id_length = length_of(mail->list_id),
		.length = mail->length,
	};
	int status = send_all(parser->socket, &request, sizeof(request), deadline);

	if (status == 0)
		status = send_all(parser->socket, text, request.text_length, deadline);
	if (status == 0)
		status = send_all(parser->socket, mail->list_id, request.list_id_length, deadline);
	if (status == 0)
		status = send_all(parser->socket, mail->bytes, mail->length, deadline);
	return status;
}

/* With its first mail a worker gets the settings. */
static int send_settings(struct parser_process *parser, int64_t deadline)
{
	const struct parser_mail none = {0};
	int status = 0;

	if (!parser->settled && parser->trust != NULL)
		status = send_frame(parser, PARSER_SETTINGS, parser->trust, &none, deadline);
	parser->settled = status == 0;
	return status;
}

static int feed(struct parser_process *parser, int64_t deadline)
{
	int status = parser->socket >= 0 ? 0 : start_worker(parser);

	if (status == 0)
		status = send_settings(parser, deadline);
	if (status == 0)
		status = send_frame(parser, parser->reason == NULL ? PARSER_PARSE : PARSER_REJECT, parser->reason,
		                    &parser->mail, deadline);
	return status;
}

static int64_t try_deadline(int64_t deadline)
{
	int64_t own = MIN((int64_t)PARSER_PROCESS_SECONDS * G_USEC_PER_SEC, deadline_left(deadline) * 2 / 5);

	return deadline_earlier(deadline, g_get_monotonic_time() + own);
}

void parser_process_feed(struct parser_process *parser, const struct parser_mail *mail, const char *reason,
                         int64_t deadline)
{
	parser->mail = *mail;
	parser->reason = reason;
	parser->fed = feed(parser, try_deadline(deadline));
}

static size_t reply_limit(const struct parser_process *parser)
{
	size_t factor = PARSER_PROCESS_REPLY_FACTOR;

	if (parser->mail.length > (LIMITS_FACTS_SIZE - PARSER_PROCESS_REPLY_BASE) / factor)
		return LIMITS_FACTS_SIZE;
	return PARSER_PROCESS_REPLY_BASE + factor * parser->mail.length;
}

/* Facts are one line of text; and behind a reply nothing may follow. */
static bool well_formed(int fd, const char *facts, size_t length)
{
	char more;

	if (length < 2 || facts[0] != '{' || facts[length - 1] != '}' || memchr(facts, '\n', length) != NULL)
		return false;
	if (recv(fd, &more, 1, MSG_PEEK | MSG_DONTWAIT) > 0)
		return false;
	return g_utf8_validate(facts, (gssize)length, NULL);
}

/* Read one reply.  0; -EPROTO for one that is not right; -ENOMEM; or what receive_all() gives. */
static int receive_reply(const struct parser_process *parser, int64_t deadline, char **ret_facts)
{
	g_autofree char *facts = NULL;
	struct parser_reply reply;
	int status = receive_all(parser->socket, &reply, sizeof(reply), deadline);

	if (status < 0)
		return status;
	if (reply.magic != PARSER_MAGIC || reply.length > reply_limit(parser))
		return -EPROTO;
	facts = g_try_malloc((size_t)reply.length + 1);
	if (facts == NULL)
		return -ENOMEM;
	status = receive_all(parser->socket, facts, (size_t)reply.length, deadline);
	if (status < 0)
		return status;
	facts[reply.length] = '\0';
	if (!well_formed(parser->socket, facts, (size_t)reply.length))
		return -EPROTO;
	*ret_facts = g_steal_pointer(&facts);
	return 0;
}

/* Is it a signal that a process brings on itself?  GLib ends with SIGTRAP where memory fails it. */
static bool own_signal(int signal_number)
{
	static const int own[] = {SIGSEGV, SIGABRT, SIGBUS, SIGSYS, SIGXCPU, SIGXFSZ, SIGILL, SIGFPE, SIGTRAP};

	for (size_t i = 0; i < G_N_ELEMENTS(own); i++) {
		if (own[i] == signal_number)
			return true;
	}
	return false;
}

/* Whose fault it was that a worker ended, and in words how. */
static enum trial judge_end(int wait_status, char **ret_reason)
{
	if (WIFSIGNALED(wait_status)) {
		int number = WTERMSIG(wait_status);
		const char *name = sigabbrev_np(number);

		*ret_reason =
			g_strdup_printf("the parser ended by signal %d (SIG%s)", number, name == NULL ? "?" : name);
		return own_signal(number) ? TRIAL_OWN_FAULT : TRIAL_OUTSIDE;
	}
	*ret_reason = g_strdup_printf("the parser ended with status %d", WEXITSTATUS(wait_status));
	switch (WEXITSTATUS(wait_status)) {
	case PARSER_EXIT_SETUP:
	case EXIT_NOT_LOADED:
		return TRIAL_OUTSIDE;
	default:
		return TRIAL_OWN_FAULT;
	}
}

/* A try has failed with `failure`: end the worker and say whose fault it was. */
static enum trial judge(struct parser_process *parser, int failure, int64_t deadline, char **ret_reason)
{
	bool started = parser->socket >= 0;
	int wait_status = started ? end_worker(parser) : 0;

	if (!started) {
		*ret_reason = g_strdup_printf("%s cannot be started: %s", parser->program, g_strerror(-failure));
		return TRIAL_OUTSIDE;
	}
	if (failure == -ETIMEDOUT && deadline_left(deadline) == 0) {
		*ret_reason = g_strdup("the parser was not done in time");
		return TRIAL_NO_TIME;
	}
	if (failure == -ETIMEDOUT) {
		*ret_reason = g_strdup("the parser was not done within its time limit");
		return TRIAL_OWN_FAULT;
	}
	if (failure == -EPROTO) {
		*ret_reason = g_strdup("the parser gave no proper answer");
		return TRIAL_OWN_FAULT;
	}
	if (failure == -ENOMEM) {
		*ret_reason = g_strdup("out of memory");
		return TRIAL_OUTSIDE;
	}
	return judge_end(wait_status, ret_reason);
}

void parser_process_forget(struct parser_process *parser)
{
	if (parser->worker >= 0)
		end_worker(parser);
}

int parser_process_collect(struct parser_process *parser, int64_t deadline, char **ret_facts, char **ret_reason)
{
	g_autofree char *reason = NULL;
	enum trial trial = TRIAL_DONE;
	bool own_fault = true;

	for (unsigned i = 0; i < PARSER_PROCESS_TRIES && trial != TRIAL_NO_TIME; i++) {
		int64_t end = try_deadline(deadline);
		int status = i == 0 ? parser->fed : feed(parser, end);

		if (status == 0)
			status = receive_reply(parser, end, ret_facts);
		if (status == 0)
			return 0;
		g_clear_pointer(&reason, g_free);
		trial = judge(parser, status, deadline, &reason);
		own_fault = own_fault && trial == TRIAL_OWN_FAULT;
	}
	*ret_reason = g_steal_pointer(&reason);
	return own_fault ? -EBADMSG : -EAGAIN;
}

/* The facts of a rejected mail of which nothing is to be looked at but its length and hash. */
static char *blind_facts(const struct parser_mail *mail, const char *reason)
{
	g_autofree char *sha256 =
		g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)mail->bytes, mail->length);
	json_t *facts = json_pack("{s:i, s:I, s:s, s:[], s:s, s:n, s:n}", "facts", FACTS_VERSION, "size",
	                          (json_int_t)mail->length, "sha256", sha256, "problems", "rejected", reason,
	                          "message_id", "subject");
	char *text = json_dumps(facts, JSON_COMPACT);

	json_decref(facts);
	return text;
}

char *parser_process_reject(struct parser_process *parser, const struct parser_mail *mail, const char *reason,
                            int64_t deadline)
{
	g_autofree char *failure = NULL;
	char *facts = NULL;

	parser_process_feed(parser, mail, reason, deadline);
	if (parser_process_collect(parser, deadline, &facts, &failure) == 0)
		return facts;
	return blind_facts(mail, reason);
}
