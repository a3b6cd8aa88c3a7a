// SPDX-License-Identifier: MIT
#pragma once
/* Reads a backup, which may be any file: nothing is written but plain files of the names that a backup may
 * have, no larger than they may be. Owns nothing.
 */
#include "ctl/backup-manifest.h"

/* Where to write that one, for its owner alone, a new file; returns-owned, NULL: it is only read. */
typedef char *(*backup_read_place_fn)(void *user, const char *name);

struct backup_read {
	json_t *files; /* {name: {bytes, sha256}}, without the manifest */
	json_t *manifest;
	char *why; /* why it cannot be used; NULL: it is whole */
};

/* Reads all of it, and compares it with its manifest. */
void backup_read_run(
	struct backup_read *read, const char *path, backup_read_place_fn place, void *user);
void backup_read_done(struct backup_read *read);
