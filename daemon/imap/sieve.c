/* sieve.c - between an IMAP server and libetpan.
 *
 * Called by stream.c with what is sent and with what comes.  Reads lines; answers to SEARCH and FETCH, which may be
 * long, are read as they come (sieve_search.c, sieve_fetch.c).  What a mailbox is like is put together, and goes out
 * before the answer to SELECT.  News of the mailbox may come at any time, also where libetpan reads nothing of the kind
 * (in front of "+ idling"): they are kept here, and asked for with imap_sieve_has_news().
 */
#include "imap/sieve.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/log.h"
#include "imap/sieve_fetch.h"
#include "imap/sieve_line.h"
#include "imap/sieve_number.h"
#include "imap/sieve_search.h"

#define COMMAND_MAX 60u /* bytes of a command, from which it is told */
#define BRACE_MAX 24u   /* bytes of "{123+}" and blanks after it */

/* What the command at work needs. */
enum expected {
	GREETING,
	CAPABILITY,
	LOGIN, /* LOGIN and AUTHENTICATE */
	SELECT,
	SEARCH,
	FETCH,
	LIST,
	ID,
	IDLE,
	RESULT, /* only if it was done */
};

enum mode {
	LINES,
	LITERAL, /* in a line */
	SEARCH_ANSWER,
	FETCH_ANSWER,
};

/* What the server says of a mailbox; 0: nothing. */
struct selection {
	uint32_t exists, uidvalidity, uidnext;
	bool counted; /* `exists` was told */
};

struct imap_sieve {
	enum expected expected;
	GString *command;    /* how it begins */
	bool command_begins; /* more of it may come */
	char *tag;
	bool answered;  /* with its tag */
	bool told;      /* what it needs without a tag came */
	bool continued; /* IDLE: it has begun */
	char sent[4];   /* the end of what was sent, as it may announce a literal, for which the server is waited for */
	bool excess;

	enum mode mode;
	GString *line;
	bool cut;        /* the line was too long */
	bool line_ended; /* or the answer that took its place */
	uint64_t size;
	struct sieve_search search;
	struct sieve_fetch fetch;

	struct selection selection;
	bool news;
	char *farewell;

	GString *shown; /* of the line that comes */
	GString *last;  /* ... and of the one before it */
	bool broken;
	imap_sieve_watcher *watcher;
	void *context;
};

struct imap_sieve *imap_sieve_new(void)
{
	struct imap_sieve *sieve = g_new0(struct imap_sieve, 1);

	sieve->command = g_string_new(NULL);
	sieve->line = g_string_new(NULL);
	sieve->shown = g_string_new(NULL);
	sieve->last = g_string_new(NULL);
	sieve->tag = g_strdup("*");
	sieve_search_init(&sieve->search);
	sieve_fetch_init(&sieve->fetch);
	return sieve;
}

void imap_sieve_free(struct imap_sieve *sieve)
{
	if (!sieve)
		return;
	g_string_free(sieve->command, TRUE);
	g_string_free(sieve->line, TRUE);
	g_string_free(sieve->shown, TRUE);
	g_string_free(sieve->last, TRUE);
	g_free(sieve->tag);
	g_free(sieve->farewell);
	sieve_search_release(&sieve->search);
	sieve_fetch_release(&sieve->fetch);
	g_free(sieve);
}

void imap_sieve_watch(struct imap_sieve *sieve, imap_sieve_watcher *watcher, void *context)
{
	sieve->watcher = watcher;
	sieve->context = context;
}

/* Commands ------------------------------------------------------------------------------------------------------- */

static enum expected expected_by(const char *name, size_t length)
{
	static const struct {
		const char *name;
		enum expected expected;
	} commands[] = {
		{"CAPABILITY", CAPABILITY},
		{"LOGIN", LOGIN},
		{"AUTHENTICATE", LOGIN},
		{"SELECT", SELECT},
		{"EXAMINE", SELECT},
		{"SEARCH", SEARCH},
		{"FETCH", FETCH},
		{"LIST", LIST},
		{"ID", ID},
		{"IDLE", IDLE},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
		if (sieve_line_is(name, length, commands[i].name))
			return commands[i].expected;
	}
	return RESULT;
}

/* "5 UID FETCH 7 (...", as far as it has been sent. */
static void read_command(struct imap_sieve *sieve)
{
	const char *rest = sieve->command->str, *word;
	size_t length = sieve_line_word(&rest, &word);

	g_free(sieve->tag);
	sieve->tag = g_strndup(word, length);
	length = sieve_line_word(&rest, &word);
	if (sieve_line_is(word, length, "UID"))
		length = sieve_line_word(&rest, &word);
	sieve->expected = expected_by(word, length);
}

static void begin_command(struct imap_sieve *sieve)
{
	g_string_truncate(sieve->command, 0);
	sieve->command_begins = true;
	sieve->answered = sieve->told = sieve->continued = sieve->excess = false;
	sieve_fetch_forget(&sieve->fetch);
}

/* The last bytes, put together from more than one piece. */
static void keep_end(struct imap_sieve *sieve, const char *bytes, size_t size)
{
	size_t taken = MIN(size, sizeof(sieve->sent));

	memmove(sieve->sent, sieve->sent + taken, sizeof(sieve->sent) - taken);
	memcpy(sieve->sent + sizeof(sieve->sent) - taken, bytes + size - taken, taken);
}

void imap_sieve_sent(struct imap_sieve *sieve, const char *bytes, size_t size)
{
	keep_end(sieve, bytes, size);
	/* A server may end IDLE by itself; then it is no command. */
	if (sieve->answered && size >= 4 && memcmp(bytes, "DONE", 4) == 0)
		return;
	if (sieve->answered)
		begin_command(sieve);
	if (!sieve->command_begins)
		return;
	for (size_t i = 0; i < size && sieve->command_begins; i++) {
		if (bytes[i] == '\r' || bytes[i] == '\n' || sieve->command->len == COMMAND_MAX)
			sieve->command_begins = false;
		else
			g_string_append_c(sieve->command, bytes[i]);
	}
	read_command(sieve);
	if (sieve->expected == SELECT) {
		sieve->selection = (struct selection){0};
		sieve->news = false;
	}
}

static bool is_literal_announced(const struct imap_sieve *sieve)
{
	return memcmp(sieve->sent + 1, "}\r\n", 3) == 0 && sieve->sent[0] != '+';
}

/* News ----------------------------------------------------------------------------------------------------------- */

/* Mails that are there, as far as the server has said. */
static void take_exists(struct imap_sieve *sieve, uint64_t exists)
{
	sieve->news |= exists != sieve->selection.exists;
	sieve->selection.exists = (uint32_t)MIN(exists, UINT32_MAX);
	sieve->selection.counted = true;
}

static void take_expunge(struct imap_sieve *sieve)
{
	if (sieve->selection.exists > 0)
		sieve->selection.exists--;
	sieve_fetch_forget(&sieve->fetch);
}

/* "* 5 EXISTS". */
static void take_number(struct imap_sieve *sieve, uint64_t number, const char *rest)
{
	const char *word;
	size_t length = sieve_line_word(&rest, &word);

	if (sieve_line_is(word, length, "EXISTS"))
		take_exists(sieve, number);
	else if (sieve_line_is(word, length, "EXPUNGE"))
		take_expunge(sieve);
}

/* Statuses ------------------------------------------------------------------------------------------------------- */

/* A code with a number that counts.  A UIDNEXT that is none is not told; without UIDVALIDITY nothing can be done. */
static void take_code(struct imap_sieve *sieve, const struct sieve_status *status)
{
	g_autofree char *digits = status->rest ? g_strndup(status->rest, strcspn(status->rest, " ])")) : NULL;
	uint64_t number = 0;
	bool read = digits && sieve_number(digits, &number) && number <= UINT32_MAX;

	if (sieve->expected != SELECT || !status->code)
		return;
	if (g_str_equal(status->code, "UIDVALIDITY")) {
		sieve->broken |= !read;
		sieve->selection.uidvalidity = (uint32_t)number;
	} else if (g_str_equal(status->code, "UIDNEXT")) {
		sieve->selection.uidnext = read ? (uint32_t)number : 0;
	} else if (g_str_equal(status->code, "CLOSED")) {
		/* What came before was of the mailbox that was open (RFC 7162 section 3.2.11). */
		sieve->selection = (struct selection){0};
	}
}

/* What the answer to a command has in front. */
static void write_selection(struct imap_sieve *sieve, GString *out)
{
	const struct selection *selection = &sieve->selection;

	g_string_append_printf(out, "* %u EXISTS\r\n", selection->exists);
	if (selection->uidvalidity > 0)
		g_string_append_printf(out, "* OK [UIDVALIDITY %u] valid\r\n", selection->uidvalidity);
	if (selection->uidnext > 0)
		g_string_append_printf(out, "* OK [UIDNEXT %u] next\r\n", selection->uidnext);
	sieve->news = false;
}

/* What libetpan cannot do without. */
static void write_missing(struct imap_sieve *sieve, GString *out)
{
	if (sieve->expected == CAPABILITY && !sieve->told)
		sieve_line_capability("", out);
	else if (sieve->expected == SEARCH && !sieve->told)
		g_string_append(out, "* SEARCH\r\n");
	else if (sieve->expected == ID)
		g_string_append(out, "* ID NIL\r\n");
	else if (sieve->expected == SELECT)
		write_selection(sieve, out);
}

/* Servers refuse to search where, as they have said, no mail is. */
static bool is_empty_search(const struct imap_sieve *sieve, const struct sieve_status *status)
{
	return sieve->expected == SEARCH && sieve->selection.counted && sieve->selection.exists == 0 && !status->code;
}

static void take_result(struct imap_sieve *sieve, struct sieve_status *status, GString *out)
{
	take_code(sieve, status);
	if (g_str_equal(status->word, "BYE") || g_str_equal(status->word, "PREAUTH")) {
		sieve->broken = true;
		return;
	}
	if (is_empty_search(sieve, status))
		status->word = "OK";
	if (g_str_equal(status->word, "OK"))
		write_missing(sieve, out);
	sieve_status_write(sieve->tag, status, out);
	sieve->answered = true;
	sieve->command_begins = false;
}

/* "* OK ...". */
static void take_status(struct imap_sieve *sieve, struct sieve_status *status, GString *out)
{
	if (sieve->expected == GREETING && !sieve->answered) {
		sieve->answered = true;
		if (g_str_equal(status->word, "NO") || g_str_equal(status->word, "BAD"))
			status->word = "BYE";
		sieve_status_write("*", status, out);
	} else if (g_str_equal(status->word, "BYE")) {
		/* To libetpan it would be no end, and it may come before the reason why a login is refused. */
		g_free(sieve->farewell);
		sieve->farewell = g_strdup(*status->text || !status->code ? status->text : status->code);
	} else {
		take_code(sieve, status);
	}
}

/* Is it the tag of an earlier command?  "DONE" is what a server that has ended IDLE may take for one. */
static bool is_old_tag(const struct imap_sieve *sieve, const char *word, size_t length)
{
	g_autofree char *tag = g_strndup(word, length);
	uint64_t old, now;

	if (g_ascii_strcasecmp(tag, "DONE") == 0)
		return true;
	return sieve_number(tag, &old) && sieve_number(sieve->tag, &now) && old < now + sieve->answered;
}

/* Lines ---------------------------------------------------------------------------------------------------------- */

static void take_tagged(struct imap_sieve *sieve, GString *out)
{
	const char *rest = sieve->line->str, *tag;
	size_t length = sieve_line_word(&rest, &tag);
	bool ours = !sieve->answered && sieve->expected != GREETING && sieve_line_is(tag, length, sieve->tag);
	struct sieve_status status;

	if (!ours) {
		sieve->broken |= !is_old_tag(sieve, tag, length);
		return;
	}
	if (sieve_status_read(rest, &status))
		take_result(sieve, &status, out);
	else
		sieve->broken = true;
	sieve_status_release(&status);
}

/* "+ text". */
static void take_continuation(struct imap_sieve *sieve, GString *out)
{
	const char *text = sieve->line->str + 1;

	if (sieve->answered)
		return;
	if (sieve->expected == GREETING) {
		sieve->broken = true; /* "+OK": it speaks POP3 */
	} else if (sieve->expected == IDLE) {
		if (!sieve->continued)
			g_string_append(out, "+ idling\r\n");
		sieve->continued = true;
	} else if (sieve->expected == LOGIN || is_literal_announced(sieve)) {
		g_string_append_printf(out, "+ %s\r\n", text + strspn(text, " "));
	}
}

/* What CAPABILITY, SEARCH and LIST need. */
static void take_data(struct imap_sieve *sieve, const char *word, size_t length, const char *rest, GString *out)
{
	if (sieve->expected == CAPABILITY && sieve_line_is(word, length, "CAPABILITY") && !sieve->told) {
		sieve->broken |= sieve->cut;
		sieve_line_capability(rest, out);
	} else if (sieve->expected == SEARCH && sieve_line_is(word, length, "SEARCH")) {
		g_string_append(out, "* SEARCH\r\n");
	} else if (sieve->expected == LIST && sieve_line_is(word, length, "LIST")) {
		sieve->broken |= sieve->cut || !sieve_line_list(rest, out);
	} else {
		return;
	}
	sieve->told = true;
}

static void take_untagged(struct imap_sieve *sieve, GString *out)
{
	const char *line = sieve->line->str + 1, *rest = line, *word;
	size_t length = sieve_line_word(&rest, &word);
	g_autofree char *first = g_strndup(word, length);
	struct sieve_status status;
	uint64_t number;

	if (sieve_status_read(line, &status))
		take_status(sieve, &status, out);
	else if (sieve->expected == GREETING && !sieve->answered)
		sieve->broken = true;
	else if (sieve_number(first, &number))
		take_number(sieve, number, rest);
	else if (!sieve->answered)
		take_data(sieve, word, length, rest, out);
	sieve_status_release(&status);
}

/* A line that shows where it ends.  Between two answers it is nothing. */
static void take_line(struct imap_sieve *sieve, GString *out)
{
	g_strchomp(sieve->line->str);
	g_string_set_size(sieve->line, strlen(sieve->line->str));
	if (sieve->line->len == 0)
		return;
	sieve_fetch_flush(&sieve->fetch, out);
	if (sieve->line->str[0] == '*')
		take_untagged(sieve, out);
	else if (sieve->line->str[0] == '+')
		take_continuation(sieve, out);
	else
		take_tagged(sieve, out);
}

/* Is it a text where the line ends, in which braces are nothing but braces? */
static bool ends_in_text(const char *line)
{
	struct sieve_status status = {0};
	bool text = line[0] != '*' || sieve_status_read(line + 1, &status);
	const char *code = strchr(line, '[');

	sieve_status_release(&status);
	return text && (!code || strchr(code, ']'));
}

/* Has the line a literal at its end?  It is taken off. */
static bool ends_in_literal(struct imap_sieve *sieve)
{
	const char *line = sieve->line->str, *brace = strrchr(line, '{');
	g_autofree char *digits = NULL;
	size_t length;

	if (!brace || strlen(brace) > BRACE_MAX || sieve->cut)
		return false;
	length = strspn(brace + 1, "0123456789");
	digits = g_strndup(brace + 1, length);
	brace += 1 + length;
	brace += *brace == '+';
	if (!sieve_number(digits, &sieve->size) || *brace != '}' || brace[1 + strspn(brace + 1, " \t\r")] ||
	    ends_in_text(line))
		return false;
	g_string_truncate(sieve->line, (gsize)(strrchr(line, '{') - line));
	return true;
}

static void begin_line(struct imap_sieve *sieve)
{
	g_string_truncate(sieve->line, 0);
	sieve->cut = sieve->line_ended = false;
	sieve->mode = LINES;
	if (sieve->shown->len == 0)
		return;
	if (sieve->watcher)
		sieve->watcher(sieve->shown->str, sieve->shown->len, sieve->context);
	g_string_assign(sieve->last, "");
	g_string_append_len(sieve->last, sieve->shown->str, (gssize)sieve->shown->len);
	g_string_truncate(sieve->shown, 0);
}

static void add_to_line(struct imap_sieve *sieve, char byte)
{
	if (sieve->line->len < IMAP_SIEVE_LINE)
		g_string_append_c(sieve->line, byte ? byte : '?');
	else
		sieve->cut = true;
}

static void end_line(struct imap_sieve *sieve, GString *out)
{
	if (ends_in_literal(sieve)) {
		add_to_line(sieve, '"');
		sieve->mode = LITERAL;
		return;
	}
	sieve->line_ended = true;
	take_line(sieve, out);
}

/* A literal goes into the line as a quoted string. */
static void push_literal(struct imap_sieve *sieve, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (bytes[i] == '"' || bytes[i] == '\\')
			add_to_line(sieve, '\\');
		add_to_line(sieve, bytes[i]);
	}
	sieve->size -= size;
}

/* Is it the answer that the command asks for, and one that is read as it comes?  This is known at the blank or
 * parenthesis after its name. */
static void look_for_answer(struct imap_sieve *sieve, GString *out)
{
	const char *rest = sieve->line->str + 1, *first, *second;
	size_t length = sieve_line_word(&rest, &first), more = sieve_line_word(&rest, &second);
	g_autofree char *digits = g_strndup(first, length);
	bool searches = sieve->expected == SEARCH && !sieve->answered;
	uint64_t number;

	if (sieve->line->str[0] != '*')
		return;
	if (sieve_number(digits, &number) && sieve_line_is(second, more, "FETCH")) {
		bool wanted = sieve->expected == FETCH && !sieve->answered;

		sieve->mode = FETCH_ANSWER;
		sieve_fetch_begin(&sieve->fetch, (uint32_t)CLAMP(number, 1, UINT32_MAX), wanted, out);
	} else if (searches && (sieve_line_is(first, length, "SEARCH") || sieve_line_is(first, length, "ESEARCH"))) {
		sieve->mode = SEARCH_ANSWER;
		sieve->told = true;
		sieve_search_begin(&sieve->search, *first == 'E' || *first == 'e', sieve->tag, out);
	}
}

/* Bytes ---------------------------------------------------------------------------------------------------------- */

static size_t push_search(struct imap_sieve *sieve, const char *bytes, size_t size, GString *out)
{
	size_t taken = 0;

	while (taken < size && !sieve->search.done && !sieve->search.broken)
		sieve_search_byte(&sieve->search, bytes[taken++], out);
	sieve->broken = sieve->search.broken;
	sieve->line_ended = sieve->search.done;
	return taken;
}

static size_t push_fetch(struct imap_sieve *sieve, const char *bytes, size_t size, GString *out)
{
	size_t taken = sieve_fetch_push(&sieve->fetch, bytes, size, out);

	sieve->broken = sieve->fetch.state == SIEVE_FETCH_BROKEN;
	sieve->line_ended = sieve->fetch.state == SIEVE_FETCH_DONE;
	return taken;
}

static size_t push_line(struct imap_sieve *sieve, char byte, GString *out)
{
	if (byte == '\n') {
		end_line(sieve, out);
		return 1;
	}
	if ((byte == ' ' || byte == '(') && sieve->line->len > 0 && sieve->line->len <= COMMAND_MAX) {
		look_for_answer(sieve, out);
		if (sieve->mode != LINES)
			return 0;
	}
	if (sieve->line->len > 0 || byte != ' ')
		add_to_line(sieve, byte);
	return 1;
}

/* Read some bytes; how many. */
static size_t push_some(struct imap_sieve *sieve, const char *bytes, size_t size, GString *out)
{
	switch (sieve->mode) {
	case LITERAL:
		size = (size_t)MIN(sieve->size, size);
		push_literal(sieve, bytes, size);
		if (sieve->size > 0)
			return size;
		add_to_line(sieve, '"');
		sieve->mode = LINES;
		return size;
	case SEARCH_ANSWER:
		return push_search(sieve, bytes, size, out);
	case FETCH_ANSWER:
		return push_fetch(sieve, bytes, size, out);
	default:
		return push_line(sieve, *bytes, out);
	}
}

/* Keep what is to be shown of a line. */
static void show(struct imap_sieve *sieve, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size && sieve->shown->len < IMAP_SIEVE_SHOWN; i++) {
		if (bytes[i] != '\n' && bytes[i] != '\r')
			g_string_append_c(sieve->shown, bytes[i]);
	}
}

/* Of the line that cannot be read. */
static void show_rest(struct imap_sieve *sieve, const char *bytes, size_t size)
{
	const char *end = memchr(bytes, '\n', size);

	if (!sieve->line_ended)
		show(sieve, bytes, end ? (size_t)(end - bytes) : size);
	sieve->line_ended |= end != NULL;
}

int imap_sieve_push(struct imap_sieve *sieve, const char *bytes, size_t size, GString *out)
{
	while (size > 0 && !sieve->broken) {
		bool contents = sieve->mode == LITERAL ||
		                (sieve->mode == FETCH_ANSWER && sieve_fetch_in_contents(&sieve->fetch));
		size_t taken;

		sieve->excess |= sieve->answered;
		taken = push_some(sieve, bytes, size, out);
		if (!contents)
			show(sieve, bytes, taken);
		if (sieve->broken)
			sieve->line_ended |= bytes[taken - 1] == '\n';
		else if (sieve->line_ended)
			begin_line(sieve);
		bytes += taken;
		size -= taken;
	}
	if (sieve->broken)
		show_rest(sieve, bytes, size);
	return sieve->broken ? -EBADMSG : 0;
}

void imap_sieve_end(struct imap_sieve *sieve)
{
	begin_line(sieve);
}

char *imap_sieve_quote(const struct imap_sieve *sieve)
{
	const GString *line = sieve->shown->len > 0 ? sieve->shown : sieve->last;

	return log_escape(line->str, line->len);
}

bool imap_sieve_has_news(const struct imap_sieve *sieve)
{
	return sieve->news;
}

bool imap_sieve_has_excess(const struct imap_sieve *sieve)
{
	return sieve->excess;
}

bool imap_sieve_is_login(const struct imap_sieve *sieve)
{
	return sieve->expected == LOGIN;
}

const char *imap_sieve_farewell(const struct imap_sieve *sieve)
{
	return sieve->farewell;
}
