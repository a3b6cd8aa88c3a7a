// SPDX-License-Identifier: MIT
#pragma once
/* What in memory is about an athlete; athlete-rows.c says the same of rows in SQL. Pure. */
#include <stdbool.h>
#include <stddef.h>

/* kind and name as stored: a kind of history-kind.h, or another with a topic. text is JSON, or any. */
bool athlete_match(
	const char *athlete, const char *kind, const char *name, const char *text, size_t size);
