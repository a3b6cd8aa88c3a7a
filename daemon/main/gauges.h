// SPDX-License-Identifier: MIT
#pragma once
/* CPU and memory of the process, for the published stats. */
#include <stddef.h>
#include <stdint.h>

#include "coxad/wire/message.h"

struct gauges {
	int64_t last_us, last_cpu_us; /* of the last reading, 0 before the first */
};

/* Returns how many entries were written. */
size_t gauges_read(struct gauges *gauges, struct stat_entry *entries, size_t capacity);
