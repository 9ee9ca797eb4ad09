/* sieve_fetch.c - the part of the sieve that reads FETCH answers.
 *
 * Called by sieve.c.  Names and values need not be told apart: at the first level of the parentheses the word UID is
 * followed by the UID, BODY[] (or RFC822, its old name) by the mail, and whatever else is there is dropped, lists in
 * lists too.  Promises: bounded memory, no recursion, and never a piece of a mail as anything but its literal.
 */
#include "imap/sieve_fetch.h"

#include <string.h>

#include "imap/sieve_number.h"

#define TOKEN_MAX 64u /* more is no name or number that counts */

void sieve_fetch_init(struct sieve_fetch *fetch)
{
	*fetch = (struct sieve_fetch){.token = g_string_new(NULL), .value = g_string_new(NULL)};
}

void sieve_fetch_release(struct sieve_fetch *fetch)
{
	g_string_free(fetch->token, TRUE);
	g_string_free(fetch->value, TRUE);
}

void sieve_fetch_forget(struct sieve_fetch *fetch)
{
	memset(fetch->known, 0, sizeof(fetch->known));
	fetch->known_next = 0;
}

void sieve_fetch_flush(struct sieve_fetch *fetch, GString *out)
{
	if (fetch->open)
		g_string_append(out, ")\r\n");
	fetch->open = fetch->left_open = fetch->named = false;
}

void sieve_fetch_begin(struct sieve_fetch *fetch, uint32_t number, bool wanted, GString *out)
{
	if (fetch->open && fetch->open_number != number)
		sieve_fetch_flush(fetch, out);
	fetch->state = SIEVE_FETCH_GAP;
	fetch->item = SIEVE_FETCH_OTHER;
	fetch->wanted = wanted;
	fetch->number = number;
	fetch->uid = 0;
	fetch->depth = 0;
}

/* UIDs --------------------------------------------------------------------------------------------------------- */

static void remember(struct sieve_fetch *fetch, uint32_t uid)
{
	fetch->known[fetch->known_next].number = fetch->number;
	fetch->known[fetch->known_next].uid = uid;
	fetch->known_next = (fetch->known_next + 1) % SIEVE_FETCH_KNOWN;
}

/* The UID that an earlier answer gave for the number, the last one that did; 0: none. */
static uint32_t recall(const struct sieve_fetch *fetch)
{
	for (unsigned back = 1; back <= SIEVE_FETCH_KNOWN; back++) {
		unsigned i = (fetch->known_next + SIEVE_FETCH_KNOWN - back) % SIEVE_FETCH_KNOWN;

		if (fetch->known[i].uid == 0)
			return 0;
		if (fetch->known[i].number == fetch->number)
			return fetch->known[i].uid;
	}
	return 0;
}

static void take_uid(struct sieve_fetch *fetch, const GString *digits, GString *out)
{
	uint64_t uid;

	fetch->item = SIEVE_FETCH_OTHER;
	if (!fetch->wanted)
		return;
	if (!sieve_number(digits->str, &uid) || uid > UINT32_MAX || (fetch->uid != 0 && uid != fetch->uid)) {
		fetch->state = SIEVE_FETCH_BROKEN;
		return;
	}
	fetch->uid = (uint32_t)uid;
	if (uid == 0)
		return;
	remember(fetch, fetch->uid);
	if (fetch->open && !fetch->named) {
		g_string_append_printf(out, " UID %u", fetch->uid);
		fetch->named = true;
	}
	if (fetch->left_open)
		sieve_fetch_flush(fetch, out);
}

/* Mails -------------------------------------------------------------------------------------------------------- */

/* A mail of so many bytes follows. */
static void open_mail(struct sieve_fetch *fetch, uint64_t size, GString *out)
{
	uint32_t uid = fetch->uid ? fetch->uid : recall(fetch);

	if (fetch->left_open)
		sieve_fetch_flush(fetch, out);
	if (fetch->open) {
		g_string_append_c(out, ' ');
	} else {
		g_string_append_printf(out, "* %u FETCH (", fetch->number);
		if (uid)
			g_string_append_printf(out, "UID %u ", uid);
		fetch->open = true;
		fetch->named = uid != 0;
		fetch->open_number = fetch->number;
	}
	g_string_append(out, "BODY[]");
	if (fetch->origin > 0)
		g_string_append_printf(out, "<%" G_GUINT64_FORMAT ">", fetch->origin);
	g_string_append_printf(out, " {%" G_GUINT64_FORMAT "}\r\n", size);
}

/* Is the value that comes a mail, and one to pass on? */
static bool is_mail(const struct sieve_fetch *fetch)
{
	return fetch->wanted && fetch->depth == 1 && fetch->item == SIEVE_FETCH_MAIL;
}

/* A string has been read, a value of its item. */
static void end_string(struct sieve_fetch *fetch, GString *out)
{
	bool was_literal = fetch->state == SIEVE_FETCH_LITERAL;

	fetch->state = SIEVE_FETCH_GAP;
	if (fetch->depth == 1 && fetch->item == SIEVE_FETCH_UID)
		take_uid(fetch, fetch->value, out);
	if (is_mail(fetch) && !was_literal) {
		open_mail(fetch, fetch->value->len, out);
		g_string_append_len(out, fetch->value->str, (gssize)fetch->value->len);
		/* Nor is its memory kept. */
		g_string_free(fetch->value, TRUE);
		fetch->value = g_string_new(NULL);
	}
	g_string_truncate(fetch->value, 0);
	fetch->item = SIEVE_FETCH_OTHER;
}

static void begin_literal(struct sieve_fetch *fetch, GString *out)
{
	fetch->state = SIEVE_FETCH_LITERAL;
	/* libetpan counts them with 32 bits. */
	if (fetch->size > UINT32_MAX)
		fetch->state = SIEVE_FETCH_BROKEN;
	else if (is_mail(fetch))
		open_mail(fetch, fetch->size, out);
	if (fetch->state == SIEVE_FETCH_LITERAL && fetch->size == 0)
		end_string(fetch, out);
}

static size_t push_literal(struct sieve_fetch *fetch, const char *bytes, size_t size, GString *out)
{
	size_t taken = (size_t)MIN(fetch->size, size);

	if (is_mail(fetch))
		g_string_append_len(out, bytes, (gssize)taken);
	else if (fetch->item == SIEVE_FETCH_UID && fetch->value->len + taken <= TOKEN_MAX)
		g_string_append_len(fetch->value, bytes, (gssize)taken);
	fetch->size -= taken;
	if (fetch->size == 0)
		end_string(fetch, out);
	return taken;
}

/* The answer ends where it must not. */
static void break_off(struct sieve_fetch *fetch)
{
	fetch->state = fetch->wanted ? SIEVE_FETCH_BROKEN : SIEVE_FETCH_DONE;
}

/* Lines end in a mail, and in no other string. */
static void quoted_byte(struct sieve_fetch *fetch, char byte)
{
	size_t most = is_mail(fetch) ? SIEVE_FETCH_QUOTED : TOKEN_MAX;

	if (is_mail(fetch) ? fetch->value->len == most : byte == '\n')
		break_off(fetch);
	else if (fetch->value->len < most)
		g_string_append_c(fetch->value, byte);
}

/* Tokens ------------------------------------------------------------------------------------------------------- */

/* BODY[] and what stands for the same; with the place where a part of it begins. */
static bool is_mail_name(const GString *token, uint64_t *ret_origin)
{
	static const char *const names[] = {"BODY[]", "BODY.PEEK[]", "RFC822", "RFC822.PEEK"};
	const char *angle = strchr(token->str, '<');
	size_t length = angle ? (size_t)(angle - token->str) : token->len;

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		if (strlen(names[i]) != length || g_ascii_strncasecmp(token->str, names[i], length) != 0)
			continue;
		*ret_origin = angle ? g_ascii_strtoull(angle + 1, NULL, 10) : 0;
		return true;
	}
	return false;
}

static void end_token(struct sieve_fetch *fetch, GString *out)
{
	enum sieve_fetch_item item = fetch->item;

	fetch->state = SIEVE_FETCH_GAP;
	if (fetch->depth != 1)
		return;
	fetch->item = SIEVE_FETCH_OTHER;
	if (item == SIEVE_FETCH_UID)
		take_uid(fetch, fetch->token, out);
	else if (g_ascii_strcasecmp(fetch->token->str, "UID") == 0)
		fetch->item = SIEVE_FETCH_UID;
	else if (is_mail_name(fetch->token, &fetch->origin))
		fetch->item = SIEVE_FETCH_MAIL;
	/* NIL for a mail: there is none. */
}

static void begin_token(struct sieve_fetch *fetch, char byte)
{
	fetch->state = SIEVE_FETCH_TOKEN;
	g_string_truncate(fetch->token, 0);
	g_string_append_c(fetch->token, byte ? byte : '?');
}

/* Between tokens. */
static void gap_byte(struct sieve_fetch *fetch, char byte)
{
	switch (byte) {
	case '(':
		fetch->depth++;
		break;
	case ')':
		if (fetch->depth > 0)
			fetch->depth--;
		fetch->state = fetch->depth == 0 ? SIEVE_FETCH_REST : SIEVE_FETCH_GAP;
		break;
	case '"':
		fetch->state = SIEVE_FETCH_QUOTED_STRING;
		break;
	case '{':
		fetch->state = SIEVE_FETCH_SIZE;
		fetch->size = 0;
		break;
	case '\n':
		break_off(fetch);
		break;
	case ' ':
	case '\t':
	case '\r':
	case '~': /* a literal that may hold NUL (RFC 3516) */
		break;
	default:
		begin_token(fetch, byte);
	}
}

/* Is a token over?  In lists flags may have brackets, which do not belong together. */
static bool ends_token(const struct sieve_fetch *fetch, char byte)
{
	return strchr(" ()\t\r\n", byte) != NULL || (fetch->depth == 1 && (byte == '{' || byte == '"'));
}

static void token_byte(struct sieve_fetch *fetch, char byte, GString *out)
{
	if (byte == '\0')
		byte = '?';
	if (fetch->state == SIEVE_FETCH_SECTION ? byte == '\n' : ends_token(fetch, byte)) {
		end_token(fetch, out);
		if (fetch->state == SIEVE_FETCH_GAP)
			gap_byte(fetch, byte);
		return;
	}
	if (byte == '[' && fetch->depth == 1)
		fetch->state = SIEVE_FETCH_SECTION;
	else if (byte == ']')
		fetch->state = SIEVE_FETCH_TOKEN;
	if (fetch->token->len < TOKEN_MAX && (fetch->state != SIEVE_FETCH_SECTION || byte != ' '))
		g_string_append_c(fetch->token, byte);
}

/* It is no literal after all. */
static void begin_brace(struct sieve_fetch *fetch, char byte, GString *out)
{
	begin_token(fetch, '{');
	token_byte(fetch, byte, out);
}

/* In "{123}", "{123+}", or what looks like it. */
static void size_byte(struct sieve_fetch *fetch, char byte, GString *out)
{
	if (g_ascii_isdigit(byte))
		fetch->size = sieve_number_add(fetch->size, byte);
	else if (byte == '}')
		fetch->state = SIEVE_FETCH_SIZED;
	else if (byte != '+' && byte != '-' && byte != ' ')
		begin_brace(fetch, byte, out);
}

static void sized_byte(struct sieve_fetch *fetch, char byte, GString *out)
{
	if (byte == '\n')
		begin_literal(fetch, out);
	else if (byte != '\r' && byte != ' ')
		begin_brace(fetch, byte, out);
}

static void take_byte(struct sieve_fetch *fetch, char byte, GString *out)
{
	switch (fetch->state) {
	case SIEVE_FETCH_TOKEN:
	case SIEVE_FETCH_SECTION:
		token_byte(fetch, byte, out);
		break;
	case SIEVE_FETCH_QUOTED_STRING:
		if (byte == '"')
			end_string(fetch, out);
		else if (byte == '\\')
			fetch->state = SIEVE_FETCH_ESCAPED;
		else
			quoted_byte(fetch, byte);
		break;
	case SIEVE_FETCH_ESCAPED:
		fetch->state = SIEVE_FETCH_QUOTED_STRING;
		quoted_byte(fetch, byte);
		break;
	case SIEVE_FETCH_SIZE:
		size_byte(fetch, byte, out);
		break;
	case SIEVE_FETCH_SIZED:
		sized_byte(fetch, byte, out);
		break;
	default:
		gap_byte(fetch, byte);
	}
}

/* The answer is over. */
static void end_answer(struct sieve_fetch *fetch, GString *out)
{
	fetch->state = SIEVE_FETCH_DONE;
	if (fetch->open && !fetch->named)
		fetch->left_open = true;
	else
		sieve_fetch_flush(fetch, out);
}

size_t sieve_fetch_push(struct sieve_fetch *fetch, const char *bytes, size_t size, GString *out)
{
	if (fetch->state == SIEVE_FETCH_LITERAL)
		return push_literal(fetch, bytes, size, out);
	if (fetch->state != SIEVE_FETCH_REST)
		take_byte(fetch, *bytes, out);
	else if (*bytes == '\n')
		end_answer(fetch, out);
	return 1;
}

bool sieve_fetch_in_contents(const struct sieve_fetch *fetch)
{
	return fetch->state == SIEVE_FETCH_LITERAL ||
	       ((fetch->state == SIEVE_FETCH_QUOTED_STRING || fetch->state == SIEVE_FETCH_ESCAPED) &&
	        fetch->item == SIEVE_FETCH_MAIL);
}
