// SPDX-License-Identifier: MIT
#pragma once
/* A checksum for each row of a database: what SQLite hands back as whole may still have a flipped
 * bit. Owns nothing.
 */
#include <sqlite3.h>

/* Makes the SQL function row_sum(value, ...) known to this connection: a number made of the type,
 * length and bytes of all values. -errno. */
int row_sum_connect(sqlite3 *db);
