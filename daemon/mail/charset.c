/* charset.c - bytes in any character set as UTF-8.
 *
 * Called by text.c.  Promises: every byte comes out in some form, whatever is declared, as valid UTF-8; time is linear.
 */
#include "mail/charset.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define CHARSET_NAME_LENGTH 64            /* characters; longer names are unknown ones */
#define CHARSET_MEMORY (4u * 1024 * 1024) /* bytes; none of glibc's needs as much */

/* Names that mail uses and iconv does not know, or knows as something narrower than what is meant. */
static const struct {
	const char *name, *iconv;
} charset_aliases[] = {
	{"ascii", "US-ASCII"},
	{"iso-8859-8-i", "ISO-8859-8"},
	{"ks-c-5601-1987", "CP949"},
	{"latin-1", "ISO-8859-1"},
	{"shift-jis", "SHIFT_JIS"},
	{"windows-874", "CP874"},
	{"x-gbk", "GBK"},
	{"x-sjis", "SHIFT_JIS"},
	{"x-utf-8", "UTF-8"},
	{"x-windows-949", "CP949"},
	{"x-windows-1252", "WINDOWS-1252"},
	{"big5-hkscs", "BIG5-HKSCS"},
};

/* The declared charset in lower case, without quotes around and `_` after it; NULL if that is no name. */
static char *charset_name(const char *declared)
{
	g_autofree char *name = declared ? g_ascii_strdown(declared, -1) : NULL;
	size_t length, start;

	if (!name || strlen(name) > CHARSET_NAME_LENGTH)
		return NULL;
	start = strspn(name, "'\" \t-_");
	for (length = strlen(name); length > start && strchr("'\" \t-_", name[length - 1]);)
		name[--length] = '\0';
	for (size_t i = start; i < length; i++)
		if (!g_ascii_isalnum(name[i]) && !strchr("-_.:+", name[i]))
			return NULL;
	return length > start ? g_strdup(name + start) : NULL;
}

/* iconv knows some names with `-` only and some with `_` only, and some with one of each. */
static GIConv open_charset(const char *name)
{
	g_autofree char *hyphens = g_strdelimit(g_strdup(name), "_", '-');
	g_autofree char *underscores = g_strdelimit(g_strdup(name), "-", '_');
	GIConv converter;

	for (size_t i = 0; i < G_N_ELEMENTS(charset_aliases); i++)
		if (strcmp(hyphens, charset_aliases[i].name) == 0)
			return g_iconv_open("UTF-8", charset_aliases[i].iconv);
	converter = g_iconv_open("UTF-8", name);
	if (converter == (GIConv)-1)
		converter = g_iconv_open("UTF-8", hyphens);
	return converter != (GIConv)-1 ? converter : g_iconv_open("UTF-8", underscores);
}

/* iconv also calls a charset unknown that it has no memory to load.  Then there is none for this either, and the
 * process ends before it reads a mail wrongly. */
static void need_memory(void)
{
	g_free(g_malloc(CHARSET_MEMORY));
}

/* Put `length` bytes in UTF-8 after `out`, or leave it as it is if one does not fit. */
static bool convert(GIConv converter, const char *bytes, size_t length, GByteArray *out)
{
	guint before = out->len;
	char *in = (char *)bytes, chunk[16384];
	size_t in_left = length, result;

	do {
		char *end = chunk;
		size_t out_left = sizeof(chunk);

		result = g_iconv(converter, in_left ? &in : NULL, &in_left, &end, &out_left);
		if (result == (size_t)-1 && errno != E2BIG) {
			g_byte_array_set_size(out, before);
			g_iconv(converter, NULL, NULL, NULL, NULL);
			return false;
		}
		g_byte_array_append(out, (guint8 *)chunk, (guint)(end - chunk));
	} while (result == (size_t)-1);
	return true;
}

static bool is_utf8(const char *text, size_t left)
{
	while (left > 0) {
		const char *end;

		if (g_utf8_validate_len(text, left, &end))
			return true;
		if (*end != '\0')
			return false;
		left -= (size_t)(end + 1 - text);
		text = end + 1;
	}
	return true;
}

static bool names_utf8(const char *charset)
{
	return strcmp(charset, "utf-8") == 0 || strcmp(charset, "utf8") == 0 || strcmp(charset, "utf_8") == 0;
}

/* Does a text in ASCII mean the same in this charset?  Of those that most mail is in. */
static bool extends_ascii(const char *charset)
{
	static const char *const names[] = {"us-ascii", "ascii", "iso-8859-1", "windows-1252"};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (strcmp(charset, names[i]) == 0)
			return true;
	return false;
}

static bool is_ascii(const GByteArray *bytes)
{
	guint8 all = 0;

	for (guint i = 0; i < bytes->len; i++)
		all |= bytes->data[i];
	return all < 0x80;
}

/* A charset that a text may be in. */
struct candidate {
	const char *name;
	bool utf8; /* needs no converter */
	GIConv converter;
};

static bool candidate_init(struct candidate *candidate, const char *name)
{
	candidate->name = name;
	candidate->utf8 = names_utf8(name);
	candidate->converter = candidate->utf8 ? (GIConv)-1 : open_charset(name);
	if (!candidate->utf8 && candidate->converter == (GIConv)-1)
		need_memory();
	return candidate->utf8 || candidate->converter != (GIConv)-1;
}

static void candidate_release(struct candidate *candidate)
{
	if (candidate->converter != (GIConv)-1)
		g_iconv_close(candidate->converter);
}

/* Put bytes after `out` as what they are in this charset; false if they are not in it. */
static bool decode_as(const struct candidate *candidate, const char *bytes, size_t length, GByteArray *out)
{
	guint before = out->len;

	if (candidate->utf8 && is_utf8(bytes, length)) {
		g_byte_array_append(out, (const guint8 *)bytes, (guint)length);
		return true;
	}
	if (candidate->utf8 || !convert(candidate->converter, bytes, length, out))
		return false;
	if (is_utf8((const char *)out->data + before, out->len - before))
		return true;
	g_byte_array_set_size(out, before);
	return false;
}

/* All bytes as what they are in this charset, or NULL.  Gives a reference. */
static GByteArray *decode_whole(GByteArray *bytes, const struct candidate *candidate)
{
	GByteArray *out;

	if (candidate->utf8)
		return is_utf8((const char *)bytes->data, bytes->len) ? g_byte_array_ref(bytes) : NULL;
	out = g_byte_array_sized_new(bytes->len + 16);
	if (!decode_as(candidate, (const char *)bytes->data, bytes->len, out))
		g_clear_pointer(&out, g_byte_array_unref);
	return out;
}

/* Do the lines of a text end in this charset where they end in ASCII? */
static bool has_plain_lines(const struct candidate *candidate)
{
	g_autoptr(GByteArray) newline = g_byte_array_new();

	return decode_as(candidate, "\n", 1, newline) && newline->len == 1 && newline->data[0] == '\n';
}

/* Each line as the first candidate that fits, and the last one fits always; *ret_last is the last that was needed. */
static GByteArray *decode_lines(const GByteArray *bytes, const struct candidate *candidates, size_t count,
                                size_t *ret_last)
{
	GByteArray *out = g_byte_array_sized_new(bytes->len + 16);
	const char *line = (const char *)bytes->data, *end = line + bytes->len;

	*ret_last = 0;
	while (line < end) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		size_t length = (size_t)((newline ? newline + 1 : end) - line), i = 0;

		while (i + 1 < count && !decode_as(&candidates[i], line, length, out))
			i++;
		if (i + 1 == count)
			decode_as(&candidates[i], line, length, out);
		*ret_last = MAX(*ret_last, i);
		line += length;
	}
	return out;
}

/* The text line by line; *ret_guess is the last charset that it needed. */
static GByteArray *guess_lines(const GByteArray *bytes, const struct candidate *declared, const char **ret_guess)
{
	static const char *const guesses[] = {"utf-8", "windows-1252", "iso-8859-1"};
	struct candidate candidates[G_N_ELEMENTS(guesses) + 1];
	size_t first = declared && has_plain_lines(declared), count = first, last;
	GByteArray *out;

	if (first)
		candidates[0] = *declared;
	for (size_t i = 0; i < G_N_ELEMENTS(guesses); i++)
		count += candidate_init(&candidates[count], guesses[i]);
	out = decode_lines(bytes, candidates, count, &last);
	*ret_guess = candidates[last].name;
	for (size_t i = first; i < count; i++)
		candidate_release(&candidates[i]);
	return out;
}

/* The text in another charset than the declared one, which is NULL if it is not known. */
static GByteArray *guess(struct message *message, GByteArray *bytes, const struct candidate *declared, bool is_declared)
{
	const char *name = "utf-8";
	GByteArray *out = is_utf8((const char *)bytes->data, bytes->len) ? g_byte_array_ref(bytes)
	                                                                 : guess_lines(bytes, declared, &name);

	if (declared)
		message_problem(message, "a part is not in the charset %s that it declares; read as %s", declared->name,
		                name);
	else if (is_declared)
		message_problem(message, "a part declares an unknown charset; read as %s", name);
	return out;
}

static const struct {
	const char *mark;
	size_t length;
	const char *charset;
} marks[] = {
	{"\xef\xbb\xbf", 3, "utf-8"}, {"\xff\xfe\0\0", 4, "utf-32le"}, {"\0\0\xfe\xff", 4, "utf-32be"},
	{"\xff\xfe", 2, "utf-16le"},  {"\xfe\xff", 2, "utf-16be"},
};

/* Take a byte order mark off the bytes.  The charset that it stands for, or NULL.  Of wide characters there is more
 * than the mark only where there are NUL bytes: they are taken out of a mail that was not encoded. */
static const char *take_mark(GByteArray *bytes)
{
	for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
		if (bytes->len < marks[i].length || memcmp(bytes->data, marks[i].mark, marks[i].length) != 0)
			continue;
		g_byte_array_remove_range(bytes, 0, (guint)marks[i].length);
		return i == 0 || (bytes->len > 0 && memchr(bytes->data, '\0', bytes->len)) ? marks[i].charset : NULL;
	}
	return NULL;
}

GByteArray *charset_decode(struct message *message, GByteArray *bytes, const char *declared)
{
	const char *marked = take_mark(bytes);
	g_autofree char *name = charset_name(declared);
	struct candidate candidate;
	GByteArray *out = NULL;
	bool known;

	if (marked && candidate_init(&candidate, marked)) {
		out = decode_whole(bytes, &candidate);
		candidate_release(&candidate);
	}
	if (out)
		return out;
	if (name && extends_ascii(name) && is_ascii(bytes))
		return g_byte_array_ref(bytes);
	known = name && candidate_init(&candidate, name);
	out = known ? decode_whole(bytes, &candidate) : NULL;
	if (!out)
		out = guess(message, bytes, known ? &candidate : NULL, declared != NULL);
	if (known)
		candidate_release(&candidate);
	take_mark(out);
	return out;
}
