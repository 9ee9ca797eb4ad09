/* post.c - posts events to a URL, with libcurl.
 *
 * Used by receiver.c.  Promises: one request at a time, over a connection that is kept; TLS 1.2 or later, with a chain
 * that is trusted and the host's name in the certificate; no redirect is followed, no proxy or netrc asked; clear text
 * goes to this machine alone, unless the settings say otherwise.  What the receiver sends is bounded in bytes and time.
 */
#include "build-config.h"

#include "hook/post.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/deadline.h"
#include "base/notify.h"
#include "base/resolve.h"
#include "hook/result.h"
#include "hook/signature.h"

#define PHRASE_MAX 200 /* bytes that are kept of a status line, and of a body */

struct hook_post {
	const struct hook_settings *settings;
	const GPtrArray *secrets;
	int call;
	CURLM *multi;
	CURL *easy;
	char error[CURL_ERROR_SIZE];
	/* The answer that is being read. */
	size_t bytes;
	bool complete;      /* its header is, and it is the final one; or it is too long, and its status counts */
	bool other_machine; /* clear text would have gone there */
	GString *phrase, *body;
};

/* What libcurl calls ----------------------------------------------------------------------------------------------- */

static unsigned status_of(const struct hook_post *post)
{
	long status = 0;

	curl_easy_getinfo(post->easy, CURLINFO_RESPONSE_CODE, &status);
	return status < 200 || status > 999 ? 0 : (unsigned)status;
}

static void keep(GString *text, const char *bytes, size_t length)
{
	g_string_append_len(text, bytes, (gssize)MIN(length, PHRASE_MAX - text->len));
}

/* Count what has come.  False if it is too much. */
static bool count(struct hook_post *post, size_t length)
{
	post->bytes += length;
	if (post->bytes <= HOOK_ANSWER_MAX)
		return true;
	post->complete = status_of(post) > 0;
	return false;
}

/* A line of the header, also of answers that are not final (1xx). */
static size_t take_header(char *line, size_t one, size_t length, void *context)
{
	struct hook_post *post = context;

	(void)one;
	if (length > 5 && memcmp(line, "HTTP/", 5) == 0) {
		const char *code = memchr(line, ' ', length), *end = line + length;
		const char *phrase = code ? memchr(code + 1, ' ', (size_t)(end - code - 1)) : NULL;

		g_string_truncate(post->phrase, 0);
		while (end > line && (end[-1] == '\n' || end[-1] == '\r'))
			end--;
		if (phrase && phrase < end)
			keep(post->phrase, phrase + 1, (size_t)(end - phrase - 1));
	} else if ((*line == '\r' || *line == '\n') && status_of(post) > 0) {
		post->complete = true;
	}
	return count(post, length) ? length : 0;
}

static size_t take_body(char *bytes, size_t one, size_t length, void *context)
{
	struct hook_post *post = context;

	(void)one;
	keep(post->body, bytes, length);
	return count(post, length) ? length : 0;
}

/* Before a connection is made: clear text for another machine stops here. */
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct hook_post *post = context;
	bool clear = g_ascii_strncasecmp(post->settings->url, "http:", 5) == 0;

	(void)purpose;
	if (clear && !post->settings->cleartext && !resolve_is_loopback(&address->addr)) {
		post->other_machine = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* One receiver ----------------------------------------------------------------------------------------------------- */

static void set_options(struct hook_post *post)
{
	const struct hook_settings *settings = post->settings;
	CURL *easy = post->easy;

	curl_easy_setopt(easy, CURLOPT_URL, settings->url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, PACKAGE_NAME "/" PACKAGE_VERSION);
	curl_easy_setopt(easy, CURLOPT_POST, 1L);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
	/* A look-up that hangs does not hold up the end. */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#endif
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)MIN(settings->timeout, HOOK_CONNECT));
	curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)settings->timeout);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	if (settings->ca_file) {
		curl_easy_setopt(easy, CURLOPT_CAINFO, settings->ca_file);
		/* Else those of the system count besides. */
		curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, post->error);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, post);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, post);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, post);
}

struct hook_post *hook_post_new(const struct hook_settings *settings, const GPtrArray *secrets, int call)
{
	struct hook_post *post = g_new0(struct hook_post, 1);

	curl_global_init(CURL_GLOBAL_DEFAULT);
	post->settings = settings;
	post->secrets = secrets;
	post->call = call;
	post->multi = curl_multi_init();
	post->easy = curl_easy_init();
	post->phrase = g_string_new(NULL);
	post->body = g_string_new(NULL);
	if (!post->multi || !post->easy)
		g_error("libcurl does not start");
	set_options(post);
	return post;
}

void hook_post_free(struct hook_post *post)
{
	if (!post)
		return;
	curl_easy_cleanup(post->easy);
	curl_multi_cleanup(post->multi);
	g_string_free(post->phrase, TRUE);
	g_string_free(post->body, TRUE);
	g_free(post);
}

/* One delivery ----------------------------------------------------------------------------------------------------- */

static G_GNUC_PRINTF(2, 3) struct curl_slist *add_header(struct curl_slist *headers, const char *format, ...)
{
	g_autofree char *line = NULL;
	struct curl_slist *longer;
	va_list arguments;

	va_start(arguments, format);
	line = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	longer = curl_slist_append(headers, line);
	if (!longer)
		g_error("out of memory");
	return longer;
}

static struct curl_slist *headers_of(const struct hook_post *post, const struct hook_event *event)
{
	int64_t now = g_get_real_time() / G_USEC_PER_SEC;
	g_autofree char *signature = hook_signature(post->secrets, event->id, now, event->document);
	struct curl_slist *headers = add_header(NULL, "Content-Type: application/json");

	headers = add_header(headers, "Expect:");
	headers = add_header(headers, "webhook-id: %s", event->id);
	headers = add_header(headers, "webhook-timestamp: %" PRId64, now);
	return signature ? add_header(headers, "webhook-signature: %s", signature) : headers;
}

/* Wait until libcurl has something to do; called away it has until `deadline`, which is brought forward. */
static void wait_for_receiver(struct hook_post *post, bool *called, int64_t *deadline)
{
	struct curl_waitfd call = {.fd = post->call, .events = CURL_WAIT_POLLIN};
	int64_t left = deadline_left(*deadline), interval = notify_interval();
	bool watches = post->call >= 0 && !*called;

	curl_multi_poll(post->multi, watches ? &call : NULL, watches ? 1 : 0, (int)(MIN(left, interval) / 1000) + 1,
	                NULL);
	notify_alive();
	if (watches && call.revents) {
		*called = true;
		*deadline = deadline_earlier(*deadline, deadline_after(DEADLINE_HURRY));
	}
}

/* Let libcurl do it.  0 and its code, or -EINTR. */
static int perform(struct hook_post *post, CURLcode *ret_code)
{
	/* libcurl's own time limit comes first. */
	int64_t deadline = deadline_after(post->settings->timeout + 1);
	bool called = false;
	CURLMsg *message;
	int running = 1, left;

	for (;;) {
		if (curl_multi_perform(post->multi, &running) != CURLM_OK)
			g_error("libcurl does not go on");
		if (running == 0)
			break;
		if (deadline_left(deadline) == 0) {
			*ret_code = CURLE_OPERATION_TIMEDOUT;
			return called ? -EINTR : 0;
		}
		wait_for_receiver(post, &called, &deadline);
	}
	*ret_code = CURLE_OK;
	while ((message = curl_multi_info_read(post->multi, &left)))
		if (message->msg == CURLMSG_DONE)
			*ret_code = message->data.result;
	return 0;
}

/* Why there is no answer. */
static void explain(const struct hook_post *post, CURLcode code, struct hook_result *ret_result)
{
	if (post->other_machine)
		hook_result_fail(ret_result, "the receiver is another machine: http:// is for this one only, unless "
		                             "cleartext=yes");
	else
		hook_result_fail(ret_result, code == CURLE_OK
		                                     ? "the receiver closed the connection before it had answered"
		                             : *post->error ? post->error
		                                            : curl_easy_strerror(code));
}

static void read_answer(const struct hook_post *post, CURLcode code, struct hook_result *ret_result)
{
	struct hook_answer answer = {.status = status_of(post), .phrase = post->phrase->str, .body = post->body->str};
	curl_off_t retry_after = 0;

	if (!post->complete) {
		explain(post, code, ret_result);
		return;
	}
	curl_easy_getinfo(post->easy, CURLINFO_RETRY_AFTER, &retry_after);
	answer.retry_after = retry_after;
	hook_result_of_answer(&answer, ret_result);
}

int hook_post_deliver(struct hook_post *post, const struct hook_event *event, struct hook_result *ret_result)
{
	struct curl_slist *headers = headers_of(post, event);
	CURLcode code = CURLE_OK;
	int status;

	post->bytes = 0;
	post->complete = post->other_machine = false;
	*post->error = '\0';
	g_string_truncate(post->phrase, 0);
	g_string_truncate(post->body, 0);
	curl_easy_setopt(post->easy, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(post->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(event->document));
	curl_easy_setopt(post->easy, CURLOPT_POSTFIELDS, event->document);
	curl_multi_add_handle(post->multi, post->easy);
	status = perform(post, &code);
	if (status == 0)
		read_answer(post, code, ret_result);
	curl_multi_remove_handle(post->multi, post->easy);
	curl_easy_setopt(post->easy, CURLOPT_HTTPHEADER, NULL);
	curl_slist_free_all(headers);
	return status;
}
