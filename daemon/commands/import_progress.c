/* import_progress.c - says how far an import is.
 *
 * Used by import.c.  Promises plain ASCII without anything that came from a mail or a file name.
 */
#include "commands/import_progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <glib.h>

#define BAR_WIDTH 20     /* characters between the brackets */
#define BAR_LEAST 60     /* columns below which there is no room for it */
#define COLUMNS_USUAL 80 /* of a terminal that does not say */
#define CLEAR_LINE "\r\033[K"

/* Text ----------------------------------------------------------------------------------------------------------- */

/* 1234567 as "1,234,567". */
static void append_number(GString *text, uint64_t number)
{
	char digits[32];
	size_t length = (size_t)g_snprintf(digits, sizeof(digits), "%" PRIu64, number);

	for (size_t i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0)
			g_string_append_c(text, ',');
		g_string_append_c(text, digits[i]);
	}
}

/* From 0 to 1; what has grown since is not over yet. */
static double share_of(const struct import_progress *progress)
{
	return progress->done >= progress->size ? 1 : (double)progress->done / (double)progress->size;
}

/* Seconds that the rest takes at the rate so far; -1: nobody knows. */
static double seconds_left(const struct import_progress *progress)
{
	double passed = (double)(progress->done - MIN(progress->first, progress->done));

	if (progress->size <= progress->done || passed <= 0 || progress->elapsed < IMPORT_PROGRESS_SETTLED)
		return -1;
	return (double)(progress->size - progress->done) / passed * (double)progress->elapsed / G_USEC_PER_SEC;
}

static void append_time(GString *text, double seconds)
{
	uint64_t whole = (uint64_t)(MIN(seconds, 1e9) + 0.5);

	if (whole >= 3600)
		g_string_append_printf(text, "%" PRIu64 ":%02u:%02u", whole / 3600, (unsigned)(whole / 60 % 60),
		                       (unsigned)(whole % 60));
	else
		g_string_append_printf(text, "%u:%02u", (unsigned)(whole / 60), (unsigned)(whole % 60));
}

/* "8,590 stored, 10 ignored" */
static void append_outcomes(GString *text, const uint64_t *counts)
{
	const char *separator = "  ";

	for (unsigned i = 1; i <= OUTCOME_KINDS; i++) {
		unsigned kind = i % OUTCOME_KINDS; /* deferred, which is 0, last */

		if (counts[kind] == 0)
			continue;
		g_string_append(text, separator);
		append_number(text, counts[kind]);
		g_string_append_printf(text, " %s", outcome_rule((enum outcome_kind)kind)->name);
		separator = ", ";
	}
}

char *import_progress_text(const struct import_progress *progress)
{
	GString *text = g_string_new(NULL);
	double left = seconds_left(progress);
	uint64_t mails = 0;

	for (unsigned kind = 0; kind < OUTCOME_KINDS; kind++)
		mails += progress->counts[kind];
	if (progress->size > 0)
		g_string_append_printf(text, "%u %%  ", (unsigned)(share_of(progress) * 100));
	append_number(text, mails);
	g_string_append(text, mails == 1 ? " mail" : " mails");
	if (progress->elapsed >= IMPORT_PROGRESS_SETTLED) {
		g_string_append(text, "  ");
		append_number(text, (uint64_t)((double)mails * G_USEC_PER_SEC / (double)progress->elapsed));
		g_string_append(text, "/s");
	}
	if (left >= 0) {
		g_string_append(text, "  ");
		append_time(text, left);
		g_string_append(text, " left");
	}
	append_outcomes(text, progress->counts);
	return g_string_free(text, FALSE);
}

char *import_progress_bar(const struct import_progress *progress, unsigned columns)
{
	g_autofree char *text = import_progress_text(progress);
	GString *bar = g_string_new(NULL);
	unsigned full = (unsigned)(progress->size > 0 ? share_of(progress) * BAR_WIDTH : 0);

	if (progress->size > 0 && columns >= BAR_LEAST) {
		g_string_append_c(bar, '[');
		for (unsigned i = 0; i < BAR_WIDTH; i++)
			g_string_append_c(bar, i < full ? '#' : '-');
		g_string_append(bar, "] ");
	}
	g_string_append(bar, text);
	if (bar->len > columns)
		g_string_truncate(bar, columns);
	return g_string_free(bar, FALSE);
}

/* Showing it ------------------------------------------------------------------------------------------------------ */

void import_meter_init(struct import_meter *meter, uint64_t size)
{
	int64_t now = g_get_monotonic_time();

	*meter = (struct import_meter){
		.on_terminal = isatty(STDERR_FILENO) == 1,
		.began = now,
		.shown = now,
		.size = size,
	};
}

void import_meter_move(struct import_meter *meter, uint64_t done)
{
	meter->done = meter->before + done;
	if (meter->moving)
		return;
	meter->moving = true;
	meter->first = meter->done;
	meter->began = g_get_monotonic_time();
}

static unsigned columns_of_terminal(void)
{
	struct winsize size;

	/* The last column would wrap on some. */
	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1u : COLUMNS_USUAL - 1;
}

void import_meter_show(struct import_meter *meter, const uint64_t counts[OUTCOME_KINDS])
{
	int64_t now = g_get_monotonic_time(),
		pause = meter->on_terminal ? IMPORT_PROGRESS_BAR : (int64_t)IMPORT_PROGRESS_LINE * G_USEC_PER_SEC;
	const struct import_progress progress = {counts, meter->size, meter->done, meter->first, now - meter->began};
	g_autofree char *text = NULL;

	if (now - meter->shown < pause)
		return;
	meter->shown = now;
	if (meter->on_terminal) {
		text = import_progress_bar(&progress, columns_of_terminal());
		fprintf(stderr, CLEAR_LINE "%s", text);
		meter->drawn = true;
	} else {
		text = import_progress_text(&progress);
		puts(text);
		fflush(stdout);
	}
}

void import_meter_clear(struct import_meter *meter)
{
	if (meter->drawn)
		fputs(CLEAR_LINE, stderr);
	meter->drawn = false;
}
