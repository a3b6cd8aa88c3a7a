// SPDX-License-Identifier: MIT
#pragma once
/* For whoever has a sensor on the desk: what drivers there are, and what one makes of bytes. */

/* A table on standard output. */
void inspect_list_drivers(void);
/* Lines `characteristic-uuid hex` from standard input; for each, what the driver makes of it as
 * JSON lines, or the reason for refusing. The exit status. */
int inspect_decode(const char *driver_id);
