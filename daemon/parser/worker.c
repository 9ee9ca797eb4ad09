/* worker.c - the process that parses mail, at the other end of parser/process.h.
 *
 * Called by main() of patchmaild-parser, and of the tests that play bad ones.  It begins by giving up what it was born
 * with: other descriptors, memory and processor time without end, root's rights, and what else sandbox.c takes from
 * it. It says that it is ready.  Then it reads the settings and a mail, writes the mail's facts, and reads the next
 * one.  It does not outlive the process that started it.
 */
#include "parser/worker.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <glib.h>

#include "base/descriptors.h"
#include "base/memory.h"
#include "build-config.h"
#include "parser/sandbox.h"
#include "settings/configuration.h"

/* AddressSanitizer reserves terabytes of addresses. */
#if defined(__SANITIZE_ADDRESS__)
#define HAVE_ADDRESS_LIMIT 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAVE_ADDRESS_LIMIT 0
#endif
#endif
#ifndef HAVE_ADDRESS_LIMIT
#define HAVE_ADDRESS_LIMIT 1
#endif

/* Nothing of these processes can be reported but by their end. */
static void must(bool worked)
{
	if (!worked)
		_exit(PARSER_EXIT_SETUP);
}

/* Where others allow less, that is it. */
static void limit(memory_resource resource, rlim_t value)
{
	struct rlimit both;

	must(getrlimit(resource, &both) == 0);
	both.rlim_cur = both.rlim_max = MIN(value, both.rlim_max);
	must(setrlimit(resource, &both) == 0);
}

/* End when `parent` ends, also if it has ended already. */
static void end_with(pid_t parent)
{
	must(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
	must(getppid() == parent);
}

/* Processor time is counted over all mails of a worker: let it have so much more for the next one. */
static void allow_processor_time(void)
{
	struct rusage used;
	struct rlimit seconds;

	must(getrusage(RUSAGE_SELF, &used) == 0 && getrlimit(RLIMIT_CPU, &seconds) == 0);
	seconds.rlim_cur = MIN((rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + PARSER_PROCESS_CPU_SECONDS + 1,
	                       seconds.rlim_max);
	must(setrlimit(RLIMIT_CPU, &seconds) == 0);
}

/* Read so many bytes; false at the end of the input. */
static bool read_all(void *bytes, size_t length)
{
	char *next = bytes;

	while (length > 0) {
		ssize_t got = read(PARSER_PROCESS_SOCKET, next, length);

		if (got == 0)
			return false;
		must(got > 0 || errno == EINTR);
		if (got > 0) {
			next += got;
			length -= (size_t)got;
		}
	}
	return true;
}

/* Send these parts, all of them. */
static void send_parts(struct iovec *parts, size_t count)
{
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = count};

	while (message.msg_iovlen > 0) {
		ssize_t sent = sendmsg(PARSER_PROCESS_SOCKET, &message, MSG_NOSIGNAL);
		size_t gone = sent > 0 ? (size_t)sent : 0;

		must(sent > 0 || errno == EINTR);
		for (; message.msg_iovlen > 0 && gone >= message.msg_iov->iov_len; message.msg_iovlen--)
			gone -= message.msg_iov++->iov_len;
		if (message.msg_iovlen > 0) {
			message.msg_iov->iov_base = (char *)message.msg_iov->iov_base + gone;
			message.msg_iov->iov_len -= gone;
		}
	}
}

/* A text of that length, NULL of none; false at the end of the input. */
static bool read_text(uint64_t length, char **ret_text)
{
	if (length == 0)
		return true;
	*ret_text = g_malloc0(length + 1);
	return read_all(*ret_text, length);
}

static void reply(const char *facts)
{
	struct parser_reply head = {.magic = PARSER_MAGIC, .length = strlen(facts)};
	struct iovec parts[] = {{&head, sizeof(head)}, {(char *)facts, head.length}};

	send_parts(parts, G_N_ELEMENTS(parts));
}

/* Work on one request; false when there are no more. */
static bool work(const struct parser_program *program)
{
	g_autofree char *text = NULL, *list_id = NULL, *bytes = NULL, *facts = NULL;
	struct parser_request request;
	struct parser_mail mail;

	if (!read_all(&request, sizeof(request)))
		return false;
	must(request.magic == PARSER_MAGIC);
	bytes = g_malloc(request.length + 1);
	if (!read_text(request.text_length, &text) || !read_text(request.list_id_length, &list_id) ||
	    !read_all(bytes, request.length))
		return false;
	bytes[request.length] = '\0';
	if (request.kind == PARSER_SETTINGS) {
		must(!program->take_settings || program->take_settings(text ? text : ""));
		return true;
	}
	allow_processor_time();
	mail = (struct parser_mail){bytes, request.length, list_id};
	facts = program->parse(&mail, request.kind == PARSER_REJECT ? (text ? text : "") : NULL);
	reply(facts);
	return true;
}

/* Keep nothing open but the socket. */
static void close_others(void)
{
	for (int fd = 0; fd < PARSER_PROCESS_SOCKET; fd++)
		close(fd);
	must(descriptors_close_from(PARSER_PROCESS_SOCKET + 1) == 0);
}

static void limit_all(bool has_sandbox)
{
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_STACK, PARSER_PROCESS_STACK);
	if (HAVE_ADDRESS_LIMIT) {
		limit(RLIMIT_AS, PARSER_PROCESS_MEMORY);
		limit(RLIMIT_DATA, PARSER_PROCESS_MEMORY);
	}
	/* What looks for leaks starts a process, and what counts lines writes files. */
	if (!INSTRUMENTED) {
		limit(RLIMIT_FSIZE, 0);
		limit(RLIMIT_MEMLOCK, 0);
		limit(RLIMIT_MSGQUEUE, 0);
		limit(RLIMIT_NPROC, 0);
	}
	/* valgrind, which runs without a sandbox, keeps descriptors of its own. */
	if (!INSTRUMENTED && has_sandbox)
		limit(RLIMIT_NOFILE, PARSER_PROCESS_FILES);
}

/* Libraries' warnings have nowhere to go, and the way there is full of system calls. */
static GLogWriterOutput drop_message(GLogLevelFlags level, const GLogField *fields, gsize count, void *context)
{
	(void)level;
	(void)fields;
	(void)count;
	(void)context;
	return G_LOG_WRITER_HANDLED;
}

static void say_hello(unsigned lacks)
{
	struct parser_hello hello = {.magic = PARSER_MAGIC, .lacks = lacks};
	struct iovec part = {&hello, sizeof(hello)};

	send_parts(&part, 1);
}

int parser_worker_run(int count, char **arguments, const struct parser_program *program)
{
	bool has_sandbox, is_required;
	unsigned lacks = 0;

	must(count == 3);
	has_sandbox = !g_str_equal(arguments[2], CONFIG_SANDBOX_OFF);
	is_required = g_str_equal(arguments[2], CONFIG_SANDBOX_REQUIRED);
	close_others();
	if (has_sandbox)
		lacks |= sandbox_change_user();
	end_with((pid_t)g_ascii_strtoll(arguments[1], NULL, 10));
	limit_all(has_sandbox);
	memory_end_with(PARSER_EXIT_MEMORY, STDERR_FILENO, NULL);
	g_log_set_writer_func(drop_message, NULL, NULL);
	if (program->prepare != NULL)
		program->prepare();
	if (has_sandbox)
		lacks |= sandbox_shut(PARSER_PROCESS_SOCKET);
	say_hello(lacks);
	must(!is_required || (lacks & SANDBOX_NEEDS) == 0);
	while (work(program))
		;
	return 0;
}
