/* date.c - when a mail was sent.
 *
 * Called by submission.c.  Promises: no date is made up out of a field that holds none.
 */
#include "mail/date.h"

#include <stdbool.h>
#include <string.h>

#include <gmime/gmime.h>

#define DATE_LAST INT64_C(253402300799) /* 9999-12-31T23:59:59Z; what is later is no date */
#define DATE_DIGITS 4                   /* digits in a year or zone; no number in a date has more */
#define DATE_LENGTH 1000                /* bytes; a longer field is no date */

/* Does a number stand there that is too long for a date?  GMime reads a year of it all the same. */
static bool has_long_number(const char *text)
{
	for (size_t digits = 0; *text && *text != '('; text++) {
		digits = g_ascii_isdigit(*text) ? digits + 1 : 0;
		if (digits > DATE_DIGITS)
			return true;
	}
	return false;
}

/* `raw` may be NULL. */
static bool read_date(const char *raw, int64_t *ret_date)
{
	g_autofree char *text = raw ? header_decode(raw) : NULL;
	g_autoptr(GDateTime) date = NULL;
	int64_t seconds;

	if (!text || strlen(text) > DATE_LENGTH || has_long_number(text) ||
	    !(date = g_mime_utils_header_decode_date(text)))
		return false;
	seconds = g_date_time_to_unix(date);
	if (seconds < 0 || seconds > DATE_LAST)
		return false;
	*ret_date = seconds;
	return true;
}

/* The topmost Received has its date after its last `;`. */
static const char *received_date(const struct header_list *headers)
{
	const char *received = header_first(headers, "Received"), *date = received ? strrchr(received, ';') : NULL;

	return date ? date + 1 : NULL;
}

const char *date_read(const struct header_list *headers, int64_t *ret_date)
{
	if (read_date(header_first(headers, "Date"), ret_date))
		return "Date";
	return read_date(received_date(headers), ret_date) ? "Received" : NULL;
}
