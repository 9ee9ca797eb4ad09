/* hunk.c - counts the lines of a diff's hunks.
 *
 * Called by content.c, diff.c and file_names.c.  Promises: what a line says is looked at, never trusted; counts of any
 * size are no danger, and a line costs what its beginning is long.
 */
#include "patch/hunk.h"

#include <string.h>

/* Read digits; a number too large stays at G_MAXINT64.  NULL if there are none. */
static const char *read_number(const char *at, gint64 *ret_number)
{
	if (!g_ascii_isdigit(*at))
		return NULL;
	*ret_number = g_ascii_strtoll(at, (char **)&at, 10);
	return at;
}

/* Read "-1,2 " or "+3 ": the number of lines, 1 if it is missing. */
static const char *read_range(const char *at, char mark, gint64 *ret_count)
{
	gint64 start, count = 1;

	if (*at != mark || !(at = read_number(at + 1, &start)))
		return NULL;
	if (*at == ',' && !(at = read_number(at + 1, &count)))
		return NULL;
	if (*at != ' ')
		return NULL;
	*ret_count = count;
	return at + 1;
}

bool hunk_begin(struct hunk *hunk, const char *line)
{
	size_t marks = 0;
	struct hunk found;
	const char *at;

	while (marks <= HUNK_PARENTS + 1 && line[marks] == '@')
		marks++;
	if (marks < 2 || marks > HUNK_PARENTS + 1 || line[marks] != ' ')
		return false;
	found.parents = (unsigned)marks - 1;
	at = line + marks + 1;
	for (unsigned i = 0; at && i <= found.parents; i++)
		at = read_range(at, i < found.parents ? '-' : '+', &found.left[i]);
	if (!at || strncmp(at, line, marks) != 0)
		return false;
	hunk->parents = found.parents;
	memcpy(hunk->left, found.left, (found.parents + 1) * sizeof(*found.left));
	return true;
}

/* A line of a combined diff has a column for each parent: `-` for a line that it alone had, `+` for one that it had
 * not. */
static void take_combined(struct hunk *hunk, const char *line)
{
	size_t columns = 0;
	bool removed;

	while (columns < hunk->parents && line[columns] != '\0' && line[columns] != '\n')
		columns++;
	removed = memchr(line, '-', columns) != NULL;
	for (unsigned i = 0; i < hunk->parents; i++) {
		int column = i < columns ? line[i] : ' ';

		if (removed ? column == '-' : column != '+')
			hunk->left[i]--;
	}
	if (!removed)
		hunk->left[hunk->parents]--;
}

void hunk_take(struct hunk *hunk, const char *line)
{
	if (line[0] == '\\' && line[1] == ' ')
		return;
	if (hunk->parents > 1) {
		take_combined(hunk, line);
	} else {
		hunk->left[0] -= *line != '+';
		hunk->left[1] -= *line != '-';
	}
}

bool hunk_is_complete(const struct hunk *hunk)
{
	for (unsigned i = 0; i <= hunk->parents; i++)
		if (hunk->left[i] > 0)
			return false;
	return true;
}

bool hunk_is_overrun(const struct hunk *hunk)
{
	for (unsigned i = 0; i <= hunk->parents; i++)
		if (hunk->left[i] < 0)
			return true;
	return false;
}
