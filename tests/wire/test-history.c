// SPDX-License-Identifier: MIT
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "coxad/base/alloc.h"
#include "coxad/wire/history-athlete.h"
#include "coxad/wire/history.h"

static struct kit_calibration some_calibration(void)
{
	struct kit_calibration c = {.is_calibrated = true,
		.span_deg = 8.712345678901,
		.has_span = true,
		.confidence = 0.9,
		.done = 1u << CALIBRATION_STEP_FLAT_BACK | 1u << CALIBRATION_STEP_CLAP};

	for (unsigned p = 0; p < PLACEMENT_COUNT; p++)
		c.clap_db[p] = NAN;
	c.clap_db[PLACEMENT_HIP_LEFT] = 14.5;
	c.segment[PLACEMENT_PELVIS] = (struct calibration_segment){.has_zero = true,
		.has_axis = true,
		.axis = vec3_unit((struct vec3){1, 2, 3}),
		.zero = vec3_unit((struct vec3){-1, 0.3, 9}),
		.up_supine = {0, 0, 1}};
	strcpy(c.address[PLACEMENT_PELVIS], "C0:A5:00:00:09:01");
	return c;
}

static void a_calibration_survives_exactly(void **state)
{
	struct kit_calibration c = some_calibration(), back;
	char *text = history_write_calibration(&c);

	memset(&back, 0xaa, sizeof(back));
	assert_int_equal(history_read_calibration(text, strlen(text), &back), 0);
	assert_true(back.is_calibrated && back.has_span);
	assert_true(back.span_deg == c.span_deg && back.confidence == c.confidence);
	assert_int_equal(back.done, c.done);
	for (unsigned p = 0; p < PLACEMENT_COUNT; p++) {
		assert_memory_equal(&back.segment[p].axis, &c.segment[p].axis, sizeof(struct vec3));
		assert_memory_equal(&back.segment[p].zero, &c.segment[p].zero, sizeof(struct vec3));
		assert_int_equal(back.segment[p].has_axis, c.segment[p].has_axis);
		assert_int_equal(back.segment[p].has_zero, c.segment[p].has_zero);
		assert_string_equal(back.address[p], c.address[p]);
		assert_int_equal(isnan(back.clap_db[p]), isnan(c.clap_db[p]));
	}
	assert_true(back.clap_db[PLACEMENT_HIP_LEFT] == 14.5);
	free(text);
}

/* After flat-back alone, or with neutral, no axis is measured. */
static void an_assumed_axis_survives_as_that(void **state)
{
	struct kit_calibration c = some_calibration(), back = {0};
	char *text;

	c.segment[PLACEMENT_PELVIS].has_axis = false;
	text = history_write_calibration(&c);
	assert_int_equal(history_read_calibration(text, strlen(text), &back), 0);
	assert_true(back.segment[PLACEMENT_PELVIS].has_zero);
	assert_false(back.segment[PLACEMENT_PELVIS].has_axis);
	assert_memory_equal(&back.segment[PLACEMENT_PELVIS].axis, &c.segment[PLACEMENT_PELVIS].axis,
		sizeof(struct vec3));
	free(text);
}

static void a_kit_without_a_pelvis_sensor_keeps_its_calibration(void **state)
{
	struct kit_calibration c = some_calibration(), back = {0};
	char *text;

	c.segment[PLACEMENT_THIGH_LEFT] = c.segment[PLACEMENT_PELVIS];
	strcpy(c.address[PLACEMENT_THIGH_LEFT], "C0:A5:00:00:09:02");
	c.segment[PLACEMENT_PELVIS] = (struct calibration_segment){0};
	c.address[PLACEMENT_PELVIS][0] = 0;
	text = history_write_calibration(&c);
	assert_int_equal(history_read_calibration(text, strlen(text), &back), 0);
	assert_true(back.is_calibrated);
	assert_true(back.segment[PLACEMENT_THIGH_LEFT].has_zero);
	assert_false(back.segment[PLACEMENT_PELVIS].has_zero);
	free(text);
}

static void an_impossible_calibration_is_refused(void **state)
{
	static const char *const bad[] = {"", "{}", "[]", "{\"kit_calibration\":2}",
		"{\"kit_calibration\":\"1\"}", "{\"athlete_memory\":1,\"athlete\":\"a\"}",
		/* calibrated without any zero, or with a zero that is not a direction */
		"{\"kit_calibration\":1,\"calibrated\":true}",
		"{\"kit_calibration\":1,\"calibrated\":true,\"segments\":{\"pelvis\":{\"zero\":[0,0,1]}}}",
		"{\"kit_calibration\":1,\"calibrated\":true,\"segments\":{\"pelvis\":{\"zero\":[0,"
		"0,2]}}}",
		"{\"kit_calibration\":1,\"calibrated\":true,\"segments\":{\"pelvis\":{\"zero\":[0,"
		"1]}}}"};
	struct kit_calibration c = some_calibration(), before = c;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(history_read_calibration(bad[i], strlen(bad[i]), &c), -22);
	assert_memory_equal(&c, &before, sizeof(c));
}

static struct athlete_memory *some_memory(void)
{
	struct athlete_memory *m = new0(struct athlete_memory);

	strcpy(m->athlete, "bea");
	m->sessions = 4;
	m->idle_sessions = 2;
	m->benign_pops = 12;
	m->reps = 80;
	m->n_pops = MEMORY_POPS_MAX;
	for (unsigned i = 0; i < m->n_pops; i++)
		m->pop[i] = (struct memory_pop){i / 16 + 1, i % PLACEMENT_COUNT, i % PHASE_COUNT,
			i % 5 ? i * 1.1 : NAN, -20.3 - i, i % (SIDE_COUNT + 1)};
	m->n_sparc = 2;
	m->sparc[0] = -1.51;
	m->sparc[1] = -1.7;
	m->n_losses = 2;
	m->loss_deg[0] = 35.25;
	m->loss_deg[1] = 41.5;
	m->n_symptoms = 1;
	m->symptom[0] = (struct memory_symptom){.id = "r1-s1",
		.source = "athlete",
		.kit = "9",
		.session = 5,
		.t_us = 7000000,
		.time_uncertainty_ms = 4.5,
		.code = SYMPTOM_SHARP,
		.site = BODY_SITE_HIP,
		.side = SIDE_LEFT,
		.intensity = -1,
		.is_new = true};
	m->n_alerts = 1;
	m->alert[0] = (struct alert_result){.alert = "r1-a1",
		.state = ALERT_STATE_ACKNOWLEDGED,
		.athlete = "bea",
		.kit = "9",
		.t_us = 7000000,
		.t_raised_us = 6900000,
		.severity = 4,
		.class = POP_CLASS_RED_FLAG,
		.reasons = CODE_BIT(PAIN_SHARP) | CODE_BIT(RANGE_CLIPPED),
		.n_pops = 2,
		.pops = {"r1-p1", "r1-p2"},
		.n_symptoms = 1,
		.symptoms = {"r1-s1"},
		.by = "tom"};
	m->is_in_session = true;
	strcpy(m->kit, "9");
	m->exercise = EXERCISE_HANG;
	m->since_us = 5000000;
	m->session_reps = 7;
	m->session_red_flags = 1;
	m->n_open_pops = 1;
	m->open_pop[0] = (struct memory_open_pop){.session = 5,
		.is_answered = true,
		.result = {.id = "r1-p2",
			.kit = "9",
			.rev = 1,
			.t_pop_us = 6800000,
			.site = PLACEMENT_COUNT,
			.class = POP_CLASS_RED_FLAG,
			.severity = 3,
			.confidence = {0.8, 0.9, 0.7, 1, 0.3},
			.phase = PHASE_LOWER,
			.side = SIDE_BOTH,
			.rep = 6,
			.elevation_deg = NAN,
			.hip_flexion_deg = 41.5,
			.form_total = 30,
			.form = {20, 10},
			.pattern = PATTERN_CAVITATION_LIKE,
			.levels_db = {[PLACEMENT_HIP_LEFT] = -17},
			.n_cues = 1,
			.cues = {{CUE_REDUCE_RANGE, 45}},
			.n_symptoms = 1,
			.symptoms = {"r1-s1"},
			.override_by = "kim",
			.override_reason = "seen it",
			.reasons = CODE_BIT(PAIN_SHARP)}};
	m->tally = (struct session_tally){.reps = 7,
		.pops = {[POP_CLASS_RED_FLAG] = 1},
		.range_sum_deg = 420.5,
		.ranges = 7,
		.trends = CODE_BIT(TREND_RATE)};
	m->ladder = (struct memory_ladder){true, 2, 1, 5};
	m->n_worn = 2;
	m->worn[0] = (struct memory_worn){PLACEMENT_PELVIS, "9-pelvis", {1, 0, 0}, {0, 0, 1}};
	m->worn[1] = (struct memory_worn){PLACEMENT_THIGH_LEFT, "9-left", {0, 1, 0}, {0.6, 0, 0.8}};
	m->n_decisions = 1;
	m->decision[0] = (struct memory_decision){.t_us = 6900000,
		.kind = DECISION_OVERRIDE,
		.by = "kim",
		.reason = "seen it",
		.subject = "r1-p2",
		.was = POP_CLASS_RED_FLAG,
		.now = POP_CLASS_BENIGN,
		.severity = 3};
	return m;
}

static void assert_open_pop_equal(const struct memory_open_pop *a, const struct memory_open_pop *b)
{
	const struct pop_result *p = &a->result, *q = &b->result;

	assert_int_equal(p->site, q->site);
	assert_int_equal(p->class, q->class);
	assert_int_equal(p->pattern, q->pattern);
	assert_true(a->is_answered == b->is_answered && a->is_final == b->is_final);
	assert_true(isnan(p->elevation_deg) && p->hip_flexion_deg == q->hip_flexion_deg);
	assert_true(p->form_total == q->form_total && p->form[1] == q->form[1]);
	assert_memory_equal(&p->confidence, &q->confidence, sizeof(p->confidence));
	assert_true(p->levels_db[PLACEMENT_HIP_LEFT] == q->levels_db[PLACEMENT_HIP_LEFT]);
	assert_int_equal(p->n_cues, q->n_cues);
	assert_int_equal(p->cues[0].code, q->cues[0].code);
	assert_true(p->cues[0].argument == q->cues[0].argument);
	assert_int_equal(p->n_symptoms, q->n_symptoms);
	assert_string_equal(p->symptoms[0], q->symptoms[0]);
	assert_string_equal(p->override_by, q->override_by);
	assert_string_equal(p->override_reason, q->override_reason);
}

static void a_memory_survives(void **state)
{
	struct wall_clock clock = {0};
	struct athlete_memory *m = some_memory(), *back = new0(struct athlete_memory);
	char *text, *again;

	wall_clock_set(&clock, 1000000, INT64_C(1795368600000000));
	text = history_athlete_write(m, &clock);
	assert_int_equal(history_athlete_read(text, strlen(text), &clock, back), 0);
	again = history_athlete_write(back, &clock);
	assert_string_equal(text, again);
	assert_int_equal(back->n_pops, MEMORY_POPS_MAX);
	assert_true(isnan(back->pop[0].elevation_deg));
	assert_true(back->pop[3].level_db == m->pop[3].level_db);
	assert_int_equal(back->pop[2].side, SIDE_RIGHT);
	assert_int_equal(back->pop[SIDE_COUNT].side, SIDE_COUNT);
	assert_int_equal(back->symptom[0].t_us, 7000000);
	assert_int_equal(back->symptom[0].intensity, -1);
	assert_int_equal(back->alert[0].reasons, m->alert[0].reasons);
	assert_string_equal(back->alert[0].pops[1], "r1-p2");
	assert_open_pop_equal(&back->open_pop[0], &m->open_pop[0]);
	assert_int_equal(back->tally.pops[POP_CLASS_RED_FLAG], 1);
	assert_true(back->tally.range_sum_deg == 420.5);
	assert_int_equal(back->ladder.faults, 5);
	assert_int_equal(back->decision[0].t_us, 6900000);
	assert_int_equal(back->decision[0].kind, DECISION_OVERRIDE);
	assert_string_equal(back->decision[0].reason, "seen it");
	assert_int_equal(back->decision[0].now, POP_CLASS_BENIGN);
	assert_int_equal(back->session_red_flags, 1);
	assert_int_equal(back->n_worn, 2);
	assert_int_equal(back->worn[1].placement, PLACEMENT_THIGH_LEFT);
	assert_string_equal(back->worn[1].wearable, "9-left");
	assert_true(back->worn[1].axis.y == 1 && back->worn[1].resting.z == 0.8);
	free(text);
	free(again);
	free(m);
	free(back);
}

/* The monotonic clock restarts at a reboot: earlier instants become negative. */
static void instants_survive_a_reboot(void **state)
{
	struct wall_clock before = {0}, after = {0};
	struct athlete_memory *m = some_memory(), *back = new0(struct athlete_memory);
	char *text;

	wall_clock_set(&before, 1000000, INT64_C(1795368600000000));
	wall_clock_set(&after, 500000, INT64_C(1795368660000000)); /* 60 s later by the wall */
	text = history_athlete_write(m, &before);
	assert_int_equal(history_athlete_read(text, strlen(text), &after, back), 0);
	assert_int_equal(back->symptom[0].t_us, 500000 + (7000000 - 1000000) - 60000000);
	assert_int_equal(back->since_us, 500000 + (5000000 - 1000000) - 60000000);
	free(text);
	free(m);
	free(back);
}

static void unknown_members_are_ignored(void **state)
{
	static const char text[] =
		"{\"athlete_memory\":1,\"athlete\":\"bea\",\"later\":{\"a\":[1]},\"exercise\":"
		"\"none\","
		"\"symptoms\":[{\"code\":\"sharp\",\"site\":\"hip\",\"side\":\"left\"},"
		"{\"code\":\"itching\",\"site\":\"hip\",\"side\":\"left\"},7,"
		"{\"code\":\"numb\",\"site\":\"leg\",\"side\":\"unknown\",\"intensity\":99}],"
		"\"open_pops\":\"none\"}";
	struct wall_clock clock = {0};
	struct athlete_memory *m = new0(struct athlete_memory);

	assert_int_equal(history_athlete_read(text, strlen(text), &clock, m), 0);
	assert_int_equal(m->n_symptoms, 2);
	assert_int_equal(m->symptom[0].code, SYMPTOM_SHARP);
	assert_int_equal(m->symptom[1].code, SYMPTOM_NUMB);
	assert_int_equal(m->symptom[1].intensity, -1);
	assert_int_equal(m->n_open_pops, 0);
	free(m);
}

/* As stored before pops were kept whole: one level, no form, no confidence. */
static void older_texts_are_read(void **state)
{
	static const char text[] =
		"{\"athlete_memory\":1,\"athlete\":\"bea\",\"sessions\":4,\"benign_pops\":12,"
		"\"reps\":80,\"in_session\":true,\"kit\":\"9\",\"exercise\":\"hang\","
		"\"since_us\":5,\"session_benign_pops\":1,\"session_reps\":7,"
		"\"session_red_flags\":1,\"pops\":[{\"session\":2,\"site\":\"hip-left\","
		"\"phase\":\"lower\",\"elevation_deg\":37.5,\"level_db\":-18.5}],"
		"\"open_pops\":[{\"id\":\"r1-p4\",\"kit\":\"9\",\"rev\":2,\"session\":5,"
		"\"time_us\":7,\"time_uncertainty_ms\":3.1,\"site\":\"low-back\","
		"\"class\":\"red_flag\",\"severity\":3,\"phase\":\"lower\",\"side\":\"left\","
		"\"rep\":6,\"elevation_deg\":41,\"level_db\":-17,\"reasons\":[\"PAIN_SHARP\"]}],"
		"\"sparc\":[-1.5,-1.625]}";
	struct wall_clock clock = {0};
	struct athlete_memory *m = new0(struct athlete_memory);
	const struct pop_result *r = &m->open_pop[0].result;

	assert_int_equal(history_athlete_read(text, strlen(text), &clock, m), 0);
	assert_int_equal(m->sessions, 4);
	assert_int_equal(m->idle_sessions, 0);
	assert_int_equal(m->n_pops, 1);
	assert_int_equal(m->n_sparc, 2);
	assert_int_equal(m->n_open_pops, 1);
	assert_string_equal(r->id, "r1-p4");
	assert_int_equal(r->rev, 2);
	assert_int_equal(r->t_pop_us, 7);
	assert_true(r->levels_db[PLACEMENT_LOW_BACK] == -17 && isnan(r->levels_db[0]));
	assert_true(isnan(r->confidence.total) && isnan(r->form_total));
	assert_int_equal(r->pattern, PATTERN_UNSPECIFIED);
	assert_int_equal(r->n_cues, 0);
	assert_false(m->open_pop[0].is_final);
	assert_int_equal(m->n_decisions, 0);
	assert_int_equal(m->n_worn, 0);
	free(m);
}

static void every_prefix_is_refused(void **state)
{
	struct wall_clock clock = {0};
	struct athlete_memory *m = some_memory();
	struct kit_calibration c = some_calibration();
	char *memory = history_athlete_write(m, &clock),
	     *calibration = history_write_calibration(&c);

	for (size_t n = 0; n < strlen(memory); n += 7)
		assert_int_equal(history_athlete_read(memory, n, &clock, m), -22);
	for (size_t n = 0; n < strlen(calibration); n++)
		assert_int_equal(history_read_calibration(calibration, n, &c), -22);
	free(memory);
	free(calibration);
	free(m);
}

/* Earlier versions took a name that a broker hangs up on. */
static void texts_that_no_broker_takes_are_left_out(void **state)
{
	static const char bad_name[] =
		"{\"athlete_memory\":1,\"athlete\":\"Zo\\u0085e\",\"exercise\":\"none\"}";
	static const char bad_level[] =
		"{\"athlete_memory\":1,\"athlete\":\"a/b\",\"exercise\":\"none\"}";
	static const char text[] =
		"{\"athlete_memory\":1,\"athlete\":\"ana\",\"exercise\":\"none\",\"alerts\":[{\"alert\":\"r1-a1\","
		"\"state\":\"raised\",\"athlete\":\"Zo\\u0085e\",\"kit\":\"9\","
		"\"class\":\"red_flag\",\"severity\":3,\"by\":\"t\\u009fom\"}]}";
	struct wall_clock clock = {0};
	struct athlete_memory *m = new0(struct athlete_memory);

	assert_int_equal(history_athlete_read(bad_name, strlen(bad_name), &clock, m), -22);
	assert_int_equal(history_athlete_read(bad_level, strlen(bad_level), &clock, m), -22);
	assert_int_equal(history_athlete_read(text, strlen(text), &clock, m), 0);
	assert_int_equal(m->n_alerts, 1);
	assert_string_equal(m->alert[0].athlete, "ana");
	assert_string_equal(m->alert[0].by, "");
	free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_calibration_survives_exactly),
		cmocka_unit_test(an_assumed_axis_survives_as_that),
		cmocka_unit_test(a_kit_without_a_pelvis_sensor_keeps_its_calibration),
		cmocka_unit_test(an_impossible_calibration_is_refused),
		cmocka_unit_test(a_memory_survives),
		cmocka_unit_test(instants_survive_a_reboot),
		cmocka_unit_test(unknown_members_are_ignored),
		cmocka_unit_test(older_texts_are_read),
		cmocka_unit_test(every_prefix_is_refused),
		cmocka_unit_test(texts_that_no_broker_takes_are_left_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
