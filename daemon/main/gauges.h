// SPDX-License-Identifier: MIT
#pragma once
/* What the process costs, for the published stats: CPU share since the last reading, resident
 * memory, peak.
 */
#include <stddef.h>
#include <stdint.h>

#include "coxad/wire/message.h"

struct gauges {
	int64_t last_us, last_cpu_us; /* of the last reading, 0 before the first */
};

/* Returns how many entries were written. */
size_t gauges_read(struct gauges *gauges, struct stat_entry *entries, size_t room);
