// SPDX-License-Identifier: MIT
#pragma once
/* What the journal says when a file cannot be written, and when it can be again: once each. Owns nothing. */
#include <stdbool.h>

struct disk_error_words {
	const char *again;
	const char *failing; /* what it means, after the reason */
	int patience_s;      /* -ETIMEDOUT: the disk has not answered for so long */
};

/* error: the last one, 0 at first; r: how it went now, 0 or -errno. False: as before, nothing was said. */
bool disk_error_note(int *error, int r, const struct disk_error_words *words);
