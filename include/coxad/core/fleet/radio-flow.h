// SPDX-License-Identifier: MIT
#pragma once
/* What the brain tells a radio about its batches: one of the two. */
#include <stdint.h>

struct radio_flow {
	int64_t boot; /* of the radio that it is about */
	int64_t done; /* up to here the results are on disk, so the radio may forget; 0: says nothing */
	int64_t from; /* send again from here on; 0: nothing is missing */
};
