// SPDX-License-Identifier: MIT
#include "coxad/wire/history.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "daemon/wire/history-text.h"

static const struct history_field calibration_fields[] = {
	ROW(kit_calibration, "calibrated", BOOL, is_calibrated),
	ROW(kit_calibration, "span_deg", NUMBER, span_deg),
	ROW(kit_calibration, "has_span", BOOL, has_span),
	ROW(kit_calibration, "confidence", NUMBER, confidence),
};

static json_t *vec3_write(struct vec3 v)
{
	json_t *list = json_array();

	json_array_append_new(list, json_real(v.x));
	json_array_append_new(list, json_real(v.y));
	json_array_append_new(list, json_real(v.z));
	return list;
}

/* A direction: three numbers of length 1. */
static bool vec3_read(const json_t *list, struct vec3 *ret)
{
	struct vec3 v = {json_number_value(json_array_get(list, 0)),
		json_number_value(json_array_get(list, 1)),
		json_number_value(json_array_get(list, 2))};

	if (json_array_size(list) != 3 || !(fabs(vec3_norm(v) - 1) < 0.01))
		return false;
	*ret = v;
	return true;
}

static json_t *segment_write(const struct kit_calibration *calibration, unsigned placement)
{
	const struct calibration_segment *segment = &calibration->segment[placement];
	json_t *json = json_object();

	json_object_set_new(json, "address", json_string(calibration->address[placement]));
	if (segment->has_zero) {
		json_object_set_new(json, "zero", vec3_write(segment->zero));
		json_object_set_new(json, "up_supine", vec3_write(segment->up_supine));
	}
	if (segment->has_axis || segment->has_zero)
		json_object_set_new(json, segment->has_axis ? "axis" : "assumed_axis",
			vec3_write(segment->axis));
	if (isfinite(calibration->clap_db[placement]))
		json_object_set_new(json, "clap_db", json_real(calibration->clap_db[placement]));
	return json;
}

static void segment_read(const json_t *json, struct kit_calibration *ret, unsigned placement)
{
	struct calibration_segment *segment = &ret->segment[placement];
	const char *address = json_string_value(json_object_get(json, "address"));
	const json_t *clap = json_object_get(json, "clap_db");

	if (address && strlen(address) < sizeof(ret->address[placement]))
		strcpy(ret->address[placement], address);
	segment->has_axis = vec3_read(json_object_get(json, "axis"), &segment->axis);
	/* Without any axis a zero tells no angle. */
	segment->has_zero = (segment->has_axis || vec3_read(json_object_get(json, "assumed_axis"),
							  &segment->axis)) &&
			    vec3_read(json_object_get(json, "zero"), &segment->zero);
	if (segment->has_zero)
		vec3_read(json_object_get(json, "up_supine"), &segment->up_supine);
	ret->clap_db[placement] = json_is_number(clap) ? json_number_value(clap) : NAN;
}

static json_t *steps_write(uint32_t done)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < CALIBRATION_STEP_COUNT; i++)
		if (done & 1u << i)
			json_array_append_new(list,
				json_string(calibration_step_to_string((enum calibration_step)i)));
	return list;
}

static uint32_t steps_read(const json_t *list)
{
	uint32_t done = 0;
	enum calibration_step step;

	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *text = json_string_value(json_array_get(list, i));

		if (text && calibration_step_from_string(text, &step) == 0)
			done |= 1u << step;
	}
	return done;
}

char *history_write_calibration(const struct kit_calibration *calibration)
{
	json_t *json = history_field_write(
		calibration_fields, ARRAY_LEN(calibration_fields), calibration, NULL);
	json_t *segments = json_object();

	json_object_set_new(json, "kit_calibration", json_integer(HISTORY_VERSION));
	json_object_set_new(json, "done", steps_write(calibration->done));
	for (unsigned p = 0; p < PLACEMENT_COUNT; p++)
		json_object_set_new(segments, placement_to_string((enum placement)p),
			segment_write(calibration, p));
	json_object_set_new(json, "segments", segments);
	return history_text_write(json);
}

/* Flat-back gives a zero to the pelvis, or to the thighs of a kit without a pelvis sensor
 * (decision-model.md, rulings 1 and 3). */
static bool has_any_zero(const struct kit_calibration *calibration)
{
	for (unsigned p = 0; p < PLACEMENT_COUNT; p++)
		if (calibration->segment[p].has_zero)
			return true;
	return false;
}

int history_read_calibration(const char *text, size_t size, struct kit_calibration *ret)
{
	json_t *json = history_text_read(text, size, "kit_calibration");
	struct kit_calibration calibration = {0};
	const json_t *segments = json_object_get(json, "segments");
	int r;

	if (!json)
		return -EINVAL;
	r = history_field_read(
		calibration_fields, ARRAY_LEN(calibration_fields), json, &calibration, NULL);
	calibration.done = steps_read(json_object_get(json, "done"));
	for (unsigned p = 0; p < PLACEMENT_COUNT; p++)
		segment_read(json_object_get(segments, placement_to_string((enum placement)p)),
			&calibration, p);
	json_decref(json);
	if (calibration.is_calibrated && !has_any_zero(&calibration))
		r = -EINVAL;
	if (r == 0)
		*ret = calibration;
	return r;
}

#define SEEN_BITS 64

char *history_write_wearable(
	const struct wearable_memory *memory, int64_t t_us, const struct wall_clock *clock)
{
	struct history_time time = history_text_time(clock);
	json_t *json = json_object();
	char seen[SEEN_BITS / 4 + 1];

	snprintf(seen, sizeof(seen), "%016" PRIx64, memory->pops_seen);
	json_object_set_new(json, "wearable_memory", json_integer(HISTORY_VERSION));
	history_field_write_time(json, "time_us", t_us, &time);
	json_object_set_new(json, "host_boot", json_integer(clock->boot));
	json_object_set_new(json, "boot", json_integer(memory->boot));
	json_object_set_new(json, "pop_after", json_integer(memory->pop_after));
	json_object_set_new(json, "pops_seen", json_string(seen));
	return history_text_write(json);
}

/* A whole number from 0 to `most`, or -1. */
static json_int_t whole(const json_t *json, const char *key, json_int_t most)
{
	const json_t *value = json_object_get(json, key);
	json_int_t number = json_integer_value(value);

	return json_is_integer(value) && number >= 0 && number <= most ? number : -1;
}

int history_read_wearable(const char *text, size_t size, const struct wall_clock *clock,
	struct wearable_memory *ret, int64_t *ret_t_us)
{
	json_t *json = history_text_read(text, size, "wearable_memory");
	struct history_time time = history_text_time_of(json, clock);
	json_int_t boot = whole(json, "boot", UINT32_MAX);
	json_int_t pop_after = whole(json, "pop_after", UINT16_MAX);
	const char *seen = json_string_value(json_object_get(json, "pops_seen"));
	bool is_good = whole(json, "time_us", HISTORY_FIELD_TIME_MAX) >= 0 && boot >= 0 &&
		       pop_after >= 0 && seen && strlen(seen) == SEEN_BITS / 4 &&
		       strspn(seen, "0123456789abcdef") == SEEN_BITS / 4;

	if (is_good) {
		*ret = (struct wearable_memory){.boot = (uint32_t)boot,
			.pop_after = (uint16_t)pop_after,
			.pops_seen = strtoull(seen, NULL, 16)};
		*ret_t_us = history_field_read_time(json, "time_us", &time);
	}
	json_decref(json);
	return is_good ? 0 : -EINVAL;
}

int64_t history_latest(const char *text, size_t size, const struct wall_clock *clock)
{
	json_t *json = history_text_read(text, size, "athlete_memory");
	bool is_same_boot = history_text_time_of(json, clock).is_same_boot;
	const json_t *latest = json_object_get(json, is_same_boot ? "past_us" : "latest_us");
	int64_t wall_us = json_integer_value(latest);
	bool is_known = json_is_integer(latest) && llabs(wall_us) <= HISTORY_FIELD_TIME_MAX;

	json_decref(json);
	return is_known ? wall_us : INT64_MIN;
}

char *history_write_clock(const struct wall_clock *clock)
{
	json_t *json = json_object();
	json_t *settings = json_array();

	json_object_set_new(json, "wall_clock", json_integer(HISTORY_VERSION));
	json_object_set_new(json, "host_boot", json_integer(clock->boot));
	for (unsigned i = 0; i < clock->n; i++) {
		json_t *setting = json_array();

		json_array_append_new(setting, json_integer(clock->setting[i].t_us));
		json_array_append_new(setting, json_integer(clock->setting[i].wall_us));
		json_array_append_new(settings, setting);
	}
	json_object_set_new(json, "settings", settings);
	return history_text_write(json);
}

static bool is_instant(int64_t t_us)
{
	return t_us >= 0 && t_us <= HISTORY_FIELD_TIME_MAX;
}

int history_read_clock(const char *text, size_t size, int64_t now_us, struct wall_clock *ret)
{
	json_t *json = history_text_read(text, size, "wall_clock");
	bool is_same_boot = json && history_text_time_of(json, ret).is_same_boot;
	const json_t *settings = json_object_get(json, "settings");
	size_t n = is_same_boot ? json_array_size(settings) : 0;
	int64_t last_us = -1;

	for (size_t i = 0; i < n; i++) {
		const json_t *setting = json_array_get(settings, i);
		int64_t t_us = json_integer_value(json_array_get(setting, 0));
		int64_t wall_us = json_integer_value(json_array_get(setting, 1));

		if (!is_instant(t_us) || !is_instant(wall_us) || t_us <= last_us || t_us >= now_us)
			continue;
		wall_clock_set(ret, t_us, wall_us);
		last_us = t_us;
	}
	json_decref(json);
	return json ? 0 : -EINVAL;
}
