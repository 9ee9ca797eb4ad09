/* pool.c - gives mails to several workers and collects their facts in order.
 *
 * Used by the pipeline and by `parse`.  Promises that a mail which hangs or kills its worker holds up no other one but
 * in being handed out, and that nothing waits unless the header says so.
 */
#include "parser/pool.h"

#include <errno.h>
#include <stdbool.h>

#include <glib.h>

#include "base/deadline.h"

/* A mail on its way. */
struct job {
	struct parser_mail mail;
	const char *reason;
	int64_t deadline;
	bool done;
	struct parser_result result;
};

struct parser_pool {
	unsigned seconds; /* for a mail without a deadline */
	unsigned count;
	struct parser_process *workers[PARSER_POOL_MAX];
	struct job *jobs[PARSER_POOL_MAX]; /* what each worker has, or NULL */
	GQueue *submitted;                 /* of struct job: all, the first submitted first */
	size_t facts;                      /* bytes of those that were not handed out */
	bool reported;                     /* what there is not of the sandbox */
	GList *waiting;                    /* the first of them that no worker has had, or NULL */
};

static unsigned default_count(void)
{
	return CLAMP(g_get_num_processors(), 1, PARSER_POOL_DEFAULT);
}

int parser_pool_start(const char *program, const char *trust, const char *sandbox, unsigned workers, unsigned seconds,
                      struct parser_pool **ret_pool)
{
	struct parser_pool *pool = g_new0(struct parser_pool, 1);
	int status;

	pool->count = workers == 0 ? default_count() : MIN(workers, PARSER_POOL_MAX);
	pool->seconds = seconds;
	pool->submitted = g_queue_new();
	for (unsigned i = 0; i < pool->count; i++)
		pool->workers[i] = parser_process_new(program, trust, sandbox);
	status = parser_process_start(pool->workers[0]);
	if (status < 0)
		parser_pool_free(pool);
	else
		*ret_pool = pool;
	return status;
}

int parser_pool_start_configured(const struct config *config, unsigned seconds, struct parser_pool **ret_pool,
                                 char **ret_reason)
{
	g_autofree char *trust = trust_settings_text(config->trust);
	int status = parser_pool_start(NULL, trust, config->sandbox, config->parsers, seconds, ret_pool);

	if (status < 0)
		*ret_reason = g_strdup_printf("the parser process cannot be started: %s", g_strerror(-status));
	return status;
}

static void job_free(void *data)
{
	struct job *job = data;

	g_free(job->result.facts);
	g_free(job->result.reason);
	g_free(job);
}

void parser_pool_free(struct parser_pool *pool)
{
	if (pool == NULL)
		return;
	/* All end side by side. */
	parser_pool_dismiss(pool);
	for (unsigned i = 0; i < pool->count; i++)
		parser_process_free(pool->workers[i]);
	g_queue_free_full(pool->submitted, job_free);
	g_free(pool);
}

void parser_pool_dismiss(struct parser_pool *pool)
{
	for (unsigned i = 0; i < pool->count; i++)
		parser_process_dismiss(pool->workers[i]);
}

void parser_pool_forget(struct parser_pool *pool)
{
	for (unsigned i = 0; i < pool->count; i++) {
		if (pool->jobs[i] != NULL)
			parser_process_forget(pool->workers[i]);
		pool->jobs[i] = NULL;
	}
	pool->waiting = NULL;
	pool->facts = 0;
	g_queue_clear_full(pool->submitted, job_free);
}

/* Working ------------------------------------------------------------------------------------------------------- */

/* Give a worker that has nothing to do the next mail, if there is one. */
static void employ(struct parser_pool *pool, unsigned number)
{
	struct job *job;

	if (pool->jobs[number] != NULL || pool->waiting == NULL)
		return;
	if (pool->facts >= PARSER_POOL_FACTS && pool->waiting != pool->submitted->head)
		return;
	job = pool->waiting->data;
	pool->waiting = pool->waiting->next;
	pool->jobs[number] = job;
	if (job->deadline == 0)
		job->deadline = deadline_after(pool->seconds);
	parser_process_begin(pool->workers[number], &job->mail, job->reason, job->deadline);
}

static void employ_all(struct parser_pool *pool)
{
	for (unsigned i = 0; i < pool->count && pool->waiting != NULL; i++)
		employ(pool, i);
}

static void go_on(struct parser_pool *pool, unsigned number)
{
	struct job *job = pool->jobs[number];

	if (job == NULL || !parser_process_go_on(pool->workers[number], &job->result))
		return;
	job->done = true;
	pool->facts += job->result.length;
	pool->jobs[number] = NULL;
}

/* Has the worker's mail had its time? */
static bool is_late(const struct parser_pool *pool, unsigned number)
{
	struct pollfd item;
	int64_t deadline;

	parser_process_wants(pool->workers[number], &item, &deadline);
	return deadline_left(deadline) == 0;
}

void parser_pool_go_on(struct parser_pool *pool, const struct pollfd *items)
{
	for (unsigned i = 0; i < pool->count; i++) {
		bool ready = items == NULL || (pool->jobs[i] != NULL && (items++)->revents);

		if (ready || (pool->jobs[i] != NULL && is_late(pool, i)))
			go_on(pool, i);
		employ(pool, i);
	}
}

void parser_pool_submit(struct parser_pool *pool, const struct parser_mail *mail, const char *reason, int64_t deadline)
{
	struct job *job = g_new(struct job, 1);

	*job = (struct job){.mail = *mail, .reason = reason, .deadline = deadline};
	g_queue_push_tail(pool->submitted, job);
	if (pool->waiting == NULL)
		pool->waiting = pool->submitted->tail;
	employ_all(pool);
}

bool parser_pool_next(struct parser_pool *pool, struct parser_result *ret_result)
{
	struct job *job = g_queue_peek_head(pool->submitted);

	if (job == NULL || !job->done)
		return false;
	*ret_result = job->result;
	pool->facts -= job->result.length;
	g_free(g_queue_pop_head(pool->submitted));
	/* There may be room for others' facts again. */
	employ_all(pool);
	return true;
}

char *parser_pool_shortcomings(struct parser_pool *pool)
{
	unsigned lacks = 0;

	for (unsigned i = 0; i < pool->count && !pool->reported; i++)
		lacks |= parser_process_lacks(pool->workers[i]);
	if (lacks == 0)
		return NULL;
	pool->reported = true;
	return parser_process_lacks_text(lacks);
}

unsigned parser_pool_mails(const struct parser_pool *pool)
{
	return pool->submitted->length;
}

/* Waiting ------------------------------------------------------------------------------------------------------- */

unsigned parser_pool_wants(const struct parser_pool *pool, struct pollfd ret_items[PARSER_POOL_MAX],
                           int64_t *ret_deadline)
{
	unsigned count = 0;

	*ret_deadline = INT64_MAX;
	for (unsigned i = 0; i < pool->count; i++) {
		int64_t deadline;

		if (pool->jobs[i] == NULL)
			continue;
		parser_process_wants(pool->workers[i], &ret_items[count++], &deadline);
		*ret_deadline = deadline_earlier(*ret_deadline, deadline);
	}
	return count;
}

/* Wait for any worker; what is ready then goes to `ret_items`. */
static void wait_for_any(const struct parser_pool *pool, struct pollfd ret_items[PARSER_POOL_MAX])
{
	int64_t deadline;
	unsigned count = parser_pool_wants(pool, ret_items, &deadline);

	deadline_poll(ret_items, count, deadline);
}

void parser_pool_wait(struct parser_pool *pool)
{
	const struct job *first = g_queue_peek_head(pool->submitted);
	struct pollfd items[PARSER_POOL_MAX];

	/* One may be free that was not when there was nobody to look. */
	parser_pool_go_on(pool, NULL);
	while (!first->done) {
		wait_for_any(pool, items);
		parser_pool_go_on(pool, items);
	}
}

static bool is_busy(const struct parser_pool *pool)
{
	for (unsigned i = 0; i < pool->count; i++) {
		if (pool->jobs[i] != NULL)
			return true;
	}
	return false;
}

void parser_pool_settle(struct parser_pool *pool)
{
	struct pollfd items[PARSER_POOL_MAX];

	for (;;) {
		for (unsigned i = 0; i < pool->count; i++)
			go_on(pool, i);
		if (!is_busy(pool))
			return;
		wait_for_any(pool, items);
	}
}
