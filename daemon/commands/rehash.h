/* rehash.h - the command `rehash`: the hashes of the diffs that are stored, computed anew. */
#ifndef PATCHMAILD_REHASH_H
#define PATCHMAILD_REHASH_H

extern const char rehash_help[];

/* Run it; `arguments` begin with the command's name, `config_path` may be NULL.  Gives the exit code: 0, 64 bad usage,
 * 75 the database cannot be asked, or says no. */
int rehash_run(const char *config_path, int count, char **arguments);

#endif
