/* diff.c - finds the diff in a text.
 *
 * Called by content.c for the text parts of a mail.  A machine reads line by line; its table says for
 * every state and kind of line what becomes of the line and of the lines held back in doubt.  Every line goes to
 * exactly one side.  Time and memory are linear in the text.  Which lines count as diff is Patchwork's choice, but if
 * that would tear a diff or take prose and footers into it.
 */
#include <stdbool.h>
#include <string.h>
#include <glib.h>

#include "patch/hunk.h"
#include "patch/diff.h"
#include "patch/trailers.h"

/* What a line can be for the machine. */
enum line_kind {
	LINE_OTHER,
	LINE_EMPTY,
	LINE_START,    /* diff -, as git mailinfo wants it: in prose it is rare */
	LINE_COMBINED, /* diff --cc, diff --combined */
	LINE_WEAK,     /* Index: or diff: it begins a file only if the next line bears it out */
	LINE_RULE,     /* ===== below Index: */
	LINE_EXTENDED, /* one of git's extended header lines */
	LINE_MODE,     /* mode 100644,100644..100755 of a combined diff */
	LINE_BINARY,   /* GIT binary patch */
	LINE_BLOCK,    /* literal or delta: begins one of the two halves of a binary patch */
	LINE_DATA,     /* a line of such a half; only there known from prose */
	LINE_OLD,      /* --- name */
	LINE_NEW,      /* +++ name */
	LINE_HUNK,     /* @@ -1,2 +3,4 @@ */
	LINE_NO_EOL,   /* \ No newline at end of file, in any language */
	LINE_CUT,      /* --- alone, between a message and its diffstat */
	LINE_FOOTER,   /* the first one of a signature or footer */
	LINE_KINDS,
};

/* Where the machine is.  The states of a file header come twice: once a hunk was seen, what follows may still turn
 * out to be part of the diff and is held back. */
enum state {
	STATE_TEXT,          /* prose */
	STATE_HEADER,        /* after diff */
	STATE_WEAK,          /* after a line that may begin a file or be prose */
	STATE_TORN,          /* in a file header with lines that git does not write: those of CVS, or wrapped ones */
	STATE_EXTENDED,      /* among git's extended headers */
	STATE_COMBINED,      /* after diff --cc: it is taken whole, with a hunk, or not at all */
	STATE_COMBINED_MORE, /* among the extended headers there */
	STATE_COMBINED_OLD,  /* after "--- " there */
	STATE_COMBINED_NEW,  /* after "+++ " there */
	STATE_BINARY,        /* after "GIT binary patch" */
	STATE_BINARY_BLOCK,  /* in one of its halves */
	STATE_BINARY_NEXT,   /* after one */
	STATE_OLD,           /* after "--- ", no hunk yet */
	STATE_NEW,           /* after "+++ ", no hunk yet */
	STATE_NEXT_OLD,      /* after a hunk and "--- " */
	STATE_NEXT,          /* after a hunk, or after one and "+++ " */
	STATE_DOUBT,         /* other text after a hunk: it is held until a file begins */
	STATE_TABLE_SIZE,
	STATE_HUNK = STATE_TABLE_SIZE, /* in a hunk: counted, not looked up */
};

/* What becomes of a line. */
enum action {
	UNNAMED,      /* the table does not name this kind of line */
	COMMENT,      /* it is prose */
	COMMENT_ALL,  /* it is prose, and so is what was held */
	COMMENT_HELD, /* what was held is prose; hold the line */
	LET_GO,       /* no file begins here: COMMENT_ALL, but after a hunk it is held in doubt */
	HOLD,         /* hold it */
	TAKE,         /* it is diff, and so is what was held */
	TAKE_HELD,    /* what was held is diff; hold the line */
	TAKE_END,     /* what was held is diff; the line is prose */
};

struct rule {
	enum action action;
	enum state next;
};

/* clang-format off */
#define FILE_BEGINS(action) \
		[LINE_START]    = { action, STATE_HEADER }, \
		[LINE_COMBINED] = { action, STATE_COMBINED }, \
		[LINE_WEAK]     = { action, STATE_WEAK }

/* A kind of line that is not named in a row is handled as LINE_OTHER is. */
static const struct rule rules[STATE_TABLE_SIZE][LINE_KINDS] = {
	[STATE_TEXT] = {
		[LINE_OTHER]    = { COMMENT, STATE_TEXT },
		FILE_BEGINS(HOLD),
		[LINE_OLD]      = { HOLD, STATE_OLD },
	},
	[STATE_HEADER] = {
		[LINE_OTHER]    = { HOLD, STATE_TORN },
		[LINE_EMPTY]    = { LET_GO, STATE_TEXT },
		[LINE_CUT]      = { LET_GO, STATE_TEXT },
		FILE_BEGINS(HOLD),
		[LINE_EXTENDED] = { HOLD, STATE_EXTENDED },
		[LINE_BINARY]   = { TAKE, STATE_BINARY },
		[LINE_OLD]      = { HOLD, STATE_OLD },
	},
	[STATE_WEAK] = {
		[LINE_OTHER]    = { LET_GO, STATE_TEXT },
		[LINE_START]    = { HOLD, STATE_HEADER },
		[LINE_COMBINED] = { COMMENT_HELD, STATE_COMBINED },
		[LINE_WEAK]     = { COMMENT_HELD, STATE_WEAK },
		[LINE_RULE]     = { HOLD, STATE_TORN },
		[LINE_OLD]      = { HOLD, STATE_OLD },
	},
	[STATE_TORN] = {
		[LINE_OTHER]    = { HOLD, STATE_TORN },
		[LINE_EMPTY]    = { LET_GO, STATE_TEXT },
		[LINE_CUT]      = { LET_GO, STATE_TEXT },
		FILE_BEGINS(HOLD),
		[LINE_OLD]      = { HOLD, STATE_OLD },
	},
	[STATE_EXTENDED] = {
		[LINE_OTHER]    = { TAKE_END, STATE_TEXT },
		FILE_BEGINS(TAKE_HELD),
		[LINE_EXTENDED] = { HOLD, STATE_EXTENDED },
		[LINE_BINARY]   = { TAKE, STATE_BINARY },
		[LINE_OLD]      = { TAKE, STATE_OLD },
		[LINE_HUNK]     = { TAKE, STATE_HUNK },
	},
	[STATE_COMBINED] = {
		[LINE_OTHER]    = { COMMENT_ALL, STATE_TEXT },
		FILE_BEGINS(COMMENT_HELD),
		[LINE_EXTENDED] = { HOLD, STATE_COMBINED_MORE },
		[LINE_MODE]     = { HOLD, STATE_COMBINED_MORE },
		[LINE_OLD]      = { HOLD, STATE_COMBINED_OLD },
	},
	[STATE_COMBINED_MORE] = {
		[LINE_OTHER]    = { TAKE_END, STATE_TEXT },
		FILE_BEGINS(TAKE_HELD),
		[LINE_EXTENDED] = { HOLD, STATE_COMBINED_MORE },
		[LINE_MODE]     = { HOLD, STATE_COMBINED_MORE },
		[LINE_OLD]      = { HOLD, STATE_COMBINED_OLD },
	},
	[STATE_COMBINED_OLD] = {
		[LINE_OTHER]    = { COMMENT_ALL, STATE_TEXT },
		FILE_BEGINS(COMMENT_HELD),
		[LINE_NEW]      = { HOLD, STATE_COMBINED_NEW },
	},
	[STATE_COMBINED_NEW] = {
		[LINE_OTHER]    = { COMMENT_ALL, STATE_TEXT },
		FILE_BEGINS(COMMENT_HELD),
		[LINE_HUNK]     = { TAKE, STATE_HUNK },
	},
	[STATE_BINARY] = {
		[LINE_OTHER]    = { COMMENT, STATE_TEXT },
		FILE_BEGINS(HOLD),
		[LINE_BLOCK]    = { TAKE, STATE_BINARY_BLOCK },
	},
	[STATE_BINARY_BLOCK] = {
		[LINE_OTHER]    = { COMMENT, STATE_TEXT },
		FILE_BEGINS(HOLD),
		[LINE_DATA]     = { TAKE, STATE_BINARY_BLOCK },
		[LINE_EMPTY]    = { TAKE, STATE_BINARY_NEXT },
	},
	[STATE_BINARY_NEXT] = {
		[LINE_OTHER]    = { COMMENT, STATE_TEXT },
		FILE_BEGINS(HOLD),
		[LINE_BLOCK]    = { TAKE, STATE_BINARY_BLOCK },
		[LINE_OLD]      = { HOLD, STATE_OLD },
	},
	[STATE_OLD] = {
		[LINE_OTHER]    = { COMMENT_ALL, STATE_TEXT },
		FILE_BEGINS(COMMENT_HELD),
		[LINE_OLD]      = { COMMENT_HELD, STATE_OLD },
		[LINE_NEW]      = { HOLD, STATE_NEW },
	},
	[STATE_NEW] = {
		[LINE_OTHER]    = { COMMENT_ALL, STATE_TEXT },
		FILE_BEGINS(COMMENT_HELD),
		[LINE_OLD]      = { TAKE, STATE_OLD },
		[LINE_HUNK]     = { TAKE, STATE_HUNK },
	},
	[STATE_NEXT_OLD] = {
		[LINE_OTHER]    = { HOLD, STATE_DOUBT },
		FILE_BEGINS(HOLD),
		[LINE_OLD]      = { HOLD, STATE_NEXT_OLD },
		[LINE_NEW]      = { HOLD, STATE_NEXT },
		[LINE_FOOTER]   = { COMMENT_ALL, STATE_TEXT },
	},
	[STATE_NEXT] = {
		[LINE_OTHER]    = { HOLD, STATE_DOUBT },
		FILE_BEGINS(HOLD),
		[LINE_OLD]      = { HOLD, STATE_NEXT_OLD },
		[LINE_HUNK]     = { TAKE, STATE_HUNK },
		[LINE_NO_EOL]   = { TAKE, STATE_NEXT },
		[LINE_FOOTER]   = { COMMENT_ALL, STATE_TEXT },
	},
	[STATE_DOUBT] = {
		[LINE_OTHER]    = { HOLD, STATE_DOUBT },
		FILE_BEGINS(HOLD),
		[LINE_OLD]      = { HOLD, STATE_NEXT_OLD },
		[LINE_FOOTER]   = { COMMENT_ALL, STATE_TEXT },
	},
};
/* clang-format on */

/* What LET_GO is, after a hunk and before one. */
static const struct rule held_in_doubt = {HOLD, STATE_DOUBT}, all_prose = {COMMENT_ALL, STATE_TEXT};

/* The fixed beginnings of lines; of two that fit the first one counts. */
static const struct {
	const char *text;
	enum line_kind kind;
} prefixes[] = {
	{"diff --cc ", LINE_COMBINED},
	{"diff --combined ", LINE_COMBINED},
	{"diff -", LINE_START},
	{"diff ", LINE_WEAK},
	{"Index: ", LINE_WEAK},
	{"====", LINE_RULE},
	{"--- \n", LINE_OTHER},
	{"--- ", LINE_OLD},
	{"---\n", LINE_CUT},
	{"---\r\n", LINE_CUT},
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
	{"mode ", LINE_MODE},
	{"GIT binary patch", LINE_BINARY},
	{"literal ", LINE_BLOCK},
	{"delta ", LINE_BLOCK},
	{"\\ ", LINE_NO_EOL},
	{"\r\n", LINE_EMPTY},
};

struct diff_splitter {
	enum state state;
	bool hunk_seen; /* a hunk was found: later file headers use the states STATE_NEXT... */
	struct hunk hunk;
	gssize footer;  /* where in the diff a line of this hunk stands that looks like a footer's first one; else -1 */
	bool signature; /* that is the last line, and is "-- " */
	bool marks_lost; /* a line of this hunk had no blank, + or - in front */
	GString *line;   /* the line that is not complete yet */
	GString *held;   /* lines in doubt */
	GString *comment, *diff;
	size_t before; /* of the comment, what stands before the diff */
};

struct diff_splitter *diff_splitter_new(void)
{
	struct diff_splitter *splitter = g_new0(struct diff_splitter, 1);

	splitter->state = STATE_TEXT;
	splitter->footer = -1;
	splitter->line = g_string_new(NULL);
	splitter->held = g_string_new(NULL);
	splitter->comment = g_string_new(NULL);
	splitter->diff = g_string_new(NULL);
	return splitter;
}

/* A line of data in a binary patch: a letter for the length, then groups of five characters of git's base 85. */
static bool is_binary_data(const char *line)
{
	static const char others[] = "!#$%&()*+-;<=>?@^_`{|}~";
	size_t length = 1;

	if (!g_ascii_isalpha(*line))
		return false;
	while (g_ascii_isalnum(line[length]) || (line[length] != '\0' && strchr(others, line[length])))
		length++;
	return length > 1 && (length - 1) % 5 == 0 && (line[length] == '\n' || line[length] == '\r');
}

/* Is it the first character of a line of any kind?  Most lines of prose begin with another one. */
static bool begins_kind(char first)
{
	switch (first) {
	case '\n':
	case '\r':
	case '+':
	case '-':
	case '=':
	case '@':
	case 'G':
	case 'I':
	case '\\':
	case '_':
	case 'c':
	case 'd':
	case 'i':
	case 'l':
	case 'm':
	case 'n':
	case 'o':
	case 'r':
	case 's':
		return true;
	default:
		return false;
	}
}

static enum line_kind line_kind(struct diff_splitter *splitter, const GString *line)
{
	const char *text = line->str;

	if (splitter->state == STATE_BINARY_BLOCK && is_binary_data(text))
		return LINE_DATA;
	if (!begins_kind(*text))
		return LINE_OTHER;
	if (*text == '\n')
		return LINE_EMPTY;
	if (*text == '@')
		return hunk_begin(&splitter->hunk, text) ? LINE_HUNK : LINE_OTHER;
	for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++)
		if (*text == *prefixes[i].text && g_str_has_prefix(text, prefixes[i].text))
			return prefixes[i].kind;
	return trailers_is_footer(text, line->len - 1) ? LINE_FOOTER : LINE_OTHER;
}

/* Put the held lines after `target`. */
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
	case LET_GO:
		g_assert_not_reached();
	case COMMENT_ALL:
		release_held(splitter, splitter->comment);
		target = splitter->comment;
		break;
	case COMMENT:
		target = splitter->comment;
		break;
	case COMMENT_HELD:
		release_held(splitter, splitter->comment);
		target = splitter->held;
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
	if (splitter->diff->len == 0)
		splitter->before = splitter->comment->len;
}

/* Is it one of the characters that the lines of a hunk begin with, or an empty line? */
static bool is_hunk_mark(char mark)
{
	return mark == ' ' || mark == '+' || mark == '-' || mark == '\\' || mark == '\n' || mark == '\r';
}

/* The footer that was taken for lines of the hunk, and what follows it, does not belong to the diff. */
static void give_footer_back(struct diff_splitter *splitter)
{
	GString *diff = splitter->diff;

	g_string_append_len(splitter->comment, diff->str + splitter->footer, (gssize)diff->len - splitter->footer);
	g_string_truncate(diff, (gsize)splitter->footer);
	splitter->state = STATE_TEXT;
}

/* Note the line, which is in the diff already, if it may begin a signature or a footer.  It does if the hunk does not
 * come out even, underscores at once; "-- " only if a line follows that no hunk has, else it is a removed "- ". */
static void look_for_footer(struct diff_splitter *splitter)
{
	const GString *line = splitter->line;

	if (splitter->signature && *line->str != '\n' && is_hunk_mark(*line->str))
		splitter->footer = -1;
	splitter->signature = false;
	if (splitter->footer < 0 && trailers_is_footer(line->str, line->len - 1)) {
		splitter->footer = (gssize)(splitter->diff->len - line->len);
		splitter->signature = line->str[2] == ' ';
	}
}

static void take_hunk_line(struct diff_splitter *splitter)
{
	const char mark = *splitter->line->str;
	bool sure;

	apply_action(splitter, TAKE);
	hunk_take(&splitter->hunk, splitter->line->str);
	if (mark == '-' || mark == '_' || splitter->signature)
		look_for_footer(splitter);
	sure = mark == '_' && splitter->footer == (gssize)(splitter->diff->len - splitter->line->len) &&
	       !splitter->marks_lost;
	/* A hunk that is too short has the next file's first line as its last one. */
	if (hunk_is_complete(&splitter->hunk))
		splitter->state = g_str_has_prefix(splitter->line->str, "diff --git ") ? STATE_HEADER : STATE_NEXT;
	if (splitter->footer >= 0 && (sure || hunk_is_overrun(&splitter->hunk)))
		give_footer_back(splitter);
	splitter->marks_lost |= !is_hunk_mark(mark);
}

/* The state to go to: once there was a hunk, file headers are read with the later states. */
static enum state later_state(const struct diff_splitter *splitter, enum state state)
{
	if (!splitter->hunk_seen)
		return state;
	return state == STATE_OLD ? STATE_NEXT_OLD : state == STATE_NEW ? STATE_NEXT : state;
}

/* Work on the line by the table. */
static void follow_rule(struct diff_splitter *splitter)
{
	const struct rule *rule = &rules[splitter->state][line_kind(splitter, splitter->line)];

	if (rule->action == UNNAMED)
		rule = &rules[splitter->state][LINE_OTHER];
	if (rule->action == LET_GO)
		rule = splitter->hunk_seen ? &held_in_doubt : &all_prose;
	apply_action(splitter, rule->action);
	splitter->state = later_state(splitter, rule->next);
	if (splitter->state == STATE_HUNK) {
		splitter->hunk_seen = true;
		splitter->footer = -1;
		splitter->signature = splitter->marks_lost = false;
	}
}

/* Work through the complete line in splitter->line, and empty it. */
static void end_line(struct diff_splitter *splitter)
{
	g_string_append_c(splitter->line, '\n');
	if (splitter->state == STATE_HUNK)
		take_hunk_line(splitter);
	else
		follow_rule(splitter);
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

void diff_splitter_finish(struct diff_splitter *splitter, char **ret_comment, size_t *ret_before, char **ret_diff)
{
	bool found;

	end_line(splitter); /* the last line, empty if the text ends in a newline, as Patchwork counts lines */
	if (splitter->state == STATE_HUNK && splitter->footer >= 0)
		give_footer_back(splitter);
	if (splitter->state == STATE_EXTENDED || splitter->state == STATE_COMBINED_MORE)
		release_held(splitter, splitter->diff);
	release_held(splitter, splitter->comment);
	found = splitter->diff->len > 0;
	*ret_before = found ? splitter->before : 0;
	*ret_comment = g_string_free(splitter->comment, FALSE);
	*ret_diff = g_string_free(splitter->diff, !found);
	g_string_free(splitter->held, TRUE);
	g_string_free(splitter->line, TRUE);
	g_free(splitter);
}

void diff_split(const char *text, char **ret_comment, size_t *ret_before, char **ret_diff)
{
	struct diff_splitter *splitter = diff_splitter_new();

	diff_splitter_push(splitter, text, strlen(text));
	diff_splitter_finish(splitter, ret_comment, ret_before, ret_diff);
}
