// SPDX-License-Identifier: MIT
#pragma once
/* What coxad says when it ends itself: out of memory, or an invariant that does not hold. The next
 * start goes on from what is on disk (Restart= of the unit), so an end is better than a message with
 * half its fields. Sets the process's handler of SIGABRT and jansson's allocator; no other state.
 */

/* First thing in main, before any JSON is made. From then on jansson, too, aborts instead of leaving
 * out what it has no memory for. */
void last_words_start(void);
