/* sandbox.c - user, capabilities, Landlock, and the filter of system calls.
 *
 * Called by a worker before it reads anything of a mail.  Promises that every character set of iconv(3) works
 * afterwards: where Landlock keeps other files from the process, the modules may be loaded when they are wanted; where
 * there is none, all of them are loaded before the filter lets no file be opened at all.
 */
#include "parser/sandbox.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <grp.h>
#include <link.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <glib.h>

#include "build-config.h"
#include "parser/filter.h"

/* The user -------------------------------------------------------------------------------------------------------- */

/* A process that is not root has some if a unit, or an attribute of the program, gave it some. */
static void drop_capabilities(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0}}, none[_LINUX_CAPABILITY_U32S_3] = {{0}};

	if (syscall(SYS_capget, &header, data) < 0 || memcmp(data, none, sizeof(data)) == 0)
		return;
	syscall(SYS_capset, &header, none);
}

unsigned sandbox_change_user(void)
{
	bool is_root = !INSTRUMENTED && geteuid() == 0;

	/* A user namespace may not have that user. */
	if (is_root && setgroups(0, NULL) == 0 && setresgid(SANDBOX_USER, SANDBOX_USER, SANDBOX_USER) == 0 &&
	    setresuid(SANDBOX_USER, SANDBOX_USER, SANDBOX_USER) == 0)
		is_root = false;
	drop_capabilities();
	return is_root ? SANDBOX_NO_USER : 0;
}

/* The modules of character sets ------------------------------------------------------------------------------------ */

/* The folder of a loaded object that stands in one named gconv. */
static int find_modules(struct dl_phdr_info *object, size_t size, void *ret_folder)
{
	const char *end = strrchr(object->dlpi_name, '/');

	(void)size;
	if (end == NULL || end - object->dlpi_name < 6 || memcmp(end - 6, "/gconv", 6) != 0)
		return 0;
	*(char **)ret_folder = g_strndup(object->dlpi_name, (size_t)(end - object->dlpi_name));
	return 1;
}

/* Where iconv has its modules, as it names it, NULL if it has none (musl); the caller frees it.  Only when it loads one
 * can be seen where they are.  It is the one that is guessed most (mail/charset.c). */
static char *modules_folder(void)
{
	GIConv converter = g_iconv_open("UTF-8", "WINDOWS-1252");
	char *folder = NULL;

	if (converter == (GIConv)-1)
		return NULL;
	dl_iterate_phdr(find_modules, &folder);
	g_iconv_close(converter);
	return folder;
}

/* Load all modules.  iconv finds those by their names that are there, and opens no file again. */
static void load_modules(const char *folder)
{
	DIR *modules = opendir(folder);
	const struct dirent *entry;

	while (modules != NULL && (entry = readdir(modules)) != NULL) {
		g_autofree char *path = g_build_filename(folder, entry->d_name, NULL);
		/* It stays, and iconv finds it. */
		void *module =
			g_str_has_suffix(path, ".so") ? dlopen(path, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE) : NULL;

		(void)module;
	}
	if (modules != NULL)
		closedir(modules);
}

/* Landlock --------------------------------------------------------------------------------------------------------- */

/* What is kept from a process unless a rule allows it.  As kernels know it now; the header is often older. */
struct landlock_handled {
	uint64_t files, network, scoped;
};

/* All of which a version knows: to what is done with files came renaming between folders, truncating, and devices; and
 * then the network, and sockets and signals of processes outside. */
static size_t handled_by(long version, struct landlock_handled *ret_handled)
{
	unsigned rights = version >= 5 ? 16 : version >= 3 ? 15 : version == 2 ? 14 : 13;

	*ret_handled = (struct landlock_handled){
		.files = (UINT64_C(1) << rights) - 1,
		.network = version >= 4 ? 3 : 0,
		.scoped = version >= 6 ? 3 : 0,
	};
	return version >= 6   ? sizeof(*ret_handled)
	       : version >= 4 ? offsetof(struct landlock_handled, scoped)
	                      : offsetof(struct landlock_handled, network);
}

/* Let a set of rules allow that the files of a folder are read; NULL: no file at all. */
static bool allow_folder(int rules, const char *folder)
{
	struct landlock_path_beneath_attr path = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
	};
	bool worked;
	int fd;

	if (folder == NULL)
		return true;
	fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	path.parent_fd = fd;
	worked = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &path, 0) == 0;
	close(fd);
	return worked;
}

/* From now on this process may read the files of that folder, and has no other way to any file; false if the kernel
 * has nothing for that. */
static bool keep_files(const char *folder)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	struct landlock_handled handled;
	size_t size = handled_by(version, &handled);
	int rules;
	bool worked;

	if (version < 1)
		return false;
	rules = (int)syscall(SYS_landlock_create_ruleset, &handled, size, 0);
	if (rules < 0)
		return false;
	worked = allow_folder(rules, folder) && syscall(SYS_landlock_restrict_self, rules, 0) == 0;
	close(rules);
	return worked;
}

/* All of it ----------------------------------------------------------------------------------------------------- */

unsigned sandbox_shut(int socket)
{
	g_autofree char *folder = modules_folder();
	struct filter filter = {.socket = socket, .instrumented = INSTRUMENTED};
	unsigned lacks = 0;

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	/* What looks for leaks, or counts lines, looks into the process and writes files. */
	if (!INSTRUMENTED) {
		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
		filter.files = keep_files(folder);
		if (!filter.files)
			lacks |= SANDBOX_NO_LANDLOCK;
		if (!filter.files && folder != NULL)
			load_modules(folder);
	}
	if (filter_apply(&filter) < 0)
		lacks |= SANDBOX_NO_FILTER;
	return lacks;
}
