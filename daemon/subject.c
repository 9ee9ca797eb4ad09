/* subject.c - what a Subject says.
 *
 * Called by submission.c with decoded text.  The prefixes and the title are cut as Patchwork cuts them, since they
 * become the name of a patch.  Which words mark a reply, and how a version may be spelled, is wider than Patchwork:
 * see patchmaild(8).
 */
#include <string.h>

#include "subject.h"
#include "whitespace.h"

/* What mail programs put before the subject of a reply. */
static const char *const reply_words[] = {"re", "aw", "sv", "vs", "antw", "odp"};

/* And before that of a forwarded mail. */
static const char *const forward_words[] = {"fwd", "fw"};

/* What follows a reply mark ("Re:", "RE :", "Re[2]:") at the beginning of `text`, or NULL. */
static const char *skip_reply_mark(const char *text)
{
	for (size_t i = 0; i < G_N_ELEMENTS(reply_words); i++) {
		size_t length = strlen(reply_words[i]);
		const char *rest = text + length;

		if (g_ascii_strncasecmp(text, reply_words[i], length) != 0)
			continue;
		if (rest[0] == '[' && g_ascii_isdigit(rest[1])) {
			for (rest++; g_ascii_isdigit(*rest);)
				rest++;
			if (*rest++ != ']')
				continue;
		}
		rest = whitespace_skip(rest);
		if (*rest == ':')
			return rest + 1;
	}
	return NULL;
}

/* What follows "Fwd:", "Fw:", "Fwd " or "Fw " at the beginning of `text`, or NULL. */
static const char *skip_forward_mark(const char *text)
{
	for (size_t i = 0; i < G_N_ELEMENTS(forward_words); i++) {
		size_t length = strlen(forward_words[i]);

		if (g_ascii_strncasecmp(text, forward_words[i], length) != 0)
			continue;
		if (text[length] == ':')
			return text + length + 1;
		if (whitespace_length(text + length) > 0)
			return text + length;
	}
	return NULL;
}

/* Skip digits; NULL where there are none. */
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

/* The end of Mercurial's "1 of 3" at the beginning of a folded text, or NULL. */
static const char *skip_mercurial_marker(const char *text)
{
	const char *at = skip_digits(text);

	if (!at || !g_str_has_prefix(at, " of "))
		return NULL;
	at = skip_digits(at + strlen(" of "));
	return at && (*at == '\0' || *at == ' ' || *at == ',' || *at == ']') ? at : NULL;
}

/* Split the folded group up to `end` at commas and blanks into prefixes. */
static void add_prefixes(GPtrArray *prefixes, const char *group, const char *end)
{
	while (group < end) {
		const char *stop = skip_mercurial_marker(group);

		if (!stop)
			stop = group + strcspn(group, ", ]");
		if (stop > group && !(stop - group == 5 && g_ascii_strncasecmp(group, "PATCH", 5) == 0))
			g_ptr_array_add(prefixes, g_strndup(group, (size_t)(stop - group)));
		group = stop + 1;
	}
}

/* Take the leading [...] groups off a folded text; what is left is the title. */
static const char *take_groups(GPtrArray *prefixes, const char *text)
{
	const char *end;

	while (*text == '[' && (end = strchr(text, ']'))) {
		add_prefixes(prefixes, text + 1, end);
		text = skip_blanks(end + 1);
	}
	return text;
}

/* Read the marker that a prefix ends in: "2/3", "x-2/3", "2 of 3". */
static bool read_marker(const char *prefix, int *ret_number, int *ret_total)
{
	const char *end = prefix + strlen(prefix), *total = end, *number_end, *number_start;
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
	number = read_number(number_start, number_end);
	count = read_number(total, end);
	if (number_start == number_end || number < 0 || count < 0)
		return false;
	*ret_number = number;
	*ret_total = count;
	return true;
}

/* Read "v3" up to `end`; with `minor` also "v3.1", whose version is 3. */
static bool read_version(const char *text, const char *end, bool minor, int *ret_version)
{
	const char *digits = text + 1, *stop;
	int version;

	if (text == end || (*text != 'v' && *text != 'V'))
		return false;
	stop = skip_digits(digits);
	if (!stop || (version = read_number(digits, stop)) < 0)
		return false;
	if (minor && *stop == '.' && g_ascii_isdigit(stop[1]))
		stop = skip_digits(stop + 1);
	if (stop != end)
		return false;
	*ret_version = version;
	return true;
}

/* Read "PATCHv3", "RFC/PATCHv3" or "PATCH-v3", and beside a series marker also "v5.1": without one that is a release of
 * the kernel that the patch is for, wherever it was seen on real lists. */
static bool read_odd_version(const char *prefix, bool marked, int *ret_version)
{
	const char *end = prefix + strlen(prefix), *at = end;
	size_t mark = strlen("PATCH");

	if (marked && read_version(prefix, end, true, ret_version))
		return true;
	while (at > prefix && (g_ascii_isdigit(at[-1]) || at[-1] == '.'))
		at--;
	if (at == prefix || !read_version(--at, end, true, ret_version))
		return false;
	if (at > prefix && (at[-1] == '-' || at[-1] == '_'))
		at--;
	return (size_t)(at - prefix) >= mark && g_ascii_strncasecmp(at - mark, "PATCH", mark) == 0 &&
	       ((size_t)(at - prefix) == mark || !g_ascii_isalnum(at[-(gssize)mark - 1]));
}

/* The version that the title says, as in "Fix the frobnicator (v2)"; 1 where it says none. */
static int title_version(const char *title)
{
	int version;

	for (const char *at = title; (at = strchr(at, '(')); at++) {
		const char *end = at + 1 + strcspn(at + 1, "()");

		if (*end == ')' && read_version(at + 1, end, false, &version))
			return version;
	}
	return 1;
}

/* The first prefix that says a version as Patchwork knows it, else the first that says it otherwise, else the title. */
static int find_version(const GPtrArray *prefixes, bool marked, const char *title)
{
	int version;

	for (guint i = 0; i < prefixes->len; i++) {
		const char *prefix = g_ptr_array_index(prefixes, i);

		if (read_version(prefix, prefix + strlen(prefix), false, &version))
			return version;
	}
	for (guint i = 0; i < prefixes->len; i++)
		if (read_odd_version(g_ptr_array_index(prefixes, i), marked, &version))
			return version;
	return title_version(title);
}

void subject_init(struct subject *subject, const char *text)
{
	g_autofree char *folded = NULL;
	const char *rest, *start;

	text = text ? text : "";
	start = whitespace_skip(text);
	rest = skip_reply_mark(start);
	*subject = (struct subject){
		.text = g_strdup(text),
		.reply = rest,
		.prefixes = g_ptr_array_new_with_free_func(g_free),
		.number = -1,
		.total = -1,
	};
	if (!rest)
		rest = skip_forward_mark(start);
	if (!rest)
		rest = start;
	folded = whitespace_fold(rest, strlen(rest));
	subject->title = g_strdup(take_groups(subject->prefixes, folded));
	for (guint i = 0; i < subject->prefixes->len; i++)
		if (read_marker(g_ptr_array_index(subject->prefixes, i), &subject->number, &subject->total))
			break;
	subject->version = find_version(subject->prefixes, subject->number >= 0, subject->title);
}

void subject_release(struct subject *subject)
{
	g_clear_pointer(&subject->text, g_free);
	g_clear_pointer(&subject->prefixes, g_ptr_array_unref);
	g_clear_pointer(&subject->title, g_free);
}
