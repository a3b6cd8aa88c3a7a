// SPDX-License-Identifier: MIT
#pragma once
/* --list-drivers, --decode and --check-state: which drivers there are, what one makes of bytes, and whether
 * databases can be used. */

/* Prints a table. */
void inspect_list_drivers(void);
/* Reads lines `characteristic-uuid hex`; prints each record, or why there is none, as a JSON line.
 * Returns the exit status. */
int inspect_decode(const char *driver_id);
/* Prints what is wrong with the databases in the directory. Returns the exit status. */
int inspect_check_state(const char *directory);
