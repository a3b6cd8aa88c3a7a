// SPDX-License-Identifier: MIT
#pragma once
/* Keeps coxad from the databases of a state directory, as SQLite would: by a lock on the bytes of its file
 * format ("File Locking And Concurrency", 3.0). Until the end of the program.
 */

/* -EBUSY: a coxad uses them. Files that are not there are not needed. */
int state_lock_take(const char *directory);
