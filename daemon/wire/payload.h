// SPDX-License-Identifier: MIT
#pragma once
/* Values as JSON, the same way in every message. Numbers are rounded to what they can mean, so that
 * a replay gives the same bytes on every machine; an unknown value is null. Pure.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "coxad/core/result.h"
#include "coxad/core/time/wall-clock.h"

void payload_set_text(json_t *object, const char *key, const char *text); /* NULL, "": null */
void payload_set_integer(json_t *object, const char *key, int64_t value);
void payload_set_bool(json_t *object, const char *key, bool value);
/* Rounded to that many decimals; null if it is not finite. Returns-owned. */
json_t *payload_number(double value, int decimals);
void payload_set_number(json_t *object, const char *key, double value, int decimals);
/* UTC; null if the wall clock was never set. */
void payload_set_time(
	json_t *object, const char *key, const struct wall_clock *clock, int64_t t_us);
/* The names of the codes in the set, in the order of CODE_LIST. */
void payload_set_codes(json_t *object, const char *key, uint64_t codes);
void payload_set_ids(json_t *object, const char *key, unsigned n, const char (*ids)[ID_SIZE]);
