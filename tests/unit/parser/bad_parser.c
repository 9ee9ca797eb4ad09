/* bad_parser.c - the parser program of test_process.c and test_pool.c: what it does is said by the mail, in its first
 * word. */
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <glib.h>

#include "parser/process.h"
#include "parser/worker.h"

static char *settings;
static volatile unsigned char *volatile nowhere = NULL;

static char *answer(const char *format, ...) G_GNUC_PRINTF(1, 2);
static char *answer(const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	return text;
}

static _Noreturn char *burn(void)
{
	for (;;)
		;
}

/* Addresses are what is limited: the memory need not be written to, which takes some machines half a minute. */
static _Noreturn char *eat_memory(void)
{
	for (;;)
		*(volatile char *)g_malloc(100 * 1024 * 1024) = 1;
}

/* A frame by hand. */
static char *talk(uint32_t magic, uint64_t length, const char *text)
{
	struct parser_reply reply = {.magic = magic, .length = length};

	if (write(PARSER_PROCESS_SOCKET, &reply, sizeof(reply)) < 0 ||
	    write(PARSER_PROCESS_SOCKET, text, strlen(text)) < 0)
		_exit(1);
	sleep(60);
	return NULL;
}

/* What is open besides the socket, and what is left of the environment. */
static char *look_around(void)
{
	g_autoptr(GString) found = g_string_new(NULL);
	struct rlimit core;

	for (int fd = 0; fd < 1024; fd++) {
		if (fd != PARSER_PROCESS_SOCKET && fcntl(fd, F_GETFD) >= 0)
			g_string_append_printf(found, "%d ", fd);
	}
	for (char **entry = environ; entry != NULL && *entry != NULL; entry++)
		g_string_append(found, *entry);
	getrlimit(RLIMIT_CORE, &core);
	for (int number = 1; number < 32; number++) {
		void (*old)(int) = signal(number, SIG_DFL);

		/* GPGME, which GMime starts, ignores SIGPIPE. */
		if (old != SIG_DFL && old != SIG_ERR && number != SIGPIPE)
			g_string_append_printf(found, "signal %d ", number);
	}
	return answer("{\"found\":\"%s\",\"core\":%d}", found->str, (int)core.rlim_max);
}

static bool take_settings(const char *text)
{
	settings = g_strdup(text);
	return !g_str_equal(text, "none");
}

static char *parse(const struct parser_mail *mail, const char *reason)
{
	const char *bytes = mail->bytes;
	size_t length = mail->length;
	static unsigned mails;

	mails++;
	if (g_str_has_prefix(bytes, "always dies"))
		raise(SIGSEGV);
	if (reason != NULL)
		return answer("{\"rejected\":\"%s\",\"size\":%zu}", reason, length);
	if (g_str_equal(bytes, "count"))
		return answer("{\"mails\":%u}", mails);
	if (g_str_has_prefix(bytes, "signal "))
		raise((int)g_ascii_strtoll(bytes + 7, NULL, 10));
	if (g_str_has_prefix(bytes, "touch "))
		*nowhere = 1;
	if (g_str_has_prefix(bytes, "exit "))
		_exit((int)g_ascii_strtoll(bytes + 5, NULL, 10));
	/* Only the first worker: it leaves a mark. */
	if (g_str_has_prefix(bytes, "once ")) {
		if (open(bytes + 5, O_CREAT | O_EXCL | O_WRONLY, 0600) >= 0)
			abort();
		return answer("{\"second\":true}");
	}
	if (g_str_equal(bytes, "burn"))
		return burn();
	if (g_str_equal(bytes, "eat"))
		return eat_memory();
	if (g_str_equal(bytes, "hang"))
		sleep(60);
	if (g_str_equal(bytes, "magic"))
		return talk(1, 2, "{}");
	if (g_str_equal(bytes, "short"))
		return talk(PARSER_MAGIC, 10, "{}");
	if (g_str_equal(bytes, "huge"))
		return talk(PARSER_MAGIC, UINT64_MAX, "{}");
	if (g_str_equal(bytes, "over"))
		return talk(PARSER_MAGIC, PARSER_PROCESS_REPLY_BASE + 4 * PARSER_PROCESS_REPLY_FACTOR + 1, "{}");
	if (g_str_equal(bytes, "more"))
		return talk(PARSER_MAGIC, 2, "{}{}");
	if (g_str_equal(bytes, "nul"))
		return talk(PARSER_MAGIC, 3, "{x}");
	if (g_str_equal(bytes, "text"))
		return answer("no JSON");
	if (g_str_equal(bytes, "lines"))
		return answer("{\n}");
	if (g_str_equal(bytes, "latin"))
		return answer("{\"\xff\"}");
	if (g_str_equal(bytes, "pid"))
		return answer("{\"pid\":%d}", (int)getpid());
	if (g_str_has_prefix(bytes, "fill ")) {
		g_autofree char *filling = g_strnfill((gsize)g_ascii_strtoull(bytes + 5, NULL, 10), 'x');

		return answer("{\"filling\":\"%s\"}", filling);
	}
	/* What would be more or less than one mail's facts among those of others. */
	if (g_str_equal(bytes, "two"))
		return answer("{\"a\":1},{\"b\":2}");
	if (g_str_equal(bytes, "open"))
		return answer("{\"a\":[{}");
	if (g_str_equal(bytes, "shut"))
		return answer("{}]},{\"b\":[{}");
	if (g_str_equal(bytes, "quote"))
		return answer("{\"a\":\"}");
	if (g_str_equal(bytes, "slash"))
		return answer("{\"a\":\"\\\\\\\"}");
	if (g_str_equal(bytes, "brackets"))
		return answer("{\"a\":\"}\\\\\\\"]{\",\"b\\\\\":[[],{}]}");
	if (g_str_equal(bytes, "settings"))
		return answer("{\"settings\":%zu,\"list\":\"%s\"}", settings ? strlen(settings) : 0,
		              mail->list_id ? mail->list_id : "");
	if (g_str_equal(bytes, "look"))
		return look_around();
	return answer("{\"length\":%zu,\"sum\":%u}", length, g_str_hash(bytes));
}

/* AddressSanitizer, if it is there, should leave the signals alone: a real parser has no AddressSanitizer. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:handle_abort=0";
}

int main(int count, char **arguments)
{
	static const struct parser_program program = {.take_settings = take_settings, .parse = parse};

	return parser_worker_run(count, arguments, &program);
}
