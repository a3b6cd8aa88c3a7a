// SPDX-License-Identifier: MIT
#pragma once
/* brain/<name>/status, retained: which brain there is. Its will says that it is offline. Pure values.
 *
 *   {"online":true,"since":"2026-11-22T17:30:00.000Z","epoch":7,"version":"1.0","proto":1}
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/wire/radio-status.h"

#define RADIO_BRAIN_MAX 512

struct radio_brain {
	bool is_online;
	int64_t since_wall_us; /* 0: it did not know the time */
	int64_t epoch;         /* of this start of it: greater than all before */
	char version[RADIO_STATUS_VERSION_SIZE];
	int64_t protocol; /* RADIO_BATCH_PROTOCOL */
};

/* Returns the size. */
size_t radio_brain_write(const struct radio_brain *brain, char ret[static RADIO_BRAIN_MAX]);
/* -EINVAL: it is none. */
int radio_brain_read(const char *text, size_t size, struct radio_brain *ret);
