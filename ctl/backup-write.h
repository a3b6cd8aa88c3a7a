// SPDX-License-Identifier: MIT
#pragma once
/* Writes a backup: a tar file packed with gzip, its manifest last. */
#include <stdbool.h>
#include <stdint.h>

#include "ctl/backup-manifest.h"

struct archive;

struct backup_write {
	struct archive *archive;
	json_t *manifest;
	char *why; /* why it cannot be written; NULL: it can */
};

/* Into a fresh file, borrowed. made_us: by the wall clock. */
void backup_write_begin(struct backup_write *write, int fd, int64_t made_us);
/* Exactly so many bytes of what can be read from `from`. False: see why, and nothing more is written. */
bool backup_write_stream(struct backup_write *write, const char *name, int from, int64_t bytes);
/* A file; one that is not there is left out. */
bool backup_write_file(struct backup_write *write, const char *name, const char *path);
/* The manifest. Frees all but why, which is returns-owned; NULL: the backup is complete. */
char *backup_write_end(struct backup_write *write);
