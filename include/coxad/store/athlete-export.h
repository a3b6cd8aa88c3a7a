// SPDX-License-Identifier: MIT
#pragma once
/* What a running coxad holds about an athlete, as one JSON object like that of coxad --export-athlete:
 * the caller offers everything there is, and what is about the athlete is kept. Pure.
 */
#include <stddef.h>

struct athlete_export;

struct athlete_export *athlete_export_new(const char *athlete);
/* kind and name as stored: a kind of history-kind.h, or "outbox" with a topic. text is JSON, or any. */
void athlete_export_offer(struct athlete_export *export, const char *kind, const char *name,
	const char *text, size_t size);
/* Frees. Returns-owned; *ret_n is how many entries there are. */
char *athlete_export_end(struct athlete_export *export, size_t *ret_n);
