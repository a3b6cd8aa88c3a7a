// SPDX-License-Identifier: MIT
#pragma once
/* The picture of `coxactl watch` as text: a head, a table of kits, and of one kit its wearables too. */
#include <stdio.h>

#include "ctl/watch-model.h"

struct watch_screen {
	const char *kit; /* NULL: all */
	int64_t now_us;
	size_t rows; /* of the terminal; 0: no limit */
};

void watch_screen_print(
	const struct watch_model *model, const struct watch_screen *screen, FILE *file);
