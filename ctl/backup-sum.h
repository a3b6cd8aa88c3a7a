// SPDX-License-Identifier: MIT
#pragma once
/* SHA-256 of what passes by. Owns a context of OpenSSL. */
#include <stddef.h>

#include "ctl/backup-manifest.h"

struct backup_sum {
	void *context;
};

void backup_sum_begin(struct backup_sum *sum);
void backup_sum_add(struct backup_sum *sum, const void *bytes, size_t n);
void backup_sum_end(struct backup_sum *sum, char ret[static BACKUP_MANIFEST_SUM_SIZE]);
