// SPDX-License-Identifier: MIT
#pragma once
/* Runs tests that mostly wait, many at a time, each in a process of its own. What one prints appears if
 * it fails.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

/* borrows: all, for life. state: what the test gets, or NULL. */
void side_by_side_add(const char *name, CMUnitTestFunction test, void *state);
/* Runs what was added. Returns an exit status. */
int side_by_side_run(void);
