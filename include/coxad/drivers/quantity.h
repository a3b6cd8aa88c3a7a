// SPDX-License-Identifier: MIT
#pragma once
/* Emitting what a wearable measures or says beside its samples (record.h). Each call gives one
 * record and returns 1, so that a decoder can add them up.
 */
#include <string.h>

#include "coxad/drivers/driver.h"

/* Six parameters: decoders call it a score of times, and a struct would be spelt out each time. */
static inline int quantity_emit(driver_emit_fn emit, void *user, const char *name, const char *unit,
	const double *values, unsigned n)
{
	struct record r = {.kind = RECORD_QUANTITY,
		.quantity = {.name = name, .unit = unit, .n = n, .values = values}};

	emit(&r, user);
	return 1;
}

static inline int quantity_emit_number(
	driver_emit_fn emit, void *user, const char *name, const char *unit, double value)
{
	return quantity_emit(emit, user, name, unit, &value, 1);
}

/* The text is valid UTF-8. */
static inline int quantity_emit_text(
	driver_emit_fn emit, void *user, const char *name, const char *text, size_t size)
{
	struct record r = {
		.kind = RECORD_ABOUT, .about = {.name = name, .text = text, .size = size}};

	emit(&r, user);
	return 1;
}
