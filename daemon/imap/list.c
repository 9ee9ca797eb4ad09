/* list.c - asks an IMAP server which mailboxes there are.
 *
 * Called by mailboxes.c.  Promises: whatever the server answers, the names are few, short, text in one line, and match
 * what was asked for.
 */
#include "imap/list.h"

#include <errno.h>
#include <string.h>

#include <libetpan/libetpan.h>

#include "base/deadline.h"
#include "imap/command.h"
#include "imap/pattern.h"
#include "imap/utf7.h"

/* What RFC 3501 (\Noselect) and RFC 5258 (\NonExistent) say of a name without a mailbox. */
static bool can_be_opened(const struct mailimap_mailbox_list *item)
{
	const struct mailimap_mbx_list_flags *flags = item->mb_flag;

	if (!flags)
		return true;
	if (flags->mbf_type == MAILIMAP_MBX_LIST_FLAGS_SFLAG && flags->mbf_sflag == MAILIMAP_MBX_LIST_SFLAG_NOSELECT)
		return false;
	for (clistiter *cell = flags->mbf_oflags ? clist_begin(flags->mbf_oflags) : NULL; cell;
	     cell = clist_next(cell)) {
		const struct mailimap_mbx_list_oflag *flag = clist_content(cell);

		if (flag->of_flag_ext && (g_ascii_strcasecmp(flag->of_flag_ext, "NonExistent") == 0 ||
		                          g_ascii_strcasecmp(flag->of_flag_ext, "Noselect") == 0))
			return false;
	}
	return true;
}

/* Some servers do not keep to modified UTF-7: then it is UTF-8, or nothing that could be shown or kept. */
static char *text_of(const char *wire)
{
	char *name = imap_utf7_decode(wire);

	if (!name && g_utf8_validate(wire, -1, NULL))
		name = g_strdup(wire);
	if (name && *name && strlen(name) <= IMAP_LIST_NAME && imap_utf7_is_line(name))
		return name;
	g_free(name);
	return NULL;
}

/* The server is to be asked for a mailbox as it names it. */
static void keep_spelling(struct imap_session *session, const char *name, const char *wire)
{
	g_autofree char *encoded = imap_utf7_encode(name);

	if (g_strcmp0(encoded, wire) == 0)
		g_hash_table_remove(session->spellings, name);
	else
		g_hash_table_insert(session->spellings, g_strdup(name), g_strdup(wire));
}

/* The answer is for one pattern, and `seen` are the names that it had so far. */
static void take_name(struct imap_session *session, const char *pattern, const struct mailimap_mailbox_list *item,
                      GHashTable *seen, struct imap_listing *listing)
{
	g_autofree char *text = item->mb_name ? text_of(item->mb_name) : NULL;
	g_autofree char *name = text ? imap_pattern_spell(text, pattern) : NULL;

	if (!name || !imap_pattern_matches(pattern, name, item->mb_delimiter)) {
		listing->odd++;
	} else if (!g_hash_table_contains(seen, name)) {
		keep_spelling(session, name, item->mb_name);
		g_hash_table_add(seen, name);
		g_ptr_array_add(listing->names, g_steal_pointer(&name));
	}
}

static int compare_names(const void *a, const void *b)
{
	const char *const *one = a, *const *other = b;

	return strverscmp(*other, *one);
}

static void take_names(struct imap_session *session, const char *pattern, const clist *found,
                       struct imap_listing *listing)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (clistiter *cell = found ? clist_begin(found) : NULL; cell; cell = clist_next(cell)) {
		const struct mailimap_mailbox_list *item = clist_content(cell);

		if (can_be_opened(item))
			take_name(session, pattern, item, seen, listing);
	}
	g_ptr_array_sort(listing->names, compare_names);
	if (listing->names->len > IMAP_LIST_MOST) {
		listing->over = listing->names->len - IMAP_LIST_MOST;
		g_ptr_array_set_size(listing->names, IMAP_LIST_MOST);
	}
}

int imap_list(struct imap_session *session, const char *pattern, struct imap_listing *ret_listing, char **ret_reason)
{
	g_autofree char *encoded = imap_command_is_safe(pattern) ? imap_utf7_encode(pattern) : NULL;
	clist *found = NULL;
	int error, status;

	if (!encoded) {
		*ret_reason = g_strdup("LIST: a pattern that is no UTF-8, or has an end of line in it");
		return -EPERM;
	}
	imap_stream_allow(session->stream, deadline_after(session->seconds), IMAP_LIST_ANSWER);
	error = mailimap_list(session->imap, "", encoded, &found);
	status = imap_command_status(session, "LIST", error, -EPERM, ret_reason);
	if (status == 0) {
		*ret_listing = (struct imap_listing){.names = g_ptr_array_new_with_free_func(g_free)};
		take_names(session, pattern, found, ret_listing);
	}
	if (found)
		mailimap_list_result_free(found);
	return status;
}

void imap_listing_release(struct imap_listing *listing)
{
	g_clear_pointer(&listing->names, g_ptr_array_unref);
}
