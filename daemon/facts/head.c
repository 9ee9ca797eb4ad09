/* head.c - what the facts of any mail begin with, and all that is said of one that nobody may look at.
 *
 * Called by document.c in the parser, and where the parser cannot answer: by parser/process.c and ingest/oversized.c.
 * Promises: no byte of a mail is looked at but to be counted and hashed.
 */
#include "facts/head.h"

#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "mail/checksum.h"

json_t *facts_string(const char *text)
{
	g_autofree char *valid = NULL;
	size_t length;

	if (!text)
		return json_null();
	length = strlen(text);
	if (g_utf8_validate(text, (gssize)length, NULL))
		return json_stringn_nocheck(text, length);
	valid = g_utf8_make_valid(text, (gssize)length);
	return json_string_nocheck(valid);
}

void facts_set_head(json_t *facts, size_t size, const char *sha256)
{
	json_object_set_new(facts, "facts", json_integer(FACTS_VERSION));
	json_object_set_new(facts, "size", json_integer((json_int_t)size));
	json_object_set_new(facts, "sha256", facts_string(sha256));
	json_object_set_new(facts, "problems", json_array());
}

char *facts_text(json_t *facts)
{
	char *text = json_dumps(facts, JSON_COMPACT | JSON_PRESERVE_ORDER), *copy;

	json_decref(facts);
	if (!text)
		g_error("out of memory while writing facts");
	copy = g_strdup(text);
	free(text);
	return copy;
}

char *facts_of_unread(const char *bytes, size_t length, const char *reason)
{
	g_autofree char *sha256 = checksum_sha256(bytes, length);
	json_t *facts = json_object();

	facts_set_head(facts, length, sha256);
	json_object_set_new(facts, "rejected", facts_string(reason));
	json_object_set_new(facts, "message_id", json_null());
	json_object_set_new(facts, "subject", json_null());
	return facts_text(facts);
}

char *facts_of_beginning(const char *facts)
{
	json_t *changed = json_loads(facts, 0, NULL);

	if (!json_is_object(changed)) {
		json_decref(changed);
		return NULL;
	}
	json_object_set_new(changed, "size", json_null());
	json_object_set_new(changed, "sha256", json_null());
	return facts_text(changed);
}
