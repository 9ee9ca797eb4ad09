/* visit.c - reads what is new in an archive.
 *
 * Used by service.c.  Promises that a place's mark stands for all its mails before it: each is stored, or has an
 * outcome that is not "deferred".  What the archive deletes after a mail was taken changes nothing here.
 */
#include "follow/visit.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/notify.h"
#include "database/archive_mark.h"
#include "service/complaint.h"

#define LOOK 100000 /* microseconds between two looks whether duty calls */

/* A mail that the pipeline has, or one that the archive deleted, for which there is nothing to do. */
struct passenger {
	char *place, *position, *mark; /* the mark may be NULL */
	bool deleted;
};

struct visit_work {
	const struct follow_visitor *visitor;
	char *folder;       /* the archive's, without links */
	GHashTable *marks;  /* as far as all have an outcome */
	GHashTable *passed; /* places of which a mail has one; and of these ... */
	GHashTable *late;   /* ... those whose mark in the database may be behind */
	GQueue flying;      /* of struct passenger, in the order of the archive */
	int64_t looked;     /* when it was last seen whether duty calls */
	int status;
	char *reason;
};

static void passenger_free(void *context)
{
	struct passenger *passenger = context;

	g_free(passenger->place);
	g_free(passenger->position);
	g_free(passenger->mark);
	g_free(passenger);
}

static void fail(struct visit_work *work, int status, char *reason)
{
	work->status = status;
	work->reason = reason;
}

/* True if the visit is to end.  Looks after everything now and then, however long git takes. */
static bool is_over(struct visit_work *work)
{
	int64_t now = g_get_monotonic_time();

	if (work->status == 0 && now - work->looked >= LOOK) {
		work->looked = now;
		if (service_duty_calls(work->visitor->duty))
			fail(work, -EINTR, NULL);
	}
	return work->status < 0;
}

/* Places: inside the archive, so that an archive that is moved is still the same. */
static const char *name_of(const struct visit_work *work, const char *place)
{
	size_t length = strlen(work->folder);

	if (strncmp(place, work->folder, length) != 0 || (place[length] != '/' && place[length] != '\0'))
		return place;
	return place[length] == '/' ? place + length + 1 : ".";
}

static struct store_source source_of(const struct visit_work *work, const struct passenger *passenger)
{
	const struct follow_visitor *visitor = work->visitor;

	return (struct store_source){
		.transport = "follow",
		.list_id = visitor->settings->list_id,
		.position = passenger->position,
		.archive_name = visitor->settings->name,
		.place = passenger->place,
		.mark = passenger->mark,
		.holder = visitor->duty->lease.holder,
		.told = true,
	};
}

/* Outcomes -------------------------------------------------------------------------------------------------------- */

/* All of its place up to here is over.  What is stored alone moves the mark no further than itself, though others after
 * it may be stored already; and what the archive deleted does not move it. */
static void pass(struct visit_work *work, const struct passenger *passenger)
{
	bool again = !g_hash_table_add(work->passed, g_strdup(passenger->place));

	if (again || passenger->deleted)
		g_hash_table_add(work->late, g_strdup(passenger->place));
	if (passenger->mark)
		archive_marks_set(work->marks, passenger->place, passenger->mark);
}

static void report(struct visit_work *work, const struct passenger *passenger, const struct outcome *outcome)
{
	const struct notify_archived mail = {work->visitor->settings->name, passenger->position};
	struct service_tally *tally = work->visitor->tally;
	bool deferred = outcome->kind == OUTCOME_DEFERRED;

	service_tally_count(tally, outcome->kind);
	if (deferred)
		tally->pending++;
	if (!deferred || service_tally_defer(tally, outcome->reason))
		notify_archived(&mail, outcome);
}

static void take_outcome(struct visit_work *work, const struct passenger *passenger, const struct outcome *outcome)
{
	report(work, passenger, outcome);
	if (outcome->kind == OUTCOME_DEFERRED)
		fail(work, -EAGAIN, NULL);
	else
		pass(work, passenger);
}

/* Take the outcomes that there are; with `wait` until no more than `left` mails have none. */
static void take_outcomes(struct visit_work *work, bool wait, unsigned left)
{
	while (work->status == 0 && work->flying.length > left) {
		struct passenger *first = g_queue_peek_head(&work->flying);
		struct outcome outcome;

		if (first->deleted) {
			pass(work, first);
		} else if (ingest_next(work->visitor->ingest, wait, &outcome)) {
			take_outcome(work, first, &outcome);
			outcome_release(&outcome);
		} else {
			if (wait)
				fail(work, -EINTR, NULL);
			return;
		}
		passenger_free(g_queue_pop_head(&work->flying));
	}
}

/* The archive ----------------------------------------------------------------------------------------------------- */

static const char *mark(void *context, const char *place)
{
	struct visit_work *work = context;

	return archive_marks_find(work->marks, name_of(work, place));
}

static void submit(struct visit_work *work, const struct passenger *passenger, const struct mail_archive_mail *mail)
{
	const struct follow_visitor *visitor = work->visitor;
	const struct store_source source = source_of(work, passenger);

	visitor->tally->fetched++;
	service_tally_progress(visitor->tally, passenger->place, SERVICE_TALLY_UNKNOWN);
	ingest_submit(visitor->ingest, mail->read, mail->context, 0, &source, 0);
}

static void take_mail(void *context, const struct mail_archive_mail *mail)
{
	struct visit_work *work = context;
	struct passenger *passenger;

	if (is_over(work))
		return;
	passenger = g_new(struct passenger, 1);
	*passenger = (struct passenger){
		.place = source_name(name_of(work, mail->place)),
		.position = g_strdup(mail->position),
		.mark = g_strdup(mail->mark),
		.deleted = mail->removed,
	};
	if (!mail->removed)
		submit(work, passenger, mail);
	g_queue_push_tail(&work->flying, passenger);
	take_outcomes(work, false, 0);
	while (work->status == 0 && !ingest_has_room(work->visitor->ingest))
		take_outcomes(work, true, work->flying.length - 1);
}

/* A repository cannot be read: that is said once. */
static void unreadable(void *context, const char *path, const char *reason)
{
	struct visit_work *work = context;
	const struct follow_visitor *visitor = work->visitor;
	struct service_complaint *complaint = g_hash_table_lookup(visitor->complaints, path);
	g_autofree char *words = g_strdup_printf("%s: %s", path, reason);

	if (!complaint) {
		complaint = g_new0(struct service_complaint, 1);
		g_hash_table_insert(visitor->complaints, g_strdup(path), complaint);
	}
	service_complain(complaint, visitor->settings->name, words);
	visitor->tally->unopened++;
	visitor->tally->pending++;
}

static void anew(void *context, const char *place, const char *reason)
{
	struct visit_work *work = context;

	log_warning("%s: %s: %s: it is read anew; mail that is known changes nothing", work->visitor->settings->name,
	            place, reason);
}

static bool stopped(const void *context)
{
	return is_over((struct visit_work *)context);
}

/* A visit --------------------------------------------------------------------------------------------------------- */

/* Move the marks that are behind. */
static void move_marks(struct visit_work *work)
{
	GHashTableIter places;
	void *place;

	g_hash_table_iter_init(&places, work->late);
	while (work->status == 0 && g_hash_table_iter_next(&places, &place, NULL)) {
		const struct passenger passed = {.place = place, .mark = g_hash_table_lookup(work->marks, place)};
		const struct store_source source = source_of(work, &passed);
		char *reason = NULL;
		int status = 0;

		if (passed.mark)
			status = archive_mark_move(work->visitor->ingest->store, &source,
			                           service_duty_deadline(work->visitor->duty), &reason);
		if (status < 0)
			fail(work, status, reason);
	}
}

static void read_archive(struct visit_work *work, struct public_inbox *inbox)
{
	const struct mail_archive_visitor visitor = {work, mark, take_mail, unreadable, anew, stopped};
	struct visit visit = {.visitor = &visitor};

	public_inbox_visit(inbox, &visit);
	visit_release(&visit);
	take_outcomes(work, true, 0);
	if (work->status == 0)
		move_marks(work);
	else
		ingest_forget(work->visitor->ingest);
}

int follow_visit(const struct follow_visitor *visitor, struct public_inbox *inbox, char **ret_reason)
{
	const char *path = visitor->settings->path;
	char *folder = realpath(path, NULL);
	struct visit_work work = {
		.visitor = visitor,
		.folder = folder ? folder : strdup(path),
		.passed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
		.late = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
	};

	visitor->tally->pending = visitor->tally->unopened = 0;
	work.status = archive_marks(visitor->ingest->store, visitor->settings->name,
	                            service_duty_deadline(visitor->duty), &work.marks, &work.reason);
	if (work.status == 0) {
		read_archive(&work, inbox);
		g_hash_table_destroy(work.marks);
	}
	g_hash_table_destroy(work.passed);
	g_hash_table_destroy(work.late);
	g_queue_clear_full(&work.flying, passenger_free);
	free(work.folder);
	*ret_reason = work.reason;
	return work.status;
}
