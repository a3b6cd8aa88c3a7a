// SPDX-License-Identifier: MIT
#pragma once
/* Reads a database that is in use, piece by piece, as it was at one instant. All of it is in the file then,
 * and stays as it is: whatever is written meanwhile goes into the write-ahead log, and no further. Through
 * SQLite's own descriptor, since closing another one would drop SQLite's lock. Owns nothing. One thread at
 * a time; all of it waits for the disk.
 */
#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

/* Holds the file as it is now, for database_copy_end. *ret_bytes: its size. -errno: nothing is held. */
int database_copy_begin(sqlite3 *db, int64_t *ret_bytes);
/* -ESTALE: another file was begun since. -EIO. */
int database_copy_read(sqlite3 *db, int64_t offset, void *ret, size_t n);
/* Nothing for a file that is not held. */
void database_copy_end(sqlite3 *db);
