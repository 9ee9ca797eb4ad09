/* intake.c - the pipeline in a thread of its own.
 *
 * Used by server.c, whose thread submits and takes.  Promises that each mail comes back, with outcomes that are either
 * committed or deferred.
 */
#include "lmtp/intake.h"

#include <errno.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/deadline.h"

struct lmtp_intake {
	pthread_t thread;
	int call;  /* wakes the thread */
	int ready; /* and the server */
	int hurry;

	/* The server's own. */
	unsigned mails;
	size_t bytes;

	GMutex mutex; /* of these */
	GQueue waiting, back;
	bool ending;

	/* The thread's own. */
	struct ingest *ingest;
	GQueue flying;      /* mails, one after the other */
	unsigned submitted; /* lists of the last of them, if not all are */
	unsigned settled;   /* lists of the first one that have their outcome */
};

/* Mails ------------------------------------------------------------------------------------------------------------ */

struct lmtp_mail *lmtp_mail_new(void)
{
	struct lmtp_mail *mail = g_new0(struct lmtp_mail, 1);

	mail->spool = spool_new();
	mail->lists = g_ptr_array_new_with_free_func(g_free);
	mail->recipients = g_array_new(FALSE, FALSE, sizeof(unsigned));
	return mail;
}

void lmtp_mail_free(struct lmtp_mail *mail)
{
	if (!mail)
		return;
	for (unsigned i = 0; mail->outcomes && i < mail->lists->len; i++)
		outcome_release(&mail->outcomes[i]);
	g_free(mail->outcomes);
	g_free(mail->sender);
	spool_free(mail->spool);
	g_ptr_array_unref(mail->lists);
	g_array_unref(mail->recipients);
	g_free(mail);
}

/* The thread ------------------------------------------------------------------------------------------------------- */

static void wake(int event)
{
	const uint64_t one = 1;
	ssize_t written = write(event, &one, sizeof(one));

	(void)written; /* if it is full already it wakes too */
}

static void drain(int event)
{
	uint64_t count;
	ssize_t got = read(event, &count, sizeof(count));

	(void)got;
}

static void hand_back(struct lmtp_intake *intake, struct lmtp_mail *mail)
{
	g_mutex_lock(&intake->mutex);
	g_queue_push_tail(&intake->back, mail);
	g_mutex_unlock(&intake->mutex);
	wake(intake->ready);
}

/* The next mail that waits, or NULL. */
static struct lmtp_mail *next_mail(struct lmtp_intake *intake)
{
	struct lmtp_mail *mail;

	g_mutex_lock(&intake->mutex);
	mail = g_queue_pop_head(&intake->waiting);
	g_mutex_unlock(&intake->mutex);
	return mail;
}

static void submit_list(struct lmtp_intake *intake, struct lmtp_mail *mail, unsigned list)
{
	const struct store_source source = {
		.transport = mail->private ? "deliver" : "lmtp",
		.list_id = g_ptr_array_index(mail->lists, list),
		.told = true,
	};

	spool_rewind(mail->spool);
	ingest_submit(intake->ingest, spool_read, mail->spool, spool_size(mail->spool), &source, mail->deadline);
}

/* The mail whose next list is to be submitted, or NULL. */
static struct lmtp_mail *mail_to_submit(struct lmtp_intake *intake)
{
	struct lmtp_mail *mail;

	if (intake->submitted > 0)
		return g_queue_peek_tail(&intake->flying);
	while ((mail = next_mail(intake))) {
		mail->outcomes = g_new0(struct outcome, mail->lists->len);
		if (!g_atomic_int_get(&mail->given_up))
			break;
		hand_back(intake, mail);
	}
	if (mail)
		g_queue_push_tail(&intake->flying, mail);
	return mail;
}

/* Give the pipeline what it has room for. */
static void submit(struct lmtp_intake *intake)
{
	while (ingest_has_room(intake->ingest)) {
		struct lmtp_mail *mail = mail_to_submit(intake);

		if (!mail)
			return;
		submit_list(intake, mail, intake->submitted++);
		if (intake->submitted == mail->lists->len)
			intake->submitted = 0;
	}
}

/* The next outcome. */
static void settle(struct lmtp_intake *intake, const struct outcome *outcome)
{
	struct lmtp_mail *mail = g_queue_peek_head(&intake->flying);

	mail->outcomes[intake->settled++] = *outcome;
	if (intake->settled < mail->lists->len)
		return;
	intake->settled = 0;
	hand_back(intake, g_queue_pop_head(&intake->flying));
}

/* Wait for a mail, if none is there.  False if none will come. */
static bool wait_for_mail(struct lmtp_intake *intake)
{
	bool none, over;

	g_mutex_lock(&intake->mutex);
	none = g_queue_is_empty(&intake->waiting);
	over = none && intake->ending;
	g_mutex_unlock(&intake->mutex);
	if (none && !over)
		deadline_wait(intake->call, POLLIN, INT64_MAX);
	return !over;
}

static void *work(void *context)
{
	struct lmtp_intake *intake = context;
	struct outcome outcome;

	do {
		drain(intake->call);
		submit(intake);
		/* A mail that comes meanwhile calls us away. */
		while (!g_queue_is_empty(&intake->flying) && ingest_next(intake->ingest, true, &outcome)) {
			settle(intake, &outcome);
			submit(intake);
		}
	} while (!g_queue_is_empty(&intake->flying) || wait_for_mail(intake));
	return NULL;
}

/* From the server -------------------------------------------------------------------------------------------------- */

struct lmtp_intake *lmtp_intake_start(struct ingest *ingest, char **ret_reason)
{
	struct lmtp_intake *intake = g_new0(struct lmtp_intake, 1);
	int status;

	intake->call = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	intake->ready = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	intake->hurry = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	g_mutex_init(&intake->mutex);
	intake->ingest = ingest;
	ingest->call = intake->call;
	store_set_call(ingest->store, intake->hurry);
	status = intake->hurry < 0 ? errno : pthread_create(&intake->thread, NULL, work, intake);
	if (status == 0)
		return intake;
	*ret_reason = g_strdup_printf("the pipeline cannot be started: %s", g_strerror(status));
	intake->ingest = NULL;
	lmtp_intake_free(intake);
	return NULL;
}

static size_t in_memory(const struct lmtp_mail *mail)
{
	return (size_t)MIN(spool_size(mail->spool), SPOOL_MEMORY);
}

void lmtp_intake_submit(struct lmtp_intake *intake, struct lmtp_mail *mail)
{
	intake->mails++;
	intake->bytes += in_memory(mail);
	g_mutex_lock(&intake->mutex);
	g_queue_push_tail(&intake->waiting, mail);
	g_mutex_unlock(&intake->mutex);
	wake(intake->call);
}

int lmtp_intake_ready(const struct lmtp_intake *intake)
{
	return intake->ready;
}

struct lmtp_mail *lmtp_intake_take(struct lmtp_intake *intake)
{
	struct lmtp_mail *mail;

	drain(intake->ready);
	g_mutex_lock(&intake->mutex);
	mail = g_queue_pop_head(&intake->back);
	g_mutex_unlock(&intake->mutex);
	if (mail) {
		intake->mails--;
		intake->bytes -= in_memory(mail);
	}
	return mail;
}

unsigned lmtp_intake_mails(const struct lmtp_intake *intake)
{
	return intake->mails;
}

size_t lmtp_intake_bytes(const struct lmtp_intake *intake)
{
	return intake->bytes;
}

void lmtp_intake_hurry(struct lmtp_intake *intake)
{
	wake(intake->hurry);
}

static void free_mail(void *mail)
{
	lmtp_mail_free(mail);
}

void lmtp_intake_free(struct lmtp_intake *intake)
{
	if (!intake)
		return;
	if (intake->ingest) {
		g_mutex_lock(&intake->mutex);
		intake->ending = true;
		g_mutex_unlock(&intake->mutex);
		wake(intake->call);
		pthread_join(intake->thread, NULL);
		intake->ingest->call = -1;
		store_set_call(intake->ingest->store, -1);
	}
	g_queue_clear_full(&intake->back, free_mail);
	g_mutex_clear(&intake->mutex);
	close(intake->call);
	close(intake->ready);
	close(intake->hurry);
	g_free(intake);
}
