/* visits.c - visits archives and notes what they give. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "archive/archive.h"
#include "visits.h"

char *visits_root;

int visits_make_root(void **state)
{
	g_autofree char *made = g_dir_make_tmp("patchmaild-test-XXXXXX", NULL);

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	visits_root = made ? realpath(made, NULL) : NULL;
	return visits_root == NULL;
}

int visits_remove_root(void **state)
{
	(void)state;
	visits_run("chmod -R u+rwX . && rm -rf ./* ./.[!.]*");
	rmdir(visits_root);
	free(visits_root);
	return 0;
}

char *visits_path(const char *name)
{
	return g_build_filename(visits_root, name, NULL);
}

void visits_make_folder(const char *name)
{
	g_autofree char *path = visits_path(name);

	assert_int_equal(g_mkdir_with_parents(path, 0700), 0);
}

static void write_file(const char *name, const char *text, const char *mode)
{
	g_autofree char *path = visits_path(name), *folder = g_path_get_dirname(path);
	FILE *file;

	assert_int_equal(g_mkdir_with_parents(folder, 0700), 0);
	file = fopen(path, mode);
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
	assert_int_equal(fclose(file), 0);
}

void visits_write(const char *name, const char *text)
{
	write_file(name, text, "w");
}

void visits_append(const char *name, const char *text)
{
	write_file(name, text, "a");
}

void visits_run(const char *command)
{
	g_autofree char *whole = g_strdup_printf("cd '%s' && { %s; }", visits_root, command);

	if (system(whole) != 0)
		fail_msg("%s", command);
}

char *visits_mail(const char *subject)
{
	return g_strdup_printf("From: Ada <ada@example.org>\nSubject: %s\nMessage-ID: <%s@example.org>\n\nbody of %s\n",
	                       subject, subject, subject);
}

char *visits_mbox(const char *first, ...)
{
	GString *text = g_string_new(NULL);
	va_list others;

	va_start(others, first);
	for (const char *subject = first; subject != NULL; subject = va_arg(others, const char *)) {
		g_autofree char *mail = visits_mail(subject);

		g_string_append_printf(text, VISITS_SEPARATOR "%s\n", mail);
	}
	va_end(others);
	return g_string_free(text, FALSE);
}

struct visits *visits_new(void)
{
	struct visits *visits = g_new0(struct visits, 1);

	visits->marks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	visits->mails = g_string_new(NULL);
	visits->problems = g_string_new(NULL);
	return visits;
}

void visits_free(struct visits *visits)
{
	g_hash_table_unref(visits->marks);
	g_string_free(visits->mails, TRUE);
	g_string_free(visits->problems, TRUE);
	g_free(visits);
}

static const char *find_mark(void *context, const char *place)
{
	const struct visits *visits = context;

	return g_hash_table_lookup(visits->marks, place);
}

static char *read_all(const struct mail_archive_mail *mail)
{
	GString *text = g_string_new(NULL);
	char piece[7];
	ssize_t got;

	while ((got = mail->read(mail->context, piece, sizeof(piece), INT64_MAX)) > 0)
		g_string_append_len(text, piece, got);
	if (got < 0)
		g_string_append_printf(text, "Subject: (error %zd)\n", got);
	return g_string_free(text, FALSE);
}

static void note(struct visits *visits, const struct mail_archive_mail *mail)
{
	g_autofree char *text = read_all(mail);
	const char *subject = strstr(text, "Subject: ");

	g_string_append_printf(visits->mails, "%s%.*s", visits->mails->len ? " " : "",
	                       subject ? (int)strcspn(subject + 9, "\n") : (int)strlen(text),
	                       subject ? subject + 9 : text);
}

static void take(void *context, const struct mail_archive_mail *mail)
{
	struct visits *visits = context;

	visits->given++;
	assert_non_null(mail->position);
	assert_true(mail->place[0] == '/' || strcmp(mail->place, "-") == 0);
	if (mail->passed)
		visits->given--;
	else if (mail->removed)
		g_string_append(visits->mails, visits->mails->len ? " -" : "-");
	else
		note(visits, mail);
	/* The database takes nothing else. */
	if (mail->mark)
		assert_true(g_utf8_validate(mail->mark, -1, NULL));
	if (mail->mark)
		g_hash_table_insert(visits->marks, g_strdup(mail->place), g_strdup(mail->mark));
}

/* The names of these tests, in place of the whole path. */
static void add_problem(struct visits *visits, const char *prefix, const char *path, const char *reason)
{
	if (g_str_has_prefix(path, visits_root))
		path += strlen(visits_root) + 1;
	g_string_append_printf(visits->problems, "%s%s: %s\n", prefix, path, reason);
}

static void unreadable(void *context, const char *path, const char *reason)
{
	add_problem(context, "", path, reason);
}

static void anew(void *context, const char *place, const char *reason)
{
	add_problem(context, "anew ", place, reason);
}

static bool stopped(const void *context)
{
	const struct visits *visits = context;

	return visits->most > 0 && visits->given >= visits->most;
}

char *visits_look(struct visits *visits, const char *name)
{
	const struct mail_archive_visitor visitor = {visits, find_mark, take, unreadable, anew, stopped};
	g_autofree char *path = visits_path(name);
	struct mail_archive *archive;
	char *text = NULL;

	g_string_truncate(visits->mails, 0);
	g_string_truncate(visits->problems, 0);
	visits->given = 0;
	if (mail_archive_open(path, &archive, &text) < 0)
		return text;
	mail_archive_visit(archive, &visitor);
	text = g_strdup(mail_archive_kind(archive));
	mail_archive_free(archive);
	return text;
}

void visits_check(struct visits *visits, const char *name, const char *kind, const char *mails, const char *problems)
{
	g_autofree char *found = visits_look(visits, name);

	assert_string_equal(found, kind);
	assert_string_equal(visits->mails->str, mails);
	assert_string_equal(visits->problems->str, problems);
}
