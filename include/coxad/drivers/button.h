// SPDX-License-Identifier: MIT
#pragma once
/* A plain button on a wearable: going down, and only that, tells of discomfort of no given
 * strength.
 */
#include "coxad/drivers/driver.h"

/* stamp bears the tick, where there is one. was_pressed is of the last call. Records emitted. */
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
