/* public_inbox.c - the mails of a public-inbox.
 *
 * Used by archive/archive.  A visit looks at each epoch's new commits twice: for what they delete, then for their
 * mails. Promises that a mail comes before the mark of its commit, and that memory does not grow with the history.
 */
#include "archive/public_inbox.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <glib.h>

#include "archive/blobs.h"
#include "archive/deletions.h"
#include "archive/history.h"
#include "archive/repositories.h"

struct public_inbox {
	char *path;
	GPtrArray *repositories; /* of struct repository, as of opening or the last visit */
	unsigned version;        /* of the first one that has mails; 0: there are no mails yet */
};

/* The commits of an epoch come after those of the epochs before it. */
#define EPOCH_PLACE(epoch, number) ((uint64_t)(epoch) << 40 | (number))

/* An epoch that is visited. */
struct epoch {
	struct repository *repository;
	char *from;      /* a commit: what it has is taken; NULL: nothing is */
	uint64_t before; /* commits of the other epochs before it */
	uint64_t old;    /* commits of its own that are taken */
	unsigned number; /* among the epochs */
	bool held_back;  /* not to be visited now */
};

struct inbox_visit {
	struct visit *visit;
	struct public_inbox *inbox;
	struct epoch *epochs;
	unsigned count;
	struct deletions *deletions;
};

/* What it is ------------------------------------------------------------------------------------------------- */

static char *name_it(const struct repository *repository, char *reason)
{
	char *named = g_strdup_printf("%s: %s", repository->folder, reason);

	g_free(reason);
	return named;
}

/* Look at one repository: its tip, its version. */
static int look(struct repository *repository, char **ret_reason)
{
	char *reason = NULL;
	int status = repository_look(repository, &reason);

	if (status == 0 && repository->tip)
		status = history_version(repository->folder, repository->tip, &reason);
	if (status < 0)
		*ret_reason = name_it(repository, reason);
	else
		repository->version = (unsigned)status;
	return MIN(status, 0);
}

static int look_at_all(struct public_inbox *inbox, char **ret_reason)
{
	int status = 0;

	for (unsigned i = 0; i < inbox->repositories->len && status == 0; i++) {
		struct repository *repository = g_ptr_array_index(inbox->repositories, i);

		status = look(repository, ret_reason);
		if (inbox->version == 0)
			inbox->version = repository->version;
	}
	return status;
}

int public_inbox_open(const char *path, struct public_inbox **ret_inbox, char **ret_reason)
{
	GPtrArray *repositories = NULL;
	struct public_inbox *inbox;
	int status = repositories_find(path, &repositories);

	if (status < 0) {
		*ret_reason = g_strdup_printf("%s: cannot be read: %s", path, g_strerror(-status));
		return status;
	}
	inbox = g_new0(struct public_inbox, 1);
	inbox->path = g_strdup(path);
	inbox->repositories = repositories;
	status = look_at_all(inbox, ret_reason);
	if (status == 0 && repositories->len > 0) {
		*ret_inbox = inbox;
		return 1;
	}
	public_inbox_free(inbox);
	return status;
}

void public_inbox_free(struct public_inbox *inbox)
{
	if (inbox == NULL)
		return;
	g_ptr_array_unref(inbox->repositories);
	g_free(inbox->path);
	g_free(inbox);
}

char *public_inbox_kind(const struct public_inbox *inbox)
{
	unsigned count = inbox->repositories->len;

	if (inbox->version == 0)
		return g_strdup("public-inbox without a mail yet");
	if (inbox->version == 1)
		return g_strdup("public-inbox v1");
	return g_strdup_printf("public-inbox v2, %u epoch%s", count, count == 1 ? "" : "s");
}

uint64_t public_inbox_size(struct public_inbox *inbox)
{
	uint64_t commits = 0;

	for (unsigned i = 0; i < inbox->repositories->len; i++)
		commits += repository_count(g_ptr_array_index(inbox->repositories, i));
	return commits;
}

/* Where a visit begins --------------------------------------------------------------------------------------- */

static char *make_mark(const struct repository *repository, const char *commit)
{
	return g_strdup_printf("%s %s", commit, repository->shallow);
}

/* The commit of a mark that fits; NULL: from the beginning.  Negative: the repository cannot be read. */
static int find_begin(const struct inbox_visit *visit, const struct repository *repository, char **ret_from,
                      char **ret_reason)
{
	const char *mark = visit_mark(visit->visit, repository->place);
	g_auto(GStrv) parts = mark ? g_strsplit(mark, " ", 2) : NULL;
	int status = 1;

	if (parts == NULL)
		return 0;
	if (g_strv_length(parts) != 2 || !g_str_equal(parts[1], repository->shallow)) {
		visit_anew(visit->visit, repository->place, "another part of its history is there");
		return 0;
	}
	if (!g_str_equal(parts[0], repository->tip))
		status = repository_has(repository, parts[0], ret_reason);
	if (status > 0)
		*ret_from = g_strdup(parts[0]);
	else if (status == 0)
		visit_anew(visit->visit, repository->place, "its history was rewritten");
	return MIN(status, 0);
}

static bool has_new(const struct epoch *epoch)
{
	return epoch->repository->tip && !(epoch->from && g_str_equal(epoch->from, epoch->repository->tip));
}

static void unreadable(const struct inbox_visit *visit, const struct epoch *epoch, char *reason)
{
	visit_unreadable(visit->visit, epoch->repository->folder, reason);
}

/* An epoch that cannot be read has nothing new. */
static void begin_epoch(const struct inbox_visit *visit, struct epoch *epoch)
{
	struct repository *repository = epoch->repository;
	char *reason = NULL;
	int status = repository_look(repository, &reason);

	if (status == 0 && repository->tip)
		status = find_begin(visit, repository, &epoch->from, &reason);
	if (status == 0 && has_new(epoch)) {
		status = history_version(repository->folder, repository->tip, &reason);
		repository->version = status > 0 ? (unsigned)status : 0;
	}
	if (status >= 0)
		return;
	unreadable(visit, epoch, reason);
	g_clear_pointer(&repository->tip, g_free);
}

static void begin_epochs(struct inbox_visit *visit, const GPtrArray *repositories)
{
	uint64_t before = 0;

	visit->count = repositories->len;
	visit->epochs = g_new0(struct epoch, visit->count);
	for (unsigned i = 0; i < visit->count; i++) {
		struct epoch *epoch = &visit->epochs[i];

		*epoch =
			(struct epoch){.repository = g_ptr_array_index(repositories, i), .before = before, .number = i};
		begin_epoch(visit, epoch);
		before += epoch->repository->commits;
	}
}

/* Deletions -------------------------------------------------------------------------------------------------- */

/* Collect what the commits delete; those up to `from` are of place 0 in their epoch. */
static int collect(struct inbox_visit *visit, struct epoch *epoch, const char *from, const char *tip, bool old,
                   char **ret_reason)
{
	struct history *history;
	struct history_change change;
	uint64_t commits = 0;
	int status =
		history_open(epoch->repository->folder, epoch->repository->version, from, tip, &history, ret_reason);

	if (status < 0)
		return status;
	while (!visit_stopped(visit->visit) && (status = history_next(history, &change, ret_reason)) > 0) {
		commits = change.number + 1;
		if (change.deletes &&
		    !deletions_add(visit->deletions, change.key, EPOCH_PLACE(epoch->number, old ? 0 : commits))) {
			*ret_reason = g_strdup_printf("more than %u deleted mails", DELETIONS_MAX);
			status = -E2BIG;
			break;
		}
	}
	history_close(history);
	if (!old)
		epoch->old = epoch->repository->commits > commits ? epoch->repository->commits - commits : 0;
	return status;
}

/* What this epoch deletes is not known: it is not visited, nor are those before it, whose mails it may have deleted. */
static void hold_back(struct inbox_visit *visit, struct epoch *epoch, char *reason)
{
	unreadable(visit, epoch, reason);
	for (unsigned i = 0; i <= epoch->number; i++)
		visit->epochs[i].held_back = true;
}

/* The epochs after the first one that has something new are looked through from their beginning: they may delete it. */
static void collect_deletions(struct inbox_visit *visit)
{
	bool begun = false;

	for (unsigned i = 0; i < visit->count && !visit_stopped(visit->visit); i++) {
		struct epoch *epoch = &visit->epochs[i];
		char *reason = NULL;
		int status = 0;

		if (begun && epoch->from)
			status = collect(visit, epoch, NULL, epoch->from, true, &reason);
		if (status == 0 && has_new(epoch))
			status = collect(visit, epoch, epoch->from, epoch->repository->tip, false, &reason);
		begun = begun || has_new(epoch);
		if (status < 0)
			hold_back(visit, epoch, reason);
	}
}

/* Mails ------------------------------------------------------------------------------------------------------ */

/* The blob of a change is there: read and give it. */
static int give_blob(struct inbox_visit *visit, const struct history_change *change, struct blobs *blobs,
                     struct mail_archive_mail *mail, char **ret_reason)
{
	int64_t size = blobs_find(blobs, change->blob, ret_reason);
	size_t length = 0;
	int status;

	if (size < 0)
		return (int)size;
	/* public-inbox-purge of early versions left empty mails. */
	if (size == 0) {
		mail->removed = true;
		visit->visit->visitor->mail(visit->visit->visitor->context, mail);
		return 0;
	}
	status = visit_gather(visit->visit, blobs_read, blobs, &length);
	if (status < 0)
		*ret_reason = g_strdup_printf("git cannot read its object %s", change->blob);
	else
		visit_give(visit->visit, length, status == 1 ? NULL : blobs_read, blobs, mail);
	return MIN(status, 0);
}

static int give(struct inbox_visit *visit, const struct epoch *epoch, const struct history_change *change, bool last,
                struct blobs *blobs, char **ret_reason)
{
	const struct repository *repository = epoch->repository;
	g_autofree char *position = g_strdup_printf("%s:%s", repository->folder, change->commit);
	g_autofree char *mark = last ? make_mark(repository, change->commit) : NULL;
	struct mail_archive_mail mail = {
		.position = position,
		.place = repository->place,
		.mark = mark,
		.done = epoch->before + epoch->old + change->number,
		.removed = deletions_has(visit->deletions, change->key, EPOCH_PLACE(epoch->number, change->number + 1)),
	};

	if (!mail.removed)
		return give_blob(visit, change, blobs, &mail, ret_reason);
	visit->visit->visitor->mail(visit->visit->visitor->context, &mail);
	return 0;
}

/* The next change that brings a mail. */
static int next_mail(struct history *history, struct history_change *ret_change, char **ret_reason)
{
	int status;

	do
		status = history_next(history, ret_change, ret_reason);
	while (status > 0 && ret_change->blob[0] == '\0');
	return status;
}

/* The commits after the last mail brought none: so far the epoch is taken. */
static void pass(const struct inbox_visit *visit, const struct epoch *epoch)
{
	const struct repository *repository = epoch->repository;
	g_autofree char *position = g_strdup_printf("%s:%s", repository->folder, repository->tip);
	g_autofree char *mark = make_mark(repository, repository->tip);
	const struct mail_archive_mail mail = {
		.position = position,
		.place = repository->place,
		.mark = mark,
		.done = epoch->before + repository->commits,
		.removed = true,
		.passed = true,
	};

	visit->visit->visitor->mail(visit->visit->visitor->context, &mail);
}

/* Give all mails of a history.  The mark is of the commit, so it comes with the last mail of each. */
static int give_all(struct inbox_visit *visit, const struct epoch *epoch, struct history *history, struct blobs *blobs,
                    char **ret_reason)
{
	struct history_change change = {0}, next;
	int status = next_mail(history, &change, ret_reason), given = 0;

	while (status > 0 && given == 0 && !visit_stopped(visit->visit)) {
		status = next_mail(history, &next, ret_reason);
		if (status >= 0)
			given = give(visit, epoch, &change, status == 0 || !g_str_equal(change.commit, next.commit),
			             blobs, ret_reason);
		if (status > 0)
			change = next;
	}
	if (status == 0 && given == 0 && !visit_stopped(visit->visit) &&
	    !g_str_equal(change.commit, epoch->repository->tip))
		pass(visit, epoch);
	return MIN(status, given);
}

static void visit_epoch(struct inbox_visit *visit, const struct epoch *epoch)
{
	const struct repository *repository = epoch->repository;
	struct history *history = NULL;
	struct blobs *blobs = NULL;
	char *reason = NULL;
	int status =
		history_open(repository->folder, repository->version, epoch->from, repository->tip, &history, &reason);

	if (status == 0)
		status = blobs_open(repository->folder, &blobs, &reason);
	if (status == 0)
		status = give_all(visit, epoch, history, blobs, &reason);
	blobs_close(blobs);
	history_close(history);
	if (status < 0)
		unreadable(visit, epoch, reason);
}

static void visit_all(struct inbox_visit *visit, const GPtrArray *repositories)
{
	begin_epochs(visit, repositories);
	visit->deletions = deletions_new();
	collect_deletions(visit);
	for (unsigned i = 0; i < visit->count && !visit_stopped(visit->visit); i++)
		if (has_new(&visit->epochs[i]) && !visit->epochs[i].held_back)
			visit_epoch(visit, &visit->epochs[i]);
	deletions_free(visit->deletions);
	for (unsigned i = 0; i < visit->count; i++)
		g_free(visit->epochs[i].from);
	g_free(visit->epochs);
}

/* What was counted of those that were there is still worth knowing. */
static void keep_counts(const GPtrArray *old, const GPtrArray *new)
{
	for (unsigned i = 0; i < new->len; i++) {
		struct repository *repository = g_ptr_array_index(new, i);

		for (unsigned j = 0; j < old->len; j++) {
			const struct repository *known = g_ptr_array_index(old, j);

			if (g_str_equal(known->place, repository->place))
				repository->commits = known->commits;
		}
	}
}

void public_inbox_visit(struct public_inbox *inbox, struct visit *visit)
{
	struct inbox_visit all = {.visit = visit, .inbox = inbox};
	GPtrArray *repositories = NULL;
	int status = repositories_find(inbox->path, &repositories);

	if (status < 0) {
		visit_unreadable(visit, inbox->path, g_strdup(g_strerror(-status)));
		return;
	}
	if (repositories->len == 0)
		visit_unreadable(visit, inbox->path, g_strdup("there is no repository any more"));
	keep_counts(inbox->repositories, repositories);
	visit_all(&all, repositories);
	g_ptr_array_unref(inbox->repositories);
	inbox->repositories = repositories;
}
