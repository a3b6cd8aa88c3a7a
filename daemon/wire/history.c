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
#include "daemon/wire/json-field.h"

#define VERSION 1

#define TERM_FN(name)                                                                              \
	static const char *name##_term(unsigned value)                                             \
	{                                                                                          \
		return name##_to_string((enum name)value);                                         \
	}
TERM_FN(placement)
TERM_FN(phase)
TERM_FN(side)
TERM_FN(symptom_code)
TERM_FN(body_site)
TERM_FN(pop_class)
TERM_FN(exercise)
TERM_FN(alert_state)

#define ROW(struct_, key_, type_, field)                                                           \
	{                                                                                          \
		.key = key_, .type = JSON_FIELD_##type_, .offset = offsetof(struct struct_, field) \
	}
#define ROW_TEXT(struct_, key_, field)                                                             \
	{                                                                                          \
		.key = key_, .type = JSON_FIELD_TEXT, .offset = offsetof(struct struct_, field),   \
		.size = sizeof(((struct struct_ *)NULL)->field)                                    \
	}
#define ROW_TERM(struct_, key_, field, count, fn)                                                  \
	{                                                                                          \
		.key = key_, .type = JSON_FIELD_TERM, .offset = offsetof(struct struct_, field),   \
		.size = count, .term = fn                                                          \
	}
#define ROW_NONE(struct_, key_, field, count, fn)                                                  \
	{                                                                                          \
		.key = key_, .type = JSON_FIELD_TERM_OR_NONE,                                      \
		.offset = offsetof(struct struct_, field), .size = count, .term = fn               \
	}

static const struct json_field pop_fields[] = {
	ROW(memory_pop, "session", COUNT, session),
	ROW_TERM(memory_pop, "site", site, PLACEMENT_COUNT, placement_term),
	ROW_TERM(memory_pop, "phase", phase, PHASE_COUNT, phase_term),
	ROW(memory_pop, "elevation_deg", UNKNOWN, elevation_deg),
	ROW(memory_pop, "level_db", UNKNOWN, level_db),
};

static const struct json_field symptom_fields[] = {
	ROW_TEXT(memory_symptom, "id", id),
	ROW_TEXT(memory_symptom, "source", source),
	ROW_TEXT(memory_symptom, "kit", kit),
	ROW(memory_symptom, "session", COUNT, session),
	ROW(memory_symptom, "time_us", TIME, t_us),
	ROW(memory_symptom, "time_uncertainty_ms", NUMBER, time_uncertainty_ms),
	ROW_TERM(memory_symptom, "code", code, SYMPTOM_COUNT, symptom_code_term),
	ROW_TERM(memory_symptom, "site", site, BODY_SITE_COUNT, body_site_term),
	ROW_TERM(memory_symptom, "side", side, SIDE_COUNT, side_term),
	{.key = "intensity",
		.type = JSON_FIELD_INT,
		.offset = offsetof(struct memory_symptom, intensity),
		.min = -1,
		.max = 10},
	ROW(memory_symptom, "new", BOOL, is_new),
	ROW(memory_symptom, "increasing", BOOL, is_increasing),
};

static const struct json_field open_pop_fields[] = {
	ROW_TEXT(memory_open_pop, "id", id),
	ROW_TEXT(memory_open_pop, "kit", kit),
	ROW(memory_open_pop, "rev", COUNT, rev),
	ROW(memory_open_pop, "session", COUNT, session),
	ROW(memory_open_pop, "time_us", TIME, t_us),
	ROW(memory_open_pop, "time_uncertainty_ms", NUMBER, time_uncertainty_ms),
	ROW_NONE(memory_open_pop, "site", site, PLACEMENT_COUNT, placement_term),
	ROW_TERM(memory_open_pop, "class", class, POP_CLASS_COUNT, pop_class_term),
	ROW(memory_open_pop, "severity", COUNT, severity),
	ROW_TERM(memory_open_pop, "phase", phase, PHASE_COUNT, phase_term),
	ROW_TERM(memory_open_pop, "side", side, SIDE_COUNT, side_term),
	ROW(memory_open_pop, "rep", COUNT, rep),
	ROW(memory_open_pop, "elevation_deg", UNKNOWN, elevation_deg),
	ROW(memory_open_pop, "level_db", UNKNOWN, level_db),
	ROW(memory_open_pop, "reasons", CODES, reasons),
};

static const struct json_field alert_fields[] = {
	ROW_TEXT(alert_result, "alert", alert),
	ROW_TERM(alert_result, "state", state, ALERT_STATE_COUNT, alert_state_term),
	ROW_TEXT(alert_result, "athlete", athlete),
	ROW_TEXT(alert_result, "kit", kit),
	ROW(alert_result, "time_us", TIME, t_us),
	ROW(alert_result, "raised_us", TIME, t_raised_us),
	ROW(alert_result, "time_uncertainty_ms", NUMBER, time_uncertainty_ms),
	ROW(alert_result, "severity", COUNT, severity),
	ROW_TERM(alert_result, "class", class, POP_CLASS_COUNT, pop_class_term),
	ROW(alert_result, "reasons", CODES, reasons),
	ROW_TEXT(alert_result, "by", by),
};

static const struct json_field athlete_fields[] = {
	ROW_TEXT(athlete_memory, "athlete", athlete),
	ROW(athlete_memory, "sessions", COUNT, sessions),
	ROW(athlete_memory, "benign_pops", COUNT, benign_pops),
	ROW(athlete_memory, "reps", COUNT, reps),
	ROW(athlete_memory, "in_session", BOOL, is_in_session),
	ROW_TEXT(athlete_memory, "kit", kit),
	ROW_TERM(athlete_memory, "exercise", exercise, EXERCISE_COUNT, exercise_term),
	ROW(athlete_memory, "since_us", TIME, since_us),
	ROW(athlete_memory, "session_benign_pops", COUNT, session_benign_pops),
	ROW(athlete_memory, "session_reps", COUNT, session_reps),
	ROW(athlete_memory, "session_red_flags", COUNT, session_red_flags),
};

/* A list of structs in a struct: `n` entries of at most `max`. */
struct list {
	const char *key;
	const struct json_field *fields;
	size_t n_fields, n_offset, offset, size;
	unsigned max;
};
#define LIST(key_, fields_, n_, array)                                                             \
	{                                                                                          \
		key_, fields_, ARRAY_LEN(fields_), offsetof(struct athlete_memory, n_),            \
			offsetof(struct athlete_memory, array),                                    \
			sizeof(((struct athlete_memory *)NULL)->array[0]),                         \
			ARRAY_LEN(((struct athlete_memory *)NULL)->array)                          \
	}
static const struct list lists[] = {
	LIST("pops", pop_fields, n_pops, pop),
	LIST("symptoms", symptom_fields, n_symptoms, symptom),
	LIST("alerts", alert_fields, n_alerts, alert),
	LIST("open_pops", open_pop_fields, n_open_pops, open_pop),
};
#define LIST_ALERTS 2

static json_t *ids_write(unsigned n, const char (*ids)[ID_SIZE])
{
	json_t *list = json_array();

	for (unsigned i = 0; i < n && i < ALERT_REFS_MAX; i++)
		json_array_append_new(list, json_string(ids[i]));
	return list;
}

static unsigned ids_read(const json_t *list, char (*ret)[ID_SIZE])
{
	unsigned n = 0;

	for (size_t i = 0; i < json_array_size(list) && n < ALERT_REFS_MAX; i++) {
		const char *id = json_string_value(json_array_get(list, i));

		if (id && *id && strlen(id) < ID_SIZE)
			strcpy(ret[n++], id);
	}
	return n;
}

static json_t *list_write(const struct list *list, const void *object, int64_t offset_us)
{
	unsigned n = *(const unsigned *)(const void *)((const char *)object + list->n_offset);
	const char *at = (const char *)object + list->offset;
	json_t *json = json_array();

	for (unsigned i = 0; i < n && i < list->max; i++, at += list->size) {
		json_t *entry = json_field_write(list->fields, list->n_fields, at, offset_us);

		if (list == &lists[LIST_ALERTS]) {
			const struct alert_result *alert = (const void *)at;

			json_object_set_new(entry, "pops", ids_write(alert->n_pops, alert->pops));
			json_object_set_new(
				entry, "symptoms", ids_write(alert->n_symptoms, alert->symptoms));
		}
		json_array_append_new(json, entry);
	}
	return json;
}

/* Where there are too many, the last ones: lists begin with the oldest. */
static void list_read(const struct list *list, const json_t *json, void *ret, int64_t offset_us)
{
	unsigned *n = (void *)((char *)ret + list->n_offset);
	size_t count = json_array_size(json);

	*n = 0;
	for (size_t i = count > list->max ? count - list->max : 0; i < count; i++) {
		void *at = (char *)ret + list->offset + *n * list->size;
		const json_t *entry = json_array_get(json, i);

		memset(at, 0, list->size);
		if (json_field_read(list->fields, list->n_fields, entry, at, offset_us) < 0)
			continue;
		if (list == &lists[LIST_ALERTS]) {
			struct alert_result *alert = at;

			alert->n_pops = ids_read(json_object_get(entry, "pops"), alert->pops);
			alert->n_symptoms =
				ids_read(json_object_get(entry, "symptoms"), alert->symptoms);
		}
		(*n)++;
	}
	if (*n < list->max) /* what an entry left out had begun */
		memset((char *)ret + list->offset + *n * list->size, 0, list->size);
}

static char *to_text(json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);

	json_decref(json);
	if (!text)
		abort(); /* out of memory: all texts in it are UTF-8 */
	return text;
}

/* NULL where it is no object of this kind and version. */
static json_t *from_text(const char *text, size_t size, const char *kind)
{
	json_t *json = NULL;

	if (size <= HISTORY_TEXT_MAX)
		json = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
	if (json_integer_value(json_object_get(json, kind)) == VERSION)
		return json;
	json_decref(json);
	return NULL;
}

static int64_t wall_offset(const struct wall_clock *clock)
{
	return clock->n ? wall_clock_at(clock, clock->setting[clock->n - 1].t_us) -
				  clock->setting[clock->n - 1].t_us
			: 0;
}

char *history_write_athlete(const struct athlete_memory *memory, const struct wall_clock *clock)
{
	int64_t offset_us = wall_offset(clock);
	json_t *json =
		json_field_write(athlete_fields, ARRAY_LEN(athlete_fields), memory, offset_us);
	json_t *sparc = json_array();

	json_object_set_new(json, "athlete_memory", json_integer(VERSION));
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		json_object_set_new(json, lists[i].key, list_write(&lists[i], memory, offset_us));
	for (unsigned i = 0; i < memory->n_sparc && i < MEMORY_SPARC_MAX; i++)
		if (isfinite(memory->sparc[i]))
			json_array_append_new(sparc, json_real(memory->sparc[i]));
	json_object_set_new(json, "sparc", sparc);
	return to_text(json);
}

int history_read_athlete(
	const char *text, size_t size, const struct wall_clock *clock, struct athlete_memory *ret)
{
	int64_t offset_us = wall_offset(clock);
	json_t *json = from_text(text, size, "athlete_memory");
	struct athlete_memory *memory;
	const json_t *sparc;
	int r;

	if (!json)
		return -EINVAL;
	memory = new0(struct athlete_memory);
	r = json_field_read(athlete_fields, ARRAY_LEN(athlete_fields), json, memory, offset_us);
	if (r == 0 && !memory->athlete[0])
		r = -EINVAL;
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(lists); i++)
		list_read(&lists[i], json_object_get(json, lists[i].key), memory, offset_us);
	sparc = json_object_get(json, "sparc");
	for (size_t i = 0; i < json_array_size(sparc) && memory->n_sparc < MEMORY_SPARC_MAX; i++)
		if (json_is_number(json_array_get(sparc, i)))
			memory->sparc[memory->n_sparc++] =
				json_number_value(json_array_get(sparc, i));
	if (r == 0)
		*ret = *memory;
	free(memory);
	json_decref(json);
	return r;
}

static const struct json_field calibration_fields[] = {
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
	if (segment->has_axis)
		json_object_set_new(json, "axis", vec3_write(segment->axis));
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
	segment->has_zero = vec3_read(json_object_get(json, "zero"), &segment->zero);
	if (segment->has_zero)
		vec3_read(json_object_get(json, "up_supine"), &segment->up_supine);
	segment->has_axis = vec3_read(json_object_get(json, "axis"), &segment->axis);
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
	json_t *json =
		json_field_write(calibration_fields, ARRAY_LEN(calibration_fields), calibration, 0);
	json_t *segments = json_object();

	json_object_set_new(json, "kit_calibration", json_integer(VERSION));
	json_object_set_new(json, "done", steps_write(calibration->done));
	for (unsigned p = 0; p < PLACEMENT_COUNT; p++)
		json_object_set_new(segments, placement_to_string((enum placement)p),
			segment_write(calibration, p));
	json_object_set_new(json, "segments", segments);
	return to_text(json);
}

int history_read_calibration(const char *text, size_t size, struct kit_calibration *ret)
{
	json_t *json = from_text(text, size, "kit_calibration");
	struct kit_calibration calibration = {0};
	const json_t *segments = json_object_get(json, "segments");
	int r;

	if (!json)
		return -EINVAL;
	r = json_field_read(
		calibration_fields, ARRAY_LEN(calibration_fields), json, &calibration, 0);
	calibration.done = steps_read(json_object_get(json, "done"));
	for (unsigned p = 0; p < PLACEMENT_COUNT; p++)
		segment_read(json_object_get(segments, placement_to_string((enum placement)p)),
			&calibration, p);
	json_decref(json);
	if (!calibration.segment[PLACEMENT_PELVIS].has_zero && calibration.is_calibrated)
		r = -EINVAL; /* the flat back is the pelvis' zero (rulings 1) */
	if (r == 0)
		*ret = calibration;
	return r;
}

#define SEEN_BITS 64

char *history_write_wearable(
	const struct wearable_memory *memory, int64_t t_us, const struct wall_clock *clock)
{
	json_t *json = json_object();
	char seen[SEEN_BITS / 4 + 1];

	snprintf(seen, sizeof(seen), "%016" PRIx64, memory->pops_seen);
	json_object_set_new(json, "wearable_memory", json_integer(VERSION));
	json_object_set_new(json, "time_us", json_integer(t_us + wall_offset(clock)));
	json_object_set_new(json, "boot", json_integer(memory->boot));
	json_object_set_new(json, "pop_after", json_integer(memory->pop_after));
	json_object_set_new(json, "pops_seen", json_string(seen));
	return to_text(json);
}

/* A whole number up to `most`, or -1. */
static json_int_t whole(const json_t *json, const char *key, json_int_t most)
{
	const json_t *value = json_object_get(json, key);
	json_int_t number = json_integer_value(value);

	return json_is_integer(value) && number >= 0 && number <= most ? number : -1;
}

int history_read_wearable(const char *text, size_t size, const struct wall_clock *clock,
	struct wearable_memory *ret, int64_t *ret_t_us)
{
	json_t *json = from_text(text, size, "wearable_memory");
	json_int_t time_us = whole(json, "time_us", INT64_MAX / 2);
	json_int_t boot = whole(json, "boot", UINT32_MAX);
	json_int_t pop_after = whole(json, "pop_after", UINT16_MAX);
	const char *seen = json_string_value(json_object_get(json, "pops_seen"));
	bool is_good = time_us >= 0 && boot >= 0 && pop_after >= 0 && seen &&
		       strlen(seen) == SEEN_BITS / 4 &&
		       strspn(seen, "0123456789abcdef") == SEEN_BITS / 4;

	if (is_good) {
		*ret = (struct wearable_memory){.boot = (uint32_t)boot,
			.pop_after = (uint16_t)pop_after,
			.pops_seen = strtoull(seen, NULL, 16)};
		*ret_t_us = time_us - wall_offset(clock);
	}
	json_decref(json);
	return is_good ? 0 : -EINVAL;
}
