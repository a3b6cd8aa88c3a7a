// SPDX-License-Identifier: MIT
/* Many short random sequences of events around a red flag: pops, symptoms and the answer "none",
 * repetitions, lost links, reboots, sessions that end and begin, restarts from memory, and people's
 * commands. The rig fails if a revision lowers a red flag or its severity without a person; this
 * test checks that none is missed either. COXAD_TEST_SEQUENCES sets how many to play,
 * COXAD_TEST_SEED repeats one.
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

#define SEQUENCES 10000
#define STEPS_MAX 14
#define COARSE_US 200000
#define CERTAIN_US                                                                                 \
	(25 * US_PER_S) /* after a pop: within the window of each symptom pressed here  \
				    */

struct play {
	struct rig *rig;
	uint64_t dice;
	unsigned reds, restarts, by_person;
	int64_t session_us; /* when the last session began or ended */
};

static unsigned roll(struct play *p, unsigned n)
{
	p->dice ^= p->dice << 13;
	p->dice ^= p->dice >> 7;
	p->dice ^= p->dice << 17;
	return (unsigned)(p->dice >> 33) % n;
}

static unsigned newest_pops(const struct rig *rig, const struct pop_result **ret, unsigned max)
{
	unsigned n = 0;

	for (unsigned i = rig->n; i-- > 0 && n < max;) {
		bool is_known = rig->event[i].kind != RESULT_POP;

		for (unsigned k = 0; k < n && !is_known; k++)
			is_known = strcmp(ret[k]->id, rig->event[i].pop.id) == 0;
		if (!is_known)
			ret[n++] = &rig->event[i].pop;
	}
	return n;
}

static void do_pop(struct play *p)
{
	struct pop_features f = rig_base_pop;

	if (p->rig->n_queue > RIG_QUEUE - 4)
		return;
	f.peak_dbfs = -(float)(10 + roll(p, 25));
	f.background_dbfs = f.peak_dbfs - 24;
	f.t10_ms = roll(p, 8) ? 8 : 200;
	f.knock_g = roll(p, 8) ? 0.02f : 1;
	rig_pop(p->rig, roll(p, 8) ? 0 : 1, RIG_HIP_RIGHT + roll(p, 3),
		(double)roll(p, 1000) / 1000 - (roll(p, 10) ? 0 : 10), &f);
	rig_run(p->rig, 2.2);
}

static bool is_real(const struct pop_result *pop)
{
	return pop->class == POP_CLASS_BENIGN || pop->class == POP_CLASS_FORM_FAULT ||
	       pop->class == POP_CLASS_REVIEW || pop->class == POP_CLASS_RED_FLAG;
}

/* Every pop of the session in the symptom's window is red by now. */
static void none_is_missed(const struct play *p)
{
	const struct pop_result *pop[RIG_QUEUE];
	unsigned n = newest_pops(p->rig, pop, RIG_QUEUE);

	for (unsigned i = 0; i < n; i++)
		if (is_real(pop[i]) && strcmp(pop[i]->athlete, "ana") == 0 &&
			!pop[i]->override_by[0] && pop[i]->t_pop_us > p->session_us &&
			pop[i]->t_pop_us <= p->rig->now_us &&
			p->rig->now_us - pop[i]->t_pop_us < CERTAIN_US)
			assert_int_equal(pop[i]->class, POP_CLASS_RED_FLAG);
}

static void do_symptom(struct play *p)
{
	static const enum symptom_code grave[] = {SYMPTOM_SHARP, SYMPTOM_SHOOTING, SYMPTOM_STINGING,
		SYMPTOM_RADIATING, SYMPTOM_NUMB, SYMPTOM_CATCHING, SYMPTOM_LOCKING,
		SYMPTOM_GIVING_WAY};
	struct symptom_report report = {.code = grave[roll(p, ARRAY_LEN(grave))],
		.site = (enum body_site)roll(p, BODY_SITE_OTHER),
		.intensity = (int)roll(p, 12) - 1};
	const char *athlete = judge_athlete(p->rig->judge, 0);

	if (roll(p, 2))
		rig_press(p->rig, 0, report.code, report.site, report.intensity);
	else
		judge_command_report_symptom(
			p->rig->judge, p->rig->now_us, "ana", &report, "trainer");
	if (athlete && strcmp(athlete, "ana") == 0)
		none_is_missed(p);
}

static void do_answer(struct play *p)
{
	static const enum symptom_code mild[] = {
		SYMPTOM_NONE, SYMPTOM_NONE, SYMPTOM_DISCOMFORT, SYMPTOM_CALL_TRAINER};

	rig_press(p->rig, 0, mild[roll(p, ARRAY_LEN(mild))],
		(enum body_site)roll(p, BODY_SITE_COUNT), (int)roll(p, 12) - 1);
}

static void do_body(struct play *p)
{
	struct rig_body *b = &p->rig->body[0];

	b->phase = (enum phase)roll(p, PHASE_COUNT);
	b->side = (enum side)roll(p, SIDE_COUNT);
	b->tilt_deg = roll(p, 5) ? (double)roll(p, 14) : NAN;
	b->elevation_deg[LEG_LEFT] = b->elevation_deg[LEG_RIGHT] = roll(p, 80);
	b->speed_deg_s[LEG_LEFT] = b->speed_deg_s[LEG_RIGHT] = (double)roll(p, 240) - 120;
	b->quality = roll(p, 6) ? 0 : CODE_BIT(SENSOR_SHIFT);
	b->is_silent = !roll(p, 8);
}

static void do_rep(struct play *p)
{
	struct posture_rep rep_in = {.preset_tilt_deg = 1, .turn_low_deg = 0, .turn_high_deg = 75};

	rep_in.result = (struct rep_result){
		.side = SIDE_BOTH,
		.rep = ++p->rig->body[0].rep,
		.range_deg = 75,
		.raise_ms = 2000,
		.top_ms = 500,
		.lower_ms = 3000,
		.t_start_us = p->rig->now_us - 6 * US_PER_S,
		.t_end_us = p->rig->now_us - US_PER_S / 2,
		.theta_loss_deg = roll(p, 2) ? 35 : NAN,
		.control_angle_deg = 40,
		.sparc = -1.5 - roll(p, 10) / 10.0,
	};
	judge_rep(p->rig->judge, p->rig->now_us, 0, &rep_in);
}

static void do_link(struct play *p)
{
	judge_wearable_state(p->rig->judge, p->rig->now_us, roll(p, RIG_PER_KIT),
		(enum wearable_state)roll(p, WEARABLE_STATE_COUNT),
		STREAM_MOTION | STREAM_POP | STREAM_SYMPTOM);
}

static void do_session(struct play *p)
{
	static const char *const athletes[] = {"ana", "ana", "ben", "dan"};

	if (roll(p, 2))
		judge_command_end_session(p->rig->judge, p->rig->now_us, 0, NULL);
	else
		judge_command_start_session(p->rig->judge, p->rig->now_us, 0, athletes[roll(p, 4)],
			(enum exercise)(1 + roll(p, EXERCISE_COUNT - 1)));
	p->session_us = p->rig->now_us;
}

static void do_restart(struct play *p)
{
	if (!p->rig->remembered)
		return;
	rig_restart(p->rig);
	p->restarts++;
}

/* An acknowledgement lowers nothing; only an override may. */
static void do_person(struct play *p)
{
	const struct rig_event *alert = rig_newest(p->rig, RESULT_ALERT);
	const struct pop_result *pop[8];
	unsigned n = newest_pops(p->rig, pop, ARRAY_LEN(pop));
	char id[ID_SIZE];

	switch (roll(p, 3)) {
	case 0:
		judge_command_clear_symptoms(p->rig->judge, p->rig->now_us, "ana", "kim");
		return;
	case 1:
		if (!alert)
			return;
		memcpy(id, alert->alert.alert, sizeof(id));
		judge_command_acknowledge(p->rig->judge, p->rig->now_us, id, "kim");
		return;
	default:
		if (!n)
			return;
		memcpy(id, pop[roll(p, n)]->id, sizeof(id));
		p->rig->person_is_acting = true;
		rig_override(p->rig, id, (enum pop_class)roll(p, POP_CLASS_COUNT), "kim",
			"looked at it");
		p->rig->person_is_acting = false;
		p->by_person++;
	}
}

static void play_sequence(struct play *p)
{
	static void (*const step[])(struct play *) = {do_pop, do_pop, do_pop, do_pop, do_symptom,
		do_symptom, do_answer, do_answer, do_body, do_rep, do_link, do_session, do_restart,
		do_person};
	unsigned steps = 5 + roll(p, STEPS_MAX - 5);

	for (unsigned i = 0; i < steps; i++) {
		step[roll(p, ARRAY_LEN(step))](p);
		rig_run(p->rig, roll(p, 6) ? roll(p, 40) / 10.0 : roll(p, 130));
	}
	judge_finish(p->rig->judge, p->rig->now_us, false);
	for (unsigned i = 0; i < p->rig->n; i++)
		p->reds += p->rig->event[i].kind == RESULT_POP &&
			   p->rig->event[i].pop.class == POP_CLASS_RED_FLAG;
}

static void no_red_flag_is_lowered_or_missed(void **state)
{
	const char *text = getenv("COXAD_TEST_SEQUENCES"), *first = getenv("COXAD_TEST_SEED");
	uint64_t n = text ? strtoull(text, NULL, 0) : SEQUENCES;
	uint64_t seed = first ? strtoull(first, NULL, 0) : 1;
	struct play p = {0};

	for (uint64_t i = 0; i < n; i++, seed++) {
		struct rig *rig = new0(struct rig);

		*state = (void *)(uintptr_t)seed;
		p.rig = rig;
		p.dice = seed * 0x9e3779b97f4a7c15u + 1;
		p.session_us = 0;
		rig_begin(rig, NULL);
		rig->step_us = COARSE_US;
		play_sequence(&p);
		rig_end(rig);
		free(rig);
	}
	print_message("%llu sequences: %u red revisions, %u restarts, %u overrides\n",
		(unsigned long long)n, p.reds, p.restarts, p.by_person);
	assert_true(p.reds >= n);
}

static int tell_seed(void **state)
{
	print_message("last seed %llu\n", (unsigned long long)(uintptr_t)*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(no_red_flag_is_lowered_or_missed, tell_seed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
