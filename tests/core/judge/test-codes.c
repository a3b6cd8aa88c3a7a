// SPDX-License-Identifier: MIT
/* Every code and every cue can be reached: scenes on the rig and the codes each gives. A code
 * without a scene fails the test, so that a new code comes with its scene.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "tests/core/judge/rig.h"

static const struct rig_rep quiet = {.pop_deg = NAN, .pop_tilt_deg = NAN, .tilt_deg = 1};
static const struct rig_rep base = {.pop_deg = 38, .pop_tilt_deg = 1, .tilt_deg = 1};

/* A pop with the given features while lowering. */
static void pop(struct rig *rig, unsigned wearable, const struct pop_features *features)
{
	rig->body[0].phase = PHASE_LOWER;
	rig_run(rig, 1);
	rig_pop(rig, 0, wearable, 0, features);
	rig_run(rig, 2);
}

static void sharp(struct rig *rig)
{
	pop(rig, RIG_HIP_RIGHT, NULL);
	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	rig_run(rig, 10);
	pop(rig, RIG_HIP_RIGHT, NULL);
}

static void radiating(struct rig *rig)
{
	struct rig_rep rep = base;

	rep.pop_in_raise = true;
	rep.pop_deg = 55;
	rig_rep(rig, 0, &rep);
	rig_press(rig, 0, SYMPTOM_RADIATING, BODY_SITE_LEG, -1);
}

static void discomfort(struct rig *rig)
{
	pop(rig, RIG_HIP_RIGHT, NULL);
	rig_press(rig, 0, SYMPTOM_DISCOMFORT, BODY_SITE_HIP, 2);
	rig_run(rig, 5);
	rig_press(rig, 0, SYMPTOM_DISCOMFORT, BODY_SITE_HIP, 4);
}

static void mechanical(struct rig *rig)
{
	pop(rig, RIG_HIP_RIGHT, NULL);
	rig_press(rig, 0, SYMPTOM_CATCHING, BODY_SITE_HIP, -1);
	rig_press(rig, 0, SYMPTOM_LOCKING, BODY_SITE_HIP, -1);
	rig_press(rig, 0, SYMPTOM_GIVING_WAY, BODY_SITE_HIP, -1);
}

static void elsewhere(struct rig *rig)
{
	pop(rig, RIG_HIP_RIGHT, NULL);
	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_OTHER, 5);
	rig_run(rig, 125);
}

static void caught_twice(struct rig *rig)
{
	struct rig_rep rep = base;

	rep.arrest = true;
	rig_rep(rig, 0, &quiet);
	rig_rep(rig, 0, &rep);
	rig_rep(rig, 0, &rep);
}

static void locked(struct rig *rig)
{
	struct rig_body *b = &rig->body[0];

	b->phase = PHASE_LOWER;
	b->side = SIDE_BOTH;
	b->elevation_deg[LEG_LEFT] = b->elevation_deg[LEG_RIGHT] = 38;
	b->speed_deg_s[LEG_LEFT] = b->speed_deg_s[LEG_RIGHT] = -30;
	rig_run(rig, 1);
	rig_pop(rig, 0, RIG_HIP_RIGHT, 0, NULL);
	rig_run(rig, 0.03);
	b->speed_deg_s[LEG_LEFT] = b->speed_deg_s[LEG_RIGHT] = 0;
	rig_run(rig, 3);
}

static void gave_way_twice(struct rig *rig)
{
	struct rig_rep rep = base;

	rep.surge = true;
	rep.pop_deg = 60;
	rig_rep(rig, 0, &rep);
	rig_rep(rig, 0, &rep);
}

static void more_and_louder(struct rig *rig)
{
	struct pop_features f = rig_base_pop;

	for (unsigned i = 0; i < 20; i++) {
		struct rig_rep rep = i < 10 && i % 4 != 1 ? quiet : base;

		f.peak_dbfs = (float)(-24 + 9.0 * i / 19);
		f.background_dbfs = f.peak_dbfs - 24;
		rep.features = &f;
		rig_rep(rig, 0, &rep);
	}
}

static void unlike_earlier_sessions(struct rig *rig)
{
	struct pop_features loud = rig_base_pop;
	struct rig_rep rep = base;

	rig->memory.sessions = 3;
	rig->memory.reps = rig->memory.benign_pops = 30;
	rig->memory.n_pops = 12;
	for (unsigned i = 0; i < 12; i++)
		rig->memory.pop[i] = (struct memory_pop){
			i / 4 + 1, PLACEMENT_HIP_RIGHT, PHASE_LOWER, 38, -20, SIDE_RIGHT};
	rig_restart(rig);
	loud.peak_dbfs = -8;
	loud.background_dbfs = -40;
	rep.features = &loud;
	rep.pop_deg = 62;
	rig_rep(rig, 0, &rep);
	rep = base;
	rep.wearable = RIG_HIP_LEFT;
	rep.pop_in_raise = true;
	rig_rep(rig, 0, &rep);
}

static const struct rig_rep arched = {.pop_deg = 15,
	.wearable = RIG_LOW_BACK,
	.tilt_deg = 1,
	.pop_tilt_deg = 10,
	.pop_tilt_rate_deg_s = 20,
	.theta_loss_deg = 40};

/* Up the whole ladder, and one live cue. */
static void arched_on_and_on(struct rig *rig)
{
	for (unsigned i = 0; i < 7; i++)
		rig_rep(rig, 0, &arched);
	judge_limit(rig->judge, rig->now_us, 0, &(struct posture_frame){.tilt_deg = 9});
}

static void dropped(struct rig *rig)
{
	struct rig_rep rep = base;

	for (unsigned i = 0; i < 5; i++)
		rig_rep(rig, 0, &quiet);
	rep.lower_deg_s = 110;
	rep.sparc = -2.2;
	rep.asymmetry_deg = 14;
	rep.pop_deg = 50;
	rig_rep(rig, 0, &rep);
}

static void not_flat_before(struct rig *rig)
{
	struct rig_rep rep = arched;

	rep.tilt_deg = 3;
	rig_rep(rig, 0, &rep);
}

static void as_ever(struct rig *rig)
{
	rig->analysis.hint_repeats = 1;
	for (unsigned i = 0; i < 5; i++)
		rig_rep(rig, 0, &base);
	rig_run(rig, 2);
}

static void lone_crack(struct rig *rig)
{
	struct pop_features f = rig_base_pop;

	f.sub_pulses = 3;
	pop(rig, RIG_LOW_BACK, &f);
}

static void standing(struct rig *rig)
{
	rig->body[0].phase = PHASE_OTHER;
	rig_run(rig, 1);
	rig_pop(rig, 0, RIG_HIP_RIGHT, 0, NULL);
	rig_run(rig, 2);
}

static void turned_back(struct rig *rig)
{
	struct posture_rep rep = {.result = {.rep = 1, .side = SIDE_BOTH}};

	rep.is_early_reversal = true;
	rep.result.t_start_us = rig->now_us;
	pop(rig, RIG_HIP_RIGHT, NULL);
	rep.result.t_end_us = rig->now_us;
	judge_rep(rig->judge, rig->now_us, 0, &rep);
	rig_run(rig, 31);
}

static void creaking(struct rig *rig)
{
	rig->body[0].phase = PHASE_LOWER;
	rig_run(rig, 1);
	for (unsigned i = 0; i < 3; i++)
		rig_pop(rig, 0, RIG_HIP_RIGHT, 0.3 * i, NULL);
	rig_run(rig, 3);
}

static void sensors_missing(struct rig *rig)
{
	struct rig_body *b = &rig->body[0];

	b->quality = CODE_BIT(PELVIS_SENSOR_MISSING) | CODE_BIT(LUMBAR_PROXY_USED);
	b->tilt_deg = NAN;
	b->elevation_deg[LEG_LEFT] = b->elevation_deg[LEG_RIGHT] = NAN;
	pop(rig, RIG_HIP_RIGHT, NULL);
}

static void calibration_lost(struct rig *rig)
{
	rig->body[0].quality = CODE_BIT(UNCALIBRATED) | CODE_BIT(SENSOR_SHIFT);
	judge_calibration(rig->judge, rig->now_us, 0, &(struct kit_calibration){0});
	pop(rig, RIG_HIP_RIGHT, NULL);
}

static void faulty_sensor(struct rig *rig)
{
	rig->body[0].quality = CODE_BIT(SENSOR_FAULTY);
	pop(rig, RIG_HIP_RIGHT, NULL);
}

static void unsure_clocks(struct rig *rig)
{
	struct record r = {.kind = RECORD_POP, .wearable = RIG_HIP_RIGHT, .t_unc_us = 1000};

	rig->body[0].phase = PHASE_LOWER;
	rig_run(rig, 1);
	rig_pop_uncertain(rig, 0, 0, 180);
	rig_run(rig, 2);
	r.t_us = rig->now_us;
	r.clock_stepped = true;
	r.pop.features = rig_base_pop;
	judge_record(rig->judge, rig->now_us, &r);
	rig_run(rig, 2);
	/* A pop from before the first frame. */
	r.t_us = rig->now_us - 200 * US_PER_S;
	judge_record(rig->judge, rig->now_us, &r);
	rig_run(rig, 2);
}

static void unsure_sensors(struct rig *rig)
{
	struct pop_features f = rig_base_pop;

	f.contact_air_db = NAN;
	f.clipped = true;
	rig->body[0].phase = PHASE_LOWER;
	rig_run(rig, 1);
	rig_pop(rig, 0, RIG_HIP_RIGHT, 0, &f);
	rig_pop(rig, 0, RIG_LOW_BACK, 0.001, &f);
	rig_run(rig, 2);
	rig->body[0].side = SIDE_LEFT;
	for (unsigned i = 0; i < RIG_PER_KIT; i++)
		judge_wearable_state(
			rig->judge, rig->now_us, i, WEARABLE_STATE_SILENT, STREAM_SYMPTOM);
	judge_wearable_state(
		rig->judge, rig->now_us, RIG_ROOM, WEARABLE_STATE_SILENT, STREAM_SYMPTOM);
	judge_wearable_state(rig->judge, rig->now_us, RIG_HIP_LEFT, WEARABLE_STATE_SILENT,
		STREAM_SYMPTOM | STREAM_POP);
	pop(rig, RIG_HIP_RIGHT, NULL);
}

static void noises(struct rig *rig)
{
	struct pop_features tap = rig_base_pop, speech = rig_base_pop, air = rig_base_pop,
			    rub = rig_base_pop, faint = rig_base_pop;

	tap.knock_g = 1.8f;
	pop(rig, RIG_HIP_RIGHT, &tap);
	speech.t10_ms = 255;
	speech.kurtosis = 3;
	pop(rig, RIG_HIP_RIGHT, &speech);
	air.contact_air_db = 3;
	pop(rig, RIG_HIP_RIGHT, &air);
	rub.t10_ms = 180;
	pop(rig, RIG_HIP_RIGHT, &rub);
	faint.background_dbfs = -30;
	pop(rig, RIG_HIP_RIGHT, &faint);
	rig_room(rig, 0, -8);
	rig_pop(rig, 0, RIG_HIP_RIGHT, 0.005, NULL);
	rig_run(rig, 2);
}

static void heel(struct rig *rig)
{
	rig->body[0].phase = PHASE_BOTTOM;
	rig->body[0].knock_g[PLACEMENT_THIGH_LEFT] = 0.9;
	rig_run(rig, 1);
	rig_pop(rig, 0, RIG_HIP_RIGHT, 0, NULL);
	rig_run(rig, 2);
}

static void strap(struct rig *rig)
{
	rig_run(rig, 1);
	rig_pop(rig, 0, RIG_HIP_RIGHT, 0.1, NULL);
	rig_run(rig, 0.15);
	rig->body[0].quality = CODE_BIT(SENSOR_SHIFT);
	rig_run(rig, 3);
}

static void tired(struct rig *rig)
{
	struct rig_rep rep = quiet;

	for (unsigned i = 0; i < 6; i++) {
		rep.lower_deg_s = i < 3 ? 30 : 60;
		rig_rep(rig, 0, &rep);
	}
	judge_command_end_session(rig->judge, rig->now_us, 0, NULL);
}

#define C(id) CODE_BIT(id)
static const struct scene {
	const char *name;
	void (*play)(struct rig *rig);
	uint64_t codes;
} scenes[] = {
	{"sharp", sharp,
		C(PAIN_SHARP) | C(PAIN_AFTER_POP) | C(PAIN_BEFORE_POP) | C(SYMPTOM_OPEN) |
			C(FIRST_SEEN) | C(PATTERN_UNSPECIFIED)},
	{"radiating", radiating, C(PAIN_RADIATING) | C(SLR_RANGE)},
	{"discomfort", discomfort, C(DISCOMFORT_NEW) | C(DISCOMFORT_INCREASING)},
	{"mechanical", mechanical, C(MECH_CATCHING) | C(MECH_LOCKING) | C(MECH_GIVING_WAY)},
	{"elsewhere", elsewhere, C(SYMPTOM_OTHER_REGION)},
	{"caught twice", caught_twice, C(KIN_CATCH) | C(KIN_CATCH_REPEAT)},
	{"locked", locked, C(KIN_LOCK)},
	{"gave way twice", gave_way_twice, C(KIN_GIVING_WAY) | C(KIN_GIVING_WAY_REPEAT)},
	{"more and louder", more_and_louder, C(TREND_RATE) | C(TREND_LOUDNESS)},
	{"unlike earlier sessions", unlike_earlier_sessions,
		C(BASELINE_ANGLE_SHIFT) | C(BASELINE_LOUDER) | C(BASELINE_NEW_SITE) |
			C(BASELINE_NEW_PHASE)},
	{"arched on and on", arched_on_and_on,
		C(ANTERIOR_TILT) | C(ARCHING_NOW) | C(RANGE_BEYOND_CONTROL) | C(FORM_PERSISTENT)},
	{"dropped", dropped, C(LOWERING_TOO_FAST) | C(NOT_SMOOTH) | C(ASYMMETRY)},
	{"not flat before", not_flat_before, C(NO_PRESET_TILT)},
	{"as ever", as_ever, C(CONSISTENT) | C(PATTERN_TENDON_SNAP_LIKE)},
	{"lone crack", lone_crack, C(PATTERN_CAVITATION_LIKE)},
	{"creaking", creaking, C(PATTERN_CREPITUS)},
	{"standing", standing, C(NOT_EXERCISING)},
	{"turned back", turned_back, C(EARLY_REVERSAL)},
	{"sensors missing", sensors_missing,
		C(PELVIS_SENSOR_MISSING) | C(THIGH_SENSOR_MISSING) | C(LUMBAR_PROXY_USED)},
	{"calibration lost", calibration_lost, C(UNCALIBRATED) | C(SENSOR_SHIFT)},
	{"unsure clocks", unsure_clocks, C(CLOCK_UNSYNC) | C(CLOCK_STEP) | C(LATE_DATA)},
	{"unsure sensors", unsure_sensors,
		C(NO_AMBIENT_MIC) | C(SITE_AMBIGUOUS) | C(ATHLETE_AMBIGUOUS) |
			C(SYMPTOM_CHANNEL_DOWN) | C(RANGE_CLIPPED)},
	{"faulty sensor", faulty_sensor, C(SENSOR_FAULTY)},
	{"noises", noises,
		C(ENVIRONMENT_IMPACT) | C(SENSOR_TAP) | C(SPEECH_MUSIC) | C(AIRBORNE) |
			C(FRICTION_RUB) | C(LOW_EVIDENCE)},
	{"heel", heel, C(FOOT_CONTACT)},
	{"strap", strap, C(SENSOR_LOOSE)},
	{"tired", tired, C(FATIGUE)},
};

static void codes_and_cues_of(const struct rig *rig, uint64_t *codes, uint32_t *cues)
{
	for (unsigned i = 0; i < rig->n; i++) {
		const struct rig_event *e = &rig->event[i];

		if (e->kind == RESULT_POP)
			*codes |= e->pop.reasons;
		else if (e->kind == RESULT_SUMMARY)
			*codes |= e->summary.trends;
		else if (e->kind == RESULT_CUE)
			*cues |= 1u << e->cue.cue.code;
		for (unsigned k = 0; e->kind == RESULT_POP && k < e->pop.n_cues; k++)
			*cues |= 1u << e->pop.cues[k].code;
	}
}

static void every_code_and_cue_has_a_scene(void **state)
{
	uint64_t all = 0;
	uint32_t cues = 1u << CUE_NONE;

	for (unsigned i = 0; i < ARRAY_LEN(scenes); i++) {
		struct rig *rig = new0(struct rig);
		uint64_t seen = 0;

		rig_begin(rig, NULL);
		scenes[i].play(rig);
		codes_and_cues_of(rig, &seen, &cues);
		for (unsigned c = 0; c < CODE_COUNT; c++)
			if (scenes[i].codes & ~seen & UINT64_C(1) << c)
				fail_msg("%s: no %s", scenes[i].name, code_to_string((enum code)c));
		all |= scenes[i].codes;
		rig_end(rig);
		free(rig);
	}
	for (unsigned c = 0; c < CODE_COUNT; c++)
		if (!(all & UINT64_C(1) << c))
			fail_msg("no scene gives %s", code_to_string((enum code)c));
	for (unsigned c = 0; c < CUE_COUNT; c++)
		if (!(cues & 1u << c))
			fail_msg("no scene gives the cue %s", cue_code_to_string((enum cue_code)c));
}

/* As listed in decision-model.md 7.11 and 7.3. */
static void all_published_codes_exist(void **state)
{
	static const char *const names[] = {"PAIN_SHARP", "PAIN_RADIATING", "SLR_RANGE",
		"DISCOMFORT_NEW", "DISCOMFORT_INCREASING", "MECH_CATCHING", "MECH_LOCKING",
		"MECH_GIVING_WAY", "PAIN_BEFORE_POP", "PAIN_AFTER_POP", "SYMPTOM_OPEN",
		"SYMPTOM_OTHER_REGION", "KIN_CATCH", "KIN_LOCK", "KIN_CATCH_REPEAT",
		"KIN_GIVING_WAY", "KIN_GIVING_WAY_REPEAT", "TREND_RATE", "TREND_LOUDNESS",
		"BASELINE_ANGLE_SHIFT", "BASELINE_LOUDER", "BASELINE_NEW_SITE",
		"BASELINE_NEW_PHASE", "ANTERIOR_TILT", "ARCHING_NOW", "RANGE_BEYOND_CONTROL",
		"LOWERING_TOO_FAST", "NOT_SMOOTH", "ASYMMETRY", "NO_PRESET_TILT", "FORM_PERSISTENT",
		"CONSISTENT", "FIRST_SEEN", "NOT_EXERCISING", "EARLY_REVERSAL",
		"PATTERN_TENDON_SNAP_LIKE", "PATTERN_CAVITATION_LIKE", "PATTERN_UNSPECIFIED",
		"PATTERN_CREPITUS", "PELVIS_SENSOR_MISSING", "THIGH_SENSOR_MISSING",
		"LUMBAR_PROXY_USED", "UNCALIBRATED", "SENSOR_SHIFT", "SENSOR_LOOSE", "CLOCK_UNSYNC",
		"CLOCK_STEP", "SENSOR_FAULTY", "LATE_DATA", "NO_AMBIENT_MIC", "SITE_AMBIGUOUS",
		"ATHLETE_AMBIGUOUS", "SYMPTOM_CHANNEL_DOWN", "ENVIRONMENT_IMPACT", "FOOT_CONTACT",
		"SENSOR_TAP", "SPEECH_MUSIC", "AIRBORNE", "FRICTION_RUB", "LOW_EVIDENCE"};

	for (unsigned i = 0; i < ARRAY_LEN(names); i++) {
		unsigned c = 0;

		while (c < CODE_COUNT && strcmp(code_to_string((enum code)c), names[i]) != 0)
			c++;
		if (c == CODE_COUNT)
			fail_msg("no code %s", names[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_and_cue_has_a_scene),
		cmocka_unit_test(all_published_codes_exist),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
