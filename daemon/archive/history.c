/* history.c - reads the commits of a public-inbox repository.
 *
 * Used by archive/public_inbox.  git rev-list names the commits to git diff-tree, whose raw output (diff-tree(1), RAW
 * OUTPUT FORMAT) is read here.  Promises bounded memory, whatever names and trees there are.
 */
#include "archive/history.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct history {
	unsigned version; /* 0: any file is a change */
	struct git *commits, *changes;
	char commit[GIT_ID_MAX + 1]; /* whose changes come */
	uint64_t number;             /* of it, from 1 */
};

#define WORD_MAX 1024 /* bytes of a name; those of mails are shorter, others are cut */

static int open_commits(struct history *history, const char *git_dir, const char *from, const char *tip,
                        const char *most, char **ret_reason)
{
	g_autofree char *not = from ? g_strdup_printf("^%s", from) : NULL;
	const char *const oldest_first[] = {"rev-list", "--reverse", "--topo-order", tip, not, NULL};
	const char *const newest_first[] = {"rev-list", most, tip, NULL};

	return git_start(git_dir, most ? newest_first : oldest_first, -1, false, &history->commits, ret_reason);
}

static int open_changes(struct history *history, const char *git_dir, char **ret_reason)
{
	static const char *const arguments[] = {"diff-tree", "--stdin", "-r",           "--root",      "-m",
	                                        "-z",        "--raw",   "--no-renames", "--no-abbrev", NULL};

	return git_start(git_dir, arguments, git_take_output(history->commits), false, &history->changes, ret_reason);
}

static int open_all(const char *git_dir, unsigned version, const char *from, const char *tip, const char *most,
                    struct history **ret_history, char **ret_reason)
{
	struct history *history = g_new0(struct history, 1);
	int status = open_commits(history, git_dir, from, tip, most, ret_reason);

	history->version = version;
	if (status == 0)
		status = open_changes(history, git_dir, ret_reason);
	if (status < 0) {
		history_close(history);
		return status;
	}
	*ret_history = history;
	return 0;
}

int history_open(const char *git_dir, unsigned version, const char *from, const char *tip, struct history **ret_history,
                 char **ret_reason)
{
	return open_all(git_dir, version, from, tip, NULL, ret_history, ret_reason);
}

void history_close(struct history *history)
{
	if (history == NULL)
		return;
	/* The one that reads of the other goes first. */
	git_end(history->changes, NULL);
	git_end(history->commits, NULL);
	g_free(history);
}

/* At the end of the output: did both of them work? */
static int finish(struct history *history, char **ret_reason)
{
	g_autofree char *one = NULL, *other = NULL;
	int changes = git_end(g_steal_pointer(&history->changes), &other);
	int commits = git_end(g_steal_pointer(&history->commits), &one);

	if (commits == 0 && changes == 0)
		return 0;
	*ret_reason = g_strdup_printf("git cannot read its history: %s", commits != 0 ? one : other);
	return -EIO;
}

/* Hexadecimal digits, as git writes them. */
static bool is_id(const char *text, size_t length)
{
	return strspn(text, "0123456789abcdef") >= length;
}

/* A raw line, ":000000 100644 OLD NEW A": the name of the new blob, which is zeros if the file is gone. */
static bool read_change(const char *line, char blob[GIT_ID_MAX + 1], bool *ret_file)
{
	g_auto(GStrv) parts = g_strsplit(line, " ", 5);

	size_t length;

	if (g_strv_length(parts) != 5)
		return false;
	length = strlen(parts[3]);
	if (length < 2 * (size_t)DELETIONS_KEY || length > GIT_ID_MAX || !is_id(parts[3], length))
		return false;
	*ret_file = g_str_has_prefix(parts[1], "100") || (parts[4][0] == 'D' && g_str_has_prefix(parts[0], ":100"));
	strcpy(blob, strspn(parts[3], "0") == length ? "" : parts[3]);
	return true;
}

static void set_key(uint8_t key[DELETIONS_KEY], const char *digits)
{
	for (size_t i = 0; i < DELETIONS_KEY; i++)
		key[i] = (uint8_t)(g_ascii_xdigit_value(digits[2 * i]) << 4 | g_ascii_xdigit_value(digits[2 * i + 1]));
}

/* "d" has the mail that goes: there is nothing to take. */
static bool is_second(struct history_change *change, const char *name, const char *blob)
{
	if (strcmp(name, "m") != 0 && strcmp(name, "d") != 0)
		return false;
	change->version = 2;
	/* One of them makes room for the other. */
	if (*blob == '\0')
		return false;
	change->deletes = *name == 'd';
	set_key(change->key, blob);
	strcpy(change->blob, change->deletes ? "" : blob);
	return true;
}

/* Is it 2/38 digits?  ssoma, which was before public-inbox, put mails of the same Message-ID one folder deeper. */
static bool is_first_name(const char *name)
{
	size_t length = strlen(name);

	return length >= 41 && is_id(name, 2) && name[2] == '/' && is_id(name + 3, 38) &&
	       (length == 41 || (length == 82 && name[41] == '/' && is_id(name + 42, 40)));
}

/* A file that is changed takes the place of what it was. */
static bool is_first(struct history_change *change, const char *name, const char *blob, bool added)
{
	g_autofree char *digest = NULL;

	if (!is_first_name(name))
		return false;
	change->version = 1;
	digest = g_compute_checksum_for_string(G_CHECKSUM_SHA1, name, -1);
	set_key(change->key, digest);
	change->deletes = !added;
	strcpy(change->blob, blob);
	return true;
}

/* One change of the present commit; *ret_mail: is it one of a mail? */
static int take_change(struct history *history, const char *line, struct history_change *change, bool *ret_mail)
{
	char name[WORD_MAX], blob[GIT_ID_MAX + 1];
	bool file;
	int status = git_read_word(history->changes, '\0', name, sizeof(name));

	if (status <= 0 || !read_change(line, blob, &file))
		return status < 0 ? status : -EIO;
	*change = (struct history_change){.number = history->number - 1};
	strcpy(change->commit, history->commit);
	*ret_mail = file && ((history->version != 1 && is_second(change, name, blob)) ||
	                     (history->version != 2 && is_first(change, name, blob, g_str_has_suffix(line, " A"))));
	return 1;
}

/* The next change, of a mail or not. */
static int next_change(struct history *history, struct history_change *change, bool *ret_mail)
{
	char line[WORD_MAX];
	int status;

	while ((status = git_read_word(history->changes, '\0', line, sizeof(line))) == 1 && line[0] != ':') {
		if (strlen(line) > GIT_ID_MAX || !is_id(line, strlen(line)))
			return -EIO;
		/* A merge comes once for each parent. */
		history->number += strcmp(history->commit, line) != 0;
		strcpy(history->commit, line);
	}
	return status <= 0 ? status : take_change(history, line, change, ret_mail);
}

int history_next(struct history *history, struct history_change *ret_change, char **ret_reason)
{
	bool mail = false;
	int status;

	if (history->changes == NULL)
		return 0;
	do
		status = next_change(history, ret_change, &mail);
	while (status > 0 && !mail);
	if (status < 0)
		*ret_reason = g_strdup_printf("what git says of its history cannot be read: %s", g_strerror(-status));
	return status != 0 ? status : finish(history, ret_reason);
}

int history_version(const char *git_dir, const char *tip, char **ret_reason)
{
	struct history *history;
	struct history_change change;
	bool mail = false;
	int status = open_all(git_dir, 0, NULL, tip, "--max-count=1000", &history, ret_reason);

	if (status < 0)
		return status;
	status = next_change(history, &change, &mail);
	if (status > 0 && change.version == 0) {
		*ret_reason = g_strdup("is a git repository, but none of public-inbox: its commits change other files");
		status = -EBADMSG;
	} else if (status > 0) {
		status = (int)change.version;
	} else if (status == 0) {
		status = finish(history, ret_reason);
	}
	history_close(history);
	return status;
}
