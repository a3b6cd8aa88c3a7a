// SPDX-License-Identifier: MIT
#include "daemon/store/disk-error.h"

#include <errno.h>
#include <string.h>

#include "coxad/loop/journal.h"

bool disk_error_note(int *error, int r, const struct disk_error_words *words)
{
	if (r == *error)
		return false;
	if (!r)
		journal_write(LOG_NOTICE, "disk", "%s", words->again);
	else if (r == -ETIMEDOUT)
		journal_write(LOG_ERR, "disk", "the disk has not answered for %d s: %s",
			words->patience_s, words->failing);
	else
		journal_write(LOG_WARNING, "disk", "%s: %s",
			r == -EBUSY ? "another coxad uses it" : strerror(-r), words->failing);
	*error = r;
	return true;
}
