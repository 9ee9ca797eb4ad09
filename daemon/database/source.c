/* source.c - where a message came from, for the database.
 *
 * Used by the statements of store.c and pipeline.c.  What a user or a file system gave becomes valid UTF-8;
 * the rest is that already.
 */
#include "database/source.h"

#include <string.h>

#include <glib.h>
#include <jansson.h>

#include "base/log.h"

char *source_name(const char *name)
{
	if (name == NULL || g_utf8_validate(name, -1, NULL))
		return g_strdup(name);
	return g_strescape(name, NULL);
}

char *source_text(const struct store_source *source, int64_t patience)
{
	g_autofree char *list_id = source->list_id == NULL ? NULL : g_utf8_make_valid(source->list_id, -1);
	g_autofree char *position =
		source->position == NULL ? NULL : log_escape(source->position, strlen(source->position));
	g_autofree char *server = source->server == NULL ? NULL : g_utf8_make_valid(source->server, -1);
	g_autofree char *archive_name = source_name(source->archive_name), *place = source_name(source->place);
	json_t *object = json_pack("{s:s, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*}",
	                           "transport", source->transport, "list_id", list_id, "position", position, "account",
	                           source->account, "mailbox", source->mailbox, "holder", source->holder, "gone",
	                           source->gone, "server", server, "archive", source->archive, "archive_name",
	                           archive_name, "place", place, "mark", source->mark);
	char *text;

	if (source->uidvalidity != 0)
		json_object_set_new(object, "uidvalidity", json_integer(source->uidvalidity));
	if (source->uid != 0)
		json_object_set_new(object, "uid", json_integer(source->uid));
	if (source->quarantine_id != 0)
		json_object_set_new(object, "quarantine_id", json_integer(source->quarantine_id));
	if (source->retry != 0)
		json_object_set_new(object, "retry", json_integer(source->retry));
	if (source->attempts != 0)
		json_object_set_new(object, "attempts", json_integer(source->attempts));
	if (source->restarted)
		json_object_set_new(object, "restarted", json_true());
	if (source->same)
		json_object_set_new(object, "same", json_true());
	if (source->withheld)
		json_object_set_new(object, "withheld", json_true());
	if (source->after)
		json_object_set_new(object, "after", json_true());
	if (source->history)
		json_object_set_new(object, "history", json_true());
	if (source->removes)
		json_object_set_new(object, "removes", json_true());
	if (patience > 0)
		json_object_set_new(object, "patience", json_integer(patience));
	text = json_dumps(object, JSON_COMPACT);
	json_decref(object);
	return text;
}

struct store_source source_copy(const struct store_source *source)
{
	struct store_source copy = *source;

	copy.transport = g_strdup(source->transport);
	copy.list_id = g_strdup(source->list_id);
	copy.position = g_strdup(source->position);
	copy.account = g_strdup(source->account);
	copy.mailbox = g_strdup(source->mailbox);
	copy.holder = g_strdup(source->holder);
	copy.gone = g_strdup(source->gone);
	copy.server = g_strdup(source->server);
	copy.archive = g_strdup(source->archive);
	copy.archive_name = g_strdup(source->archive_name);
	copy.place = g_strdup(source->place);
	copy.mark = g_strdup(source->mark);
	return copy;
}

void source_release(struct store_source *source)
{
	const char **strings[] = {
		&source->transport, &source->list_id,      &source->position, &source->account,
		&source->mailbox,   &source->holder,       &source->gone,     &source->archive,
		&source->server,    &source->archive_name, &source->place,    &source->mark,
	};

	for (size_t i = 0; i < G_N_ELEMENTS(strings); i++) {
		g_free((char *)*strings[i]);
		*strings[i] = NULL;
	}
}
