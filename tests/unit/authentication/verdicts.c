/* verdicts.c - for the tests of authentication.c: settings and a header go in, what is said of it comes out as a
 * text. */
#include "verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "authentication/authentication.h"

/* The header's authentication; false if it has no author. */
static bool read_header(const char *settings_text, const char *header, bool wrapped,
                        struct authentication *ret_authentication)
{
	g_autofree char *group = g_strconcat("[authentication]\n", settings_text, NULL), *reason = NULL;
	struct trust_settings *settings = trust_settings_new();
	struct authentication_author who = {.wrapped = wrapped};
	struct header_list headers;
	struct author author;
	size_t body;
	bool read;

	assert_true(trust_settings_take(settings, group));
	header_list_init(&headers, header, strlen(header), &body);
	read = author_read(&headers, &author, &reason) == 0;
	if (read) {
		who.author = &author;
		who.single = author_is_single(&headers);
		authentication_read(&headers, &who, trust_settings_for(settings, NULL), ret_authentication);
		author_release(&author);
	}
	header_list_release(&headers);
	trust_settings_free(settings);
	return read;
}

char *say_verdict(const char *settings, const char *header, bool wrapped)
{
	struct authentication authentication;
	GString *text = g_string_new(NULL);

	if (!read_header(settings, header, wrapped, &authentication)) {
		g_string_append(text, "no author");
		return g_string_free(text, FALSE);
	}
	g_string_append_printf(text, "%s: %s", verdict_name(authentication.author.verdict),
	                       authentication.author.reason);
	if (authentication.original.reason)
		g_string_append_printf(text, " / %s: %s", verdict_name(authentication.original.verdict),
		                       authentication.original.reason);
	authentication_release(&authentication);
	return g_string_free(text, FALSE);
}

static void append_claim(GString *text, const struct claim *claim)
{
	g_string_append_printf(text, "  %u %d %s %s=%s", claim->index, claim->turn, claim_source_name(claim->source),
	                       claim->method, claim->result);
	if (claim->identity)
		g_string_append_printf(text, " %s", claim->identity);
	if (claim->measured)
		g_string_append_printf(text, " %s", alignment_name(claim->alignment));
	g_string_append_printf(text, ": %s\n", claim->reason ? claim->reason : claim->by);
}

char *say_fields(const char *settings, const char *header)
{
	struct authentication authentication;
	GString *text = g_string_new(NULL);

	assert_true(read_header(settings, header, false, &authentication));
	for (unsigned i = 0; i < authentication.fields->len; i++) {
		const struct authentication_field *field = g_ptr_array_index(authentication.fields, i);

		g_string_append_printf(text, "%u %s %s%s: %s\n", field->index, field->name,
		                       field->authserv_id ? field->authserv_id : "-", field->counts ? " counts" : "",
		                       field->reason);
	}
	for (unsigned i = 0; i < authentication.claims->len; i++)
		append_claim(text, g_ptr_array_index(authentication.claims, i));
	if (authentication.unread > 0)
		g_string_append_printf(text, "%u unread\n", authentication.unread);
	authentication_release(&authentication);
	return g_string_free(text, FALSE);
}

void check_verdicts(const struct verdict_row *rows, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		g_autofree char *said = say_verdict(rows[i].settings, rows[i].header, false);

		if (strcmp(said, rows[i].said) != 0)
			fail_msg("%s%sgives %s", rows[i].settings, rows[i].header, said);
	}
}

void check_unheard(const char *settings, const char *header)
{
	g_autofree char *said = say_verdict(settings, header, false);

	if (!g_str_has_prefix(said, "none: ") || strstr(said, " / pass") || strstr(said, " / fail"))
		fail_msg("%s%.4000sgives %s", settings, header, said);
}
