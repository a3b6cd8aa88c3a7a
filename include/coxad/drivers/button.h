// SPDX-License-Identifier: MIT
#pragma once
/* A plain button on a wearable: pressing it reports discomfort of unknown intensity. */
#include "coxad/drivers/driver.h"

/* stamp has the tick, if any; was_pressed is kept between calls. Returns the number of records. */
static inline int button_push(
	bool *was_pressed, bool is_pressed, struct record stamp, driver_emit_fn emit, void *user)
{
	bool has_gone_down = is_pressed && !*was_pressed;

	*was_pressed = is_pressed;
	if (!has_gone_down)
		return 0;
	stamp.kind = RECORD_SYMPTOM;
	stamp.symptom = (struct symptom_report){.code = SYMPTOM_DISCOMFORT, .intensity = -1};
	emit(&stamp, user);
	return 1;
}
