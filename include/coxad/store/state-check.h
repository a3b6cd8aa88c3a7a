// SPDX-License-Identifier: MIT
#pragma once
/* coxad --check-state: whether this coxad would take the databases of a directory, which no coxad uses.
 * Changes nothing.
 */

/* complain is called for each file that it would not take, with a sentence. How many those are. */
int state_check_run(
	const char *directory, void (*complain)(void *user, const char *text), void *user);
