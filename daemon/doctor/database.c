/* database.c - looks at the database.
 *
 * Used by the command doctor.  C says only whether the database can be used at all; what is found in it is decided by
 * sql/functions/doctor.
 */
#include "doctor/database.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/deadline.h"
#include "database/store.h"
#include "doctor/settings.h"

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static void take_rows(struct findings *findings, const char *text)
{
	json_t *rows = json_loads(text, 0, NULL);
	const json_t *row;
	size_t i;

	json_array_foreach (rows, i, row)
		findings_add(findings, finding_level_of(text_of(row, "level")), text_of(row, "subject"),
		             text_of(row, "finding"), text_of(row, "remedy"));
	json_decref(rows);
}

/* Ask a database that is connected. */
static void ask(struct findings *findings, struct store *store, const struct config *config)
{
	static const struct store_source source = {.transport = "doctor"};
	json_t *document = doctor_settings_document(config);
	char *settings = json_dumps(document, JSON_COMPACT);
	g_autofree char *rows = NULL, *reason = NULL;

	if (store_ask(store, "SELECT json_agg(d) FROM (SELECT $1::jsonb) s, patchmail.doctor($2::jsonb) d", &source,
	              settings, deadline_after(config->timeout), &rows, &reason) < 0)
		findings_add(findings, FINDING_FAILURE, "database", reason, NULL);
	else
		take_rows(findings, rows ? rows : "[]");
	free(settings);
	json_decref(document);
}

void doctor_look_at_database(struct findings *findings, const struct config *config)
{
	struct store *store = store_new(config->conninfo, config->connect_timeout);
	g_autofree char *reason = NULL;

	if (store_connect(store, deadline_after(config->timeout), &reason) < 0)
		findings_add(findings, FINDING_FAILURE, "database", reason, NULL);
	else
		ask(findings, store, config);
	store_free(store);
}
