/* git.c - runs git.
 *
 * Used by the readers of public-inbox's repositories.  Promises that git ends with what started it, and that its errors
 * come back in words.
 */
#include "archive/git.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"

#define OUTPUT_SIZE 65536
#define ERROR_SIZE 400

struct git {
	pid_t pid;
	int input, output, errors; /* descriptors, or -1 */
	size_t begin, end;         /* what is unread of the buffer */
	bool end_of_file;
	char buffer[OUTPUT_SIZE];
};

/* What git has of our environment: where programs are.  No configuration but the repository's own, whose parts that
 * could start something are out of reach: no object is fetched, no transport is allowed, nobody is asked. */
static char **make_environment(void)
{
	static const char *const fixed[] = {
		"LC_ALL=C",
		"GIT_CONFIG_NOSYSTEM=1",
		"GIT_CONFIG_GLOBAL=/dev/null",
		"GIT_ATTR_NOSYSTEM=1",
		"GIT_NO_LAZY_FETCH=1",
		"GIT_ALLOW_PROTOCOL=none",
		"GIT_NO_REPLACE_OBJECTS=1",
		"GIT_GRAFT_FILE=/dev/null",
		"GIT_OPTIONAL_LOCKS=0",
		"GIT_TERMINAL_PROMPT=0",
		"GIT_ASKPASS=/bin/false",
		"GIT_SSH_COMMAND=/bin/false",
		"GIT_PAGER=cat",
		"GIT_TRACE2=0",
	};
	const char *path = getenv("PATH");
	char **environment = g_new0(char *, G_N_ELEMENTS(fixed) + 2);

	for (size_t i = 0; i < G_N_ELEMENTS(fixed); i++)
		environment[i] = g_strdup(fixed[i]);
	environment[G_N_ELEMENTS(fixed)] = g_strdup_printf("PATH=%s", path ? path : "/usr/local/bin:/usr/bin:/bin");
	return environment;
}

static char **make_arguments(const char *git_dir, const char *const *arguments)
{
	static const char *const options[] = {
		"--no-pager",
		"--no-replace-objects",
		"--literal-pathspecs",
		"-c",
		"core.fsmonitor=false",
		"-c",
		"core.hooksPath=/dev/null",
		"-c",
		"log.showSignature=false",
		"-c",
		"protocol.allow=never",
		"-c",
		"gc.auto=0",
		"-c",
		"maintenance.auto=false",
	};
	g_autoptr(GPtrArray) all = g_ptr_array_new();

	g_ptr_array_add(all, g_strdup("git"));
	g_ptr_array_add(all, g_strdup_printf("--git-dir=%s", git_dir));
	for (size_t i = 0; i < G_N_ELEMENTS(options); i++)
		g_ptr_array_add(all, g_strdup(options[i]));
	for (; *arguments != NULL; arguments++)
		g_ptr_array_add(all, g_strdup(*arguments));
	g_ptr_array_add(all, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&all), FALSE);
}

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* The child's ends of the pipes are `theirs`. */
static int make_pipes(struct git *git, int input, bool writes, int theirs[3])
{
	int ends[2];

	theirs[0] = input >= 0 ? input : CHILD_NULL;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	git->output = ends[0];
	theirs[1] = ends[1];
	if (writes) {
		if (pipe2(ends, O_CLOEXEC) < 0)
			return -errno;
		theirs[0] = ends[0];
		git->input = ends[1];
	}
	git->errors = memfd_create("git", MFD_CLOEXEC);
	theirs[2] = git->errors;
	return git->errors < 0 ? -errno : 0;
}

static int spawn(struct git *git, const char *git_dir, const char *const *arguments, const int files[3])
{
	g_autofree char *program = g_find_program_in_path("git");
	g_auto(GStrv) environment = make_environment();
	g_auto(GStrv) all = make_arguments(git_dir, arguments);
	const struct child child = {program, all, environment, files, 3, false};

	return program ? child_start(&child, &git->pid) : -ENOENT;
}

int git_start(const char *git_dir, const char *const *arguments, int input, bool writes, struct git **ret_git,
              char **ret_reason)
{
	struct git *git = g_new(struct git, 1);
	int theirs[3] = {CHILD_NULL, CHILD_NULL, CHILD_NULL}, status;

	memset(git, 0, offsetof(struct git, buffer));
	git->input = git->output = git->errors = -1;
	git->pid = -1;
	status = make_pipes(git, input, writes, theirs);
	if (status == 0)
		status = spawn(git, git_dir, arguments, theirs);
	close_one(&theirs[0]);
	close_one(&theirs[1]);
	if (status < 0) {
		*ret_reason = status == -ENOENT ? g_strdup("git is not installed, or not in PATH")
		                                : g_strdup_printf("git cannot be started: %s", g_strerror(-status));
		git_end(git, NULL);
		return status;
	}
	*ret_git = git;
	return 0;
}

int git_take_output(struct git *git)
{
	int output = git->output;

	git->output = -1;
	git->end_of_file = true;
	return output;
}

int git_write(struct git *git, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(git->input, bytes, length);

		if (written < 0 && errno != EINTR)
			return -errno;
		if (written > 0) {
			bytes += written;
			length -= (size_t)written;
		}
	}
	return 0;
}

/* Have something in the buffer: 1, 0 at the end, or a negative errno. */
static int fill(struct git *git)
{
	while (git->begin == git->end && !git->end_of_file) {
		ssize_t got = read(git->output, git->buffer, sizeof(git->buffer));

		if (got < 0 && errno != EINTR)
			return -errno;
		if (got < 0)
			continue;
		git->begin = 0;
		git->end = (size_t)got;
		git->end_of_file = got == 0;
	}
	return git->begin < git->end;
}

int git_read_word(struct git *git, char delimiter, char *word, size_t size)
{
	size_t length = 0;

	for (;;) {
		const char *found, *from;
		size_t some;
		int status = fill(git);

		if (status <= 0)
			return status < 0 ? status : length > 0 ? -EIO : 0;
		from = git->buffer + git->begin;
		some = git->end - git->begin;
		found = memchr(from, delimiter, some);
		if (found)
			some = (size_t)(found - from);
		if (length < size - 1)
			memcpy(word + length, from, MIN(some, size - 1 - length));
		length = MIN(length + some, size - 1);
		git->begin += some + (found != NULL);
		if (found) {
			word[length] = '\0';
			return 1;
		}
	}
}

ssize_t git_read(struct git *git, char *buffer, size_t size)
{
	int status = fill(git);

	if (status <= 0)
		return status;
	size = MIN(size, git->end - git->begin);
	memcpy(buffer, git->buffer + git->begin, size);
	git->begin += size;
	return (ssize_t)size;
}

/* The first line of what it wrote to stderr. */
static char *first_error(int fd)
{
	char text[ERROR_SIZE];
	ssize_t length = fd >= 0 ? pread(fd, text, sizeof(text) - 1, 0) : 0;

	text[MAX(length, 0)] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return g_strdup(g_str_has_prefix(text, "fatal: ") ? text + strlen("fatal: ") : text);
}

int git_end(struct git *git, char **ret_error)
{
	int waited = 0;

	if (git == NULL)
		return -1;
	close_one(&git->input);
	close_one(&git->output);
	/* One that has no reader any more ends by SIGPIPE, at the latest when it writes. */
	if (git->pid > 0 && !git->end_of_file)
		waited = child_end(git->pid);
	else if (git->pid > 0)
		waited = child_wait(git->pid, INT64_MAX);
	if (ret_error != NULL)
		*ret_error = first_error(git->errors);
	close_one(&git->errors);
	g_free(git);
	return WIFEXITED(waited) ? WEXITSTATUS(waited) : -1;
}

int git_ask(const char *git_dir, const char *const *arguments, char **ret_line, char **ret_reason)
{
	struct git *git;
	char line[1024] = "", more[1024];
	g_autofree char *error = NULL;
	int status = git_start(git_dir, arguments, -1, false, &git, ret_reason);

	if (status < 0)
		return status;
	if (git_read_word(git, '\n', line, sizeof(line)) == 1)
		while (git_read_word(git, '\n', more, sizeof(more)) == 1)
			;
	status = git_end(git, &error);
	if (status != 0)
		*ret_reason = *error ? g_steal_pointer(&error) : g_strdup("git failed");
	*ret_line = g_strdup(line);
	return status < 0 ? -EIO : status;
}

static bool is_repository(const char *path)
{
	static const char *const parts[] = {"objects", "refs"};
	g_autofree char *head = g_build_filename(path, "HEAD", NULL);
	struct stat status;

	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
		g_autofree char *part = g_build_filename(path, parts[i], NULL);

		if (stat(part, &status) < 0 || !S_ISDIR(status.st_mode))
			return false;
	}
	return lstat(head, &status) == 0 && !S_ISDIR(status.st_mode);
}

char *git_folder(const char *path)
{
	g_autofree char *inner = g_build_filename(path, ".git", NULL);

	if (is_repository(path))
		return g_strdup(path);
	return is_repository(inner) ? g_steal_pointer(&inner) : NULL;
}
