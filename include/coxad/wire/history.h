// SPDX-License-Identifier: MIT
#pragma once
/* What is remembered over restarts, as JSON text and back: a kit's calibration and a wearable's
 * memory; an athlete's is in history-athlete.h. Pure. The text has a version. Unknown members are
 * ignored, missing ones get their neutral value, invalid entries of a list are left out. Instants
 * are written as UTC, so that they survive a reboot, and as host time, so that within a boot they
 * survive a wall clock that is set.
 */
#include <stddef.h>

#include "coxad/core/athlete-memory.h"
#include "coxad/core/posture/kit-posture.h"
#include "coxad/core/record.h"
#include "coxad/core/time/wall-clock.h"

/* A longer text is not read; an athlete's memory has about 20 KB. */
#define HISTORY_TEXT_MAX (256 * 1024)

/* Returns-owned, one line without newline. */
char *history_write_calibration(const struct kit_calibration *calibration);
/* -EINVAL if the text is something else, *ret untouched. */
int history_read_calibration(const char *text, size_t size, struct kit_calibration *ret);

/* A wearable's memory as of t_us. */
char *history_write_wearable(
	const struct wearable_memory *memory, int64_t t_us, const struct wall_clock *clock);
int history_read_wearable(const char *text, size_t size, const struct wall_clock *clock,
	struct wearable_memory *ret, int64_t *ret_t_us);

/* The settings of the wall clock in this boot. */
char *history_write_clock(const struct wall_clock *clock);
/* Adds those before now_us to *ret if they are of its boot. -EINVAL: another text. */
int history_read_clock(const char *text, size_t size, int64_t now_us, struct wall_clock *ret);
/* The latest UTC in an athlete's memory that has to become a host time of an earlier boot; INT64_MIN:
 * none. Of the clock, only the boot counts. */
int64_t history_latest(const char *text, size_t size, const struct wall_clock *clock);
