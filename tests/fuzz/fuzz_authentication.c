/* fuzz_authentication.c - whole headers of strangers: nothing in them is ever believed.
 *
 * On top is the Received of mx.example.org, which had the mail from a stranger.  The rest is the stranger's: the first
 * line is what it calls itself, the second one to whom it writes, then comes the header.  Bytes that say nothing there
 * stand for what strangers would forge, so that it is soon tried in every order.  Everybody is trusted who can be.  No
 * field may count, and the verdict may be neither `pass` nor `fail`.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <gmime/gmime.h>

#include "authentication/authentication.h"

#define TRUSTED                                                                                                       \
	"[authentication]\ntrusted_authserv=mx.example.org m\xc3\xbcnchen.example\nlist_authserv=lists.example.net\n" \
	"boundary=mx.example.org lists.example.net\narc_trusted_sealers=example.org lists.example.net\n"              \
	"received_spf=yes\n"

#define FIRST_CONTROL 0x0e /* the bytes from here to 0x1f stand for words, */
#define FIRST_ODD 0xf6     /* and those from here on, which are never UTF-8 */

static const char *const words[] = {
	"From: Ada <ada@example.org>\n",
	"From: Ada via demo <demo@lists.example.net>\nReply-To: Ada <ada@example.org>\n",
	"Authentication-Results: mx.example.org; ",
	"Authentication-Results: xn--mnchen-3ya.example; ",
	"Authentication-Results: lists.example.net; ",
	"ARC-Authentication-Results: i=1; mx.example.org; ",
	"ARC-Message-Signature: i=1; a=rsa-sha256; b=x; bh=x; d=example.org; h=from; s=s\n",
	"ARC-Seal: i=1; a=rsa-sha256; b=x; cv=none; d=example.org; s=s\n",
	"Received-SPF: pass receiver=mx.example.org; envelope-from=ada@example.org\n",
	"Received: from localhost (localhost [127.0.0.1]) by mx.example.org; date\n",
	"Received: from y (y.example.net [192.0.2.1]) by mx.example.org; date\n",
	"Received: from l (lists.example.net [192.0.2.8]) by mx.example.org; date\n",
	"Received: from z (z.example.com [192.0.2.9]) by y.example.net; date\n",
	"dkim=pass header.d=example.org\n",
	"dmarc=pass header.from=example.org\n",
	"dmarc=fail header.from=example.org\n",
	"arc=pass\n",
	" ([127.0.0.1]) ",
	" (localhost [127.0.0.1]) ",
	" (mx.example.org [192.0.2.7]) ",
	" by mx.example.org ",
	"\n ",
	"(",
	")",
	"\"",
	";",
	"\\",
	"by",
};

G_STATIC_ASSERT(G_N_ELEMENTS(words) == ' ' - FIRST_CONTROL + 0x100 - FIRST_ODD);

static struct trust_settings *boundary, *path;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct trust_settings *settings_of(const char *text)
{
	struct trust_settings *settings = trust_settings_new();

	if (!trust_settings_take(settings, text))
		abort();
	return settings;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	g_mime_init();
	boundary = settings_of(TRUSTED);
	path = settings_of(TRUSTED "position=path\n");
	return 0;
}

static void check(const struct header_list *headers, const struct authentication_author *author,
                  const struct trust *trust)
{
	struct authentication authentication;

	authentication_read(headers, author, trust, &authentication);
	assert(authentication.fields->len <= AUTHENTICATION_FIELDS + 50);
	for (unsigned i = 0; i < authentication.fields->len; i++) {
		const struct authentication_field *field = g_ptr_array_index(authentication.fields, i);

		assert(!field->counts && field->reason && field->index > 0);
	}
	assert(authentication.claims->len <= AUTHENTICATION_CLAIMS);
	for (unsigned i = 0; i < authentication.claims->len; i++) {
		const struct claim *claim = g_ptr_array_index(authentication.claims, i);

		assert(claim->reason && !claim->by);
	}
	assert(authentication.author.verdict != VERDICT_PASS && authentication.author.verdict != VERDICT_FAIL);
	assert(authentication.original.verdict != VERDICT_PASS && authentication.original.verdict != VERDICT_FAIL);
	assert(authentication.author.reason && g_utf8_validate(authentication.author.reason, -1, NULL));
	authentication_release(&authentication);
}

/* The address that counts as the only one has the only @ that stands outside of comments and quotes, and stands in
 * From. */
static void check_single(const struct header_list *headers, const struct author *author)
{
	g_autofree char *value = header_mend(header_first(headers, "From"));

	assert(!header_nth(headers, "From", 1));
	assert(author->from.email && strchr(author->from.email, '@') && strchr(value, '@'));
}

static void append_words(GString *text, const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (data[i] >= FIRST_CONTROL && data[i] < ' ')
			g_string_append(text, words[data[i] - FIRST_CONTROL]);
		else if (data[i] >= FIRST_ODD)
			g_string_append(text, words[' ' - FIRST_CONTROL + data[i] - FIRST_ODD]);
		else
			g_string_append_c(text, (char)data[i]);
	}
}

/* Appends a line of the data without its end, and gives what is left of it. */
static size_t append_line(GString *text, const uint8_t *data, size_t size, bool blanks)
{
	const uint8_t *end = size > 0 ? memchr(data, '\n', size) : NULL;
	g_autoptr(GString) line = g_string_new(NULL);

	append_words(line, data, end ? (size_t)(end - data) : 0);
	for (const char *c = line->str; *c; c++)
		if (*c != '\n' && (blanks || !g_ascii_isspace(*c)))
			g_string_append_c(text, *c);
	return end ? size - (size_t)(end - data) - 1 : size;
}

/* The Received of ours, and the stranger's header. */
static GString *header_of(const uint8_t *data, size_t size)
{
	GString *header = g_string_new("Received: from ");
	size_t left = append_line(header, data, size, false);

	g_string_append(header, " (y.example.net [192.0.2.1])\n by mx.example.org (Postfix) with SMTP id 4A\n for <");
	left = append_line(header, data + size - left, left, true);
	g_string_append(header, ">; date\n");
	append_words(header, data + size - left, left);
	return header;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	GString *header = header_of(data, size);
	struct authentication_author who = {.wrapped = size % 2};
	struct header_list headers;
	struct author author;
	char *reason = NULL;
	size_t body;

	header_list_init(&headers, header->str, header->len, &body);
	if (author_read(&headers, &author, &reason) == 0) {
		who.author = &author;
		who.single = author_is_single(&headers);
		if (who.single)
			check_single(&headers, &author);
		check(&headers, &who, trust_settings_for(boundary, NULL));
		check(&headers, &who, trust_settings_for(path, NULL));
		author_release(&author);
	}
	g_free(reason);
	header_list_release(&headers);
	g_string_free(header, TRUE);
	return 0;
}
