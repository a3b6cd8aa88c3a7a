// SPDX-License-Identifier: MIT
#pragma once
/* A file that only takes space, to be deleted when the disk is full: enough for a write-ahead log to
 * grow, without which SQLite cannot even delete.
 */
#include <stdbool.h>

/* True if it is there now. */
bool ballast_make(const char *path);
/* True if there is more space now. */
bool ballast_drop(const char *path);
