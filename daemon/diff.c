/* diff.c - finds the diff in a text and the file names in a diff.
 *
 * Called by submission.c for the text parts of a mail.  A machine reads line by line; its table says for
 * every state and kind of line what becomes of the line and of the lines held back in doubt.  Every line goes to
 * exactly one side.  Time and memory are linear in the text.  Which lines count as diff is Patchwork's choice.
 */
#include <stdbool.h>
#include <string.h>
#include <glib.h>

#include "diff.h"
#include "whitespace.h"

/* What a line can be for the machine. */
enum line_kind {
	LINE_OTHER,
	LINE_START,    /* diff, Index: */
	LINE_EXTENDED, /* one of git's extended header lines */
	LINE_BINARY,   /* GIT binary patch */
	LINE_OLD,      /* --- name */
	LINE_NEW,      /* +++ name */
	LINE_HUNK,     /* @@ -1,2 +3,4 @@ */
	LINE_NO_EOL,   /* \ No newline at end of file */
	LINE_KINDS,
};

/* Where the machine is.  The states of a file header come twice: once a hunk was seen, what follows may still turn
 * out to be part of the diff and is held back. */
enum state {
	STATE_TEXT,     /* prose */
	STATE_HEADER,   /* after diff or Index: */
	STATE_DOUBT,    /* all is held until "--- " or a new beginning */
	STATE_EXTENDED, /* among git's extended headers */
	STATE_BINARY,   /* in a binary patch */
	STATE_OLD,      /* after "--- ", no hunk yet */
	STATE_NEW,      /* after "+++ ", no hunk yet */
	STATE_NEXT_OLD, /* after "--- ", behind a hunk */
	STATE_NEXT,     /* after a hunk, or after "+++ " behind one */
	STATE_TABLE_SIZE,
	STATE_HUNK = STATE_TABLE_SIZE, /* in a hunk: counted, not looked up */
};

/* What becomes of a line. */
enum action {
	UNNAMED,     /* the table does not name this kind of line */
	COMMENT,     /* it is prose */
	COMMENT_ALL, /* it is prose, and so is what was held */
	HOLD,        /* hold it */
	TAKE,        /* it is diff, and so is what was held */
	TAKE_HELD,   /* what was held is diff; hold the line */
	TAKE_END,    /* what was held is diff; the line is prose */
};

struct rule {
	enum action action;
	enum state next;
};

/* clang-format off */
/* A kind of line that is not named in a row is handled as LINE_OTHER is. */
static const struct rule rules[STATE_TABLE_SIZE][LINE_KINDS] = {
	[STATE_TEXT] = {
		[LINE_OTHER]    = { COMMENT, STATE_TEXT },
		[LINE_START]    = { HOLD, STATE_HEADER },
		[LINE_OLD]      = { HOLD, STATE_OLD },
	},
	[STATE_HEADER] = {
		[LINE_OTHER]    = { HOLD, STATE_DOUBT },
		[LINE_START]    = { HOLD, STATE_HEADER },
		[LINE_EXTENDED] = { HOLD, STATE_EXTENDED },
		[LINE_OLD]      = { HOLD, STATE_OLD },
	},
	[STATE_DOUBT] = {
		[LINE_OTHER]    = { HOLD, STATE_DOUBT },
		[LINE_START]    = { HOLD, STATE_HEADER },
		[LINE_OLD]      = { HOLD, STATE_OLD },
	},
	[STATE_EXTENDED] = {
		[LINE_OTHER]    = { TAKE_END, STATE_TEXT },
		[LINE_START]    = { TAKE_HELD, STATE_HEADER },
		[LINE_EXTENDED] = { HOLD, STATE_EXTENDED },
		[LINE_BINARY]   = { TAKE, STATE_BINARY },
		[LINE_OLD]      = { TAKE, STATE_OLD },
		[LINE_HUNK]     = { TAKE, STATE_HUNK },
	},
	[STATE_BINARY] = {
		[LINE_OTHER]    = { TAKE, STATE_BINARY },
		[LINE_START]    = { TAKE, STATE_TEXT },
	},
	[STATE_OLD] = {
		[LINE_OTHER]    = { COMMENT_ALL, STATE_TEXT },
		[LINE_NEW]      = { HOLD, STATE_NEW },
	},
	[STATE_NEW] = {
		[LINE_OTHER]    = { COMMENT_ALL, STATE_TEXT },
		[LINE_OLD]      = { TAKE, STATE_OLD },
		[LINE_HUNK]     = { TAKE, STATE_HUNK },
	},
	[STATE_NEXT_OLD] = {
		[LINE_OTHER]    = { HOLD, STATE_DOUBT },
		[LINE_START]    = { HOLD, STATE_HEADER },
		[LINE_NEW]      = { HOLD, STATE_NEXT },
	},
	[STATE_NEXT] = {
		[LINE_OTHER]    = { HOLD, STATE_DOUBT },
		[LINE_START]    = { HOLD, STATE_HEADER },
		[LINE_EXTENDED] = { HOLD, STATE_EXTENDED },
		[LINE_OLD]      = { TAKE, STATE_NEXT_OLD },
		[LINE_HUNK]     = { TAKE, STATE_HUNK },
		[LINE_NO_EOL]   = { TAKE, STATE_NEXT },
	},
};
/* clang-format on */

/* The fixed beginnings of lines. */
static const struct {
	const char *text;
	enum line_kind kind;
} prefixes[] = {
	{"diff ", LINE_START},
	{"Index: ", LINE_START},
	{"--- ", LINE_OLD},
	{"+++ ", LINE_NEW},
	{"old mode ", LINE_EXTENDED},
	{"new mode ", LINE_EXTENDED},
	{"deleted file mode ", LINE_EXTENDED},
	{"new file mode ", LINE_EXTENDED},
	{"copy from ", LINE_EXTENDED},
	{"copy to ", LINE_EXTENDED},
	{"rename from ", LINE_EXTENDED},
	{"rename to ", LINE_EXTENDED},
	{"similarity index ", LINE_EXTENDED},
	{"dissimilarity index ", LINE_EXTENDED},
	{"index ", LINE_EXTENDED},
	{"GIT binary patch", LINE_BINARY},
	{"\\ No newline at end of file", LINE_NO_EOL},
};

struct diff_splitter {
	enum state state;
	bool hunk_seen;            /* a hunk was found: later file headers use the states STATE_NEXT... */
	gint64 old_left, new_left; /* lines that the hunk still has on each side */
	GString *line;             /* the line that is not complete yet */
	GString *held;             /* lines in doubt */
	GString *comment, *diff;
};

struct diff_splitter *diff_splitter_new(void)
{
	struct diff_splitter *splitter = g_new0(struct diff_splitter, 1);

	splitter->state = STATE_TEXT;
	splitter->line = g_string_new(NULL);
	splitter->held = g_string_new(NULL);
	splitter->comment = g_string_new(NULL);
	splitter->diff = g_string_new(NULL);
	return splitter;
}

/* Read digits; a number too large stays at G_MAXINT64.  NULL where there are none. */
static const char *read_number(const char *at, gint64 *ret_number)
{
	if (!g_ascii_isdigit(*at))
		return NULL;
	*ret_number = g_ascii_strtoll(at, (char **)&at, 10);
	return at;
}

/* Read "-1,2" or "+3": the number of lines, 1 where it is missing. */
static const char *read_range(const char *at, char mark, gint64 *ret_count)
{
	gint64 start, count = 1;

	if (*at != mark || !(at = read_number(at + 1, &start)))
		return NULL;
	if (*at == ',' && !(at = read_number(at + 1, &count)))
		return NULL;
	*ret_count = count;
	return at;
}

/* Is this a hunk header, and how many lines has its hunk on each side? */
static bool read_hunk_header(const char *line, gint64 *ret_old, gint64 *ret_new)
{
	gint64 old, new;

	if (!g_str_has_prefix(line, "@@ ") || !(line = read_range(line + 3, '-', &old)) || *line != ' ' ||
	    !(line = read_range(line + 1, '+', &new)) || !g_str_has_prefix(line, " @@"))
		return false;
	*ret_old = old;
	*ret_new = new;
	return true;
}

static enum line_kind line_kind(struct diff_splitter *splitter, const char *line)
{
	if (*line == '@')
		return read_hunk_header(line, &splitter->old_left, &splitter->new_left) ? LINE_HUNK : LINE_OTHER;
	for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++)
		if (*line == *prefixes[i].text && g_str_has_prefix(line, prefixes[i].text))
			return prefixes[i].kind;
	return LINE_OTHER;
}

/* Put the held lines behind `target`. */
static void release_held(struct diff_splitter *splitter, GString *target)
{
	g_string_append_len(target, splitter->held->str, (gssize)splitter->held->len);
	g_string_truncate(splitter->held, 0);
}

static void apply_action(struct diff_splitter *splitter, enum action action)
{
	GString *target = NULL;

	switch (action) {
	case UNNAMED:
		g_assert_not_reached();
	case COMMENT_ALL:
		release_held(splitter, splitter->comment);
		target = splitter->comment;
		break;
	case COMMENT:
		target = splitter->comment;
		break;
	case HOLD:
		target = splitter->held;
		break;
	case TAKE:
		release_held(splitter, splitter->diff);
		target = splitter->diff;
		break;
	case TAKE_HELD:
		release_held(splitter, splitter->diff);
		target = splitter->held;
		break;
	case TAKE_END:
		release_held(splitter, splitter->diff);
		target = splitter->comment;
		break;
	}
	g_string_append_len(target, splitter->line->str, (gssize)splitter->line->len);
}

/* A line of a hunk, whatever it is.  A line that is neither added nor removed counts on both sides, so that an empty
 * line whose blank was lost on the way does not break the hunk. */
static void take_hunk_line(struct diff_splitter *splitter)
{
	const char *line = splitter->line->str;

	if (*line == '-')
		splitter->old_left--;
	else if (*line == '+')
		splitter->new_left--;
	else if (!g_str_has_prefix(line, "\\ No newline at end of file")) {
		splitter->old_left--;
		splitter->new_left--;
	}
	if (splitter->old_left <= 0 && splitter->new_left <= 0)
		splitter->state = STATE_NEXT;
	apply_action(splitter, TAKE);
}

/* The state to go to: once there was a hunk, file headers are read with the later states. */
static enum state later_state(const struct diff_splitter *splitter, enum state state)
{
	if (!splitter->hunk_seen)
		return state;
	return state == STATE_OLD ? STATE_NEXT_OLD : state == STATE_NEW ? STATE_NEXT : state;
}

/* Work through the complete line in splitter->line, and empty it. */
static void end_line(struct diff_splitter *splitter)
{
	const struct rule *rule;

	g_string_append_c(splitter->line, '\n');
	if (splitter->state == STATE_HUNK) {
		take_hunk_line(splitter);
	} else {
		rule = &rules[splitter->state][line_kind(splitter, splitter->line->str)];
		if (rule->action == UNNAMED)
			rule = &rules[splitter->state][LINE_OTHER];
		apply_action(splitter, rule->action);
		splitter->state = later_state(splitter, rule->next);
		splitter->hunk_seen |= splitter->state == STATE_HUNK;
	}
	g_string_truncate(splitter->line, 0);
}

void diff_splitter_push(struct diff_splitter *splitter, const char *text, size_t length)
{
	const char *end = text + length;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));

		g_string_append_len(splitter->line, text, (newline ? newline : end) - text);
		if (!newline)
			break;
		end_line(splitter);
		text = newline + 1;
	}
}

void diff_splitter_finish(struct diff_splitter *splitter, char **ret_comment, char **ret_diff)
{
	bool found;

	end_line(splitter); /* the last line, empty where the text ends in a newline, as Patchwork counts lines */
	if (splitter->state == STATE_EXTENDED)
		release_held(splitter, splitter->diff);
	release_held(splitter, splitter->comment);
	found = splitter->diff->len > 0;
	*ret_comment = g_string_free(splitter->comment, FALSE);
	*ret_diff = g_string_free(splitter->diff, !found);
	g_string_free(splitter->held, TRUE);
	g_string_free(splitter->line, TRUE);
	g_free(splitter);
}

void diff_split(const char *text, char **ret_comment, char **ret_diff)
{
	struct diff_splitter *splitter = diff_splitter_new();

	diff_splitter_push(splitter, text, strlen(text));
	diff_splitter_finish(splitter, ret_comment, ret_diff);
}

/* The file name in a "--- " or "+++ " line without its first component, or NULL.  The caller frees it. */
static char *file_name(const char *line)
{
	const char *name = line + 4, *slash = NULL, *end;

	if (!g_str_has_prefix(line, "--- ") && !g_str_has_prefix(line, "+++ "))
		return NULL;
	for (end = name; *end && whitespace_length(end) == 0; end++)
		if (*end == '/' && !slash)
			slash = end;
	if (end == name || g_str_has_prefix(name, "/dev/null"))
		return NULL;
	return slash ? g_strndup(slash + 1, (size_t)(end - slash - 1)) : g_strdup("");
}

GPtrArray *diff_file_names(const char *diff)
{
	g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

	for (const char *line = diff; line; line = strchr(line, '\n')) {
		char *name;

		line += *line == '\n';
		name = file_name(line);
		if (!name)
			continue;
		if (g_hash_table_contains(known, name)) {
			g_free(name);
			continue;
		}
		g_hash_table_add(known, name);
		g_ptr_array_add(names, name);
	}
	return names;
}
