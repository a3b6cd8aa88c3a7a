// SPDX-License-Identifier: MIT
#pragma once
/* --list-drivers and --decode: which drivers there are, and what one makes of bytes. */

/* Prints a table. */
void inspect_list_drivers(void);
/* Reads lines `characteristic-uuid hex`; prints each record, or why there is none, as a JSON line.
 * Returns the exit status. */
int inspect_decode(const char *driver_id);
