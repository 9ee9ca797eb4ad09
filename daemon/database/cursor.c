/* cursor.c - how far the mail of an IMAP account has been taken.
 *
 * Used by imap/visit.c.
 */
#include "database/cursor.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <jansson.h>

/* The JSON that a function gives; -EAGAIN if it gives none. */
static int ask(struct store *store, const char *sql, const struct store_source *source, const char *text,
               int64_t deadline, json_t **ret_answer, char **ret_reason)
{
	g_autofree char *answer = NULL;
	int status = store_ask(store, sql, source, text, deadline, &answer, ret_reason);

	if (status < 0)
		return status;
	*ret_answer = answer ? json_loads(answer, JSON_DECODE_ANY, NULL) : json_null();
	if (*ret_answer)
		return 0;
	*ret_reason = g_strdup("the database gave no proper answer");
	return -EAGAIN;
}

/* A call whose answer does not matter. */
static int tell(struct store *store, const char *sql, const struct store_source *source, const char *text,
                int64_t deadline, char **ret_reason)
{
	json_t *answer = NULL;
	int status = ask(store, sql, source, text, deadline, &answer, ret_reason);

	json_decref(answer);
	return status;
}

static uint32_t uid_of(const json_t *number)
{
	json_int_t value = json_integer_value(number);

	return value < 0 || value > UINT32_MAX ? 0 : (uint32_t)value;
}

static GArray *uids_of(const json_t *array)
{
	GArray *uids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	const json_t *item;
	size_t i;

	json_array_foreach (array, i, item) {
		uint32_t uid = uid_of(item);

		g_array_append_val(uids, uid);
	}
	return uids;
}

static void clear_deferred(void *deferred)
{
	g_free(((struct cursor_deferred *)deferred)->reason);
}

static void read_cursor(const json_t *answer, struct cursor *cursor)
{
	const json_t *item;
	size_t i;

	cursor->last_uid = uid_of(json_object_get(answer, "last_uid"));
	cursor->uidvalidity = uid_of(json_object_get(answer, "uidvalidity"));
	cursor->first = uid_of(json_object_get(answer, "first"));
	cursor->renewed = g_strdup(json_string_value(json_object_get(answer, "renewed")));
	cursor->moved = json_is_true(json_object_get(answer, "moved"));
	cursor->witness_uid = uid_of(json_object_get(answer, "witness_uid"));
	cursor->witness = g_strdup(json_string_value(json_object_get(answer, "witness")));
	cursor->later = (unsigned)json_integer_value(json_object_get(answer, "later"));
	cursor->deferred = g_array_new(FALSE, FALSE, sizeof(struct cursor_deferred));
	g_array_set_clear_func(cursor->deferred, clear_deferred);
	json_array_foreach (json_object_get(answer, "deferred"), i, item) {
		struct cursor_deferred deferred = {
			uid_of(json_object_get(item, "uid")),
			(unsigned)json_integer_value(json_object_get(item, "attempts")),
			g_strdup(json_string_value(json_object_get(item, "reason"))),
			json_is_true(json_object_get(item, "alone")),
		};

		g_array_append_val(cursor->deferred, deferred);
	}
	cursor->unsettled = uids_of(json_object_get(answer, "unsettled"));
}

int cursor_open(struct store *store, const struct store_source *source, int64_t deadline, struct cursor *ret_cursor,
                char **ret_reason)
{
	json_t *answer = NULL;
	int status =
		ask(store, "SELECT patchmail.open_mailbox($1::jsonb)", source, NULL, deadline, &answer, ret_reason);

	if (status == 0)
		*ret_reason = store_version_fault(store, json_integer_value(json_object_get(answer, "schema")));
	if (status == 0 && *ret_reason) {
		/* Another connection would say so too: nothing is asked over this one any more. */
		store_abandon(store);
		status = -EAGAIN;
	}
	if (status == 0)
		read_cursor(answer, ret_cursor);
	json_decref(answer);
	return status;
}

int cursor_new_uids(struct store *store, const struct store_source *source, const GArray *uids, int64_t deadline,
                    GArray **ret_uids, char **ret_reason)
{
	g_autoptr(GString) text = g_string_new("[");
	json_t *answer = NULL;
	int status;

	for (unsigned i = 0; i < uids->len; i++)
		g_string_append_printf(text, "%s%" PRIu32, i > 0 ? "," : "", g_array_index(uids, uint32_t, i));
	g_string_append_c(text, ']');
	status = ask(store, "SELECT patchmail.new_uids($1::jsonb, $2)", source, text->str, deadline, &answer,
	             ret_reason);
	if (status == 0)
		*ret_uids = uids_of(answer);
	json_decref(answer);
	return status;
}

int cursor_note_witness(struct store *store, const struct store_source *source, const char *witness, int64_t deadline,
                        char **ret_reason)
{
	return tell(store, "SELECT to_json(patchmail.note_witness($1::jsonb, $2))", source, witness, deadline,
	            ret_reason);
}

void cursor_release(struct cursor *cursor)
{
	g_clear_pointer(&cursor->renewed, g_free);
	g_clear_pointer(&cursor->witness, g_free);
	g_clear_pointer(&cursor->deferred, g_array_unref);
	g_clear_pointer(&cursor->unsettled, g_array_unref);
}

/* "{1,2}", as PostgreSQL reads an array. */
static char *array_text(const uint32_t *uids, unsigned count)
{
	GString *text = g_string_new("{");

	for (unsigned i = 0; i < count; i++)
		g_string_append_printf(text, "%s%" PRIu32, i > 0 ? "," : "", uids[i]);
	return g_string_free(g_string_append_c(text, '}'), FALSE);
}

int cursor_expect(struct store *store, const struct store_source *source, const uint32_t *uids, unsigned count,
                  int64_t deadline, char **ret_reason)
{
	g_autofree char *text = array_text(uids, count);

	return tell(store, "SELECT to_json(patchmail.expect_uids($1::jsonb, $2::bigint[]))", source, text, deadline,
	            ret_reason);
}

int cursor_defer(struct store *store, const struct store_source *source, const char *why, int64_t deadline,
                 unsigned *ret_attempts, char **ret_reason)
{
	json_t *answer = NULL;
	int status = ask(store, "SELECT to_json(patchmail.defer_uid($1::jsonb, $2))", source, why, deadline, &answer,
	                 ret_reason);

	if (status == 0)
		*ret_attempts = (unsigned)json_integer_value(answer);
	json_decref(answer);
	return status;
}

int cursor_forget(struct store *store, const struct store_source *source, int64_t deadline, char **ret_reason)
{
	return tell(store, "SELECT to_json(patchmail.forget_uid($1::jsonb))", source, NULL, deadline, ret_reason);
}

int cursor_settle(struct store *store, const struct store_source *source, const uint32_t *uids, unsigned count,
                  int64_t deadline, char **ret_reason)
{
	g_autofree char *text = array_text(uids, count);

	return tell(store,
	            "SELECT to_json(count(patchmail.settle_uid($1::jsonb || jsonb_build_object('uid', u.uid)))) "
	            "FROM unnest($2::bigint[]) u(uid)",
	            source, text, deadline, ret_reason);
}
