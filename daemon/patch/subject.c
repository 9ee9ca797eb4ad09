/* subject.c - what a Subject says.
 *
 * Called by submission.c with decoded text.  The prefixes and the title are cut as Patchwork cuts them, since they
 * become the name of a patch.  Which words mark a reply, and how a version may be spelled, is wider than Patchwork:
 * see patchmaild(8).
 */
#include <string.h>

#include "mail/whitespace.h"
#include "patch/reply_mark.h"
#include "patch/subject.h"

/* What follows "Fwd " or "Fw " at the beginning of `text`, or NULL. */
static const char *skip_forward_word(const char *text)
{
	static const char *const words[] = {"fwd", "fw"};

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		size_t length = strlen(words[i]);

		if (g_ascii_strncasecmp(text, words[i], length) == 0 && whitespace_length(text + length) > 0)
			return text + length;
	}
	return NULL;
}

/* Skip digits; NULL if there are none. */
static const char *skip_digits(const char *text)
{
	if (!g_ascii_isdigit(*text))
		return NULL;
	while (g_ascii_isdigit(*text))
		text++;
	return text;
}

/* The number in the digits up to `end`; -1 if it is over the limit. */
static int read_number(const char *digits, const char *end)
{
	int number = 0;

	for (; digits < end; digits++) {
		number = number * 10 + (*digits - '0');
		if (number > SUBJECT_NUMBER_MAX)
			return -1;
	}
	return number;
}

static const char *skip_blanks(const char *text)
{
	while (*text == ' ')
		text++;
	return text;
}

/* The end of a word of a group. */
static bool ends_word(const char *text)
{
	return *text == '\0' || *text == ' ' || *text == ',' || *text == ']';
}

/* The end of Mercurial's "1 of 3" at the beginning of a folded text, or NULL. */
static const char *skip_mercurial_marker(const char *text)
{
	const char *at = skip_digits(text);

	if (!at || !g_str_has_prefix(at, " of "))
		return NULL;
	at = skip_digits(at + strlen(" of "));
	return at && ends_word(at) ? at : NULL;
}

/* The end of a marker with blanks at its slash, "2 / 3", "2/ 3" or "2 /3", at the beginning of a folded text, or
 * NULL. */
static const char *skip_wide_marker(const char *text)
{
	const char *number = skip_digits(text), *slash = number ? skip_blanks(number) : NULL, *total;

	if (!slash || *slash != '/')
		return NULL;
	total = skip_blanks(slash + 1);
	if (slash == number && total == slash + 1)
		return NULL;
	total = skip_digits(total);
	return total && ends_word(total) ? total : NULL;
}

/* The word up to `end`, without the blanks at a marker's slash. */
static char *copy_word(const char *word, const char *end)
{
	GString *copy = g_string_new(NULL);

	for (; word < end; word++)
		if (*word != ' ' || (word[1] != '/' && word[-1] != '/'))
			g_string_append_c(copy, *word);
	return g_string_free(copy, FALSE);
}

/* Split the folded group up to `end` at commas and blanks into prefixes. */
static void add_prefixes(GPtrArray *prefixes, const char *group, const char *end)
{
	while (group < end) {
		const char *stop = skip_mercurial_marker(group);

		if (!stop)
			stop = skip_wide_marker(group);
		if (!stop)
			stop = group + strcspn(group, ", ]");
		if (stop > group && !(stop - group == 5 && g_ascii_strncasecmp(group, "PATCH", 5) == 0))
			g_ptr_array_add(prefixes, copy_word(group, stop));
		group = stop + 1;
	}
}

/* The end of the `bug#1234` that a bug tracker puts before the [...] groups with a colon, or NULL; *ret_groups is where
 * these begin. */
static const char *skip_bug(const char *text, const char **ret_groups)
{
	const char *end = reply_mark_skip_bug(text);

	if (!end || *skip_blanks(end) != '[')
		return NULL;
	*ret_groups = skip_blanks(end);
	return end - 1;
}

/* Take the leading [...] groups off a folded text; what is left is the title. */
static const char *take_groups(GPtrArray *prefixes, const char *text)
{
	const char *end, *groups;

	if ((end = skip_bug(text, &groups))) {
		g_ptr_array_add(prefixes, g_strndup(text, (gsize)(end - text)));
		text = groups;
	}
	while (*text == '[' && (end = strchr(text, ']'))) {
		add_prefixes(prefixes, text + 1, end);
		text = skip_blanks(end + 1);
	}
	return text;
}

/* The end of a prefix, without what may close it. */
static const char *prefix_end(const char *prefix)
{
	const char *end = prefix + strlen(prefix);

	while (end > prefix && strchr(":;)", end[-1]))
		end--;
	return end;
}

/* Read the marker that a prefix ends in: "2/3", "x-2/3", "2 of 3"; it begins at *ret_start.  2.5/3 is not one: it would
 * take patch 5's place. */
static bool read_marker(const char *prefix, int *ret_number, int *ret_total, const char **ret_start)
{
	const char *end = prefix_end(prefix), *total = end, *number_end, *number_start;
	int number, count;

	while (total > prefix && g_ascii_isdigit(total[-1]))
		total--;
	if (total == end || total == prefix)
		return false;
	if (total[-1] == '/')
		number_end = total - 1;
	else if (total - prefix > 4 && strncmp(total - 4, " of ", 4) == 0)
		number_end = total - 4;
	else
		return false;
	for (number_start = number_end; number_start > prefix && g_ascii_isdigit(number_start[-1]);)
		number_start--;
	if (number_start - prefix >= 2 && number_start[-1] == '.' && g_ascii_isdigit(number_start[-2]))
		return false;
	number = read_number(number_start, number_end);
	count = read_number(total, end);
	if (number_start == number_end || number < 0 || count < 0)
		return false;
	*ret_number = number;
	*ret_total = count;
	*ret_start = number_start;
	return true;
}

/* Read "v3" up to `end`; with `ret_minor` also "v3.1", whose version is 3 and whose minor version is 1: 0 in "v3". */
static bool read_version(const char *text, const char *end, int *ret_version, int *ret_minor)
{
	const char *digits = text + 1, *stop;
	int version, minor = 0;

	if (text == end || (*text != 'v' && *text != 'V'))
		return false;
	stop = skip_digits(digits);
	if (!stop || (version = read_number(digits, stop)) < 0)
		return false;
	if (ret_minor && *stop == '.' && g_ascii_isdigit(stop[1])) {
		digits = stop + 1;
		stop = skip_digits(digits);
		minor = MAX(read_number(digits, stop), 0);
	}
	if (stop != end)
		return false;
	*ret_version = version;
	if (ret_minor)
		*ret_minor = minor;
	return true;
}

/* Does the text up to `end` end in this word, with no letter or digit before it? */
static bool ends_in(const char *text, const char *end, const char *word)
{
	size_t length = strlen(word);

	return (size_t)(end - text) >= length && g_ascii_strncasecmp(end - length, word, length) == 0 &&
	       (end - length == text || !g_ascii_isalnum(end[-(gssize)length - 1]));
}

/* Read "PATCHv3", "RFC/PATCHv3", "RFC-v3", "-v3" (as git format-patch takes it) or "(v3)", perhaps with the marker
 * after it, "v3-1/2"; and beside a series marker also "v5.1": without one that is a release of the kernel that the
 * patch is for, wherever it was seen on real lists. */
static bool read_odd_version(const char *prefix, bool marked, int *ret_version, int *ret_minor)
{
	const char *end = prefix_end(prefix), *at, *word = prefix + strspn(prefix, "(-");
	int number, total;

	if (read_marker(prefix, &number, &total, &end))
		while (end > prefix && strchr("-_/:#", end[-1]))
			end--;
	if (word < end && read_version(word, end, ret_version, marked ? ret_minor : NULL))
		return true;
	for (at = end; at > prefix && (g_ascii_isdigit(at[-1]) || at[-1] == '.');)
		at--;
	if (at == prefix || !read_version(--at, end, ret_version, ret_minor))
		return false;
	if (at > prefix && strchr("-_/:", at[-1]))
		at--;
	return ends_in(prefix, at, "PATCH") || ends_in(prefix, at, "RFC");
}

/* Read "v 3" and "-v 3" out of two prefixes. */
static bool read_parted_version(const char *prefix, const char *next, int *ret_version)
{
	const char *end = next ? skip_digits(next) : NULL;
	int version = end && *end == '\0' ? read_number(next, end) : -1;

	prefix += strspn(prefix, "-");
	if (version < 0 || g_ascii_strcasecmp(prefix, "v") != 0)
		return false;
	*ret_version = version;
	return true;
}

/* The version that the title says, as in "Fix the frobnicator (v2)"; 1 if it says none. */
static int title_version(const char *title)
{
	int version;

	for (const char *at = title; (at = strchr(at, '(')); at++) {
		const char *end = at + 1 + strcspn(at + 1, "()");

		if (*end == ')' && read_version(at + 1, end, &version, NULL))
			return version;
	}
	return 1;
}

/* The first prefix that says a version as Patchwork knows it, else the first that says it otherwise, perhaps with a
 * minor one, else the title. */
static int find_version(const GPtrArray *prefixes, bool marked, const char *title, int *ret_minor)
{
	int version;

	*ret_minor = 0;
	for (guint i = 0; i < prefixes->len; i++) {
		const char *prefix = g_ptr_array_index(prefixes, i);

		if (read_version(prefix, prefix + strlen(prefix), &version, NULL))
			return version;
	}
	for (guint i = 0; i < prefixes->len; i++) {
		const char *prefix = g_ptr_array_index(prefixes, i);
		const char *next = i + 1 < prefixes->len ? g_ptr_array_index(prefixes, i + 1) : NULL;
		int minor = 0;

		if (read_odd_version(prefix, marked, &version, &minor)) {
			*ret_minor = minor;
			return version;
		}
		if (read_parted_version(prefix, next, &version))
			return version;
	}
	return title_version(title);
}

/* Without the mark of a reply or of a forwarded mail at its beginning. */
static const char *skip_mark(const char *text, bool refers, bool *ret_reply)
{
	const char *rest;
	enum reply_mark mark = reply_mark_read(text, refers, &rest);

	*ret_reply = mark == REPLY_MARK_REPLY;
	if (mark == REPLY_MARK_NONE) {
		const char *word = skip_forward_word(whitespace_skip(text));

		return word ? word : text;
	}
	return rest;
}

void subject_init(struct subject *subject, const char *text, bool refers)
{
	g_autofree char *folded = NULL;
	const char *rest, *start;
	bool reply;

	text = text ? text : "";
	rest = skip_mark(text, refers, &reply);
	*subject = (struct subject){
		.text = g_strdup(text),
		.reply = reply,
		.prefixes = g_ptr_array_new_with_free_func(g_free),
		.number = -1,
		.total = -1,
	};
	folded = whitespace_fold(rest, strlen(rest));
	subject->title = g_strdup(take_groups(subject->prefixes, folded));
	for (guint i = 0; i < subject->prefixes->len; i++)
		if (read_marker(g_ptr_array_index(subject->prefixes, i), &subject->number, &subject->total, &start))
			break;
	subject->version = find_version(subject->prefixes, subject->number >= 0, subject->title, &subject->minor);
}

void subject_release(struct subject *subject)
{
	g_clear_pointer(&subject->text, g_free);
	g_clear_pointer(&subject->prefixes, g_ptr_array_unref);
	g_clear_pointer(&subject->title, g_free);
}

/* Is there such a word in a text, alone or with a number or a version after it: PATCH, PATCH1/2, PATCHv3? */
static bool has_word(const char *text, const char *word)
{
	for (const char *at = text; (at = strstr(at, word)); at++) {
		const char *end = at + strlen(word);

		end += *end == 'V' && g_ascii_isdigit(end[1]);
		if ((at == text || !g_ascii_isalnum(at[-1])) && !g_ascii_isalpha(*end))
			return true;
	}
	return false;
}

bool subject_names_patch(const char *text)
{
	static const char *const words[] = {"PATCH", "PATCHSET", "PULL"};
	g_autofree char *upper = g_ascii_strup(text, -1);

	upper[strcspn(upper, "(")] = '\0';
	for (const char *group = upper; (group = strchr(group, '['));) {
		size_t length = strcspn(++group, "]");
		g_autofree char *inside = g_strndup(group, length);

		for (size_t i = 0; i < G_N_ELEMENTS(words) && !g_str_has_prefix(inside, "WAS"); i++)
			if (has_word(inside, words[i]))
				return true;
		group += length;
	}
	return false;
}
