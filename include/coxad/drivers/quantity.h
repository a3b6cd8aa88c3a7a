// SPDX-License-Identifier: MIT
#pragma once
/* Emits values and texts that coxad shows but does not use (record.h). Each call emits one record and
 * returns 1, so that a decoder can add them up.
 */
#include <string.h>

#include "coxad/drivers/driver.h"

/* Six parameters: there are some twenty calls, each of which would have to spell out a struct. */
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
