// SPDX-License-Identifier: MIT
#pragma once
/* What is remembered over restarts, as JSON text and back: a kit's calibration, an athlete's and a
 * wearable's memory. Pure. The text bears a version; members that are not known are passed over,
 * missing ones get their neutral value, an entry of a list that cannot be understood is left out.
 * Instants stand in the text as wall time, so that they survive a reboot.
 */
#include <stddef.h>

#include "coxad/core/athlete-memory.h"
#include "coxad/core/posture/kit-posture.h"
#include "coxad/core/record.h"
#include "coxad/core/time/wall-clock.h"

/* Of a text that is read; an athlete's memory has some 20 KB. */
#define HISTORY_TEXT_MAX (256 * 1024)

/* Returns-owned, one line without newline. */
char *history_write_calibration(const struct kit_calibration *calibration);
/* -EINVAL where it is no such text, *ret untouched. */
int history_read_calibration(const char *text, size_t size, struct kit_calibration *ret);

/* A wearable's memory, and when it was so. */
char *history_write_wearable(
	const struct wearable_memory *memory, int64_t t_us, const struct wall_clock *clock);
int history_read_wearable(const char *text, size_t size, const struct wall_clock *clock,
	struct wearable_memory *ret, int64_t *ret_t_us);
