/* sieve_search.c - the part of the sieve that reads SEARCH and ESEARCH answers.
 *
 * Called by sieve.c.  Promises: whatever the server finds goes out, or it is broken; a list that is too long for a line
 * is read all the same; numbers that are no UIDs are left out.
 */
#include "imap/sieve_search.h"

#include <string.h>

#include "imap/sieve_number.h"

void sieve_search_init(struct sieve_search *search)
{
	*search = (struct sieve_search){.word = g_string_new(NULL)};
}

void sieve_search_release(struct sieve_search *search)
{
	g_string_free(search->word, TRUE);
}

void sieve_search_begin(struct sieve_search *search, bool extended, const char *tag, GString *out)
{
	GString *word = g_string_truncate(search->word, 0);

	*search = (struct sieve_search){.word = word, .tag = tag, .extended = extended, .all = !extended};
	g_string_append(out, "* SEARCH");
}

static void found(struct sieve_search *search, uint64_t first, uint64_t last, GString *out)
{
	first = MAX(first, 1);
	last = MIN(last, UINT32_MAX);
	if (search->range && first <= last) {
		search->broken = last - first >= SIEVE_SEARCH_UIDS - search->ranged;
		search->ranged += (unsigned)(last - first + 1);
	}
	for (uint64_t uid = first; uid <= last && !search->broken; uid++)
		g_string_append_printf(out, " %" G_GUINT64_FORMAT, uid);
}

static void end_number(struct sieve_search *search, GString *out)
{
	uint64_t first = search->range ? search->first : search->number, last = search->number;

	if (search->range && !search->digits)
		search->broken = true;
	else if (search->digits && search->all && !search->foreign)
		found(search, MIN(first, last), MAX(first, last), out);
	else if (search->digits && last > 0 && g_ascii_strcasecmp(search->word->str, "MODSEQ") != 0)
		search->other = true;
	search->digits = search->range = false;
	search->number = 0;
}

static void begin_range(struct sieve_search *search)
{
	search->broken |= search->range || !search->digits;
	search->range = true;
	search->digits = false;
	search->first = search->number;
	search->number = 0;
}

/* Of names and values in ESEARCH a name ends. */
static void end_name(struct sieve_search *search)
{
	if (!search->in_word)
		return;
	search->in_word = false;
	search->uids |= g_ascii_strcasecmp(search->word->str, "UID") == 0;
	search->all = g_ascii_strcasecmp(search->word->str, "ALL") == 0;
	search->had_all |= search->all;
}

static void word_byte(struct sieve_search *search, char byte)
{
	/* Names are letters, and the answer to SEARCH has none. */
	search->broken |= !search->extended || (!search->in_word && !g_ascii_isalpha(byte));
	if (!search->in_word)
		g_string_truncate(search->word, 0);
	search->in_word = true;
	if (search->word->len < SIEVE_SEARCH_WORD)
		g_string_append_c(search->word, byte);
}

/* (TAG "5"): of what command it is the answer.  (MODSEQ 7) and others say nothing of the UIDs. */
static void end_list(struct sieve_search *search)
{
	g_auto(GStrv) words = g_strsplit_set(search->word->str, " \"", -1);

	if (!words[0] || g_ascii_strcasecmp(words[0], "TAG") != 0)
		return;
	for (char **word = words + 1; *word; word++) {
		if (**word)
			search->foreign = g_ascii_strcasecmp(*word, search->tag) != 0;
	}
}

static void list_byte(struct sieve_search *search, char byte)
{
	search->broken |= byte == '\n';
	search->depth += byte == '(';
	search->depth -= byte == ')';
	if (search->depth == 0)
		end_list(search);
	else if (byte && search->word->len < SIEVE_SEARCH_WORD)
		g_string_append_c(search->word, byte);
}

static void end_line(struct sieve_search *search, GString *out)
{
	search->done = true;
	/* That there are some is not enough; and UIDs were asked for, not message numbers. */
	if (search->extended && !search->foreign && (search->had_all ? !search->uids : search->other))
		search->broken = true;
	g_string_append(out, "\r\n");
}

void sieve_search_byte(struct sieve_search *search, char byte, GString *out)
{
	if (search->depth > 0) {
		list_byte(search, byte);
	} else if (g_ascii_isdigit(byte) && !search->in_word) {
		search->digits = true;
		search->number = sieve_number_add(search->number, byte);
	} else if (byte == ':') {
		begin_range(search);
	} else if (byte && strchr(" ,\t\r\n(", byte)) {
		end_number(search, out);
		end_name(search);
		if (byte == '(') {
			search->depth = 1;
			g_string_truncate(search->word, 0);
		} else if (byte == '\n') {
			end_line(search, out);
		}
	} else {
		word_byte(search, byte);
	}
}
