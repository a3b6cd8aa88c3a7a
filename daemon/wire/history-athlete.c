// SPDX-License-Identifier: MIT
#include "coxad/wire/history-athlete.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/text.h"
#include "coxad/config/conf-name.h"
#include "daemon/wire/history-text.h"

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
TERM_FN(pattern)
TERM_FN(decision)

static const struct history_field pop_fields[] = {
	ROW(memory_pop, "session", COUNT, session),
	ROW_TERM(memory_pop, "site", site, PLACEMENT_COUNT, placement_term),
	ROW_TERM(memory_pop, "phase", phase, PHASE_COUNT, phase_term),
	ROW(memory_pop, "elevation_deg", UNKNOWN, elevation_deg),
	ROW(memory_pop, "level_db", UNKNOWN, level_db),
	ROW_NONE(memory_pop, "side", side, SIDE_COUNT, side_term),
};

static const struct history_field symptom_fields[] = {
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
		.type = HISTORY_FIELD_INT,
		.offset = offsetof(struct memory_symptom, intensity),
		.min = -1,
		.max = 10},
	ROW(memory_symptom, "new", BOOL, is_new),
	ROW(memory_symptom, "increasing", BOOL, is_increasing),
};

static const struct history_field open_pop_fields[] = {
	ROW_TEXT(memory_open_pop, "id", result.id),
	ROW_TEXT(memory_open_pop, "kit", result.kit),
	ROW(memory_open_pop, "rev", COUNT, result.rev),
	ROW(memory_open_pop, "session", COUNT, session),
	ROW(memory_open_pop, "final", BOOL, is_final),
	ROW(memory_open_pop, "answered", BOOL, is_answered),
	ROW(memory_open_pop, "time_us", TIME, result.t_pop_us),
	ROW(memory_open_pop, "time_uncertainty_ms", NUMBER, result.time_uncertainty_ms),
	ROW_NONE(memory_open_pop, "site", result.site, PLACEMENT_COUNT, placement_term),
	ROW_TERM(memory_open_pop, "class", result.class, POP_CLASS_COUNT, pop_class_term),
	ROW(memory_open_pop, "severity", COUNT, result.severity),
	ROW(memory_open_pop, "confidence", UNKNOWN, result.confidence.total),
	ROW(memory_open_pop, "confidence_origin", UNKNOWN, result.confidence.origin),
	ROW(memory_open_pop, "confidence_posture", UNKNOWN, result.confidence.posture),
	ROW(memory_open_pop, "confidence_symptom", UNKNOWN, result.confidence.symptom),
	ROW(memory_open_pop, "confidence_margin", UNKNOWN, result.confidence.margin),
	ROW_TERM(memory_open_pop, "phase", result.phase, PHASE_COUNT, phase_term),
	ROW_TERM(memory_open_pop, "side", result.side, SIDE_COUNT, side_term),
	ROW(memory_open_pop, "rep", COUNT, result.rep),
	ROW(memory_open_pop, "elevation_deg", UNKNOWN, result.elevation_deg),
	ROW(memory_open_pop, "hip_flexion_deg", UNKNOWN, result.hip_flexion_deg),
	ROW(memory_open_pop, "pelvic_tilt_deg", UNKNOWN, result.pelvic_tilt_deg),
	ROW(memory_open_pop, "lumbar_extension_deg", UNKNOWN, result.lumbar_extension_deg),
	ROW(memory_open_pop, "speed_deg_s", UNKNOWN, result.speed_deg_s),
	ROW(memory_open_pop, "form", UNKNOWN, result.form_total),
	ROW(memory_open_pop, "f1", UNKNOWN, result.form[0]),
	ROW(memory_open_pop, "f2", UNKNOWN, result.form[1]),
	ROW(memory_open_pop, "f3", UNKNOWN, result.form[2]),
	ROW(memory_open_pop, "f4", UNKNOWN, result.form[3]),
	ROW(memory_open_pop, "f5", UNKNOWN, result.form[4]),
	ROW(memory_open_pop, "f6", UNKNOWN, result.form[5]),
	ROW(memory_open_pop, "f7", UNKNOWN, result.form[6]),
	ROW_NONE(memory_open_pop, "pattern", result.pattern, PATTERN_COUNT, pattern_term),
	ROW(memory_open_pop, "reasons", CODES, result.reasons),
	ROW_TEXT(memory_open_pop, "override_by", result.override_by),
	ROW_TEXT(memory_open_pop, "override_reason", result.override_reason),
};

static const struct history_field decision_fields[] = {
	ROW(memory_decision, "time_us", TIME, t_us),
	ROW_TERM(memory_decision, "act", kind, DECISION_COUNT, decision_term),
	ROW_TEXT(memory_decision, "by", by),
	ROW_TEXT(memory_decision, "reason", reason),
	ROW_TEXT(memory_decision, "subject", subject),
	ROW_TERM(memory_decision, "was", was, POP_CLASS_COUNT, pop_class_term),
	ROW_TERM(memory_decision, "now", now, POP_CLASS_COUNT, pop_class_term),
	ROW(memory_decision, "severity", COUNT, severity),
};

static const struct history_field worn_fields[] = {
	ROW_TERM(memory_worn, "placement", placement, PLACEMENT_COUNT, placement_term),
	ROW_TEXT(memory_worn, "wearable", wearable),
	ROW(memory_worn, "axis_x", NUMBER, axis.x),
	ROW(memory_worn, "axis_y", NUMBER, axis.y),
	ROW(memory_worn, "axis_z", NUMBER, axis.z),
	ROW(memory_worn, "resting_x", NUMBER, resting.x),
	ROW(memory_worn, "resting_y", NUMBER, resting.y),
	ROW(memory_worn, "resting_z", NUMBER, resting.z),
};

static const struct history_field ladder_fields[] = {
	ROW(memory_ladder, "begun", BOOL, is_begun),
	ROW(memory_ladder, "step", COUNT, step),
	ROW(memory_ladder, "clean", COUNT, clean),
	ROW(memory_ladder, "faults", COUNT, faults),
};

static const struct history_field tally_fields[] = {
	ROW(session_tally, "reps", COUNT, reps),
	ROW(session_tally, "faulty_reps", COUNT, faulty_reps),
	ROW(session_tally, "benign", COUNT, pops[POP_CLASS_BENIGN]),
	ROW(session_tally, "form_fault", COUNT, pops[POP_CLASS_FORM_FAULT]),
	ROW(session_tally, "red_flag", COUNT, pops[POP_CLASS_RED_FLAG]),
	ROW(session_tally, "review", COUNT, pops[POP_CLASS_REVIEW]),
	ROW(session_tally, "not_a_pop", COUNT, pops[POP_CLASS_NOT_A_POP]),
	ROW(session_tally, "symptom_only", COUNT, pops[POP_CLASS_SYMPTOM_ONLY]),
	ROW(session_tally, "not_exercising", COUNT, not_exercising),
	ROW(session_tally, "crepitus", COUNT, crepitus),
	ROW(session_tally, "crepitus_sum_db", NUMBER, crepitus_sum_db),
	ROW(session_tally, "symptoms", COUNT, symptoms),
	ROW(session_tally, "alerts", COUNT, alerts_raised),
	ROW(session_tally, "range_sum_deg", NUMBER, range_sum_deg),
	ROW(session_tally, "ranges", COUNT, ranges),
	ROW(session_tally, "lower_sum_ms", NUMBER, lower_sum_ms),
	ROW(session_tally, "lowers", COUNT, lowers),
	ROW(session_tally, "trends", CODES, trends),
};

static const struct history_field alert_fields[] = {
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

static const struct history_field athlete_fields[] = {
	ROW_TEXT(athlete_memory, "athlete", athlete),
	ROW(athlete_memory, "sessions", COUNT, sessions),
	ROW(athlete_memory, "idle_sessions", COUNT, idle_sessions),
	ROW(athlete_memory, "benign_pops", COUNT, benign_pops),
	ROW(athlete_memory, "reps", COUNT, reps),
	ROW(athlete_memory, "range_deg", NUMBER, range_deg),
	ROW(athlete_memory, "clean_sets", COUNT, clean_sets),
	ROW(athlete_memory, "in_session", BOOL, is_in_session),
	ROW_TEXT(athlete_memory, "kit", kit),
	ROW_TERM(athlete_memory, "exercise", exercise, EXERCISE_COUNT, exercise_term),
	ROW(athlete_memory, "since_us", TIME, since_us),
	ROW(athlete_memory, "session_benign_pops", COUNT, session_benign_pops),
	ROW(athlete_memory, "session_reps", COUNT, session_reps),
	ROW(athlete_memory, "session_red_flags", COUNT, session_red_flags),
};

static json_t *ids_write(unsigned n, const char (*ids)[ID_SIZE])
{
	json_t *list = json_array();

	for (unsigned i = 0; i < n; i++)
		json_array_append_new(list, json_string(ids[i]));
	return list;
}

static unsigned ids_read(const json_t *list, unsigned max, char (*ret)[ID_SIZE])
{
	unsigned n = 0;

	for (size_t i = 0; i < json_array_size(list) && n < max; i++) {
		const char *id = json_string_value(json_array_get(list, i));

		if (id && *id && strlen(id) < ID_SIZE && text_is_clean(id, strlen(id)))
			strcpy(ret[n++], id);
	}
	return n;
}

static void alert_write_more(json_t *json, const void *entry)
{
	const struct alert_result *alert = entry;

	json_object_set_new(json, "pops", ids_write(alert->n_pops, alert->pops));
	json_object_set_new(json, "symptoms", ids_write(alert->n_symptoms, alert->symptoms));
}

static void alert_read_more(const json_t *json, void *entry)
{
	struct alert_result *alert = entry;

	alert->n_pops = ids_read(json_object_get(json, "pops"), ALERT_REFS_MAX, alert->pops);
	alert->n_symptoms =
		ids_read(json_object_get(json, "symptoms"), ALERT_REFS_MAX, alert->symptoms);
}

static json_t *cues_write(const struct pop_result *r)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < r->n_cues; i++) {
		json_t *cue = json_object();

		json_object_set_new(cue, "code", json_string(cue_code_to_string(r->cues[i].code)));
		if (isfinite(r->cues[i].argument))
			json_object_set_new(cue, "argument", json_real(r->cues[i].argument));
		json_array_append_new(list, cue);
	}
	return list;
}

static void cues_read(const json_t *list, struct pop_result *r)
{
	for (size_t i = 0; i < json_array_size(list) && r->n_cues < POP_CUES_MAX; i++) {
		const json_t *cue = json_array_get(list, i);
		const char *code = json_string_value(json_object_get(cue, "code"));
		const json_t *argument = json_object_get(cue, "argument");
		struct cue *one = &r->cues[r->n_cues];

		if (!code || cue_code_from_string(code, &one->code) < 0)
			continue;
		one->argument = json_is_number(argument) ? json_number_value(argument) : NAN;
		r->n_cues++;
	}
}

static void pop_write_more(json_t *json, const void *entry)
{
	const struct pop_result *r = &((const struct memory_open_pop *)entry)->result;
	json_t *levels = json_object();

	for (unsigned i = 0; i < PLACEMENT_COUNT; i++)
		if (isfinite(r->levels_db[i]))
			json_object_set_new(levels, placement_to_string((enum placement)i),
				json_real(r->levels_db[i]));
	json_object_set_new(json, "told_us", json_integer(r->t_pop_us + r->told_later_us));
	json_object_set_new(json, "levels_db", levels);
	json_object_set_new(json, "cues", cues_write(r));
	json_object_set_new(json, "symptoms", ids_write(r->n_symptoms, r->symptoms));
}

/* Older texts have only the level of the site, as level_db. */
static void pop_read_more(const json_t *json, void *entry)
{
	struct pop_result *r = &((struct memory_open_pop *)entry)->result;
	const json_t *levels = json_object_get(json, "levels_db");
	const json_t *of_site = json_object_get(json, "level_db");
	const json_t *told = json_object_get(json, "told_us");

	if (json_is_integer(told) && llabs(json_integer_value(told)) <= HISTORY_FIELD_TIME_MAX)
		r->told_later_us = json_integer_value(told) - r->t_pop_us;

	for (unsigned i = 0; i < PLACEMENT_COUNT; i++) {
		const json_t *level =
			json_object_get(levels, placement_to_string((enum placement)i));

		r->levels_db[i] = json_is_number(level) ? json_number_value(level) : NAN;
	}
	if (r->site < PLACEMENT_COUNT && json_is_number(of_site))
		r->levels_db[r->site] = json_number_value(of_site);
	if (r->pattern == PATTERN_COUNT)
		r->pattern = PATTERN_UNSPECIFIED;
	cues_read(json_object_get(json, "cues"), r);
	r->n_symptoms = ids_read(json_object_get(json, "symptoms"), POP_SYMPTOMS_MAX, r->symptoms);
}

/* A list of structs in a struct: `n` entries, at most `max`. write_more and read_more handle what a
 * table of fields cannot express. */
struct list {
	const char *key;
	const struct history_field *fields;
	size_t n_fields, n_offset, offset, size;
	unsigned max;
	void (*write_more)(json_t *json, const void *entry);
	void (*read_more)(const json_t *json, void *entry);
};
#define LIST(key_, fields_, n_, array, write_, read_)                                              \
	{                                                                                          \
		key_, fields_, ARRAY_LEN(fields_), offsetof(struct athlete_memory, n_),            \
			offsetof(struct athlete_memory, array),                                    \
			sizeof(((struct athlete_memory *)NULL)->array[0]),                         \
			ARRAY_LEN(((struct athlete_memory *)NULL)->array), write_, read_           \
	}
static const struct list lists[] = {
	LIST("pops", pop_fields, n_pops, pop, NULL, NULL),
	LIST("symptoms", symptom_fields, n_symptoms, symptom, NULL, NULL),
	LIST("alerts", alert_fields, n_alerts, alert, alert_write_more, alert_read_more),
	LIST("open_pops", open_pop_fields, n_open_pops, open_pop, pop_write_more, pop_read_more),
	LIST("acts", decision_fields, n_decisions, decision, NULL, NULL),
	LIST("worn", worn_fields, n_worn, worn, NULL, NULL),
};

static json_t *list_write(const struct list *list, const void *object, struct history_time *time)
{
	unsigned n = *(const unsigned *)(const void *)((const char *)object + list->n_offset);
	const char *at = (const char *)object + list->offset;
	json_t *json = json_array();

	for (unsigned i = 0; i < n && i < list->max; i++, at += list->size) {
		json_t *entry = history_field_write(list->fields, list->n_fields, at, time);

		if (list->write_more)
			list->write_more(entry, at);
		json_array_append_new(json, entry);
	}
	return json;
}

/* If there are too many, reads the last ones: lists begin with the oldest. */
static void list_read(
	const struct list *list, const json_t *json, void *ret, const struct history_time *time)
{
	unsigned *n = (void *)((char *)ret + list->n_offset);
	size_t count = json_array_size(json);

	*n = 0;
	for (size_t i = count > list->max ? count - list->max : 0; i < count; i++) {
		void *at = (char *)ret + list->offset + *n * list->size;
		const json_t *entry = json_array_get(json, i);

		memset(at, 0, list->size);
		if (history_field_read(list->fields, list->n_fields, entry, at, time) < 0)
			continue;
		if (list->read_more)
			list->read_more(entry, at);
		(*n)++;
	}
	if (*n < list->max) /* an invalid entry may be partly written */
		memset((char *)ret + list->offset + *n * list->size, 0, list->size);
}

static json_t *write_numbers(const double *value, unsigned n)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < n; i++)
		if (isfinite(value[i]))
			json_array_append_new(list, json_real(value[i]));
	return list;
}

static unsigned read_numbers(const json_t *list, double *ret, unsigned max)
{
	unsigned n = 0;

	for (size_t i = 0; i < json_array_size(list) && n < max; i++)
		if (json_is_number(json_array_get(list, i)))
			ret[n++] = json_number_value(json_array_get(list, i));
	return n;
}

char *history_athlete_write(const struct athlete_memory *memory, const struct wall_clock *clock)
{
	struct history_time time = history_text_time(clock);
	json_t *json =
		history_field_write(athlete_fields, ARRAY_LEN(athlete_fields), memory, &time);

	json_object_set_new(json, "athlete_memory", json_integer(HISTORY_VERSION));
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		json_object_set_new(json, lists[i].key, list_write(&lists[i], memory, &time));
	json_object_set_new(json, "sparc", write_numbers(memory->sparc, memory->n_sparc));
	json_object_set_new(json, "loss_deg", write_numbers(memory->loss_deg, memory->n_losses));
	json_object_set_new(json, "ladder",
		history_field_write(
			ladder_fields, ARRAY_LEN(ladder_fields), &memory->ladder, NULL));
	json_object_set_new(json, "tally",
		history_field_write(tally_fields, ARRAY_LEN(tally_fields), &memory->tally, NULL));
	history_text_write_boot(json, &time);
	return history_text_write(json);
}

int history_athlete_read(
	const char *text, size_t size, const struct wall_clock *clock, struct athlete_memory *ret)
{
	json_t *json = history_text_read(text, size, "athlete_memory");
	struct history_time time = history_text_time_of(json, clock);
	struct athlete_memory *memory;
	int r;

	if (!json)
		return -EINVAL;
	memory = new0(struct athlete_memory);
	r = history_field_read(athlete_fields, ARRAY_LEN(athlete_fields), json, memory, &time);
	/* Earlier versions took names that a broker hangs up on. */
	if (r == 0 && !conf_name_is_valid(memory->athlete))
		r = -EINVAL;
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(lists); i++)
		list_read(&lists[i], json_object_get(json, lists[i].key), memory, &time);
	for (unsigned i = 0; i < memory->n_alerts; i++)
		memcpy(memory->alert[i].athlete, memory->athlete, sizeof(memory->athlete));
	history_field_read(ladder_fields, ARRAY_LEN(ladder_fields), json_object_get(json, "ladder"),
		&memory->ladder, NULL);
	history_field_read(tally_fields, ARRAY_LEN(tally_fields), json_object_get(json, "tally"),
		&memory->tally, NULL);
	memory->n_sparc =
		read_numbers(json_object_get(json, "sparc"), memory->sparc, MEMORY_SPARC_MAX);
	memory->n_losses = read_numbers(
		json_object_get(json, "loss_deg"), memory->loss_deg, MEMORY_LOSSES_MAX);
	if (r == 0)
		*ret = *memory;
	free(memory);
	json_decref(json);
	return r;
}
