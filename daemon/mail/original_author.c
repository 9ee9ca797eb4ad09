/* original_author.c - who wrote a mail whose From a list rewrote.
 *
 * Called by author.c.  Promises: what only looks like the author in part, or is one of several that do, is nobody; a
 * wrong author is worse than the list's address.
 */
#include "mail/original_author.h"

#include <stdlib.h>
#include <string.h>

#include "mail/fold.h"
#include "mail/whitespace.h"

#define LIST_LENGTH (64 * 1024) /* bytes of Reply-To and Cc that are looked through */
#define WORD_LENGTH 3           /* letters of a word of a name that a local part must hold */
#define REPLACEMENT 0xfffd

/* What a rewritten From says of its author; each NULL without. */
struct said {
	char *whole;        /* all that stands before "via" */
	char *name, *email; /* the name and the address in it; a name alone if it has no address */
};

static void said_release(struct said *said)
{
	g_clear_pointer(&said->whole, g_free);
	g_clear_pointer(&said->name, g_free);
	g_clear_pointer(&said->email, g_free);
}

/* The last `word` between words, or in brackets before others: where it begins, with the blank or bracket before it. */
static const char *find_joint(const char *text, const char *word)
{
	const char *found = NULL;

	for (const char *at = text; (at = strstr(at, word)); at++)
		if (at > text && strchr(" (", at[-1]))
			found = at - 1;
	return found;
}

/* What stands before "via list", or after "list on behalf of", without what joins them; NULL if neither is there. */
static char *cut_list(const char *name)
{
	static const char *const words[] = {"via ", "vía ", "über ", "tramite ", "przez "};
	const char *behalf = find_joint(name, "on behalf of "), *via = NULL;
	g_autofree char *author = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(words) && !via; i++)
		via = find_joint(name, words[i]);
	if (behalf)
		author = g_strdup(behalf + strlen(" on behalf of "));
	else if (via)
		author = g_strndup(name, (gsize)(via - name));
	else
		return NULL;
	g_strstrip(author);
	if (behalf && behalf[0] == '(' && g_str_has_suffix(author, ")"))
		author[strlen(author) - 1] = '\0';
	return g_steal_pointer(&author);
}

/* Take the quotes off a name, and brackets and blanks that are left at its ends; NULL if nothing is left. */
static char *trim_name(const char *name)
{
	size_t length = strlen(name);

	while (length > 0 && strchr(" (<[,", name[length - 1]))
		length--;
	if (length >= 2 && name[0] == '\'' && name[length - 1] == '\'') {
		name++;
		length -= 2;
	}
	return length > 0 ? g_strndup(name, length) : NULL;
}

/* An address in a name has a domain of two labels or more: otherwise many a name would be one. */
static bool is_full_address(const char *word)
{
	const char *at = strrchr(word, '@');

	return mailbox_is_address(word) && strchr(at, '.') && !strchr(at, '"');
}

/* Read `X (ada@example.org)`, `ada@example.org` or `ada at example.org`.  False if there is no address, or two. */
static bool take_address(const char *text, struct said *said)
{
	g_auto(GStrv) words = g_strsplit_set(text, " <>()[],;\"'", -1);
	g_auto(GStrv) halves = g_strsplit(text, " at ", 2);
	const char *found = NULL;

	for (char **word = words; *word; word++) {
		if (!is_full_address(*word))
			continue;
		if (found)
			return false;
		found = *word;
	}
	if (found) {
		g_autofree char *before = g_strndup(text, (gsize)(strstr(text, found) - text));

		said->name = trim_name(before);
		said->email = g_strdup(found);
		return true;
	}
	if (!halves[0] || !halves[1])
		return false;
	said->email = g_strdup_printf("%s@%s", halves[0], halves[1]);
	if (is_full_address(said->email))
		return true;
	g_clear_pointer(&said->email, g_free);
	return false;
}

/* What the name in From says.  False if no list made it. */
static bool read_name(const char *name, struct said *ret_said)
{
	g_autofree char *author = name ? cut_list(name) : NULL;
	const char *text = author ? author : name ? name : "";

	if (take_address(text, ret_said)) {
		ret_said->whole = trim_name(text);
		return true;
	}
	if (!author)
		return false;
	ret_said->whole = trim_name(author);
	ret_said->name = g_strdup(ret_said->whole);
	return ret_said->name != NULL;
}

char *original_author_name(const char *name)
{
	struct said said = {NULL, NULL, NULL};
	char *author = read_name(name, &said) ? g_steal_pointer(&said.name) : NULL;

	said_release(&said);
	return author;
}

/* The first field of that name that every program reads so. */
static const char *first_plain(const struct header_list *headers, const char *name)
{
	for (unsigned i = 0; i < headers->fields->len; i++) {
		const struct header_field *field = g_ptr_array_index(headers->fields, i);

		if (field->plain && g_ascii_strcasecmp(field->name, name) == 0)
			return field->value;
	}
	return NULL;
}

/* Those whom a field names, but for the address that hides the author. */
static GPtrArray *read_candidates(const struct header_list *headers, const char *name, const char *hidden_by)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(mailbox_free);
	size_t left = LIST_LENGTH;

	for (unsigned i = 0; i < headers->fields->len; i++) {
		const struct header_field *field = g_ptr_array_index(headers->fields, i);
		g_autoptr(GPtrArray) some = NULL;

		if (!field->plain || g_ascii_strcasecmp(field->name, name) != 0 || strlen(field->value) > left)
			continue;
		left -= strlen(field->value);
		some = mailbox_list(field->value);
		g_ptr_array_set_free_func(some, NULL);
		for (unsigned j = 0; j < some->len; j++) {
			struct mailbox *mailbox = g_ptr_array_index(some, j);

			if (g_ascii_strcasecmp(mailbox->email, hidden_by) == 0)
				mailbox_free(mailbox);
			else
				g_ptr_array_add(all, mailbox);
		}
	}
	return all;
}

static bool has_name(const struct said *said, const struct mailbox *mailbox)
{
	return g_strcmp0(said->whole, mailbox->name) == 0;
}

static int compare_words(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The words of a name in the order of the alphabet. */
static char *sort_words(const char *name)
{
	g_autofree char *folded = fold_text(name, strlen(name));
	g_auto(GStrv) words = NULL;

	for (char *at = folded; *at; at = g_utf8_next_char(at))
		if (!(*at & 0x80) && !g_ascii_isalnum(*at))
			*at = ' ';
	words = g_strsplit(folded, " ", -1);
	qsort(words, g_strv_length(words), sizeof(*words), compare_words);
	for (char **word = words; *word; word++)
		if (**word)
			return g_strjoinv(" ", word);
	return g_strdup("");
}

/* `Lind, Ada` is Ada Lind. */
static bool has_words(const struct said *said, const struct mailbox *mailbox)
{
	g_autofree char *wanted = sort_words(said->name), *got = mailbox->name ? sort_words(mailbox->name) : NULL;

	return *wanted && g_strcmp0(wanted, got) == 0;
}

/* Mailman puts U+FFFD for every raw byte of a name that is not ASCII, and leaves Reply-To as it was. */
static bool is_replaced(const char *name, const char *whole)
{
	while (*name && *whole) {
		long replaced = 0, letters = 0;
		const char *foreign = whole;

		for (; g_utf8_get_char(name) == REPLACEMENT; name = g_utf8_next_char(name))
			replaced++;
		if (replaced == 0 && g_utf8_get_char(name) != g_utf8_get_char(whole))
			return false;
		if (replaced == 0) {
			name = g_utf8_next_char(name);
			whole = g_utf8_next_char(whole);
			continue;
		}
		for (; *whole & 0x80; whole = g_utf8_next_char(whole))
			letters++;
		if (letters == 0 || (replaced != letters && replaced != whole - foreign))
			return false;
	}
	return !*name && !*whole;
}

static bool has_replaced_name(const struct said *said, const struct mailbox *mailbox)
{
	return mailbox->name && strstr(said->name, "\xef\xbf\xbd") && is_replaced(said->name, mailbox->name);
}

static size_t local_length(const char *email)
{
	return (size_t)(strrchr(email, '@') - email);
}

/* The local part is in the place of a name that there was not; Mailman 2 puts `---` after it. */
static bool has_local_part(const struct said *said, const struct mailbox *mailbox)
{
	size_t length = strlen(said->name);

	while (length > 0 && said->name[length - 1] == '-')
		length--;
	return length == local_length(mailbox->email) && g_ascii_strncasecmp(said->name, mailbox->email, length) == 0;
}

static bool has_masked_local_part(const struct said *said, const struct mailbox *mailbox)
{
	return g_str_has_suffix(said->name, "---") && has_local_part(said, mailbox);
}

/* Is it somebody without a name, whose local part holds a word of the name that is looked for? */
static bool has_word(const struct said *said, const struct mailbox *mailbox)
{
	g_autofree char *words = sort_words(said->name),
			*local = fold_text(mailbox->email, local_length(mailbox->email));
	g_auto(GStrv) each = g_strsplit(words, " ", -1);

	for (char **word = each; *word && !mailbox->name; word++)
		if (g_utf8_strlen(*word, -1) >= WORD_LENGTH && strstr(local, *word))
			return true;
	return false;
}

static bool is_anybody(const struct said *said, const struct mailbox *mailbox)
{
	return said && mailbox;
}

typedef bool (*fits_func)(const struct said *said, const struct mailbox *mailbox);

/* The first who fits; with `only`, the only one who does.  NULL: nobody, or several. */
static const struct mailbox *find_fitting(const GPtrArray *candidates, const struct said *said, fits_func fits,
                                          bool only)
{
	const struct mailbox *found = NULL;

	for (unsigned i = 0; i < candidates->len; i++) {
		const struct mailbox *mailbox = g_ptr_array_index(candidates, i);

		if (!fits(said, mailbox) || (found && g_ascii_strcasecmp(found->email, mailbox->email) == 0))
			continue;
		if (found)
			return NULL;
		found = mailbox;
		if (!only)
			break;
	}
	return found;
}

static void set_original(const char *name, const char *email, struct mailbox *ret_original)
{
	*ret_original = (struct mailbox){g_strdup(name), g_strdup(email)};
}

/* How a name and one of the candidates may fit. */
struct way {
	fits_func fits;
	bool only;  /* nobody else may fit */
	bool known; /* if a list made the name, and it is not one that may be somebody's own */
	bool in_cc; /* Cc is looked through too */
};

static const struct way by_name = {has_name, false, false, true};

/* What is less sure, the surest first. */
static const struct way other_ways[] = {
	{has_words, true, false, true},
	{has_replaced_name, true, false, true},
	{has_masked_local_part, true, true, true},
	{has_local_part, true, true, false},
};

/* A search for the author. */
struct search {
	const struct header_list *headers;
	const struct mailbox *from;
	bool known; /* a list made the name in From */
	struct said said;
	GPtrArray *reply_to, *cc; /* candidates */
};

static const char *find_by(const struct search *search, const struct way *way, struct mailbox *ret_original)
{
	const struct mailbox *found;
	const char *source = "Reply-To";

	if (way->known && !search->known)
		return NULL;
	found = find_fitting(search->reply_to, &search->said, way->fits, way->only);
	if (!found && search->known && way->in_cc) {
		found = find_fitting(search->cc, &search->said, way->fits, way->only);
		source = "Cc";
	}
	if (!found)
		return NULL;
	set_original(found->name, found->email, ret_original);
	return source;
}

static const char *find_by_other_ways(const struct search *search, struct mailbox *ret_original)
{
	const struct mailbox *found;

	for (size_t i = 0; i < G_N_ELEMENTS(other_ways); i++) {
		const char *source = find_by(search, &other_ways[i], ret_original);

		if (source)
			return source;
	}
	found = search->known ? find_fitting(search->reply_to, &search->said, is_anybody, true) : NULL;
	if (!found || !has_word(&search->said, found))
		return NULL;
	set_original(search->said.name, found->email, ret_original);
	return "Reply-To";
}

/* The name that one of these has with an address; NULL without one. */
static const char *name_of(const char *email, const GPtrArray *candidates)
{
	for (unsigned i = 0; i < candidates->len; i++) {
		const struct mailbox *mailbox = g_ptr_array_index(candidates, i);

		if (g_ascii_strcasecmp(mailbox->email, email) == 0)
			return mailbox->name;
	}
	return NULL;
}

/* Is this address what `local` was made of? */
static bool is_source_of(const char *email, const char *local)
{
	static const char *const signs[] = {"=", "=40", "_at_", ".at.", "-at-", "+", "%", "#"};
	size_t length = local_length(email);

	for (size_t i = 0; i < G_N_ELEMENTS(signs); i++) {
		g_autofree char *made = g_strdup_printf("%.*s%s%s", (int)length, email, signs[i], email + length + 1);

		if (g_ascii_strcasecmp(made, local) == 0)
			return true;
	}
	return false;
}

/* The address in the local part of From: one that another field names, else ada=example.org and ada=40example.org
 * themselves, if the rest of From is a list's too. */
static char *decode_local(const struct search *search)
{
	const GPtrArray *const candidates[] = {search->reply_to, search->cc};
	const char *address = search->from->email, *host = strrchr(address, '@');
	g_autofree char *local = g_strndup(address, local_length(address)), *email = NULL;
	char *sign = strrchr(local, '=');
	size_t length;

	for (size_t i = 0; i < G_N_ELEMENTS(candidates); i++) {
		for (unsigned j = 0; j < candidates[i]->len; j++) {
			const struct mailbox *mailbox = g_ptr_array_index(candidates[i], j);

			if (is_source_of(mailbox->email, local))
				return g_strdup(mailbox->email);
		}
	}
	if (!sign || strchr(local, '=') != sign || strchr(local, '+'))
		return NULL;
	if (!search->known && g_ascii_strncasecmp(host, "@dmarc.", strlen("@dmarc.")) != 0)
		return NULL;
	length = g_str_has_prefix(sign, "=40") ? strlen("=40") : 1;
	email = g_strdup_printf("%.*s@%s", (int)(sign - local), local, sign + length);
	return is_full_address(email) ? g_steal_pointer(&email) : NULL;
}

static bool names(const GPtrArray *candidates, const char *email)
{
	for (unsigned i = 0; i < candidates->len; i++)
		if (g_ascii_strcasecmp(((const struct mailbox *)g_ptr_array_index(candidates, i))->email, email) == 0)
			return true;
	return false;
}

/* The address in the name of From; anybody may have written that, and so Reply-To must not name others. */
static char *take_said(const struct search *search)
{
	const char *email = search->said.email;

	if (!email || g_ascii_strcasecmp(email, search->from->email) == 0)
		return NULL;
	if (search->reply_to->len > 0 && !names(search->reply_to, email) && !names(search->cc, email))
		return NULL;
	return g_strdup(email);
}

/* Take an address out of From itself, with the name that goes with it. */
static const char *take_from(const struct search *search, const char *email, struct mailbox *ret_original)
{
	const char *name = search->said.name;

	if (!email)
		return NULL;
	name = name ? name : name_of(email, search->reply_to);
	name = name ? name : name_of(email, search->cc);
	set_original(name || search->known ? name : search->from->name, email, ret_original);
	return "From";
}

/* Is it an address that mail of the list is sent to? */
static bool is_lists_own(const struct header_list *headers, const char *email)
{
	static const char *const names[] = {"List-Post", "To", "Cc"};
	g_autofree char *wanted = g_ascii_strdown(email, -1);

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		const char *raw = header_first(headers, names[i]);
		g_autofree char *lower = raw && strlen(raw) <= LIST_LENGTH ? g_ascii_strdown(raw, -1) : NULL;

		if (lower && strstr(lower, wanted))
			return true;
	}
	return false;
}

/* Find in a field that has the author and nobody else. */
static const char *find_in_field(const struct search *search, const char *name, struct mailbox *ret_original)
{
	const char *value = first_plain(search->headers, name);

	if (!value || !mailbox_read(value, ret_original))
		return NULL;
	if (g_ascii_strcasecmp(ret_original->email, search->from->email) == 0) {
		mailbox_release(ret_original);
		return NULL;
	}
	if (!ret_original->name)
		ret_original->name = g_strdup(search->said.name);
	return name;
}

/* Of two whom a header may mean it is the one whom the list has put there: what only the sender can have written comes
 * last. */
static const char *find_among(struct search *search, struct mailbox *ret_original, bool *ret_encoded)
{
	g_autofree char *decoded = decode_local(search), *said = take_said(search);
	const char *source = take_from(search, decoded, ret_original);

	*ret_encoded = source != NULL;
	if (!source && search->said.whole)
		source = find_by(search, &by_name, ret_original);
	if (!source)
		source = find_in_field(search, "Author", ret_original);
	if (!source)
		source = take_from(search, said, ret_original);
	if (!source && search->said.name)
		source = find_by_other_ways(search, ret_original);
	return source;
}

/* Was From rewritten, as far as From and the fields beside it say?  Of most mail it was not, and nothing else is
 * read. */
static bool looks_rewritten(struct search *search)
{
	const struct mailbox *from = search->from;
	g_autofree char *local = g_strndup(from->email, local_length(from->email));

	if (!search->known && from->name && is_lists_own(search->headers, from->email)) {
		search->said.whole = g_strdup(from->name);
		search->said.name = g_strdup(from->name);
	}
	return search->said.whole || search->said.email || strpbrk(local, "=+%#") || strstr(local, "at") ||
	       first_plain(search->headers, "Author");
}

const char *original_author_find(const struct header_list *headers, const struct mailbox *from,
                                 struct mailbox *ret_original, bool *ret_encoded)
{
	struct search search = {.headers = headers, .from = from};
	const char *source;

	search.known = read_name(from->name, &search.said);
	source = find_in_field(&search, "X-Original-From", ret_original);
	*ret_encoded = false;
	if (!source && looks_rewritten(&search)) {
		search.reply_to = read_candidates(headers, "Reply-To", from->email);
		search.cc = read_candidates(headers, "Cc", from->email);
		source = find_among(&search, ret_original, ret_encoded);
		g_ptr_array_unref(search.reply_to);
		g_ptr_array_unref(search.cc);
	}
	said_release(&search.said);
	return source;
}
